"""One question to the referrer and one answer, through the bot. It stops no clock."""

from datetime import datetime

from bot.domain import commands
from bot.domain.answering import question_for, settled
from bot.domain.decision import Around, Decision, Form, Refused, Say, Told
from bot.domain.effects import Notice, Notify
from bot.domain.errors import NotAPartyError
from bot.domain.ids import MemberId
from bot.domain.question import Question, Side
from bot.domain.referral import Referral, Status
from bot.domain.replacing import replace
from bot.domain.words import Fault, Slot, fault_in, names_someone

_SLOTS = {
    Side.SEEKER: (Slot.SEEKER_QUESTION, Slot.SEEKER_QUESTION_ANSWER),
    Side.PROVIDER: (Slot.PROVIDER_QUESTION, Slot.PROVIDER_QUESTION_ANSWER),
}
_OVER = frozenset({Status.LAPSED, Status.WITHDRAWN, Status.DISCARDED, Status.CLOSED})

Relayed = Decision[Referral]


def ask_referrer(referral: Referral, command: commands.AskReferrer, now: datetime) -> Relayed:
    """Put one question to the referrer."""
    question = question_for(referral, command.by, command.number)
    asked, _ = _SLOTS[question.side]
    if referral.helper:
        return Decision(referral, Told(Say.NO_REFERRER))
    if asked in referral.words:
        return Decision(referral, Told(Say.QUESTION_ALREADY_ASKED))
    if standing := _no_more_questions(referral, question, now):
        return Decision(referral, standing)
    if fault := _missing_or_fault(asked, command.text):
        return Decision(referral, Refused({asked: fault}, Form.QUESTION))
    state = replace(referral, words={**referral.words, asked: command.text})
    notice = Notify(referral.starter, Notice.QUESTION, referral.id, question.side)
    return Decision(state, Told(Say.QUESTION_PASSED_ON), (notice,))


def _no_more_questions(referral: Referral, question: Question, now: datetime) -> Told | None:
    """A name used without an introduction may still be checked once: "Is this true?"."""
    if referral.status is Status.INTRODUCED and referral.no_introduction:
        return None
    return settled(referral, question, now)


def _missing_or_fault(slot: Slot, text: str) -> Fault | None:
    return fault_in(slot, text) if text else Fault.MISSING


def answer_party(referral: Referral, command: commands.AnswerParty, around: Around) -> Relayed:
    """Give the referrer's one answer to the party who asked. Who blocked them or left meanwhile gets nothing."""
    asked, answered = _SLOTS[command.side]
    if command.by != referral.referrer or asked not in referral.words:
        raise NotAPartyError(referral.id, command.by)
    if answered in referral.words:
        return Decision(referral, Told(Say.ALREADY_ANSWERED))
    if referral.status in _OVER:
        return Decision(referral, Told(Say.TOO_LATE))
    if fault := _missing_or_fault(answered, command.text) or _naming_fault(referral, command, around):
        return Decision(referral, Refused({answered: fault}, Form.QUESTION))
    state = replace(referral, words={**referral.words, answered: command.text})
    return Decision(state, Told(Say.ANSWER_PASSED_ON), _passed_on(referral, command.side, around))


def _naming_fault(referral: Referral, command: commands.AnswerParty, around: Around) -> Fault | None:
    """Who was asked by role only learns no name from an answer either."""
    if any(q.reached and q.stage.names_the_other for q in referral.asked(command.side)):
        return None
    names = around.names.get(command.side.other, ())
    return Fault.NAMES_THEM if names_someone(command.text, names) else None


def _passed_on(referral: Referral, side: Side, around: Around) -> tuple[Notify, ...]:
    person = around.person(MemberId(str(referral.party(side))))
    if person is None or not person.is_in(referral.group) or referral.starter in person.blocks:
        return ()
    return (Notify(person.id, Notice.QUESTION_ANSWERED, referral.id, side),)
