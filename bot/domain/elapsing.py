"""What time does to a referral: reminders, deadlines, the quiet close, and who hears of it when."""

from datetime import datetime

from bot.domain.decision import Around, Decision, Say, Told
from bot.domain.effects import CloseRoom, EditPrompt, Face, Notice, Notify, RemindOfPrompt
from bot.domain.events import Event, EventKind
from bot.domain.ids import MemberId
from bot.domain.member import Member
from bot.domain.question import Question, Side, Stage
from bot.domain.referral import FOLLOWED_FOR, Referral, Status
from bot.domain.replacing import replace

Elapsed = Decision[Referral]


def next_due(referral: Referral) -> datetime | None:
    """Return the next instant at which `elapse` has something to do, or None."""
    instants = [at for question in referral.questions for at in _question_dues(question)]
    instants += [at for side in Side if (at := hears_at(referral, side))]
    if referral.status is Status.ASKING and referral.closes_at:
        instants.append(referral.closes_at)
    if referral.status is Status.INTRODUCED and referral.introduced_at:
        instants.append(referral.introduced_at + FOLLOWED_FOR)
    return min(instants, default=None)


def _question_dues(question: Question) -> list[datetime]:
    if question.closed:
        return []
    return [question.remind_at, question.deadline] if question.wants_reminder else [question.deadline]


def hears_at(referral: Referral, side: Side) -> datetime | None:
    """Return when a party whose yes stands hears that it did not come together: at the other's own deadline.

    It does not depend on how the other's part ended, nor when before that deadline. It is the deadline of the last
    question put to the other, sent or not. If that was before one's own, and passed before one's yes: one's own. A
    helper was asked nothing: `closes_at`.
    """
    if referral.status is not Status.ASKING or side in referral.heard or not referral.stands(side):
        return None
    mine, theirs = referral.asked(side)[-1], referral.asked(side.other)
    if not theirs:
        return referral.closes_at
    deadline = theirs[-1].deadline
    return deadline if mine.answered_at is None or mine.answered_at < deadline else mine.deadline


def elapse(referral: Referral, around: Around, now: datetime) -> Elapsed:
    """Do everything that is due by now, once. Running late changes what is sent by nothing but its lateness."""
    decision: Elapsed = Decision(referral, Told(Say.DONE))
    for number in [q.number for q in referral.questions]:
        decision = _with_reminder(decision, number, around, now)
        decision = _with_deadline(decision, number, around, now)
    for side in Side:
        decision = _with_hearing(decision, side, now)
    return _followed_up(_lapsed(decision, now), now)


def _with_reminder(decision: Elapsed, number: int, around: Around, now: datetime) -> Elapsed:
    referral = decision.state
    question = referral.questions[number]
    if not question.wants_reminder or now < question.remind_at:
        return decision
    state = referral.with_question(replace(question, reminded=True))
    addressee = _addressee(referral, question, around)
    if now >= question.deadline or addressee is None or addressee.is_paused(now):
        return replace(decision, state=state)
    reminder = RemindOfPrompt(referral.id, addressee.id, number)
    return replace(decision, state=state, effects=(*decision.effects, reminder))


def _addressee(referral: Referral, question: Question, around: Around) -> Member | None:
    party = referral.party(question.side)
    person = around.person(MemberId(party)) if isinstance(party, str) else None
    return person if person and person.is_in(referral.group) else None


def _with_deadline(decision: Elapsed, number: int, around: Around, now: datetime) -> Elapsed:
    question = decision.state.questions[number]
    if question.closed or now < question.deadline:
        return decision
    closed = replace(question, closed=True, edits=question.edits + 1)
    decision = replace(decision, state=decision.state.with_question(closed))
    addressee = _addressee(referral := decision.state, closed, around)
    if addressee and closed.reached:
        decision = _closed_in_sight(decision, closed, addressee, now)
    if closed.stage is not Stage.FIT:
        return decision
    again = Notify(referral.starter, Notice.FIT_OPEN_AGAIN, referral.id, occasion=str(number))
    return replace(decision, effects=(*decision.effects, again))


def _closed_in_sight(decision: Elapsed, closed: Question, addressee: Member, now: datetime) -> Elapsed:
    """Change the prompt to its last line, and count a silence: the second in a row is a quiet pause."""
    referral = decision.state
    edit = EditPrompt(referral.id, addressee.id, closed.number, closed.edits, Face.CLOSED)
    decision = replace(decision, effects=(*decision.effects, edit))
    if closed.answer is not None or addressee.is_paused(now):
        return decision
    silent = addressee.after_silence()
    occasion = f"{referral.id}:{closed.number}"
    paused = Notify(silent.id, Notice.QUIETLY_PAUSED, group=referral.group, occasion=occasion)
    effects = (*decision.effects, paused) if silent.is_paused(now) else decision.effects
    return replace(decision, effects=effects, members=(*decision.members, silent))


def _with_hearing(decision: Elapsed, side: Side, now: datetime) -> Elapsed:
    referral = decision.state
    at = hears_at(referral, side)
    party = referral.party(side)
    if at is None or now < at:
        return decision
    state = replace(referral, heard=referral.heard | {side})
    told = (Notify(MemberId(party), Notice.NOT_THIS_TIME, referral.id, side),) if isinstance(party, str) else ()
    return replace(decision, state=state, effects=(*decision.effects, *told))


def _lapsed(decision: Elapsed, now: datetime) -> Elapsed:
    referral = decision.state
    if referral.status is not Status.ASKING or referral.closes_at is None or now < referral.closes_at:
        return decision
    told = referral.told_by is not None
    effects = () if told else (Notify(referral.starter, Notice.CLOSED_QUIETLY, referral.id),)
    event = Event(EventKind.LAPSED, referral.group, by=referral.starter, referral=referral.id)
    return replace(
        decision,
        state=replace(referral, status=Status.LAPSED),
        effects=(*decision.effects, *effects),
        events=(*decision.events, event),
    )


def _followed_up(decision: Elapsed, now: datetime) -> Elapsed:
    referral = decision.state
    at = referral.introduced_at
    if referral.status is not Status.INTRODUCED or at is None or now < at + FOLLOWED_FOR:
        return decision
    event = Event(EventKind.CLOSED, referral.group, by=referral.starter, referral=referral.id)
    state = replace(referral, status=Status.CLOSED)
    room = () if referral.no_introduction else (CloseRoom(referral.id, referral.postings),)
    return replace(decision, state=state, effects=(*decision.effects, *room), events=(*decision.events, event))
