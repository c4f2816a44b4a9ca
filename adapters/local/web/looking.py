"""Where a page looks: which seats it shows side by side, and which part of each; kept in the address alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from adapters.local.people import ANA, BEN, CARLA
from adapters.local.room import LocalRoom
from bot.domain.ids import UserId

FIRST_SEATS = (ANA, BEN, CARLA)
MOST_SEATS = 12
SHOWN = 60
"""How many messages a pane starts with."""
MORE = 200
CHANNEL_VIEW, PRIVATE_VIEW = "channel", "private"


@dataclass(frozen=True, slots=True)
class Looking:
    """The seats in view, what is picked out in each, and whether earlier messages are wanted there."""

    seats: tuple[UserId, ...]
    views: Mapping[str, str] = field(default_factory=dict)
    earlier: frozenset[str] = frozenset()

    @property
    def query(self) -> str:
        """Return it as the query of an address."""
        pairs = [("seat", str(seat)) for seat in self.seats]
        pairs += [("view", f"{seat}:{view}") for seat, view in self.views.items() if seat in self.seats and view]
        pairs += [("earlier", seat) for seat in sorted(self.earlier) if seat in self.seats]
        return urlencode(pairs)

    @property
    def href(self) -> str:
        """Return the address of this page."""
        return f"/?{self.query}"

    def only(self, *seats: UserId) -> "Looking":
        """Show these seats."""
        return replace(self, seats=seats)

    def toggled(self, seat: UserId) -> "Looking":
        """Show one seat more, or one less; the last one stays."""
        if seat not in self.seats:
            return replace(self, seats=(*self.seats, seat))
        left = tuple(one for one in self.seats if one != seat)
        return replace(self, seats=left or self.seats)

    def viewing(self, seat: UserId, view: str) -> "Looking":
        """Pick out a part of what somebody sees; nothing shows all."""
        return replace(self, views={**self.views, seat: view})

    def with_earlier(self, seat: UserId) -> "Looking":
        """Show earlier messages too."""
        return replace(self, earlier=self.earlier | {seat})


def seats_of(room: LocalRoom) -> tuple[UserId, ...]:
    """Return everybody one can sit in for."""
    return tuple(user for user, person in room.people.items() if not (person.is_bot or person.is_deactivated))


def looking(room: LocalRoom, pairs: Iterable[tuple[str, str]]) -> Looking:
    """Read an address; whatever it asks for that is not there is left out."""
    known, told = seats_of(room), list(pairs)
    wanted = [value for name, value in told if name == "seat"]
    seats = tuple(dict.fromkeys(UserId(one) for one in wanted if one in known))[:MOST_SEATS]
    views = dict(value.split(":", 1) for name, value in told if name == "view" and ":" in value)
    sane = {seat: view for seat, view in views.items() if seat in known and view in views_of(room, UserId(seat))}
    earlier = frozenset(value for name, value in told if name == "earlier" and value in known)
    return Looking(seats or FIRST_SEATS, sane, earlier)


def views_of(room: LocalRoom, seat: UserId) -> tuple[str, ...]:
    """Return what can be picked out of a seat's view."""
    return (CHANNEL_VIEW, PRIVATE_VIEW, *room.rooms_of(seat))


def view_of(room: LocalRoom, place: str) -> str:
    """Return to which of these a message's place belongs."""
    if place == room.channel:
        return CHANNEL_VIEW
    return PRIVATE_VIEW if ":" in place else place
