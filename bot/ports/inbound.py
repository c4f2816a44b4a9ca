"""What arrives: commands, buttons, forms and picked messages, each in its envelope."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.ids import ChannelId, EventId, UserId, WorkspaceId


@dataclass(frozen=True, slots=True)
class Origin:
    """The envelope: which event, who, and where.

    `channel` is the group's channel; it is None in a direct message with the bot, on a member's own page, and in a room
    of people who were introduced: a command there means the member's only group, or asks which.

    `by_message` says that the platform has no place to show a message as the reply to this: it is queued as a direct
    message instead, in the same transaction, and the reply holds none.
    """

    event: EventId
    workspace: WorkspaceId
    user: UserId
    channel: ChannelId | None
    is_admin: bool = False
    by_message: bool = False


@dataclass(frozen=True, slots=True)
class Slash:
    """A slash command. `people` are those mentioned, in order; `text` is the rest, without the mentions.

    An empty id keeps a place free, where a platform lets people name the second alone.
    """

    origin: Origin
    name: str
    text: str = ""
    people: tuple[UserId, ...] = ()


@dataclass(frozen=True, slots=True)
class Press:
    """A button."""

    origin: Origin
    verb: str
    ref: str


@dataclass(frozen=True, slots=True)
class Submit:
    """A filled form. A member field holds a user id, a field of choices a tuple."""

    origin: Origin
    verb: str
    ref: str
    fields: Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class PickMessage:
    """*I can refer someone*, chosen on a message. `author` is empty if no person wrote it."""

    origin: Origin
    author: UserId
    text: str


@dataclass(frozen=True, slots=True)
class Typing:
    """Something half typed into a slash command, for which there may be words that are known. It changes nothing."""

    origin: Origin
    name: str
    text: str


Inbound = Slash | Press | Submit | PickMessage
