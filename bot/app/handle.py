"""The one way in: an event arrives, one short transaction decides, and the reply goes out after the commit."""

import re
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter

from bot.app import answering, conclude, organising, reaching
from bot.app.desk import AnswerNowError, Desk, say
from bot.app.routes import dispatch
from bot.app.verbs import Verb
from bot.app.wording import replies
from bot.app.wording.cast import Operator
from bot.domain.effects import Sentence
from bot.domain.errors import NotAPartyError, NotFoundError, StaleWriteError
from bot.domain.ids import ReferralId, UserId
from bot.ports.edges import Clock, Directory, Examiner, Ids, Lack, Person, Wake
from bot.ports.inbound import Inbound, PickMessage, Press, Slash, Submit
from bot.ports.messages import Reply
from bot.ports.store import Store, Transaction
from bot.ports.telemetry import Telemetry

TRIES = 5
_REFERENCE = re.compile(r"[A-Za-z0-9_.-]{0,100}")
_NAMES_MATTER = frozenset({Verb.ASK_THEM, Verb.CHECK_FIT, Verb.EDIT, Verb.BETTER, Verb.BLIND, Verb.ANSWER_PARTY})
"""Descriptions that should name nobody are checked against people's names, which are asked for and never stored."""


class Handler:
    """Handles everything that arrives, from whichever platform."""

    def __init__(  # noqa: PLR0913 - one argument for each edge it needs
        self,
        *,
        store: Store,
        directory: Directory,
        clock: Clock,
        ids: Ids,
        telemetry: Telemetry,
        operator: Operator,
        wake: Wake,
        examiner: Examiner | None = None,
    ) -> None:
        self._store = store
        self._directory = directory
        self._clock = clock
        self._ids = ids
        self._telemetry = telemetry
        self._operator = operator
        self._wake = wake
        self._examiner = examiner

    async def handle(self, inbound: Inbound) -> Reply:
        """Carry out what arrived and return what the one who acted sees.

        When this returns, everything is committed. The same event again gets the first answer and changes nothing.
        Raises StorageError subclasses when the database cannot take it; then nothing happened.
        """
        started = perf_counter()
        people = await self._directory.look_up(inbound.origin.workspace, await self._users(inbound))
        lacks = await self._examined(inbound)

        def desk(tx: Transaction) -> Desk:
            return Desk(tx, inbound, self._clock.now(), self._ids, people, self._operator, lacks=lacks)

        if (who := people.get(inbound.origin.user)) and who.is_stranger:
            return say(replies.you_are_stranger(who.locale or "en"))
        reply, sentence = await self._retried(desk, inbound, _language(people, inbound))
        if sentence:
            reply = await self._store.run(lambda tx: _finished(desk(tx), reply, sentence))
        if isinstance(inbound, Press) and inbound.verb == Verb.ERASE_REALLY:
            await self._store.scrub()
        self._wake()
        self._telemetry.handled(type(inbound).__name__.lower(), perf_counter() - started)
        return reply

    async def _retried(
        self, desk: Callable[[Transaction], Desk], inbound: Inbound, language: str
    ) -> tuple[Reply, Sentence | None]:
        """Return the reply, and which sentence it is if nothing could be done: then nothing was written either."""
        for _ in range(TRIES):
            try:
                return await self._store.run(lambda tx: _answer(desk(tx), inbound)), None
            except StaleWriteError:
                continue
            except AnswerNowError as answered:
                return answered.reply, answered.sentence
            except NotAPartyError as refused:
                self._telemetry.event("command.refused", thing=str(refused.thing))
                return say(replies.not_yours(language)), Sentence.NOT_YOURS
            except NotFoundError:
                return say(replies.gone(language)), Sentence.GONE
        self._telemetry.event("command.kept_colliding", kind=type(inbound).__name__.lower())
        return say(replies.try_again(language)), Sentence.TRY_AGAIN

    async def _users(self, inbound: Inbound) -> set[UserId]:
        users = {inbound.origin.user, *_mentioned(inbound)}
        if isinstance(inbound, Press | Submit) and inbound.verb in _NAMES_MATTER and _may_be_ours(inbound):
            users |= await self._store.run(lambda tx: _party_users(tx, inbound.ref))
        return users

    async def _examined(self, inbound: Inbound) -> Sequence[Lack] | None:
        """Look what the bot is missing, for those who ask for it, and for administrators: they may start a group."""
        channel = inbound.origin.channel
        if self._examiner is None or channel is None or not organising.wants_examination(inbound):
            return None
        return await self._examiner.missing(inbound.origin.workspace, channel)


def _language(people: Mapping[UserId, Person], inbound: Inbound) -> str:
    person = people.get(inbound.origin.user)
    return (person.locale if person else None) or "en"


def _may_be_ours(inbound: Inbound) -> bool:
    """Say whether a button's or form's reference can be one we made: nothing else reaches the database or the log."""
    return not isinstance(inbound, Press | Submit) or _REFERENCE.fullmatch(inbound.ref) is not None


def _answer(desk: Desk, inbound: Inbound) -> Reply:
    if not _may_be_ours(inbound):
        raise NotFoundError("reference")
    first = desk.tx.inbox.first_answer(inbound.origin.event)
    reply = conclude.show(desk, first) if first else dispatch(desk, inbound)
    return _finished(desk, reply)


def _finished(desk: Desk, reply: Reply, sentence: Sentence | None = None) -> Reply:
    if desk.origin.by_message:
        return answering.by_message(desk, reply, sentence)
    return reaching.with_note(desk, reply)


def _mentioned(inbound: Inbound) -> tuple[UserId, ...]:
    match inbound:
        case Slash(people=people):
            return tuple(one for one in people if one)
        case PickMessage(author=author):
            return (author,) if author else ()
        case Submit(fields=fields):
            picked = (fields.get("seeker"), fields.get("provider"), fields.get("organiser"))
            return tuple(UserId(one) for one in picked if isinstance(one, str) and one)
        case Press():
            return ()


def _party_users(tx: Transaction, ref: str) -> set[UserId]:
    try:
        referral = tx.referrals.get(ReferralId(ref.partition(".")[0]))
    except NotFoundError:
        return set()
    parties = tx.members.some(m for m in (referral.seeker, referral.provider) if isinstance(m, str))
    return {member.user for member in parties.values() if member.user}
