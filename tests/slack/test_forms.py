"""Forms that people fill in and send, by both transports, and what an app's answer does to them."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.cast import ANA, CARLA, INTRODUCTIONS, TEAM
from tests.slack.samples import REFER, Ack, a_modal, opened, plain
from tests.slack.server import SlackServer
from tests.slack.state import JSON, CannotError


@pytest.fixture
def submitted(slack: SlackServer, bolt: AsyncApp) -> list[JSON]:
    """What was sent in, to an app that opens a form and takes it."""
    came: list[JSON] = []

    @bolt.command("/refer")
    async def refer(ack: Ack, client: Any, body: JSON) -> None:  # noqa: ANN401 -- Bolt's own
        await client.views_open(trigger_id=body["trigger_id"], view=REFER)
        await ack()

    @bolt.view("refer:r-1")
    async def taken(ack: Ack, body: JSON) -> None:
        came.append(body)
        await ack()

    return came


async def test_what_people_fill_in_arrives_by_the_kind_of_field(slack: SlackServer, submitted: list[JSON]) -> None:
    await slack.people.slash(ANA, INTRODUCTIONS, "/refer")

    await slack.people.submit(
        ANA, {"Who can help?": CARLA, "basis": "Others told me", "also": ("direct", "Others told me")}
    )

    (body,) = submitted
    values = body["view"]["state"]["values"]
    assert values["who"]["who"] == {"type": "users_select", "selected_user": CARLA}
    assert values["need"]["need"] == {"type": "plain_text_input", "value": "A kitchen"}
    assert values["basis"]["basis"]["selected_option"]["value"] == "indirect"
    assert [one["value"] for one in values["also"]["also"]["selected_options"]] == ["direct", "indirect"]
    assert (body["type"], body["view"]["private_metadata"], body["user"]["id"]) == ("view_submission", "kept", ANA)
    assert body["trigger_id"]
    assert slack.world.modals_of(ANA) == ()


@pytest.mark.parametrize(
    "values",
    [
        {"who": CARLA, "need": "x" * 21, "basis": "direct"},
        {"who": CARLA},
        {"who": "U404", "basis": "direct"},
        {"who": CARLA, "basis": "Never heard of it"},
        {"whom": CARLA},
        {"who": CARLA, "need": "", "basis": "direct"},
    ],
)
async def test_the_client_takes_nothing_that_the_form_does_not_allow(
    slack: SlackServer, slack_client: AsyncWebClient, values: dict[str, str]
) -> None:
    await opened(slack, slack_client, REFER)

    with pytest.raises(CannotError):
        await slack.people.submit(ANA, values)


async def answered_with(slack: SlackServer, bolt: AsyncApp, answer: JSON) -> Any:  # noqa: ANN401 -- People's Answered
    """Send a filled modal to an app that answers so."""

    @bolt.view("refer:r-1")
    async def taken(ack: Ack) -> None:
        await ack(answer)

    slack.world.views.open(ANA, TEAM, {**REFER, "blocks": slack.world.numbered(REFER["blocks"])})
    return await slack.people.submit(ANA, {"who": CARLA, "need": "A long story", "basis": "direct"})


async def test_errors_stand_at_their_fields_and_what_was_typed_stays(slack: SlackServer, bolt: AsyncApp) -> None:
    await answered_with(slack, bolt, {"response_action": "errors", "errors": {"who": "Not yourself."}})

    modal = slack.world.modal_of(ANA)
    assert modal.errors == {"who": "Not yourself."}
    assert (modal.field("need").value, modal.field("who").value) == ("A long story", CARLA)


async def test_an_answer_can_put_another_modal_in_place_or_on_top(slack: SlackServer, bolt: AsyncApp) -> None:
    await answered_with(slack, bolt, {"response_action": "push", "view": a_modal(title=plain("On top"))})
    assert [modal.title for modal in slack.world.modals_of(ANA)] == ["Refer two people", "On top"]

    await slack.people.close(ANA)
    assert [modal.title for modal in slack.world.modals_of(ANA)] == ["Refer two people"]


async def test_an_answer_can_replace_the_modal(slack: SlackServer, bolt: AsyncApp) -> None:
    await answered_with(slack, bolt, {"response_action": "update", "view": a_modal(title=plain("Instead"))})

    assert [modal.title for modal in slack.world.modals_of(ANA)] == ["Instead"]


async def test_an_answer_can_close_everything(slack: SlackServer, bolt: AsyncApp) -> None:
    await answered_with(slack, bolt, {"response_action": "clear"})

    assert slack.world.modals_of(ANA) == ()


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"whom": "No such field."}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "dance"},
    ],
)
async def test_an_answer_slack_cannot_use_is_trouble_for_the_person(
    slack: SlackServer, bolt: AsyncApp, answer: JSON
) -> None:
    answered = await answered_with(slack, bolt, answer)

    assert answered.error == "trouble_connecting"
    assert slack.world.take_violations()
    assert slack.world.modal_of(ANA).field("need").value == "A long story"


async def test_an_app_hears_of_a_closed_modal_only_if_it_asked(slack: SlackServer, bolt: AsyncApp) -> None:
    heard: list[str] = []

    @bolt.view_closed("refer:r-1")
    async def closed(ack: Ack, body: JSON) -> None:
        heard.append(body["type"])
        await ack()

    for more in ({}, {"notify_on_close": True}):
        slack.world.views.open(ANA, TEAM, {**a_modal(**more), "blocks": slack.world.numbered(a_modal()["blocks"])})
        await slack.people.close(ANA)

    assert heard == ["view_closed"]


async def test_a_button_in_a_modal_can_push_another(slack: SlackServer, bolt: AsyncApp) -> None:
    @bolt.action("more:r-1")
    async def more(ack: Ack, client: Any, body: JSON) -> None:  # noqa: ANN401 -- Bolt's own
        await client.views_push(trigger_id=body["trigger_id"], view=a_modal(title=plain("More")))
        await ack()

    pressable = {"type": "button", "action_id": "more:r-1", "text": plain("More")}
    blocks = slack.world.numbered([{"type": "actions", "elements": [pressable]}])
    slack.world.views.open(ANA, TEAM, {**a_modal(), "blocks": blocks})

    await slack.people.press_modal(ANA, "More")

    assert [modal.title for modal in slack.world.modals_of(ANA)] == ["Refer two people", "More"]


async def test_a_failed_submission_leaves_the_modal_open(slack: SlackServer, bolt: AsyncApp) -> None:
    slack.people.patience = 0.3

    @bolt.view("refer:r-1")
    async def failed() -> None:
        raise ValueError

    slack.world.views.open(ANA, TEAM, {**a_modal(), "blocks": slack.world.numbered(a_modal()["blocks"])})
    answered = await slack.people.submit(ANA, {"need": "A kitchen"})

    assert answered.error in ("dispatch_failed", "operation_timeout")
    assert slack.world.modal_of(ANA).field("need").value == "A kitchen"
