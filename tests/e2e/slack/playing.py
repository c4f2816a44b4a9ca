"""Plays a story on Slack, and in the local room, and keeps what became of it: what people saw, and the log."""

import asyncio
from dataclasses import dataclass, replace
from typing import cast

from adapters.local.clock import StoryClock
from adapters.local.story import Ending, tell
from adapters.local.table import Table, set_table
from bot.bootstrap import Bot
from bot.domain.events import Event
from bot.domain.ids import GroupId, MemberId, ReferralId
from tests.e2e.slack.diary import Diary
from tests.e2e.slack.seats import SlackSeats
from tests.e2e.slack.town import open_town
from tests.e2e.stories import Noted, bot_on
from tests.slack.cast import ANA, BEN, CARLA, DAVID, ELIF
from tests.slack.server import SlackServer
from tests.slack.world import World


@dataclass(frozen=True)
class Played:
    """A story that was played on Slack."""

    world: World
    diary: Diary
    events: tuple[Event, ...]
    noted: Noted


def on_slack(
    database_url: str, ending: Ending, transport: str = "http", *, upgraded: bool = True, weeks: int = 0
) -> Played:
    """Play a story in the sample workspace, over HTTP with everybody's Home kept up to date meanwhile."""
    return asyncio.run(_on_slack(database_url, ending, transport, upgraded=upgraded, weeks=weeks))


async def _on_slack(database_url: str, ending: Ending, transport: str, *, upgraded: bool, weeks: int) -> Played:
    clock = StoryClock()
    async with (
        SlackServer.started(clock) as server,
        open_town(server, clock, database_url, transport, upgraded=upgraded) as town,
    ):
        for user in (ANA, BEN, CARLA, DAVID, ELIF) if transport == "http" else ():
            await town.after(await town.people.open_home(user))
        await tell(cast("Table", SlackSeats(town)), ending, weeks=weeks)  # as far as the scenes can tell
        return Played(server.world, town.diary, await town.events(), town.club.noted)


def in_the_room(database_url: str, ending: Ending, weeks: int = 0) -> tuple[Event, ...]:
    """Play a story, and so many weeks, in the local room, and return the log."""

    async def playing() -> tuple[Event, ...]:
        table, bot = await set_table(bot_on(database_url))
        assert isinstance(bot, Bot)
        try:
            await tell(table, ending, weeks=weeks)
            return tuple(await bot.store.run(lambda tx: tx.records.events()))
        finally:
            await bot.close()

    return asyncio.run(playing())


def renamed(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Return a log in which groups, members and referrals go by the order in which they come up."""
    names: dict[str, str] = {}

    def name(old: str, kind: str) -> str:
        return names.setdefault(old, f"{kind}-{len(names)}")

    return tuple(
        replace(
            event,
            group=GroupId(name(event.group, "group")),
            by=event.by and MemberId(name(event.by, "member")),
            referral=event.referral and ReferralId(name(event.referral, "referral")),
            facts={fact: names.get(value, value) for fact, value in event.facts.items()},
        )
        for event in events
    )
