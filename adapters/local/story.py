"""The stories: one referral with eight ways to end, told through the table with a clock of its own."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from enum import StrEnum

from adapters.local.people import ANA, BEN, CARLA
from adapters.local.scenes import Narrate, Scenes, untold
from adapters.local.table import Table
from adapters.local.weeks import after_introduction, pass_by

LONG_AFTER = timedelta(days=7)
"""By then every question of a referral that nobody hurried is over."""


class Ending(StrEnum):
    """How a story may end."""

    AGREED = "agreed"
    DECLINED = "declined"
    SILENT = "silent"
    BLOCKED = "blocked"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"
    ROLE_ONLY = "role-only"
    LEAD = "lead"


ALIKE = (Ending.DECLINED, Ending.SILENT, Ending.BLOCKED, Ending.PAUSED)
"""The endings that nobody but the provider can tell from each other."""


async def tell(table: Table, ending: Ending, narrate: Narrate = untold, *, weeks: int = 0) -> None:
    """Play the story to this end, and so many weeks after it.

    Raises NotOfferedError or StoryError when the bot does not play along.
    """
    scenes = Scenes(table, narrate)
    await scenes.start_group()
    await scenes.later(30)
    await scenes.draft()
    await _TOLD[ending](scenes)
    await (after_introduction if ending is Ending.AGREED else pass_by)(scenes, weeks)


async def _agreed(scenes: Scenes) -> None:
    await _asked_and_seeker_agreed(scenes)
    await scenes.later(150)
    await scenes.says_yes(CARLA)
    await scenes.introduced()


async def _declined(scenes: Scenes) -> None:
    await _asked_and_seeker_agreed(scenes)
    await scenes.later(150)
    await scenes.press(CARLA, "no")
    await _nobody_else_can_tell(scenes)


async def _silent(scenes: Scenes) -> None:
    await _asked_and_seeker_agreed(scenes)
    await scenes.later(150)
    await _nobody_else_can_tell(scenes)


async def _blocked(scenes: Scenes) -> None:
    await _asked_and_seeker_agreed(scenes)
    await scenes.later(150)
    await scenes.blocks(CARLA)
    await _nobody_else_can_tell(scenes)


async def _paused(scenes: Scenes) -> None:
    await scenes.improve()
    await scenes.ask()
    await scenes.later(30)
    scenes.narrate("Carla takes a break, and chose not to say so.")
    await scenes.pauses_quietly(CARLA)
    await scenes.later(60)
    await _seeker_agrees(scenes)
    await scenes.later(150)
    await _nobody_else_can_tell(scenes)


async def _withdrawn(scenes: Scenes) -> None:
    await _asked_and_seeker_agreed(scenes)
    await scenes.later(150)
    scenes.narrate("Ana calls it off. Ben, who said yes, hears so; Carla’s question closes.")
    await scenes.table.types(ANA, "/intros mine")
    await scenes.press(ANA, "show_draft", "withdraw")
    await scenes.table.wait(LONG_AFTER)


async def _role_only(scenes: Scenes) -> None:
    await scenes.improve()
    await scenes.describe()
    await scenes.ask()
    for who, told in (
        (BEN, "Ben is asked without a name: somebody of that kind."),
        (CARLA, "Carla is asked in the same way, and learns nothing about Ben but one line."),
        (BEN, "Both are interested. Now Ben is asked about Carla by name."),
        (CARLA, "Only now, after Ben’s yes to her by name, does Carla learn who he is."),
    ):
        await scenes.later(45)
        scenes.narrate(told)
        await scenes.says_yes(who)
    await scenes.introduced()


async def _lead(scenes: Scenes) -> None:
    await scenes.later(1)
    scenes.narrate("On second thoughts Ben is not whom Carla looks for. Nobody is asked: it stays Ana’s own lead.")
    await scenes.press(ANA, "need_yes", "fit_no")
    await scenes.later(10)
    scenes.narrate("Ana sends Carla, whose card takes them, a tip about the need. It names no person.")
    await scenes.send_tip()


async def _asked_and_seeker_agreed(scenes: Scenes) -> None:
    await scenes.improve()
    await scenes.ask()
    await scenes.later(90)
    await _seeker_agrees(scenes)


async def _seeker_agrees(scenes: Scenes) -> None:
    scenes.narrate("Ben reads who asks, why, and word for word what Carla would see. He says yes.")
    await scenes.says_yes(BEN)


async def _nobody_else_can_tell(scenes: Scenes) -> None:
    scenes.narrate("However Carla’s question ends without a yes, Ben and Ana are told the same, at the same time.")
    await scenes.table.wait(LONG_AFTER)


_TOLD: Mapping[Ending, Callable[[Scenes], Awaitable[None]]] = {
    Ending.AGREED: _agreed,
    Ending.DECLINED: _declined,
    Ending.SILENT: _silent,
    Ending.BLOCKED: _blocked,
    Ending.PAUSED: _paused,
    Ending.WITHDRAWN: _withdrawn,
    Ending.ROLE_ONLY: _role_only,
    Ending.LEAD: _lead,
}
