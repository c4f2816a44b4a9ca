"""The routes of the application: itself, its commands, the gateway's address, and answers to interactions."""

from datetime import timedelta

from tests.discord import messages
from tests.discord.gateway import Gateway
from tests.discord.interactions import Interaction, Interactions
from tests.discord.limits_forms import command_faults
from tests.discord.rest import Answer, Asked, Routes
from tests.discord.shapes import message_json, user_json
from tests.discord.state import Json, Message, ProblemError
from tests.discord.world import World

A_DAY = timedelta(days=1)
MOST_CREATES = 200


def application_json(world: World) -> Json:
    """Return the application as its own bot gets it."""
    application = world.application
    owner = next(user for user in world.users.values() if not user.bot)
    nothing = ("icon", "type", "role_connections_verification_url", "team")
    counts = ("approximate_guild_count", "approximate_user_install_count", "approximate_user_authorization_count")
    return (
        dict.fromkeys(nothing)
        | dict.fromkeys(counts, 0)
        | {
            "id": application.id,
            "name": application.name,
            "description": "",
            "summary": "",
            "verify_key": application.verify_key,
            "flags": 0,
            "flags_new": "0",
            "redirect_uris": [],
            "interactions_endpoint_url": application.interactions_url,
            "owner": user_json(owner),
            "explicit_content_filter": 0,
            "eligible_oauth2_scopes": [],
            "bot_public": True,
            "bot_require_code_grant": False,
            "rpc_origins": [],
            "tags": [],
            "hook": True,
            "integration_types_config": {},
        }
    )


def get_application(asked: Asked) -> Answer:
    return Answer(200, application_json(asked.world))


def list_commands(asked: Asked) -> Answer:
    return Answer(200, asked.world.commands.get(_scope(asked), []))


def overwrite_commands(asked: Asked) -> Answer:
    """Put these commands in the place of all there are; what is not new keeps its id."""
    world, scope = asked.world, _scope(asked)
    wanted = asked.body if isinstance(asked.body, list) else []
    messages.refuse(world, "commands", command_faults(wanted))
    standing = {(each["type"], each["name"]): each for each in world.commands.get(scope, [])}
    _count_creates(world, sum((each.get("type", 1), each["name"]) not in standing for each in wanted))
    world.commands[scope] = [_command(world, each, standing, scope) for each in wanted]
    world.pulse.beat()
    return Answer(200, world.commands[scope])


def _command(world: World, wanted: Json, standing: dict[tuple[int, str], Json], scope: str | None) -> Json:
    known = standing.get((wanted.get("type", 1), wanted["name"]), {})
    own = {"id": known.get("id") or world.snowflake(), "application_id": world.application.id}
    rights = wanted.get("default_member_permissions")
    defaults: Json = {"type": 1, "description": "", "nsfw": False}
    shaped = defaults | wanted | own | {"version": world.snowflake()}
    shaped["default_member_permissions"] = None if rights is None else str(rights)
    installs = {"integration_types": wanted.get("integration_types") or [0]}
    return shaped | ({"guild_id": scope} if scope else {"contexts": wanted.get("contexts")}) | installs


def _count_creates(world: World, fresh: int) -> None:
    now = world.clock.now()
    world.command_creates = [at for at in world.command_creates if at > now - A_DAY]
    if len(world.command_creates) + fresh > MOST_CREATES:
        raise ProblemError(30034)
    world.command_creates += [now] * fresh


def _scope(asked: Asked) -> str | None:
    if asked.params["application_id"] != asked.world.application.id:
        raise ProblemError(20012)
    guild = asked.params.get("guild_id")
    return None if guild is None else asked.world.guild(guild).id


def gateway_routes(gateway: Gateway) -> Routes:
    """Return the routes that tell where the gateway is."""

    def plain(asked: Asked) -> Answer:
        return Answer(200, {"url": gateway.url})

    def for_bots(asked: Asked) -> Answer:
        left = gateway.most_identifies - len(gateway.identifies)
        start: Json = {"total": gateway.most_identifies, "remaining": left, "reset_after": 0}
        start["max_concurrency"] = gateway.max_concurrency
        return Answer(200, {"url": gateway.url, "shards": gateway.recommended_shards, "session_start_limit": start})

    return {"GET /gateway": plain, "GET /gateway/bot": for_bots}


class _Tokens:
    """Answers what is asked with the token of an interaction."""

    def __init__(self, interactions: Interactions) -> None:
        self._interactions = interactions

    def callback(self, asked: Asked) -> Answer:
        id_, token = asked.params["interaction_id"], asked.params["interaction_token"]
        done = self._interactions.respond(id_, token, asked.json, asked.files)
        if asked.query.get("with_response") not in ("1", "true"):
            return Answer(204)
        return Answer(200, self._interactions.callback_json(done))

    def follow_up(self, asked: Asked) -> Answer:
        message = self._interactions.follow_up(self._meant(asked), asked.json, asked.files)
        return Answer(200, message_json(asked.world, message))

    def read(self, asked: Asked) -> Answer:
        return Answer(200, message_json(asked.world, self._message(asked)))

    def edit(self, asked: Asked) -> Answer:
        message = self._interactions.edit(self._meant(asked), _named(asked), asked.json, asked.files)
        return Answer(200, message_json(asked.world, message))

    def delete(self, asked: Asked) -> Answer:
        messages.delete(asked.world, self._message(asked))
        return Answer(204)

    def _meant(self, asked: Asked) -> Interaction:
        return self._interactions.by_token(asked.params["webhook_id"], asked.params["webhook_token"])

    def _message(self, asked: Asked) -> Message:
        return self._interactions.message(self._meant(asked), _named(asked))


def _named(asked: Asked) -> str:
    return asked.params.get("message_id", "@original")


def interaction_routes(interactions: Interactions) -> Routes:
    """Return the routes that answer interactions, and follow them up."""
    tokens = _Tokens(interactions)
    here = "/webhooks/{webhook_id}/{webhook_token}"
    by_message = {"GET": tokens.read, "PATCH": tokens.edit, "DELETE": tokens.delete}
    originals = {f"{method} {here}/messages/@original": serve for method, serve in by_message.items()}
    others = {f"{method} {here}/messages/{{message_id}}": serve for method, serve in by_message.items()}
    callback = "POST /interactions/{interaction_id}/{interaction_token}/callback"
    return {callback: tokens.callback, f"POST {here}": tokens.follow_up, **originals, **others}


ROUTES: Routes = {
    "GET /oauth2/applications/@me": get_application,
    "GET /applications/@me": get_application,
    "GET /applications/{application_id}/commands": list_commands,
    "PUT /applications/{application_id}/commands": overwrite_commands,
    "GET /applications/{application_id}/guilds/{guild_id}/commands": list_commands,
    "PUT /applications/{application_id}/guilds/{guild_id}/commands": overwrite_commands,
}
