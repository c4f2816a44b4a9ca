"""Modals: opened by a trigger that works once and soon, filled in, sent, answered and closed."""

from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.local.clock import StoryClock
from tests.slack.cast import ANA, BEN, TEAM
from tests.slack.samples import BASES, REFER, a_modal, an_input, opened, options, plain, refusal
from tests.slack.server import SlackServer
from tests.slack.state import JSON


@pytest.fixture
def trigger(slack: SlackServer) -> str:
    return slack.world.grant_trigger(ANA, TEAM)


async def test_a_modal_is_seen_by_the_one_who_asked_for_it(slack: SlackServer, slack_client: AsyncWebClient) -> None:
    await opened(slack, slack_client, REFER)

    modal = slack.world.modal_of(ANA)
    who, need, basis, also = modal.fields
    assert (modal.title, modal.submit, modal.callback_id) == ("Refer two people", "Next", "refer:r-1")
    assert (who.kind, who.value, who.required) == ("users_select", "", True)
    assert (need.label, need.value, need.max_length) == ("What do they need?", "A kitchen", 20)
    assert (basis.options, also.required) == (BASES, False)
    assert slack.world.modals_of(BEN) == ()


async def test_a_trigger_works_once(slack: SlackServer, slack_client: AsyncWebClient, trigger: str) -> None:
    await slack_client.views_open(trigger_id=trigger, view=a_modal())

    again = slack_client.views_open(trigger_id=trigger, view=a_modal())
    assert await refusal(again) == "exchanged_trigger_id"


async def test_a_trigger_works_for_three_seconds(
    slack_client: AsyncWebClient, slack_clock: StoryClock, trigger: str
) -> None:
    slack_clock.move_to(slack_clock.now() + timedelta(seconds=3.1))

    assert await refusal(slack_client.views_open(trigger_id=trigger, view=a_modal())) == "expired_trigger_id"


async def test_a_trigger_that_was_never_given_opens_nothing(slack_client: AsyncWebClient) -> None:
    assert await refusal(slack_client.views_open(trigger_id="1.2.3", view=a_modal())) == "invalid_trigger_id"


WRONG: dict[str, JSON] = {
    "inputs without a submit": {key: value for key, value in a_modal().items() if key != "submit"},
    "a title of 25 characters": a_modal(title=plain("x" * 25)),
    "a close of 25 characters": a_modal(close=plain("x" * 25)),
    "metadata of 3,001 characters": a_modal(private_metadata="x" * 3001),
    "101 blocks": a_modal(*[{"type": "divider"}] * 101),
    "more than 250 kB": a_modal(*[{"type": "section", "text": plain("e" * 3000)}] * 90),
    "a home where a modal belongs": {"type": "home", "blocks": [{"type": "divider"}]},
    "two fields of one name": a_modal(*[an_input("a", "A", {"type": "plain_text_input"})] * 2),
    "a text filled past its end": a_modal(
        an_input("a", "A", {"type": "plain_text_input", "max_length": 2, "initial_value": "abc"})
    ),
    "a choice that is not offered": a_modal(
        an_input("a", "A", {"type": "static_select", "options": options("Others told me"), "initial_option": {
            "text": plain("?"), "value": "?"}})
    ),
    "a choice without options": a_modal(an_input("a", "A", {"type": "static_select", "options": []})),
    "max_length over 3,000": a_modal(an_input("a", "A", {"type": "plain_text_input", "max_length": 3001})),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
async def test_a_view_that_breaks_a_rule_is_refused_and_written_down(
    slack: SlackServer, slack_client: AsyncWebClient, trigger: str, case: str
) -> None:
    assert await refusal(slack_client.views_open(trigger_id=trigger, view=WRONG[case])) == "invalid_arguments"
    assert slack.world.take_violations()
    assert slack.world.modals_of(ANA) == ()


async def test_a_third_modal_is_the_last_that_fits_on_the_others(
    slack: SlackServer, slack_client: AsyncWebClient
) -> None:
    root = await opened(slack, slack_client, a_modal())

    async def push() -> Any:  # noqa: ANN401 -- the client's answer
        trigger = slack.world.grant_trigger(ANA, TEAM, root["id"])
        return await slack_client.views_push(trigger_id=trigger, view=a_modal())

    second = await push()
    await push()

    assert (second["view"]["root_view_id"], second["view"]["previous_view_id"]) == (root["id"], root["id"])
    assert await refusal(push()) == "push_limit_reached"
    assert len(slack.world.modals_of(ANA)) == 3


async def test_nothing_is_pushed_where_nothing_is_open(slack_client: AsyncWebClient, trigger: str) -> None:
    assert await refusal(slack_client.views_push(trigger_id=trigger, view=a_modal())) == "not_found"


async def test_an_update_replaces_a_modal_unless_it_changed_meanwhile(
    slack: SlackServer, slack_client: AsyncWebClient
) -> None:
    first = await opened(slack, slack_client, a_modal(external_id="mine"))
    other = a_modal(external_id="mine", title=plain("Another"))
    second = await slack_client.views_update(view_id=first["id"], hash=first["hash"], view=other)

    stale = slack_client.views_update(external_id="mine", hash=first["hash"], view=a_modal())

    assert await refusal(stale) == "hash_conflict"
    assert slack.world.modal_of(ANA).title == "Another"
    assert second["view"]["hash"] != first["hash"]


async def test_a_modal_that_was_closed_cannot_be_updated(slack: SlackServer, slack_client: AsyncWebClient) -> None:
    view = await opened(slack, slack_client, a_modal())
    await slack.people.close(ANA)

    assert await refusal(slack_client.views_update(view_id=view["id"], view=a_modal())) == "not_found"


async def test_a_home_is_published_over_the_one_before_unless_that_changed(
    slack: SlackServer, slack_client: AsyncWebClient
) -> None:
    def home(text: str) -> JSON:
        return {"type": "home", "blocks": [{"type": "section", "text": plain(text)}]}

    first = (await slack_client.views_publish(user_id=ANA, view=home("One")))["view"]
    second = (await slack_client.views_publish(user_id=ANA, view=home("Two"), hash=first["hash"]))["view"]

    assert second["id"] == first["id"]
    stale = slack_client.views_publish(user_id=ANA, view=home("Three"), hash=first["hash"])
    assert await refusal(stale) == "hash_conflict"
    seen = slack.world.home_of(ANA)
    assert seen is not None
    assert seen.shown == "Two"


async def test_a_home_needs_its_tab_and_somebody_to_look_at_it(
    slack: SlackServer, slack_client: AsyncWebClient
) -> None:
    home = {"type": "home", "blocks": [{"type": "divider"}]}

    assert await refusal(slack_client.views_publish(user_id="U404", view=home)) == "user_not_found"
    slack.world.app.home_tab = False
    assert await refusal(slack_client.views_publish(user_id=ANA, view=home)) == "not_enabled"
