"""What people do reaches a real Bolt app by both transports, and its answers come back to them."""

import asyncio
import re
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from tests.slack.cast import ANA, BEN, CARLA, FELIX, INTRODUCTIONS, RANDOM, SHUT, STRANGER, TEAM
from tests.slack.samples import Ack, a_message, button
from tests.slack.server import SlackServer
from tests.slack.state import JSON, CannotError, Complaint


@pytest.fixture
def arrived(bolt: AsyncApp) -> list[JSON]:
    """What came to the app, which acknowledges everything and does nothing."""
    came: list[JSON] = []

    async def take(ack: Ack, body: JSON) -> None:
        came.append(body)
        await ack()

    for kind in (bolt.command, bolt.action, bolt.shortcut, bolt.view, bolt.event):
        kind(re.compile(".*"))(take)
    return came


async def test_a_command_arrives_with_people_links_and_everything_else_escaped(
    slack: SlackServer, arrived: list[JSON]
) -> None:
    typed = "@Ben Okafor @Carla Rossi <!channel> & https://example.com/a?b=1 about a kitchen"

    answered = await slack.people.slash(ANA, INTRODUCTIONS, "/refer", typed)

    (body,) = arrived
    assert body["text"] == (
        "<@U0BEN|ben> <@U0CARLA|carla> &lt;!channel&gt; &amp; <https://example.com/a?b=1> about a kitchen"
    )
    assert (body["command"], body["user_id"], body["team_id"]) == ("/refer", ANA, TEAM)
    assert (body["channel_id"], body["channel_name"]) == (INTRODUCTIONS, "introductions")
    assert answered.error is None


async def test_a_command_in_the_conversation_with_the_app_says_so(slack: SlackServer, arrived: list[JSON]) -> None:
    await slack.people.slash(ANA, None, "/intros", "mine")

    assert (arrived[0]["channel_id"], arrived[0]["channel_name"]) == ("D0ANA", "directmessage")


async def test_a_reply_in_the_acknowledgement_is_shown_to_the_one_who_typed(slack: SlackServer, bolt: AsyncApp) -> None:
    @bolt.command("/refer")
    async def refer(ack: Ack) -> None:
        await ack(**a_message("Here is your draft", button("Ask them", "ask:r-1")))

    await slack.people.slash(ANA, INTRODUCTIONS, "/refer")

    (seen,) = slack.world.in_view(ANA)
    assert (seen.text, seen.ephemeral, seen.labels) == ("Here is your draft", True, ("Ask them",))
    assert slack.world.in_view(BEN) == ()


async def test_a_reply_for_the_channel_is_seen_by_everybody(slack: SlackServer, bolt: AsyncApp) -> None:
    @bolt.command("/ask")
    async def ask(ack: Ack) -> None:
        await ack(text="Ana looks for a joiner", response_type="in_channel")

    await slack.people.slash(ANA, INTRODUCTIONS, "/ask")

    assert [seen.text for seen in slack.world.in_view(BEN)] == ["Ana looks for a joiner"]


async def test_a_reply_that_breaks_a_rule_is_an_error_to_the_person(slack: SlackServer, bolt: AsyncApp) -> None:
    @bolt.command("/refer")
    async def refer(ack: Ack) -> None:
        await ack(text="x", blocks=[{"type": "poem"}])

    answered = await slack.people.slash(ANA, INTRODUCTIONS, "/refer")

    assert answered.error == "invalid_command_response"
    assert slack.world.take_violations()


async def test_a_command_that_fails_is_an_error_to_the_person(
    slack: SlackServer, bolt: AsyncApp, slack_transport: str
) -> None:
    @bolt.command("/refer")
    async def refer() -> None:
        raise ValueError

    slack.people.patience = 10.0 if slack_transport == "http" else 0.3

    answered = await slack.people.slash(ANA, INTRODUCTIONS, "/refer")

    error = {"http": "dispatch_failed", "socket": "operation_timeout"}[slack_transport]
    assert answered.error == error
    assert slack.world.complaints == [Complaint(ANA, error, "/refer")]


async def test_a_button_arrives_with_its_message_and_its_place(slack: SlackServer, arrived: list[JSON]) -> None:
    posted = slack.world.post(slack.world.direct(BEN).id, "U0TWOYES", a_message("Well?", button("Yes", "yes:q-1", "v")))

    await slack.people.press(BEN, slack.world.dm_of(BEN)[0], "Yes")

    (body,) = arrived
    assert (body["type"], body["user"]["id"], body["team"]["id"]) == ("block_actions", BEN, TEAM)
    assert body["channel"] == {"id": "D0BEN", "name": "directmessage"}
    assert body["container"]["message_ts"] == body["message"]["ts"] == posted.ts
    (action,) = body["actions"]
    assert (action["action_id"], action["block_id"], action["value"]) == ("yes:q-1", "row", "v")


async def test_a_button_on_an_ephemeral_message_arrives_without_the_message(
    slack: SlackServer, arrived: list[JSON]
) -> None:
    slack.world.post(INTRODUCTIONS, "U0TWOYES", a_message("Well?", button("Yes", "yes:q-1")), only_for=BEN)

    await slack.people.press(BEN, slack.world.in_view(BEN)[0], "yes:q-1")

    assert arrived[0]["container"]["is_ephemeral"]
    assert "message" not in arrived[0]


async def test_a_button_can_be_pressed_that_has_changed_since_it_was_looked_at(
    slack: SlackServer, arrived: list[JSON]
) -> None:
    post = slack.world.post(slack.world.direct(BEN).id, "U0TWOYES", a_message("Well?", button("Yes", "yes:q-1")))
    (before,) = slack.world.dm_of(BEN)
    slack.world.change(post, a_message("Over.", button("Undo", "undo:q-1")))

    await slack.people.press(BEN, before, "Yes")

    assert arrived[0]["actions"][0]["action_id"] == "yes:q-1"
    assert arrived[0]["message"]["text"] == "Over."


async def test_a_picked_message_arrives_with_its_author_and_text(slack: SlackServer, arrived: list[JSON]) -> None:
    message = slack.people.write(BEN, INTRODUCTIONS, "I need somebody for <stairs> & shelves, @Ana Duarte")

    await slack.people.pick_message(ANA, message, "refer_from_message")

    (body,) = arrived
    assert (body["type"], body["callback_id"]) == ("message_action", "refer_from_message")
    assert body["message"]["user"] == BEN
    assert body["message"]["text"] == "I need somebody for &lt;stairs&gt; &amp; shelves, <@U0ANA>"


async def test_a_global_shortcut_has_no_channel_and_no_response_url(slack: SlackServer, arrived: list[JSON]) -> None:
    await slack.people.global_shortcut(ANA, "ask_new")

    assert arrived[0]["type"] == "shortcut"
    assert not {"channel", "response_url"} & set(arrived[0])


async def test_the_home_tab_can_be_opened_and_pressed(slack: SlackServer, bolt: AsyncApp) -> None:
    pressed: list[JSON] = []

    @bolt.event("app_home_opened")
    async def opened(event: JSON, client: Any) -> None:  # noqa: ANN401 -- Bolt's own
        home = {"type": "home", "blocks": a_message("Waiting for you: 1", button("Pause", "pause:me"))["blocks"]}
        await client.views_publish(user_id=event["user"], view=home)

    @bolt.action("pause:me")
    async def pause(ack: Ack, body: JSON) -> None:
        pressed.append(body)
        await ack()

    await slack.people.open_home(ANA)
    await slack.people.press_home(ANA, "Pause")

    home = slack.world.home_of(ANA)
    assert home is not None
    assert (home.shown, home.labels, home.place) == ("Waiting for you: 1", ("Pause",), "home")
    assert (pressed[0]["container"]["type"], pressed[0]["view"]["type"]) == ("view", "home")
    assert slack.world.home_of(BEN) is None


async def test_events_tell_which_installation_they_are_for(slack: SlackServer, arrived: list[JSON]) -> None:
    await slack.people.open_home(ANA, "messages")
    await slack.people.user_changed(FELIX, name="Felix B.")

    opened, changed = arrived
    assert (opened["event"]["tab"], opened["event"]["channel"]) == ("messages", "D0ANA")
    assert opened["authorizations"][0]["user_id"] == "U0TWOYES"
    assert (changed["event"]["user"]["deleted"], changed["event"]["user"]["profile"]["real_name"]) == (True, "Felix B.")
    assert opened["event_id"] != changed["event_id"]


async def test_an_app_that_is_removed_loses_its_tokens_before_it_hears_of_it(
    slack: SlackServer, arrived: list[JSON]
) -> None:
    await slack.people.open_home(ANA)  # Bolt asks once who it is

    await slack.people.uninstall(order=("app_uninstalled", "tokens_revoked"))

    assert [body["event"]["type"] for body in arrived[1:]] == ["app_uninstalled", "tokens_revoked"]
    assert arrived[2]["event"]["tokens"] == {"oauth": [], "bot": ["U0TWOYES"]}
    assert all("authorizations" not in body for body in arrived[1:])
    assert slack.world.tokens["xoxb-T1-1"].revoked


async def test_an_event_that_is_not_taken_comes_again_three_times_at_most(
    slack: SlackServer, bolt: AsyncApp, slack_transport: str
) -> None:
    came: list[Any] = []

    @bolt.event("app_home_opened")
    async def opened(request: Any, body: JSON) -> None:  # noqa: ANN401 -- Bolt's own
        came.append((body["event_id"], request.headers.get("x-slack-retry-num")))
        raise ValueError

    slack.people.patience = 10.0 if slack_transport == "http" else 0.3

    await slack.people.open_home(ANA)
    for _ in range(4):
        await slack.people.retry_events()

    assert len({event for event, _ in came}) == 1
    assert [retry for _, retry in came] == [*_first(slack_transport), ["1"], ["2"], ["3"]]
    assert slack.world.complaints == []


def _first(transport: str) -> list[Any]:
    return [None] if transport == "http" else [["0"]]


async def test_an_event_that_was_taken_can_come_once_more_all_the_same(slack: SlackServer, arrived: list[JSON]) -> None:
    answered = await slack.people.open_home(ANA)

    await slack.people.again(answered)

    assert [body["event_id"] for body in arrived] == [arrived[0]["event_id"]] * 2
    assert await slack.people.retry_events() == []


async def test_an_answer_that_comes_too_late_is_a_time_out(slack: SlackServer, bolt: AsyncApp) -> None:
    go_on = asyncio.Event()

    @bolt.command("/refer")
    async def refer(ack: Ack) -> None:
        await go_on.wait()
        await ack()

    slack.people.patience = 0.1

    answered = await slack.people.slash(ANA, INTRODUCTIONS, "/refer")
    go_on.set()

    assert answered.error == "operation_timeout"


async def test_people_cannot_do_what_slack_would_not_offer_them(slack: SlackServer) -> None:
    slack.world.post(INTRODUCTIONS, "U0TWOYES", a_message("Well?", button("Yes", "yes:q-1")), only_for=BEN)
    (only_bens,) = slack.world.in_view(BEN)

    for attempt in (
        slack.people.slash(STRANGER, INTRODUCTIONS, "/refer"),
        slack.people.slash(BEN, SHUT, "/refer"),
        slack.people.slash("U0GUEST", RANDOM, "/refer"),
        slack.people.press(CARLA, only_bens, "Yes"),
        slack.people.press(BEN, only_bens, "No"),
        slack.people.pick_message(BEN, only_bens, "refer_from_message"),
        slack.people.press_home(BEN, "Pause"),
        slack.people.submit(BEN),
        slack.people.close(BEN),
    ):
        with pytest.raises(CannotError):
            await attempt
