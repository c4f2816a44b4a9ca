"""`twoyes doctor` says in one line each what is missing for Slack, with wrong, partial and right settings."""

import re
from collections.abc import AsyncIterator, Mapping

import pytest

from tests.e2e.commands import Ended, Operator
from tests.e2e.slack_processes import BY_SOCKET, OVER_HTTP, TOLD, a_slack, does
from tests.slack.cast import APP_TOKEN, BOT_TOKEN
from tests.slack.faults import Fault, error, status
from tests.slack.server import SlackServer
from tests.slack.state import Token

NOWHERE = {"TWOYES_SLACK_API_URL": "http://127.0.0.1:9/api/"}


@pytest.fixture
async def server() -> AsyncIterator[SlackServer]:
    async with a_slack() as slack:
        yield slack


async def examined(operator: Operator, server: SlackServer, sets: Mapping[str, str]) -> tuple[int, list[str]]:
    """Return the exit code, and what is said of Slack."""
    ended = await does(operator.setting(TWOYES_SLACK_API_URL=server.api_url, **sets), "doctor")
    return ended.code, lines_about("slack", ended)


def lines_about(what: str, ended: Ended) -> list[str]:
    for secret in (*BY_SOCKET.values(), *OVER_HTTP.values()):
        assert not secret.startswith(("xoxb", "xapp", "client-secret", "signing")) or secret not in ended.out
    return [
        f"{found[1]}: {found[2]}" for found in re.finditer(rf"^(ok|note|fix)\s+{what}\s+(.+)$", ended.out, re.MULTILINE)
    ]


async def test_right_tokens_are_found_good(settled: Operator, server: SlackServer) -> None:
    code, lines = await examined(settled, server, BY_SOCKET)

    assert code == 0
    assert lines == [
        "ok: the bot token is good, in the workspace introductions.",
        "ok: the app-level token opens Socket Mode.",
    ]


async def test_the_right_secrets_for_http_are_found_good(settled: Operator, server: SlackServer) -> None:
    code, lines = await examined(settled, server, OVER_HTTP)

    assert code == 0
    assert lines == ["ok: Slack knows the app. It is added at https://bot.example.org/slack/install."]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"SLACK_APP_TOKEN": ""}, r"fix: SLACK_APP_TOKEN is missing. Make an app-level token"),
        ({"SLACK_BOT_TOKEN": ""}, r"fix: SLACK_BOT_TOKEN is missing. Copy the Bot User OAuth Token"),
        ({"SLACK_BOT_TOKEN": APP_TOKEN, "SLACK_APP_TOKEN": BOT_TOKEN}, r"fix: .* hold each other's token. Swap them"),
        ({"SLACK_BOT_TOKEN": APP_TOKEN}, r"fix: SLACK_BOT_TOKEN holds an app-level token. That belongs in SLACK_APP_T"),
        ({"SLACK_BOT_TOKEN": "xoxp-1"}, r"fix: SLACK_BOT_TOKEN holds a person's token. Copy the Bot User OAuth Token"),
        ({"SLACK_APP_TOKEN": "nonsense"}, r"fix: SLACK_APP_TOKEN holds something else"),
        ({"TWOYES_OPERATOR_NAME": ""}, r"fix: TWOYES_OPERATOR_NAME is missing"),
        ({"TWOYES_OPERATOR_NAME": "", "TWOYES_OPERATOR_CONTACT": " "}, r"fix: .*NAME and .*CONTACT are missing"),
        ({"TWOYES_SLACK_COMMAND_ASK": "/refer"}, r"fix: Two of TWOYES_SLACK_COMMAND_REFER"),
        ({"SLACK_BOT_TOKEN": "xoxb-unknown"}, r"fix: Slack does not know SLACK_BOT_TOKEN. Copy"),
        ({"SLACK_APP_TOKEN": "xapp-unknown"}, r"fix: Slack does not know SLACK_APP_TOKEN. Make one"),
    ],
)
async def test_wrong_and_partial_tokens_are_one_line_that_says_what_to_do(
    settled: Operator, server: SlackServer, changes: Mapping[str, str], says: str
) -> None:
    code, lines = await examined(settled, server, {**BY_SOCKET, **changes})

    (fix,) = [line for line in lines if line.startswith("fix")]
    assert code == 1
    assert re.match(says, fix), fix


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {"SLACK_CLIENT_ID": "", "SLACK_CLIENT_SECRET": ""},
            r"fix: SLACK_CLIENT_ID and SLACK_CLIENT_SECRET are missing",
        ),
        ({"SLACK_SIGNING_SECRET": ""}, r"fix: SLACK_SIGNING_SECRET is missing"),
        ({"TWOYES_PUBLIC_URL": ""}, r"fix: TWOYES_PUBLIC_URL is missing"),
        ({"SLACK_CLIENT_ID": "9.9"}, r"fix: Slack does not know SLACK_CLIENT_ID"),
        ({"SLACK_CLIENT_SECRET": "other"}, r"fix: SLACK_CLIENT_SECRET is not that of SLACK_CLIENT_ID"),
    ],
)
async def test_wrong_and_partial_secrets_are_one_line_that_says_what_to_do(
    settled: Operator, server: SlackServer, changes: Mapping[str, str], says: str
) -> None:
    code, lines = await examined(settled, server, {**OVER_HTTP, **changes})

    (fix,) = lines
    assert code == 1
    assert re.match(says, fix), fix


@pytest.mark.parametrize(
    ("fault", "method", "says"),
    [
        (error("token_revoked"), "auth.test", r"fix: SLACK_BOT_TOKEN was revoked: .* Install it again"),
        (error("account_inactive"), "auth.test", r"fix: SLACK_BOT_TOKEN was revoked"),
        (error("org_login_required"), "auth.test", r"fix: Slack refuses SLACK_BOT_TOKEN: org_login_required"),
        (error("not_allowed_token_type"), "apps.connections.open", r"fix: Slack does not know SLACK_APP_TOKEN"),
        (error("forbidden_team"), "apps.connections.open", r"fix: Slack refuses SLACK_APP_TOKEN: forbidden_team"),
        (status(503), "auth.test", r"fix: no answer from http://127.0.0.1"),
    ],
)
async def test_what_slack_says_of_a_token_becomes_what_to_do(
    settled: Operator, server: SlackServer, fault: Fault, method: str, says: str
) -> None:
    server.faults.next(method, fault)

    code, lines = await examined(settled, server, BY_SOCKET)

    (fix,) = [line for line in lines if line.startswith("fix")]
    assert code == 1
    assert re.match(says, fix), fix


async def test_scopes_that_are_missing_are_named(settled: Operator, server: SlackServer) -> None:
    server.world.set_scopes(BOT_TOKEN, ("commands", "chat:write", "im:write", "users:read"))

    code, lines = await examined(settled, server, BY_SOCKET)

    assert code == 1
    assert lines[0].startswith("fix: the bot token misses mpim:write, files:write. Add that to the Bot Token Scopes")


async def test_an_app_token_without_connections_is_told_of_its_scope(settled: Operator, server: SlackServer) -> None:
    server.world.tokens["xapp-weak"] = Token("xapp-weak", "", (), "app")

    code, lines = await examined(settled, server, {**BY_SOCKET, "SLACK_APP_TOKEN": "xapp-weak"})

    assert code == 1
    assert lines[-1].startswith("fix: SLACK_APP_TOKEN misses connections:write")


async def test_what_is_set_for_the_other_way_is_noted(settled: Operator, server: SlackServer) -> None:
    code, lines = await examined(settled, server, {**BY_SOCKET, "SLACK_SIGNING_SECRET": "spare"})

    assert code == 0
    assert lines[0] == "note: SLACK_SIGNING_SECRET not used: Slack is served by Socket Mode."


def test_a_slack_that_cannot_be_reached_is_said_with_its_address(settled: Operator) -> None:
    ended = settled.setting(**BY_SOCKET, **NOWHERE).does("doctor")

    assert ended.code == 1
    assert lines_about("slack", ended) == [
        "fix: no answer from http://127.0.0.1:9/api/. Look at this machine's network, firewall and proxy."
    ]


@pytest.mark.parametrize("sets", [{}, TOLD])
def test_without_slack_nothing_is_said_of_it(settled: Operator, sets: Mapping[str, str]) -> None:
    ended = settled.setting(**sets).does("doctor")

    assert ended.code == 0
    assert lines_about("slack", ended) == []
