"""The routes of guilds, their members, and of users: who is there, and DMs with them."""

from tests.discord import threads
from tests.discord.rest import Answer, Asked, Routes
from tests.discord.shapes import channel_json, guild_json, member_json, my_guild_json, role_json, user_json
from tests.discord.state import Guild, ProblemError


def me(asked: Asked) -> Answer:
    own = user_json(asked.world.users[asked.world.bot])
    return Answer(200, own | {"mfa_enabled": False, "locale": "en-US", "verified": True, "email": None})


def get_user(asked: Asked) -> Answer:
    return Answer(200, user_json(asked.world.user(asked.params["user_id"])))


def my_guilds(asked: Asked) -> Answer:
    world = asked.world
    after = int(asked.query.get("after", 0))
    inside = [each for each in world.guilds.values() if world.bot in each.members and int(each.id) > after]
    listed = sorted(inside, key=lambda each: int(each.id))[: int(asked.query.get("limit", 200))]
    return Answer(200, [my_guild_json(world, each) for each in listed])


def leave_guild(asked: Asked) -> Answer:
    guild = _guild(asked)
    del guild.members[asked.world.bot]
    asked.world.emit("GUILD_DELETE", guild.id, {"id": guild.id})
    return Answer(204)


def open_dm(asked: Asked) -> Answer:
    """Open a DM, or return the one there is; too many new ones in a while are refused."""
    world, recipient = asked.world, str(asked.json.get("recipient_id"))
    if world.user(recipient).bot:
        raise ProblemError(50007, status=400)
    if not world.has_direct(recipient):
        _count_opening(asked)
    return Answer(200, channel_json(world, world.direct(recipient)))


def _count_opening(asked: Asked) -> None:
    limit, now = asked.world.direct_limit, asked.world.clock.now()
    limit.opened = [at for at in limit.opened if at > now - limit.per]
    if len(limit.opened) >= limit.most:
        raise ProblemError(40003)
    limit.opened.append(now)


def get_guild(asked: Asked) -> Answer:
    guild = _guild(asked)
    counts = {"approximate_member_count": len(guild.members), "approximate_presence_count": 0}
    return Answer(200, guild_json(guild) | (counts if asked.query.get("with_counts") in ("1", "true") else {}))


def list_channels(asked: Asked) -> Answer:
    guild = _guild(asked)
    channels = [each for each in asked.world.channels.values() if each.guild == guild.id and not each.is_thread]
    return Answer(200, [channel_json(asked.world, each) for each in channels])


def list_roles(asked: Asked) -> Answer:
    return Answer(200, [role_json(role) for role in _guild(asked).roles.values()])


def get_member(asked: Asked) -> Answer:
    return Answer(200, member_json(asked.world.member(asked.params["guild_id"], asked.params["user_id"])))


def search_members(asked: Asked) -> Answer:
    """Return those whose name begins with the query."""
    wanted = asked.query["query"].casefold()
    members = _guild(asked).members.values()
    found = [each for each in members if (each.nick or each.user.name).casefold().startswith(wanted)]
    return Answer(200, [member_json(each) for each in found[: int(asked.query.get("limit", 1))]])


def active_threads(asked: Asked) -> Answer:
    return Answer(200, threads.list_active(asked.world, _guild(asked)))


def _guild(asked: Asked) -> Guild:
    return asked.world.guild(asked.params["guild_id"])


ROUTES: Routes = {
    "GET /users/@me": me,
    "GET /users/@me/guilds": my_guilds,
    "DELETE /users/@me/guilds/{guild_id}": leave_guild,
    "POST /users/@me/channels": open_dm,
    "GET /users/{user_id}": get_user,
    "GET /guilds/{guild_id}": get_guild,
    "GET /guilds/{guild_id}/channels": list_channels,
    "GET /guilds/{guild_id}/roles": list_roles,
    "GET /guilds/{guild_id}/members/search": search_members,
    "GET /guilds/{guild_id}/members/{user_id}": get_member,
    "GET /guilds/{guild_id}/threads/active": active_threads,
}
