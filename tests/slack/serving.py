"""Serves an app under test on a free loopback port, with the server that the bot itself is served by."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from adapters.web.server import address_of, listen


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[str]:
    """Serve until the block ends; gives the app's address, such as http://127.0.0.1:1234.

    uvicorn's own loop looks ten times a second whether it should end; nothing here waits for that.
    """
    listening = listen("127.0.0.1", 0)
    config = uvicorn.Config(app, access_log=False, lifespan="off", log_config=None, ws="none")
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=[listening])
    try:
        yield f"http://{address_of(listening)}"
    finally:
        await server.shutdown(sockets=[listening])
