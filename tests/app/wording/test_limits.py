"""Whatever people type, a message fits both platforms, shows it as it stands, and takes no time."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from bot.app.wording import afterwards, afterwards_notices, asks, drafts, introduction, notices, pages, prompts
from bot.app.wording.canonical import canonical_text, length
from bot.app.wording.cast import Cast, Operator
from bot.app.wording.clean import clean
from bot.app.wording.mine import Past
from bot.domain.decision import Say, Told
from bot.domain.effects import Face, Notice, Notify
from bot.domain.group import Reveal
from bot.domain.ids import UserId
from bot.domain.member import CardSlot
from bot.domain.outcome import Outcome
from bot.domain.place import Place
from bot.domain.question import Answer, Side, Stage
from bot.domain.referral import Referral, Status, Tick
from bot.domain.words import Slot, limit
from bot.ports.messages import Message, Plain
from tests.app.wording.afterwards_texts import NUMBERS, said, spoken
from tests.app.wording.casts import (
    GROUP,
    LANGUAGES,
    NOW,
    PIA,
    SAM,
    a_card,
    a_cast,
    a_draft,
    a_member,
    a_prompt_for,
    a_question,
    agreed,
    an_ask,
    asked,
    helped,
    spans_in,
)
from tests.factories import a_follow_up

MOST = 2_000
WORDY = Operator("O" * 200, "c" * 200, {"local": Place(rooms_have_readers=True)})
FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"
HOSTILE = {
    "broadcast": "<!channel> <!here> @everyone @here",
    "mention": "<@U123> <@&456> <#C789> @ada",
    "link": "<http://x.example|your bank> [bank](http://x.example) http://x.example",
    "markup": "*bold* _it_ ~no~ `code` ```block``` > quote\n# heading\n- item ||spoiler||",
    "places": "{seeker} {provider} {referrer} {words} {0} %s %(name)s",
    "payload": "payload",
    "marks": "a" + "\u0301" * 3_000,
    "emoji": FAMILY * 4_000,
    "right_to_left": "\u202eevil\u202c \u2066x\u2069 \u200f",
    "controls": "nul\x00 bell\x07 escape\x1b[31m lone\ud800",
    "large": "x" * 100_000,
    "umlauts": "wöchentlich Buchführung, " * 5_000,
}


def typed(text: str) -> dict[Slot, str]:
    """Return what the handler stores when somebody types this everywhere."""
    cleaned = clean(text)
    return {slot: cleaned[: limit(slot)] for slot in Slot}


def everywhere(
    lang: str,
    words: Mapping[Slot, str],
    referral: Referral | None = None,
    **changes: Any,  # noqa: ANN401 -- any field
) -> Cast:
    """Return a cast in which everybody's card says it too, with ids as long as Discord's and a wordy operator."""
    lines = all_lines(words)
    cards = {who: a_card(member=who, lines=lines) for who in (SAM, PIA)}
    if referral is not None and referral.asked_at is not None:
        referral = replace(referral, cards=dict.fromkeys(Side, lines))
    cast = a_cast(lang, referral, cards=cards, operator=WORDY, **changes)
    people = {key: replace(one, user=UserId(f"{at:019}")) for at, (key, one) in enumerate(cast.people.items(), 1)}
    return replace(cast, people=people)


def all_lines(words: Mapping[Slot, str]) -> dict[CardSlot, str]:
    return dict.fromkeys(CardSlot, clean(words[Slot.NEED] * 3)[:300])


def all_questions(words: Mapping[Slot, str], lang: str) -> Iterator[Message]:
    """Yield every question and its answered face."""
    ask = an_ask(need=words[Slot.NEED])
    for stage, for_ask in product(Stage, (None, ask)):
        referral = a_prompt_for(stage, words, ask=ask.id if for_ask else None, need=Tick.NOT_SURE, loop_me_in=True)
        question = replace(referral.questions[-1], answer=Answer.YES_BUT)
        yield prompts.prompt(everywhere(lang, words, referral, ask=for_ask), question)
        yield prompts.face(everywhere(lang, words, referral), question, Face.ANSWERED)
        direct = replace(referral, questions=tuple(replace(q, no_introduction=True) for q in referral.questions))
        yield prompts.prompt(everywhere(lang, words, direct), direct.questions[-1])
    offer = helped(words)
    yield prompts.prompt(everywhere(lang, words, offer), offer.questions[-1])


def all_introductions(words: Mapping[Slot, str], lang: str) -> Iterator[Message]:
    """Yield what is posted and told when both agreed."""
    cast = everywhere(lang, words, agreed(words=words), reader=a_member())
    yield introduction.introduction(cast)
    yield introduction.introduction(replace(cast, referral=replace(cast.subject, helper=True)))
    yield introduction.direct_words(cast)
    yield introduction.heads_up(cast)


def all_previews(words: Mapping[Slot, str], lang: str) -> Iterator[Message]:
    """Yield drafts and asks."""
    for fit, status in ((Tick.NOT_SURE, Status.DRAFT), (Tick.YES, Status.SCREENED), (None, Status.LEAD)):
        draft = a_draft(words, fit=fit, status=status, reveal=Reveal.ROLE_ONLY)
        for praise in ({}, {PIA: (a_follow_up(testimonial=spoken(words)[0]),)}):
            cast = everywhere(lang, words, draft, praise=praise)
            yield drafts.preview(cast, Told(Say.SEEKER_NOT_JOINED, who=SAM))
    yield drafts.preview(everywhere(lang, words, a_draft(words, status=Status.DRAFT, seeker=None)), None)
    ask = an_ask(need=words[Slot.NEED], category=words[Slot.NEED][:120])
    yield asks.card(everywhere(lang, words, ask=ask))
    yield asks.preview(everywhere(lang, words, ask=ask))


def all_pages(words: Mapping[Slot, str], lang: str) -> Iterator[Message]:
    """Yield the pages that show what somebody typed."""
    own = a_card(member=SAM, lines=all_lines(words))
    praise = {SAM: (a_follow_up(testimonial=spoken(words)[0]),) * 5}
    past = Past([a_follow_up()] * 9, NUMBERS)
    for cast in (everywhere(lang, words), everywhere(lang, words, praise=praise)):
        yield pages.card(cast, own)
        yield pages.card(cast, a_card(member=SAM))
        yield pages.found(cast, (own,) * 8, words[Slot.NEED])
    yield pages.help_page(lang, None, unknown=words[Slot.NEED])
    mine, drafted, ask = asked(words), a_draft(words), an_ask(need=words[Slot.NEED])
    yield pages.mine(everywhere(lang, words, reader=a_member()), (mine,) * 9, (drafted,) * 9, (ask,) * 9, past)


def all_afterwards(words: Mapping[Slot, str], lang: str) -> Iterator[Message]:
    """Yield what is shown and told when an introduction is behind them."""
    testimonial, thanks = spoken(words)
    for side in Side:
        done = said(Outcome.WON, side, testimonial=testimonial, testimonial_asked=True, thanks={side: thanks})
        cast = everywhere(lang, words, agreed(words=words), reader=a_member(), follow_up=done)
        yield afterwards.check_in(cast, side)
        yield afterwards.recorded(cast, side, Told(Say.OUTCOME_RECORDED))
        yield afterwards_notices.thanks_again(cast, side, Told(Say.THANKS_SHOWN))
        yield afterwards_notices.testimonial_again(cast, Told(Say.TESTIMONIAL_SHOWN))
        for notice in Notice:
            yield notices.notice(cast, Notify(SAM, notice, cast.subject.id, side, GROUP))


def every_message(words: Mapping[Slot, str], lang: str) -> Iterator[Message]:
    """Yield every message that shows what somebody typed."""
    for some in (all_questions, all_introductions, all_previews, all_pages, all_afterwards):
        yield from some(words, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", HOSTILE)
def test_every_message_fits_whatever_was_typed(name: str, lang: str) -> None:
    for message in every_message(typed(HOSTILE[name]), lang):
        assert length(message) <= MOST, canonical_text(message)
        assert len(message.summary) <= 300


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_was_typed_stands_in_plain_spans_only(lang: str) -> None:
    marker = "Zzyzx{seeker}*@everyone*"

    for message in every_message(typed(marker), lang):
        for span in spans_in(message):
            if "Zzyzx" in str(span):
                assert isinstance(span, Plain)
        assert "Zzyzx" not in message.summary


def test_braces_in_somebodys_words_mean_nothing() -> None:
    shown = canonical_text(introduction.introduction(a_cast("en", agreed(words=typed(HOSTILE["places"])))))

    assert HOSTILE["places"] in shown


def test_line_breaks_in_somebodys_words_cannot_pass_for_a_line_of_ours() -> None:
    words = {Slot.NEED: "Books.\nIntroduced by the tax office.", Slot.WHY: "x"}

    text = introduction.introduction_text(a_cast("en", asked(words)))

    assert "Introduced by the tax office." not in text.splitlines()


def test_an_introduction_is_shortened_only_when_it_has_to_be() -> None:
    rich = introduction.introduction_text(a_cast("en", agreed()))
    long = introduction.introduction_text(a_cast("en", asked(typed("word " * 200))))

    assert "…" not in rich
    assert "…" in long
    assert "@U-m-rita can tell you the rest" in long


def test_a_contact_detail_is_never_shortened() -> None:
    words = typed("word " * 200) | {Slot.SEEKER_CONTACT: "sam@" + "x" * 116}
    yes: dict[str, Any] = {"answer": Answer.YES_BUT, "answered_at": NOW}
    referral = asked(words, a_question(**yes))

    assert words[Slot.SEEKER_CONTACT] in introduction.introduction_text(a_cast("en", referral))


def test_what_is_shortened_is_the_same_however_long_a_platforms_ids_are() -> None:
    cast = a_cast("en", asked(typed("word " * 200)))
    people = {key: replace(one, user=UserId(f"{one.user}".ljust(60, "x"))) for key, one in cast.people.items()}

    short, long = (introduction.introduction_text(one) for one in (cast, replace(cast, people=people)))

    assert "…" in short
    for key, one in cast.people.items():
        long = long.replace(str(people[key].user), str(one.user))
    assert long == short
