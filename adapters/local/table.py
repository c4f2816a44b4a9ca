"""The table people sit at: does for each of them what a chat client would, and moves the time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.local.clock import CountedIds, Movable, StoryClock
from adapters.local.commands import Numbered, slash
from adapters.local.directory import LocalDirectory
from adapters.local.gateway import LocalGateway
from adapters.local.happening import Standing
from adapters.local.inert import one_line
from adapters.local.people import ADMINS, EVERYBODY, THE_BOT
from adapters.local.playing import OpenBot, Playable
from adapters.local.render import Reader, value_of
from adapters.local.room import LocalRoom
from adapters.local.transcript import CHANNEL
from bot.domain.ids import ChannelId, EventId, UserId
from bot.ports.edges import Ids
from bot.ports.inbound import Inbound, Origin, PickMessage, Press, Submit
from bot.ports.messages import Button, Field, Reply

MENU = "I can refer someone"
MOST_STEPS = 10_000
POSTED_WITHIN = timedelta(minutes=1)
"""Posts that are due at the same instant are queued a moment apart."""

Typed = Mapping[str, str | tuple[str, ...]]


class NotOfferedError(Exception):
    """Somebody wants to press a button, or send a form, that is not in front of them."""

    def __init__(self, who: UserId, wanted: str, offered: tuple[str, ...]) -> None:
        super().__init__(f"{who} is not offered {wanted}, only {', '.join(offered) or 'nothing'}")
        self.who = who
        self.wanted = wanted
        self.offered = offered


class StuckError(Exception):
    """Something stays due however often it is done."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A button in front of somebody, with the message it is on."""

    on: Standing
    button: Button


class Table:
    """Seats for everybody in the room, and a clock to wait by."""

    def __init__(self, room: LocalRoom, bot: Playable, clock: Movable, ids: Ids) -> None:
        self.room = room
        self.clock = clock
        self._bot = bot
        self._ids = ids

    # what people do

    # `event` names what is done; the same again is a repeat. Without one, a new name is made.

    async def types(self, user: UserId, line: str, *, privately: bool = False, event: str = "") -> Reply:
        """Send a slash command from the channel, or from the direct messages with the bot. Raises TypedWrongError."""
        origin = self._origin(user, None if privately else self.room.channel, event)
        command = slash(line, origin, self.room.people)
        return await self._act(command, f"types {one_line(line)}")

    async def presses(self, user: UserId, offer: Offer, *, event: str = "") -> Reply:
        """Press a button."""
        origin = self._origin(user, _channel_of(offer.on), event)
        press = Press(origin, offer.button.verb, offer.button.ref)
        return await self._act(press, f"presses “{one_line(offer.button.label)}”", clicked=offer.on)

    async def sends(self, user: UserId, typed: Typed, *, event: str = "") -> Reply:
        """Send the open form; fields that are not typed go as they stand. Raises NotOfferedError."""
        opened = self.room.form_of(user)
        if opened is None or (unknown := set(typed) - {field.key for field in opened.form.fields}):
            wanted = f"the fields {', '.join(sorted(unknown))}" if opened else "a form"
            raise NotOfferedError(user, wanted, tuple(f.key for f in opened.form.fields) if opened else ())
        fields = {field.key: _chosen(user, field, typed.get(field.key, field.value)) for field in opened.form.fields}
        submit = Submit(self._origin(user, opened.channel, event), opened.form.verb, opened.form.ref, fields)
        typed_lines = tuple(_typed(field, fields[field.key], Reader(self.room.people)) for field in opened.form.fields)
        does = f"sends “{one_line(opened.form.title)}”"
        return await self._act(submit, does, clicked=opened.clicked, typed=typed_lines)

    async def picks(self, user: UserId, message: Standing, *, event: str = "") -> Reply:
        """Choose *I can refer someone* from a message's menu."""
        author = message.author or THE_BOT
        pick = PickMessage(self._origin(user, self.room.channel, event), author, message.message.summary)
        return await self._act(pick, f"chooses “{MENU}” on a message of {author}")

    def writes(self, user: UserId, text: str, place: str | None = None) -> Standing:
        """Write something in the channel, or in a room, which the bot does not read."""
        where = "their room" if place else f"#{self.room.channel}"
        self.room.did(user, f"writes in {where}: {one_line(text)}")
        return self.room.write(user, text, place)

    def offer(self, user: UserId, verb: str) -> Offer:
        """Return the button with this verb on the newest message with buttons in any place. Raises NotOfferedError."""
        newest: dict[str, Standing] = {}
        for standing in reversed(self.room.in_view(user)):
            if standing.buttons:
                newest.setdefault(standing.place, standing)
        offers = [Offer(standing, button) for standing in newest.values() for button in standing.buttons]
        for offer in offers:
            if offer.button.verb == verb:
                return offer
        raise NotOfferedError(user, verb, tuple(offer.button.verb for offer in offers))

    def numbered(self, user: UserId) -> tuple[Numbered, ...]:
        """Return every button in view, counted from the top."""
        buttons = [(standing.id, button) for standing in self.room.in_view(user) for button in standing.buttons]
        return tuple(Numbered(number, on, button) for number, (on, button) in enumerate(buttons, start=1))

    def numbered_offer(self, chosen: Numbered) -> Offer:
        """Return a button that was found by its number or label."""
        standing = self.room.message(chosen.message)
        if standing is None:
            raise LookupError(chosen.message)
        return Offer(standing, chosen.button)

    # how time passes

    async def wait(self, span: timedelta) -> None:
        """Let some time pass."""
        await self.wait_until(self.clock.now() + span)

    async def wait_until(self, instant: datetime) -> None:
        """Let time pass up to an instant, stopping wherever something is due. Raises StuckError."""
        for _ in range(MOST_STEPS):
            due = await self._bot.next_due()
            if due is None or due > instant:
                break
            await self._be_at(max(due, self.clock.now()))
        else:
            raise StuckError(f"something is still due at {self.clock.now()}")
        await self._be_at(instant)

    async def next_due(self) -> datetime | None:
        """Return when the next thing happens by itself, or None."""
        return await self._bot.next_due()

    async def wait_for_post(self) -> bool:
        """Let time pass until the group's next weekly post would be there; return whether there is one to come."""
        due = await self._bot.next_post(self.room.workspace, self.room.channel)
        if due is not None:
            await self.wait_until(max(due, self.clock.now()) + POSTED_WITHIN)
        return due is not None

    async def _be_at(self, instant: datetime) -> None:
        self.clock.move_to(instant)
        await self._bot.sweep()
        await self._bot.deliver()

    async def _act(
        self, inbound: Inbound, does: str, *, clicked: Standing | None = None, typed: tuple[str, ...] = ()
    ) -> Reply:
        origin = inbound.origin
        self.room.did(origin.user, does, typed)
        reply = await self._bot.handle(inbound)
        self.room.answer(origin.user, reply, clicked=clicked, channel=origin.channel)
        await self._bot.deliver()
        return reply

    def _origin(self, user: UserId, channel: ChannelId | None, event: str = "") -> Origin:
        named = EventId(f"local:{event or self._ids.new()}")
        return Origin(named, self.room.workspace, user, channel, is_admin=user in self.room.admins)


def _channel_of(standing: Standing) -> ChannelId | None:
    """Return the channel a message is in; a room of some people is, as with a direct message, none of the group's."""
    return ChannelId(standing.place) if standing.to == CHANNEL else None


def _chosen(user: UserId, field: Field, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
    """Return a field's value; a client sends no choice that its form does not have."""
    offered = tuple(option for option, _ in field.options)
    chosen = (value,) if isinstance(value, str) else value
    if offered and (unknown := [one for one in chosen if one and one not in offered]):
        raise NotOfferedError(user, f"{', '.join(unknown)} for {field.key}", offered)
    return value


def _typed(field: Field, value: str | tuple[str, ...], reader: Reader) -> str:
    return f"{one_line(field.label)}: {one_line(value_of(field, value, reader)) or '–'}"


async def set_table(open_bot: OpenBot) -> tuple[Table, Playable]:
    """Make the room with its sample people, and a bot in it. The caller closes the bot."""
    clock = StoryClock()
    room = LocalRoom(EVERYBODY, clock, admins=ADMINS)
    gateway, directory = LocalGateway(room), LocalDirectory(room)
    bot = await open_bot(gateway=gateway, directory=directory, clock=clock, ids=CountedIds())
    return Table(room, bot, clock, CountedIds("event")), bot
