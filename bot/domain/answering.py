"""One party's answers: yes, yes but, the kinds of no, taking a yes back, and telling the referrer."""

from collections.abc import Mapping
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
from bot.domain.replacing import replace
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

_TERMS = {
    Side.SEEKER: (Slot.SEEKER_TERMS, Slot.SEEKER_CONTACT, Slot.SEEKER_ABOUT),
    Side.PROVIDER: (Slot.PROVIDER_TERMS, Slot.PROVIDER_CONTACT, Slot.PROVIDER_ABOUT),
}
"""What a party may attach to their own yes, and to nobody else's."""

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
    person = _one_who_clicked(referral, command, around)
    standing = (
        _fit_said_before(question, command)
        or settled(referral, question, now)
        or _has_left(referral, command, person)
        or _same_again(referral, question, command, person)
    )
    if standing:
        return Decision(referral, standing)
    if faults := _term_faults(question, command):
        return Decision(referral, Refused(faults, Form.YES_BUT))
    recorded = _recorded(referral, question, command, person, now)
    if question.stage is Stage.FIT:
        return _fit_answered(recorded, question.number) if command.answer.agrees else recorded
    return _consent_answered(recorded, question, around, now)


def _one_who_clicked(referral: Referral, command: commands.AnswerQuestion, around: Around) -> Member:
    person = around.person(command.by)
    if person is None:
        raise NotAPartyError(referral.id, command.by)
    return person


def _fit_said_before(question: Question, command: commands.AnswerQuestion) -> Told | None:
    """A fit check is closed by its yes: the same click again is a doubled one rather than a late one."""
    doubled = question.stage is Stage.FIT and question.agrees and command.answer.agrees
    return Told(Say.SAME_ANSWER) if doubled else None


def settled(referral: Referral, question: Question, now: datetime) -> Told | None:
    """Return why nothing about this question can change any more, or None."""
    if referral.status is Status.WITHDRAWN:
        return Told(Say.WITHDRAWN_BEFORE)
    if referral.too_late or referral.status in (Status.INTRODUCED, Status.CLOSED):
        return Told(Say.ALREADY_INTRODUCED)
    if question.is_final(now):
        return Told(Say.TOO_LATE)
    return Told(Say.REFERRER_TOLD) if question.told or referral.told_by == question.number else None


def _has_left(referral: Referral, command: commands.AnswerQuestion, person: Member) -> Told | None:
    """Who left may still say no, block or report; a yes needs somebody who takes part."""
    gone = command.answer.agrees and not person.is_in(referral.group)
    return Told(Say.NOT_JOINED, who=person.id) if gone else None


def _same_again(
    referral: Referral, question: Question, command: commands.AnswerQuestion, person: Member
) -> Told | None:
    doubled = question.answer is command.answer and not command.blocks - person.blocks
    if doubled or (question.agrees and command.answer.agrees):
        return Told(Say.SAME_ANSWER)
    if not (command.answer.agrees and _was_shown(referral, question)):
        return None
    same = _typed_terms(question, command) == _standing_terms(referral, question.side)
    return None if same and command.no_introduction == question.no_introduction else Told(Say.TERMS_FROZEN)


def _was_shown(referral: Referral, question: Question) -> bool:
    """Say whether the other party was asked over this one's yes: they agreed to its terms, so those stand."""
    mine = referral.round_of(question)
    return mine >= 0 and any(referral.round_of(q) > mine for q in referral.asked(question.side.other))


def _typed_terms(question: Question, command: commands.AnswerQuestion) -> dict[Slot, str]:
    """Only one's own yes to being introduced carries words, and only words about oneself."""
    if question.stage is Stage.FIT or not command.answer.agrees:
        return {}
    return {slot: text for slot in _TERMS[question.side] if (text := command.words.get(slot))}


def _standing_terms(referral: Referral, side: Side) -> dict[Slot, str]:
    return {slot: referral.words[slot] for slot in _TERMS[side] if slot in referral.words}


def _term_faults(question: Question, command: commands.AnswerQuestion) -> dict[Slot, Fault]:
    found = {slot: fault_in(slot, text) for slot, text in _typed_terms(question, command).items()}
    return {slot: fault for slot, fault in found.items() if fault}


def _fit_answered(recorded: Answered, number: int) -> Answered:
    """A yes goes to the referrer at once; anything else looks like a silence until the deadline."""
    referral = recorded.state
    confirmed = replace(referral.questions[number], closed=True)
    state = replace(referral, fit=Tick.YES, status=Status.SCREENED).with_question(confirmed)
    notice = Notify(referral.starter, Notice.FIT_CONFIRMED, referral.id, occasion=str(number))
    screened = Event(EventKind.SCREENED, referral.group, by=referral.starter, referral=referral.id)
    return replace(
        recorded,
        state=state,
        outcome=Told(Say.FIT_YES_RECORDED),
        effects=(*recorded.effects, notice),
        events=(screened,),
    )


def _consent_answered(recorded: Answered, question: Question, around: Around, now: datetime) -> Answered:
    if not recorded.state.questions[question.number].agrees:
        return replace(recorded, state=recorded.state.called_off())
    state, effects = advance(recorded.state, around, now, final_at=question.deadline)
    return replace(recorded, state=state, effects=(*recorded.effects, *effects))


def _recorded(
    referral: Referral, question: Question, command: commands.AnswerQuestion, person: Member, now: datetime
) -> Answered:
    """Everything an answer brings with it, whichever it is."""
    agrees = command.answer.agrees
    answered = question.answered(command.answer, now, no_introduction=command.no_introduction if agrees else None)
    state = replace(referral.with_question(answered), words=_words_after(referral, question, command))
    fields = _standing_terms(state, question.side) if agrees and question.stage is not Stage.FIT else ()
    return Decision(
        state,
        Told(_SAID[command.answer], moment=referral.closes_at),
        _answer_effects(referral, answered, command),
        receipts=(receipt_for(referral, question, command.answer, now, tuple(fields)),),
        members=_changed_members(command, person),
    )


def _words_after(referral: Referral, question: Question, command: commands.AnswerQuestion) -> Mapping[Slot, str]:
    """A yes given anew carries what was typed into it, and nothing of the one that was taken back."""
    typed = _typed_terms(question, command)
    if not command.answer.agrees or not (typed or question.answer):
        return referral.words
    stale = _TERMS[question.side] if question.answer else ()
    return {**{slot: text for slot, text in referral.words.items() if slot not in stale}, **typed}


def _answer_effects(referral: Referral, question: Question, command: commands.AnswerQuestion) -> tuple[Effect, ...]:
    edit = EditPrompt(referral.id, command.by, question.number, question.edits, Face.ANSWERED)
    if command.answer is not Answer.REPORT:
        return (edit,)
    return (edit, SendReport(referral.id, command.by, question.number))


def _changed_members(command: commands.AnswerQuestion, before: Member) -> tuple[Member, ...]:
    after = before.after_answer()
    for other in sorted(command.blocks):
        after = after.blocking(other)
    return () if after == before else (after,)


def receipt_for(
    referral: Referral, question: Question, answer: Answer, now: datetime, fields: tuple[Slot, ...] = ()
) -> ConsentReceipt:
    """Return the record of an answer to this question."""
    by, other = referral.party(question.side), referral.party(question.side.other)
    shown_to = MemberId(other) if isinstance(other, str) else None
    return ConsentReceipt(referral.id, question.number, MemberId(str(by)), answer, now, fields, shown_to)


def take_back(referral: Referral, command: commands.TakeBack, now: datetime) -> Answered:
    """Undo one's own yes, until its deadline or until the introduction goes out."""
    question = question_for(referral, command.by, command.number)
    if standing := settled(referral, question, now):
        return Decision(referral, standing)
    if not question.agrees:
        return Decision(referral, Told(Say.NOTHING_TO_TAKE_BACK))
    back = question.answered(Answer.TAKEN_BACK, now)
    edit = EditPrompt(referral.id, command.by, back.number, back.edits, Face.OPEN)
    return Decision(
        referral.with_question(back).called_off(),
        Told(Say.TAKEN_BACK, moment=back.deadline),
        (edit,),
        receipts=(receipt_for(referral, back, Answer.TAKEN_BACK, now),),
    )


def tell_referrer(referral: Referral, command: commands.TellReferrer, now: datetime) -> Answered:
    """Let the referrer know of one's own no, because its owner ticked so; that no is then final."""
    question = question_for(referral, command.by, command.number)
    if standing := settled(referral, question, now):
        return Decision(referral, standing)
    if question.answer is None or question.agrees or question.stage is Stage.FIT:
        return Decision(referral, Told(Say.ONLY_AFTER_NO))
    if fault := fault_in(Slot.REASON, command.reason or ""):
        return Decision(referral, Refused({Slot.REASON: fault}, Form.REASON))
    notice = Notify(referral.starter, Notice.TOLD_NO, referral.id, question.side)
    return Decision(_told(referral, question, command.reason), Told(Say.REFERRER_TOLD), (notice,))


def _told(referral: Referral, question: Question, reason: str | None) -> Referral:
    """Both may tell, and neither learns that the other did. `told_by` and the reason are the first one's."""
    told = referral.with_question(replace(question, told=True))
    if referral.told_by is not None:
        return told
    words = {**referral.words, Slot.REASON: reason} if reason else referral.words
    return replace(told, told_by=question.number, words=words)
