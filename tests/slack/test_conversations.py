"""conversations.* and users.info, through Slack's own client."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.cast import (
    ANA,
    BEN,
    BOT_TOKEN,
    BOT_USER,
    CARLA,
    DAVID,
    ELIF,
    FELIX,
    GUEST,
    INTRODUCTIONS,
    OTHER_BOT,
    OUTSIDER,
    SCOPES,
    SLACKBOT,
    STRANGER,
    VISITOR,
)
from tests.slack.samples import refusal
from tests.slack.server import SlackServer


async def test_the_same_people_meet_in_the_same_place_in_any_order(
    slack: SlackServer, slack_client: AsyncWebClient
) -> None:
    first = await slack_client.conversations_open(users=[BEN, CARLA])
    again = await slack_client.conversations_open(users=[CARLA, BEN])
    other = await slack_client.conversations_open(users=[BEN, CARLA, ANA])

    assert first["channel"]["id"] == again["channel"]["id"]
    assert first["channel"]["id"] != other["channel"]["id"]
    assert [channel.members for channel in slack.world.group_dms] == [
        {BEN, CARLA, BOT_USER},
        {BEN, CARLA, ANA, BOT_USER},
    ]


async def test_what_is_said_in_a_group_message_is_seen_by_those_in_it(
    slack: SlackServer, slack_client: AsyncWebClient
) -> None:
    opened = await slack_client.conversations_open(users=[BEN, CARLA])
    await slack_client.chat_postMessage(channel=opened["channel"]["id"], text="You should meet")

    assert [seen.place for seen in slack.world.in_view(BEN)] == ["group"]
    assert slack.world.in_view(ANA) == ()


async def test_a_conversation_is_told_in_full_when_it_is_asked_for(slack_client: AsyncWebClient) -> None:
    opened = await slack_client.conversations_open(users=[BEN, CARLA], return_im=True)

    assert opened["channel"]["is_mpim"]
    assert opened["channel"]["name"] == "mpdm-ben--carla--twoyes-1"


@pytest.mark.parametrize(
    ("users", "error"),
    [
        ([], "users_list_not_supplied"),
        ([BOT_USER], "not_enough_users"),
        ([f"U{n}" for n in range(9)], "too_many_users"),
        ([BEN, FELIX], "user_disabled"),
        ([BEN, "U404"], "user_not_found"),
        ([BEN, OTHER_BOT], "cannot_dm_bot"),
        ([SLACKBOT], "cannot_dm_bot"),
        ([BEN, OUTSIDER], "user_not_visible"),
        ([BEN, VISITOR], "restricted_action"),
    ],
)
async def test_people_who_cannot_be_brought_together_have_their_own_error(
    slack_client: AsyncWebClient, users: list[str], error: str
) -> None:
    assert await refusal(slack_client.conversations_open(users=users)) == error


async def test_an_error_can_be_set_for_one_person(slack: SlackServer, slack_client: AsyncWebClient) -> None:
    slack.world.user(CARLA).opens_with = "user_not_visible"

    assert await refusal(slack_client.conversations_open(users=[BEN, CARLA])) == "user_not_visible"


async def test_guests_and_strangers_of_shared_channels_can_be_met(
    slack: SlackServer, slack_client: AsyncWebClient
) -> None:
    await slack_client.conversations_open(users=[BEN, GUEST, STRANGER])

    assert len(slack.world.group_dms) == 1


async def test_eight_people_beside_the_bot_are_the_most(slack: SlackServer, slack_client: AsyncWebClient) -> None:
    eight = [ANA, BEN, CARLA, DAVID, ELIF, GUEST, STRANGER, slack.world.add_user("U0MORE", "More").id]

    await slack_client.conversations_open(users=eight)

    assert len(slack.world.group_dms[0].members) == len(eight) + 1


@pytest.mark.parametrize(
    ("users", "lost", "needed"), [([BEN], "im:write", "im:write"), ([BEN, CARLA], "mpim:write", "mpim:write")]
)
async def test_direct_and_group_messages_need_a_scope_each(
    slack: SlackServer, slack_client: AsyncWebClient, users: list[str], lost: str, needed: str
) -> None:
    slack.world.set_scopes(BOT_TOKEN, [scope for scope in SCOPES if scope != lost])

    answered = slack_client.conversations_open(users=users)

    assert await refusal(answered) == "missing_scope"
    assert slack.world.calls[-1].error == "missing_scope"


async def test_channels_cannot_be_looked_at_without_the_scope(slack: SlackServer, slack_client: AsyncWebClient) -> None:
    assert await refusal(slack_client.conversations_info(channel=INTRODUCTIONS)) == "missing_scope"

    slack.world.set_scopes(BOT_TOKEN, [*SCOPES, "channels:read"])
    found = await slack_client.conversations_info(channel=INTRODUCTIONS)

    assert found["channel"]["name"] == "introductions"


async def test_a_person_is_told_with_zone_flags_and_locale(slack_client: AsyncWebClient) -> None:
    user = (await slack_client.users_info(user=ELIF, include_locale=True))["user"]

    assert (user["real_name"], user["tz"], user["locale"]) == ("Elif Şahin", "Europe/Berlin", "de-DE")
    assert [flag for flag, value in user.items() if value is True] == []


async def test_the_kinds_of_people_are_told_apart(slack_client: AsyncWebClient) -> None:
    async def flags(user: str) -> set[str]:
        found = (await slack_client.users_info(user=user, include_locale=True))["user"]
        return {name for name, value in found.items() if value is True}

    assert await flags(DAVID) == {"is_admin"}
    assert await flags(GUEST) == {"is_restricted"}
    assert await flags(VISITOR) == {"is_restricted", "is_ultra_restricted"}
    assert await flags(FELIX) == {"deleted"}
    assert await flags(OTHER_BOT) == {"is_bot"}
    assert await flags(BOT_USER) == {"is_bot", "is_app_user"}
    assert await flags(SLACKBOT) == set()
    assert await flags(STRANGER) == {"is_stranger"}


async def test_less_is_known_of_strangers_and_of_those_who_left(slack_client: AsyncWebClient) -> None:
    stranger = (await slack_client.users_info(user=STRANGER, include_locale=True))["user"]
    left = (await slack_client.users_info(user=FELIX, include_locale=True))["user"]

    assert "locale" not in stranger
    assert not {"locale", "tz", "is_admin"} & set(left)


async def test_nobody_is_found_under_an_unknown_id(slack_client: AsyncWebClient) -> None:
    assert await refusal(slack_client.users_info(user="U404")) == "user_not_found"
