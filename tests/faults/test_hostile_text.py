"""T9: whatever people type is answered, stored, and shown as nothing but plain text."""

from collections.abc import Awaitable, Callable, Iterator
from itertools import count, product

import pytest
from _pytest.mark import ParameterSet

from adapters.local.people import DAVID, ELIF
from adapters.local.room import INTRODUCTIONS, WORKSPACE
from adapters.local.transcript import Received
from bot.domain.ids import EventId, MemberId, UserId
from bot.domain.member import CardSlot
from bot.domain.words import Slot
from bot.ports.inbound import Inbound, Origin, PickMessage, Press, Slash, Submit
from bot.ports.messages import (
    Bold,
    Button,
    Buttons,
    Channel,
    Fields,
    Form,
    Heading,
    Image,
    Link,
    Mention,
    Message,
    Moment,
    Plain,
    Reply,
    Span,
)
from tests.factories import GROUP
from tests.faults.bench import ANA, BEN, CARLA, OPEN, Bench

HOSTILE = {
    "a channel mention": "<!channel> hello <!here> and <!everyone|x>",
    "a person's mention": "thank you <@U012AB3CD> and <@!123456789012345678>",
    "everyone": "@everyone @here do look",
    "a link in Slack's markup": "<http://evil.example|your bank> and [your bank](http://evil.example)",
    "a bare link": "see https://evil.example/a?b=c#d and evil.example",
    "backticks": "```rm -rf``` `x` ~~y~~ *bold* _it_ > quote || spoiler ||",
    "markup": "<b>x</b> &lt;script&gt; <script>alert(1)</script> {{7*7}} ${x} %(y)s {z} %s",
    "right to left": "\u202eetirw ot yas\u202c \u2066inner\u2069 \u200fmark",
    "zero width": "z\u200be\u200cr\u200do\ufeff \u2060w\u00adidth",
    "NUL": "a\x00b\x00",
    "control characters": "a\x07b\x1b[31mred\x1b[0m\x7f\x85",
    "lone surrogates": "high \ud83d low \ude00 swapped \ude00\ud83d",
    "many marks": "z" + "\u0336\u0322\u0321" * 400,
    "100 kB": "long words " * 9_310,
    "4,000 emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467" * 4_000,
    "flags and skin": "\U0001f1e9\U0001f1ea\U0001f44d\U0001f3ff" * 300,
    "payload": "payload",
    "SQL": "'); DROP TABLE referral; --",
    "JSON": '{"is":"told"} \\u0000 \\',
    "only space": " \t\n\u2003\u3164 ",
    "a plain sentence": "He needs his books done by March.",
}
FOR_A_DATABASE = ("NUL", "lone surrogates", "SQL", "JSON")
"""What a database might take amiss; all the rest is the same on PostgreSQL, and is tried there by `make test-long`."""

SIGNS = ("<", "@everyone", "@here", "evil.example", "`", "DROP", "payload", "{{")
OURS = {ANA, BEN, CARLA, DAVID, ELIF}


class Speaker:
    """Says the same thing everywhere something can be typed, and keeps every answer."""

    def __init__(self, bench: Bench, words: str) -> None:
        self.bench = bench
        self.words = words
        self.replies: list[Reply] = []
        self._bot = bench.bot()
        self._events = count()

    def origin(self, who: UserId, *, admin: bool = False) -> Origin:
        return Origin(EventId(f"e-{next(self._events)}"), WORKSPACE, who, INTRODUCTIONS, is_admin=admin)

    async def send(self, inbound: Inbound) -> None:
        self.replies.append(await self._bot.handle(inbound))
        await self._bot.deliver()

    async def type(self, who: UserId, name: str, text: str = "", people: tuple[UserId, ...] = ()) -> None:
        await self.send(Slash(self.origin(who), name, text, people))

    async def press(self, who: UserId, verb: str, ref: str) -> None:
        await self.send(Press(self.origin(who), verb, ref))

    async def fill(self, who: UserId, verb: str, ref: str, *keys: str, **more: str) -> None:
        await self.send(Submit(self.origin(who, admin=True), verb, ref, dict.fromkeys(keys, self.words) | more))

    async def referral(self) -> str:
        started = await self.bench.store.run(lambda tx: tx.referrals.started_by(GROUP, PARTY_ANA))
        return started[0].id


PARTY_ANA = MemberId("m-ana")


Way = Callable[[Speaker], Awaitable[None]]


async def say_it_everywhere(speaker: Speaker) -> None:
    words = speaker.words
    await speaker.type(ANA, "refer", words, (BEN, CARLA))
    await speaker.type(BEN, "ask", words)
    for subcommand in ("find", "lead", "card", "pause", "settings", ""):
        await speaker.type(ANA, "intros", f"{subcommand} {words}")
    await speaker.send(PickMessage(speaker.origin(ANA), BEN, words))
    await speaker.fill(CARLA, "edit_card", GROUP, *CardSlot)
    await speaker.fill(CARLA, "edit_card_more", GROUP, *CardSlot)
    await speaker.fill(ANA, "send_lead", GROUP, "need", provider=CARLA)
    await speaker.fill(BEN, "new_ask", GROUP, "need", "category", "ends_on", "urgent")
    await speaker.fill(BEN, "new_ask", GROUP, "need", "category")
    await speaker.fill(BEN, "pause", GROUP, "until", "quiet")
    for settings in ("group", "asking", "limits", "tally", "keeping"):
        await speaker.fill(DAVID, f"settings_{settings}", GROUP, *SETTINGS)
    await speaker.fill(ANA, "new_draft", GROUP, "seeker", "provider", "need", "why")


SETTINGS = ("language", "time_zone", "order", "reveal", "window", "asks_per_week", "tally_weekday", "keep_words")


async def refer_with_it(speaker: Speaker) -> None:
    typed = ("need", "why", "endorsement")
    await speaker.fill(ANA, "new_draft", GROUP, *typed, seeker=BEN, provider=CARLA, basis="direct")
    referral = await speaker.referral()
    await speaker.fill(ANA, "better", referral, "in_common", "result", "how_long", "heads_up")
    await speaker.fill(ANA, "blind", referral, "seeker_blind", "provider_blind")
    for verb in ("need_yes", "fit_yes", "ask_them"):
        await speaker.press(ANA, verb, referral)
    await speaker.fill(BEN, "ask_referrer", f"{referral}.0", "seeker_question")
    await speaker.fill(ANA, "answer_party", f"{referral}.seeker", "seeker_question_answer")
    await speaker.fill(BEN, "yes_but", f"{referral}.0", "seeker_terms", "seeker_contact", "seeker_about")
    await speaker.press(BEN, "yes", f"{referral}.0")
    await speaker.fill(CARLA, "yes_but", f"{referral}.1", "provider_terms", "provider_contact", "provider_about")
    await speaker.fill(CARLA, "tell_why", f"{referral}.1", "reason")
    await speaker.press(CARLA, "yes", f"{referral}.1")
    speaker.bench.pass_time(30)
    await speaker.type(ANA, "intros", "mine")


async def reach_for_it(speaker: Speaker) -> None:
    """Put it where only our own references stand, as nobody but a forger does."""
    await speaker.press(ANA, "yes", speaker.words)
    await speaker.press(ANA, speaker.words, speaker.words)
    await speaker.press(ANA, "ask_them", f"{speaker.words}.{speaker.words}")
    await speaker.press(BEN, "help_with_ask", speaker.words)
    await speaker.press(BEN, "leave", speaker.words)
    await speaker.press(BEN, "unblock", f"{GROUP}.{speaker.words}")
    await speaker.fill(ANA, "new_draft", f"{GROUP}.{speaker.words}", "need", seeker=BEN, provider=CARLA)
    await speaker.fill(ANA, "edit", speaker.words, "need", seeker=speaker.words, provider=speaker.words)
    await speaker.fill(ANA, "edit_card", speaker.words, *CardSlot)


def cases() -> Iterator[ParameterSet]:
    ways = (say_it_everywhere, refer_with_it, reach_for_it)
    for kind, way, name in product(("sqlite", "postgresql"), ways, HOSTILE):
        marks = [] if kind == "sqlite" else [pytest.mark.postgres]
        if kind == "postgresql" and name not in FOR_A_DATABASE:
            marks.append(pytest.mark.long)
        yield pytest.param(kind, way, HOSTILE[name], id=f"{kind}-{way.__name__}-{name}", marks=marks)


@pytest.mark.parametrize(("migrated_url", "way", "words"), list(cases()), indirect=["migrated_url"])
async def test_whatever_is_typed_is_answered_and_shown_as_plain_text(bench: Bench, words: str, way: Way) -> None:
    speaker = Speaker(bench, words)

    await way(speaker)

    assert all(reply.message or reply.form or reply.errors for reply in speaker.replies)
    assert [key for key, status in bench.statuses().items() if status == OPEN and "introduction" not in key] == []
    shown = [*everything_shown(bench), *speaker.replies]
    assert [fault for one in shown for fault in faults_of(one)] == []


@pytest.mark.parametrize("key", ["basis", "first_move"])
async def test_a_choice_that_was_never_offered_is_answered_too(bench: Bench, key: str) -> None:
    speaker = Speaker(bench, "none of these")

    await speaker.fill(ANA, "new_draft", GROUP, key, "need", seeker=BEN, provider=CARLA)

    assert speaker.replies[0].message or speaker.replies[0].errors


@pytest.mark.parametrize("words", ["payload", HOSTILE["SQL"], HOSTILE["JSON"], HOSTILE["backticks"], HOSTILE["markup"]])
async def test_what_is_typed_is_stored_as_it_was_typed(bench: Bench, words: str) -> None:
    speaker = Speaker(bench, words)
    await speaker.fill(ANA, "new_draft", GROUP, "need", "why", seeker=BEN, provider=CARLA, basis="none")

    started = await bench.store.run(lambda tx: tx.referrals.started_by(GROUP, PARTY_ANA))

    assert (started[0].words[Slot.NEED], started[0].words[Slot.WHY]) == (words, words)


def everything_shown(bench: Bench) -> Iterator[Message | Form]:
    for entry in bench.room.transcript.entries:
        if isinstance(entry, Received):
            yield entry.shown


def faults_of(shown: Message | Form | Reply) -> Iterator[str]:
    """Say where words that a person typed are more than plain text, or invisible characters survived."""
    match shown:
        case Reply():
            for part in (shown.message, shown.form):
                yield from faults_of(part) if part else ()
            yield from (f"error {error!r}" for error in shown.errors.values() if _is_bad(error))
        case Form():
            labels = (shown.title, shown.submit, *(field.label + field.hint for field in shown.fields))
            yield from (f"form {label!r}" for label in labels if _is_bad(label))
        case Message():
            yield from _message_faults(shown)


def _message_faults(message: Message) -> Iterator[str]:
    for part in message.parts:
        match part:
            case Heading(text) | Image(_, text):
                yield from [f"heading {text!r}"] if _is_bad(text) else []
            case Buttons(buttons):
                yield from (f"button {button!r}" for button in buttons if _is_bad_button(button))
            case Fields(rows):
                yield from (fault for label, spans in rows for fault in _span_faults((Plain(label), *spans)))
            case _:
                yield from _span_faults(getattr(part, "spans", ()))


def _span_faults(spans: tuple[Span, ...]) -> Iterator[str]:
    for span in spans:
        match span:
            case Plain(text):
                yield from [f"plain {text[:80]!r}"] if any(map(_is_invisible, text)) else []
            case Bold(text):
                yield from [f"bold {text!r}"] if _is_bad(text) else []
            case Mention(user):
                yield from [] if user in OURS else [f"mention of {user!r}"]
            case Link(url, label):
                yield from [f"link {url} {label}"] if _is_bad(url + label) else []
            case Channel() | Moment():
                pass


def _is_bad(text: str) -> bool:
    """Say whether our own words hold something of a person's that has a meaning somewhere."""
    return any(sign in text for sign in SIGNS) or any(map(_is_invisible, text))


def _is_bad_button(button: Button) -> bool:
    return _is_bad(button.label) or len(button.id) > 100


def _is_invisible(character: str) -> bool:
    return character in "\x00\x07\x1b\x7f\x85\u202e\u202c\u2066\u2069\u200b\ufeff\u2060" or (
        "\ud800" <= character <= "\udfff"
    )
