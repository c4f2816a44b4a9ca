"""One party's answers: yes, yes but, the kinds of no, taking a yes back, and telling the referrer."""

from dataclasses import replace
from datetime import datetime

from bot.domain import commands
from bot.domain.asking import advance
from bot.domain.decision import Around, ConsentReceipt, Decision, Form, Refused, Say, Told
from bot.domain.effects import EditPrompt, Effect, Face, Notice, Notify, SendReport
from bot.domain.errors import NotAPartyError
from bot.domain.events import Event, EventKind
from bot.domain.ids import MemberId
from bot.domain.member import Member
from bot.domain.question import Answer, Question, Side, Stage
from bot.domain.referral import Referral, Status, Tick
from bot.domain.words import Fault, Slot, fault_in

_SAID = {
    Answer.YES: Say.YES_RECORDED,
    Answer.YES_BUT: Say.YES_RECORDED,
    Answer.NO: Say.NO_RECORDED,
    Answer.KNOWN: Say.KNOWN_RECORDED,
    Answer.NOT_NOW: Say.NOT_NOW_RECORDED,
    Answer.BLOCK: Say.BLOCK_RECORDED,
    Answer.REPORT: Say.REPORT_RECORDED,
}

Answered = Decision[Referral]


def question_for(referral: Referral, who: MemberId, number: int) -> Question:
    """Return the question this person was asked; anyone else's click raises NotAPartyError."""
    found = next((q for q in referral.questions if q.number == number), None)
    if found is None or not found.reached or referral.party(found.side) != who:
        raise NotAPartyError(referral.id, who)
    return found


def answer(referral: Referral, command: commands.AnswerQuestion, around: Around, now: datetime) -> Answered:
    """Record one answer and ask whoever is next. A late or doubled click changes nothing and says so."""
    question = question_for(referral, command.by, command.number)
    if standing := _already_settled(referral, question, now) or _same_again(referral, question, command, around):
        return Decision(referral, standing)
    if faults := _term_faults(command):
        return Decision(referral, Refused(faults, Form.YES_BUT))
    if question.stage is Stage.FIT:
        return _fit_answered(referral, question, command, around, now)
    return _consent_answered(referral, question, command, around, now)


def _already_settled(referral: Referral, question: Question, now: datetime) -> Told | None:
    if referral.status is Status.WITHDRAWN:
        return Told(Say.WITHDRAWN_BEFORE)
    if referral.too_late or referral.status in (Status.INTRODUCED, Status.CLOSED):
        return Told(Say.ALREADY_INTRODUCED)
    if question.is_final(now) or referral.status is Status.DISCARDED:
        return Told(Say.TOO_LATE)
    return Told(Say.REFERRER_TOLD) if referral.told_by == question.number else None


def _same_again(
    referral: Referral, question: Question, command: commands.AnswerQuestion, around: Around
) -> Told | None:
    blocks_anew = command.blocks - around.people[command.by].blocks
    doubled = question.answer is command.answer and not blocks_anew
    if doubled or (question.agrees and command.answer.agrees):
        return Told(Say.SAME_ANSWER)
    if not (command.answer.agrees and _was_shown(referral, question)):
        return None
    same = question.no_introduction == command.no_introduction
    kept = all(referral.words.get(slot) == text for slot, text in command.words.items() if text)
    return None if same and kept else Told(Say.TERMS_FROZEN)


def _was_shown(referral: Referral, question: Question) -> bool:
    """Say whether the other party was asked over this one's terms: they agreed to those, so they stand."""
    return any(q.stage.side is question.side.other and q.number > question.number for q in referral.questions)


def _term_faults(command: commands.AnswerQuestion) -> dict[Slot, Fault]:
    found = {slot: fault_in(slot, text) for slot, text in command.words.items()}
    return {slot: fault for slot, fault in found.items() if fault}


def _fit_answered(
    referral: Referral, question: Question, command: commands.AnswerQuestion, around: Around, now: datetime
) -> Answered:
    """A yes goes to the referrer at once; anything else looks like a silence until the deadline."""
    answered = question.answered(command.answer, now)
    base = _recorded(referral, answered, command, around, now)
    if not command.answer.agrees:
        return base
    confirmed = replace(base.state, fit=Tick.YES, status=Status.SCREENED)
    confirmed = confirmed.with_question(replace(answered, closed=True))
    notice = Notify(referral.starter, Notice.FIT_CONFIRMED, referral.id, occasion=str(question.number))
    screened = Event(EventKind.SCREENED, referral.group, by=referral.starter, referral=referral.id)
    return replace(
        base,
        state=confirmed,
        outcome=Told(Say.FIT_YES_RECORDED),
        effects=(*base.effects, notice),
        events=(screened,),
    )


def _consent_answered(
    referral: Referral, question: Question, command: commands.AnswerQuestion, around: Around, now: datetime
) -> Answered:
    answered = question.answered(command.answer, now, no_introduction=command.no_introduction)
    base = _recorded(referral, answered, command, around, now)
    if not command.answer.agrees:
        return replace(base, state=_not_posting(base.state))
    told = Told(Say.YES_RECORDED, moment=referral.closes_at)
    if referral.status is not Status.ASKING or referral.told_by is not None:
        return replace(base, outcome=told)
    state, effects = advance(base.state, around, now)
    return replace(base, state=state, outcome=told, effects=(*base.effects, *effects))


def _recorded(
    referral: Referral, answered: Question, command: commands.AnswerQuestion, around: Around, now: datetime
) -> Answered:
    """Everything an answer brings with it, whichever it is."""
    state = replace(referral.with_question(answered), words=_with_terms(referral, command))
    return Decision(
        state,
        Told(_SAID[command.answer], moment=referral.closes_at),
        _answer_effects(referral, answered, command, Face.ANSWERED),
        receipts=(_receipt(referral, answered, command.by, now, tuple(sorted(command.words))),),
        members=_changed_members(command, around),
    )


def _with_terms(referral: Referral, command: commands.AnswerQuestion) -> dict[Slot, str]:
    return {**referral.words, **{slot: text for slot, text in command.words.items() if text}}


def _answer_effects(
    referral: Referral, question: Question, command: commands.AnswerQuestion, face: Face
) -> tuple[Effect, ...]:
    edit = EditPrompt(referral.id, command.by, question.number, question.edits, face)
    if command.answer is not Answer.REPORT:
        return (edit,)
    return (edit, SendReport(referral.id, command.by, question.number))


def _changed_members(command: commands.AnswerQuestion, around: Around) -> tuple[Member, ...]:
    before = around.people[command.by]
    after = before.after_answer()
    for other in sorted(command.blocks):
        after = after.blocking(other)
    return () if after == before else (after,)


def _receipt(
    referral: Referral, question: Question, by: MemberId, now: datetime, fields: tuple[Slot, ...]
) -> ConsentReceipt:
    other = referral.party(question.side.other)
    shown_to = MemberId(other) if isinstance(other, str) else None
    kind = question.answer or Answer.GONE
    return ConsentReceipt(referral.id, question.number, by, kind, now, fields, shown_to)


def _not_posting(referral: Referral) -> Referral:
    if referral.status is not Status.POSTING:
        return referral
    return replace(referral, status=Status.ASKING, posting_at=None)


def take_back(referral: Referral, command: commands.TakeBack, now: datetime) -> Answered:
    """Undo one's own yes, until its deadline or until the introduction goes out."""
    question = question_for(referral, command.by, command.number)
    if standing := _already_settled(referral, question, now):
        return Decision(referral, standing)
    if not question.agrees:
        return Decision(referral, Told(Say.NOTHING_TO_TAKE_BACK))
    back = question.answered(Answer.TAKEN_BACK, now)
    edit = EditPrompt(referral.id, command.by, back.number, back.edits, Face.OPEN)
    return Decision(
        _not_posting(referral.with_question(back)),
        Told(Say.TAKEN_BACK, moment=back.deadline),
        (edit,),
        receipts=(_receipt(referral, back, command.by, now, ()),),
    )


def tell_referrer(referral: Referral, command: commands.TellReferrer, now: datetime) -> Answered:
    """Let the referrer know of one's own no, because its owner ticked so; that no is then final."""
    question = question_for(referral, command.by, command.number)
    if standing := _already_settled(referral, question, now):
        return Decision(referral, standing)
    if question.answer is None or question.agrees or question.stage is Stage.FIT:
        return Decision(referral, Told(Say.ONLY_AFTER_NO))
    if referral.told_by is not None:
        return Decision(referral, Told(Say.REFERRER_TOLD))
    words = {**referral.words, Slot.REASON: command.reason} if command.reason else referral.words
    told = replace(referral, told_by=question.number, words=words)
    notice = Notify(referral.starter, Notice.TOLD_NO, referral.id, question.side)
    return Decision(told, Told(Say.REFERRER_TOLD), (notice,))


_QUESTION_SLOTS = {
    Side.SEEKER: (Slot.SEEKER_QUESTION, Slot.SEEKER_QUESTION_ANSWER),
    Side.PROVIDER: (Slot.PROVIDER_QUESTION, Slot.PROVIDER_QUESTION_ANSWER),
}


def ask_referrer(referral: Referral, command: commands.AskReferrer, now: datetime) -> Answered:
    """Put one question to the referrer through the bot. It stops no clock, and there is one."""
    question = question_for(referral, command.by, command.number)
    asked, _ = _QUESTION_SLOTS[question.side]
    if referral.helper:
        return Decision(referral, Told(Say.NO_REFERRER))
    if asked in referral.words:
        return Decision(referral, Told(Say.QUESTION_ALREADY_ASKED))
    if standing := _no_more_questions(referral, question, now):
        return Decision(referral, standing)
    if fault := Fault.MISSING if not command.text else fault_in(asked, command.text):
        return Decision(referral, Refused({asked: fault}, Form.QUESTION))
    state = replace(referral, words={**referral.words, asked: command.text})
    notice = Notify(referral.starter, Notice.QUESTION, referral.id, question.side)
    return Decision(state, Told(Say.QUESTION_PASSED_ON), (notice,))


def _no_more_questions(referral: Referral, question: Question, now: datetime) -> Told | None:
    """A name used without an introduction may still be checked once: "Is this true?"."""
    if referral.status is Status.INTRODUCED and referral.no_introduction:
        return None
    return _already_settled(referral, question, now)


def answer_party(referral: Referral, command: commands.AnswerParty) -> Answered:
    """Give the referrer's one answer to the party who asked."""
    if command.by != referral.starter or referral.helper:
        raise NotAPartyError(referral.id, command.by)
    asked, answered = _QUESTION_SLOTS[command.side]
    asker = referral.party(command.side)
    if asked not in referral.words or not isinstance(asker, str):
        raise NotAPartyError(referral.id, command.by)
    if answered in referral.words:
        return Decision(referral, Told(Say.ALREADY_ANSWERED))
    if fault := Fault.MISSING if not command.text else fault_in(answered, command.text):
        return Decision(referral, Refused({answered: fault}, Form.QUESTION))
    state = replace(referral, words={**referral.words, answered: command.text})
    notice = Notify(MemberId(asker), Notice.QUESTION_ANSWERED, referral.id, command.side)
    return Decision(state, Told(Say.ANSWER_PASSED_ON), (notice,))
