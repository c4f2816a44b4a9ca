"""A courier that carries what it claimed as it is: no words are composed, and no shown text is kept.

What is left is what the design's row counts of a delivery: it is queued, claimed and completed. The decision that an
introduction can no longer be taken back is the domain's, and stays, in a transaction of its own.
"""

from typing import Any

from adapters.local.room import INTRODUCTIONS, WORKSPACE
from bot.app import deciding
from bot.app.composing import Closing, Parcel
from bot.app.courier import Courier
from bot.app.joined import Joined
from bot.domain import commands as c
from bot.domain import effects as e
from bot.domain.ids import UserId
from bot.ports.edges import Clock
from bot.ports.gateway import Direct, Room
from bot.ports.messages import Button, Buttons, Message
from bot.ports.rows import Claimed
from bot.ports.store import Store, Transaction


class BareCourier(Courier):
    """A Courier in all but the words: the button to say yes is all that anybody gets."""

    def __init__(self, *, store: Store, clock: Clock, **edges: Any) -> None:  # noqa: ANN401 - a Courier's own
        super().__init__(store=store, clock=clock, **edges)
        self._preparing = _Undressed(store, lambda tx, row: _claimed(tx, row, clock), order=lambda row: row.intent.lane)


class _Undressed(Joined[Claimed, Parcel | Closing | None]):
    """Gives every row a parcel; an introduction's after its claim is committed."""

    async def do(self, item: Claimed) -> Parcel | Closing | None:
        return await super().do(item) if isinstance(item.intent.effect, e.PostIntroduction) else _parcel(item)


def _claimed(tx: Transaction, row: Claimed, clock: Clock) -> Parcel | None:
    effect = row.intent.effect
    assert isinstance(effect, e.PostIntroduction)
    referral = deciding.change(tx, effect.referral, c.ClaimPosting(effect.posting), clock.now()).state
    assert referral.too_late, "it was posted already"
    return _parcel(row)


def _parcel(row: Claimed) -> Parcel:
    """Return it with the button that is under a question; bench.story names people so that they are told by ids."""
    effect = row.intent.effect
    assert isinstance(effect, e.SendPrompt | e.PostIntroduction), effect
    if isinstance(effect, e.SendPrompt):
        yes = Button("Yes", "yes", f"{effect.referral}.{effect.number}")
        return Parcel(Message("", (Buttons((yes,)),)), Direct(WORKSPACE, UserId(effect.to.removeprefix("m-"))))
    number = effect.referral.rpartition("-")[2]
    both = (UserId(f"seeker-{number}"), UserId(f"provider-{number}"))
    return Parcel(Message("", ()), Room(WORKSPACE, INTRODUCTIONS, both, "introduction"))
