"""The local room while the bot serves: its journal beside the database, its pages at an address of their own."""

import asyncio
import socket
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from starlette.routing import BaseRoute

from adapters.local.directory import LocalDirectory
from adapters.local.gateway import LocalGateway
from adapters.local.journal import FileJournal
from adapters.local.room import INTRODUCTIONS, workspace_of
from adapters.local.web.app import BusyError, RoomSite
from adapters.local.web.house import House
from adapters.system import RandomIds, SystemClock
from adapters.web.server import PortTakenError, address_of, answer, listen
from bot.bootstrap import Bot, Platform
from bot.cli.failing import FailedError
from bot.cli.voice import Voice
from bot.domain.ids import ChannelId, WorkspaceId
from bot.ports.edges import Clock
from bot.ports.inbound import Inbound
from bot.ports.messages import Reply
from bot.ports.store import Transaction
from bot.settings import Settings
from storage.engine import database_file
from storage.errors import StorageError

HERE = "127.0.0.1"
TRIES = 200
PAUSE = 0.01
"""Seconds between two looks at whether the courier, who works by itself, has everything delivered."""
UNDO = timedelta(seconds=30)


class LocalHost:
    """A Host for the sample group."""

    name = "local"

    def __init__(self, settings: Settings, voice: Voice) -> None:
        """Open the room and say so. Raises FailedError when its journal cannot be written."""
        self._settings = settings
        self._listening = _listening(settings.room_port)
        self._house = _house(settings)
        self.platform = Platform(LocalGateway(self._house.room), LocalDirectory(self._house.room))
        self.clock: Clock | None = self._house.clock
        self.address = f"http://{address_of(self._listening)}/"
        _tell(settings, voice, self.address)

    def routes(self, bot: Bot) -> Sequence[BaseRoute]:
        """Return nothing: the room has an address of its own."""
        del bot
        return ()

    async def run(self, bot: Bot, stop: asyncio.Event) -> None:
        """Let the sample group meet if it has not, then show the room until told to stop."""
        stage = Thorough(bot, self._house.clock)
        site = RoomSite(self._house, Quick(bot, self._house.clock), stage)
        await self._settle_in(bot, stage)
        port: int = self._listening.getsockname()[1]
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(answer(site.app(port), self._listening, stop))
            await stop.wait()
            site.close()

    async def _settle_in(self, bot: Bot, stage: "Thorough") -> None:
        house = self._house
        if house.is_settled:
            return
        if house.is_half_settled:  # it was stopped in the middle of the first evening
            await house.begin_again(stage)
        elif not await bot.store.run(lambda tx: _has_group(tx, house.room.times)):
            await house.settle_in(stage)

    def readiness(self) -> Mapping[str, bool]:
        """Need nothing."""
        return {}

    async def close(self) -> None:
        """Let go of the journal."""
        self._house.close()
        self._listening.close()


class Quick:
    """The bot for people at their pages: the courier is woken by what they do, and nobody waits for it."""

    def __init__(self, bot: Bot, clock: Clock) -> None:
        """Play with this bot, by this clock."""
        self._bot = bot
        self._clock = clock

    async def handle(self, inbound: Inbound) -> Reply:
        """Take one thing that arrived. Raises BusyError when the database cannot take it; then nothing happened."""
        try:
            return await self._bot.handle(inbound)
        except StorageError as error:
            raise BusyError from error

    async def sweep(self) -> None:
        """Do what has become due by now."""
        await self._bot.sweep()

    async def deliver(self) -> None:
        """Leave it to the courier."""

    async def next_due(self) -> datetime | None:
        """Return the next instant at which anything happens, or None."""
        return await self._bot.next_due()

    async def next_post(self, workspace: WorkspaceId, channel: ChannelId) -> datetime | None:
        """Return when the channel's group has its next weekly post, or None where there is none to come."""
        return await self._bot.next_post(workspace, channel)

    async def close(self) -> None:
        """Leave the bot to whoever opened it."""


class Thorough(Quick):
    """The bot for a story and for the clock: what is due has arrived before they go on."""

    async def deliver(self) -> None:
        """Deliver what is due, and wait for what the courier has in hand; a while at most."""
        await self._bot.deliver()
        for _ in range(TRIES):
            if await self._bot.store.run(self._is_quiet):
                return
            await asyncio.sleep(PAUSE)

    def _is_quiet(self, tx: Transaction) -> bool:
        """Say whether nothing is open but what waits for its half minute to pass.

        What the courier has in hand is due again when its lease ends, which is later than that.
        """
        now = self._clock.now()
        due = tx.outbox.next_due()
        return due is None or now < due <= now + UNDO


def _has_group(tx: Transaction, times: int) -> bool:
    return tx.groups.in_channel(workspace_of(times), INTRODUCTIONS) is not None


def _listening(port: int) -> socket.socket:
    try:
        return listen(HERE, port)
    except PortTakenError:
        return listen(HERE, 0)


def _house(settings: Settings) -> House:
    file = database_file(settings.database_url)
    journal = FileJournal(journal_of(file)) if file else None
    try:
        return House(SystemClock(), RandomIds(), journal)
    except OSError as error:
        raise FailedError(
            f"{journal_of(file) if file else 'The journal'} cannot be written: {error.strerror}."
        ) from error


def journal_of(database: Path) -> Path:
    """Return where what was said in the room is kept."""
    return database.with_name(f"{database.name}.room.jsonl")


def _tell(settings: Settings, voice: Voice, address: str) -> None:
    names = settings.platform_variables()
    why = f"This version makes no use of {', '.join(names)} yet" if names else "No chat platform is set up"
    voice.tell(
        "platforms.none",
        f"{why}, so there is the local room, on this machine alone:\n\n"
        f"    {address}\n\n"
        "Press “Start the story” to see one referral from every side.\n"
        "Take a seat: type /refer @ben @carla as Ana, /ask as Ben, /intros help as anybody.\n"
        "Turn the clock at the top to see reminders, deadlines and the weekly post. Stop with Ctrl-C.",
        unused=", ".join(names),
        room=address,
    )
