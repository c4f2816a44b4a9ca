"""What a party says came of an introduction: what is recorded, who hears it, and what the tally can be made from."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain import outcome as o
from bot.domain.decision import Decision, Say, Told
from bot.domain.effects import Notice, Notify
from bot.domain.errors import NotAPartyError
from bot.domain.events import Event, EventKind
from bot.domain.following import decide_follow_up, next_due
from bot.domain.group import Settings
from bot.domain.hearing import Surroundings
from bot.domain.ids import MemberId
from bot.domain.kind import Kind
from bot.domain.outcome import Amount, FollowUp, Outcome, Part
from bot.domain.place import Place
from bot.domain.question import Side
from tests.factories import GROUP, NOW, OTTO, PIA, RITA, SAM, a_follow_up, a_group, a_member, surroundings

DAY = timedelta(days=1)
SEEKER, PROVIDER = Side.SEEKER, Side.PROVIDER
BY = {SAM: SEEKER, PIA: PROVIDER}
REFERRAL = a_follow_up().referral


def do(
    state: FollowUp, command: o.FollowUpCommand, after: timedelta = DAY, around: Surroundings | None = None
) -> Decision[FollowUp]:
    return decide_follow_up(state, command, around or surroundings(), NOW + after)


def said(decision: Decision[FollowUp]) -> Say:
    assert isinstance(decision.outcome, Told)
    return decision.outcome.say


def heard(side: Side, notice: Notice = Notice.OUTCOME_HEARD, occasion: str = "") -> Notify:
    return Notify(RITA, notice, REFERRAL, side, occasion=occasion)


def reported(by: MemberId, outcome: Outcome, **more: str) -> Event:
    facts = {"outcome": outcome.value, "side": BY[by].value, **more}
    return Event(EventKind.OUTCOME_REPORTED, GROUP, by=by, referral=REFERRAL, facts=facts)


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("outcome", [one for one in Outcome if one is not Outcome.WAS_A_LEAD])
def test_what_a_party_says_is_kept_and_the_referrer_hears_that_they_answered(by: MemberId, outcome: Outcome) -> None:
    decision = do(a_follow_up(), o.Report(by, outcome))

    assert decision.state.part(BY[by]) == Part(outcome=outcome, reported_at=NOW + DAY, heard=True)
    assert said(decision) is Say.OUTCOME_RECORDED
    assert decision.effects == (heard(BY[by]),)
    assert decision.events == (reported(by, outcome),)


def test_the_same_again_changes_nothing_and_a_later_word_takes_the_place_of_an_earlier_one() -> None:
    first = do(a_follow_up(), o.Report(SAM, Outcome.TALKING)).state
    first = do(do(first, o.TellOutcome(SAM)).state, o.Report(PIA, Outcome.WON)).state

    again = do(first, o.Report(SAM, Outcome.TALKING), 2 * DAY)
    changed = do(first, o.Report(SAM, Outcome.LOST), 2 * DAY)

    assert again == Decision(first, Told(Say.OUTCOME_RECORDED))
    assert changed.state.part(SEEKER) == Part(outcome=Outcome.LOST, reported_at=NOW + 2 * DAY, heard=True)
    assert changed.state.part(PROVIDER) == first.part(PROVIDER)
    assert (changed.effects, changed.events) == ((), (reported(SAM, Outcome.LOST),))


UNHEARD: Mapping[str, tuple[dict[str, Any], Surroundings]] = {
    "nobody, where a helper offered it": ({"referrer": None}, surroundings()),
    "nobody, when the referrer left": ({}, surroundings(people={SAM: a_member(), RITA: a_member(id=RITA, joined={})})),
    "nobody, when the referrer blocked them": (
        {},
        surroundings(people={SAM: a_member(), RITA: a_member(id=RITA, blocks=frozenset({SAM}))}),
    ),
    "nobody, when they blocked the referrer": (
        {},
        surroundings(people={SAM: a_member(blocks=frozenset({RITA})), RITA: a_member(id=RITA)}),
    ),
    "nobody, when they are unknown": ({}, surroundings(people={RITA: a_member(id=RITA)})),
}


@pytest.mark.parametrize(("changes", "around"), UNHEARD.values(), ids=UNHEARD)
def test_who_hears_nothing_changes_no_reply(changes: dict[str, Any], around: Surroundings) -> None:
    decision = do(a_follow_up(**changes), o.Report(SAM, Outcome.TALKING), around=around)

    assert said(decision) is Say.OUTCOME_RECORDED
    assert decision.effects == ()
    assert decision.events == (reported(SAM, Outcome.TALKING),)
    assert not decision.state.part(SEEKER).heard


def test_the_referrer_hears_what_only_by_a_tick_and_once() -> None:
    state = do(a_follow_up(), o.Report(SAM, Outcome.WON)).state

    told = do(state, o.TellOutcome(SAM), 2 * DAY)
    again = do(told.state, o.TellOutcome(SAM), 3 * DAY)

    assert told.state.part(SEEKER).tells_referrer
    assert (said(told), told.effects) == (Say.OUTCOME_TOLD, (heard(SEEKER, occasion=(NOW + DAY).isoformat()),))
    assert again == Decision(told.state, Told(Say.OUTCOME_TOLD))
    assert said(do(a_follow_up(), o.TellOutcome(SAM))) is Say.DONE
    assert said(do(replace(state, referrer=None), o.TellOutcome(SAM))) is Say.NO_REFERRER


STRANGERS: Mapping[str, o.FollowUpCommand] = {
    "an outcome": o.Report(RITA, Outcome.WON),
    "telling": o.TellOutcome(OTTO),
    "later questions": o.ChooseLater(RITA, yes=True),
    "what was left to sell": o.ConfirmReady(SAM, little_left=True),
    "an amount": o.SayAmount(RITA, Amount.SOME),
    "that it was a lead": o.Reclassify(SAM),
}


@pytest.mark.parametrize("command", STRANGERS.values(), ids=STRANGERS)
def test_it_is_nobody_elses_to_say(command: o.FollowUpCommand) -> None:
    with pytest.raises(NotAPartyError):
        do(a_follow_up(), command)


LONG_AGO: Mapping[str, o.FollowUpCommand] = {
    "an outcome": o.Report(SAM, Outcome.WON),
    "telling": o.TellOutcome(SAM),
    "later questions": o.ChooseLater(SAM, yes=True),
    "what was left to sell": o.ConfirmReady(PIA, little_left=True),
    "an amount": o.SayAmount(PIA, Amount.SOME),
    "that it was a lead": o.Reclassify(PIA),
    "thanks": o.Thank(SAM, "Thank you!", may_show=True),
}


@pytest.mark.parametrize("command", LONG_AGO.values(), ids=LONG_AGO)
def test_after_a_hundred_and_twenty_days_it_was_long_ago(command: o.FollowUpCommand) -> None:
    state = a_follow_up(parts={SEEKER: Part(outcome=Outcome.TALKING, reported_at=NOW)})

    decision = do(state, command, 120 * DAY)

    assert decision == Decision(state, Told(Say.FOLLOWED_UP_LONG_AGO))


def test_later_questions_are_chosen_and_declined_and_a_day_that_is_over_is_not_made_up_for() -> None:
    state = a_follow_up(nudged=True, parts={SEEKER: Part(asked_on=frozenset({7})), PROVIDER: Part(gone=True)})

    chosen = do(state, o.ChooseLater(SAM, yes=True), 8 * DAY)
    chosen_late = do(state, o.ChooseLater(SAM, yes=True), 40 * DAY)
    declined = do(chosen.state, o.ChooseLater(SAM, yes=False), 9 * DAY)

    assert [said(one) for one in (chosen, declined)] == [Say.LATER_CHOSEN, Say.LATER_DECLINED]
    dues = [next_due(one.state) for one in (chosen, chosen_late, declined)]
    assert dues == [NOW + 30 * DAY, NOW + 90 * DAY, None]


def test_the_provider_confirms_what_was_left_to_sell_and_each_change_is_logged_once() -> None:
    state = a_follow_up()

    yes = do(state, o.ConfirmReady(PIA, little_left=True))
    again = do(yes.state, o.ConfirmReady(PIA, little_left=True))
    no = do(yes.state, o.ConfirmReady(PIA, little_left=False))

    assert [said(one) for one in (yes, again, no)] == [Say.READY_RECORDED] * 3
    assert [one.state.kind_now for one in (yes, no)] == [Kind.READY, Kind.RECOMMENDATION]
    assert again == Decision(yes.state, yes.outcome)
    facts = {"little_left": "true", "kind": "ready", "week": "2026-W47"}
    assert yes.events == (Event(EventKind.READY_CONFIRMED, GROUP, by=PIA, referral=REFERRAL, facts=facts),)
    assert [event.facts["kind"] for event in no.events] == ["recommendation"]
    informed = a_follow_up(kind=Kind.INFORMED)
    assert do(informed, o.ConfirmReady(PIA, little_left=True)).state.kind_now is Kind.INFORMED


def test_an_amount_is_taken_of_what_was_won_and_goes_with_another_outcome() -> None:
    won = do(a_follow_up(), o.Report(PIA, Outcome.WON)).state

    taken = do(won, o.SayAmount(PIA, Amount.HUNDREDS))
    again = do(taken.state, o.SayAmount(PIA, Amount.HUNDREDS))
    lost = do(taken.state, o.Report(PIA, Outcome.LOST))

    assert (said(taken), taken.effects) == (Say.AMOUNT_RECORDED, ())
    assert taken.events == (reported(PIA, Outcome.WON, amount="500", again="true"),)
    more = do(taken.state, o.SayAmount(PIA, Amount.MOST))
    assert more.events == (reported(PIA, Outcome.WON, amount="50000", again="true", before="500"),)
    assert again == Decision(taken.state, Told(Say.AMOUNT_RECORDED))
    assert lost.state.part(PROVIDER).amount is None


NOT_TAKEN: Mapping[str, tuple[Outcome, Surroundings]] = {
    "the group does not count them": (Outcome.WON, surroundings(group=a_group(settings=Settings()))),
    "the platform does not allow it": (Outcome.WON, surroundings(place=Place(takes_amounts=False))),
    "nothing was won": (Outcome.TALKING, surroundings()),
}


@pytest.mark.parametrize(("outcome", "around"), NOT_TAKEN.values(), ids=NOT_TAKEN)
def test_an_amount_is_not_taken_otherwise(outcome: Outcome, around: Surroundings) -> None:
    state = do(a_follow_up(), o.Report(SAM, outcome)).state

    assert do(state, o.SayAmount(SAM, Amount.MOST), around=around) == Decision(state, Told(Say.AMOUNTS_NOT_TAKEN))


@pytest.mark.parametrize("command", [o.Reclassify(PIA), o.Report(PIA, Outcome.WAS_A_LEAD)])
def test_the_provider_makes_a_lead_of_it_once_and_the_referrer_hears_it_kindly(command: o.FollowUpCommand) -> None:
    decision = do(a_follow_up(), command, 14 * DAY - timedelta(microseconds=1))
    again = do(decision.state, command, 15 * DAY)

    assert said(decision) is said(again) is Say.RECLASSIFIED
    assert decision.state.part(PROVIDER).outcome is Outcome.WAS_A_LEAD
    assert decision.effects == (heard(PROVIDER, Notice.RECLASSIFIED),)
    facts = {"week": "2026-W47", "kind": "recommendation", "referrer": RITA}
    reversal = Event(EventKind.RECLASSIFIED, GROUP, by=PIA, referral=REFERRAL, facts=facts)
    assert decision.events == (reported(PIA, Outcome.WAS_A_LEAD), reversal)
    assert (again.state, again.effects, again.events) == (decision.state, (), ())


def test_a_reversal_stands_whatever_the_provider_says_afterwards() -> None:
    reversed_ = do(a_follow_up(referrer=None), o.Reclassify(PIA))

    changed = do(do(reversed_.state, o.Report(PIA, Outcome.WON)).state, o.Reclassify(PIA), 2 * DAY)

    assert reversed_.effects == ()
    assert [event.facts.get("referrer") for event in reversed_.events] == [None, ""]
    assert said(changed) is Say.RECLASSIFIED
    assert changed.state.reclassified_at == NOW + DAY
    assert changed.events == (reported(PIA, Outcome.WAS_A_LEAD, reclassified="true"),)


def test_after_the_window_it_is_too_late_to_correct_the_tally_and_the_word_is_kept() -> None:
    decision = do(a_follow_up(), o.Reclassify(PIA), 14 * DAY)

    assert said(decision) is Say.TOO_LATE_TO_RECLASSIFY
    assert decision.state.reclassified_at is None
    assert decision.state.part(PROVIDER).outcome is Outcome.WAS_A_LEAD
    assert (decision.effects, decision.events) == ((heard(PROVIDER),), (reported(PIA, Outcome.WAS_A_LEAD),))


def test_the_seekers_word_that_it_was_a_lead_corrects_nothing() -> None:
    decision = do(a_follow_up(), o.Report(SAM, Outcome.WAS_A_LEAD))

    assert decision.state.reclassified_at is None
    assert decision.events == (reported(SAM, Outcome.WAS_A_LEAD),)
