"""What a party does with a question: answer it, take a yes back, ask back, tell the referrer, say *Got it*."""

from collections.abc import Callable

from bot.app import deciding
from bot.app.conclude import PROMPT, conclude
from bot.app.desk import Desk, say
from bot.app.referring import one_of, text_in, words_in
from bot.app.wording import forms, prompts, replies
from bot.domain import commands as c
from bot.domain.answering import question_for
from bot.domain.effects import Face
from bot.domain.errors import NotAPartyError
from bot.domain.ids import MemberId, ReferralId
from bot.domain.question import Answer, Question, Side
from bot.domain.referral import Referral
from bot.ports.inbound import Submit
from bot.ports.messages import Reply


def split(ref: str) -> tuple[ReferralId, int]:
    """Read a prompt button's reference; anything else is nobody's question."""
    referral, _, number = ref.partition(".")
    if not number.isdecimal():
        raise NotAPartyError(ref, None)
    return ReferralId(referral), int(number)


def _change(desk: Desk, ref: str, command: c.ReferralCommand) -> Reply:
    decision = deciding.change(desk.tx, ReferralId(ref.partition(".")[0]), command, desk.now)
    return conclude(desk, decision.outcome, PROMPT, ref)


def answering(answer: Answer) -> Callable[[Desk, str], Reply]:
    """Return the use case behind one answer's button."""

    def press(desk: Desk, ref: str) -> Reply:
        return _change(desk, ref, c.AnswerQuestion(desk.me.id, split(ref)[1], answer))

    return press


def yes_but(desk: Desk, submit: Submit) -> Reply:
    """Record a yes with its conditions and what its owner wants shared."""
    agreed = text_in(submit.fields, "no_introduction") == "yes"
    command = c.AnswerQuestion(
        desk.me.id,
        split(submit.ref)[1],
        Answer.YES_BUT,
        words={slot: text for slot, text in words_in(submit.fields).items() if text},
        no_introduction=agreed,
    )
    return _change(desk, submit.ref, command)


def blocking(side: str) -> Callable[[Desk, str], Reply]:
    """Return the use case that blocks the referrer or the other party, which is also a no."""

    def press(desk: Desk, ref: str) -> Reply:
        referral, question = _asked(desk, ref)
        other = referral.starter if side == "referrer" else referral.party(question.side.other)
        blocks = frozenset({MemberId(other)}) if isinstance(other, str) else frozenset()
        command = c.AnswerQuestion(desk.me.id, question.number, Answer.BLOCK, blocks=blocks)
        return _change(desk, ref, command)

    return press


def choose_block(desk: Desk, ref: str) -> Reply:
    """Ask whom to block; nothing happens yet."""
    referral, question = _asked(desk, ref)
    cast = desk.cast(desk.tx.groups.get(referral.group), referral)
    return say(prompts.block_choice(cast, question))


def undo(desk: Desk, ref: str) -> Reply:
    """Take a yes back."""
    return _change(desk, ref, c.TakeBack(desk.me.id, split(ref)[1]))


def tell(desk: Desk, ref: str) -> Reply:
    """Let the referrer know of one's no."""
    return _change(desk, ref, c.TellReferrer(desk.me.id, split(ref)[1]))


def tell_why(desk: Desk, submit: Submit) -> Reply:
    """Let the referrer know of one's no, with the reason."""
    reason = text_in(submit.fields, "reason")
    return _change(desk, submit.ref, c.TellReferrer(desk.me.id, split(submit.ref)[1], reason or None))


def ask_referrer(desk: Desk, submit: Submit) -> Reply:
    """Put one question to the referrer."""
    typed = next(iter(words_in(submit.fields).values()), "")
    return _change(desk, submit.ref, c.AskReferrer(desk.me.id, split(submit.ref)[1], typed))


def is_it_true(desk: Desk, ref: str) -> Reply:
    """Ask the referrer whether their name was used with their leave."""
    referral, _ = _asked(desk, ref)
    text = replies.is_it_true(referral.language)
    return _change(desk, ref, c.AskReferrer(desk.me.id, split(ref)[1], text))


def answer_party(desk: Desk, submit: Submit) -> Reply:
    """Give the referrer's one answer."""
    referral, _, side = submit.ref.partition(".")
    typed = next(iter(words_in(submit.fields).values()), "")
    command = c.AnswerParty(desk.me.id, _side(side), typed)
    persons = tuple(desk.people.values())
    decision = deciding.change(desk.tx, ReferralId(referral), command, desk.now, persons=persons)
    return conclude(desk, decision.outcome, PROMPT, submit.ref)


def _side(name: str) -> Side:
    """Read a party's side from a reference; anything else is nobody's question."""
    side = one_of(Side, name)
    if side is None:
        raise NotAPartyError(name, None)
    return side


def got_it(desk: Desk, ref: str) -> Reply:
    """Say that the introduction was seen."""
    return _change(desk, ref, c.GotIt(desk.me.id))


def open_question(desk: Desk, ref: str) -> Reply:
    """Show the question again, in private, as it stands for its addressee."""
    referral, question = _asked(desk, ref)
    cast = desk.cast(desk.tx.groups.get(referral.group), referral)
    return say(prompts.face(cast, question, _face(question, desk)))


def _face(question: Question, desk: Desk) -> Face:
    if question.is_final(desk.now):
        return Face.CLOSED
    return Face.OPEN if question.answer is None else Face.ANSWERED


def open_terms(desk: Desk, ref: str) -> Reply:
    """Open *Yes, but…*."""
    referral, question = _asked(desk, ref)
    return Reply(form=forms.terms(desk.cast(desk.tx.groups.get(referral.group), referral), question))


def open_why(desk: Desk, ref: str) -> Reply:
    """Open the form for a reason."""
    referral, question = _asked(desk, ref)
    return Reply(form=forms.tell_why(desk.cast(desk.tx.groups.get(referral.group), referral), question))


def open_question_form(desk: Desk, ref: str) -> Reply:
    """Open the form for a question to the referrer."""
    referral, question = _asked(desk, ref)
    return Reply(form=forms.question(desk.cast(desk.tx.groups.get(referral.group), referral), question))


def open_answer(desk: Desk, ref: str) -> Reply:
    """Open the form for the referrer's answer."""
    name, _, side = ref.partition(".")
    referral = desk.tx.referrals.get(ReferralId(name))
    if referral.starter != desk.me.id:
        raise NotAPartyError(referral.id, desk.me.id)
    return Reply(form=forms.answer_party(desk.cast(desk.tx.groups.get(referral.group), referral), _side(side)))


def _asked(desk: Desk, ref: str) -> tuple[Referral, Question]:
    name, number = split(ref)
    referral = desk.tx.referrals.get(name)
    return referral, question_for(referral, desk.me.id, number)
