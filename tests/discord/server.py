"""A Discord on 127.0.0.1: REST, gateway and people in one."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Self

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from discord.gateway import KeepAliveHandler

from bot.ports.edges import Clock
from tests.discord import routes_channels, routes_guilds
from tests.discord.cast import sample_world
from tests.discord.checking import Checking
from tests.discord.delivery import ByGateway, ByHttp, Delivery, public_hex
from tests.discord.faults import Faults
from tests.discord.gateway import Gateway
from tests.discord.interactions import Interactions
from tests.discord.limits import MOST_REQUEST
from tests.discord.people import People
from tests.discord.rates import Rates
from tests.discord.rest import Rest, Routes
from tests.discord.routes_application import ROUTES, gateway_routes, interaction_routes
from tests.discord.seen import View
from tests.discord.servers import Servers
from tests.discord.world import World

SHUT = "ws://127.0.0.1:9/"
"""Where nobody listens."""


class DiscordServer:
    """Everything a test needs, once it is `started`."""

    def __init__(self, clock: Clock, world: World | None, checker: ModuleType | None) -> None:
        self.world = world or sample_world(clock)
        self.faults = Faults(self.world.pulse)
        self.rates = Rates(clock)
        self.gateway = Gateway(self.world)
        self.interactions = Interactions(self.world)
        self.view = View(self.world)
        self.people = People(self.world, self.interactions, self.view, lambda: self._delivery)
        self.servers = Servers(self.world)
        self.signing_key = Ed25519PrivateKey.generate()
        self.world.application.verify_key = public_hex(self.signing_key)
        self.url = ""
        self._delivery: Delivery = ByGateway(self.gateway)
        self._rest = Rest(self.world, self._routes(), self.faults, self.rates, Checking(checker))

    @classmethod
    @asynccontextmanager
    async def started(
        cls, clock: Clock, *, world: World | None = None, checker: ModuleType | None = None
    ) -> AsyncIterator[Self]:
        """Serve on a free port; without a `world` of one's own, the sample world of cast.py."""
        server = cls(clock, world, checker)
        runner = web.AppRunner(server._application(), shutdown_timeout=0.1, handler_cancellation=True)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        server._found_at(runner.addresses[0][1])
        try:
            yield server
        finally:
            server.faults.release()
            await runner.cleanup()
            _no_heart_beats_on()

    @property
    def api_url(self) -> str:
        """Return what discord.py's Route.BASE has to be."""
        return f"{self.url}/api/v10"

    @property
    def gateway_url(self) -> str:
        return f"{self.url.replace('http', 'ws', 1)}/gateway"

    @property
    def public_key(self) -> str:
        """Return the key that signs interactions by HTTP, as hex: DISCORD_PUBLIC_KEY."""
        return self.world.application.verify_key

    def deliver_by_gateway(self) -> None:
        """Let interactions come over the gateway from now on; so it is in the beginning."""
        self.world.application.interactions_url = None
        self._delivery = ByGateway(self.gateway)

    def deliver_by_http(self, url: str) -> ByHttp:
        """Let interactions come as signed requests to an address from now on."""
        self.world.application.interactions_url = url
        self._delivery = by_http = ByHttp(self.world, self.interactions, url, self.signing_key)
        return by_http

    def _routes(self) -> Routes:
        gateway = gateway_routes(self.gateway)
        return {
            **ROUTES,
            **gateway,
            **routes_channels.ROUTES,
            **routes_guilds.ROUTES,
            **interaction_routes(self.interactions),
        }

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=MOST_REQUEST)
        application.add_routes(self._rest.routes())
        for path in ("/gateway", "/gateway/"):
            application.router.add_get(path, self.gateway.serve)
        application.router.add_get("/attachments/{id}/{name}", self._attachment)
        return application

    def _found_at(self, port: int) -> None:
        self.url = self.world.base_url = f"http://127.0.0.1:{port}"
        self.gateway.url = self.gateway_url

    async def _attachment(self, request: web.Request) -> web.Response:
        wanted = request.match_info["id"]
        for message in self.world.messages.values():
            for attachment in message.attachments:
                if attachment.id == wanted:
                    return web.Response(body=attachment.content)
        return web.Response(status=404)


def _no_heart_beats_on() -> None:
    """Stop the threads that discord.py forgets when a connection was cut: their next beat would meet a closed loop."""
    for thread in threading.enumerate():
        if isinstance(thread, KeepAliveHandler) and thread.ws.loop is asyncio.get_running_loop():
            thread.stop()
