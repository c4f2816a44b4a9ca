"""What is not remembered was only looked at: it changed nothing, so that an answer by message may look again."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.app.routes import INTROS, PRESSED
from bot.app.verbs import Verb
from bot.domain.ids import UserId
from bot.ports.inbound import Inbound, Press, Slash
from storage.tables import metadata
from tests.app.club import ANA, BEN, CARLA, Club
from tests.app.test_by_message import group_of, origin, store_of

ACTORS = (ANA, BEN)


def everything(club: Club) -> dict[str, list[Any]]:
    """Return every row there is."""

    def work(connection: Any) -> dict[str, list[Any]]:  # noqa: ANN401
        return {name: list(connection.execute(select(table))) for name, table in metadata.tables.items()}

    return store_of(club)._runner.run_now(work)


async def with_something_of_each(club: Club) -> list[str]:
    """Let there be a draft, a question, and an ask in the channel; return what buttons may refer to."""
    await club.table.types(BEN, "/ask somebody who can cost a kitchen")
    await club.scenes.press(BEN, "post_ask")
    await club.scenes.draft()
    await club.scenes.improve()
    await club.scenes.press(ANA, "ask_them")
    buttons = [b for user in (ANA, BEN, CARLA) for standing in club.table.room.in_view(user) for b in standing.buttons]
    return sorted({button.ref for button in buttons} | {group_of(club), "", "nothing"})


async def is_a_look(club: Club, inbound: Inbound) -> bool:
    """Let it arrive; say whether nothing was remembered, and then nothing else may be there either."""
    before = everything(club)
    await club.bot.handle(inbound)
    if await club.bot.store.run(lambda tx: tx.inbox.first_answer(inbound.origin.event)):
        return False
    assert everything(club) == before, inbound
    return True


@pytest.mark.parametrize("user", ACTORS)
async def test_a_button_that_remembers_nothing_changes_nothing(club: Club, user: UserId) -> None:
    refs = await with_something_of_each(club)
    verbs = [verb for verb in PRESSED if verb != Verb.ERASE_REALLY]  # its answer stays in the reply

    looks = [
        await is_a_look(club, Press(origin(club, user, by_message=False), verb, ref)) for verb in verbs for ref in refs
    ]

    assert 0 < sum(looks) < len(looks)


@pytest.mark.parametrize("user", ACTORS)
async def test_a_command_that_remembers_nothing_changes_nothing(club: Club, user: UserId) -> None:
    here = club.table.room.channel
    typed = [*INTROS, "", "find kitchen", "sing"]

    looks = [
        await is_a_look(club, Slash(origin(club, user, channel=here, by_message=False), "intros", text))
        for text in typed
    ]

    assert 0 < sum(looks) < len(looks)
