"""Who saw what, and when: every message and page, in the words in which and from when somebody could read it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from tests.slack.rendering import mrkdwn
from tests.slack.seen import Seen, home_as_seen, post_as_seen
from tests.slack.state import Post
from tests.slack.world import World, place_of


@dataclass(frozen=True)
class Sight:
    """Something as one person could read it from an instant on. `said` is what a screen reader says to them."""

    at: datetime
    by: str
    place: str
    shown: str
    labels: tuple[str, ...]
    said: str
    edited: bool
    ephemeral: bool
    pings: frozenset[str]
    files: tuple[str, ...]
    raw: str = field(compare=False, repr=False)


@dataclass(frozen=True)
class Did:
    """Something that one person did: a command, or the id of a button or a form."""

    at: datetime
    by: str
    about: str


class Diary:
    """Keeps what people did, and what changed since it last looked, for each reader in their own words."""

    def __init__(self, world: World) -> None:
        self.entries: list[Sight | Did] = []
        self._world = world
        self._known: dict[str, str] = {}

    @property
    def sights(self) -> list[Sight]:
        """Return everything that anybody could read."""
        return [entry for entry in self.entries if isinstance(entry, Sight)]

    def did(self, user: str, about: str) -> None:
        """Write down what somebody did."""
        self.entries.append(Did(self._world.clock.now(), user, about))

    def until(self, user: str, verb: str) -> list[Sight]:
        """Return what anybody could read before somebody last did this; everything if they never did."""
        done = [i for i, one in enumerate(self.entries) if isinstance(one, Did) and _is(one, user, verb)]
        return [one for one in self.entries[: done[-1] if done else None] if isinstance(one, Sight)]

    def times(self, user: str, verb: str) -> list[datetime]:
        """Return when somebody did this."""
        return [one.at for one in self.entries if isinstance(one, Did) and _is(one, user, verb)]

    def look(self) -> None:
        """Write down whatever is new or changed."""
        for channel in self._world.channels.values():
            for post in channel.posts.values():
                if self._is_new(f"{channel.id} {post.ts}", post.edited):
                    self.entries.extend(self._of_post(post))
        for user, view in self._world.views.homes.items():
            if self._is_new(f"home {user}", view.hash):
                self.entries.append(_sight(self._world, user, home_as_seen(view, self._world.reader(user))))

    def of(self, user: str) -> list[Sight]:
        """Return everything one person could read, in its order."""
        return [sight for sight in self.sights if sight.by == user]

    def _is_new(self, thing: str, version: str) -> bool:
        is_new = self._known.get(thing) != version
        self._known[thing] = version
        return is_new

    def _of_post(self, post: Post) -> Iterator[Sight]:
        channel = self._world.channels[post.channel]
        readers = [post.only_for] if post.only_for else sorted(channel.members)
        for user in readers:
            seen = post_as_seen(post, place_of(channel), self._world.reader(user))
            yield _sight(self._world, user, seen)


def _is(did: Did, user: str, verb: str) -> bool:
    return did.by == user and did.about.partition(":")[0] == verb


def _sight(world: World, user: str, seen: Seen) -> Sight:
    return Sight(
        at=world.clock.now(),
        by=user,
        place=seen.place,
        shown=seen.shown,
        labels=seen.labels,
        said=mrkdwn(seen.text, world.reader(user)),
        edited=seen.edited,
        ephemeral=seen.ephemeral,
        pings=seen.pings,
        files=seen.files,
        raw=json.dumps(seen.blocks),
    )
