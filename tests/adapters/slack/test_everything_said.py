"""Every message, form and page of the bot on Slack: valid, whole, and inert, whatever was typed into it."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.blocks import MOST_FALLBACK, blocks_of, edit_payload, message_payload
from adapters.slack.text import mrkdwn
from adapters.slack.views import form_view, home_view, refusal
from bot.app.wording.clean import clean
from bot.domain.ids import EventId, UserId, WorkspaceId
from bot.ports.inbound import Origin, Submit
from bot.ports.messages import (
    Bold,
    Buttons,
    Channel,
    Field,
    FieldKind,
    Fields,
    Form,
    Heading,
    Image,
    Link,
    Mention,
    Message,
    Moment,
    Note,
    Plain,
    Quote,
    Span,
    Text,
)
from tests.app.wording import test_limits
from tests.app.wording.casts import LANGUAGES
from tests.app.wording.texts import every_text
from tests.faults import test_hostile_text
from tests.oracles import oracle

GOLDEN = Path(__file__).parent / "golden"
IS_WRITING = os.environ.get("TWOYES_GOLDEN") == "write"
TEXTS = every_text()
NO_REAL_TEXT = frozenset({"sentence_which_group"})
"""Shows one group twice, so that one row has a button twice; there are never two of one id."""

HOSTILE = {**test_hostile_text.HOSTILE, "umlauts": test_limits.HOSTILE["umlauts"]}
LONGEST = ("100 kB", "umlauts", "4,000 emoji", "flags and skin")
TYPED_BEFORE = (*LONGEST, "markup", "many marks", "lone surrogates", "only space")
# What means most to Slack, and what is longest.
SHORT = ("a channel mention", "a person's mention", "markup", "backticks", "umlauts")
_EACH = zip(HOSTILE, cycle(LANGUAGES), strict=False)
ONE_LANGUAGE_EACH = [pytest.param(*one, marks=() if one[0] in SHORT else pytest.mark.long) for one in _EACH]
REVIEWED = {
    "en": (
        "prompt_seeker_named_rich",
        "prompt_provider_role_for_ask",
        "introduction_rich",
        "introduction_twice",
        "draft_new",
        "ask_card_full",
        "page_mine",
        "page_privacy",
        "page_export",
        "face_seeker_named_yes_but",
        "form_draft",
        "form_terms_seeker",
        "form_settings_tally",
    ),
    "de": ("prompt_provider_named_rich", "page_card", "form_pause", "tally_full"),
}
REVIEWS = [(lang, name) for lang, names in REVIEWED.items() for name in names]

_OUR_MARKUP = re.compile(
    r"<(?:@[A-Za-z0-9-]+|#general|#channel-\d+|!date\^\d+\^\{date_short_pretty\} \{time\}\|[\d: -]+ UTC)>"
)
_INERT_KINDS = {"text", "user", "channel", "date", "link"}


def messages_in(lang: str) -> Iterator[tuple[str, Message]]:
    for name, maker in TEXTS.items():
        made = maker(lang)
        if isinstance(made, Message):
            yield name, made


def forms_in(lang: str) -> Iterator[Form]:
    for maker in TEXTS.values():
        made = maker(lang)
        if isinstance(made, Form):
            yield made


def faults_of(message: Message) -> list[str]:
    """Return what Slack or a reader would find wrong with a message."""
    check, arguments = oracle("slack_check"), oracle("slack_args")
    posted, edited = message_payload(message), edit_payload(message)
    return [
        *check.check_message({**posted, "blocks": []}),
        *(fault for block in posted["blocks"] for fault in schema_faults(json.dumps(block))),
        *arguments.check_args("chat.postMessage", {"channel": "C1", **posted}),
        *arguments.check_args("chat.update", {"channel": "C1", "ts": "1", **edited}),
        *arguments.check_args("chat.postEphemeral", {"channel": "C1", "user": "U1", **edited}),
        *(f"text: {fault}" for fault in markup_faults(posted["text"])),
        *(fault for block in posted["blocks"] for fault in block_faults(block)),
    ]


@cache
def schema_faults(block: str) -> list[str]:
    """Return what a block's schema says of it. Most blocks are in many messages, and checking one takes 2 ms."""
    return list(oracle("slack_check").check_blocks([json.loads(block)]))


def view_faults(view: dict[str, Any]) -> list[str]:
    """Return what Slack would find wrong with a view."""
    whole = oracle("slack_check").check_view({**view, "blocks": []})
    each = [fault for block in view["blocks"] for fault in schema_faults(json.dumps(block))]
    return [*whole, *each, *(["more than 100 blocks"] if len(view["blocks"]) > 100 else [])]


def markup_faults(text: str) -> Iterator[str]:
    """Say where a marked-up text holds anything that we did not put there."""
    left = _OUR_MARKUP.sub("", text)
    if set(left) & {"<", ">"} or "&" in left.replace("&amp;", "").replace("&lt;", "").replace("&gt;", ""):
        yield left
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text):
        yield ascii(text)


def block_faults(block: Any) -> Iterator[str]:  # noqa: ANN401 -- a block
    """Say where a block would be parsed."""
    match block["type"]:
        case "rich_text":
            for inside in block["elements"]:
                yield from (str(one) for one in inside["elements"] if one["type"] not in _INERT_KINDS)
        case "context":
            for one in block["elements"]:
                yield from _context_faults(one)
        case "header" | "actions" | "divider" | "image":
            return
        case other:
            yield other


def _context_faults(element: dict[str, Any]) -> Iterator[str]:
    if element["type"] == "plain_text":
        return
    if element.get("verbatim") is not True:
        yield f"not verbatim: {element}"
    yield from markup_faults(element["text"])
    if re.search(r"[*_~`]", _OUR_MARKUP.sub("", element["text"])):
        yield f"markup: {element}"


def spans_of(message: Message) -> Iterator[Span]:
    """Yield all that a message has to say, buttons aside."""
    for part in message.parts:
        match part:
            case Text(spans) | Quote(spans) | Note(spans):
                yield from spans
            case Heading(text) | Image(_, text):
                yield Plain(text)
            case Fields(rows):
                yield from (span for label, spans in rows for span in (Plain(label), *spans))
            case _:
                pass


def words_of(message: Message) -> Iterator[str]:
    """Yield every word that a message shows: text, labels, and who is named."""
    for span in spans_of(message):
        match span:
            case Plain(text) | Bold(text) | Link(_, text):
                yield text
            case Mention(named) | Channel(named):
                yield named
            case Moment():
                pass
    yield from (button.label for part in message.parts if isinstance(part, Buttons) for button in part.buttons)


def words_in(node: object) -> str:
    """Return all the words that blocks hold, in their order."""
    if isinstance(node, list):
        return "".join(words_in(one) for one in node)
    if not isinstance(node, dict):
        return ""
    own = node.get("user_id", node.get("channel_id", node.get("text")))
    if node.get("type") == "mrkdwn":
        return re.sub(r"<[@#]|>", "", str(own)).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return (own if isinstance(own, str) else "") + "".join(words_in(inside) for inside in node.values())


def assert_whole(message: Message) -> None:
    """Hold that every word is in the blocks: nothing was cut, on the way from the core to Slack."""
    blocks = blocks_of(message)
    shown = words_in(blocks)
    assert [words for words in words_of(message) if words not in shown] == []
    assert len(blocks) <= 50


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_message_is_valid_whole_and_inert(lang: str) -> None:
    for name, message in messages_in(lang):
        if name not in NO_REAL_TEXT:
            assert faults_of(message) == [], name
            assert_whole(message)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_can_be_a_home(lang: str) -> None:
    for name, message in messages_in(lang):
        if name.startswith("page_"):
            assert view_faults(home_view(message)) == []


@pytest.mark.parametrize(("name", "lang"), ONE_LANGUAGE_EACH)
def test_every_message_is_valid_whole_and_inert_whatever_was_typed(name: str, lang: str) -> None:
    for message in test_limits.every_message(test_limits.typed(HOSTILE[name]), lang):
        assert faults_of(message) == []
        assert_whole(message)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", LONGEST)
def test_a_screen_reader_gets_the_longest_messages_whole(name: str, lang: str) -> None:
    for message in test_limits.every_message(test_limits.typed(HOSTILE[name]), lang):
        text = message_payload(message)["text"]

        assert_whole(message)
        assert len(text) <= MOST_FALLBACK
        assert [told for span in spans_of(message) if (told := mrkdwn((span,))) not in text] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_form_is_valid_with_and_without_errors(lang: str) -> None:
    for form in forms_in(lang):
        errors = {field.key: "Something is wrong with this." for field in form.fields}
        assert view_faults(form_view(form)) == []
        assert view_faults(form_view(form, errors=errors)) == []
        assert form_view(form)["title"]["text"] == form.title


@pytest.mark.parametrize("name", TYPED_BEFORE)
def test_every_form_opens_with_whatever_was_typed_before(name: str) -> None:
    typed = clean(HOSTILE[name])

    for form in forms_in("de"):
        filled = replace(form, fields=tuple(_filled(field, typed) for field in form.fields))

        view = form_view(filled, errors={form.fields[0].key: typed[:100] or "No."})

        inputs = [block for block in view["blocks"] if block["type"] == "input"]
        assert view_faults(view) == []
        for field, block in zip(filled.fields, inputs, strict=True):
            if field.kind is FieldKind.LONG_TEXT:
                assert block["element"].get("initial_value", "") == field.value
            if field.kind is FieldKind.TEXT:
                assert block["element"].get("initial_value", "").split() == str(field.value).split()


def _filled(field: Field, typed: str) -> Field:
    is_text = field.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT)
    return replace(field, value=typed[: field.max_length]) if is_text else field


def test_a_field_left_out_of_a_form_has_its_error_somewhere_all_the_same() -> None:
    for form in forms_in("en"):
        origin = Origin(EventId("slack:1"), WorkspaceId("slack:T1"), UserId("U1"), None)
        sent = Submit(origin, form.verb, form.ref, dict.fromkeys((field.key for field in form.fields), ""))

        body = refusal({"elsewhere": "Something is wrong."}, form, sent)

        assert body["errors"] == {form.fields[-1].key: "Something is wrong."}


@pytest.mark.parametrize(("lang", "name"), REVIEWS)
def test_a_message_looks_as_it_was_reviewed(lang: str, name: str) -> None:
    written = GOLDEN / f"{name}_{lang}.json"
    made = TEXTS[name](lang)
    assert isinstance(made, Message | Form)

    body = message_payload(made) if isinstance(made, Message) else form_view(made)
    rendered = json.dumps(body, indent=2, ensure_ascii=False) + "\n"

    if IS_WRITING:
        written.parent.mkdir(exist_ok=True)
        written.write_text(rendered, encoding="utf-8")
    assert rendered == written.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == {f"{name}_{lang}" for lang, name in REVIEWS}
