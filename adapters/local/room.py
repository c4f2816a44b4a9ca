"""The local room: who is in it, what stands where for whom, and the transcript of all that happened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from adapters.local.limits import require_fit
from adapters.local.transcript import CHANNEL, Audience, Did, Kind, Received, Transcript, reaches
from bot.domain.ids import ChannelId, UserId, WorkspaceId
from bot.ports.edges import Clock, Person
from bot.ports.gateway import DeliveryKey, Receipt
from bot.ports.messages import Button, Buttons, Form, Message, Plain, Reply, Text

WORKSPACE = WorkspaceId("local:room")
INTRODUCTIONS = ChannelId("introductions")


@dataclass(frozen=True, slots=True)
class Standing:
    """A message as it stands now. `place` is the channel, a person's direct messages or replies, or a group's room."""

    id: str
    place: str
    to: Audience
    kind: Kind
    message: Message
    author: UserId | None = None

    @property
    def is_private(self) -> bool:
        """Say whether exactly one person sees it."""
        return isinstance(self.to, str) and self.to != CHANNEL

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Return its buttons, from the top."""
        return tuple(b for part in self.message.parts if isinstance(part, Buttons) for b in part.buttons)


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form in front of somebody, with an error for each field that could not stand, and what opened it where."""

    form: Form
    errors: Mapping[str, str] = field(default_factory=dict)
    channel: ChannelId | None = None
    clicked: Standing | None = None


class LocalRoom:
    """One channel, its people, their private corners and the rooms of those who were introduced; all in memory."""

    def __init__(self, people: Iterable[Person], clock: Clock, *, admins: Iterable[UserId] = ()) -> None:
        self.workspace = WORKSPACE
        self.channel = INTRODUCTIONS
        self.people = {person.user: person for person in people}
        self.admins = frozenset(admins)
        self.transcript = Transcript()
        self._clock = clock
        self._standing: dict[str, Standing] = {}
        self._receipts: dict[DeliveryKey, Receipt] = {}
        self._rooms: dict[tuple[str, ...], str] = {}
        self._members: dict[str, tuple[str, ...]] = {}
        self._forms: dict[UserId, OpenForm] = {}

    # what stands where

    def in_view(self, user: UserId) -> tuple[Standing, ...]:
        """Return what this person has in front of them, oldest first."""
        return tuple(standing for standing in self._standing.values() if reaches(standing.to, user))

    def message(self, message: str) -> Standing | None:
        """Return a message as it stands, or None if it was never there."""
        return self._standing.get(message)

    def form_of(self, user: UserId) -> OpenForm | None:
        """Return the form this person has open, or None."""
        return self._forms.get(user)

    @property
    def rooms(self) -> tuple[tuple[str, ...], ...]:
        """Return who sits in each room that was opened."""
        return tuple(self._members.values())

    # what the bot puts there

    def put(self, place: str, to: Audience, kind: Kind, message: Message, author: UserId | None = None) -> Standing:
        """Add a message. Raises ShownTooMuchError when it breaks a limit."""
        require_fit(message)
        standing = Standing(f"m{len(self._standing) + 1}", place, to, kind, message, author)
        self._standing[standing.id] = standing
        self.transcript.add(Received(self._clock.now(), to, kind, message, message=standing.id))
        return standing

    def change(self, message_id: str, message: Message, kind: Kind | None = None) -> Standing:
        """Put a message in the place of an earlier one. Raises KeyError, and ShownTooMuchError."""
        before = self._standing[message_id]
        require_fit(message)
        after = replace(before, message=message)
        self._standing[message_id] = after
        entry = Received(self._clock.now(), after.to, kind or after.kind, message, changes=True, message=after.id)
        self.transcript.add(entry)
        return after

    def open_room(self, users: tuple[UserId, ...], name: str) -> str:
        """Return the place where these people are together under this name; it is made the first time."""
        together = (name, *sorted(users))
        if together not in self._rooms:
            place = f"room-{len(self._rooms) + 1}"
            self._rooms[together] = place
            self._members[place] = tuple(users)
        return self._rooms[together]

    def sit_in(self, place: str) -> tuple[str, ...] | None:
        """Return who sits in a room, or None if there is no such room."""
        return self._members.get(place)

    def receipt_of(self, key: DeliveryKey) -> Receipt | None:
        """Return the first receipt for this key, or None."""
        return self._receipts.get(key)

    def delivered(self, key: DeliveryKey, standing: Standing) -> Receipt:
        """Remember where a delivery went."""
        return self._receipts.setdefault(key, Receipt(self.workspace, standing.place, standing.id))

    # what people do, and are answered

    def did(self, user: UserId, does: str, typed: tuple[str, ...] = ()) -> None:
        """Write down what somebody does."""
        self.transcript.add(Did(self._clock.now(), user, does, typed))

    def write(self, user: UserId, text: str) -> Standing:
        """Let a person write in the channel; the bot does not read it."""
        message = Message(text, (Text((Plain(text),)),))
        return self.put(self.channel, CHANNEL, Kind.POST, message, author=user)

    def answer(self, user: UserId, reply: Reply, *, clicked: Standing | None, channel: ChannelId | None) -> None:
        """Show somebody what the bot replied to them: a message, or a form that opens."""
        self._forms.pop(user, None)
        if reply.message is not None:
            self._reply(user, reply.message, clicked if reply.replaces else None)
        if reply.form is not None:
            self._open(user, OpenForm(reply.form, reply.errors, channel, clicked))

    def close_form(self, user: UserId) -> None:
        """Put a form away; what was typed is lost, as when a window is closed."""
        self._forms.pop(user, None)

    def _reply(self, user: UserId, message: Message, clicked: Standing | None) -> None:
        if clicked is not None and clicked.is_private:
            self.change(clicked.id, message, Kind.REPLY)
        else:
            self.put(f"replies:{user}", user, Kind.REPLY, message)

    def _open(self, user: UserId, opened: OpenForm) -> None:
        require_fit(opened.form)
        self._forms[user] = opened
        self.transcript.add(Received(self._clock.now(), user, Kind.REPLY, opened.form, opened.errors))
