"""Answers in a message of their own, where a platform has no place to show a reply (ADR 11)."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from bot.app import owed
from bot.app.conclude import show
from bot.app.desk import AnswerNowError, Desk, LookedOnlyError
from bot.app.routes import INTROS, dispatch, then_of
from bot.app.verbs import Verb
from bot.app.wording import replies
from bot.app.wording.cast import Operator
from bot.domain.effects import Answer, Sentence
from bot.domain.errors import NotAPartyError, NotFoundError
from bot.domain.ids import UserId
from bot.ports.inbound import Inbound, Origin, PickMessage, Press, Slash, Submit
from bot.ports.messages import Message, Reply
from bot.ports.store import Transaction

_WORDS = {
    Sentence.NOT_YOURS: replies.not_yours,
    Sentence.GONE: replies.gone,
    Sentence.TRY_AGAIN: replies.try_again,
    Sentence.NO_GROUP_HERE: replies.no_group_here,
    Sentence.GUEST: replies.you_are_guest,
}


def by_message(desk: Desk, reply: Reply, sentence: Sentence | None = None) -> Reply:
    """Queue the reply's message as a direct one, if that is how this origin is answered; return what is left.

    Who has just erased themselves can be written to no more, so their goodbye stays in the reply; so does what takes
    the place of the message that opened the form.
    """
    inbound, origin = desk.inbound, desk.origin
    is_goodbye = isinstance(inbound, Press) and inbound.verb == Verb.ERASE_REALLY
    is_shown_in_place = isinstance(inbound, Submit) and reply.replaces
    if not origin.by_message or reply.message is None or is_goodbye or is_shown_in_place:
        return reply
    kind, verb, ref = _asked(inbound)
    answer = Answer(
        event=origin.event,
        to=desk.me.id,
        kind=kind,
        verb=verb,
        ref=ref,
        channel=origin.channel,
        is_admin=origin.is_admin,
        kept=sentence is None and desk.tx.inbox.first_answer(origin.event) is not None,
        sentence=sentence,
    )
    owed.queue_private(desk.tx, answer, origin.workspace, desk.now)
    return replace(reply, message=None, replaces=False)


def _asked(inbound: Inbound) -> tuple[str, str, str]:
    """Say what arrived, in our own words alone: nothing that was typed lies in the outbox."""
    match inbound:
        case Press(verb=verb, ref=ref):
            return "press", verb if verb in set(Verb) else "", ref
        case Submit(verb=verb, ref=ref):
            return "submit", verb if verb in set(Verb) else "", ref
        case Slash(name=name, text=text):
            word = text.strip().partition(" ")[0].casefold()
            return "slash", name, word if name == "intros" and word in INTROS else ""
        case PickMessage():
            return "pick", "", ""
        case _:
            assert_never(inbound)


class _NoIds:
    """What is looked at again makes nothing new."""

    def new(self) -> str:
        raise LookedOnlyError


def words(tx: Transaction, answer: Answer, operator: Operator, now: datetime) -> Message | None:
    """Return what to show the one who acted now; None if there is nothing to show any more."""
    reader = tx.members.some((answer.to,)).get(answer.to)
    if reader is None or reader.user is None:
        return None
    origin = Origin(answer.event, reader.workspace, reader.user, answer.channel, is_admin=answer.is_admin)
    inbound = _inbound(answer, origin, reader.user)
    desk = Desk(tx, inbound, now, _NoIds(), {}, operator, looks_only=True)
    if answer.sentence is not None:
        return _sentence(desk, answer.sentence)
    first = tx.inbox.first_answer(answer.event)
    if first is not None:
        return show(desk, first).message
    return None if answer.kept else _looked_at(desk, inbound)


def _inbound(answer: Answer, origin: Origin, user: UserId) -> Inbound:
    match answer.kind:
        case "press":
            return Press(origin, answer.verb, answer.ref)
        case "submit":
            return Submit(origin, answer.verb, answer.ref, {})
        case "slash":
            return Slash(origin, answer.verb, answer.ref)
        case _:
            return PickMessage(origin, user, "")


def _sentence(desk: Desk, sentence: Sentence) -> Message | None:
    if sentence is not Sentence.WHICH_GROUP:
        return _WORDS[sentence](desk.language)
    if isinstance(desk.inbound, Slash):
        desk.then = then_of(desk.inbound)
    try:
        desk.group()
    except AnswerNowError as answered:
        return answered.reply.message
    return None


def _looked_at(desk: Desk, inbound: Inbound) -> Message | None:
    """Make the page again: nothing was changed when it was asked for, and nothing is changed now."""
    try:
        return dispatch(desk, inbound).message
    except AnswerNowError as answered:
        return answered.reply.message
    except NotAPartyError:
        return replies.not_yours(desk.language)
    except NotFoundError:
        return replies.gone(desk.language)
