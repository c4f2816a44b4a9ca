"""Requests with their own words taken out, so that those which differ in nothing else are looked at once.

What is checked of them are the published shapes: types, keys, and limits of lengths. How many there may be of
something, and that ids differ, `limits.py` checks of every request as it is.
"""

import re
from collections.abc import Mapping
from itertools import count
from typing import Final

import orjson

LENGTHS: Final[Mapping[str, tuple[int, ...]]] = {
    "content": (2000, 4000),
    "custom_id": (100,),
    "description": (100, 1024),
    "filename": (100,),
    "label": (45, 80, 100),
    "name": (32, 100),
    "nonce": (25,),
    "title": (45, 256),
    "value": (100, 4000),
}
"""The texts of which a shape asks nothing but how long they are: each is taken to be as long as the next of its limits.

What fits then, fits; what does not is looked at as it is.
"""
ID: Final = "100000000000000000"
FEW: Final = 5
"""As many of anything are taken everywhere."""

_ID = re.compile(r"[1-9][0-9]{15,19}")
_TOKEN = re.compile(r"(/(?:interactions|webhooks)/[0-9]+)/[^/]+")


def path_alike(path: str) -> str:
    """Return a path with other ids and tokens."""
    with_token = _TOKEN.sub(r"\1/token", path)
    return "/".join(ID if _ID.fullmatch(step) else step for step in with_token.split("/"))


def body_alike(body: object) -> object:
    """Return a body of the same shape, in which like things beside each other are there twice at the most."""
    return _numbered(_alike(body), count())


def _alike(value: object, key: str = "") -> object:
    if isinstance(value, Mapping):
        return {name: _alike(each, str(name)) for name, each in value.items()}
    if isinstance(value, list):
        return _few([_alike(each, key) for each in value], key)
    return _text(value, key) if isinstance(value, str) else value


def _few(listed: list[object], key: str) -> list[object]:
    if len(listed) > FEW and key != "options":
        return listed
    kinds = [orjson.loads(one) for one in sorted({orjson.dumps(each) for each in listed})]
    return kinds * 2 if len(kinds) == 1 < len(listed) else kinds


def _text(text: str, key: str) -> str:
    if _ID.fullmatch(text):
        return ID
    if key not in LENGTHS or not text:
        return text
    return "x" * next((most for most in LENGTHS[key] if len(text) <= most), len(text))


def _numbered(value: object, numbers: "count[int]", key: str = "") -> object:
    """Give what has to be different numbers of its own."""
    if isinstance(value, Mapping):
        return {name: _numbered(each, numbers, str(name)) for name, each in value.items()}
    if isinstance(value, list):
        return [_numbered(each, numbers, key) for each in value]
    if isinstance(value, str) and (key == "custom_id" or value == ID):
        number = str(next(numbers))
        return value[: -len(number)] + number
    return value
