"""Slack while the bot serves: by Socket Mode for one workspace, or over HTTP for as many as add it."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from starlette.routing import BaseRoute, Route

from adapters.slack.access import OneWorkspace, stored_in
from adapters.slack.answering import Sentences
from adapters.slack.app import SlackApp
from adapters.slack.clients import Line
from adapters.slack.edge import Edge
from adapters.slack.installing import Ends, Installing, Pages, Registered
from adapters.slack.socket_mode import SocketMode
from adapters.slack.wiring import ADDRESS, Given, Slack
from adapters.system import SystemClock
from bot.app.wording import adding, replies
from bot.app.wording.beginning import how_to_begin
from bot.app.wording.cast import Operator
from bot.bootstrap import Bot, Opened, Platform
from bot.cli.failing import FailedError
from bot.cli.slack_settings import Way, commands, problems, revealed, way_of
from bot.cli.voice import Voice
from bot.ports.edges import Clock
from bot.ports.front import Front
from bot.ports.gateway import DeliveryError
from bot.settings import Settings
from storage.errors import StorageError

SENTENCES: Final = Sentences(press_again=adding.press_again, try_again=replies.try_again, not_added=adding.not_added)
TRY_AGAIN = 15.0
"""Seconds until Slack is asked once more whose token this is."""


class SlackHost:
    """A Host for Slack, either way."""

    name = "slack"

    def __init__(self, settings: Settings, opened: Opened, voice: Voice) -> None:
        """Build what needs no bot yet. Raises FailedError for settings that have to be set right first."""
        if wrong := problems(settings):
            raise FailedError(f"Slack cannot be served. {' '.join(wrong)}")
        self._settings = settings
        self._opened = opened
        self._voice = voice
        self.clock: Clock | None = None
        self._system = SystemClock()
        self._line = Line(settings.slack_api_url)
        self._one: OneWorkspace | None = None
        if way_of(settings) is Way.SOCKET:
            self._one = OneWorkspace(self._line, revealed(settings.slack_bot_token))
        find = self._one.find if self._one else stored_in(opened.store)
        given = Given(self._line, find, SENTENCES, self._system, voice.telemetry, commands(settings))
        self._slack = Slack(given)
        self.platform = Platform(self._slack.gateway, self._slack.directory, examiner=self._slack.examiner)
        self._app: SlackApp | None = None
        self._socket: SocketMode | None = None

    def routes(self, bot: Bot) -> Sequence[BaseRoute]:
        """Return where events arrive and where the bot is added; nothing by Socket Mode, which needs no address."""
        if self._one is not None:
            return ()
        edge = Edge(revealed(self._settings.slack_signing_secret), self._joined(bot).take, self._system)
        return (Route(ADDRESS, edge.events, methods=["POST"]), *self._installing(bot).routes())

    async def run(self, bot: Bot, stop: asyncio.Event) -> None:
        """Take in what happens there until told to stop; then finish what is in hand."""
        app = self._joined(bot)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._slack.background.run(stop))
            if self._one is not None:
                self._socket = self._connection(app)
                tasks.create_task(self._socket.run(stop))
                tasks.create_task(self._arrived(self._one, bot, stop))

    def readiness(self) -> Mapping[str, bool]:
        """Tell whether the connection stands. Over HTTP it is Slack that connects."""
        if self._one is None:
            return {}
        return {"slack": self._socket is not None and self._socket.is_connected}

    async def close(self) -> None:
        """Hang up."""
        await self._slack.close()

    def _joined(self, bot: Front) -> SlackApp:
        if self._app is None:
            self._app = self._slack.app(bot)
        return self._app

    def _connection(self, app: SlackApp) -> SocketMode:
        return SocketMode(
            line=self._line,
            app_token=revealed(self._settings.slack_app_token),
            take=app.take,
            background=self._slack.background,
            telemetry=self._voice.telemetry,
        )

    async def _arrived(self, one: OneWorkspace, bot: Bot, stop: asyncio.Event) -> None:
        """Find out whose token this is, which may take until Slack can be reached, and note that the bot is there."""
        while not stop.is_set():
            try:
                workspace, _ = await one.home()
                await bot.arrived(workspace, None)
            except (DeliveryError, StorageError) as error:
                self._voice.telemetry.event("slack.token_not_taken", error=type(error).__name__)
                await _told(stop, within=TRY_AGAIN)
            else:
                return

    def _installing(self, bot: Bot) -> Installing:
        settings = self._settings
        operator = Operator(settings.operator_name, settings.operator_contact)
        registered = Registered(settings.slack_client_id, revealed(settings.slack_client_secret), settings.public_url)
        pages = Pages(
            added=partial(how_to_begin, operator=operator),
            not_agreed=adding.not_agreed,
            add_again=adding.add_again,
            not_for_organisations=adding.not_for_organisations,
        )
        ends = Ends(bot, self._opened.store, self._slack.authorising, self._system, self._voice.telemetry)
        return Installing(registered, pages, self._line, ends)


async def _told(stop: asyncio.Event, *, within: float) -> None:
    """Wait so long, or until told to stop."""
    try:
        async with asyncio.timeout(within):
            await stop.wait()
    except TimeoutError:
        return
