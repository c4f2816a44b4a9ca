"""The steps every use case about a referral takes: load, decide, save, queue."""

from datetime import datetime, timedelta

from bot.app import entries, following, owed
from bot.domain import commands as c
from bot.domain.ask import Ask
from bot.domain.ask_commands import AskCommand
from bot.domain.asks import decide_ask
from bot.domain.decide import decide
from bot.domain.decision import Around, Decision
from bot.domain.elapsing import next_due
from bot.domain.errors import NotFoundError
from bot.domain.group import Group
from bot.domain.ids import AskId, MemberId, ReferralId
from bot.domain.member import CardSlot
from bot.domain.question import Answer, Side
from bot.domain.referral import Referral
from bot.domain.replacing import replace
from bot.ports.edges import Person
from bot.ports.store import Transaction

WEEK = timedelta(days=7)
DAY = timedelta(days=1)

_LOOKS_FURTHER = (c.AnswerParty, c.AskThem, c.OfferHelp, c.CheckFit, c.SendLead, c.WriteDraft, c.AnswerFilter)


def change(
    tx: Transaction,
    referral: ReferralId,
    command: c.ReferralCommand,
    now: datetime,
    *,
    persons: tuple[Person, ...] = (),
) -> Decision[Referral]:
    """Carry a command out on a stored referral, in this transaction."""
    before = tx.referrals.get(referral, to_change=True)
    group = tx.groups.get(before.group)
    around_it = around(tx, before, command, group, now, persons=persons)
    decision = decide(before, command, around_it, now)
    keep(tx, before, decision, group, now)
    if isinstance(command, c.AnswerQuestion) and command.blocks:
        say_no_to_everything_from(tx, command.by, command.blocks, now, but=referral)
    if isinstance(command, c.IntroductionPosted):
        following.begin(tx, decision.state, counts=not around_it.introduced_before)
    return decision


def create(
    tx: Transaction, referral: Referral, command: c.ReferralCommand, now: datetime, *, persons: tuple[Person, ...] = ()
) -> Decision[Referral]:
    """Carry the first command out on a referral that is not stored yet."""
    group = tx.groups.get(referral.group)
    decision = decide(referral, command, around(tx, referral, command, group, now, persons=persons), now)
    stored = replace(decision.state, version=1)
    tx.referrals.add(stored)
    if due := next_due(stored):
        tx.referrals.save(stored, due)
    _keep_the_rest(tx, decision, group, now)
    return decision


def keep(tx: Transaction, before: Referral, decision: Decision[Referral], group: Group, now: datetime) -> None:
    """Save the new state over the version that was read, append the log, and queue what is owed."""
    if decision.state != before:
        tx.referrals.save(decision.state, next_due(decision.state))
    _keep_the_rest(tx, decision, group, now)


def _keep_the_rest(tx: Transaction, decision: Decision[Referral], group: Group, now: datetime) -> None:
    for member in decision.members:
        tx.members.save(member)
    if decision.receipts:
        tx.records.add_receipts(decision.receipts)
    entries.append(tx, decision.events, group, now)
    owed.queue(tx, decision.effects, group, now)


def around(
    tx: Transaction,
    referral: Referral,
    command: c.ReferralCommand,
    group: Group,
    now: datetime,
    *,
    persons: tuple[Person, ...] = (),
) -> Around:
    """Read what this command's decision may look at; limits and pasts only where they are asked about."""
    seen = _with_newcomers(referral, command)
    people = tx.members.some({m for m in (seen.starter, seen.seeker, seen.provider) if isinstance(m, str)})
    looked = Around(group=group, people=people, ask=tx.asks.get(seen.ask) if seen.ask else None)
    if isinstance(command, c.IntroductionPosted):
        return replace(looked, introduced_before=tx.referrals.were_introduced(referral))
    if not isinstance(command, _LOOKS_FURTHER):
        return looked
    parties = [m for m in people if m in (seen.seeker, seen.provider)]
    looked = replace(looked, cards={m: tx.members.card(m, group.id) for m in parties})
    looked = replace(looked, names={side: _names(looked, seen, side, persons) for side in Side})
    if isinstance(command, c.AskThem | c.OfferHelp | c.CheckFit | c.SendLead):
        return _with_past(tx, looked, seen, now)
    return looked


def _with_newcomers(referral: Referral, command: c.ReferralCommand) -> Referral:
    """See the parties as they will stand once the command has named them."""
    match command:
        case c.WriteDraft():
            seeker = None if command.clears_seeker else command.seeker or referral.seeker
            return replace(referral, seeker=seeker, provider=command.provider or referral.provider)
        case c.SendLead():
            return replace(referral, provider=command.provider)
        case _:
            return referral


def _names(looked: Around, referral: Referral, side: Side, persons: tuple[Person, ...]) -> tuple[str, ...]:
    """Return what would give a party away: their name on the platform, and the company on their card."""
    party = referral.party(side)
    member = looked.people.get(MemberId(party)) if isinstance(party, str) else None
    if member is None:
        return ()
    company = looked.cards[member.id].lines.get(CardSlot.COMPANY, "")
    return (company, *(person.name for person in persons if person.user == member.user))


def _with_past(tx: Transaction, looked: Around, referral: Referral, now: datetime) -> Around:
    open_ones = tx.referrals.looking_open(referral.group, referral.starter, now)
    others = {m for one in open_ones for m in (one.seeker, one.provider) if isinstance(m, str)}
    parties = [MemberId(m) for m in (referral.seeker, referral.provider) if isinstance(m, str)]
    settings = looked.group.settings
    return replace(
        looked,
        pair=tx.referrals.pair_past(referral, settings.closed_pair, now),
        received={m: tx.referrals.received(m, referral.group, now - WEEK) for m in parties},
        started_today=tx.referrals.started_since(referral.group, referral.starter, now - DAY),
        open_now=len(open_ones),
        open_with=frozenset(MemberId(m) for m in others - {referral.starter}),
    )


def say_no_to_everything_from(
    tx: Transaction, who: MemberId, others: frozenset[MemberId], now: datetime, *, but: ReferralId | None = None
) -> None:
    """End this member's part in every open referral by or with somebody they blocked, and in what comes after."""
    following.end_parts_with(tx, who, others, now)
    for referral in tx.referrals.open_with(who):
        if referral == but:
            continue
        one = tx.referrals.get(referral)
        if one.side_of(who) and {one.starter, one.seeker, one.provider} & others:
            change(tx, referral, c.PartyGone(who, Answer.BLOCK), now)


def end_part(tx: Transaction, who: MemberId, now: datetime, *, group: Group | None = None) -> None:
    """End a member's part in everything open: as a party without a word, as a referrer by withdrawing."""
    following.end_parts(tx, who, now, group=group.id if group else None)
    for referral in tx.referrals.open_with(who):
        one = _found(tx, referral)
        if one is None or (group and one.group != group.id):
            continue
        if one.starter == who:
            change(tx, referral, c.Withdraw(who) if one.asked_at else c.Discard(who), now)
        else:
            change(tx, referral, c.PartyGone(who), now)


def _found(tx: Transaction, referral: ReferralId) -> Referral | None:
    try:
        return tx.referrals.get(referral)
    except NotFoundError:
        return None


def change_ask(tx: Transaction, ask: AskId, command: AskCommand, now: datetime) -> None:
    """Carry a command of time or success out on a stored ask."""
    before = tx.asks.get(ask, to_change=True)
    group = tx.groups.get(before.group)
    keep_ask(tx, before, decide_ask(before, command, group, None, now), group, now)


def keep_ask(tx: Transaction, before: Ask, decision: Decision[Ask], group: Group, now: datetime) -> None:
    """Save an ask's new state, append the log, and queue what is owed."""
    if decision.state != before:
        tx.asks.save(decision.state)
    entries.append(tx, decision.events, group, now)
    owed.queue(tx, decision.effects, group, now)
