"""The local room: who is in it, what stands where for whom, and the transcript of all that happened."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar, assert_never

from adapters.local.happening import (
    Acted,
    Arrived,
    Cleared,
    Delivered,
    Gathered,
    Happening,
    Noted,
    Opened,
    OpenForm,
    PutAway,
    Remembered,
    Standing,
    Stood,
)
from adapters.local.keeping import Journal, NoJournal
from adapters.local.limits import require_fit
from adapters.local.transcript import CHANNEL, Audience, Did, Kind, Received, Transcript, reaches
from bot.domain.ids import ChannelId, UserId, WorkspaceId
from bot.ports.edges import Clock, Person
from bot.ports.gateway import DeliveryKey, Receipt
from bot.ports.messages import Form, Message, Plain, Reply, Text

K = TypeVar("K")
V = TypeVar("V")

WORKSPACE = WorkspaceId("local:room")
INTRODUCTIONS = ChannelId("introductions")
MOST_KEPT = 5_000
"""How many deliveries and acts a room with a limit remembers, to know a repeat."""


class LocalRoom:
    """One channel, its people, their private corners and the rooms of those who were introduced.

    With `most`, only so many messages and entries of the transcript are held: the oldest go.
    """

    def __init__(
        self,
        people: Iterable[Person],
        clock: Clock,
        *,
        admins: Iterable[UserId] = (),
        journal: Journal | None = None,
        most: int | None = None,
    ) -> None:
        self.channel = INTRODUCTIONS
        self.admins = frozenset(admins)
        self._first_people = tuple(people)
        self._clock = clock
        self._journal = journal or NoJournal()
        self._most = most
        self._watchers: list[Callable[[Happening], None]] = []
        self._remembered: dict[str, str] = {}
        self._messages = self._opened = 0
        self.transcript = Transcript(most)
        self._empty(1)

    def _empty(self, times: int) -> None:
        self.times = times
        self.people = {person.user: person for person in self._first_people}
        self.transcript.clear()
        self._standing: dict[str, Standing] = {}
        self._receipts: dict[DeliveryKey, Receipt] = {}
        self._rooms: dict[tuple[str, ...], str] = {}
        self._members: dict[str, tuple[str, ...]] = {}
        self._forms: dict[UserId, OpenForm] = {}
        self._acted: deque[str] = deque(maxlen=self._most and MOST_KEPT)

    # what stands where

    @property
    def workspace(self) -> WorkspaceId:
        """Return the workspace this is to the bot: another one each time the room is made anew."""
        return workspace_of(self.times)

    def was_put_away(self, workspace: WorkspaceId) -> bool:
        """Say whether this is what stood here before the room was made anew."""
        return workspace in map(workspace_of, range(1, self.times))

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

    def rooms_of(self, user: UserId) -> tuple[str, ...]:
        """Return the places of the rooms this person sits in."""
        return tuple(place for place, users in self._members.items() if user in users)

    # what the bot puts there

    def put(self, place: str, to: Audience, kind: Kind, message: Message, author: UserId | None = None) -> Standing:
        """Add a message. Raises ShownTooMuchError when it breaks a limit."""
        require_fit(message)
        now = self._clock.now()
        standing = Standing(f"m{self._messages + 1}", place, to, kind, message, now, author)
        self._happens(Stood(standing))
        self._happens(Noted(Received(now, to, kind, message, message=standing.id)))
        return standing

    def change(self, message_id: str, message: Message, kind: Kind | None = None) -> Standing:
        """Put a message in the place of an earlier one. Raises KeyError, and ShownTooMuchError."""
        before = self._standing[message_id]
        require_fit(message)
        after = replace(before, message=message, version=before.version + 1)
        self._happens(Stood(after))
        entry = Received(self._clock.now(), after.to, kind or after.kind, message, changes=True, message=after.id)
        self._happens(Noted(entry))
        return after

    def open_room(self, users: tuple[UserId, ...], name: str) -> str:
        """Return the place where these people are together under this name; it is made the first time."""
        together = (name, *sorted(users))
        if together not in self._rooms:
            self._happens(Gathered(f"room-{len(self._rooms) + 1}", users, name))
        return self._rooms[together]

    def sit_in(self, place: str) -> tuple[str, ...] | None:
        """Return who sits in a room, or None if there is no such room."""
        return self._members.get(place)

    def receipt_of(self, key: DeliveryKey) -> Receipt | None:
        """Return the first receipt for this key, or None."""
        return self._receipts.get(key)

    def delivered(self, key: DeliveryKey, standing: Standing) -> Receipt:
        """Remember where a delivery went."""
        if key not in self._receipts:
            self._happens(Delivered(key, standing.place, standing.id))
        return self._receipts[key]

    # what people do, and are answered

    def did(self, user: UserId, does: str, typed: tuple[str, ...] = ()) -> None:
        """Write down what somebody does."""
        self._happens(Noted(Did(self._clock.now(), user, does, typed)))

    def write(self, user: UserId, text: str, place: str | None = None) -> Standing:
        """Let a person write in the channel, or in a room they sit in; the bot does not read it."""
        message = Message(text, (Text((Plain(text),)),))
        to = self._members.get(place or "", CHANNEL)
        return self.put(self.channel if to == CHANNEL else place or "", to, Kind.POST, message, author=user)

    def answer(self, user: UserId, reply: Reply, *, clicked: Standing | None, channel: ChannelId | None) -> None:
        """Show somebody what the bot replied to them: a message, or a form that opens."""
        self.close_form(user)
        if reply.message is not None:
            self._reply(user, reply.message, clicked if reply.replaces else None)
        if reply.form is not None:
            require_fit(reply.form)
            self._happens(Opened(user, OpenForm(reply.form, reply.errors, channel, clicked, f"f{self._opened + 1}")))
            self._happens(Noted(Received(self._clock.now(), user, Kind.REPLY, reply.form, reply.errors)))

    def close_form(self, user: UserId) -> None:
        """Put a form away; what was typed is lost, as when a window is closed."""
        if user in self._forms:
            self._happens(PutAway(user))

    def fill(self, user: UserId, opened: OpenForm, form: Form) -> None:
        """Keep what somebody has typed into their form so far."""
        self._happens(Opened(user, replace(opened, form=form)))

    def _reply(self, user: UserId, message: Message, clicked: Standing | None) -> None:
        if clicked is not None and clicked.is_private and clicked.id in self._standing:
            self.change(clicked.id, message, Kind.REPLY)
        else:
            self.put(f"replies:{user}", user, Kind.REPLY, message)

    # what the room itself goes through

    def arrive(self, person: Person) -> None:
        """Let somebody in, or know them better."""
        self._happens(Arrived(person))

    def acted(self, event: str) -> None:
        """Remember that something was carried out."""
        self._happens(Acted(event))

    def has_acted(self, event: str) -> bool:
        """Say whether it was carried out before."""
        return event in self._acted

    def remember(self, name: str, value: str) -> None:
        """Keep something under a name; an empty value forgets it."""
        self._happens(Remembered(name, value))

    def remembered(self, name: str) -> str:
        """Return what is kept under a name, or nothing."""
        return self._remembered.get(name, "")

    def clear(self, times: int) -> None:
        """Make the room anew, as another workspace; what is remembered stays."""
        self._happens(Cleared(times))

    async def kept(self) -> None:
        """Wait until all that happened is in the journal, if there is one. Raises OSError."""
        await self._journal.kept()

    # how it happens

    def watch(self, watcher: Callable[[Happening], None]) -> Callable[[], None]:
        """Tell this watcher of everything that happens from now on, after it has; return what ends it."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def replay(self, happenings: Iterable[Happening]) -> None:
        """Go through what happened earlier, without telling anybody."""
        for happening in happenings:
            self._apply(happening)

    def history(self) -> Iterator[Happening]:
        """Return the shortest list of happenings that leads here."""
        yield Cleared(self.times)
        yield from (Remembered(name, value) for name, value in self._remembered.items())
        yield from map(Arrived, self.people.values())
        yield from (Gathered(place, self._members[place], name) for (name, *_), place in self._rooms.items())
        yield from map(Stood, self._standing.values())
        yield from map(Noted, self.transcript.entries)
        yield from (Opened(user, opened) for user, opened in self._forms.items())
        yield from (Delivered(key, to.channel, to.message) for key, to in self._receipts.items())
        yield from map(Acted, self._acted)

    def _happens(self, happening: Happening) -> None:
        self._apply(happening)
        self._journal.write(happening)
        for watcher in tuple(self._watchers):
            watcher(happening)

    def _apply(self, happening: Happening) -> None:
        match happening:
            case Stood(standing):
                self._stand(standing)
            case Noted(entry):
                self.transcript.add(entry)
            case Opened(user, form):
                self._forms[user] = form
                self._opened = max(self._opened, _number(form.id))
            case PutAway(user):
                self._forms.pop(user, None)
            case Acted(event):
                self._acted.append(event)
            case Remembered(name, value):
                self._remembered[name] = value
            case _:
                self._apply_rare(happening)

    def _apply_rare(self, happening: Delivered | Gathered | Arrived | Cleared) -> None:
        match happening:
            case Delivered(key, place, message):
                receipt = Receipt(self.workspace, place, message)
                _keep(self._receipts, DeliveryKey(key), receipt, self._most and MOST_KEPT)
            case Gathered(place, users, name):
                self._rooms[name, *sorted(users)] = place
                self._members[place] = tuple(users)
            case Arrived(person):
                self.people[person.user] = person
            case Cleared(times):
                self._empty(times)
            case _:
                assert_never(happening)

    def _stand(self, standing: Standing) -> None:
        _keep(self._standing, standing.id, standing, self._most)
        self._messages = max(self._messages, _number(standing.id))


def workspace_of(times: int) -> WorkspaceId:
    """Return the workspace of a room that was made so many times."""
    return WORKSPACE if times == 1 else WorkspaceId(f"{WORKSPACE}-{times}")


def _keep(kept: dict[K, V], key: K, value: V, most: int | None) -> None:
    """Add a value, and let go of the oldest if there are too many."""
    kept[key] = value
    if most is not None and len(kept) > most:
        del kept[next(iter(kept))]


def _number(made: str) -> int:
    return int(made[1:] or 0)
