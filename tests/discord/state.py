"""What there is in the Discord of the tests: people, guilds, channels, messages, and what it answers instead."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, IntFlag
from typing import Any

Json = dict[str, Any]
Body = Json | list[Json] | None

EPHEMERAL = 1 << 6
LOADING = 1 << 7
SILENT = 1 << 12
COMPONENTS_V2 = 1 << 15


class Permission(IntFlag):
    """The bits of Discord's permissions that play a part here."""

    KICK_MEMBERS = 1 << 1
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38


EVERYTHING = Permission((1 << 53) - 1)
NOTHING = Permission(0)


class ChannelKind(IntEnum):
    """Discord's types of channels."""

    TEXT = 0
    DM = 1
    VOICE = 2
    CATEGORY = 4
    NEWS = 5
    NEWS_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15


THREADS = (ChannelKind.NEWS_THREAD, ChannelKind.PUBLIC_THREAD, ChannelKind.PRIVATE_THREAD)


@dataclass
class User:
    """An account. `dms`: "open", "closed" (privacy settings) or "blocked" (blocked the bot)."""

    id: str
    name: str
    username: str
    bot: bool = False
    locale: str = "en-US"
    dms: str = "open"


@dataclass
class Role:
    id: str
    name: str
    permissions: Permission
    position: int = 1
    mentionable: bool = False
    managed: bool = False


@dataclass
class Member:
    user: User
    joined_at: datetime
    roles: list[str] = field(default_factory=list)
    nick: str | None = None


@dataclass
class Overwrite:
    """What a channel allows and denies a role or a member."""

    target: str
    is_member: bool
    allow: Permission = NOTHING
    deny: Permission = NOTHING


@dataclass
class Guild:
    """A server. `members` holds who is in it now, the bot too."""

    id: str
    name: str
    owner: str
    locale: str = "en-US"
    roles: dict[str, Role] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    most_active_threads: int = 1000
    unavailable: bool = False
    system_channel: str | None = None
    commands_allowed: dict[tuple[str, str], bool] = field(default_factory=dict)


@dataclass
class Channel:
    """A text channel, a DM (of `recipient` with the bot) or a thread under `parent`."""

    id: str
    kind: ChannelKind
    name: str = ""
    guild: str | None = None
    overwrites: dict[str, Overwrite] = field(default_factory=dict)
    recipient: str | None = None
    parent: str | None = None
    owner: str | None = None
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    auto_archive: int = 4320
    created_at: datetime | None = None
    archived_at: datetime | None = None
    woken_at: datetime | None = None
    members: dict[str, datetime] = field(default_factory=dict)

    @property
    def is_thread(self) -> bool:
        return self.kind in THREADS

    @property
    def is_private_thread(self) -> bool:
        return self.kind is ChannelKind.PRIVATE_THREAD


@dataclass
class Attachment:
    id: str
    name: str
    content: bytes
    description: str | None = None


@dataclass
class Message:
    """A message as it stands. `only_for` is the one who sees an ephemeral message."""

    id: str
    channel: str
    author: str
    content: str
    created_at: datetime
    components: list[Json] = field(default_factory=list)
    embeds: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    nonce: str | None = None
    edited_at: datetime | None = None
    only_for: str | None = None
    by_interaction: str | None = None
    pings: frozenset[str] = frozenset()
    kind: int = 0

    @property
    def is_loading(self) -> bool:
        """Say whether it still reads "the bot is thinking"."""
        return bool(self.flags & LOADING)

    @property
    def is_v2(self) -> bool:
        return bool(self.flags & COMPONENTS_V2)


@dataclass(frozen=True)
class Call:
    """One REST request and what became of it. `route` is such as `POST /channels/{channel_id}/messages`."""

    route: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Body
    at: datetime
    status: int
    code: int = 0


PROBLEMS: Mapping[int, tuple[int, str]] = {
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    20012: (403, "You are not authorized to perform this action on this application"),
    30033: (400, "Max number of thread participants has been reached (1000)"),
    30034: (429, "Max number of daily application command creates has been reached (200)"),
    40003: (403, "You are opening direct messages too fast"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50033: (400, "Invalid Recipient(s)"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    50278: (403, "Cannot send messages to this user due to having no mutual guilds"),
    160006: (400, "Maximum number of active threads reached"),
}


class ProblemError(Exception):
    """What Discord answers instead of doing it."""

    def __init__(self, code: int, *, status: int | None = None, errors: list[str] | None = None) -> None:
        known, self.message = PROBLEMS[code]
        super().__init__(f"{code} {self.message}: {errors or ''}")
        self.code = code
        self.status = status or known
        self.errors = errors or []

    def body(self) -> Json:
        """Return the JSON of the answer."""
        shown: Json = {"message": self.message, "code": self.code}
        if self.errors:
            listed = [{"code": "BASE_TYPE_BAD", "message": error} for error in self.errors]
            shown["errors"] = {"_errors": listed}
        return shown


class CannotError(Exception):
    """Discord's own client would not let a person do this."""
