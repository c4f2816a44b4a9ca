"""Holds what the app sends against Slack's published shapes, and against the limits that they leave out."""

import json
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, Protocol, cast

from tests.oracles import oracle
from tests.slack.state import JSON

MOST_VIEW = 250_000
"""Bytes of JSON in a view."""
MOST_UPDATED_TEXT = 4_000
MOST_LABEL = 2_000
MOST_TYPED = 3_000
MOST_ERROR = 2_000


class _Shapes(Protocol):
    def check_message(self, m: JSON) -> list[str]: ...

    def check_view(self, v: JSON) -> list[str]: ...


class _Arguments(Protocol):
    def check_args(self, method: str, args: JSON) -> list[str]: ...


def argument_faults(method: str, args: JSON) -> list[str]:
    """Return what is wrong with the names of a call's arguments."""
    checker = cast("_Arguments", oracle("slack_args"))
    return checker.check_args(method, args)


def message_faults(message: JSON) -> list[str]:
    """Return what is wrong with a message; blocks without a text that stands for them are a fault here."""
    found = list(_shape_faults("message", json.dumps(message)))
    if message.get("blocks") and not str(message.get("text") or "").strip():
        found.append("no text for screen readers and notifications beside the blocks")
    return [*found, *_block_faults(message.get("blocks") or [])]


def view_faults(view: JSON) -> list[str]:
    """Return what is wrong with a modal or a Home tab."""
    found = list(_shape_faults("view", json.dumps(view)))
    size = len(json.dumps(view, ensure_ascii=False).encode())
    if size > MOST_VIEW:
        found.append(f"view: {size} bytes > {MOST_VIEW}")
    if len((view.get("close") or {}).get("text", "")) > 24:
        found.append("view/close: text > 24")
    return [*found, *_block_faults(view.get("blocks") or [])]


@lru_cache(maxsize=10_000)
def _shape_faults(kind: str, written: str) -> tuple[str, ...]:
    """Return what the oracle finds; it takes its time, and tests begin with the same messages again and again."""
    checker = _that_remembers()
    check = checker.check_view if kind == "view" else checker.check_message
    return tuple(check(json.loads(written)))


@cache
def _that_remembers() -> _Shapes:
    """Return the oracle, made to look at the same block once: most are in many messages, and each takes it 2 ms."""
    checker = oracle("slack_check")
    look = checker._run

    @lru_cache(maxsize=10_000)
    def looked(shape: str, written: str) -> tuple[str, ...]:
        return tuple(look(shape, json.loads(written)))

    def run(shape: str, thing: object, where: str = "") -> list[str]:
        return [where + fault for fault in looked(shape, json.dumps(thing))]

    checker.__dict__["_run"] = run
    return cast("_Shapes", checker)


def _block_faults(blocks: Any) -> Iterator[str]:  # noqa: ANN401 -- whatever was sent
    seen: set[str] = set()
    for index, block in enumerate(blocks if isinstance(blocks, list) else []):
        if not isinstance(block, dict):
            continue
        where = f"blocks[{index}]"
        if len((block.get("label") or {}).get("text", "")) > MOST_LABEL:
            yield f"{where}: label > {MOST_LABEL}"
        for element in _elements(block):
            yield from (f"{where}: {fault}" for fault in _element_faults(element))
            action = element.get("action_id")
            if action in seen:
                yield f"{where}: action_id {action!r} is not the only one"
            seen.update([action] if action else [])


def _elements(block: JSON) -> list[JSON]:
    inside = [block.get("element"), block.get("accessory")]
    if block.get("type") == "actions":
        inside.extend(block.get("elements") or ())
    return [element for element in inside if isinstance(element, dict)]


def _element_faults(element: JSON) -> Iterator[str]:
    most, least = element.get("max_length"), element.get("min_length", 0)
    if most is not None and not 1 <= most <= MOST_TYPED:
        yield f"max_length {most}"
    if most is not None and least > most:
        yield "min_length > max_length"
    if len(element.get("initial_value") or "") > (most or MOST_TYPED):
        yield "initial_value is longer than max_length"
    yield from _option_faults(element)


def _option_faults(element: JSON) -> Iterator[str]:
    options = list(element.get("options") or ())
    if not options:
        return
    if len(options) > 100:
        yield f"{len(options)} options"
    values = [option.get("value") for option in options]
    if len(values) != len(set(values)):
        yield "two options of one value"
    initial = [
        *([element["initial_option"]] if element.get("initial_option") else ()),
        *(element.get("initial_options") or ()),
    ]
    if any(one not in options for one in initial):
        yield "the initial option is not among the options"
