"""Deliveries to one person and to a channel: where they go, how often they are tried, and that each stands once."""

from datetime import timedelta

import pytest

from adapters.discord import gateway
from adapters.discord.rights import SEEN_FOR
from adapters.local.clock import StoryClock
from bot.domain.ids import ChannelId, UserId
from bot.ports.gateway import DeliveryRefusedError, Direct, InChannel, Refusal, Room
from bot.ports.messages import Button, Buttons, File, Mention, Plain, Text
from tests.adapters.discord.delivering import CHANNEL, OPEN, PAIR, POST, TO_BEN, Office, an_office
from tests.contract.gateways import Steps
from tests.discord.adapting import WORKSPACE
from tests.discord.cast import BEN, BOARD, CARLA, GUILD, INTRODUCTIONS, OTHER_GUILD, SHY, STRANGER
from tests.discord.faults import Fault, drop, garbage, hang, status
from tests.discord.server import DiscordServer

LONG = tuple(Text((Plain(f"{number}: " + "many words " * 150),)) for number in range(4))
"""More than one message holds."""


def a_person(user: str) -> Direct:
    return Direct(WORKSPACE, UserId(user))


def text(words: str) -> Text:
    return Text((Plain(words),))


# where things go


async def test_a_persons_conversation_is_opened_once_and_then_remembered(office: Office) -> None:
    await office.deliver(key="notice/1")
    await office.deliver(key="notice/2")

    assert (office.count(OPEN), len(office.dm_of(BEN))) == (1, 2)


async def test_a_conversation_in_which_somebody_acted_need_not_be_opened(office: Office) -> None:
    office.gateway.met(UserId(BEN), office.server.world.direct(BEN).id)

    await office.deliver()

    assert (office.count(OPEN), len(office.dm_of(BEN))) == (0, 1)


async def test_a_button_in_a_direct_message_says_which_server_it_is_about_also_after_an_edit(office: Office) -> None:
    row = Buttons((Button("Yes", "yes", "r.1"),))
    direct = await office.deliver(TO_BEN, text("Shall I?"), row, key="prompt/1")
    before = office.dm_of(BEN)[0].buttons
    await office.edit(direct, text("Really?"), row)
    await office.deliver(CHANNEL, text("Who can help?"), row, key="post/1")

    (posted,) = office.server.view.messages(INTRODUCTIONS)
    shown = (before, office.dm_of(BEN)[0].buttons, posted.buttons)
    assert [buttons[0].custom_id for buttons in shown] == [f"yes:r.1@{GUILD}", f"yes:r.1@{GUILD}", "yes:r.1"]


async def test_who_is_mentioned_is_notified_only_where_nobody_but_the_reader_is(office: Office) -> None:
    about_carla = Text((Plain("Do you know "), Mention(UserId(CARLA))))

    await office.deliver(CHANNEL, about_carla, key="post/1")
    await office.deliver(TO_BEN, about_carla, key="prompt/1")

    (posted,) = office.server.view.messages(INTRODUCTIONS)
    (asked,) = office.server.world.called(POST)[1:]
    assert posted.pings == frozenset()
    assert isinstance(asked.body, dict)
    assert asked.body["allowed_mentions"] == {"parse": [], "users": [CARLA]}


async def test_files_go_along_with_their_message(office: Office) -> None:
    await office.deliver(TO_BEN, text("Here is everything."), File("export.json", '{"words": "all"}'))

    (seen,) = office.dm_of(BEN)
    (attached,) = office.server.world.messages[seen.id].attachments
    assert (attached.name, attached.content) == ("export.json", b'{"words": "all"}')


# once


async def test_a_message_that_was_sent_by_a_process_that_died_is_the_same_message_for_the_next(office: Office) -> None:
    first = await office.deliver(key="prompt/r/1")

    again = await office.another().deliver(key="prompt/r/1")

    assert again == first
    assert (office.posts(), office.count(POST)) == (1, 2)


async def test_a_nonce_is_short_and_belongs_to_one_key(office: Office) -> None:
    await office.deliver(key="prompt/r/1")
    await office.another().deliver(key="prompt/r/1")
    await office.deliver(key="prompt/r/2")

    bodies = [call.body for call in office.server.world.called(POST) if isinstance(call.body, dict)]
    nonces = [str(body["nonce"]) for body in bodies]
    assert all(body["enforce_nonce"] is True for body in bodies)
    assert nonces[0] == nonces[1] != nonces[2]
    assert all(len(nonce) == 25 for nonce in nonces)


@pytest.mark.parametrize("fault", [drop(after=True), garbage(after=True)], ids=["lost", "garbled"])
async def test_a_lost_answer_is_said_to_be_one_and_the_next_try_finds_the_message(office: Office, fault: Fault) -> None:
    office.server.faults.next(POST, fault)
    delayed = await office.delayed()
    before = office.posts()

    await office.deliver()

    assert (delayed.lost_answer, delayed.wait) == (True, None)
    assert (before, office.posts()) == (1, 1)


async def test_a_call_that_hangs_is_given_up_before_its_lease_and_may_have_been_made(
    discord_server: DiscordServer, discord_clock: StoryClock
) -> None:
    discord_server.faults.next(POST, hang(after=True))
    async with an_office(discord_server, discord_clock, within=0.2) as office:
        delayed = await office.delayed()

        discord_server.faults.release()
        await office.deliver()

        assert (delayed.lost_answer, office.posts()) == (True, 1)


@pytest.mark.parametrize("code", [500, 502, 503, 504, 524])
async def test_a_broken_server_is_asked_again_by_the_courier_and_not_from_here(office: Office, code: int) -> None:
    office.server.faults.next(POST, status(code))

    delayed = await office.delayed()

    assert (delayed.lost_answer, delayed.wait) == (True, None)
    assert office.count(POST) == 1
    assert office.errors() == [f"status_{code}"]


async def test_a_conversation_that_could_not_be_opened_is_no_lost_answer(office: Office) -> None:
    office.server.faults.next(OPEN, drop(after=True))

    delayed = await office.delayed()

    assert not delayed.lost_answer


# pages


async def test_what_one_message_does_not_hold_is_continued_and_none_of_it_stands_twice(office: Office) -> None:
    steps = Steps()
    await office.deliver(TO_BEN, *LONG, key="answer/1", steps=steps)
    first = [seen.id for seen in office.dm_of(BEN)]

    again = await office.another().deliver(TO_BEN, *LONG, key="answer/1", steps=Steps(steps.kept))

    assert len(first) == 2
    assert again.message.split("+") == first
    assert office.count(POST) == 2


async def test_pages_that_were_sent_before_a_fault_are_not_sent_again(office: Office) -> None:
    steps = Steps()
    office.server.rates.allow(POST, most=1, per=60)
    await office.delayed(TO_BEN, *LONG, key="answer/1", steps=steps)
    office.pass_time(timedelta(minutes=30))

    await office.another().deliver(TO_BEN, *LONG, key="answer/1", steps=steps)

    assert len(office.dm_of(BEN)) == 2


async def test_an_edit_takes_the_place_of_all_pages(office: Office) -> None:
    receipt = await office.deliver(TO_BEN, *LONG, key="prompt/1")

    edited = await office.edit(receipt, text("It is settled."))

    (seen,) = office.dm_of(BEN)
    assert (seen.shown, seen.id) == ("It is settled.", edited.message)


async def test_an_edit_may_be_longer_than_what_it_replaces(office: Office) -> None:
    receipt = await office.deliver(TO_BEN, text("Short."), key="prompt/1")

    edited = await office.edit(receipt, *LONG)

    assert [seen.id for seen in office.dm_of(BEN)] == edited.message.split("+")
    assert len(office.dm_of(BEN)) == 2


# refusals


async def test_somebody_whose_messages_are_closed_is_unreachable(office: Office) -> None:
    assert await office.refused(a_person(SHY)) is Refusal.UNREACHABLE
    assert office.errors() == ["code_50007"]


async def test_somebody_who_is_not_in_the_server_is_not_written_to(office: Office) -> None:
    assert await office.refused(a_person(STRANGER)) is Refusal.UNREACHABLE
    assert (office.errors(), office.count(OPEN)) == (["code_10007"], 0)


async def test_somebody_who_left_for_another_server_of_the_bot_is_noticed_within_minutes(office: Office) -> None:
    office.server.world.add_member(OTHER_GUILD, office.server.world.bot)
    office.server.world.add_member(OTHER_GUILD, BEN)
    await office.deliver(key="notice/1")
    office.server.servers.leaves(BEN, GUILD)
    office.pass_time(SEEN_FOR)

    assert await office.refused(key="notice/2") is Refusal.UNREACHABLE
    assert office.posts() == 1


async def test_somebody_with_whom_no_server_is_shared_any_more_is_unreachable(office: Office) -> None:
    await office.deliver(key="notice/1")
    office.server.servers.leaves(BEN, GUILD)

    assert await office.refused(key="notice/2") is Refusal.UNREACHABLE
    assert office.errors() == ["code_50278"]


@pytest.mark.parametrize("to", [TO_BEN, PAIR], ids=["a person", "a pair"])
async def test_what_comes_before_a_post_leaves_time_for_it_and_is_no_lost_answer(
    office: Office, monkeypatch: pytest.MonkeyPatch, to: Direct | Room
) -> None:
    monkeypatch.setattr(gateway, "PREPARED_WITHIN", 0.1)
    office.server.faults.next("GET /guilds/{guild_id}/members/{user_id}", hang(), user_id=BEN)

    delayed = await office.delayed(to)

    assert (delayed.wait, delayed.lost_answer) == (None, False)


async def test_a_channel_the_bot_cannot_see_is_forbidden_and_one_that_is_deleted_is_none(office: Office) -> None:
    assert await office.refused(InChannel(WORKSPACE, ChannelId(BOARD))) is Refusal.FORBIDDEN

    office.server.servers.delete_channel(INTRODUCTIONS)

    assert await office.refused(CHANNEL) is Refusal.NO_CHANNEL


async def test_an_edit_of_a_message_that_was_deleted_is_refused_as_gone(office: Office) -> None:
    receipt = await office.deliver()
    del office.server.world.messages[receipt.message]

    with pytest.raises(DeliveryRefusedError) as refused:
        await office.edit(receipt)

    assert refused.value.reason is Refusal.GONE


async def test_a_conversation_that_is_another_by_now_is_opened_again(office: Office) -> None:
    await office.deliver(key="notice/1")
    del office.server.world.channels[office.server.world.direct(BEN).id]

    delayed = await office.delayed(key="notice/2")
    await office.deliver(key="notice/2")

    assert delayed.wait is None
    assert office.count(OPEN) == 2


async def test_a_code_nobody_knew_is_taken_by_its_status(office: Office) -> None:
    office.server.faults.next(POST, Fault((403, {"message": "New", "code": 987654}, {})))

    assert await office.refused() is Refusal.FORBIDDEN
    assert office.errors() == ["code_987654"]
