"""Redelivery and double clicks: whatever comes twice changes nothing, and is answered kindly."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from adapters.local.clock import StoryClock
from adapters.local.scenes import DRAFT
from adapters.slack.ids import REFER_FROM_MESSAGE
from bot.domain.ids import UserId
from bot.ports.store import Transaction
from tests.e2e.slack.beginnings import ask_ben, ask_carla, begin, draft, meet
from tests.e2e.slack.town import Town, open_town
from tests.slack.cast import ANA, BEN, CARLA, DAVID, INTRODUCTIONS
from tests.slack.club import WORKSPACE
from tests.slack.people import Answered
from tests.slack.server import SlackServer
from tests.slack.state import CannotError

Act = Callable[[Town], Awaitable[Answered]]
Snapshot = tuple[object, ...]


@pytest.fixture(params=["http", "socket"])
async def town(
    request: pytest.FixtureRequest, slack: SlackServer, slack_clock: StoryClock, database: str
) -> AsyncIterator[Town]:
    async with open_town(slack, slack_clock, database, request.param) as opened:
        yield opened
    assert slack.world.complaints == []


async def _open_form(town: Town) -> Answered:
    await begin(town, ANA)
    return await town.types(ANA, "/refer", "@Ben Okafor")


async def _settings(town: Town) -> Answered:
    return await town.types(DAVID, "/intros", "settings")


async def _join(town: Town) -> Answered:
    await begin(town)
    return await town.press(ANA, "Join")


async def _send_draft(town: Town) -> Answered:
    await meet(town)
    await town.types(ANA, "/refer", "@Ben Okafor @Carla Rossi")
    return await town.sends(ANA, DRAFT)


async def _tick(town: Town) -> Answered:
    await meet(town)
    await draft(town)
    return await town.press(ANA, "need_yes")


async def _ask_them(town: Town) -> Answered:
    await ask_ben(town)
    return town.answers[-1]


async def _yes(town: Town) -> Answered:
    await ask_ben(town)
    return await town.press(BEN, "yes")


async def _second_yes(town: Town) -> Answered:
    await ask_carla(town)
    return await town.press(CARLA, "yes")


async def _yes_but(town: Town) -> Answered:
    await ask_ben(town)
    await town.press(BEN, "yes_but")
    return await town.sends(BEN, {"seeker_about": "I am in the studio until six."})


async def _no(town: Town) -> Answered:
    await ask_ben(town)
    return await town.press(BEN, "no")


async def _ask(town: Town) -> Answered:
    await begin(town, BEN)
    return await town.types(BEN, "/ask", "a tax adviser")


async def _post_ask(town: Town) -> Answered:
    await _ask(town)
    return await town.press(BEN, "post_ask")


ONCE: dict[str, Act] = {
    "a command that opens a form": _open_form,
    "a command that starts a group": _settings,
    "a button in the channel": _join,
    "a form that is stored": _send_draft,
    "a button of a draft": _tick,
    "the start of the asking": _ask_them,
    "a yes": _yes,
    "the second yes": _second_yes,
    "a yes with a form": _yes_but,
    "a no": _no,
    "a command that writes an ask": _ask,
    "an ask that is posted": _post_ask,
}


async def snapshot(town: Town) -> Snapshot:
    """Return what is stored, and what everybody can see together: log, drafts, asks, rooms, the channel."""
    events = await town.events()
    rooms = tuple(room.members for room in town.world.group_dms)
    channel = tuple((seen.shown, seen.labels) for seen in town.world.messages(INTRODUCTIONS))
    return events, rooms, channel, await town.club.store.run(_begun)


def _begun(tx: Transaction) -> tuple[int, int]:
    """Count the drafts and asks of all who are in the group."""
    (group,) = tx.groups.of_workspace(WORKSPACE)
    known = (tx.members.by_user(WORKSPACE, UserId(user)) for user in (ANA, BEN, CARLA, DAVID))
    members = [member.id for member in known if member]
    drafts = sum(len(tx.referrals.started_by(group.id, member)) for member in members)
    return drafts, sum(len(tx.asks.of_member(group.id, member)) for member in members)


def private(town: Town, *, but: str) -> Snapshot:
    """Return what stands in everybody's conversation with the bot, except for one person's."""
    everybody = (ANA, BEN, CARLA, DAVID)
    return tuple((seen.shown, seen.labels) for user in everybody if user != but for seen in town.world.dm_of(user))


def _told(town: Town, user: str) -> set[str]:
    """Return all the different things somebody is told; the first answer may stand there twice."""
    return {seen.shown for seen in town.world.in_view(user)}


@pytest.mark.parametrize("name", list(ONCE))
async def test_what_slack_delivers_again_changes_nothing_and_is_answered_as_before(town: Town, name: str) -> None:
    first = await ONCE[name](town)
    before, others, told = await snapshot(town), private(town, but=first.user), _told(town, first.user)

    for _ in range(2):
        again = await town.after(await town.people.again(first))
        assert (again.status, again.error) == (200, None)
        assert _told(town, first.user) == told

    assert await snapshot(town) == before
    assert private(town, but=first.user) == others
    assert [what for what in town.club.noted.counted if what.startswith("died")] == []


@pytest.mark.parametrize(
    ("begins", "who", "verb", "answer"),
    [
        (ask_ben, BEN, "yes", "That is your answer already. Nothing was changed."),
        (ask_ben, BEN, "no", "That is your answer already. Nothing was changed."),
        (ask_ben, BEN, "not_now", "That is your answer already. Nothing was changed."),
        (ask_carla, CARLA, "yes", "That is your answer already. Nothing was changed."),
    ],
)
async def test_a_double_click_changes_nothing_and_says_so_kindly(
    town: Town, begins: Callable[[Town], Awaitable[object]], who: str, verb: str, answer: str
) -> None:
    await begins(town)
    (question, _) = town.offer(who, verb)
    await town.press(who, verb, on=question)
    before, others = await snapshot(town), private(town, but=who)

    await town.press(who, verb, on=question)

    assert answer in town.last(who).shown
    assert await snapshot(town) == before
    assert private(town, but=who) == others


async def test_joining_twice_is_answered_and_greeted_once(town: Town) -> None:
    await begin(town)

    await town.press(ANA, "Join")
    await town.press(ANA, "Join")

    assert "You are in already." in town.last(ANA).shown or "You are in already." in town.shown(ANA)
    assert len(town.world.dm_of(ANA)) == 1


async def test_an_ask_that_is_posted_twice_stands_once(town: Town) -> None:
    await begin(town, BEN)
    await town.types(BEN, "/ask", "a tax adviser")
    (preview, _) = town.offer(BEN, "post_ask")

    await town.press(BEN, "post_ask", on=preview)
    await town.press(BEN, "post_ask", on=preview)

    assert len([s for s in town.world.messages(INTRODUCTIONS) if "looking for" in s.shown]) == 1


async def test_asking_twice_asks_once(town: Town) -> None:
    await meet(town)
    await draft(town)
    await town.press(ANA, "need_yes", "fit_yes")
    (preview, _) = town.offer(ANA, "ask_them")

    await town.press(ANA, "ask_them", on=preview)
    await town.press(ANA, "ask_them", on=preview)

    assert len([seen for seen in town.world.dm_of(BEN) if "introduce you" in seen.shown]) == 1


async def test_shortcuts_and_picked_messages_may_come_twice(town: Town) -> None:
    await begin(town, ANA)
    message = town.people.write(BEN, INTRODUCTIONS, "Who knows an accountant?")
    for act in (
        town.people.global_shortcut(ANA, "refer_new"),
        town.people.pick_message(ANA, message, REFER_FROM_MESSAGE),
    ):
        before = await town.events()
        again = await town.after(await town.people.again(await town.after(await act)))

        assert again.error is None
        assert await town.events() == before
        assert len(town.world.modals_of(ANA)) <= 2


async def test_events_may_come_twice_and_with_retry_headers(town: Town) -> None:
    await begin(town, ANA)
    opened = await town.after(await town.people.open_home(ANA))
    changed = await town.after(await town.people.user_changed(BEN, tz="Asia/Tokyo"))
    before = await town.events()

    for one in (opened, changed):
        again = await town.after(await town.people.again(one))
        assert again.request.retry == 1
        assert again.status == 200

    assert await town.events() == before
    assert "Yours, and for you alone." in town.home(ANA).shown


async def test_a_form_that_was_sent_is_gone_for_its_owner(town: Town) -> None:
    await _send_draft(town)

    with pytest.raises(CannotError, match="no modal open"):
        await town.sends(ANA, DRAFT)
