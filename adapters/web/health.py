"""Three pages for whoever runs the bot: is it alive, can it work, and how much does it do."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from adapters.telemetry import CONTENT_TYPE

Readiness = Callable[[], Awaitable[Mapping[str, bool]]]
"""Tells of each thing the bot needs whether it is there. It answers soon and raises nothing."""

Exposition = Callable[[], bytes]


def health_app(readiness: Readiness, exposition: Exposition) -> Starlette:
    """Build the application. Nothing it answers names a person, a message, a setting or a secret."""

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def readyz(_request: Request) -> Response:
        found = await readiness()
        words = {name: "ok" if well else "failing" for name, well in found.items()}
        return JSONResponse(words, status_code=200 if all(found.values()) else 503)

    async def metrics(_request: Request) -> Response:
        return Response(exposition(), media_type=CONTENT_TYPE)

    return Starlette(routes=[Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)])
