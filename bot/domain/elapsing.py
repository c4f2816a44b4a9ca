"""What time does to a referral: reminders, deadlines, the quiet close, and who hears of it when."""

from dataclasses import replace
from datetime import datetime

from bot.domain.decision import Around, Decision, Say, Told
from bot.domain.effects import EditPrompt, Effect, Face, Notice, Notify, RemindOfPrompt
from bot.domain.events import Event, EventKind
from bot.domain.ids import MemberId
from bot.domain.member import Member
from bot.domain.question import Question, Side, Stage
from bot.domain.referral import FOLLOWED_FOR, Referral, Status

Elapsed = Decision[Referral]


def next_due(referral: Referral) -> datetime | None:
    """Return the next instant at which `elapse` has something to do, or None."""
    instants = [at for question in referral.questions for at in _question_dues(referral, question)]
    instants += [at for side in Side if (at := hears_at(referral, side))]
    if referral.status is Status.ASKING and referral.closes_at:
        instants.append(referral.closes_at)
    if referral.status is Status.INTRODUCED and referral.introduced_at:
        instants.append(referral.introduced_at + FOLLOWED_FOR)
    return min(instants, default=None)


def _question_dues(referral: Referral, question: Question) -> list[datetime]:
    if question.closed:
        return []
    reminds = question.wants_reminder and _still_asks(referral, question)
    return [question.remind_at, question.deadline] if reminds else [question.deadline]


def _still_asks(referral: Referral, question: Question) -> bool:
    """Other people's answers stop no reminder; a withdrawal does."""
    if question.stage is Stage.FIT:
        return referral.status is Status.DRAFT
    return referral.status is Status.ASKING


def hears_at(referral: Referral, side: Side) -> datetime | None:
    """Return when a party whose yes stands hears that it did not come together: at the other's own deadline.

    It does not depend on how the other's question ended, or when before that deadline. A yes given after it hears at
    its own deadline.
    """
    if referral.status is not Status.ASKING or side in referral.heard or not referral.stands(side):
        return None
    failing = referral.failing(side.other)
    if failing is None:
        return None
    mine = referral.asked(side)[-1]
    said_at = mine.answered_at
    return failing.deadline if said_at is None or said_at < failing.deadline else mine.deadline


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
    if not (question.wants_reminder and _still_asks(referral, question) and question.remind_at <= now):
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
    state = decision.state.with_question(closed)
    if not question.reached:
        return replace(decision, state=state)
    return _closed_in_sight(replace(decision, state=state), closed, around, now)


def _closed_in_sight(decision: Elapsed, closed: Question, around: Around, now: datetime) -> Elapsed:
    referral = decision.state
    effects: list[Effect] = []
    addressee = _addressee(referral, closed, around)
    if addressee and referral.status is not Status.WITHDRAWN:
        effects.append(EditPrompt(referral.id, addressee.id, closed.number, closed.edits, Face.CLOSED))
    members = decision.members
    if addressee and closed.answer is None and referral.status is not Status.WITHDRAWN:
        silent = _current(addressee, members).after_silence()
        members = (*(m for m in members if m.id != silent.id), silent)
        if silent.is_paused(now) and not addressee.is_paused(now):
            occasion = f"{referral.id}:{closed.number}"
            effects.append(Notify(silent.id, Notice.QUIETLY_PAUSED, group=referral.group, occasion=occasion))
    if closed.stage is Stage.FIT and not closed.agrees and referral.status is Status.DRAFT:
        effects.append(_fit_open_again(referral, closed))
    return replace(decision, effects=(*decision.effects, *effects), members=members)


def _current(person: Member, members: tuple[Member, ...]) -> Member:
    return next((m for m in members if m.id == person.id), person)


def _fit_open_again(referral: Referral, closed: Question) -> Notify:
    return Notify(referral.starter, Notice.FIT_OPEN_AGAIN, referral.id, occasion=str(closed.number))


def _with_hearing(decision: Elapsed, side: Side, now: datetime) -> Elapsed:
    referral = decision.state
    at = hears_at(referral, side)
    party = referral.party(side)
    if at is None or now < at or not isinstance(party, str):
        return decision
    state = replace(referral, heard=referral.heard | {side})
    notice = Notify(MemberId(party), Notice.NOT_THIS_TIME, referral.id, side)
    return replace(decision, state=state, effects=(*decision.effects, notice))


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
    return replace(decision, state=state, events=(*decision.events, event))
