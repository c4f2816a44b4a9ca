"""Thanks and testimonials: who may say them, who hears them, what may be shown of them, and the receipts of that."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain import outcome as o
from bot.domain.decision import ConsentReceipt, Decision, Form, Refused, Say, Told
from bot.domain.effects import Notice, Notify
from bot.domain.errors import NotAPartyError, NotFoundError
from bot.domain.events import Event, EventKind
from bot.domain.following import decide_follow_up
from bot.domain.hearing import Surroundings
from bot.domain.ids import MemberId
from bot.domain.outcome import FollowUp, Outcome, Part, Thanks
from bot.domain.question import Answer, Side
from bot.domain.saying import words_of
from bot.domain.words import Fault, Slot
from tests.factories import GROUP, NOW, OTTO, PIA, RITA, SAM, a_follow_up, a_member, surroundings

DAY = timedelta(days=1)
SEEKER, PROVIDER = Side.SEEKER, Side.PROVIDER
REFERRAL = a_follow_up().referral
LINE = "Our books are done, and we sleep again."
TALKING = Part(outcome=Outcome.TALKING, reported_at=NOW)
WON = Part(outcome=Outcome.WON, reported_at=NOW)
GIVEN = o.Testimonial(LINE, NOW, may_show=True)
FAULTS = {"": Fault.MISSING, "  ": Fault.MISSING, "x" * 601: Fault.TOO_LONG, "see pia.com": Fault.LINK}
FAULTS |= {"thanks @rita": Fault.MENTION}


def do(
    state: FollowUp, command: o.FollowUpCommand, after: timedelta = DAY, around: Surroundings | None = None
) -> Decision[FollowUp]:
    return decide_follow_up(state, command, around or surroundings(), NOW + after)


def said(decision: Decision[FollowUp]) -> Say:
    assert isinstance(decision.outcome, Told)
    return decision.outcome.say


def talked(**changes: Any) -> FollowUp:  # noqa: ANN401 -- any field
    return a_follow_up(**({"parts": {SEEKER: TALKING, PROVIDER: WON}, "testimonial_asked": True} | changes))


def on_card(**changes: Any) -> FollowUp:  # noqa: ANN401 -- any field of the testimonial
    return talked(testimonial=replace(GIVEN, **changes))


def receipt(number: int, by: MemberId, answer: Answer, slot: Slot, to: MemberId | None = None) -> ConsentReceipt:
    return ConsentReceipt(REFERRAL, number, by, answer, NOW + DAY, (slot,), to)


def test_a_party_thanks_the_referrer_once_and_each_party_may() -> None:
    decision = do(talked(), o.Thank(SAM, LINE, may_show=True))
    again = do(decision.state, o.Thank(SAM, "Another line.", may_show=False), 2 * DAY)
    other = do(decision.state, o.Thank(PIA, "Good people.", may_show=False))

    assert decision.state.thanks == {SEEKER: Thanks(LINE, NOW + DAY, may_show=True)}
    assert decision.effects == (Notify(RITA, Notice.THANKS, REFERRAL, SEEKER),)
    facts = {"to": RITA, "may_show": "true", "side": "seeker"}
    assert decision.events == (Event(EventKind.THANKED, GROUP, by=SAM, referral=REFERRAL, facts=facts),)
    assert decision.receipts == (receipt(-1, SAM, Answer.YES, Slot.THANKS),)
    assert again == Decision(decision.state, Told(Say.THANKED))
    assert other.state.thanks.keys() == {SEEKER, PROVIDER}
    assert (said(other), other.receipts) == (Say.THANKED, ())
    assert words_of(decision.state, -1) == (LINE, frozenset({RITA, SAM, PIA}))
    assert words_of(other.state, -2) == ("Good people.", frozenset({RITA, SAM, PIA}))


def test_thanks_that_do_not_reach_the_referrer_are_nowhere_for_them_and_the_reply_is_the_same() -> None:
    blocked = surroundings(people={SAM: a_member(), RITA: a_member(id=RITA, blocks=frozenset({SAM}))})

    decision = do(talked(), o.Thank(SAM, LINE, may_show=True), around=blocked)

    assert (said(decision), decision.effects) == (Say.THANKED, ())
    assert [event.facts["to"] for event in decision.events] == [""]
    with pytest.raises(NotFoundError):
        do(decision.state, o.ShowThanks(RITA, SEEKER, yes=True))


def test_no_words_are_taken_about_somebody_who_was_erased() -> None:
    erased = surroundings(
        people={SAM: a_member(), PIA: a_member(id=PIA, user=None), RITA: a_member(id=RITA, user=None)}
    )

    assert said(do(talked(), o.Thank(SAM, LINE, may_show=True), around=erased)) is Say.NO_REFERRER
    with pytest.raises(NotFoundError):
        do(talked(), o.Testify(SAM, LINE, may_show=True), around=erased)


def test_thanks_need_a_referrer_an_outcome_and_a_party() -> None:
    assert said(do(talked(referrer=None), o.Thank(SAM, LINE, may_show=True))) is Say.NO_REFERRER
    for state, by in ((a_follow_up(), SAM), (talked(), RITA), (talked(), OTTO)):
        with pytest.raises(NotAPartyError):
            do(state, o.Thank(by, LINE, may_show=True))


@pytest.mark.parametrize(("words", "fault"), FAULTS.items())
def test_words_that_cannot_stand_are_refused_at_their_field(words: str, fault: Fault) -> None:
    thanks = do(talked(), o.Thank(SAM, words, may_show=True))
    testimonial = do(talked(), o.Testify(SAM, words, may_show=True))

    assert thanks == Decision(talked(), Refused({Slot.THANKS: fault}, Form.THANKS))
    assert testimonial == Decision(talked(), Refused({Slot.TESTIMONIAL: fault}, Form.TESTIMONIAL))


def test_thanks_are_public_only_if_both_want_that_and_the_log_has_every_change() -> None:
    state = do(talked(), o.Thank(SAM, LINE, may_show=True)).state

    shown = do(state, o.ShowThanks(RITA, SEEKER, yes=True))
    again = do(shown.state, o.ShowThanks(RITA, SEEKER, yes=True))
    hidden = do(shown.state, o.ShowThanks(RITA, SEEKER, yes=False))

    assert [one.state.thanks[SEEKER].is_public for one in (shown, hidden)] == [True, False]
    assert [said(one) for one in (shown, again, hidden)] == [
        Say.THANKS_SHOWN,
        Say.THANKS_SHOWN,
        Say.THANKS_NOT_SHOWN,
    ]
    facts = {"yes": "true", "may_show": "true", "side": "seeker"}
    assert shown.events == (Event(EventKind.THANKS_SHOWN, GROUP, by=RITA, referral=REFERRAL, facts=facts),)
    assert [event.facts["yes"] for event in hidden.events] == ["false"]
    assert shown.receipts == (receipt(-1, RITA, Answer.YES, Slot.THANKS),)
    assert hidden.receipts == (receipt(-1, RITA, Answer.TAKEN_BACK, Slot.THANKS),)
    assert (again.state, again.events, again.receipts) == (shown.state, (), ())
    assert not replace(shown.state.thanks[SEEKER], may_show=False).is_public
    assert not replace(shown.state.thanks[SEEKER], words="").is_public


def test_who_said_thank_you_takes_it_out_of_the_tally_and_puts_it_back_at_any_time() -> None:
    blocked = surroundings(people={SAM: a_member(), RITA: a_member(id=RITA, blocks=frozenset({SAM}))})
    state = do(do(talked(), o.Thank(SAM, LINE, may_show=True)).state, o.ShowThanks(RITA, SEEKER, yes=True)).state
    unread = do(talked(), o.Thank(SAM, LINE, may_show=True), around=blocked).state

    back = do(state, o.ShowThanks(SAM, SEEKER, yes=False), 400 * DAY)
    again = do(back.state, o.ShowThanks(SAM, SEEKER, yes=True))

    assert [one.state.thanks[SEEKER].is_public for one in (back, again)] == [False, True]
    assert [one.events[0].facts for one in (back, again)] == [
        {"yes": "true", "may_show": "false", "side": "seeker"},
        {"yes": "true", "may_show": "true", "side": "seeker"},
    ]
    assert [(one.receipts[0].by, one.receipts[0].answer) for one in (back, again)] == [
        (SAM, Answer.TAKEN_BACK),
        (SAM, Answer.YES),
    ]
    assert said(do(unread, o.ShowThanks(SAM, SEEKER, yes=False))) is said(back), "a block changes no reply"


def test_only_the_referrer_and_who_said_them_show_thanks_and_only_those_that_are_there() -> None:
    state = do(talked(), o.Thank(SAM, LINE, may_show=True)).state
    forgotten = replace(state, thanks={SEEKER: Thanks("", NOW, may_show=True)})

    with pytest.raises(NotAPartyError):
        do(state, o.ShowThanks(PIA, SEEKER, yes=True))
    for one, side in ((state, PROVIDER), (forgotten, SEEKER)):
        with pytest.raises(NotFoundError):
            do(one, o.ShowThanks(RITA, side, yes=True))


def test_who_says_it_was_won_as_the_seeker_may_testify_and_nobody_is_asked_for_that_by_what_the_other_said() -> None:
    by_seeker = do(a_follow_up(), o.Report(SAM, Outcome.WON))
    by_provider = do(a_follow_up(), o.Report(PIA, Outcome.WON))

    assert by_seeker.state.testimonial_asked
    assert not by_provider.state.testimonial_asked
    assert {effect.to for effect in by_provider.effects if isinstance(effect, Notify)} == {RITA}
    with pytest.raises(NotAPartyError):
        do(by_provider.state, o.Testify(SAM, LINE, may_show=True))


def test_the_provider_who_won_may_have_the_seeker_asked_once() -> None:
    state = talked(testimonial_asked=False)

    wanted = do(state, o.WantTestimonial(PIA))
    again = do(wanted.state, o.WantTestimonial(PIA))

    assert wanted.effects == (Notify(SAM, Notice.TESTIMONIAL_WANTED, REFERRAL, SEEKER),)
    assert again == Decision(wanted.state, wanted.outcome)
    for one, by in ((a_follow_up(), PIA), (state, SAM), (state, RITA)):
        with pytest.raises(NotAPartyError):
            do(one, o.WantTestimonial(by))


UNASKED: Mapping[str, tuple[dict[str, Any], Surroundings]] = {
    "somebody outside the chat": ({"seeker": None}, surroundings()),
    "on a break": ({}, surroundings(people={SAM: a_member(paused_until=NOW + 9 * DAY)})),
    "gone": ({}, surroundings(people={SAM: a_member(joined={})})),
}


@pytest.mark.parametrize(("changes", "around"), UNASKED.values(), ids=UNASKED)
def test_a_seeker_who_cannot_be_asked_is_not_and_the_reply_is_the_same(
    changes: dict[str, Any], around: Surroundings
) -> None:
    state = talked(testimonial_asked=False, **changes)

    assert do(state, o.WantTestimonial(PIA), around=around) == Decision(state, Told(Say.DONE))


def test_a_testimonial_stands_on_the_card_with_a_consent_of_its_own() -> None:
    kept = do(talked(), o.Testify(SAM, LINE, may_show=False))
    given = do(talked(), o.Testify(SAM, LINE, may_show=True))

    assert kept.state.testimonial == o.Testimonial(LINE, NOW + DAY)
    assert (said(kept), kept.effects, kept.receipts) == (Say.TESTIMONIAL_SAVED, (), ())
    assert not kept.state.is_on_card
    assert given.state.is_on_card
    assert (said(given), given.effects) == (
        Say.TESTIMONIAL_SHOWN,
        (Notify(PIA, Notice.TESTIMONIAL_GIVEN, REFERRAL, PROVIDER, occasion="1"),),
    )
    facts = {"may_show": "true", "edition": "1"}
    assert given.events == (Event(EventKind.TESTIMONIAL_GIVEN, GROUP, by=SAM, referral=REFERRAL, facts=facts),)
    assert given.receipts == (receipt(-3, SAM, Answer.YES, Slot.TESTIMONIAL, PIA),)
    assert words_of(given.state, -3) == (LINE, frozenset({SAM, PIA}))
    assert words_of(a_follow_up(), -3) == ("", frozenset({SAM, PIA}))


def test_other_words_are_another_edition_and_the_consent_to_the_first_ends() -> None:
    same = do(on_card(), o.Testify(SAM, LINE, may_show=True))
    quiet = do(on_card(), o.Testify(SAM, LINE, may_show=False))
    other = do(on_card(hidden=True), o.Testify(SAM, "Quick and calm.", may_show=True))

    assert same == Decision(on_card(), Told(Say.TESTIMONIAL_SHOWN))
    assert quiet.state.testimonial == replace(GIVEN, may_show=False)
    assert other.state.testimonial == o.Testimonial("Quick and calm.", NOW + DAY, 2, may_show=True, hidden=True)
    assert other.receipts == (
        receipt(-3, SAM, Answer.TAKEN_BACK, Slot.TESTIMONIAL, PIA),
        receipt(-4, SAM, Answer.YES, Slot.TESTIMONIAL, PIA),
    )
    first_public = do(on_card(may_show=False), o.Testify(SAM, "Quick and calm.", may_show=False))
    assert first_public.receipts == ()


def test_the_seeker_takes_it_back_at_any_time_and_may_agree_again() -> None:
    back = do(on_card(), o.ShowTestimonial(SAM, yes=False), 400 * DAY)
    again = do(back.state, o.ShowTestimonial(SAM, yes=False), 400 * DAY)
    agreed = do(back.state, o.ShowTestimonial(SAM, yes=True))

    assert not back.state.is_on_card
    assert (said(back), back.effects) == (Say.TESTIMONIAL_NOT_SHOWN, ())
    assert [(one.number, one.answer) for one in back.receipts] == [(-3, Answer.TAKEN_BACK)]
    assert again == Decision(back.state, back.outcome)
    assert agreed.receipts == (receipt(-3, SAM, Answer.YES, Slot.TESTIMONIAL, PIA),)
    assert [effect.to for effect in agreed.effects if isinstance(effect, Notify)] == [PIA]


def test_the_provider_hides_it_and_puts_it_back_and_hears_nothing_of_one_they_may_not_see() -> None:
    hidden = do(on_card(), o.HideTestimonial(PIA, hidden=True))
    back = do(hidden.state, o.HideTestimonial(PIA, hidden=False))
    gone = surroundings(people={SAM: a_member(), PIA: a_member(id=PIA, joined={})})

    assert [one.state.is_on_card for one in (hidden, back)] == [False, True]
    assert [said(one) for one in (hidden, back)] == [Say.TESTIMONIAL_NOT_SHOWN, Say.TESTIMONIAL_SHOWN]
    assert do(talked(), o.Testify(SAM, LINE, may_show=True), around=gone).effects == ()
    for state in (talked(), on_card(may_show=False), on_card(words="")):
        with pytest.raises(NotFoundError):
            do(state, o.HideTestimonial(PIA, hidden=True))
    for state in (talked(), on_card(words="")):
        with pytest.raises(NotFoundError):
            do(state, o.ShowTestimonial(SAM, yes=True))


STRANGERS: tuple[o.FollowUpCommand, ...] = (
    o.Testify(PIA, LINE, may_show=True),
    o.ShowTestimonial(PIA, yes=True),
    o.HideTestimonial(SAM, hidden=True),
)


@pytest.mark.parametrize("command", STRANGERS)
def test_a_testimonial_is_its_authors_to_show_and_its_subjects_to_hide(command: o.FollowUpCommand) -> None:
    with pytest.raises(NotAPartyError):
        do(on_card(), command)
