"""Every text people read, in both languages, against its golden file; TWOYES_GOLDEN=write writes them anew."""

import gettext
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app.verbs import Verb
from bot.app.wording import language
from bot.app.wording.canonical import text_of
from bot.ports.messages import (
    Button,
    Buttons,
    Divider,
    Fields,
    File,
    Form,
    Heading,
    Image,
    Message,
    Note,
    Part,
    Quote,
    Text,
)
from tests.app.wording.casts import LANGUAGES
from tests.app.wording.other_texts import Shown
from tests.app.wording.texts import every_text

GOLDEN = Path(__file__).parent / "golden"
TEXTS = every_text()
IS_WRITING = os.environ.get("TWOYES_GOLDEN") == "write"

TITLE, LABEL, HINT, OPTION, BUTTON = 24, 45, 100, 75, 75
"""The narrowest of both platforms, in characters."""


class NothingMissing(gettext.NullTranslations):
    """Stands behind a catalogue and fails where it would be asked."""

    def gettext(self, message: str) -> str:
        pytest.fail(f"not in the catalogue: {message}")

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        pytest.fail(f"not in the catalogue: {msgid1}")


@pytest.fixture
def nothing_missing() -> Iterator[None]:
    """Let a German text that fell back to English fail."""
    language.say.cache_clear()
    language._voice.cache_clear()
    language.say("de")._catalogue.add_fallback(NothingMissing())
    yield
    language.say.cache_clear()
    language._voice.cache_clear()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_as_it_was_reviewed(name: str, lang: str, nothing_missing: None) -> None:
    written = GOLDEN / lang / f"{name}.txt"

    text = rendered(TEXTS[name](lang))

    if IS_WRITING:
        written.parent.mkdir(parents=True, exist_ok=True)
        written.write_text(text, encoding="utf-8")
    assert text == written.read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_golden_file_is_left_over(lang: str) -> None:
    assert {path.stem for path in (GOLDEN / lang).glob("*.txt")} == set(TEXTS)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", TEXTS)
def test_buttons_and_forms_fit_both_platforms(name: str, lang: str) -> None:
    shown = TEXTS[name](lang)

    for button in buttons_in(shown):
        assert len(button.id) <= 100
        assert 0 < len(button.label) <= BUTTON
    if isinstance(shown, Form):
        assert 1 <= len(shown.fields) <= 5
        assert len(shown.title) <= TITLE, shown.title
        assert len(shown.submit) <= TITLE
        for field in shown.fields:
            assert len(field.label) <= LABEL, field.label
            assert len(field.hint) <= HINT, field.hint
            assert all(len(label) <= OPTION for _, label in field.options)
            assert not field.options or field.value in {value for value, _ in field.options}


def test_every_button_says_something_the_bot_knows() -> None:
    verbs = {button.verb for name in TEXTS for button in buttons_in(TEXTS[name]("en"))}
    verbs |= {shown.verb for name in TEXTS if isinstance(shown := TEXTS[name]("en"), Form)}

    assert {Verb(verb) for verb in verbs} == set(Verb)


def test_rows_of_buttons_fit_both_platforms() -> None:
    for name in TEXTS:
        shown = TEXTS[name]("en")
        rows = [part for part in shown.parts if isinstance(part, Buttons)] if isinstance(shown, Message) else []
        assert all(1 <= len(row.buttons) <= 5 for row in rows), name
        ids = [button.id for row in rows for button in row.buttons]
        assert (
            len(ids) == len(set(ids)) or name.startswith(("page_mine", "page_home")) or name == "sentence_which_group"
        ), name


def buttons_in(shown: Shown) -> list[Button]:
    parts = shown.parts if isinstance(shown, Message) else ()
    return [button for part in parts if isinstance(part, Buttons) for button in part.buttons]


def rendered(shown: Shown) -> str:
    match shown:
        case Message(summary, parts):
            return "\n".join((f"({summary})", *(line for part in parts for line in lines(part)), ""))
        case Form():
            return "\n".join((f"{shown.title} <{shown.verb}:{shown.ref}>", *form_lines(shown), f"[{shown.submit}]", ""))
        case str():
            return f"{shown}\n"
        case _:
            return "\n".join((*shown, ""))


def form_lines(form: Form) -> Iterator[str]:
    for field in form.fields:
        needed = "*" if field.required else ""
        yield f"{field.label}{needed} <{field.key}, {field.kind}, at most {field.max_length}>"
        if field.hint:
            yield f"  ({field.hint})"
        yield from (f"  {'o' if value == field.value else '-'} {label} <{value}>" for value, label in field.options)
        if field.value and not field.options:
            yield f"  = {field.value!r}"


def rare_lines(part: Image | File | Divider) -> Iterator[str]:
    if not isinstance(part, File):
        pytest.fail("no text has one")
    yield f"file {part.name}:"
    yield from part.text.split("\n")


def lines(part: Part) -> Iterator[str]:
    match part:
        case Heading(text):
            yield f"# {text}"
        case Text(content):
            yield text_of(content)
        case Quote(content):
            yield from (f"> {line}" for line in text_of(content).split("\n"))
        case Note(content):
            yield f"~ {text_of(content)}"
        case Fields(rows):
            yield from (f"{label}: {text_of(content)}" for label, content in rows)
        case Buttons(buttons):
            yield " ".join(f"[{button.label} <{button.id}>]" for button in buttons)
        case _:
            yield from rare_lines(part)
