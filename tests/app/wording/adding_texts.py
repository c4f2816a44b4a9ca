"""The texts around adding the bot, by name."""

from collections.abc import Iterator

from bot.app.wording import adding
from tests.app.wording.other_texts import Maker


def additions() -> Iterator[tuple[str, Maker]]:
    """Yield what is said where a form could not open, and where the bot was removed or could not be added."""
    yield "adding_press_again", adding.press_again
    yield "adding_not_added", adding.not_added
    yield "adding_not_agreed", adding.not_agreed
    yield "adding_add_again", adding.add_again
    yield "adding_not_for_organisations", adding.not_for_organisations
