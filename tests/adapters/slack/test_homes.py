"""The Home tab: published when it is opened, again when something changed, once for many changes, and never owed."""

import asyncio

import pytest

from adapters.background import Background
from adapters.local.clock import StoryClock
from adapters.slack.homes import LATELY, Homes
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.gateway import DeliveryKey, Direct
from bot.ports.inbound import Origin
from bot.ports.messages import Message, Plain, Text
from tests.adapters.slack.test_app import TYPED, begin
from tests.adapters.slack.test_leaving import HELLO, Unkept
from tests.e2e.stories import Noted
from tests.slack.cast import ANA, BEN, CARLA, DAVID, INTRODUCTIONS
from tests.slack.club import WORKSPACE, Club
from tests.slack.faults import error, ratelimited, status


def published(club: Club, user: str = ANA) -> int:
    return len([call for call in club.server.world.called("views.publish") if call.args["user_id"] == user])


async def test_it_is_published_when_it_is_opened(club: Club) -> None:
    await begin(club, ANA)

    answered = await club.server.people.open_home(ANA)
    await club.settled()

    home = club.server.world.home_of(ANA)
    assert answered.status == 200
    assert home is not None
    assert home.buttons


async def test_somebody_the_bot_never_met_is_told_how_to_begin(club: Club) -> None:
    await club.server.people.open_home(BEN)
    await club.settled()

    home = club.server.world.home_of(BEN)
    assert home is not None
    assert "/intros settings" in home.shown


async def test_the_messages_tab_is_not_the_home(club: Club) -> None:
    await club.server.people.open_home(ANA, tab="messages")
    await club.settled()

    assert published(club) == 0


async def test_it_is_published_again_after_what_one_does(club: Club) -> None:
    await begin(club, ANA, BEN, CARLA)
    await club.server.people.open_home(ANA)
    await club.settled()
    before = published(club)

    await club.server.people.slash(ANA, INTRODUCTIONS, "/refer", "@Ben Okafor @Carla Rossi")
    await club.server.people.submit(ANA, TYPED)
    await club.settled()

    assert published(club) > before
    assert published(club, BEN) == 0  # never looked at theirs


async def test_it_is_published_again_after_what_one_is_sent(club: Club) -> None:
    await club.server.people.open_home(BEN)
    await club.settled()

    to = Direct(WORKSPACE, UserId(BEN))
    await club.slack.gateway.deliver(to, HELLO, key=DeliveryKey("one"), progress=Unkept())
    await club.settled()

    assert published(club, BEN) == 2


async def test_a_button_on_it_works_and_what_it_says_comes_as_a_direct_message(club: Club) -> None:
    await begin(club, ANA)
    await club.server.people.open_home(ANA)
    await club.settled()
    home = club.server.world.home_of(ANA)
    assert home is not None
    before, published_before = len(club.server.world.dm_of(ANA)), published(club)

    await club.server.people.press_home(ANA, home.buttons[0].action_id)
    await club.settled()

    assert club.server.world.complaints == []
    assert published(club) > published_before
    assert len(club.server.world.dm_of(ANA)) > before or club.server.world.modals_of(ANA)


async def test_it_is_not_kept_up_to_date_for_those_who_looked_long_ago(club: Club) -> None:
    await begin(club, ANA)
    await club.server.people.open_home(ANA)
    await club.settled()

    club.clock.move_to(club.clock.now() + LATELY)
    await club.server.people.slash(ANA, INTRODUCTIONS, "/intros", "help")
    await club.settled()

    assert published(club) == 1


@pytest.mark.parametrize("fault", [error("internal_error"), status(502), error("token_revoked")])
async def test_a_home_that_cannot_be_published_disturbs_nothing(club: Club, fault: object) -> None:
    club.server.faults.next("views.publish", fault)  # type: ignore[arg-type] # any Fault

    opened = await club.server.people.open_home(DAVID)
    await club.settled()
    answered = await club.server.people.slash(DAVID, INTRODUCTIONS, "/intros", "help")

    assert (opened.status, answered.error) == (200, None)


async def test_a_home_that_slack_puts_off_is_published_when_it_may(club: Club) -> None:
    club.server.faults.next("views.publish", ratelimited(1))

    await club.server.people.open_home(ANA)
    await club.settled()

    assert club.server.world.home_of(ANA) is not None


class Slow:
    """A bot whose pages take until they are let go, and calls that note what was published."""

    def __init__(self) -> None:
        self.pages = 0
        self.published: list[object] = []
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()

    async def home(self, origin: Origin) -> Message:
        self.pages += 1
        self.begun.set()
        page = f"page {self.pages}"
        await self.go_on.wait()
        return Message(page, (Text((Plain(page),)),))

    async def is_admin(self, workspace: WorkspaceId, user: UserId) -> bool:
        return False

    async def make(self, workspace: WorkspaceId, method: str, ask: object) -> dict[str, object]:
        assert callable(ask)
        await ask(self)
        return {}

    async def views_publish(self, *, user_id: str, view: object) -> None:
        self.published.append(view)


async def test_many_changes_at_once_are_published_as_one_and_the_last_page_stays() -> None:
    slow, background, stop = Slow(), Background(Noted()), asyncio.Event()
    parts: dict[str, object] = {"front": slow, "calls": slow, "staff": slow, "background": background}
    homes = Homes(**parts, clock=StoryClock())  # type: ignore[arg-type] # it plays three parts
    person = (WORKSPACE, UserId(ANA))

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(background.run(stop))
        homes.opened(*person)
        await slow.begun.wait()
        for _ in range(100):
            homes.changed(*person)
        slow.go_on.set()
        await background.settled()
        stop.set()

    assert slow.pages == 2
    assert "page 2" in str(slow.published[-1])
