"""What happens to whole servers: people and the bot come and go, and Discord itself goes away."""

from tests.discord.shapes import channel_json, guild_create_json, user_json
from tests.discord.state import NOTHING, Permission
from tests.discord.world import World


class Servers:
    """Each tells the gateway what Discord tells. A session without a socket hears it when it resumes, no other does."""

    def __init__(self, world: World) -> None:
        self._world = world

    def leaves(self, user: str, guild: str) -> None:
        """Leave a server; GUILD_MEMBER_REMOVE takes a privileged intent, so that the bot does not hear of it."""
        del self._world.guilds[guild].members[user]
        for channel in self._world.channels.values():
            if channel.guild == guild:
                channel.members.pop(user, None)
        self._world.emit(
            "GUILD_MEMBER_REMOVE", guild, {"guild_id": guild, "user": user_json(self._world.users[user])}, intent=1 << 1
        )

    def joins(self, user: str, guild: str) -> None:
        """Join a server."""
        self._world.add_member(guild, user)
        self._world.pulse.beat()

    def remove_bot(self, guild: str) -> None:
        """Remove the bot: it hears of it if it is online, or resumes."""
        del self._world.guilds[guild].members[self._world.bot]
        self._world.emit("GUILD_DELETE", guild, {"id": guild})

    def add_bot(self, guild: str, *roles: str) -> None:
        """Add the bot to a server it was not in."""
        self._world.add_member(guild, self._world.bot, roles)
        created = guild_create_json(self._world, self._world.guilds[guild])
        del created["unavailable"]  # it is there only after an outage
        self._world.emit("GUILD_CREATE", guild, created)

    def outage(self, guild: str) -> None:
        """Let a server be unavailable: the bot is still in it."""
        self._world.guilds[guild].unavailable = True
        self._world.emit("GUILD_DELETE", guild, {"id": guild, "unavailable": True})

    def recovers(self, guild: str) -> None:
        """End an outage."""
        self._world.guilds[guild].unavailable = False
        self._world.emit("GUILD_CREATE", guild, guild_create_json(self._world, self._world.guilds[guild]))

    def delete_channel(self, channel: str) -> None:
        """Delete a channel, with its threads and messages."""
        gone = self._world.channels[channel]
        payload = channel_json(self._world, gone)
        inside = {each.id for each in self._world.channels.values() if channel in (each.id, each.parent)}
        for each in inside:
            del self._world.channels[each]
        kept = {id_: each for id_, each in self._world.messages.items() if each.channel not in inside}
        self._world.messages = kept
        self._world.emit("CHANNEL_DELETE", gone.guild, payload)

    def overwrite(self, channel: str, target: str, *, allow: Permission = NOTHING, deny: Permission = NOTHING) -> None:
        """Change who may do what in a channel, and tell the bot."""
        self._world.overwrite(channel, target, allow=allow, deny=deny)
        changed = self._world.channels[channel]
        self._world.emit("CHANNEL_UPDATE", changed.guild, channel_json(self._world, changed))
