"""One person plays everybody at the prompt, through the whole bot."""

import asyncio
import io
from collections.abc import Awaitable, Callable

from rich.console import Console

from adapters.local.interactive import interact
from adapters.local.scenes import BETTER, DRAFT
from tests.e2e.stories import bot_on


def typed(database_url: str, *lines: str) -> str:
    """Type these lines at the prompt and return everything that was printed."""
    out = io.StringIO()
    console = Console(file=out, width=100)

    async def playing() -> int:
        return await interact(bot_on(database_url), console=console, read=_reading(lines), echoes=True)

    assert asyncio.run(playing()) == 0
    return out.getvalue()


def _reading(lines: tuple[str, ...]) -> Callable[[], Awaitable[str | None]]:
    waiting = iter(lines)

    async def read() -> str | None:
        return next(waiting, None)

    return read


REFERRED = (
    *("/refer @ben @carla", "", "", DRAFT["need"], DRAFT["why"], "2"),
    *("press They need this", "press They fit", "press Write a better introduction"),
    *(BETTER["in_common"], BETTER["result"], BETTER["how_long"], "", BETTER["heads_up"]),
    "press Ask them",
)


def test_a_referral_can_be_played_from_every_side(sqlite_url: str) -> None:
    out = typed(
        sqlite_url,
        *REFERRED,
        *("as ben", "press Yes, introduce us", "as carla", "press Yes, introduce us"),
        *("wait 30 seconds", "press Got it", "as ben", "press Got it", "quit"),
    )

    assert "→ ben + carla · introduction" in out
    assert BETTER["result"] in out.replace("\n      ", " ")
    assert out.count("Have a good conversation") == 2


def test_a_form_with_something_wrong_in_it_says_so_and_asks_again(sqlite_url: str) -> None:
    out = typed(
        sqlite_url,
        *("/refer @ben @carla", "", "", "See www.example.org for it", DRAFT["why"], "2"),
        *(DRAFT["need"], "quit"),
    )

    assert "! " in out
    assert "Nobody has been asked" in out


def test_somebodys_words_in_the_channel_become_an_ask_and_a_referral(sqlite_url: str) -> None:
    out = typed(
        sqlite_url,
        *("as ben", "/ask An accountant who knows workshops", "press Post it", "as ana", "look"),
        *("press I can refer someone", "", "@carla", "", DRAFT["why"], "2", "quit"),
    )

    assert "→ #introductions · post" in out
    assert "An accountant who knows workshops" in out
    assert "@Ben Okafor and @Carla Rossi" in out


def test_wrong_people_are_refused_at_their_field_and_no_text_is_lost(sqlite_url: str) -> None:
    out = typed(
        sqlite_url,
        *("/refer @ben @felix", "", "", DRAFT["need"], DRAFT["why"], "2"),
        *("@twoyes", "@carla", "quit"),
    )

    assert out.count("! ") == 2
    assert DRAFT["need"] in out.replace("\n      │ ", " ")


def test_what_the_bot_is_asked_for_in_private_is_answered_in_private(sqlite_url: str) -> None:
    pages = (
        "help",
        "mine",
        "card",
        "pause",
        "privacy",
        "report",
        "find kitchens",
        "settings",
        "nonsense",
        "leave",
        "join",
    )

    out = typed(sqlite_url, "as david", *(f"dm /intros {page}" for page in pages), "quit")

    assert out.count("→ david · reply") >= len(pages)
    assert "Cabinetmaker" in out
