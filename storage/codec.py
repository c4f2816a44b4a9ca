"""Turns effects, outcomes, settings and receipts into JSON and back; each kind carries its own name."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, Generic, TypeVar

import orjson
from cattrs.errors import BaseValidationError
from cattrs.preconf.orjson import make_converter

from bot.domain import effects as e
from bot.domain.decision import NeedsWords, Outcome, Refused, Told
from bot.domain.group import Settings
from bot.domain.outcome import Part, Thanks
from bot.domain.question import Side
from bot.domain.tally import Tally
from bot.ports.gateway import Receipt
from storage.errors import StorageError

T = TypeVar("T")
_TAG = "is"
_MICROSECOND = timedelta(microseconds=1)


class UnreadableError(StorageError):
    """The database holds something in a shape this program cannot read."""

    def __init__(self, message: str = "The database holds something this program cannot read.") -> None:
        super().__init__(message)


class UnknownKindError(UnreadableError):
    """The database holds a kind of thing this program has never heard of."""

    def __init__(self, kind: str) -> None:
        """`kind` is the name it was stored under."""
        super().__init__(
            f"The database holds a {kind!r}, which this program does not know; a newer twoyes wrote it. "
            "Install the newer twoyes."
        )
        self.kind = kind


_converter = make_converter()
_converter.register_unstructure_hook(timedelta, lambda span: span // _MICROSECOND)
_converter.register_structure_hook(timedelta, lambda count, _: count * _MICROSECOND)
_converter.register_unstructure_hook(time, time.isoformat)
_converter.register_structure_hook(time, lambda text, _: time.fromisoformat(text))
_converter.register_unstructure_hook(datetime, datetime.isoformat)
_converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))


class Tagged(Generic[T]):
    """Writes any of some kinds as JSON with the kind's name in it, and reads it back.

    The names are chosen here and not taken from the classes, so that a class may be renamed.
    """

    def __init__(self, kinds: dict[str, type[T]]) -> None:
        """Take the name each kind is stored under."""
        self._kinds = kinds
        self._names = {kind: name for name, kind in kinds.items()}

    def write(self, value: T) -> str:
        """Return the JSON."""
        name = self._names[type(value)]
        return orjson.dumps({_TAG: name, **_converter.unstructure(value)}).decode()

    def read(self, text: str) -> T:
        """Return the value. Raises UnreadableError; for what a newer program wrote, UnknownKindError."""
        try:
            fields: dict[str, Any] = orjson.loads(text)
            name = fields.pop(_TAG)
            if name in self._kinds:
                return _converter.structure(fields, self._kinds[name])
        except (ValueError, KeyError, TypeError, AttributeError, BaseValidationError) as error:
            raise UnreadableError from error
        raise UnknownKindError(name)


EFFECTS: Tagged[e.Effect] = Tagged(
    {
        "send_prompt": e.SendPrompt,
        "remind_of_prompt": e.RemindOfPrompt,
        "edit_prompt": e.EditPrompt,
        "notify": e.Notify,
        "post_introduction": e.PostIntroduction,
        "check_in": e.CheckIn,
        "close_room": e.CloseRoom,
        "send_heads_up": e.SendHeadsUp,
        "post_ask_card": e.PostAskCard,
        "edit_ask_card": e.EditAskCard,
        "send_report": e.SendReport,
        "welcome_group": e.WelcomeGroup,
        "post_tally": e.PostTally,
        "greet_workspace": e.GreetWorkspace,
        "tell_how_to_begin": e.TellHowToBegin,
        "tell_cannot_post": e.TellCannotPost,
        "answer": e.Answer,
    }
)
OUTCOMES: Tagged[Outcome] = Tagged({"told": Told, "refused": Refused, "needs_words": NeedsWords})


def write_settings(settings: Settings) -> str:
    """Return a group's choices as JSON."""
    return orjson.dumps(_converter.unstructure(settings)).decode()


def read_settings(text: str) -> Settings:
    """Return a group's choices; one that was not stored yet has its default."""
    return _converter.structure(orjson.loads(text), Settings)


def write_parts(parts: Mapping[Side, Part]) -> str:
    """Return what each party did after an introduction, as JSON."""
    return orjson.dumps(_converter.unstructure(dict(parts), unstructure_as=dict[Side, Part])).decode()


def read_parts(text: str) -> dict[Side, Part]:
    """Return what each party did after an introduction."""
    return _converter.structure(orjson.loads(text), dict[Side, Part])


def write_thanks(thanks: Mapping[Side, Thanks]) -> str:
    """Return who said thanks, as JSON; their words are sealed elsewhere."""
    silent = {side: replace(one, words="") for side, one in thanks.items()}
    return orjson.dumps(_converter.unstructure(silent, unstructure_as=dict[Side, Thanks])).decode()


def read_thanks(text: str) -> dict[Side, Thanks]:
    """Return who said thanks, without their words."""
    return _converter.structure(orjson.loads(text), dict[Side, Thanks])


def write_tally(tally: Tally) -> str:
    """Return a week's numbers as JSON."""
    return orjson.dumps(_converter.unstructure(tally)).decode()


def read_tally(text: str) -> Tally:
    """Return a week's numbers. Raises UnreadableError."""
    try:
        return _converter.structure(orjson.loads(text), Tally)
    except (ValueError, BaseValidationError) as error:
        raise UnreadableError from error


def write_receipt(receipt: Receipt) -> str:
    """Return where a message is, as JSON."""
    return orjson.dumps(_converter.unstructure(receipt)).decode()


def read_receipt(text: str) -> Receipt:
    """Return where a message is."""
    return _converter.structure(orjson.loads(text), Receipt)


def write_texts(texts: dict[str, str]) -> str:
    """Return names with texts as JSON."""
    return orjson.dumps(texts).decode()


def read_texts(text: str) -> dict[str, str]:
    """Return names with texts. Raises UnreadableError."""
    try:
        texts: dict[str, str] = orjson.loads(text)
    except ValueError as error:
        raise UnreadableError from error
    return texts
