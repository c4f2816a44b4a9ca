"""The Discord of the tests: who and what is there, found or refused as Discord would."""

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.ports.edges import Clock
from tests.discord import permissions
from tests.discord.modals import Modal
from tests.discord.pulse import Pulse
from tests.discord.state import (
    EVERYTHING,
    NOTHING,
    Call,
    Channel,
    ChannelKind,
    Guild,
    Json,
    Member,
    Message,
    Overwrite,
    Permission,
    ProblemError,
    Role,
    User,
)

EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
Listener = Callable[[str, str | None, Json, int], None]
"""Hears of each event: its name, the guild it is of, its payload, and the intent it needs (0: none)."""


@dataclass
class Application:
    """The bot's application. `privileged` are the privileged intents it was granted, as bits."""

    id: str
    bot: str
    token: str
    name: str = "twoyes"
    verify_key: str = "0" * 64
    interactions_url: str | None = None
    privileged: int = 0


@dataclass
class DirectLimit:
    """How many new DM channels may be opened in how long; opening more is refused with 40003."""

    most: int = 1000
    per: timedelta = timedelta(minutes=10)
    opened: list[datetime] = field(default_factory=list)


class World:
    """All of it, in memory. Ids are snowflakes of the clock it is given, as strings."""

    def __init__(self, clock: Clock, application: Application) -> None:
        self.clock = clock
        self.application = application
        self.users: dict[str, User] = {}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, Message] = {}
        self.modals: dict[str, Modal] = {}
        self.commands: dict[str | None, list[Json]] = {}
        self.command_creates: list[datetime] = []
        self.direct_limit = DirectLimit()
        self.violations: list[str] = []
        self.misshapen: list[str] = []
        self.calls: list[Call] = []
        self.pulse = Pulse()
        self.base_url = ""
        self._listeners: list[Listener] = []
        self._counted = itertools.count()

    # ids, events, records

    def snowflake(self) -> str:
        """Return a fresh id that carries the clock's time."""
        passed = int((self.clock.now() - EPOCH).total_seconds() * 1000)
        return str((passed << 22) + next(self._counted) % (1 << 22))

    def listen(self, listener: Listener) -> None:
        """Let somebody hear of every event from now on."""
        self._listeners.append(listener)

    def emit(self, name: str, guild: str | None, payload: Json, *, intent: int = 1) -> None:
        """Tell the listeners of an event, and wake those who wait for something."""
        for listener in self._listeners:
            listener(name, guild, payload, intent)
        self.pulse.beat()

    def take_violations(self) -> list[str]:
        """Return the violations and forget them, for a test that does wrong on purpose."""
        taken, self.violations = self.violations, []
        return taken

    def called(self, route: str) -> list[Call]:
        """Return the requests of one route, such as `POST /channels/{channel_id}/messages`."""
        return [call for call in self.calls if call.route == route]

    @property
    def invalid_requests(self) -> list[Call]:
        """Return what counts towards Discord's ban of an address: 10,000 of 401, 403 and 429 in ten minutes."""
        return [call for call in self.calls if call.status in (401, 403, 429)]

    # making things

    def add_user(self, user: User) -> User:
        return self.users.setdefault(user.id, user)

    def add_guild(self, guild: Guild, everyone: Permission) -> Guild:
        """Add a guild with its @everyone role."""
        guild.roles[guild.id] = Role(guild.id, "@everyone", everyone, position=0)
        self.guilds[guild.id] = guild
        return guild

    def add_role(self, guild: str, name: str, held: Permission = NOTHING, *, mentionable: bool = False) -> Role:
        role = Role(self.snowflake(), name, held, mentionable=mentionable)
        self.guilds[guild].roles[role.id] = role
        return role

    def add_member(self, guild: str, user: str, roles: Iterable[str] = ()) -> Member:
        member = Member(self.users[user], self.clock.now(), list(roles))
        self.guilds[guild].members[user] = member
        return member

    def add_channel(self, guild: str, name: str, *, kind: ChannelKind = ChannelKind.TEXT, id_: str = "") -> Channel:
        channel = Channel(id_ or self.snowflake(), kind, name, guild)
        self.channels[channel.id] = channel
        return channel

    def overwrite(self, channel: str, target: str, *, allow: Permission = NOTHING, deny: Permission = NOTHING) -> None:
        """Let a channel allow and deny a role (the guild's id is @everyone) or a member something."""
        self.channels[channel].overwrites[target] = Overwrite(target, target in self.users, allow, deny)

    # finding things as the bot: not found, or no access

    @property
    def bot(self) -> str:
        return self.application.bot

    def user(self, user: str) -> User:
        """Return an account, or raise Unknown User."""
        if user not in self.users:
            raise ProblemError(10013)
        return self.users[user]

    def guild(self, guild: str) -> Guild:
        """Return a guild the bot is in, or raise Unknown Guild."""
        found = self.guilds.get(guild)
        if found is None or self.bot not in found.members:
            raise ProblemError(10004)
        return found

    def member(self, guild: str, user: str) -> Member:
        """Return somebody in a guild, or raise Unknown User or Unknown Member."""
        found = self.guild(guild).members.get(self.user(user).id)
        if found is None:
            raise ProblemError(10007)
        return found

    def channel(self, channel: str) -> Channel:
        """Return a channel the bot can see, or raise Unknown Channel or Missing Access."""
        found = self.channels.get(channel)
        if found is None:
            raise ProblemError(10003)
        if not self.sees(self.bot, found):
            raise ProblemError(50001)
        return found

    def message(self, channel: str, message: str) -> Message:
        """Return a message that is not ephemeral, or raise Unknown Message."""
        found = self.messages.get(message)
        if found is None or found.channel != self.channel(channel).id or found.only_for is not None:
            raise ProblemError(10008)
        return found

    # who may what

    def may(self, user: str, channel: Channel) -> Permission:
        """Return what somebody may do in a channel, a thread or a DM."""
        if channel.guild is None:
            return EVERYTHING if user in (channel.recipient, self.bot) else NOTHING
        guild = self.guilds[channel.guild]
        place = self.channels.get(channel.parent or channel.id)
        return permissions.in_channel(guild, place, user) if place is not None else NOTHING

    def sees(self, user: str, channel: Channel) -> bool:
        """Say whether a channel is in somebody's list: a private thread only for who is in it, and moderators."""
        may = self.may(user, channel)
        if not may & Permission.VIEW_CHANNEL:
            return False
        return not channel.is_private_thread or user in channel.members or bool(may & Permission.MANAGE_THREADS)

    def require(self, channel: Channel, wanted: Permission) -> None:
        """Raise Missing Permissions unless the bot holds all of these in a channel."""
        if self.may(self.bot, channel) & wanted != wanted:
            raise ProblemError(50013)

    def share_a_guild(self, user: str) -> bool:
        """Say whether the bot and somebody are in a guild together."""
        return any(user in guild.members and self.bot in guild.members for guild in self.guilds.values())

    def direct(self, user: str) -> Channel:
        """Return the DM of somebody with the bot; it is made the first time, without asking for a limit."""
        for channel in self.channels.values():
            if channel.kind is ChannelKind.DM and channel.recipient == user:
                return channel
        channel = Channel(self.snowflake(), ChannelKind.DM, recipient=user)
        self.channels[channel.id] = channel
        return channel

    def has_direct(self, user: str) -> bool:
        """Say whether there is a DM of somebody with the bot."""
        return any(channel.kind is ChannelKind.DM and channel.recipient == user for channel in self.channels.values())
