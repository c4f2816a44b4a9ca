"""What a delivery that is refused for good leads to, for each kind of it."""

from datetime import timedelta

import pytest

from adapters.local.gateway import Refuse
from bot.domain.ids import ChannelId, ReferralId
from bot.domain.local_time import iso_week
from bot.ports.gateway import Refusal
from bot.ports.inbound import Press, Slash
from bot.ports.rows import DeadLetter
from tests.app.club import ANA, BEN, CARLA, DAVID, Club
from tests.app.test_by_message import origin
from tests.factories import an_event

CLOSED = (Refusal.NO_CHANNEL, Refusal.FORBIDDEN)
PLATFORMS = (Refusal.UNREACHABLE, Refusal.GONE, Refusal.NO_CHANNEL, Refusal.FORBIDDEN, Refusal.INVALID)
NEED = "somebody who can cost a kitchen"
MINUTES = timedelta(minutes=5)


async def letters(club: Club) -> list[DeadLetter]:
    return list(await club.bot.store.run(lambda tx: tx.outbox.dead_letters()))


async def post_an_ask(club: Club, *refusals: Refusal) -> None:
    await club.table.types(BEN, f"/ask {NEED}")
    for reason in refusals:
        club.gateway.fail_next(Refuse(reason))
    await club.scenes.press(BEN, "post_ask")


@pytest.mark.parametrize("reason", CLOSED)
async def test_an_ask_the_channel_does_not_take_is_told_to_its_owner_and_can_be_tried_again(
    club: Club, reason: Refusal
) -> None:
    others = club.seen(CARLA)
    await post_an_ask(club, reason)
    told = club.last(BEN)

    club.gateway.fail_next(Refuse(reason))
    await club.scenes.press(BEN, "post_ask_again")
    told_again = club.seen(BEN).count("could not post")
    await club.scenes.press(BEN, "post_ask_again")

    assert "Try again" in told
    assert told_again == 2
    assert NEED not in others
    assert NEED in club.seen(CARLA)
    assert "could not post" not in club.seen(CARLA)
    assert not await letters(club)


async def test_an_ask_refused_for_another_reason_is_left_to_the_operator(club: Club) -> None:
    await post_an_ask(club, Refusal.INVALID)

    assert "Try again" not in club.seen(BEN)
    assert [letter.reason for letter in await letters(club)] == ["invalid"]


async def test_trying_again_is_the_owners_alone_and_says_what_there_is(club: Club) -> None:
    await post_an_ask(club, Refusal.NO_CHANNEL)
    offer = club.table.offer(BEN, "post_ask_again").button

    refused = await club.bot.handle(Press(origin(club, CARLA, by_message=False), offer.verb, offer.ref))
    await club.scenes.press(BEN, "post_ask_again")
    done = await club.bot.handle(Press(origin(club, BEN, by_message=False), offer.verb, offer.ref))
    await club.bot.handle(Press(origin(club, BEN, by_message=False), "close_ask", offer.ref))
    closed = await club.bot.handle(Press(origin(club, BEN, by_message=False), offer.verb, offer.ref))

    assert refused.message
    assert "somebody else" in refused.message.summary
    assert done.message
    assert done.message.summary == "Done."
    assert closed.message
    assert "closed" in closed.message.summary


async def test_a_first_post_the_channel_does_not_take_is_told_to_who_started_the_group(club: Club) -> None:
    elsewhere = ChannelId("elsewhere")
    await club.says(Slash(origin(club, DAVID, channel=elsewhere, by_message=False), "intros", "settings"))
    told = club.last(DAVID)
    offer = club.table.offer(DAVID, "welcome_again").button

    await club.says(Press(origin(club, DAVID, by_message=False), offer.verb, offer.ref))
    others = await club.bot.handle(Press(origin(club, BEN, by_message=False), offer.verb, offer.ref))

    assert "could not say hello" in told
    assert club.seen(DAVID).count("could not say hello") == 2
    assert others.message
    assert "organisers" in others.message.summary


@pytest.mark.parametrize("reason", PLATFORMS)
async def test_an_introduction_that_is_refused_closes_like_a_silence_whatever_the_reason(
    club: Club, reason: Refusal
) -> None:
    await club.scenes.draft()
    await club.scenes.improve()
    await club.scenes.press(ANA, "ask_them")
    await club.scenes.press(BEN, "yes")
    await club.scenes.press(CARLA, "yes")
    before = {user: club.seen(user) for user in (ANA, BEN, CARLA)}
    club.gateway.fail_next(Refuse(reason))

    await club.table.wait(MINUTES)
    soon = {user: club.seen(user) for user in before}
    await club.table.wait(timedelta(days=10))

    assert soon == before
    assert not club.table.room.rooms
    for user in (BEN, CARLA):
        assert "did not come about" in club.seen(user)
    assert "closed without an introduction" in club.seen(ANA)
    assert [letter.reason for letter in await letters(club)] == [reason]
    assert ("delivery.dead", reason) in [(name, facts.get("reason")) for name, facts in club.telemetry.events]


@pytest.mark.parametrize("reason", PLATFORMS)
async def test_a_question_that_is_refused_ends_like_a_silence(club: Club, reason: Refusal) -> None:
    await club.scenes.draft()
    await club.scenes.improve()
    club.gateway.fail_next(Refuse(reason), to=BEN)
    await club.scenes.press(ANA, "ask_them")
    before = {user: club.seen(user) for user in (BEN, CARLA)}

    await club.table.wait(timedelta(days=10))

    assert {user: club.seen(user) for user in before} == before
    assert "closed without an introduction" in club.seen(ANA)


async def test_a_message_that_was_removed_needs_no_change_and_makes_no_noise(club: Club) -> None:
    await post_an_ask(club)
    club.gateway.fail_next(Refuse(Refusal.GONE))

    await club.table.types(BEN, "/intros mine")
    await club.scenes.press(BEN, "close_ask")

    assert not await letters(club)
    assert not any(name == "delivery.dead" for name, _ in club.telemetry.events)


async def test_a_week_the_channel_does_not_take_is_told_to_who_started_the_group_and_the_next_one_is_tried(
    club: Club,
) -> None:
    (group,) = await club.bot.store.run(lambda tx: tx.groups.all())

    async def a_week_passes() -> None:
        now = club.table.clock.now()
        event = an_event(group=group.id, referral=ReferralId(f"r-{now}"))
        await club.bot.store.run(lambda tx: tx.records.append([event], now, iso_week(now, "UTC")))
        await club.table.wait(timedelta(days=7))

    club.gateway.fail_next(Refuse(Refusal.NO_CHANNEL))
    await a_week_passes()
    told, dead = club.last(DAVID), await letters(club)
    await club.scenes.press(DAVID, "welcome_again")
    posted = club.seen(ANA).count("The week in introductions")
    await a_week_passes()

    assert "last week" in told
    assert [letter.key for letter in dead] == [
        f"tally/{group.id}/{iso_week(club.table.clock.now() - timedelta(days=14), 'UTC')}"
    ]
    assert posted
    assert not await letters(club)
