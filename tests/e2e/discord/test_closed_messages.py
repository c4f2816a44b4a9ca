"""Direct messages that somebody closed are a silence to everybody else; they are told at their own next command."""

import shutil
from datetime import timedelta
from pathlib import Path

from adapters.local.clock import StoryClock
from tests.discord.cast import ANA, BEN, CARLA, DAVID, ELIF
from tests.discord.server import DiscordServer
from tests.e2e.discord.beginnings import draft, meet
from tests.e2e.discord.hall import Hall, open_hall
from tests.oracles import oracle

OTHERS = (ANA, CARLA, DAVID, ELIF)
LONG_AFTER = timedelta(days=10)
"""Every deadline has passed by then."""


async def asked_in_vain(hall: Hall, *, closed: bool) -> dict[str, list[str]]:
    """Let Ben be asked, and not answer; return what everybody else has seen when all is over."""
    await meet(hall)
    await draft(hall)
    await hall.press(ANA, "need_yes", "fit_yes")
    if closed:
        hall.people.closes_dms(BEN)
    await hall.press(ANA, "ask_them")
    await hall.wait(LONG_AFTER)
    return {user: [seen.shown for seen in hall.view.in_view(user)] for user in OTHERS}


async def played(database: Path, *, closed: bool) -> tuple[dict[str, list[str]], str]:
    """Return what the others saw in such a story, and what Ben is told at his next command."""
    clock = StoryClock()
    async with (
        DiscordServer.started(clock, checker=oracle("discord_check")) as server,
        open_hall(server, clock, f"sqlite:///{database}") as hall,
    ):
        others = await asked_in_vain(hall, closed=closed)
        await hall.types(BEN, "intros mine")
        return others, hall.told()


async def test_who_closed_their_messages_is_told_so_alone_and_everybody_else_sees_a_silence(
    sqlite_template: Path, tmp_path: Path
) -> None:
    stories = {
        closed: await played(Path(shutil.copyfile(sqlite_template, tmp_path / f"{closed}.db")), closed=closed)
        for closed in (False, True)
    }

    (silence, unasked), (refused, told) = stories[False], stories[True]
    assert refused == silence
    assert all(silence[user] for user in (ANA, CARLA))
    assert "My messages do not reach you" in told
    assert "Yours, and for you alone." in told
    assert "My messages do not reach you" not in unasked
