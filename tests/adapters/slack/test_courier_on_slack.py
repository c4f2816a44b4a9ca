"""The real courier, on a real store, before a Slack that fails: what is owed arrives, and nobody waits for another."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.local.clock import CountedIds
from adapters.slack.gateway import SlackGateway
from bot.app import owed
from bot.app.courier import Courier, Terms
from bot.app.wording.cast import Operator
from bot.domain import effects as e
from bot.domain.ids import ChannelId, MemberId, ReferralId, UserId
from bot.domain.referral import Status
from bot.ports.rows import Intent
from bot.ports.store import Transaction
from storage.runner import open_runner
from storage.store import SqlStore
from storage.vault import Vault
from tests.adapters.slack.posting import Office
from tests.factories import GROUP, LONG_AGO, a_group, a_member, an_agreed_referral, an_intent
from tests.slack.adapting import WORKSPACE
from tests.slack.cast import ANA, BEN, BOT_TOKEN, CARLA, DAVID, FELIX, INTRODUCTIONS, TEAM
from tests.slack.faults import drop, error, ratelimited, status

TERMS = Terms(tries=4, lease=timedelta(seconds=15))
REFERRAL = ReferralId("r-1")
TWICE = "If this is here twice"


class Desk:
    """A courier with a store and a Slack around it."""

    def __init__(self, office: Office, store: SqlStore) -> None:
        self.office = office
        self.store = store
        self.courier = Courier(
            store=store,
            gateways={"slack": SlackGateway(office.calls, limits=lambda _: ())},
            clock=office.clock,
            ids=CountedIds("c"),
            telemetry=office.noted,
            operator=Operator("the operator", ""),
            jitter=lambda: 0.5,
            terms=TERMS,
        )

    async def queue(self, *intents: Intent) -> None:
        now = self.office.clock.now()
        await self.store.run(lambda tx: tx.outbox.add([replace(intent, due=now) for intent in intents], now))

    async def deliver(self) -> None:
        while await self.courier.deliver_due():
            pass

    async def after(self, seconds: float) -> None:
        """Let time pass, and deliver what is due then."""
        self.office.pass_time(timedelta(seconds=seconds))
        await self.deliver()

    async def open_and_dead(self) -> tuple[int, int]:
        depth = await self.store.run(lambda tx: tx.outbox.depth(self.office.clock.now()))
        return depth.open, depth.dead

    def posts_to(self, user: str) -> int:
        return len(self.office.slack.world.dm_of(user))


@pytest.fixture
async def desk(office: Office, migrated_sqlite: str, vault: Vault) -> AsyncIterator[Desk]:
    store = SqlStore(open_runner(migrated_sqlite), vault)
    await store.run(_move_in)
    office.clock.move_to(an_agreed_referral().posting_at or office.clock.now())
    yield Desk(office, store)
    await store.close()


def _move_in(tx: Transaction) -> None:
    david = a_member(id=key_of(DAVID), workspace=WORKSPACE, user=UserId(DAVID), joined={})
    tx.members.add(david)
    group = a_group(workspace=WORKSPACE, channel=ChannelId(INTRODUCTIONS), started_by=david.id)
    tx.groups.add(group)
    tx.members.save(tx.members.get(david.id).joining(GROUP, LONG_AGO))
    for user in (ANA, BEN, CARLA, FELIX):
        tx.members.add(a_member(id=key_of(user), workspace=WORKSPACE, user=UserId(user)))


def key_of(user: str) -> MemberId:
    return MemberId(f"m-{user}")


def hello(name: str, to: str = BEN) -> Intent:
    """Return a notice owed to somebody, in a lane of its own."""
    effect = e.Notify(key_of(to), e.Notice.HELLO, group=GROUP, occasion=name)
    facts = {"effect": effect, "workspace": WORKSPACE, "destination": f"m-{to}", "lane": f"{name}/{to}"}
    return an_intent(f"notice/{name}", **facts)


async def agreed(desk: Desk, provider: str = CARLA) -> None:
    """Let Ben and somebody agree to be introduced, now."""
    parties = {"starter": key_of(ANA), "seeker": key_of(BEN), "provider": key_of(provider)}
    referral = an_agreed_referral(id=REFERRAL, **parties)
    assert referral.posting_at is not None
    effect = e.PostIntroduction(REFERRAL, 1, referral.posting_at)

    def work(tx: Transaction) -> None:
        tx.referrals.add(referral)
        owed.queue(tx, [effect], tx.groups.get(GROUP), desk.office.clock.now())

    await desk.store.run(work)


# 429


async def test_a_storm_of_429_for_one_person_leaves_the_others_alone(desk: Desk) -> None:
    desk.office.slack.faults.next("chat.postMessage", ratelimited(30), times=99, user=BEN)
    await desk.queue(hello("stuck"), hello("stuck too"), *(hello(f"free {user}", user) for user in (ANA, CARLA, DAVID)))

    await desk.deliver()
    for _ in range(10):
        await desk.after(2.9)
    tries_at_29 = _calls_for(desk, BEN)

    assert [desk.posts_to(user) for user in (ANA, BEN, CARLA, DAVID)] == [1, 0, 1, 1]
    assert tries_at_29 <= 2
    desk.office.slack.faults.pending.clear()
    await desk.after(1.1)
    await desk.after(0)
    assert (desk.posts_to(BEN), await desk.open_and_dead()) == (2, (0, 0))


def _calls_for(desk: Desk, user: str) -> int:
    channel = desk.office.slack.world.direct(user).id
    return sum(call.args["channel"] == channel for call in desk.office.slack.world.called("chat.postMessage"))


async def test_waiting_for_slack_is_no_failed_try(desk: Desk) -> None:
    desk.office.slack.faults.next("chat.postMessage", ratelimited(30), times=TERMS.tries + 3)
    await desk.queue(hello("patient"))

    await desk.deliver()
    for _ in range(TERMS.tries + 3):
        await desk.after(30)

    assert (desk.posts_to(BEN), await desk.open_and_dead()) == (1, (0, 0))


# broken calls


async def test_what_fails_is_tried_again_until_it_stands_once(desk: Desk) -> None:
    for fault in (status(500), drop(), error("internal_error")):
        desk.office.slack.faults.next("chat.postMessage", fault)
    await desk.queue(hello("stubborn"))

    await desk.deliver()
    for _ in range(3):
        await desk.after(60)

    assert (desk.posts_to(BEN), await desk.open_and_dead()) == (1, (0, 0))


async def test_an_introduction_whose_answer_was_lost_is_posted_once_more_in_words_that_survive_it(desk: Desk) -> None:
    desk.office.slack.faults.next("chat.postMessage", drop(after=True))
    await agreed(desk)

    await desk.deliver()
    await desk.after(60)

    (room,) = desk.office.slack.world.group_dms
    first, second = desk.office.slack.world.messages(room.id)
    assert (TWICE in first.shown, TWICE in second.shown) == (False, True)
    opened = [call.args["users"] for call in desk.office.slack.world.called("conversations.open")]
    assert opened.count(f"{BEN},{CARLA}") == 1


async def test_an_introduction_that_was_certainly_not_posted_says_nothing_of_a_repeat(desk: Desk) -> None:
    desk.office.slack.faults.next("conversations.open", drop(after=True))
    desk.office.slack.faults.next("chat.postMessage", ratelimited(5))
    await agreed(desk)

    await desk.deliver()
    await desk.after(60)
    await desk.after(60)

    (room,) = desk.office.slack.world.group_dms
    (only,) = desk.office.slack.world.messages(room.id)
    assert TWICE not in only.shown


# refusals


async def test_an_introduction_with_somebody_who_is_gone_is_called_off(desk: Desk) -> None:
    await agreed(desk, provider=FELIX)

    await desk.deliver()

    referral = await desk.store.run(lambda tx: tx.referrals.get(REFERRAL))
    assert referral.status is not Status.POSTING
    assert desk.office.slack.world.group_dms == ()


async def test_a_message_for_somebody_who_is_gone_bothers_no_one_else(desk: Desk) -> None:
    await desk.queue(hello("in vain", FELIX), hello("fine", CARLA))

    await desk.deliver()

    assert desk.posts_to(CARLA) == 1
    assert (await desk.open_and_dead())[0] == 0


async def test_a_workspace_that_revoked_the_token_gets_everything_after_it_adds_the_bot_again(desk: Desk) -> None:
    desk.office.slack.world.revoke(BOT_TOKEN)
    await desk.queue(hello("one"), hello("two", CARLA))
    await desk.deliver()
    for _ in range(TERMS.tries + 3):
        await desk.after(300)
    waiting = await desk.open_and_dead()
    desk.office.tokens.tokens[WORKSPACE] = desk.office.slack.world.install(TEAM)

    await desk.after(300)

    assert waiting == (2, 0)
    assert [desk.posts_to(user) for user in (BEN, CARLA)] == [1, 1]
    assert await desk.open_and_dead() == (0, 0)
