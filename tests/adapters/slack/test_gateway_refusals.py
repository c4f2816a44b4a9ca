"""Deliveries that Slack does not take: what each of its refusals becomes, and what the operator hears of it."""

from datetime import timedelta

import pytest

from bot.domain.ids import ChannelId, UserId
from bot.ports.gateway import DeliveryRefusedError, Direct, InChannel, Receipt, Refusal, Room
from tests.adapters.slack.posting import CHANNEL, PAIR, TO_BEN, Office
from tests.slack.adapting import WORKSPACE
from tests.slack.cast import (
    ANA,
    BEN,
    BOT_TOKEN,
    CARLA,
    FELIX,
    INTRODUCTIONS,
    OTHER_BOT,
    OUTSIDER,
    RANDOM,
    SHUT,
    TEAM,
    VISITOR,
)
from tests.slack.faults import error, status

FIVE_MINUTES = timedelta(minutes=5)


def room_of(*users: str) -> Room:
    return Room(WORKSPACE, ChannelId(INTRODUCTIONS), tuple(map(UserId, users)), "an introduction")


# people who cannot be reached

UNREACHABLE = {
    "somebody deactivated": FELIX,
    "another bot": OTHER_BOT,
    "nobody": "U0NOBODY",
    "somebody of another workspace": OUTSIDER,
}


@pytest.mark.parametrize("user", UNREACHABLE.values(), ids=UNREACHABLE.keys())
async def test_somebody_who_cannot_be_written_to_is_unreachable(office: Office, user: str) -> None:
    assert await office.refused(Direct(WORKSPACE, UserId(user))) is Refusal.UNREACHABLE


@pytest.mark.parametrize("user", UNREACHABLE.values(), ids=UNREACHABLE.keys())
async def test_an_introduction_with_somebody_who_cannot_be_written_to_is_called_off(office: Office, user: str) -> None:
    assert await office.refused(room_of(BEN, user)) is Refusal.UNREACHABLE
    assert office.count("chat.postMessage") == 0


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("user_disabled", Refusal.UNREACHABLE),
        ("user_not_visible", Refusal.UNREACHABLE),
        ("invalid_user_combination", Refusal.UNREACHABLE),
        ("restricted_action", Refusal.FORBIDDEN),
    ],
)
async def test_each_error_of_opening_a_room_has_its_meaning(office: Office, name: str, reason: Refusal) -> None:
    office.slack.world.user(CARLA).opens_with = name

    assert await office.refused(PAIR) is reason


async def test_a_room_for_too_many_people_is_refused_for_good(office: Office) -> None:
    for number in range(9):
        office.slack.world.add_user(f"U{number}", f"Person {number}")

    assert await office.refused(room_of(*(f"U{number}" for number in range(9)))) is Refusal.INVALID


async def test_a_guest_who_may_be_in_no_group_message_is_said_to_the_operator(office: Office) -> None:
    assert await office.refused(room_of(BEN, VISITOR)) is Refusal.FORBIDDEN


@pytest.mark.parametrize("name", ["channel_not_found", "is_archived"])
async def test_a_conversation_just_opened_that_is_not_there_is_a_person_out_of_reach(office: Office, name: str) -> None:
    office.slack.faults.next("chat.postMessage", error(name))

    assert await office.refused(TO_BEN) is Refusal.UNREACHABLE


async def test_a_remembered_conversation_that_is_gone_is_opened_again(office: Office) -> None:
    await office.deliver(key="notice/1")
    office.slack.faults.next("chat.postMessage", error("channel_not_found"))

    delayed = await office.delayed(TO_BEN, key="notice/2")
    await office.deliver(key="notice/2")

    assert (delayed.wait, delayed.lost_answer) == (None, False)
    assert office.count("conversations.open") == 2


# channels


@pytest.mark.parametrize(
    ("channel", "reason"),
    [("C0NOWHERE", Refusal.NO_CHANNEL), (SHUT, Refusal.NO_CHANNEL), (RANDOM, Refusal.FORBIDDEN)],
    ids=["none of that id", "archived", "the bot is not in it"],
)
async def test_a_channel_that_takes_no_post_is_refused_with_its_reason(
    office: Office, channel: str, reason: Refusal
) -> None:
    assert await office.refused(InChannel(WORKSPACE, ChannelId(channel))) is reason


@pytest.mark.parametrize("name", ["message_not_found", "cant_update_message", "edit_window_closed", "is_inactive"])
async def test_a_message_that_can_be_edited_no_more_is_gone(office: Office, name: str) -> None:
    receipt = await office.deliver()
    office.slack.faults.next("chat.update", error(name))

    with pytest.raises(DeliveryRefusedError) as refused:
        await office.edit(receipt)

    assert refused.value.reason is Refusal.GONE


async def test_another_persons_message_is_not_ours_to_edit(office: Office) -> None:
    written = office.slack.people.write(ANA, INTRODUCTIONS, "Hello.")

    with pytest.raises(DeliveryRefusedError) as refused:
        await office.edit(Receipt(WORKSPACE, INTRODUCTIONS, written.ts))

    assert refused.value.reason is Refusal.GONE


# what the operator has to see to


async def test_a_messages_tab_that_is_off_is_for_the_operator(office: Office) -> None:
    office.slack.world.app.messages_tab = False

    assert await office.refused(TO_BEN) is Refusal.FORBIDDEN
    assert office.errors() == ["messages_tab_disabled"]


@pytest.mark.parametrize("missing", ["chat:write", "im:write"])
async def test_a_missing_scope_is_for_the_operator(office: Office, missing: str) -> None:
    app = office.slack.world.app
    office.slack.world.set_scopes(BOT_TOKEN, [scope for scope in app.scopes if scope != missing])

    assert await office.refused(TO_BEN) is Refusal.FORBIDDEN
    assert office.errors() == ["missing_scope"]


async def test_a_revoked_token_stops_the_workspace_until_it_adds_the_bot_again(office: Office) -> None:
    office.slack.world.revoke(BOT_TOKEN)
    delayed = await office.delayed()
    office.tokens.tokens[WORKSPACE] = office.slack.world.install(TEAM)

    await office.deliver()

    assert (delayed.wait, delayed.whole_workspace, delayed.lost_answer) == (FIVE_MINUTES, True, False)
    assert office.tokens.dropped == [WORKSPACE]
    assert office.posts() == 1


async def test_a_closed_account_stops_the_workspace(office: Office) -> None:
    office.slack.world.close_account(TEAM)

    delayed = await office.delayed(CHANNEL)

    assert (delayed.wait, delayed.whole_workspace) == (FIVE_MINUTES, True)
    assert office.errors() == ["account_inactive"]


async def test_where_the_bot_was_removed_nothing_is_sent_and_what_is_owed_waits(office: Office) -> None:
    del office.tokens.tokens[WORKSPACE]

    delayed = await office.delayed()

    assert (delayed.wait, delayed.whole_workspace) == (FIVE_MINUTES, True)
    assert office.slack.world.calls == []


async def test_failures_are_told_by_method_and_slacks_own_name_and_nothing_else(office: Office) -> None:
    office.slack.faults.next("chat.postMessage", error("Nonsense: Ben, somebody asks for you."))
    await office.delayed(CHANNEL)
    office.slack.faults.next("chat.postMessage", status(502))
    await office.delayed(CHANNEL)

    facts = {"workspace": WORKSPACE, "method": "chat.postMessage"}
    assert [event for event in office.noted.events if event[0] == "slack.call_failed"] == [
        ("slack.call_failed", {**facts, "error": "status_200"}),
        ("slack.call_failed", {**facts, "error": "status_502"}),
    ]
