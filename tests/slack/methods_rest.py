"""auth.*, users.info, files.*, apps.* and oauth.v2.access."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tests.slack.calling import ApiError, Caller, Method
from tests.slack.state import JSON, Code, File, User


def _auth_test(caller: Caller, args: JSON) -> JSON:
    if caller.token.kind == "app":
        return {"app_name": "twoyes", "app_id": caller.world.app.id}
    team = caller.team
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.domain,
        "user": "twoyes",
        "team_id": team.id,
        "user_id": team.bot_user,
        "bot_id": team.bot_id,
        "is_enterprise_install": False,
    }


def _revoke(caller: Caller, args: JSON) -> JSON:
    caller.token.revoked = True
    return {"revoked": True}


def _uninstall(caller: Caller, args: JSON) -> JSON:
    _require_app(caller, args)
    for token in caller.world.tokens.values():
        token.revoked = token.revoked or token.team == caller.team.id
    return {}


def _users_info(caller: Caller, args: JSON) -> JSON:
    user = caller.world.users.get(str(args["user"]))
    if user is None:
        raise ApiError("user_not_found")
    if user.team != caller.team.id and not user.stranger:
        raise ApiError("user_not_visible")
    with_locale = str(args.get("include_locale", "")).lower() in ("1", "true")
    return {"user": user_json(user, caller.team.id, caller.world.clock.now(), with_locale=with_locale)}


def user_json(user: User, team: str, now: datetime, *, with_locale: bool = False) -> JSON:
    """Return a user object as one workspace gets it: of those who left and of strangers there is less to know."""
    found: JSON = {
        "id": user.id,
        "team_id": user.team,
        "name": user.handle,
        "deleted": user.deleted,
        "profile": {"real_name": user.name, "display_name": user.handle, "team": user.team},
        "is_bot": user.bot,
        "is_app_user": user.app,
        "updated": int(now.timestamp()),
    }
    if not user.deleted:
        found |= _living(user, now)
    if user.team != team:
        found["is_stranger"] = True
    elif with_locale and not user.deleted:
        found["locale"] = user.locale
    return found


def _living(user: User, now: datetime) -> JSON:
    offset = now.astimezone(ZoneInfo(user.tz)).utcoffset()
    assert offset is not None
    return {
        "real_name": user.name,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": int(offset.total_seconds()),
        "is_admin": user.admin,
        "is_owner": user.owner,
        "is_primary_owner": user.owner,
        "is_restricted": user.guest or user.ultra_restricted,
        "is_ultra_restricted": user.ultra_restricted,
    }


def _upload_url(caller: Caller, args: JSON) -> JSON:
    if not args.get("filename") or not str(args.get("length") or "").isdigit():
        raise ApiError("invalid_arguments")
    file = File(caller.world.next_id("F"), str(args["filename"]), int(args["length"]), str(args.get("alt_txt") or ""))
    caller.world.files[file.id] = file
    return {"upload_url": f"{caller.url}/upload/{file.id}", "file_id": file.id}


def _complete(caller: Caller, args: JSON) -> JSON:
    files = [_sent(caller, one["id"]) for one in args["files"]]
    for file in files:
        file.complete = True
    if args.get("channel_id"):
        _share(caller, args, files)
    return {"files": [{"id": file.id, "title": file.name} for file in files]}


def _sent(caller: Caller, file_id: str) -> File:
    file = caller.world.files.get(file_id)
    if file is None or file.content is None:
        raise ApiError("file_not_found")
    if len(file.content) != file.length:
        caller.refuse("files", "file_update_failed", [f"{len(file.content)} bytes, not {file.length}"])
    return file


def _share(caller: Caller, args: JSON, files: list[File]) -> None:
    channel = caller.channel(str(args["channel_id"]))
    if caller.team.bot_user not in channel.members:
        raise ApiError("channel_not_found")
    sent = {"text": args.get("initial_comment") or ""}
    names = tuple(file.name for file in files)
    caller.world.post(channel.id, caller.team.bot_user, sent, bot_id=caller.team.bot_id, files=names)


def _oauth_access(caller: Caller, args: JSON) -> JSON:
    world = caller.world
    _require_app(caller, args)
    code = world.codes.get(str(args.get("code") or ""))
    if code is None or code.used or world.clock.now() > code.until:
        raise ApiError("invalid_code")
    if code.redirect_uri != str(args.get("redirect_uri") or ""):
        raise ApiError("bad_redirect_uri")
    code.used = True
    return _granted(caller, code)


def _granted(caller: Caller, code: Code) -> JSON:
    world = caller.world
    granted: JSON = {
        "app_id": world.app.id,
        "authed_user": {"id": code.user},
        "scope": ",".join(code.scopes),
        "token_type": "bot",
        "access_token": world.install(code.team, scopes=code.scopes, installed_by=code.user),
        "bot_user_id": world.teams[code.team].bot_user,
        "team": {"id": code.team, "name": world.teams[code.team].domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }
    if code.enterprise:
        granted |= {"team": None, "enterprise": {"id": "E1", "name": "Everything"}, "is_enterprise_install": True}
    return granted


def _require_app(caller: Caller, args: JSON) -> None:
    if args.get("client_id") != caller.world.app.client_id:
        raise ApiError("invalid_client_id")
    if args.get("client_secret") != caller.world.app.client_secret:
        raise ApiError("bad_client_secret")


def _connect(caller: Caller, args: JSON) -> JSON:
    caller.require("connections:write")
    ticket = caller.world.next_id("ticket")
    caller.world.socket_tickets.add(ticket)
    caller.world.tickets_issued += 1
    return {"url": f"{caller.url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={caller.world.app.id}"}


METHODS = {
    "auth.test": Method(_auth_test, token="any"),
    "auth.revoke": Method(_revoke),
    "apps.uninstall": Method(_uninstall),
    "apps.connections.open": Method(_connect, token="app"),
    "users.info": Method(_users_info, ("users:read",), takes_json=False),
    "files.getUploadURLExternal": Method(_upload_url, ("files:write",), takes_json=False),
    "files.completeUploadExternal": Method(_complete, ("files:write",)),
    "oauth.v2.access": Method(_oauth_access, token="none", takes_json=False),
}
