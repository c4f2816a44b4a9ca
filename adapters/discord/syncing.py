"""Lets Discord know the commands, when it does not know just these already."""

from collections.abc import Mapping
from typing import Any, Final

from discord.http import Route

from adapters.discord.commands import Command, hash_of, payload
from adapters.discord.line import Line, listed, text_at
from bot.domain.ids import WorkspaceId

EVERYWHERE: Final = WorkspaceId("discord:")
"""What is called in no server's name."""
_NOT_SET: Final[tuple[object, ...]] = (None, False, "", [], {})


async def sync(line: Line) -> bool:
    """Put our commands in the place of those that Discord has, unless they are the same; return whether it was done.

    Discord itself is asked what it knows: that survives every restart, and nobody else's change stays unnoticed.
    Raises DeliveryError.
    """
    application = text_at(await line.call(EVERYWHERE, Route("GET", "/applications/@me")), "id")
    path, ours = "/applications/{application_id}/commands", payload()
    known = await line.call(
        EVERYWHERE, Route("GET", path, application_id=application), query={"with_localizations": "true"}
    )
    if hash_of(_plain(ours)) == hash_of(_plain(listed(known))):
        return False
    wanted: Any = ours  # a list, where everything else that is sent is an object
    await line.call(EVERYWHERE, Route("PUT", path, application_id=application), wanted)
    return True


def _plain(commands: Any) -> list[Command]:  # noqa: ANN401 -- as Discord returns them
    """Return commands without what Discord adds, and without what says as much as nothing, in one order."""
    plain = [_without(one, ours=_OURS) for one in commands]
    return sorted(plain, key=lambda one: (int(one.get("type", 1)), str(one.get("name"))))


_OURS: Final = frozenset(key for command in payload() for key in command)
_OF_OPTIONS: Final = frozenset(
    {
        "type",
        "name",
        "description",
        "description_localizations",
        "required",
        "options",
        "min_length",
        "max_length",
        "autocomplete",
        "choices",
    }
)


def _without(one: Mapping[str, Any], *, ours: frozenset[str]) -> Command:
    kept = {key: value for key, value in one.items() if key in ours and value not in _NOT_SET}
    if "options" in kept:
        kept["options"] = [_without(option, ours=_OF_OPTIONS) for option in kept["options"]]
    return kept
