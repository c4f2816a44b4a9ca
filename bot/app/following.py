"""What comes after an introduction: begin to follow it up, carry out what is said about it, and end a part in it."""

from datetime import datetime

from bot.app import entries, owed
from bot.app.wording.canonical import VERSION
from bot.domain.decision import ConsentReceipt, Decision
from bot.domain.errors import NotFoundError
from bot.domain.following import decide_follow_up, next_due
from bot.domain.group import Group
from bot.domain.hearing import Surroundings
from bot.domain.ids import GroupId, MemberId, ReferralId
from bot.domain.kind import kind_of
from bot.domain.local_time import iso_week
from bot.domain.outcome import FollowUp, FollowUpCommand, PartGone
from bot.domain.place import ORDINARY, Place
from bot.domain.question import Side
from bot.domain.referral import Referral
from bot.domain.saying import words_of
from bot.ports.rows import Shown
from bot.ports.store import Transaction


def follow(
    tx: Transaction, referral: ReferralId, command: FollowUpCommand, now: datetime, place: Place = ORDINARY
) -> Decision[FollowUp]:
    """Carry a command out on what comes after an introduction, in this transaction.

    `place` matters to SayAmount alone. Raises NotFoundError if the referral never became an introduction, and
    NotAPartyError if it is not this person's to say.
    """
    before = tx.follow_ups.get(referral, to_change=True)
    group = tx.groups.get(before.group)
    decision = decide_follow_up(before, command, around(tx, before, group, place), now)
    if decision.state != before:
        tx.follow_ups.save(decision.state, next_due(decision.state))
    _keep_receipts(tx, decision, now)
    entries.append(tx, decision.events, group, now)
    owed.queue(tx, decision.effects, group, now)
    return decision


def around(tx: Transaction, state: FollowUp, group: Group, place: Place = ORDINARY) -> Surroundings:
    """Read what a decision about a follow-up may look at; its composing asks `may_be_asked` with the same."""
    members = {m for m in (state.referrer, state.seeker, state.provider) if m}
    got_it = tx.referrals.get(state.referral).got_it
    return Surroundings(group=group, people=tx.members.some(members), got_it=got_it, place=place)


def _keep_receipts(tx: Transaction, decision: Decision[FollowUp], now: datetime) -> None:
    """Keep each consent to show words, with the words themselves as the text that was agreed to."""
    for receipt in decision.receipts:
        if receipt.answer.agrees:
            tx.records.show(_shown(tx, decision.state, receipt, now))
    if decision.receipts:
        tx.records.add_receipts(decision.receipts)


def _shown(tx: Transaction, state: FollowUp, receipt: ConsentReceipt, now: datetime) -> Shown:
    words, about = words_of(state, receipt.number)
    reader = tx.members.get(receipt.by)
    return Shown(
        referral=state.referral,
        number=receipt.number,
        to=receipt.by,
        about=tuple(sorted(about)),
        text=words,
        version=VERSION,
        locale=reader.locale,
        at=now,
    )


def begin(tx: Transaction, referral: Referral, *, counts: bool = True) -> None:
    """Follow an introduction up from now on; one that is followed up already stays as it is.

    The same two once more does not count: then there is no week to be corrected either.
    """
    kind = kind_of(referral)
    if kind is None or referral.provider is None or referral.introduced_at is None:
        return
    seeker = MemberId(referral.seeker) if isinstance(referral.seeker, str) else None
    settings = tx.groups.get(referral.group).settings
    state = FollowUp(
        referral=referral.id,
        group=referral.group,
        introduced_at=referral.introduced_at,
        week=iso_week(referral.introduced_at, settings.time_zone) if counts else "",
        kind=kind,
        referrer=referral.referrer,
        seeker=seeker,
        provider=referral.provider,
        # Who wants to be written to does not write first.
        first_move=Side.PROVIDER if referral.no_introduction else referral.first_move,
    )
    tx.follow_ups.add(state, next_due(state))


def end_parts(tx: Transaction, who: MemberId, now: datetime, *, group: GroupId | None = None) -> None:
    """Ask a member nothing more about their introductions: they left the group, or everything."""
    for state in tx.follow_ups.open_with(who):
        if group is None or state.group == group:
            follow(tx, state.referral, PartGone(who), now)


def end_parts_with(tx: Transaction, who: MemberId, others: frozenset[MemberId], now: datetime) -> None:
    """Ask a member nothing more about their introductions with or by somebody they blocked."""
    for state in tx.follow_ups.open_with(who):
        if {state.referrer, state.seeker, state.provider} & others:
            follow(tx, state.referral, PartGone(who), now)


def found(tx: Transaction, referral: ReferralId) -> FollowUp | None:
    """Return what came of an introduction, or None where there was none."""
    try:
        return tx.follow_ups.get(referral)
    except NotFoundError:
        return None


def came_from(tx: Transaction, ref: str, who: MemberId) -> ReferralId | None:
    """Return the introduction a new draft of this member may say it came from: one they had a part in."""
    state = found(tx, ReferralId(ref)) if ref else None
    took_part = state is not None and who in (state.referrer, state.seeker, state.provider)
    return state.referral if state and took_part else None
