"""Every message and form of the bot on Discord: valid, whole, and inert, whatever was typed into it."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest

from adapters.discord.again import refilled, refused
from adapters.discord.layouts import Showing
from adapters.discord.messages import Outgoing, edited, posted, replied, updated
from adapters.discord.modals import form_modal
from adapters.discord.text import unescaped
from bot.app.verbs import Verb
from bot.app.wording import pages
from bot.app.wording.clean import clean
from bot.app.wording.mine import Past
from bot.domain.ids import AskId, ReferralId
from bot.ports.messages import (
    Bold,
    Buttons,
    Channel,
    Field,
    FieldKind,
    Fields,
    File,
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
from tests.adapters.discord.checking import (
    UPDATE,
    buttons_of,
    edited_faults,
    modal_and_published_faults,
    posted_faults,
    replied_faults,
    texts_of,
)
from tests.adapters.discord.snowflakes import form_on_discord, on_discord
from tests.app.wording import test_limits
from tests.app.wording.casts import LANGUAGES, SPARSE, a_draft, a_member, an_ask, asked
from tests.app.wording.texts import every_text
from tests.discord.inert import active
from tests.faults import test_hostile_text

pytestmark = pytest.mark.long

GOLDEN = Path(__file__).parent / "golden"
IS_WRITING = os.environ.get("TWOYES_GOLDEN") == "write"
TEXTS = every_text()
NOT_SHOWN_HERE = frozenset({"page_home", "page_home_full", "page_home_several", "page_home_empty"})
"""A member's own page is a tab of its own elsewhere; Discord has no place for it."""

GUILD = "200000000000000001"
IN_DM = Showing(guild=GUILD)
HOSTILE = {
    **test_hostile_text.HOSTILE,
    "umlauts": test_limits.HOSTILE["umlauts"],
    "nothing but signs": "*_~|`[<@" * 3_000,
    "every line begins something": "- a\n# b\n> c\n1. d\n-# e\n" * 900,
}
TYPED_BEFORE = ("100 kB", "umlauts", "4,000 emoji", "flags and skin", "markup", "many marks", "lone surrogates")
ONE_LANGUAGE_EACH = list(zip(HOSTILE, cycle(LANGUAGES), strict=False))
REVIEWED = {
    "en": (
        "prompt_seeker_named_rich",
        "introduction_rich",
        "draft_new",
        "ask_card_full",
        "page_privacy",
        "page_export",
        "face_seeker_named_yes_but",
        "form_draft",
        "form_settings_tally",
        "form_terms_seeker",
    ),
    "de": ("prompt_provider_named_rich", "page_card", "tally_full"),
}
REVIEWS = [(lang, name) for lang, names in REVIEWED.items() for name in names]

_PREFIX = re.compile(r"^(?:> |-# |### )", re.MULTILINE)


def messages_in(lang: str) -> Iterator[tuple[str, Message]]:
    for name, maker in TEXTS.items():
        made = maker(lang)
        if isinstance(made, Message) and name not in NOT_SHOWN_HERE:
            yield name, on_discord(made)


def forms_in(lang: str) -> Iterator[Form]:
    for maker in TEXTS.values():
        made = maker(lang)
        if isinstance(made, Form):
            yield form_on_discord(made)


def hostile_messages(name: str, lang: str) -> Iterator[Message]:
    for message in test_limits.every_message(test_limits.typed(HOSTILE[name]), lang):
        yield on_discord(message)


def spans_of(message: Message) -> Iterator[Span]:
    """Yield all that a message has to say, buttons aside."""
    for part in message.parts:
        match part:
            case Text(spans) | Quote(spans) | Note(spans):
                yield from spans
            case Heading(text):
                yield Plain(text)
            case Fields(rows):
                yield from (span for label, spans in rows for span in (Bold(f"{label}:"), *spans))
            case _:
                pass


def what_is_alive(message: Message, sent: Outgoing) -> list[str]:
    """Return whatever Discord would make something of that we did not put there."""
    ours = {f"<@{span.user}>" for span in spans_of(message) if isinstance(span, Mention)}
    ours |= {f"<#{span.id}>" for span in spans_of(message) if isinstance(span, Channel)}
    ours |= {f"<t:{int(span.at.timestamp())}:f>" for span in spans_of(message) if isinstance(span, Moment)}
    found = []
    for text in texts_of(sent):
        left = _PREFIX.sub("", text)
        for token in ours:
            left = left.replace(token, "\N{OBJECT REPLACEMENT CHARACTER}")
        for span in spans_of(message):
            if isinstance(span, Bold):
                left = left.replace(f"**{span.text}**", span.text)
        found += [str(one) for one in active(left)]
    return found


def assert_whole(message: Message, sent: tuple[Outgoing, ...]) -> None:
    """Hold that every word, button and file is there: nothing was cut on the way from the core to Discord."""
    text = _flat(unescaped(_PREFIX.sub("", "\n".join(text for one in sent for text in texts_of(one)))))
    assert [words for words in _words_of(message) if _flat(words) not in text] == []
    there = [button for part in message.parts if isinstance(part, Buttons) for button in part.buttons]
    each = {button.id: button.label for button in reversed(there)}
    shown = [label for one in sent for label, _ in buttons_of(one)]
    assert sorted(shown) == sorted(each.values())
    files = [part for part in message.parts if isinstance(part, File | Image)]
    assert len([upload for one in sent for upload in one.files]) == len(files)


def _flat(text: str) -> str:
    return "".join(text.replace("**", "").split())


def _words_of(message: Message) -> Iterator[str]:
    for span in spans_of(message):
        match span:
            case Plain(text) | Bold(text) | Link(_, text):
                yield text
            case Mention(user):
                yield f"<@{user}>"
            case Channel(channel):
                yield channel
            case Moment(at):
                yield f"<t:{int(at.timestamp())}:f>"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_message_is_valid_whole_and_inert(lang: str) -> None:
    for name, message in messages_in(lang):
        sent, instead = posted(message, IN_DM), edited(message, IN_DM)

        assert posted_faults(sent) == [], name
        assert edited_faults(instead) == [], name
        assert [what_is_alive(message, one) for one in (*sent, *instead)] == [[], []], name
        assert_whole(message, sent)
        assert_whole(message, instead)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_notification_shows_what_every_message_says(lang: str) -> None:
    without = [name for name, message in messages_in(lang) if "content" not in posted(message)[0].payload]

    assert without == ["page_mine", "page_privacy"]


@pytest.mark.parametrize(("name", "lang"), ONE_LANGUAGE_EACH)
def test_every_message_is_one_valid_whole_and_inert_whatever_was_typed(name: str, lang: str) -> None:
    for message in hostile_messages(name, lang):
        sent, instead = posted(message, IN_DM), edited(message, IN_DM)

        assert posted_faults(sent) == []
        assert edited_faults(instead) == []
        assert [what_is_alive(message, one) for one in (*sent, *instead)] == [[], []]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["nothing but signs", "100 kB", "4,000 emoji", "umlauts"])
def test_the_longest_messages_are_whole(name: str, lang: str) -> None:
    for message in hostile_messages(name, lang):
        assert_whole(message, posted(message))
        assert_whole(message, edited(message))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_with_more_than_a_message_holds_goes_on_in_the_next(lang: str) -> None:
    words = test_limits.typed("long words " * 90)
    cast = test_limits.everywhere(lang, words, reader=a_member())
    waiting = tuple(replace(asked(SPARSE), id=ReferralId(f"w{number}")) for number in range(5))
    started = tuple(replace(a_draft(SPARSE), id=ReferralId(f"s{number}")) for number in range(5))
    asks = tuple(replace(an_ask(), id=AskId(f"a{number}")) for number in range(5))

    message = on_discord(pages.mine(cast, waiting, started, asks, Past()))

    shown = replied(message)
    assert len(shown) == 2
    assert replied_faults(shown) == []
    assert_whole(message, shown)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_form_is_valid_and_says_all_it_has_to(lang: str) -> None:
    for form in forms_in(lang):
        modal = form_modal(form, guild=GUILD)

        assert modal_and_published_faults(modal) == []
        assert modal["custom_id"].endswith(f"@{GUILD}")
        assert modal["title"] == form.title
        assert [label["label"] for label in modal["components"]] == [field.label for field in form.fields]
        assert [label.get("description", "") for label in modal["components"]] == [field.hint for field in form.fields]
        options = [label["component"].get("options", []) for label in modal["components"]]
        assert [[one["value"] for one in some] for some in options] == [
            [value for value, _ in field.options] for field in form.fields
        ]


@pytest.mark.parametrize("name", TYPED_BEFORE)
def test_every_form_opens_with_whatever_was_typed_before_and_shows_it_again_with_its_errors(name: str) -> None:
    typed, on_one_line = clean(HOSTILE[name]), clean(HOSTILE[name], single_line=True)

    for form in forms_in("de"):
        filled = replace(form, fields=tuple(_filled(field, typed, on_one_line) for field in form.fields))
        sent = refused({field.key: "Das geht so nicht." for field in form.fields}, filled, edit="Ändern", showing=IN_DM)

        assert modal_and_published_faults(form_modal(filled)) == []
        assert replied_faults([sent]) == []
        assert sent.files == ()
        assert refilled(form, sent.payload | {"id": "1"}) == filled


def _filled(field: Field, typed: str, on_one_line: str) -> Field:
    if field.kind not in (FieldKind.TEXT, FieldKind.LONG_TEXT):
        return field
    text = typed if field.kind is FieldKind.LONG_TEXT else on_one_line
    return replace(field, value=text[: field.max_length].strip())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_id_has_room_for_its_server(lang: str) -> None:
    ref = "x" * 24
    longest = max(len(f"{verb}:{ref}.{ref}@{'9' * 19}") for verb in Verb)

    assert longest <= 100
    for _, message in messages_in(lang):
        for one in posted(message, IN_DM):
            assert all(travels.endswith(f"@{GUILD}") for _, travels in buttons_of(one))


@pytest.mark.parametrize(("lang", "name"), REVIEWS)
def test_a_message_looks_as_it_was_reviewed(lang: str, name: str) -> None:
    written = GOLDEN / f"{name}_{lang}.json"
    made = TEXTS[name](lang)
    assert isinstance(made, Message | Form)

    if isinstance(made, Form):
        body: object = form_modal(form_on_discord(made), guild=GUILD)
    else:
        message = on_discord(made)
        assert replied_faults(replied(message)) == []
        assert replied_faults(updated(message), UPDATE) == []
        (sent,) = posted(message, IN_DM)
        body = sent.payload
    rendered = json.dumps(body, indent=2, ensure_ascii=False) + "\n"
    if IS_WRITING:
        written.parent.mkdir(exist_ok=True)
        written.write_text(rendered, encoding="utf-8")
    assert rendered == written.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == {f"{name}_{lang}" for lang, name in REVIEWS}
