"""Discord's REST: every request is authorised, limited, held against the published shapes, carried out, answered."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

import orjson
from aiohttp import BodyPartReader, MultipartReader, web

from tests.discord.checking import Checking
from tests.discord.faults import Fault, Faults, answer, struck
from tests.discord.limits import MOST_REQUEST
from tests.discord.rates import Headers, Rates
from tests.discord.state import Body, Call, Json, ProblemError
from tests.discord.threads import archive_the_idle
from tests.discord.world import World

PREFIX = "/api/v10"


@dataclass
class Asked:
    """A request, read."""

    world: World
    route: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Body = None
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def method(self) -> str:
        return self.route.partition(" ")[0]

    @property
    def json(self) -> Json:
        """Return the body of a request that has to have one."""
        return self.body if isinstance(self.body, dict) else {}


@dataclass(frozen=True)
class Answer:
    status: int
    body: object = None


Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]
Handler = Callable[[Asked], Answer]
Routes = Mapping[str, Handler]
"""By method and path, such as `POST /channels/{channel_id}/messages`."""


class Rest:
    """Answers requests. `checking` holds them against the published shapes."""

    def __init__(self, world: World, routes: Routes, faults: Faults, rates: Rates, checking: Checking) -> None:
        self._world = world
        self._faults = faults
        self._rates = rates
        self._checking = checking
        self._handlers = routes
        faults.routes = frozenset(routes)

    def routes(self) -> Iterable[web.RouteDef]:
        """Return all routes, and one that says that any other is not there."""
        for route in self._handlers:
            method, _, path = route.partition(" ")
            yield web.route(method, PREFIX + path, self._serving(route))
        yield web.route("*", "/api/{rest:.*}", self._nowhere)

    def _serving(self, route: str) -> Serve:
        async def serve(request: web.Request) -> web.Response:
            asked = Asked(self._world, route, request.path, request.match_info, dict(request.query))
            try:
                await _read(request, asked)
            except ProblemError as problem:
                return self._told(asked, problem.status, problem.body(), {}, problem.code)
            fault = self._faults.take(asked)
            return self._answer(request, asked) if fault is None else await self._fail(fault, request, asked)

        return serve

    async def _fail(self, fault: Fault, request: web.Request, asked: Asked) -> web.Response:
        if not fault.after and not fault.hangs:
            self._note(asked, fault.response[0] if fault.response else 0, 0)
            return struck(fault, request)
        done = self._answer(request, asked) if fault.after else None
        if not fault.hangs:
            return struck(fault, request)
        await self._faults.released()
        return done or self._answer(request, asked)

    def _answer(self, request: web.Request, asked: Asked) -> web.Response:
        if not _is_authorised(self._world, request, asked):
            return self._told(asked, 401, {"message": "401: Unauthorized", "code": 0}, {})
        wait, is_global, headers = self._rates.spend(asked.route, asked.params)
        if wait:
            body = {"message": "You are being rate limited.", "retry_after": wait, "global": is_global}
            return self._told(asked, 429, body, headers)
        archive_the_idle(self._world)
        try:
            self._check(asked)
            done = self._handlers[asked.route](asked)
        except ProblemError as problem:
            return self._told(asked, problem.status, problem.body(), headers, problem.code)
        self._check_own(asked, done)
        return self._told(asked, done.status, done.body, headers)

    def _check(self, asked: Asked) -> None:
        faults = self._checking.request(asked.method, asked.path, asked.body, dict(asked.query))
        if faults:
            self._world.violations.extend(f"{asked.route}: {fault}" for fault in faults)
            raise ProblemError(50035, errors=faults)

    def _check_own(self, asked: Asked, done: Answer) -> None:
        faults = self._checking.answer(asked.method, asked.path, done.status, done.body)
        self._world.misshapen.extend(f"{asked.route} {done.status}: {fault}" for fault in faults)

    def _told(self, asked: Asked, status: int, body: object, headers: Headers, code: int = 0) -> web.Response:
        self._note(asked, status, code)
        return answer(status, body, headers)

    def _note(self, asked: Asked, status: int, code: int) -> None:
        now = self._world.clock.now()
        params, query = dict(asked.params), dict(asked.query)
        self._world.calls.append(Call(asked.route, asked.path, params, query, asked.body, now, status, code))
        self._world.pulse.beat()

    async def _nowhere(self, request: web.Request) -> web.Response:
        self._world.violations.append(f"no such endpoint here: {request.method} {request.path}")
        return answer(404, {"message": "404: Not Found", "code": 0})


def _is_authorised(world: World, request: web.Request, asked: Asked) -> bool:
    """Say whether a request may be made: with the bot's token, or with the token that is in its path."""
    if asked.route.partition(" ")[2].startswith(("/interactions/", "/webhooks/")):
        return True
    return request.headers.get("Authorization") == f"Bot {world.application.token}"


async def _read(request: web.Request, asked: Asked) -> None:
    if (request.content_length or 0) > MOST_REQUEST:
        raise ProblemError(50035, status=413, errors=["the request is larger than 25 MiB"])
    if request.content_type == "multipart/form-data":
        await _read_parts(await request.multipart(), asked)
    elif request.can_read_body:
        asked.body = _parsed(await request.read())


async def _read_parts(parts: MultipartReader, asked: Asked) -> None:
    async for part in parts:
        if not isinstance(part, BodyPartReader):
            continue
        content = bytes(await part.read())
        if part.name == "payload_json":
            asked.body = _parsed(content)
        else:
            asked.files[(part.name or "").removeprefix("files[").removesuffix("]")] = content


def _parsed(content: bytes) -> Body:
    try:
        return cast("Body", orjson.loads(content)) if content else None
    except orjson.JSONDecodeError:
        raise ProblemError(50109) from None
