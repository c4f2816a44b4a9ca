"""The languages: gettext catalogues, loaded when first needed, and spans made from translated templates."""

import gettext as catalogues
import re
from functools import lru_cache
from pathlib import Path

from bot.ports.messages import Button, Heading, Note, Plain, Span, Spans, Text

LOCALES = Path(__file__).parent / "locale"
DOMAIN = "twoyes"

Value = Span | Spans | str | int

_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_].*)?", re.DOTALL)
_PLACE = re.compile(r"\{(\w+)\}")


def mark(message: str) -> str:
    """Return the message: it is collected for translation here and translated where it is used."""
    return message


def spans(template: str, /, **values: Value) -> Spans:
    """Put values in a template's {places}; braces inside a value mean nothing. Raises KeyError without a value."""
    found: list[Span] = []
    for piece in _pieces(template):
        value = values[piece] if isinstance(piece, str) else piece
        if isinstance(value, tuple):
            found.extend(value)
        else:
            found.append(Plain(str(value)) if isinstance(value, str | int) else value)
    return tuple(found)


@lru_cache(maxsize=2048)
def _pieces(template: str) -> tuple[Plain | str, ...]:
    """Return a template's fixed words as they are shown, and the names of its places."""
    pieces = enumerate(_PLACE.split(template))
    return tuple(piece if index % 2 else Plain(piece) for index, piece in pieces if piece)


class Voice:
    """Speaks one language. Texts are the English ones; what has no translation stays English."""

    def __init__(self, language: str, catalogue: catalogues.NullTranslations) -> None:
        self.language = language
        self._catalogue = catalogue

    def gettext(self, message: str) -> str:
        """Return the message in this language."""
        return self._catalogue.gettext(message)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """Return the form that goes with the number."""
        return self._catalogue.ngettext(one, many, number)

    def spans(self, template: str, /, **values: Value) -> Spans:
        """Return the translated template with its values put in."""
        return spans(self.gettext(template), **values)

    def filled(self, translated: str, /, **values: Value) -> Spans:
        """Return a template that is translated already, as `ngettext` does it, with its values put in."""
        return spans(translated, **values)

    def text(self, template: str, /, **values: Value) -> Text:
        """Return a paragraph."""
        return Text(self.spans(template, **values))

    def note(self, template: str, /, **values: Value) -> Note:
        """Return small print."""
        return Note(self.spans(template, **values))

    def heading(self, message: str) -> Heading:
        """Return a heading."""
        return Heading(self.gettext(message))

    def button(self, label: str, verb: str, ref: str) -> Button:
        """Return a button."""
        return Button(self.gettext(label), verb, ref)


@lru_cache(maxsize=256)
def say(locale: str) -> Voice:
    """Return the voice for a locale such as `de` or `de-AT`; English for one that has no catalogue."""
    matched = _LANGUAGE.fullmatch(locale)
    return _voice(matched[1].lower() if matched else "en")


@lru_cache(maxsize=64)
def _voice(language: str) -> Voice:
    try:
        return Voice(language, catalogues.translation(DOMAIN, LOCALES, [language]))
    except FileNotFoundError:
        return Voice("en", catalogues.NullTranslations())
