"""Forms as modals: every kind of field, what it is filled with, and what comes back of it."""

from typing import Any

import pytest

from adapters.discord.modals import form_modal
from bot.ports.messages import Field, FieldKind, Form
from tests.adapters.discord.checking import modal_and_published_faults

GUILD = "200000000000000001"
BEN = "400000000000000002"
FEW = (("a", "First"), ("b", "Second"))
MANY = tuple((str(number), f"Number {number}") for number in range(12))


def a_field(kind: FieldKind = FieldKind.TEXT, **changes: Any) -> Field:  # noqa: ANN401 -- any field
    return Field(**({"key": "field", "label": "A label", "kind": kind} | changes))


def a_form(*fields: Field, **changes: Any) -> Form:  # noqa: ANN401 -- any field
    facts = {"title": "A form", "verb": "edit", "ref": "r", "fields": fields or (a_field(),), "submit": "Save"}
    return Form(**(facts | changes))


def opened(form: Form, *, guild: str = "") -> dict[str, Any]:
    modal = form_modal(form, guild=guild)
    assert modal_and_published_faults(modal) == []
    return modal


def label_of(field: Field) -> dict[str, Any]:
    (label,) = opened(a_form(field))["components"]
    return dict(label)


def component_of(kind: FieldKind, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 -- any field
    component: dict[str, Any] = label_of(a_field(kind, **changes))["component"]
    return component


def test_a_form_carries_what_comes_back_with_it() -> None:
    assert opened(a_form(verb="new_draft", ref="g.a"))["custom_id"] == "new_draft:g.a"
    assert opened(a_form(verb="yes_but", ref="r.0"), guild=GUILD)["custom_id"] == f"yes_but:r.0@{GUILD}"


def test_a_field_is_an_input_under_its_label() -> None:
    assert label_of(a_field(hint="A hint", value="typed", required=False, max_length=120)) == {
        "type": 18,
        "label": "A label",
        "description": "A hint",
        "component": {
            "type": 4,
            "style": 1,
            "required": False,
            "max_length": 120,
            "value": "typed",
            "custom_id": "field",
        },
    }


def test_a_long_text_keeps_its_lines_and_a_short_one_has_one() -> None:
    long, short = (
        component_of(FieldKind.LONG_TEXT, value="two\nlines"),
        component_of(FieldKind.TEXT, value="two\nlines"),
    )

    assert (long["style"], long["value"]) == (2, "two\nlines")
    assert (short["style"], short["value"]) == (1, "two lines")


def test_what_was_stored_before_opens_even_where_it_is_longer_than_the_field() -> None:
    component = component_of(FieldKind.TEXT, value="x" * 200, max_length=150)

    assert (component["value"], component["max_length"]) == ("x" * 200, 200)
    assert len(component_of(FieldKind.LONG_TEXT, value="y" * 9000)["value"]) == 4000


@pytest.mark.parametrize("required", [True, False])
def test_a_person_is_chosen_from_the_servers_own_list(required: bool) -> None:  # noqa: FBT001 -- pytest names it
    chosen = component_of(FieldKind.MEMBER, value=BEN, required=required)

    assert chosen == {
        "type": 5,
        "required": required,
        "min_values": int(required),
        "max_values": 1,
        "default_values": [{"id": BEN, "type": "user"}],
        "custom_id": "field",
    }
    assert "default_values" not in component_of(FieldKind.MEMBER)


@pytest.mark.parametrize(("options", "kind"), [(FEW, 21), (MANY, 3), (FEW[:1], 3)])
@pytest.mark.parametrize("required", [True, False])
def test_a_choice_shows_its_options_at_once_if_they_are_few(
    options: tuple[tuple[str, str], ...],
    kind: int,
    required: bool,  # noqa: FBT001 -- pytest passes it by name
) -> None:
    component = component_of(FieldKind.CHOICE, options=options, value=options[-1][0], required=required)

    assert (component["type"], component["required"]) == (kind, required)
    assert [one["value"] for one in component["options"]] == [value for value, _ in options]
    assert [one["value"] for one in component["options"] if one.get("default")] == [options[-1][0]]


@pytest.mark.parametrize(("options", "kind"), [(FEW, 22), (MANY, 3)])
def test_choices_can_be_several(options: tuple[tuple[str, str], ...], kind: int) -> None:
    component = component_of(FieldKind.CHOICES, options=options, value=(options[0][0], options[1][0]))

    assert (component["type"], component["max_values"]) == (kind, len(options))
    assert component["custom_id"] == "field[]"
    assert [one["value"] for one in component["options"] if one.get("default")] == [options[0][0], options[1][0]]


def test_what_was_never_offered_is_not_chosen() -> None:
    for kind, value in ((FieldKind.CHOICE, "z"), (FieldKind.CHOICES, ("z",))):
        component = component_of(kind, options=FEW, value=value)

        assert not any(one.get("default") for one in component["options"])


def test_a_label_too_long_for_its_line_goes_on_below_it() -> None:
    long = (
        "An option that takes more words than fit on the one line it is given, and then some more after that, really."
    )

    (option, _) = component_of(FieldKind.CHOICE, options=(("a", long), ("b", "B")))["options"]

    assert option["label"].endswith("…")
    assert option["label"].removesuffix("…") + option["description"] == long


def test_titles_labels_and_hints_are_cut_to_discords_narrow_ones() -> None:
    modal = opened(a_form(a_field(label="a label " * 9, hint="a hint " * 30), title="a title " * 9))

    assert all(text.endswith("…") for text in (modal["title"], modal["components"][0]["label"]))
    assert len(modal["components"][0]["description"]) <= 100
