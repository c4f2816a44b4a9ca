"""Forms as modals: every kind of field, what it is filled with, and what is wrong with it."""

from typing import Any

import pytest

from adapters.slack.ids import Opened, opened_from
from adapters.slack.views import form_view, home_view, instead, refusal
from bot.domain.ids import ChannelId, EventId, UserId, WorkspaceId
from bot.ports.inbound import Origin, Submit
from bot.ports.messages import Button, Buttons, Field, FieldKind, Form, Message, Plain, Text
from tests.oracles import oracle

HERE = Opened(ChannelId("C1"), "D1", "1763370000.000200")
FEW = (("a", "First"), ("b", "Second"))
MANY = tuple((str(number), f"Number {number}") for number in range(12))


def a_field(kind: FieldKind = FieldKind.TEXT, **changes: Any) -> Field:  # noqa: ANN401 -- any field
    return Field(**({"key": "field", "label": "A label", "kind": kind} | changes))


def a_form(*fields: Field, **changes: Any) -> Form:  # noqa: ANN401 -- any field
    facts = {"title": "A form", "verb": "edit", "ref": "r", "fields": fields or (a_field(),), "submit": "Save"}
    return Form(**(facts | changes))


def viewed(form: Form, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 -- any argument
    view = form_view(form, **changes)
    assert oracle("slack_check").check_view(view) == []
    return view


def block_of(field: Field) -> dict[str, Any]:
    (block,) = viewed(a_form(field))["blocks"]
    return dict(block)


def element_of(kind: FieldKind, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 -- any field
    element: dict[str, Any] = block_of(a_field(kind, **changes))["element"]
    return element


def sent(form: Form, **fields: str) -> Submit:
    origin = Origin(EventId("slack:1"), WorkspaceId("slack:T1"), UserId("U1"), None)
    return Submit(origin, form.verb, form.ref, fields)


def test_a_form_carries_what_comes_back_with_it() -> None:
    view = viewed(a_form(verb="new_draft", ref="g.a:b"), opened=HERE)

    assert view["callback_id"] == "new_draft:g.a:b"
    assert opened_from(view["private_metadata"]) == HERE
    assert view["title"] == {"type": "plain_text", "text": "A form"}
    assert view["submit"] == {"type": "plain_text", "text": "Save"}


def test_a_field_is_an_input_block_of_its_key() -> None:
    assert block_of(a_field(hint="A hint", value="typed", required=False, max_length=120)) == {
        "type": "input",
        "block_id": "field",
        "label": {"type": "plain_text", "text": "A label"},
        "hint": {"type": "plain_text", "text": "A hint"},
        "optional": True,
        "element": {
            "type": "plain_text_input",
            "action_id": "field",
            "multiline": False,
            "max_length": 120,
            "initial_value": "typed",
        },
    }


def test_a_long_text_keeps_its_lines_and_a_short_one_has_one() -> None:
    assert element_of(FieldKind.LONG_TEXT, value="two\nlines")["initial_value"] == "two\nlines"
    assert element_of(FieldKind.TEXT, value="two\nlines")["initial_value"] == "two lines"


def test_what_was_stored_before_opens_even_where_it_is_longer_than_the_field() -> None:
    element = element_of(FieldKind.TEXT, value="x" * 200, max_length=150)

    assert (element["initial_value"], element["max_length"]) == ("x" * 200, 200)
    assert element_of(FieldKind.LONG_TEXT, value="y" * 9000)["max_length"] == 3000


def test_a_person_is_chosen_from_slacks_own_list() -> None:
    chosen = element_of(FieldKind.MEMBER, value="U1")

    assert chosen == {"type": "users_select", "initial_user": "U1", "action_id": "field"}
    assert element_of(FieldKind.MEMBER) == {"type": "users_select", "action_id": "field"}


@pytest.mark.parametrize(
    ("options", "required", "kind"),
    [(FEW, True, "radio_buttons"), (FEW, False, "static_select"), (MANY, True, "static_select")],
)
def test_a_choice_shows_its_options_at_once_if_they_are_few(
    options: tuple[tuple[str, str], ...],
    required: bool,  # noqa: FBT001 -- pytest passes it by name
    kind: str,
) -> None:
    element = element_of(FieldKind.CHOICE, options=options, value=options[1][0], required=required)

    assert element["type"] == kind
    assert [one["value"] for one in element["options"]] == [value for value, _ in options]
    assert element["initial_option"] == element["options"][1]


@pytest.mark.parametrize(("options", "kind"), [(FEW, "checkboxes"), (MANY, "multi_static_select")])
def test_choices_can_be_several(options: tuple[tuple[str, str], ...], kind: str) -> None:
    element = element_of(FieldKind.CHOICES, options=options, value=(options[0][0], options[1][0]))

    assert element["type"] == kind
    assert element["initial_options"] == element["options"][:2]


def test_what_was_never_offered_is_not_chosen() -> None:
    assert "initial_option" not in element_of(FieldKind.CHOICE, options=FEW, value="z")
    assert "initial_options" not in element_of(FieldKind.CHOICES, options=FEW, value=("z",))


def test_a_label_too_long_for_its_line_goes_on_below_it() -> None:
    long = "An option that takes more words than fit on the one line it is given, and then some more after that."

    (option,) = element_of(FieldKind.CHOICE, options=(("a", long),))["options"]

    first, rest = option["text"]["text"], option["description"]["text"]
    assert first.endswith("…")
    assert f"{first.removesuffix('…')} {rest}" == long


def test_titles_are_cut_to_slacks_narrow_ones() -> None:
    view = viewed(a_form(title="A title that is much too long for Slack", submit="And a button just as long as that"))

    assert view["title"]["text"] == "A title that is much to…"
    assert len(view["submit"]["text"]) <= 24


def test_errors_stand_above_their_fields_and_stray_ones_on_top() -> None:
    form = a_form(a_field(key="need"), a_field(key="why"))

    view = viewed(form, errors={"why": "Too long.", "other": "Something else."})

    assert [block.get("block_id", block["type"]) for block in view["blocks"]] == [
        "rich_text",
        "need",
        "rich_text",
        "why",
    ]
    assert "Something else." in str(view["blocks"][0])
    assert "Too long." in str(view["blocks"][2])


def test_a_submission_with_errors_keeps_the_form_open_with_each_at_its_field() -> None:
    form = a_form(a_field(key="need"), a_field(key="why"))

    body = refusal({"need": "That is a link.", "other": "One.", "more": "Two."}, form, sent(form, need="x", why=""))

    assert body == {"response_action": "errors", "errors": {"need": "That is a link.", "why": "One. Two."}}
    assert refusal({"need": "No."}, None, sent(form, need="x")) == {
        "response_action": "errors",
        "errors": {"need": "No."},
    }


def test_a_form_that_was_stored_meanwhile_takes_the_place_of_the_one_that_was_sent() -> None:
    was, now = a_form(verb="new_draft", ref="g"), a_form(verb="edit", ref="r")

    body = refusal({"field": "That is a link."}, now, sent(was, field="x"), opened=HERE)

    assert body == instead(form_view(now, opened=HERE, errors={"field": "That is a link."}))
    assert body["view"]["callback_id"] == "edit:r"


def test_a_form_that_shows_earlier_errors_is_shown_anew() -> None:
    form = a_form(a_field(key="need"), a_field(key="why"))

    body = refusal({"why": "Too long."}, form, sent(form, need="x", why="y"), anew=True)

    assert body["response_action"] == "update"
    assert [block["type"] for block in body["view"]["blocks"]] == ["input", "rich_text", "input"]


def test_the_home_takes_twice_the_blocks_of_a_message() -> None:
    rows = tuple(Buttons((Button("Label", "yes", str(number)),)) for number in range(90))

    view = home_view(Message("Yours.", (Text((Plain("Hello."),)), *rows)))

    assert oracle("slack_check").check_view(view) == []
    assert len(view["blocks"]) == 91
