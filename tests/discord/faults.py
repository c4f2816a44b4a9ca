"""What can go wrong with a request on demand: for the next so many calls of a route."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import orjson
from aiohttp import web

from tests.discord.pulse import Pulse
from tests.discord.rates import limited_headers
from tests.discord.state import Body, Json, ProblemError

JSON = "application/json"


class Asked(Protocol):
    """What a fault can see of a request."""

    route: str
    params: Mapping[str, str]
    body: Body


@dataclass(frozen=True)
class Fault:
    """`after`: the request is done first. `response`: what is answered; without one the connection is dropped."""

    response: tuple[int, Json | str, Mapping[str, str]] | None = None
    after: bool = False
    hangs: bool = False


def limited(wait: float, *, is_global: bool = False, via: bool = True, shared: bool = False) -> Fault:
    """429 with a time to wait; without `Via` as Cloudflare answers an address it banned (its page, no JSON)."""
    if not via:
        return Fault((429, "<html>error code: 1015</html>", {"Retry-After": f"{wait:.0f}", "Server": "cloudflare"}))
    scope = "global" if is_global else "shared" if shared else "user"
    body: Json = {"message": "You are being rate limited.", "retry_after": wait, "global": is_global}
    return Fault((429, body, limited_headers(wait, scope=scope)))


def status(code: int) -> Fault:
    """Answer 500, 502, 503, …, as a proxy does: a page, not JSON."""
    return Fault((code, f"<html>{code}</html>", {}))


def error(code: int) -> Fault:
    """Answer one of Discord's own errors, such as 50007."""
    problem = ProblemError(code)
    return Fault((problem.status, problem.body(), {}))


def hang(*, after: bool = False) -> Fault:
    """Keep the request waiting until `release`; with `after` it is carried out first."""
    return Fault(after=after, hangs=True)


def drop(*, after: bool = False) -> Fault:
    """Cut the connection; with `after` the request was carried out and its answer is lost."""
    return Fault(after=after)


def garbage(*, after: bool = False) -> Fault:
    """Answer 200 with something that is no JSON, and says it is."""
    return Fault((200, '{"id": ', {"Content-Type": JSON}), after=after)


@dataclass
class _Planned:
    route: str
    fault: Fault
    left: int
    only: Mapping[str, str] = field(default_factory=dict)

    def is_for(self, asked: Asked) -> bool:
        known: dict[str, object] = {**asked.params}
        if isinstance(asked.body, dict):
            known = {**asked.body, **known}
        matches = all(str(known.get(key)) == value for key, value in self.only.items())
        return self.route in ("*", asked.route) and matches


class Faults:
    """Faults that wait for their request."""

    def __init__(self, pulse: Pulse) -> None:
        self._pulse = pulse
        self.routes: frozenset[str] = frozenset()
        self._planned: list[_Planned] = []
        self._released = asyncio.Event()

    @property
    def pending(self) -> int:
        """Return how many are not used yet."""
        return sum(planned.left for planned in self._planned)

    def next(self, route: str, fault: Fault, *, times: int = 1, **only: str) -> None:
        """Let the next requests of a route (`*`: any) fail; `only` names path parameters or fields of the body.

        A route is such as `POST /channels/{channel_id}/messages`. Raises ValueError for one that is not there.
        """
        if route != "*" and route not in self.routes:
            raise ValueError(f"no route {route!r}; there are {sorted(self.routes)}")
        self._planned.append(_Planned(route, fault, times, only))

    def clear(self) -> None:
        """Forget what is planned."""
        self._planned.clear()

    def take(self, asked: Asked) -> Fault | None:
        """Return the fault for a request, if there is one, and use it up."""
        for planned in self._planned:
            if planned.is_for(asked):
                planned.left -= 1
                if not planned.left:
                    self._planned.remove(planned)
                self._pulse.beat()
                return planned.fault
        return None

    def release(self) -> None:
        """Let everything that hangs go on, now and later."""
        self._released.set()

    async def released(self) -> None:
        """Wait until `release`."""
        await self._released.wait()


def struck(fault: Fault, request: web.Request) -> web.Response:
    """Answer as a fault says; without an answer the connection is cut, and what is returned goes nowhere."""
    if fault.response is None:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()
    code, body, headers = fault.response
    return answer(code, body, headers)


def answer(code: int, body: object, headers: Mapping[str, str] | None = None) -> web.Response:
    """Return a response. discord.py reads a body only where the type is exactly `application/json`."""
    if isinstance(body, str):
        return web.Response(status=code, body=body.encode(), headers={"Content-Type": "text/html", **(headers or {})})
    if body is None:
        return web.Response(status=code, headers=headers)
    return web.Response(status=code, body=orjson.dumps(body), headers={"Content-Type": JSON, **(headers or {})})
