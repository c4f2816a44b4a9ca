"""Whatever comes twice changes nothing and is answered kindly: replays, two sessions, double clicks, restarts."""

import asyncio
from collections.abc import Awaitable, Callable

from cryptography.fernet import Fernet

from adapters.local.clock import StoryClock
from adapters.local.scenes import DRAFT
from bot.domain.ids import UserId
from bot.ports.store import Transaction
from tests.discord.cast import ANA, BEN, CARLA, DAVID, ELIF, INTRODUCTIONS
from tests.discord.club import WORKSPACE
from tests.discord.people import Answered
from tests.discord.server import DiscordServer
from tests.e2e.discord.beginnings import ask_ben, ask_carla, draft, meet
from tests.e2e.discord.hall import MENU, Hall, open_hall

Act = Callable[[Hall], Awaitable[Answered]]
EVERYBODY = (ANA, BEN, CARLA, DAVID, ELIF)
ALREADY = "That is your answer already. Nothing was changed."


def picks(hall: Hall) -> Awaitable[Answered]:
    """Choose the menu of a message that Ben wrote."""
    return hall.people.on_message(ANA, MENU, hall.people.write(BEN, INTRODUCTIONS, "Who knows an accountant?"))


ACTS: dict[str, Act] = {
    "a command that starts a group": lambda hall: hall.types(DAVID, "intros settings"),
    "a button in the channel": lambda hall: hall.press(ANA, "Join"),
    "a command that is answered": lambda hall: hall.types(BEN, "intros join"),
    "another": lambda hall: hall.types(CARLA, "intros join"),
    "a button that opens a form": lambda hall: hall.press(CARLA, "edit_card"),
    "a form that is stored": lambda hall: hall.sends(CARLA, {"does": "Books", "ideal": "Makers"}),
    "a menu": picks,
    "a command that opens a form": lambda hall: hall.types(ANA, "refer", seeker=BEN, provider=CARLA),
    "a form that is refused": lambda hall: hall.sends(ANA, {**DRAFT, "provider": BEN}),
    "a form that is taken": lambda hall: hall.sends_again(ANA, {"provider": CARLA}),
    "a button of a draft": lambda hall: hall.press(ANA, "need_yes", "fit_yes"),
    "the start of the asking": lambda hall: hall.press(ANA, "ask_them"),
    "a no": lambda hall: hall.press(BEN, "no"),
    "a yes after it": lambda hall: hall.press(BEN, "yes"),
    "a yes with a form": lambda hall: hall.press(CARLA, "yes_but"),
    "the second yes": lambda hall: hall.sends(CARLA, {"provider_about": "I am in the studio until six."}),
    "a yes taken back": lambda hall: hall.press(CARLA, "undo"),
    "an ask": lambda hall: hall.types(BEN, "ask", need="a tax adviser"),
    "an ask that is posted": lambda hall: hall.press(BEN, "post_ask"),
    "a break": lambda hall: hall.types(ELIF, "intros pause"),
}
"""What people do, one after another."""


async def test_what_discord_delivers_again_changes_nothing_and_shows_nothing_new(hall: Hall) -> None:
    for name, act in ACTS.items():
        first = await act(hall)
        await hall.club.settled()
        before = await snapshot(hall)

        for _ in range(2):
            await hall.people.again(first)
            await hall.club.settled()

        assert await snapshot(hall) == before, name
    assert hall.died() == []
    assert {call.code for call in hall.world.calls if call.status >= 400} == {40060}


async def test_two_sessions_that_both_hear_of_everything_answer_once_and_do_it_once(
    discord_server: DiscordServer, discord_clock: StoryClock, database: str
) -> None:
    key = Fernet.generate_key().decode()
    async with (
        open_hall(discord_server, discord_clock, database, key=key) as hall,
        open_hall(discord_server, discord_clock, database, key=key) as other,
    ):
        await ask_carla(hall)
        await hall.press(CARLA, "yes")
        await other.club.settled()

        for each in (hall, other):
            assert "handled press" in each.club.noted.counted
            assert not each.club.events("discord.failed"), each.club.noted.events
            assert each.died() == []
        assert await hall.club.store.run(_begun) == (1, 0)
        for user in (BEN, CARLA):
            shown = [seen.shown for seen in hall.view.in_view(user)]
            assert len(shown) == len(set(shown))


async def test_a_double_click_changes_nothing_and_says_so_kindly(hall: Hall) -> None:
    question = await ask_ben(hall)

    for verb in ("no", "yes"):
        await hall.press(BEN, verb) if verb == "yes" else await hall.press(BEN, verb, on=question)
        before = await snapshot(hall, but=BEN)
        await hall.press(BEN, verb, on=question)

        assert ALREADY in hall.told()
        assert await snapshot(hall, but=BEN) == before


async def test_two_presses_at_the_same_moment_are_one_answer(hall: Hall) -> None:
    question = await ask_ben(hall)

    both = await asyncio.gather(
        hall.people.press(BEN, question, "Yes, introduce us"), hall.people.press(BEN, question, "Yes, introduce us")
    )
    await hall.club.settled()

    assert [one.error for one in both] == [None, None]
    assert len([seen for seen in hall.view.dm_of(CARLA) if "introduce you" in seen.shown]) == 1


async def test_asking_and_posting_twice_does_it_once(hall: Hall) -> None:
    await meet(hall)
    await draft(hall)
    await hall.press(ANA, "need_yes", "fit_yes")
    (preview, _) = hall.offer(ANA, "ask_them")
    await hall.types(BEN, "ask", need="a tax adviser")
    (mine, _) = hall.offer(BEN, "post_ask")

    for _ in range(2):
        await hall.press(ANA, "ask_them", on=preview)
        await hall.press(BEN, "post_ask", on=mine)

    assert len([seen for seen in hall.view.dm_of(BEN) if "introduce you" in seen.shown]) == 1
    assert len([seen for seen in hall.view.messages(INTRODUCTIONS) if "looking for" in seen.shown]) == 1


async def test_every_button_is_alive_after_a_restart_of_the_bot(
    discord_server: DiscordServer, discord_clock: StoryClock, database: str
) -> None:
    async with open_hall(discord_server, discord_clock, database) as hall:
        await ask_ben(hall)
        key = hall.club.key
    for user, verb in ((BEN, "yes"), (CARLA, "ask_referrer"), (ELIF, "join"), (CARLA, "edit_card"), (CARLA, "yes")):
        async with open_hall(discord_server, discord_clock, database, key=key) as hall:
            await hall.press(user, verb)

            assert hall.answers[-1].kind in {"message", "update", "modal"}
    async with open_hall(discord_server, discord_clock, database, key=key) as hall:
        assert "You said yes" in hall.shown(CARLA)


async def snapshot(hall: Hall, *, but: str = "") -> tuple[object, ...]:
    """Return what is stored, and what everybody sees but one: the log, drafts, asks, and every message."""
    seen = {user: hall.view.in_view(user) for user in EVERYBODY if user != but}
    forms = {user: hall.view.modal_of(user) for user in EVERYBODY}
    return await hall.events(), await hall.club.store.run(_begun), seen, forms


def _begun(tx: Transaction) -> tuple[int, int]:
    """Count the drafts and asks of all who are in the group."""
    (group,) = tx.groups.of_workspace(WORKSPACE)
    known = (tx.members.by_user(WORKSPACE, UserId(user)) for user in EVERYBODY)
    members = [member.id for member in known if member]
    drafts = sum(len(tx.referrals.started_by(group.id, member)) for member in members)
    return drafts, sum(len(tx.asks.of_member(group.id, member)) for member in members)
