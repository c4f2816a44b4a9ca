"""The sample group around a table, with the whole bot on a database of its own: use cases at their stable surface."""

from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet
from pydantic import SecretStr

from adapters.local.gateway import LocalGateway
from adapters.local.people import ANA, BEN, BY_USER, CARLA, DAVID, ELIF, SEATS
from adapters.local.playing import Playable
from adapters.local.scenes import Scenes
from adapters.local.table import Table, set_table
from bot.bootstrap import Bot, Platform, build, open_store
from bot.domain.ids import UserId
from bot.ports.edges import Clock, Directory, Ids
from bot.ports.gateway import ChatGateway
from bot.ports.inbound import Inbound
from bot.ports.messages import Message, Reply
from bot.settings import Settings
from tests.e2e.stories import Noted

__all__ = ["ANA", "BEN", "CARLA", "DAVID", "ELIF", "Club", "open_club", "text_of"]


@dataclass
class Club:
    """Five members with cards, and everything one may want to look at."""

    table: Table
    scenes: Scenes
    bot: Bot
    telemetry: Noted
    file: Path
    gateway: LocalGateway

    def last(self, user: UserId) -> str:
        """Return the text of the newest message in front of somebody."""
        return text_of(self.table.room.in_view(user)[-1].message)

    def seen(self, user: UserId) -> str:
        """Return everything in front of somebody."""
        return "\n".join(text_of(standing.message) for standing in self.table.room.in_view(user))

    async def says(self, inbound: Inbound) -> Reply:
        """Let something arrive as it is, as a platform would repeat it."""
        reply = await self.bot.handle(inbound)
        await self.bot.deliver()
        return reply


def text_of(message: Message | None) -> str:
    """Return all words of a message, for a glance."""
    return repr(message.parts) if message else ""


async def open_club(database_url: str, *, with_cards: bool = True) -> Club:
    """Start the group and let everybody join. The caller closes the bot."""
    telemetry = Noted()
    opened: list[Bot] = []
    gateways: list[LocalGateway] = []

    async def open_bot(*, gateway: ChatGateway, directory: Directory, clock: Clock, ids: Ids) -> Playable:
        key = SecretStr(Fernet.generate_key().decode())
        settings = Settings(database_url=database_url, encryption_keys=(key,), operator_name="The test")
        store = open_store(settings).store
        assert isinstance(gateway, LocalGateway)
        gateways.append(gateway)
        platforms = {"local": Platform(gateway, directory)}
        bot = build(settings, store, platforms, telemetry=telemetry, clock=clock, ids=ids, jitter=lambda: 0.5)
        opened.append(bot)
        return bot

    table, _ = await set_table(open_bot)
    file = Path(database_url.removeprefix("sqlite:///"))
    club = Club(table, Scenes(table), opened[0], telemetry, file, gateways[0])
    await table.types(DAVID, "/intros settings")
    for user in SEATS:
        await table.types(user, "/intros join")
    if with_cards:
        for user in (ANA, BEN, CARLA, ELIF):
            await club.scenes.write_card(BY_USER[user])
    return club
