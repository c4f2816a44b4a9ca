"""The draft: nothing typed is lost, nothing of another's is written, and nothing faulty gets out."""

from dataclasses import replace

import pytest

from bot.domain import commands as c
from bot.domain.decision import Form, NeedsWords, Say
from bot.domain.errors import NotAPartyError
from bot.domain.events import EventKind
from bot.domain.group import Reveal
from bot.domain.ids import AskId, GuestId
from bot.domain.member import Guest
from bot.domain.question import Side
from bot.domain.referral import Basis, Purpose, Referral, Status, Tick
from bot.domain.words import MAX_LONG, Fault, Slot
from tests.factories import NOW, OTTO, PIA, RITA, SAM, a_member, a_referral, around
from tests.unit.doing import asked, by, do, faults, introduced, said, with_person

BLANK = Referral(a_referral().id, a_referral().group, NOW, RITA)
FULL = c.WriteDraft(RITA, SAM, PIA, {Slot.NEED: "His books.", Slot.WHY: "She is quick."})


def test_a_draft_keeps_everything_that_was_typed() -> None:
    command = replace(FULL, basis=Basis.DIRECT, purpose=Purpose.ADVICE, first_move=Side.SEEKER, ask=AskId("ask"))

    draft = do(BLANK, command).state

    assert (draft.seeker, draft.provider, draft.words) == (SAM, PIA, FULL.words)
    assert (draft.basis, draft.purpose, draft.first_move) == (Basis.DIRECT, Purpose.ADVICE, Side.SEEKER)
    assert (draft.ask, draft.status) == ("ask", Status.DRAFT)


def test_a_draft_is_stored_before_it_is_judged() -> None:
    decision = do(BLANK, c.WriteDraft(RITA, words={Slot.WHY: "See https://example.org"}))

    assert faults(decision) == {Slot.NEED: Fault.MISSING, Slot.WHY: Fault.LINK}
    assert decision.state.words == {Slot.WHY: "See https://example.org"}
    assert [event.kind for event in decision.events] == [EventKind.DRAFT_STARTED]


def test_a_stored_draft_does_not_start_anew() -> None:
    decision = do(replace(BLANK, version=1), FULL)

    assert (decision.events, said(decision)) == ((), Say.SAVED)


def test_faults_of_one_form_are_shown_together_and_those_of_the_next_one_later() -> None:
    typed = {Slot.RESULT: "x" * (MAX_LONG + 1), Slot.IN_COMMON: "write to a@b.example", Slot.SEEKER_BLIND: "@sam"}
    better = do(BLANK, replace(FULL, words={**FULL.words, **typed}))
    blind = do(BLANK, replace(FULL, words={**FULL.words, Slot.SEEKER_BLIND: "@sam"}))

    assert faults(better) == {Slot.RESULT: Fault.TOO_LONG, Slot.IN_COMMON: Fault.CONTACT}
    assert faults(blind) == {Slot.SEEKER_BLIND: Fault.MENTION}


def test_a_description_must_not_name_whom_it_describes() -> None:
    world = around(names={Side.SEEKER: ("Sam Smith", "Smith & Sons")})

    decision = do(BLANK, replace(FULL, words={**FULL.words, Slot.SEEKER_BLIND: "smiths of the north"}), NOW, world)

    assert faults(decision) == {Slot.SEEKER_BLIND: Fault.NAMES_THEM}


def test_a_referrer_cannot_type_what_is_a_partys_own() -> None:
    typed = {Slot.SEEKER_CONTACT: "sam@example.org", Slot.PROVIDER_ABOUT: "the best", Slot.REASON: "none"}

    draft = do(BLANK, replace(FULL, words={**FULL.words, **typed})).state

    assert draft.words == FULL.words


@pytest.mark.parametrize(
    ("command", "say"),
    [
        (replace(FULL, seeker=None), Say.SEEKER_MISSING),
        (replace(FULL, provider=None), Say.PROVIDER_MISSING),
        (replace(FULL, seeker=RITA), Say.YOURSELF),
        (replace(FULL, provider=RITA), Say.YOURSELF),
        (replace(FULL, provider=SAM), Say.SAME_PERSON),
    ],
)
def test_a_draft_about_the_wrong_people_says_so_and_keeps_the_words(command: c.WriteDraft, say: Say) -> None:
    decision = do(BLANK, command)

    assert said(decision) is say
    assert decision.state.words == FULL.words


def test_an_emptied_field_is_dropped() -> None:
    draft = do(BLANK, replace(FULL, words={**FULL.words, Slot.RESULT: "Two evenings."})).state

    draft = do(draft, c.WriteDraft(RITA, words={Slot.RESULT: ""})).state

    assert draft.words == FULL.words


def test_another_provider_has_to_be_judged_anew() -> None:
    draft = do(a_referral(), c.WriteDraft(RITA, provider=OTTO)).state

    assert (draft.status, draft.need, draft.fit) == (Status.DRAFT, Tick.YES, None)


def test_another_seeker_has_to_be_judged_anew_and_no_longer_answers_the_ask() -> None:
    draft = do(a_referral(ask=AskId("ask")), c.WriteDraft(RITA, seeker=OTTO)).state

    assert (draft.status, draft.need, draft.fit, draft.ask) == (Status.DRAFT, None, None, None)


def test_the_same_seeker_still_answers_the_ask() -> None:
    draft = do(a_referral(ask=AskId("ask")), c.WriteDraft(RITA, seeker=SAM)).state

    assert (draft.status, draft.ask) == (Status.SCREENED, "ask")


def test_a_seeker_can_be_taken_out() -> None:
    decision = do(a_referral(), c.WriteDraft(RITA, clears_seeker=True))

    assert (said(decision), decision.state.seeker) == (Say.SEEKER_MISSING, None)


@pytest.mark.parametrize("choice", c.Choice)
def test_a_choice_is_switched_on_and_off_again(choice: c.Choice) -> None:
    once = do(a_referral(), c.Toggle(RITA, choice)).state

    twice = do(once, c.Toggle(RITA, choice)).state

    assert once != a_referral()
    assert twice == a_referral()


def test_role_only_is_the_referrers_choice() -> None:
    draft = do(a_referral(), c.Toggle(RITA, c.Choice.ROLE_ONLY)).state

    assert draft.reveal is Reveal.ROLE_ONLY


EVERY_DRAFT_COMMAND = [
    FULL,
    c.AnswerFilter(RITA, c.Filter.NEED, Tick.YES),
    c.Toggle(RITA, c.Choice.URGENT),
    c.CheckFit(RITA),
    c.KeepAsLead(RITA),
    c.SendLead(RITA, PIA, "A tip"),
    c.UpgradeLead(RITA),
    c.Discard(RITA),
    c.AskThem(RITA),
]


@pytest.mark.parametrize("command", EVERY_DRAFT_COMMAND, ids=lambda command: type(command).__name__)
def test_a_started_referral_is_frozen(command: c.ReferralCommand) -> None:
    for referral in (asked(), introduced()):
        decision = do(referral, command)

        assert (said(decision), decision.state) == (Say.FROZEN, referral)


@pytest.mark.parametrize("command", EVERY_DRAFT_COMMAND, ids=lambda command: type(command).__name__)
def test_nobody_else_touches_a_draft(command: c.ReferralCommand) -> None:
    with pytest.raises(NotAPartyError) as refused:
        do(a_referral(starter=OTTO), command)

    assert (refused.value.thing, refused.value.who) == ("referral", RITA)


def test_nobody_is_asked_before_the_two_questions_are_answered() -> None:
    decision = do(a_referral(status=Status.DRAFT, need=None, fit=None), c.AskThem(RITA))

    assert (said(decision), decision.effects) == (Say.NOT_FILTERED, ())


def test_nobody_is_asked_over_faulty_words() -> None:
    decision = do(a_referral(words={Slot.NEED: "His books."}), c.AskThem(RITA))

    assert faults(decision) == {Slot.WHY: Fault.MISSING}


def test_questions_by_role_first_need_their_descriptions() -> None:
    decision = do(a_referral(reveal=Reveal.ROLE_ONLY), c.AskThem(RITA))

    assert decision.outcome == NeedsWords(Form.BLIND, (Slot.PROVIDER_BLIND, Slot.SEEKER_BLIND))


def test_a_guest_keeps_the_draft() -> None:
    decision = do(a_referral(seeker=Guest(GuestId("guest"))), c.AskThem(RITA))

    assert (said(decision), decision.state.status) == (Say.GUEST_NOT_YET, Status.SCREENED)
    assert decision.state.pair is None


def test_asking_freezes_the_cards_and_the_language() -> None:
    referral = asked(by({"language": "de"}))

    assert (referral.language, referral.had_card) == ("de", True)
    assert Side.SEEKER not in referral.cards


def test_a_pair_is_the_same_in_both_directions() -> None:
    there, back = a_referral(), a_referral(seeker=PIA, provider=SAM)

    assert there.pair == back.pair == (PIA, SAM)
    assert a_referral(provider=None).pair is None


def test_a_referrer_who_takes_a_break_may_still_refer() -> None:
    world = with_person(id=RITA, paused_until=NOW.replace(year=2030), pause_is_quiet=False)

    assert asked(world).status is Status.ASKING
    assert a_member(id=RITA).is_paused(NOW) is False
