"""The printed manifest is one that Slack takes, and asks for no more than the bot needs."""

import json

import pytest

from adapters.slack.app import EVENTS
from adapters.slack.ids import REFER_FROM_MESSAGE, SHORTCUTS
from adapters.slack.installing import SCOPES
from adapters.slack.manifest import Wanted, manifest
from adapters.slack.wiring import COMMANDS
from tests.e2e.commands import Operator
from tests.oracles import oracle

URL = "https://bot.example.org"
OPERATORS = ("", "Ada Lovelace, ada@example.org", "ö" * 5_000, "<script>\n& a `quote`")


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("url", ["", URL])
def test_it_is_of_the_published_shape(url: str, operator: str) -> None:
    made = manifest(Wanted(COMMANDS, operator, url))

    assert oracle("slack_manifest_check").check(made) == []


def test_it_asks_for_six_scopes_of_a_bot_and_for_nothing_of_a_persons() -> None:
    scopes = manifest(Wanted(COMMANDS))["oauth_config"]["scopes"]

    assert scopes == {"bot": ["commands", "chat:write", "im:write", "mpim:write", "users:read", "files:write"]}
    assert tuple(scopes["bot"]) == SCOPES


def test_by_socket_mode_no_address_stands_in_it() -> None:
    made = manifest(Wanted(COMMANDS))

    assert "url" not in json.dumps(made)
    assert made["settings"]["socket_mode_enabled"] is True


def test_over_http_everything_leads_to_one_address() -> None:
    made = manifest(Wanted(COMMANDS, "", URL))

    settings = made["settings"]
    leads_to = {settings["event_subscriptions"]["request_url"], settings["interactivity"]["request_url"]}
    assert leads_to | {each["url"] for each in made["features"]["slash_commands"]} == {f"{URL}/slack/events"}
    assert made["oauth_config"]["redirect_urls"] == [f"{URL}/slack/oauth_redirect"]


def test_what_it_announces_is_what_the_bot_understands() -> None:
    made = manifest(Wanted({**COMMANDS, "refer": "/introduce"}))

    shortcuts = {(each["type"], each["callback_id"]) for each in made["features"]["shortcuts"]}
    assert [each["command"] for each in made["features"]["slash_commands"]] == ["/introduce", "/ask", "/intros"]
    assert ("message", REFER_FROM_MESSAGE) in shortcuts
    assert {callback for kind, callback in shortcuts if kind == "global"} <= set(SHORTCUTS)
    assert set(made["settings"]["event_subscriptions"]["bot_events"]) == set(EVENTS)


def test_the_command_line_prints_it(operator: Operator) -> None:
    named = operator.setting(TWOYES_OPERATOR_NAME="Ada", TWOYES_SLACK_COMMAND_ASK="wanted")

    by_socket = named.does("manifest", "slack", "--socket-mode")
    over_http = named.does("manifest", "slack", "--url", f"{URL}/")

    assert (by_socket.code, over_http.code) == (0, 0)
    assert json.loads(by_socket.out) == manifest(Wanted({**COMMANDS, "ask": "/wanted"}, "Ada"))
    assert json.loads(over_http.out) == manifest(Wanted({**COMMANDS, "ask": "/wanted"}, "Ada", URL))


@pytest.mark.parametrize("words", [(), ("--url", "http://bot.example.org"), ("--url", URL, "--socket-mode")])
def test_the_command_line_asks_how_slack_reaches_the_bot(operator: Operator, words: tuple[str, ...]) -> None:
    ended = operator.does("manifest", "slack", *words)

    assert ended.code == 1
    assert "--socket-mode" in ended.sentence


@pytest.fixture
def operator(tmp_path: object) -> Operator:
    """Somebody with an empty directory."""
    return Operator(tmp_path)  # type: ignore[arg-type] # pytest's path is one
