"""What is not remembered was only looked at: it changed nothing, so that an answer by message may look again."""

import sqlite3
from collections.abc import Iterator

import pytest

from bot.app.routes import INTROS, PRESSED
from bot.app.verbs import Verb
from bot.domain.ids import UserId
from bot.ports.inbound import Inbound, Press, Slash
from tests.app.club import ANA, BEN, CARLA, Club
from tests.app.test_by_message import group_of, origin, store_of

ACTORS = (ANA, BEN)
_FILE = "SELECT file FROM pragma_database_list WHERE name = 'main'"


class Watch:
    """Another connection to the same file: SQLite tells it whenever anybody else has committed a change."""

    def __init__(self, club: Club) -> None:
        (file,) = store_of(club)._runner.run_now(lambda c: c.exec_driver_sql(_FILE).all())
        self._connection = sqlite3.connect(file[0])

    def version(self) -> int:
        """Return a number that is another one after every change."""
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        return int(version)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


@pytest.fixture
def watch(club: Club) -> Iterator[Watch]:
    """The club's database, watched."""
    watching = Watch(club)
    yield watching
    watching.close()


async def with_something_of_each(club: Club) -> list[str]:
    """Let there be a draft, a question, and an ask in the channel; return what buttons may refer to."""
    await club.table.types(BEN, "/ask somebody who can cost a kitchen")
    await club.scenes.press(BEN, "post_ask")
    await club.scenes.draft()
    await club.scenes.improve()
    await club.scenes.press(ANA, "ask_them")
    buttons = [b for user in (ANA, BEN, CARLA) for standing in club.table.room.in_view(user) for b in standing.buttons]
    return sorted({button.ref for button in buttons} | {group_of(club), "", "nothing"})


async def is_a_look(club: Club, watch: Watch, inbound: Inbound) -> bool:
    """Let it arrive; say whether nothing was remembered, and then nothing else may be there either."""
    before = watch.version()
    await club.bot.handle(inbound)
    if await club.bot.store.run(lambda tx: tx.inbox.first_answer(inbound.origin.event)):
        assert watch.version() != before
        return False
    assert watch.version() == before, inbound
    return True


@pytest.mark.parametrize("user", ACTORS)
async def test_a_button_that_remembers_nothing_changes_nothing(club: Club, watch: Watch, user: UserId) -> None:
    refs = await with_something_of_each(club)
    verbs = [verb for verb in PRESSED if verb != Verb.ERASE_REALLY]  # its answer stays in the reply

    looks = [
        await is_a_look(club, watch, Press(origin(club, user, by_message=False), verb, ref))
        for verb in verbs
        for ref in refs
    ]

    assert 0 < sum(looks) < len(looks)


@pytest.mark.parametrize("user", ACTORS)
async def test_a_command_that_remembers_nothing_changes_nothing(club: Club, watch: Watch, user: UserId) -> None:
    here = club.table.room.channel
    typed = [*INTROS, "", "find kitchen", "sing"]

    looks = [
        await is_a_look(club, watch, Slash(origin(club, user, channel=here, by_message=False), "intros", text))
        for text in typed
    ]

    assert 0 < sum(looks) < len(looks)
