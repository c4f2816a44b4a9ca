"""The server that plays Slack on a loopback socket, with everything a test needs to hold it by."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

from aiohttp import web

from bot.ports.edges import Clock
from tests.oracles import oracle
from tests.slack.cast import OWNER, SIGNING_SECRET, sample_world
from tests.slack.delivering import Http
from tests.slack.faults import Faults
from tests.slack.limits import Limits
from tests.slack.oauth import Authorizing, Page, Visitor, walk
from tests.slack.people import People
from tests.slack.responding import Responding
from tests.slack.sockets import Sockets
from tests.slack.web_api import WebApi
from tests.slack.world import World

MOST_BODY = 20 * 1024 * 1024


class SlackServer:
    """Slack: its Web API, its websockets, its pages, and the people in it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.faults = Faults(world)
        self.limits = Limits(world)
        self.people = People(world)
        self.sockets = Sockets(world)
        self.authorizing = Authorizing(world)
        self.url = ""
        self._api = WebApi(world, self.faults, self.limits)

    @property
    def api_url(self) -> str:
        """Return the `base_url` for AsyncWebClient."""
        return f"{self.url}/api/"

    @property
    def authorize_url(self) -> str:
        """Return the page where an owner agrees to an installation."""
        return f"{self.url}/oauth/v2/authorize"

    @classmethod
    @asynccontextmanager
    async def started(cls, clock: Clock, world: World | None = None) -> AsyncIterator["SlackServer"]:
        """Serve a world (the sample one if none is given) until the block ends."""
        for needed in ("slack_check", "slack_args"):
            oracle(needed)  # here, where a missing one can skip the test
        server = cls(world or sample_world(clock))
        runner = web.AppRunner(server._routes(), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            server._listening_on(runner.addresses[0][1])
            yield server
        finally:
            server.faults.release()
            await server.sockets.close()
            await runner.cleanup()

    def deliver_by_http(self, url: str, *, signing_secret: str = SIGNING_SECRET) -> None:
        """Send payloads to the app's URL from now on, signed."""
        self.people.transport = Http(url, signing_secret, self.world.clock)

    def deliver_by_socket(self) -> None:
        """Send payloads over the websockets the app opens from now on."""
        self.people.transport = self.sockets

    async def add_to_slack(
        self, install_url: str, user: str = OWNER, team: str = "T1", *, approve: bool = True, enterprise: bool = False
    ) -> Page:
        """Let somebody's browser walk through an installation, and return where it ends."""
        visitor = Visitor(user, team, approve=approve, enterprise=enterprise)
        return await walk(install_url, self.authorizing, visitor)

    def _routes(self) -> web.Application:
        app = web.Application(client_max_size=MOST_BODY)
        app.router.add_route("*", "/api/{method}", self._api.handle)
        app.router.add_get("/link/", self.sockets.handle)
        app.router.add_get("/oauth/v2/authorize", self.authorizing.handle)
        app.router.add_post("/response/{id}", Responding(self.world).handle)
        app.router.add_post("/upload/{id}", self._upload)
        return app

    def _listening_on(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._api.url = self.url
        self.people.payloads.url = self.url

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        file = self.world.files.get(request.match_info["id"])
        if file is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        file.content = await request.read()
        return web.Response(text=f"OK - {len(file.content)}")
