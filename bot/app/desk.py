"""One piece of work at hand: who acts, in which group, and what may be read and written for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.app.praised import praised
from bot.app.wording import replies
from bot.app.wording.cast import Cast, Operator
from bot.domain.ask import Ask
from bot.domain.effects import Sentence
from bot.domain.errors import NotFoundError
from bot.domain.group import Group
from bot.domain.ids import GroupId, MemberId, UserId, WorkspaceId
from bot.domain.member import Member
from bot.domain.referral import Referral
from bot.ports.edges import Ids, Lack, Person
from bot.ports.inbound import Inbound, Origin
from bot.ports.messages import Message, Reply
from bot.ports.store import Transaction


class AnswerNowError(Exception):
    """There is nothing more to do than to answer this; nothing was changed. A message is one of the sentences."""

    def __init__(self, reply: Reply, sentence: Sentence | None = None) -> None:
        super().__init__("answered")
        self.reply = reply
        self.sentence = sentence


class LookedOnlyError(Exception):
    """Something was about to change while a look was all that was meant; the transaction is rolled back."""


def say(message: Message, *, replaces: bool = False) -> Reply:
    """Return a private message as a reply."""
    return Reply(message=message, replaces=replaces)


@dataclass(slots=True)
class Desk:
    """What a use case works with during one transaction."""

    tx: Transaction
    inbound: Inbound
    now: datetime
    ids: Ids
    people: Mapping[UserId, Person]
    operator: Operator
    chosen: Group | None = None
    then: str = ""
    looks_only: bool = False
    lacks: Sequence[Lack] | None = None
    """What the bot is missing in this channel, as far as somebody asked for it and it could be found out."""

    @property
    def origin(self) -> Origin:
        """Return the envelope."""
        return self.inbound.origin

    @property
    def me(self) -> Member:
        """Return who acts."""
        return self.member(self.origin.user)

    @property
    def me_today(self) -> Member:
        """Return who acts, in the language and time zone their platform tells now; it is not saved yet."""
        return _as_told(self.me, self.people.get(self.origin.user))

    def member(self, user: UserId) -> Member:
        """Return who this is, writing them down on their first meeting with the bot."""
        known = self.tx.members.by_user(self.origin.workspace, user)
        if known is not None:
            return known
        if self.looks_only:
            raise LookedOnlyError
        return meet(self.tx, self.stranger(user), self.ids)

    def stranger(self, user: UserId) -> Member:
        """Return somebody who is not written down, for showing a form that writes nothing."""
        known = self.tx.members.by_user(self.origin.workspace, user)
        if known is not None:
            return known
        return somebody(self.origin.workspace, self.people.get(user, Person(user, "")))

    @property
    def language(self) -> str:
        """Return the language of the one who acts, as far as it is known."""
        known = self.tx.members.by_user(self.origin.workspace, self.origin.user)
        person = self.people.get(self.origin.user)
        return (person.locale if person else None) or (known.locale if known else "en")

    def group_here(self) -> Group | None:
        """Return the group of this channel, or None."""
        if self.origin.channel is None:
            return None
        return self.tx.groups.in_channel(self.origin.workspace, self.origin.channel)

    def group(self) -> Group:
        """Return the group meant: this channel's, or in a direct message the member's only one."""
        if here := self.chosen or self.group_here():
            return here
        mine = [self.tx.groups.get(group) for group in self.stranger(self.origin.user).joined]
        if len(mine) == 1 and self.origin.channel is None:
            return mine[0]
        if mine and self.origin.channel is None:
            which = replies.which_group(tuple(mine), self.language, then=self.then)
            raise AnswerNowError(say(which), Sentence.WHICH_GROUP)
        raise AnswerNowError(say(replies.no_group_here(self.language)), Sentence.NO_GROUP_HERE)

    def group_named(self, ref: str) -> Group:
        """Return the group a button belongs to, or the one meant where it carries none."""
        return self.require_near(self.tx.groups.get(GroupId(ref))) if ref else self.group()

    def require_near(self, group: Group) -> Group:
        """Return the group if it is in the workspace of the one who acts; no button reaches across."""
        if group.workspace != self.origin.workspace:
            raise NotFoundError(group.id)
        return group

    def cast(self, group: Group, referral: Referral | None = None, ask: Ask | None = None) -> Cast:
        """Return what the words for the one who acts are made from."""
        return casting(self.tx, group, self.now, self.operator, reader=self.me_today, referral=referral, ask=ask)


def _as_told(me: Member, person: Person | None) -> Member:
    """Return a member in the language and time zone their platform tells, where it tells any."""
    locale, zone = (person.locale, person.time_zone) if person else (None, None)
    if locale in (None, me.locale) and zone in (None, me.time_zone):
        return me
    return replace(me, locale=locale or me.locale, time_zone=zone or me.time_zone)


def somebody(workspace: WorkspaceId, person: Person) -> Member:
    """Return a person as a member who is not written down."""
    return Member(
        id=MemberId(f"?{person.user}"),
        workspace=workspace,
        user=person.user,
        locale=person.locale or "en",
        time_zone=person.time_zone,
    )


def meet(tx: Transaction, stranger: Member, ids: Ids) -> Member:
    """Write somebody down on their first meeting with the bot."""
    met = replace(stranger, id=MemberId(ids.new()), version=1)
    tx.members.add(met)
    return met


def casting(
    tx: Transaction,
    group: Group,
    now: datetime,
    operator: Operator,
    *,
    reader: Member | None = None,
    referral: Referral | None = None,
    ask: Ask | None = None,
) -> Cast:
    """Return everything a text about this referral or ask may be made from."""
    wanted = {ask.owner} if ask else set()
    if referral:
        wanted |= {m for m in (referral.starter, referral.seeker, referral.provider) if isinstance(m, str)}
    cards = {m: tx.members.card(MemberId(m), group.id) for m in _parties(referral)}
    cast = Cast(
        group=group,
        now=now,
        operator=operator,
        reader=reader,
        people=tx.members.some(MemberId(m) for m in wanted),
        cards=cards,
        referral=referral,
        ask=ask,
    )
    return praised(tx, cast, (referral.provider,)) if referral and referral.provider in cards else cast


def _parties(referral: Referral | None) -> tuple[MemberId, ...]:
    """Cards are read while a draft is written; afterwards the referral holds its own frozen copies."""
    if referral is None or referral.asked_at is not None:
        return ()
    return tuple(MemberId(m) for m in (referral.seeker, referral.provider) if isinstance(m, str))
