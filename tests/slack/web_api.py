"""The Web API: reads a call as Slack does, checks token, scopes, limits and arguments, carries it out or spoils it."""

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from aiohttp import web

from tests.slack import methods_chat, methods_rest, methods_views
from tests.slack.calling import ApiError, Caller, Method
from tests.slack.checks import argument_faults
from tests.slack.faults import Fault, Faults
from tests.slack.limits import Limits
from tests.slack.state import JSON, Call, Token
from tests.slack.world import World

METHODS: Mapping[str, Method] = {**methods_chat.METHODS, **methods_views.METHODS, **methods_rest.METHODS}
_STRUCTURED = ("attachments", "blocks", "files", "metadata", "view")
_NOBODY = Token("", "", ())


@dataclass(frozen=True)
class Asked:
    """A call as it arrived."""

    method: str
    args: JSON
    token: str
    in_json: bool


@dataclass(frozen=True)
class Answer:
    """What goes back."""

    body: JSON
    status: int = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> web.Response:
        return web.json_response(self.body, status=self.status, headers=self.headers)


class WebApi:
    """Answers `/api/{method}`."""

    def __init__(self, world: World, faults: Faults, limits: Limits) -> None:
        self._world = world
        self._faults = faults
        self._limits = limits
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Carry out one call, or let it go wrong as planned."""
        asked = await read(request)
        fault = self._faults.take(asked.method, asked.args)
        if fault is not None and not fault.after:
            self._note(asked, fault.status, fault.error or fault.kind)
            return await self._spoil(request, fault, Answer({"ok": False, "error": "service_unavailable"}, 503))
        answer = self._answer(asked)
        self._note(asked, answer.status, str(answer.body.get("error", "")))
        return answer.response() if fault is None else await self._spoil(request, fault, answer)

    def _answer(self, asked: Asked) -> Answer:
        try:
            return self._carried_out(asked)
        except ApiError as refused:
            return Answer({"ok": False, "error": refused.error, **refused.more}, headers=self._scopes(asked))

    def _carried_out(self, asked: Asked) -> Answer:
        method = METHODS.get(asked.method)
        if method is None:
            raise ApiError("unknown_method", req_method=asked.method)
        caller = Caller(self._world, self._token(method, asked), self.url)
        channel = str(asked.args.get("channel") or "")
        wait = self._limits.count(asked.method, caller.token.team, channel)
        if wait is not None:
            body = {"ok": False, "error": "ratelimited"}
            return Answer(body, HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": str(wait)})
        caller.require(*method.scopes)
        args = {} if asked.in_json and not method.takes_json else dict(asked.args)
        if args.pop("team_id", caller.token.team) != caller.token.team:  # Bolt's clients send it with every call
            raise ApiError("team_not_found")
        faults = [f for f in argument_faults(asked.method, args) if "unknown Slack method" not in f]
        if asked.method != "conversations.open":  # which says itself what is missing
            caller.refuse(asked.method, "invalid_arguments", faults)
        return Answer({"ok": True, **method.run(caller, args)}, headers=self._scopes(asked))

    def _token(self, method: Method, asked: Asked) -> Token:
        if method.token == "none":
            return _NOBODY
        if not asked.token:
            raise ApiError("not_authed")
        token = self._world.tokens.get(asked.token)
        if token is None:
            raise ApiError("invalid_auth")
        if method.token not in ("any", token.kind):
            raise ApiError("not_allowed_token_type")
        if token.revoked:
            raise ApiError("token_revoked")
        if token.team and self._world.teams[token.team].closed:
            raise ApiError("account_inactive")
        return token

    def _scopes(self, asked: Asked) -> Mapping[str, str]:
        token = self._world.tokens.get(asked.token)
        return {} if token is None else {"x-oauth-scopes": ",".join(token.scopes)}

    async def _spoil(self, request: web.Request, fault: Fault, answer: Answer) -> web.StreamResponse:
        match fault.kind:
            case "drop":
                return _reset(request)
            case "hang":
                await self._faults.hang()
                return answer.response()
            case "garbage":
                return web.Response(text="{not json", content_type="application/json")
            case "page":
                return web.Response(status=fault.status, text="<html>Server Error</html>", content_type="text/html")
            case _:
                return Answer({"ok": False, "error": fault.error, **fault.more}, fault.status, fault.headers).response()

    def _note(self, asked: Asked, status: int, error: str) -> None:
        token = self._world.tokens.get(asked.token)
        team = token.team if token is not None else ""
        now = self._world.clock.now()
        self._world.calls.append(Call(asked.method, team, asked.args, now, status, error))


def _reset(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def read(request: web.Request) -> Asked:
    """Return a call's arguments, from wherever Slack looks for them: the query, a form or a JSON body."""
    args: JSON = dict(request.query)
    in_json = request.content_type == "application/json"
    if in_json:
        args |= await request.json()
    else:
        args |= dict(await request.post())
    token = "" if in_json else str(args.pop("token", ""))
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme == "Bearer":
        token = credentials
    if scheme == "Basic":
        login, _, password = b64decode(credentials).decode().partition(":")
        args |= {"client_id": login, "client_secret": password}
    return Asked(request.match_info["method"], _structured(args), token, in_json)


def _structured(args: JSON) -> JSON:
    """Return the arguments with those decoded that are JSON inside a form."""
    found = dict(args)
    for name in _STRUCTURED:
        if isinstance(found.get(name), str) and found[name]:
            found[name] = _decoded(found[name])
    return found


def _decoded(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text
