"""What words may give away, and what they may not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.app.wording import drafts, forms, hints, introduction, notices, pages, prompts, replies
from bot.app.wording.canonical import canonical_text
from bot.app.wording.cast import Cast
from bot.app.wording.mine import Past
from bot.app.wording.sayings import SAYINGS
from bot.domain.decision import Say, Told
from bot.domain.effects import Face, Notice, Notify, SendReport
from bot.domain.ids import AskId, ReferralId
from bot.domain.question import Answer, Question, Side, Stage, Swallow
from bot.domain.referral import Referral, Status
from bot.domain.words import Slot
from bot.ports.messages import Buttons, FieldKind, Message
from tests.app.wording.casts import (
    GROUP,
    LANGUAGES,
    NOW,
    PIA,
    RICH,
    SAID,
    SAM,
    SAMS_CARD,
    SPARSE,
    a_cast,
    a_draft,
    a_member,
    a_prompt_for,
    a_question,
    agreed,
    an_ask,
    asked,
    helped,
)

BLIND = (Slot.SEEKER_BLIND, Slot.PROVIDER_BLIND)
ENDS = (None, Answer.NO, Answer.KNOWN, Answer.NOT_NOW, Answer.BLOCK, Answer.REPORT, Answer.TAKEN_BACK, Answer.GONE)


WINDOW = timedelta(days=3)


def shown(stage: Stage, lang: str = "en", **changes: Any) -> str:  # noqa: ANN401 -- any field
    referral = replace(a_prompt_for(stage, RICH, **changes), words={**RICH, **SAID})
    cast = a_cast(lang, referral, ask=an_ask() if referral.ask else None)
    return canonical_text(prompts.prompt(cast, referral.questions[-1]))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("stage", [Stage.FIT, Stage.PROVIDER_ROLE])
@pytest.mark.parametrize("ask", [None, AskId("ask")])
def test_a_question_by_role_to_the_provider_says_nothing_of_the_seeker(
    stage: Stage, lang: str, ask: AskId | None
) -> None:
    text = shown(stage, lang, ask=ask, loop_me_in=True)

    secret = {slot: words for slot, words in {**RICH, **SAID}.items() if slot is not Slot.SEEKER_BLIND}
    assert RICH[Slot.SEEKER_BLIND] in text
    assert not [slot for slot, words in secret.items() if words in text]
    assert "@U-m-sam" not in text
    assert not [line for line in SAMS_CARD.lines.values() if line in text]
    assert (an_ask().need in text) == (ask is not None and stage is Stage.PROVIDER_ROLE)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_question_by_role_to_the_seeker_says_nothing_of_the_provider(lang: str) -> None:
    text = shown(Stage.SEEKER_ROLE, lang)

    own = (Slot.NEED, *BLIND)
    assert RICH[Slot.PROVIDER_BLIND] in text
    assert not [slot for slot, words in {**RICH, **SAID}.items() if slot not in own and words in text]
    assert "@U-m-pia" not in text
    assert "Hamburg" not in text


def test_a_question_by_name_to_the_seeker_shows_nothing_the_provider_typed_into_a_yes() -> None:
    text = shown(Stage.SEEKER_NAMED)

    assert not [words for words in SAID.values() if words in text]


def test_a_contact_detail_waits_for_both_yeses() -> None:
    asked_last = shown(Stage.PROVIDER_NAMED)
    posted = introduction.introduction_text(a_cast("en", agreed()))

    assert SAID[Slot.SEEKER_TERMS] in asked_last
    assert SAID[Slot.SEEKER_CONTACT] not in asked_last
    assert SAID[Slot.SEEKER_CONTACT] in posted
    assert SAID[Slot.PROVIDER_CONTACT] in posted


def test_what_a_plain_yes_left_behind_is_not_shared() -> None:
    plain = a_question(answer=Answer.YES, answered_at=NOW)

    text = introduction.introduction_text(a_cast("en", asked({**RICH, **SAID}, plain)))

    assert SAID[Slot.SEEKER_CONTACT] not in text
    assert SAID[Slot.PROVIDER_TERMS] not in text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("words", [RICH, SPARSE])
def test_a_question_holds_the_introduction_and_the_heads_up_word_for_word(words: dict[Slot, str], lang: str) -> None:
    referral = a_prompt_for(Stage.SEEKER_NAMED, words)
    cast = a_cast(lang, referral)

    text = canonical_text(prompts.prompt(cast, referral.questions[-1]))

    assert introduction.introduction_text(cast) in text
    assert words.get(Slot.HEADS_UP, "") in text


def test_what_the_seeker_agreed_to_is_what_is_posted() -> None:
    before = set(introduction.introduction_text(a_cast("en", asked(RICH))).splitlines())
    after = set(introduction.introduction_text(a_cast("en", agreed())).splitlines())

    changed = before - after
    assert changed == {"@U-m-pia makes the first move, here in this room."}


def everything_shown_to(side: Side, referral: Referral) -> Iterator[Message]:
    """Yield what a party sees of a referral whose other party's part ended somehow."""
    cast = a_cast("en", referral, reader=a_member(id=SAM if side is Side.SEEKER else PIA))
    mine = [q for q in referral.questions if q.side is side]
    for question in mine:
        for face in Face:
            for answer in (None, Answer.YES, Answer.YES_BUT, Answer.NO):
                own = replace(question, answer=answer)
                yield prompts.face(replace(cast, referral=referral.with_question(own)), own, face)
        yield prompts.reminder(cast, question)
    for notice in (Notice.NOT_THIS_TIME, Notice.WITHDRAWN):
        yield notices.notice(cast, Notify(SAM, notice, referral.id, side, GROUP))


def ended(referral: Referral, question: Question, answer: Answer | None, **changes: Any) -> Referral:  # noqa: ANN401
    """Return the referral with that question ended in some way without a yes."""
    other = replace(question, answer=answer, answered_at=NOW, swallowed=changes.pop("swallowed", None))
    return replace(referral.with_question(other), **changes)


@pytest.mark.parametrize("side", list(Side))
def test_a_party_cannot_tell_how_the_others_part_ended(side: Side) -> None:
    yes: dict[str, Any] = {"answer": Answer.YES_BUT, "answered_at": NOW}
    both = (a_question(**yes), a_question(number=1, stage=Stage.PROVIDER_NAMED, **yes))
    referral = asked({**RICH, **SAID}, *both)
    theirs = next(q for q in both if q.side is side.other)
    ways = [ended(referral, theirs, answer) for answer in ENDS]
    ways += [ended(referral, theirs, None, swallowed=swallow) for swallow in Swallow]
    ways += [ended(referral, theirs, Answer.NO, status=Status.LAPSED), ended(referral, theirs, None, told_by=7)]

    seen = {tuple(canonical_text(one) for one in everything_shown_to(side, way)) for way in ways}

    assert len(seen) == 1


def erased(cast: Cast, *who: Any) -> Cast:  # noqa: ANN401 -- member ids
    return replace(cast, people={key: m if key not in who else replace(m, user=None) for key, m in cast.people.items()})


def test_the_referrer_cannot_tell_how_it_ended() -> None:
    base = asked(RICH, a_question(answer=Answer.YES), a_question(number=1, stage=Stage.PROVIDER_NAMED))
    ways = [ended(base, base.questions[1], answer) for answer in ENDS]
    ways += [ended(base, base.questions[0], answer) for answer in ENDS]
    casts = [a_cast("en", way) for way in ways]
    casts += [erased(a_cast("en", base), SAM), erased(a_cast("en", base), PIA)]

    seen = {tuple(seen_by_the_referrer(cast)) for cast in casts}

    assert len(seen) == 1


def seen_by_the_referrer(cast: Cast) -> Iterator[str]:
    referral = cast.subject
    for now in (NOW, NOW + 3 * WINDOW):
        later = replace(cast, now=now)
        yield canonical_text(drafts.preview(later, None))
        yield canonical_text(pages.mine(later, (), (referral,), (), Past()))
    yield canonical_text(notices.notice(cast, Notify(referral.starter, Notice.CLOSED_QUIETLY, referral.id)))
    yield canonical_text(notices.notice(cast, Notify(referral.starter, Notice.FIT_OPEN_AGAIN, referral.id)))


def test_who_said_yes_and_hears_that_it_came_to_nothing_sees_the_same_if_the_other_was_erased() -> None:
    cast = a_cast("en", asked(RICH, a_question(answer=Answer.YES)), reader=a_member())

    for notice in (Notice.NOT_THIS_TIME, Notice.WITHDRAWN):
        effect = Notify(SAM, notice, cast.subject.id, Side.SEEKER)
        assert notices.notice(cast, effect) == notices.notice(erased(cast, PIA), effect)


def test_a_report_names_neither_party_nor_who_reported() -> None:
    text = canonical_text(notices.report(a_cast("en", asked(RICH)), SendReport(ReferralId("referral"), SAM, 0)))

    assert "@U-m-rita" in text
    assert "@U-m-sam" not in text
    assert "@U-m-pia" not in text


def test_an_offer_of_help_has_no_referrer_and_no_endorsement() -> None:
    words = {**RICH, Slot.ENDORSEMENT: "the best there is"}
    cast = a_cast("en", helped(words))

    text = introduction.introduction_text(cast)
    prompt = prompts.prompt(cast, a_question())

    assert "Introduced by" not in text
    assert "the best there is" not in text
    assert "Ask the referrer something" not in canonical_text(prompt)


def test_the_three_answers_come_first_and_stand_in_one_row() -> None:
    for stage in (Stage.SEEKER_NAMED, Stage.PROVIDER_NAMED, Stage.SEEKER_ROLE, Stage.PROVIDER_ROLE):
        referral = a_prompt_for(stage, RICH)
        message = prompts.prompt(a_cast("en", referral), referral.questions[-1])

        first = next(part for part in message.parts if isinstance(part, Buttons))
        assert [button.label for button in first.buttons] == ["Yes, introduce us", "Yes, but…", "No, thanks"]


def test_every_phrase_has_words() -> None:
    assert set(SAYINGS) == set(Say)


def test_a_reply_without_its_moment_still_reads() -> None:
    for say in Say:
        message = replies.told(a_cast("en"), Told(say))
        assert "{" not in canonical_text(message)


def test_a_tip_has_no_field_for_a_person_in_need_or_a_contact() -> None:
    keys = [field.key for field in forms.lead(a_cast("en")).fields]

    assert keys == ["provider", Slot.NEED]


def test_a_form_offers_again_what_was_typed() -> None:
    form = forms.filled(forms.ask(a_cast("en")), {"need": "typed", "urgent": "yes"})

    assert [field.value for field in form.fields] == ["typed", "", "yes", ""]
    assert {field.kind for field in form.fields} <= set(FieldKind)


@pytest.mark.parametrize(
    ("text", "is_little"),
    [
        ("Great guy!", True),
        ("Toller Typ, sehr kompetent und zuverlässig.", True),
        ("She is really the best.", True),
        ("Books", True),
        ("She found 3,100 euros for a carpenter.", False),
        ("Hat meiner Tischlerei 3.100 Euro zurückgeholt.", False),
    ],
)
def test_mere_praise_gets_a_hint(text: str, *, is_little: bool) -> None:
    words = {**RICH, Slot.WHY: text}

    found = introduction.hints(a_cast("en", a_draft(words)))

    assert hints.says_little(text) is is_little
    assert found == (("Why this person? Say what they did, rather than that they are good.",) if is_little else ())


def test_a_question_about_a_withdrawn_name_use_can_be_asked_once_more() -> None:
    done = agreed(no_introduction=True)
    effect = Notify(SAM, Notice.WRITE_TO_THEM, done.id, Side.SEEKER)

    message = notices.notice(a_cast("en", done, now=NOW + timedelta(days=1)), effect)

    assert [b.ref for part in message.parts if isinstance(part, Buttons) for b in part.buttons] == ["referral.0"]
