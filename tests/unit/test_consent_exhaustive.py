"""The consent machine in every reachable state, with every command, before, at and after each due instant."""

from dataclasses import replace

import pytest

from bot.domain import commands as c
from bot.domain.decide import decide
from bot.domain.decision import Decision
from bot.domain.effects import EditPrompt, PostIntroduction, SendPrompt, SendReport
from bot.domain.elapsing import elapse, next_due
from bot.domain.ids import MemberId
from bot.domain.question import Stage
from bot.domain.referral import Referral, Status
from bot.domain.words import BY_STARTER, Slot
from tests.factories import PIA, SAM
from tests.unit.exploring import EVERY_SETTING, OVER, Edge, Setting, started, walk

pytestmark = pytest.mark.no_cover
"""Measuring the coverage would take longer than the test; the tables cover every branch."""

# The others have many times as many states; `make gate-machine` walks them all.
SMALL = ("seeker_first-named", "both_at_once-role_only")
SETTINGS = [
    pytest.param(
        one, id=str(one), marks=() if str(one) in SMALL or one.helper else (pytest.mark.machine, pytest.mark.long)
    )
    for one in EVERY_SETTING
]
OF_A_QUESTION = c.AnswerQuestion | c.TakeBack | c.TellReferrer | c.AskReferrer
ANSWERS = c.AnswerQuestion | c.TakeBack


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_command_in_every_state_keeps_every_rule(setting: Setting) -> None:
    first = started(setting)

    states = walk(setting, lambda edge: _check(edge, first))

    assert states > 30


def _check(edge: Edge, first: Referral) -> None:
    if edge.after is None:
        _only_strangers_are_refused(edge)
        return
    _strangers_are_refused(edge)
    _answers_leave_one_receipt_each(edge, edge.after)
    if edge.after.state is edge.before:
        assert not edge.after.effects + edge.after.events + edge.after.receipts, edge
        return
    _the_same_again_changes_nothing(edge, edge.after)
    _what_is_over_stays_over(edge, edge.after.state)
    _what_was_fixed_stays_fixed(edge.after.state, first)
    _a_no_reaches_nobody_else(edge, edge.after)
    _nobody_is_named_before_their_yes(edge.after)
    _two_yeses_make_an_introduction(edge, edge.after)
    _time_moves_on(edge, edge.after.state)


def _addressee(edge: Edge) -> MemberId | None:
    assert isinstance(edge.command, OF_A_QUESTION)
    number = edge.command.number
    if number >= len(edge.before.questions) or not edge.before.questions[number].reached:
        return None
    return MemberId(str(edge.before.party(edge.before.questions[number].side)))


def _only_strangers_are_refused(edge: Edge) -> None:
    match edge.command:
        case c.AnswerQuestion() | c.TakeBack() | c.TellReferrer() | c.AskReferrer():
            assert _addressee(edge) != edge.command.by, edge
        case c.PartyGone():
            assert edge.before.side_of(edge.command.who) is None, edge
        case c.GotIt():
            is_out = edge.before.too_late or edge.before.status in (Status.INTRODUCED, Status.CLOSED)
            assert edge.before.side_of(edge.command.by) is None or not is_out, edge
        case c.AnswerParty():
            asked = Slot(f"{edge.command.side}_question") in edge.before.words
            assert edge.command.by != edge.before.referrer or not asked, edge
        case _:
            assert getattr(edge.command, "by", None) != edge.before.starter, edge


def _strangers_are_refused(edge: Edge) -> None:
    if isinstance(edge.command, OF_A_QUESTION):
        assert _addressee(edge) == edge.command.by, edge
    if isinstance(edge.command, c.Withdraw):
        assert edge.command.by == edge.before.starter, edge


def _answers_leave_one_receipt_each(edge: Edge, after: Decision[Referral]) -> None:
    if isinstance(edge.command, ANSWERS):
        assert len(after.receipts) == int(after.state is not edge.before), edge
        for receipt in after.receipts:
            question = after.state.questions[edge.command.number]
            assert (receipt.by, receipt.number, receipt.at) == (edge.command.by, edge.command.number, edge.now), edge
            assert receipt.answer is question.answer, edge
    elif isinstance(edge.command, c.PartyGone | c.ClaimPosting):
        ended = [
            q for q, was in zip(after.state.questions, edge.before.questions, strict=True) if was.agrees > q.agrees
        ]
        assert [(r.number, r.answer) for r in after.receipts] == [(q.number, q.answer) for q in ended], edge
    else:
        assert not after.receipts, edge


def _the_same_again_changes_nothing(edge: Edge, after: Decision[Referral]) -> None:
    assert decide(edge.before, edge.command, edge.world, edge.now) == after, edge
    people = {**edge.world.people, **{member.id: member for member in after.members}}
    again = decide(after.state, edge.command, replace(edge.world, people=people), edge.now)
    assert again.state == after.state, edge
    assert not again.effects + again.events + again.receipts, edge


def _what_is_over_stays_over(edge: Edge, after: Referral) -> None:
    before = edge.before
    if before.status in OVER:
        assert (before.status, after.got_it >= before.got_it) == (after.status, True), edge
        assert before.questions == after.questions, edge
    if before.status is Status.INTRODUCED:
        assert after.status in (Status.INTRODUCED, Status.CLOSED), edge
        assert [q.answer for q in before.questions] == [q.answer for q in after.questions], edge
    if before.too_late:
        assert after.too_late is not isinstance(edge.command, c.IntroductionRefused), edge


def _what_was_fixed_stays_fixed(after: Referral, first: Referral) -> None:
    assert (after.closes_at, after.asked_at, after.plan) == (first.closes_at, first.asked_at, first.plan)
    assert {s: t for s, t in after.words.items() if s in BY_STARTER} == first.words
    assert [q.number for q in after.questions] == list(range(len(after.questions)))
    assert all(q.deadline == q.asked_at + first.window for q in after.questions)
    assert all(first.closes_at and q.deadline <= first.closes_at for q in after.questions)


def _a_no_reaches_nobody_else(edge: Edge, after: Decision[Referral]) -> None:
    """Promise 2 in the small: of a no, a yes taken back or a departure nobody else gets anything."""
    command = edge.command
    if isinstance(command, c.PartyGone | c.PromptUndeliverable | c.IntroductionRefused):
        assert not after.effects, edge
    if isinstance(command, c.TakeBack) or (isinstance(command, c.AnswerQuestion) and not command.answer.agrees):
        own = [e for e in after.effects if isinstance(e, EditPrompt) and e.to == command.by]
        reports = [e for e in after.effects if isinstance(e, SendReport)]
        assert len(own) + len(reports) == len(after.effects), edge
        assert not after.events, edge


def _nobody_is_named_before_their_yes(after: Decision[Referral]) -> None:
    """Promise 1: a question that names the seeker to the provider needs the seeker's yes to it that stands."""
    for effect in after.effects:
        if isinstance(effect, SendPrompt) and after.state.questions[effect.number].stage is Stage.PROVIDER_NAMED:
            assert any(q.stage is Stage.SEEKER_NAMED and q.agrees for q in after.state.questions)


def _two_yeses_make_an_introduction(edge: Edge, after: Decision[Referral]) -> None:
    state = after.state
    posts = [effect for effect in after.effects if isinstance(effect, PostIntroduction)]
    if posts or state.status is Status.POSTING or state.too_late > edge.before.too_late:
        assert (state.both_agree, state.heard) == (True, frozenset()), edge
    if posts:
        assert (state.status, state.postings) == (Status.POSTING, posts[0].posting), edge
        assert posts[0].due == state.posting_at, edge
    if state.too_late > edge.before.too_late:
        assert edge.before.posting_at, edge
        assert edge.now >= edge.before.posting_at, edge
        assert edge.world.people[SAM].joined, edge
        assert not edge.world.people[PIA].blocks, edge
    if state.status is Status.INTRODUCED:
        assert state.too_late, edge


def _time_moves_on(edge: Edge, after: Referral) -> None:
    due = next_due(after)
    if due is None:
        return
    swept = elapse(after, edge.world, max(due, edge.now)).state
    later = next_due(swept)
    assert later is None or later > max(due, edge.now), edge
