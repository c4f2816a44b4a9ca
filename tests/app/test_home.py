"""A member's own page: what it shows to whom, that it writes nothing, and that it gives nobody's answer away."""

import shutil
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.ids import ChannelId, EventId, UserId, WorkspaceId
from bot.ports.edges import Person
from bot.ports.front import Front
from bot.ports.inbound import Origin, Press, Slash
from bot.ports.messages import Buttons, Message
from tests.app.club import ANA, BEN, CARLA, DAVID, ELIF, Club, open_club, text_of
from tests.app.test_by_message import origin

NOBODY = UserId("nobody")
ELSEWHERE = WorkspaceId("local:elsewhere")
WATCHED, WATCHERS = CARLA, (ANA, BEN)


async def home(club: Club, user: UserId, *, workspace: WorkspaceId | None = None, is_admin: bool = False) -> Message:
    where = workspace or club.table.room.workspace
    front: Front = club.bot
    page = await front.home(Origin(EventId("home"), where, user, None, is_admin=is_admin))
    assert len(page.parts) <= 40
    return page


def verbs(page: Message) -> list[str]:
    return [button.verb for part in page.parts if isinstance(part, Buttons) for button in part.buttons]


async def asked(club: Club) -> None:
    await club.scenes.draft()
    await club.scenes.improve()
    await club.scenes.press(ANA, "ask_them")


async def test_it_shows_what_waits_for_me_what_i_started_and_the_way_to_the_rest(club: Club) -> None:
    await asked(club)

    bens, anas = await home(club, BEN), await home(club, ANA)

    assert "open_question" in verbs(bens)
    assert "show_draft" in verbs(anas)
    for page in (bens, anas):
        assert {"new_draft", "new_ask", "show_card", "show_pause", "show_privacy"} <= set(verbs(page))


async def test_every_button_of_it_leads_somewhere(club: Club) -> None:
    await asked(club)
    page = await home(club, BEN)
    buttons = [button for part in page.parts if isinstance(part, Buttons) for button in part.buttons]

    replies = [await club.bot.handle(Press(origin(club, BEN, by_message=False), b.verb, b.ref)) for b in buttons]

    assert len(replies) == 6
    for reply in replies:
        assert reply.form or (reply.message and "not there any more" not in text_of(reply.message))


async def test_it_writes_nothing_not_even_who_looked(club: Club) -> None:
    club.table.room.people[NOBODY] = Person(NOBODY, "Nobody")

    page = await home(club, NOBODY)

    assert "/intros join" in text_of(page)
    assert await club.bot.store.run(lambda tx: tx.members.by_user(club.table.room.workspace, NOBODY)) is None


async def test_where_nothing_has_begun_an_admin_reads_how_to_begin_and_others_whom_to_ask(club: Club) -> None:
    admins = await home(club, DAVID, workspace=ELSEWHERE, is_admin=True)
    others = await home(club, DAVID, workspace=ELSEWHERE)

    assert "Three steps" in admins.summary
    assert "no group here yet" in others.summary


async def test_somebody_of_another_workspace_reads_that_and_nothing_else(club: Club) -> None:
    club.table.room.people[NOBODY] = Person(NOBODY, "Nobody", is_stranger=True)

    assert "another workspace" in text_of(await home(club, NOBODY))


async def test_in_several_groups_each_has_its_place_on_it(club: Club) -> None:
    await asked(club)
    channels = [ChannelId(f"channel-{n}") for n in range(6)]
    for channel in channels:
        for user, text in ((DAVID, "settings"), (ANA, "join")):
            await club.bot.handle(Slash(origin(club, user, channel=channel, by_message=False), "intros", text))

    page = await home(club, ANA)

    assert all(channel in text_of(page) for channel in channels)
    assert "being asked" in text_of(page)
    assert verbs(page).count("show_mine") == 7


async def test_the_page_follows_a_break_and_the_way_back(club: Club) -> None:
    await club.table.types(ELIF, "/intros pause")
    await club.scenes.press(ELIF, "pause")
    await club.table.sends(ELIF, {"until": "2026-12-31"})
    during = text_of(await home(club, ELIF))
    await club.scenes.press(ELIF, "back")

    assert "You take a break" in during
    assert "You take a break" not in text_of(await home(club, ELIF))


Act = Callable[[Club], Awaitable[object]]
ENDINGS: dict[str, tuple[Act, ...]] = {
    "no": (lambda club: club.scenes.press(WATCHED, "no"),),
    "known": (lambda club: club.scenes.press(WATCHED, "known"),),
    "not now": (lambda club: club.scenes.press(WATCHED, "not_now"),),
    "report": (lambda club: club.scenes.press(WATCHED, "report"),),
    "block": (lambda club: club.scenes.press(WATCHED, "block", "block_referrer"),),
    "left": (lambda club: club.table.types(WATCHED, "/intros leave"),),
    "gone": (lambda club: club.bot.person_gone(club.table.room.workspace, WATCHED),),
    "yes, undone": (
        lambda club: club.scenes.press(WATCHED, "yes"),
        lambda club: club.scenes.press(WATCHED, "undo"),
    ),
    "erased": (
        lambda club: club.table.types(WATCHED, "/intros privacy"),
        lambda club: club.scenes.press(WATCHED, "erase", "erase_really"),
    ),
}


async def pages_of_the_others(url: str, *ending: Act) -> list[Message]:
    """Play a story in which the provider's question ends somehow; return what the others' pages show all along."""
    club = await open_club(url)
    try:
        await asked(club)
        await club.scenes.press(BEN, "yes")
        for act in ending:
            await act(club)
        pages = []
        for _ in range(9):
            pages += [await home(club, watcher) for watcher in WATCHERS]
            await club.table.wait(timedelta(hours=20))
        return pages
    finally:
        await club.bot.close()


@pytest.mark.parametrize("name", ENDINGS)
async def test_nobody_elses_page_tells_how_a_question_ended_without_a_yes(
    sqlite_template: Path, tmp_path: Path, name: str
) -> None:
    files = [tmp_path / "silence.db", tmp_path / "ending.db"]
    for file in files:
        shutil.copyfile(sqlite_template, file)

    silence = await pages_of_the_others(f"sqlite:///{files[0]}")
    ending = await pages_of_the_others(f"sqlite:///{files[1]}", *ENDINGS[name])

    assert ending == silence
    assert len({text_of(page) for page in silence}) == 3
