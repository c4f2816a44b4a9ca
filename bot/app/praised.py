"""Reads the testimonials that stand on cards, for texts that show these cards."""

from collections.abc import Iterable
from dataclasses import replace

from bot.app.wording.cast import Cast
from bot.domain.ids import MemberId
from bot.ports.store import Transaction


def praised(tx: Transaction, cast: Cast, owners: Iterable[MemberId]) -> Cast:
    """Return the cast with what stands on these members' cards, and with those who wrote it."""
    praise = {owner: found for owner in owners if (found := tx.follow_ups.testimonials_of(owner, cast.group.id))}
    if not praise:
        return cast
    authors = {one.seeker for found in praise.values() for one in found if one.seeker}
    return replace(cast, praise=praise, people={**cast.people, **tx.members.some(authors)})
