"""What a chat platform is like, as far as the product's rules depend on it."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.ids import WorkspaceId


@dataclass(frozen=True, slots=True)
class Place:
    """The traits of one platform.

    `hello_first`: who joins is a member only when the bot's hello has reached them. `rooms_have_readers`: moderators
    can read a room they were not invited to, and people are told so before they agree. `rooms_may_fail`: two people may
    not be able to meet in a room, and then each gets the introduction alone. `takes_amounts`: its rules let people say
    what business was worth.
    """

    hello_first: bool = False
    rooms_have_readers: bool = False
    rooms_may_fail: bool = False
    takes_amounts: bool = True


ORDINARY = Place()


def place_of(workspace: WorkspaceId, places: Mapping[str, Place]) -> Place:
    """Return what the workspace's platform is like; platforms are keyed by the prefix of their workspaces."""
    return places.get(workspace.partition(":")[0], ORDINARY)
