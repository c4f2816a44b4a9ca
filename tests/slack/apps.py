"""A small app made of the real Bolt, reached by either transport: for the tests of the Slack for tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.slack.cast import APP_TOKEN
from tests.slack.server import SlackServer
from tests.slack.serving import serving


@pytest.fixture
async def bolt(slack: SlackServer, slack_client: AsyncWebClient, slack_transport: str) -> AsyncIterator[AsyncApp]:
    """An app without a listener, that Slack reaches by HTTP or by Socket Mode."""
    app = AsyncApp(client=slack_client, process_before_response=True, request_verification_enabled=False)
    connected = by_http if slack_transport == "http" else by_socket
    async with connected(slack, app):
        yield app


@asynccontextmanager
async def by_http(slack: SlackServer, app: AsyncApp) -> AsyncIterator[None]:
    """Serve the app, and tell Slack where."""
    handler = AsyncSlackRequestHandler(app)

    async def answer(request: Request) -> Response:
        return await handler.handle(request)

    async with serving(Starlette(routes=[Route("/slack/events", answer, methods=["POST"])])) as url:
        slack.deliver_by_http(f"{url}/slack/events")
        yield


@asynccontextmanager
async def by_socket(slack: SlackServer, app: AsyncApp) -> AsyncIterator[None]:
    """Connect the app by Socket Mode."""
    handler = AsyncSocketModeHandler(app, APP_TOKEN)
    slack.deliver_by_socket()
    try:
        await handler.connect_async()  # type: ignore[no-untyped-call] # slack_bolt gives it no type
        await slack.sockets.connected()
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call] # nor this
