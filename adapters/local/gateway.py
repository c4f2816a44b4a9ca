"""Puts the bot's messages into the local room, and fails on request as a platform would."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from adapters.local.happening import Standing
from adapters.local.limits import MOST_ID, ShownTooMuchError
from adapters.local.room import LocalRoom
from adapters.local.transcript import CHANNEL, Audience, kind_of
from bot.domain.ids import ChannelId, UserId
from bot.ports.gateway import (
    DeliveryDelayedError,
    DeliveryKey,
    DeliveryRefusedError,
    Direct,
    InChannel,
    Progress,
    Rate,
    Receipt,
    Recipient,
    Refusal,
    Room,
)
from bot.ports.messages import Message

ROOM = "room"
"""The step of a delivery at which a room was opened."""

AWAY = "away"
"""Where deliveries go that were for the room as it was before it was made anew: nobody is there to see them."""


@dataclass(frozen=True, slots=True)
class Delay:
    """The platform asks to come back later."""

    wait: timedelta | None = None
    whole_workspace: bool = False


@dataclass(frozen=True, slots=True)
class Refuse:
    """The platform will not take it."""

    reason: Refusal


@dataclass(frozen=True, slots=True)
class LoseAnswer:
    """The platform does what it is told, and its answer never arrives."""


Fault = Delay | Refuse | LoseAnswer


class LocalGateway:
    """Passes tests/contract/test_chat_gateway.py. The room remembers the keys, so that a new gateway knows them too."""

    def __init__(self, room: LocalRoom) -> None:
        self._room = room
        self._faults: list[tuple[Fault, UserId | None]] = []

    def fail_next(self, fault: Fault, *, to: UserId | None = None, times: int = 1) -> None:
        """Let the next calls go wrong: all of them, or only those that are for this person alone."""
        self._faults.extend([(fault, to)] * times)

    async def deliver(self, to: Recipient, message: Message, *, key: DeliveryKey, progress: Progress) -> Receipt:
        """Show the message, opening the room first where there is none."""
        if (earlier := self._room.receipt_of(key)) is not None:
            return earlier
        if self._room.was_put_away(to.workspace):
            return Receipt(to.workspace, AWAY, AWAY)
        fault = self._fault_for(to)
        self._refuse_or_delay(fault)
        place, audience = await self._place(to, progress)
        try:
            standing = self._room.put(place, audience, kind_of(_checked(key)), message)
        except ShownTooMuchError as broken:
            raise DeliveryRefusedError(Refusal.INVALID) from broken
        return await self._answer(key, standing, fault)

    async def edit(self, receipt: Receipt, message: Message, *, key: DeliveryKey) -> Receipt:
        """Put the message in the place of an earlier one; nothing is edited twice under one key."""
        if (earlier := self._room.receipt_of(key)) is not None:
            return earlier
        if self._room.was_put_away(receipt.workspace):
            return receipt
        standing = self._room.message(receipt.message)
        if standing is None or receipt.workspace != self._room.workspace:
            raise DeliveryRefusedError(Refusal.GONE)
        fault = self._fault_at(standing)
        self._refuse_or_delay(fault)
        try:
            changed = self._room.change(standing.id, message)
        except ShownTooMuchError as broken:
            raise DeliveryRefusedError(Refusal.INVALID) from broken
        return await self._answer(_checked(key), changed, fault)

    def rates(self, to: Recipient) -> Sequence[Rate]:
        """Return no limits: the room takes what comes."""
        del to
        return ()

    async def _place(self, to: Recipient, progress: Progress) -> tuple[str, Audience]:
        if to.workspace != self._room.workspace:
            raise DeliveryRefusedError(Refusal.FORBIDDEN)
        match to:
            case Direct(user=user):
                self._require_here(user)
                return f"direct:{user}", user
            case InChannel(channel=channel):
                self._require_channel(channel)
                return self._room.channel, CHANNEL
            case Room():
                return await self._room_of(to, progress)

    async def _room_of(self, to: Room, progress: Progress) -> tuple[str, Audience]:
        self._require_channel(to.channel)
        for user in to.users:
            self._require_here(user)
        place = progress.done.get(ROOM)
        if place is None or self._room.sit_in(place) is None:
            place = self._room.open_room(to.users, to.name)
            await progress.record(ROOM, place)
        return place, to.users

    def _require_here(self, user: UserId) -> None:
        person = self._room.people.get(user)
        if person is None or person.is_bot or person.is_deactivated:
            raise DeliveryRefusedError(Refusal.UNREACHABLE)

    def _require_channel(self, channel: ChannelId) -> None:
        if channel != self._room.channel:
            raise DeliveryRefusedError(Refusal.NO_CHANNEL)

    def _fault_for(self, to: Recipient) -> Fault | None:
        return self._next_fault(to.user if isinstance(to, Direct) else None)

    def _fault_at(self, standing: Standing) -> Fault | None:
        return self._next_fault(UserId(str(standing.to)) if standing.is_private else None)

    def _next_fault(self, user: UserId | None) -> Fault | None:
        for planned in self._faults:
            fault, only = planned
            if only is None or only == user:
                self._faults.remove(planned)
                return fault
        return None

    def _refuse_or_delay(self, fault: Fault | None) -> None:
        if isinstance(fault, Delay):
            raise DeliveryDelayedError(fault.wait, whole_workspace=fault.whole_workspace)
        if isinstance(fault, Refuse):
            raise DeliveryRefusedError(fault.reason)

    async def _answer(self, key: DeliveryKey, standing: Standing, fault: Fault | None) -> Receipt:
        receipt = self._room.delivered(key, standing)
        try:
            await self._room.kept()
        except OSError as full:
            raise DeliveryDelayedError from full
        if isinstance(fault, LoseAnswer):
            raise DeliveryDelayedError(lost_answer=True)
        return receipt


def _checked(key: DeliveryKey) -> DeliveryKey:
    if not 0 < len(key) <= MOST_ID:
        raise DeliveryRefusedError(Refusal.INVALID)
    return key
