"""chat.*, through Slack's own client: who may be written to, where, and what they then see."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.cast import (
    ANA,
    BEN,
    BOARD,
    BOT_TOKEN,
    BOT_USER,
    CARLA,
    FELIX,
    INTRODUCTIONS,
    OTHER_BOT,
    OUTSIDER,
    RANDOM,
    SHUT,
    SLACKBOT,
    STRANGER,
)
from tests.slack.samples import refusal
from tests.slack.server import SlackServer

HELLO = [{"type": "section", "text": {"type": "plain_text", "text": "Hello, <@U0BEN>"}}]


async def test_a_message_to_a_channel_is_seen_by_its_members_only(
    slack: SlackServer, slack_client: AsyncWebClient
) -> None:
    posted = await slack_client.chat_postMessage(channel=INTRODUCTIONS, text="Hello", blocks=HELLO)

    (seen,) = slack.world.in_view(ANA)
    assert (seen.ts, seen.channel, seen.place) == (posted["ts"], INTRODUCTIONS, "channel")
    assert (seen.text, seen.shown, seen.author) == ("Hello", "Hello, <@U0BEN>", BOT_USER)
    assert slack.world.in_view(FELIX) == ()


async def test_a_message_to_a_person_opens_their_conversation_with_the_app(
    slack: SlackServer, slack_client: AsyncWebClient
) -> None:
    first = await slack_client.chat_postMessage(channel=BEN, text="One")
    second = await slack_client.chat_postMessage(channel=first["channel"], text="Two")

    assert first["channel"] == second["channel"]
    assert [(seen.text, seen.place) for seen in slack.world.dm_of(BEN)] == [("One", "dm"), ("Two", "dm")]
    assert slack.world.in_view(CARLA) == ()


@pytest.mark.parametrize(
    ("where", "error"),
    [
        (RANDOM, "not_in_channel"),
        (BOARD, "channel_not_found"),
        (SHUT, "is_archived"),
        ("C404", "channel_not_found"),
        ("U404", "user_not_found"),
        (FELIX, "user_disabled"),
        (OTHER_BOT, "cannot_dm_bot"),
        (SLACKBOT, "cannot_dm_bot"),
        (OUTSIDER, "user_not_visible"),
    ],
)
async def test_a_place_the_bot_cannot_write_to_has_its_own_error(
    slack_client: AsyncWebClient, where: str, error: str
) -> None:
    assert await refusal(slack_client.chat_postMessage(channel=where, text="Hello")) == error


async def test_a_stranger_who_shares_a_channel_can_be_written_to(
    slack: SlackServer, slack_client: AsyncWebClient
) -> None:
    await slack_client.chat_postMessage(channel=STRANGER, text="Hello")

    assert [seen.text for seen in slack.world.dm_of(STRANGER)] == ["Hello"]


async def test_without_a_messages_tab_nobody_can_be_written_to(
    slack: SlackServer, slack_client: AsyncWebClient
) -> None:
    opened = await slack_client.conversations_open(users=BEN)
    slack.world.app.messages_tab = False

    assert await refusal(slack_client.chat_postMessage(channel=BEN, text="Hello")) == "messages_tab_disabled"
    to_dm = slack_client.chat_postMessage(channel=opened["channel"]["id"], text="Hello")
    assert await refusal(to_dm) == "messages_tab_disabled"


async def test_a_person_who_closed_their_conversation_answers_as_the_test_says(
    slack: SlackServer, slack_client: AsyncWebClient
) -> None:
    slack.world.user(BEN).dm_closed = "restricted_action"

    assert await refusal(slack_client.chat_postMessage(channel=BEN, text="Hello")) == "restricted_action"


async def test_an_update_takes_the_place_of_a_message_and_keeps_blocks_it_does_not_name(
    slack: SlackServer, slack_client: AsyncWebClient
) -> None:
    posted = await slack_client.chat_postMessage(channel=BEN, text="Before", blocks=HELLO)

    await slack_client.chat_update(channel=posted["channel"], ts=posted["ts"], text="After")

    (seen,) = slack.world.dm_of(BEN)
    assert (seen.text, seen.shown, seen.edited) == ("After", "Hello, <@U0BEN>", True)


async def test_what_is_gone_or_not_ours_cannot_be_changed(slack: SlackServer, slack_client: AsyncWebClient) -> None:
    theirs = slack.people.write(ANA, INTRODUCTIONS, "Mine")
    gone = await slack_client.chat_postMessage(channel=INTRODUCTIONS, text="Ours")
    await slack_client.chat_delete(channel=INTRODUCTIONS, ts=gone["ts"])

    changed = [
        await refusal(slack_client.chat_update(channel=INTRODUCTIONS, ts=ts, text="x"))
        for ts in (theirs.ts, gone["ts"])
    ]

    assert changed == ["cant_update_message", "message_not_found"]
    assert await refusal(slack_client.chat_delete(channel=INTRODUCTIONS, ts=theirs.ts)) == "cant_delete_message"
    assert [seen.text for seen in slack.world.messages(INTRODUCTIONS)] == ["Mine"]


async def test_an_ephemeral_message_is_seen_by_one_person_who_must_be_there(
    slack: SlackServer, slack_client: AsyncWebClient
) -> None:
    await slack_client.chat_postEphemeral(channel=INTRODUCTIONS, user=ANA, text="Only you")

    assert [(seen.text, seen.ephemeral) for seen in slack.world.in_view(ANA)] == [("Only you", True)]
    assert slack.world.in_view(BEN) == ()
    away = slack_client.chat_postEphemeral(channel=INTRODUCTIONS, user=FELIX, text="Gone")
    assert await refusal(away) == "user_not_in_channel"


async def test_an_ephemeral_message_cannot_be_updated(slack: SlackServer, slack_client: AsyncWebClient) -> None:
    shown = await slack_client.chat_postEphemeral(channel=INTRODUCTIONS, user=ANA, text="Only you")

    changed = slack_client.chat_update(channel=INTRODUCTIONS, ts=shown["message_ts"], text="x")
    assert await refusal(changed) == "message_not_found"


BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "51 blocks": ({"text": "x", "blocks": HELLO * 51}, "invalid_blocks"),
    "blocks without a text": ({"blocks": HELLO}, "invalid_blocks"),
    "an unknown block": ({"text": "x", "blocks": [{"type": "poem"}]}, "invalid_blocks"),
    "an image that was never uploaded": (
        {"text": "x", "blocks": [{"type": "image", "slack_file": {"id": "F404"}, "alt_text": "A chart"}]},
        "invalid_blocks",
    ),
    "a text over 40,000 characters": ({"text": "x" * 40_001}, "msg_too_long"),
    "an argument nobody knows": ({"text": "x", "colour": "red"}, "invalid_arguments"),
}


@pytest.mark.parametrize("case", BROKEN)
async def test_a_message_that_breaks_a_rule_is_refused_and_written_down(
    slack: SlackServer, slack_client: AsyncWebClient, case: str
) -> None:
    sent, error = BROKEN[case]

    assert await refusal(slack_client.api_call("chat.postMessage", json={"channel": BEN, **sent})) == error
    assert slack.world.take_violations()
    assert slack.world.in_view(BEN) == ()


async def test_an_update_takes_4000_characters_of_text(slack: SlackServer, slack_client: AsyncWebClient) -> None:
    posted = await slack_client.chat_postMessage(channel=BEN, text="Before")

    changed = slack_client.chat_update(channel=posted["channel"], ts=posted["ts"], text="x" * 4001)
    assert await refusal(changed) == "msg_too_long"
    assert slack.world.take_violations()


async def test_a_form_with_json_inside_is_read_like_a_json_body(
    slack: SlackServer, slack_client: AsyncWebClient
) -> None:
    form = {"channel": BEN, "text": "Hello", "blocks": '[{"type": "divider"}]', "token": BOT_TOKEN}

    await slack_client.api_call("chat.postMessage", data=form)

    assert [seen.blocks[0]["type"] for seen in slack.world.dm_of(BEN)] == ["divider"]
