"""What was typed is shown again with what is wrong, and opens filled, however it looks and whoever has forgotten it."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.discord.again import offered, refilled, refused
from adapters.discord.layouts import Showing
from bot.app.routes import PRESSED, SUBMITTED
from bot.ports.messages import Field, FieldKind, Form
from tests.adapters.discord.checking import buttons_of, replied_faults, texts_of
from tests.app.wording.test_limits import HOSTILE
from tests.discord.inert import active

GUILD = "200000000000000001"
BASIS = (("none", "I do not *vouch*"), ("direct", "I have worked with them"))
KINDS = (("business", "Business"), ("advice", "Advice"))


def a_form(**typed: str | tuple[str, ...]) -> Form:
    fields = (
        Field("seeker", "Who needs help?", FieldKind.MEMBER),
        Field("need", "What do they need?", FieldKind.LONG_TEXT),
        Field("why", "Why?", FieldKind.TEXT, value="as stored"),
        Field("basis", "Do you vouch?", FieldKind.CHOICE, value="none", options=BASIS),
        Field("kinds", "Which?", FieldKind.CHOICES, value=("business",), options=KINDS),
    )
    filled = tuple(replace(field, value=typed.get(field.key, field.value)) for field in fields)
    return Form("Refer someone", "edit", "r", filled, "Save")


def as_it_comes_back(payload: dict[str, Any]) -> dict[str, Any]:
    """Return the message of an answer as a press on it brings it along: every component has an id."""
    numbered = [{"id": number, **component} for number, component in enumerate(payload["components"], 1)]
    return {"id": "800000000000000001", "flags": payload["flags"], "components": numbered}


def values(form: Form) -> dict[str, str | tuple[str, ...]]:
    return {field.key: field.value for field in form.fields}


def test_an_error_stands_by_its_fields_name_above_what_was_typed() -> None:
    form = a_form(seeker="400000000000000002", need="See https://x.example\nplease", why="", basis="direct", kinds=())

    sent = refused({"need": "That is a *link*.", "other": "Something else."}, form, edit="Edit", showing=Showing())

    assert replied_faults([sent]) == []
    assert list(texts_of(sent))[1:] == [
        "**What do they need?:** That is a \\*link\\*.",
        "Something else.",
        "-# Who needs help?",
        "> <@400000000000000002>",
        "-# What do they need?",
        "> See https\\://x.example\n> please",
        "-# Do you vouch?",
        "> I have worked with them",
    ]
    assert buttons_of(sent) == [("Edit", "edit:r")]
    assert sent.payload["flags"] == 1 << 15 | 1 << 6
    assert sent.payload["allowed_mentions"] == {"parse": []}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_was_typed_comes_back_from_the_message_and_is_only_words_in_it(name: str) -> None:
    from bot.app.wording.clean import clean

    typed = clean(HOSTILE[name])[:600].strip()
    form = a_form(
        seeker="400000000000000002", need=typed, why=clean(typed, single_line=True), basis="direct", kinds=("advice",)
    )

    sent = refused({"need": "No."}, form, edit="Edit", showing=Showing())

    assert replied_faults([sent]) == []
    shown = [component["content"] for component in sent.payload["components"] if component.get("id") in (1001, 1002)]
    assert [active(line.removeprefix("> ")) for text in shown for line in text.split("\n")] == [()] * sum(
        text.count("\n") + 1 for text in shown
    )
    again = refilled(a_form(), as_it_comes_back(sent.payload))
    assert values(again) == values(form)


def test_what_was_emptied_comes_back_empty() -> None:
    form = a_form(seeker="", need="x", why="", basis="none", kinds=())

    sent = refused({"seeker": "Who?"}, form, edit="Edit", showing=Showing())

    assert values(refilled(a_form(), as_it_comes_back(sent.payload))) == values(form)


def test_a_form_opened_by_any_other_message_is_filled_as_it_is_stored() -> None:
    plain = {"id": "800000000000000001", "content": "x", "components": [{"type": 1, "id": 1, "components": []}]}

    assert refilled(a_form(), plain) == a_form()
    assert refilled(a_form(), {}) == a_form()


def test_what_is_too_long_to_be_shown_is_a_file() -> None:
    form = a_form(need="*" * 2500, why="Grüße")

    sent = refused({"need": "Too long."}, form, edit="Edit", showing=Showing(guild=GUILD))

    assert replied_faults([sent]) == []
    (upload,) = sent.files
    assert "What do they need?\n" + "*" * 2500 in upload.content.decode()
    assert "Grüße" in upload.content.decode()
    assert buttons_of(sent) == [("Edit", f"edit:r@{GUILD}")]
    assert refilled(a_form(), as_it_comes_back(sent.payload)) == a_form()


def test_a_form_after_a_form_is_offered_behind_a_button() -> None:
    sent = offered(a_form(), showing=Showing())

    assert replied_faults([sent]) == []
    assert buttons_of(sent) == [("Refer someone", "edit:r")]


def test_every_form_can_be_opened_again_by_the_button_that_says_its_id() -> None:
    assert set(SUBMITTED) <= set(PRESSED)
