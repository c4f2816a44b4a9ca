"""Forged, stale, garbled and replayed requests: refused before anything is read, never with a 500, never in a log."""

import asyncio
import copy
import json
import logging
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.edge import MOST_BYTES, MOST_SECONDS
from tests.adapters.slack.captured import NAMES, captured
from tests.security.slack_door import NOW, Door, as_sent, form, signed

SECRETS_OF_PEOPLE = "the need of somebody who would rather not be named"
COMMAND = as_sent(captured("command_in_channel"))


@pytest.fixture
def door() -> Door:
    return Door()


async def test_what_is_signed_now_is_taken(door: Door) -> None:
    answered = await door.posts(COMMAND)

    assert answered.status_code == 200
    assert len(door.front.took) == 1


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({}, "nothing is signed"),
        (signed(COMMAND, secret="another"), "another secret"),
        (signed(COMMAND + b" "), "another body"),
        ({**signed(COMMAND), "X-Slack-Signature": "v0=" + "ä" * 64}, "letters that are not ASCII"),
        ({**signed(COMMAND), "X-Slack-Signature": ""}, "an empty signature"),
        ({**signed(COMMAND), "X-Slack-Signature": "v0="}, "half a signature"),
        ({**signed(COMMAND), "X-Slack-Signature": "v0=" + "0" * 10_000}, "a long signature"),
        ({**signed(COMMAND), "X-Slack-Signature": signed(COMMAND)["X-Slack-Signature"].upper()}, "capitals"),
        (signed(COMMAND, at="abc"), "a time that is no number"),
        (signed(COMMAND, at=f"{NOW}.5"), "a broken number"),
        (signed(COMMAND, at=f"-{NOW}"), "a negative number"),
        (signed(COMMAND, at=f" {NOW}"), "a space"),
        (signed(COMMAND, at="9" * 400), "a number beyond all numbers"),
        (signed(COMMAND, at=""), "no time"),
        (signed(COMMAND, at=str(NOW - MOST_SECONDS - 1)), "too old"),
        (signed(COMMAND, at=str(NOW + MOST_SECONDS + 1)), "from the future"),
    ],
)
async def test_what_is_not_signed_as_slack_signs_it_is_refused(
    door: Door, headers: Mapping[str, str], why: str
) -> None:
    answered = await door.posts(COMMAND, headers)

    assert (answered.status_code, answered.content) == (401, b""), why
    assert door.front.took == []


@pytest.mark.parametrize("late", [-MOST_SECONDS, MOST_SECONDS])
async def test_a_request_is_good_for_five_minutes(door: Door, late: int) -> None:
    assert (await door.posts(COMMAND, signed(COMMAND, at=str(NOW + late)))).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{}",
        b"[1]",
        b"null",
        b"{" * 100_000,
        b'{"a":' * 40_000 + b"1" + b"}" * 40_000,
        b'{"type":"event_callback"}',
        b'{"type":"event_callback","event":5}',
        b'{"type":"event_callback","event":{"type":5}}',
        b'{"type":5}',
        b'{"type":["event_callback"]}',
        b'{"type":"event_callback","event":{"type":"app_home_opened"},"team_id":["T1"]}',
        b'{"type":"event_callback","event":{"type":"app_home_opened"},"authorizations":"T1"}',
        b'{"type":"event_callback","event":{"type":"app_home_opened"},"authorizations":[5]}',
        b'{"type":"event_callback","event":{"type":"app_uninstalled"},"event_id":"Ev1","team_id":"T1","event_time":"x"}',
        b'{"text":"\xff\xfe"}',
        b'{"text":"\\ud800"}',
        b"payload=",
        b"payload=%7B",
        b"payload=[1]",
        b"payload=5",
        b"payload=null",
        b"payload=%ff%fe",
        b"payload=%7B%22type%22%3A%22block_actions%22%7D",
        b"payload=%7B%22type%22%3A%22block_actions%22%2C%22actions%22%3A%5B%5D%7D",
        b"payload=%7B%22type%22%3A%22block_actions%22%2C%22actions%22%3A%5B5%5D%7D",
        b"payload=%7B%22type%22%3A%22view_submission%22%7D",
        b"payload=%7B%22type%22%3A%22view_submission%22%2C%22view%22%3A%22V1%22%7D",
        b"payload=%7B%22type%22%3A%22shortcut%22%7D",
        b"payload=%7B%22type%22%3A%22event_callback%22%7D",
        b"a=1&payload=%7B",
        b"command",
        b"command=%2Frefer",
        b"command=%2Frefer&team_id=T1",
        b"command=%2Frefer&text=%ff",
        b"\x00\x01\x02",
        "command=/refer&text=ä".encode("latin-1"),
        b"&".join(b"a=%d" % number for number in range(5_000)),
    ],
)
async def test_what_cannot_be_read_is_refused_and_is_no_fault_of_ours(door: Door, body: bytes) -> None:
    answered = await door.posts(body)

    assert (answered.status_code, answered.content) == (400, b"")
    assert door.front.took == []


async def test_more_than_slack_ever_sends_is_not_read_on(door: Door) -> None:
    body = b"x" * (MOST_BYTES + 1)

    announced = await door.posts(body)
    streamed = await door.posts(body, {**signed(body), "Transfer-Encoding": "chunked"})

    assert (announced.status_code, streamed.status_code) == (413, 413)


@pytest.mark.parametrize("length", ["9" * 5_000, str(2**63)])
async def test_a_length_that_is_a_lie_is_not_believed(door: Door, length: str) -> None:
    answered = await door.posts(b"x", {"Content-Length": length})

    assert answered.status_code == 413


async def test_a_command_with_the_word_payload_in_it_arrives_whole(door: Door) -> None:
    body = as_sent({**captured("command_in_channel"), "command": "/refer", "text": "about payload=design & payload"})

    answered = await door.posts(body)

    assert answered.status_code == 200
    (took,) = door.front.took
    assert "payload" in str(took)


async def test_slacks_own_checks_are_answered_once_they_are_known_to_be_slacks(door: Door) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a", "token": "old"}).encode()

    forged = await door.posts(body, {})
    verified = await door.posts(body)
    ssl = await door.posts(form(ssl_check="1", token="old"))

    assert forged.status_code == 401
    assert verified.json() == {"challenge": "3eZbrw1a"}
    assert (ssl.status_code, ssl.content) == (200, b"")


@pytest.mark.parametrize("name", NAMES)
async def test_everything_that_slack_sends_is_taken(door: Door, name: str) -> None:
    answered = await door.posts(as_sent(captured(name)))

    assert answered.status_code == (400 if name in ("command_renamed", "press_select_in_modal") else 200)


async def test_nothing_of_what_is_refused_or_fails_is_logged(
    door: Door, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    garbled = json.dumps({"type": "block_actions", "actions": [{"action_id": SECRETS_OF_PEOPLE}]})
    unknown = as_sent({**captured("command_in_channel"), "command": "/other", "text": SECRETS_OF_PEOPLE})

    for body in (garbled.encode(), form(payload=garbled), unknown):
        await door.posts(body)
        await door.posts(body, {})

    said = caplog.text + str(capsys.readouterr()) + str(door.noted.events)
    assert SECRETS_OF_PEOPLE not in said
    assert "xoxb-1" not in said


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=20), st.just("T1"), st.just("block_actions")
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=10), inner, max_size=3)),
    max_leaves=8,
)


def paths_in(value: object, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the way to each value inside, outermost first."""
    inner: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [at, *(path for key, one in inner for path in paths_in(one, (*at, key)))]


@st.composite
def garbled_payloads(draw: st.DrawFn) -> dict[str, Any]:
    """Draw what Slack sends with some of it in the wrong place, of the wrong kind, or gone."""
    payload = copy.deepcopy(captured(draw(st.sampled_from(NAMES))))
    for _ in range(draw(st.integers(1, 4))):
        *way, last = draw(st.sampled_from(paths_in(payload)[1:] or [("type",)]))
        place: Any = payload
        for step in way:
            place = place[step]
        if draw(st.booleans()):
            place[last] = draw(VALUES)
        elif isinstance(place, dict):
            place.pop(last, None)
    return payload


async def test_a_workspace_that_is_no_text_is_refused(door: Door) -> None:
    payload = copy.deepcopy(captured("submission_of_an_org_wide_install"))
    payload["team"] = None
    payload["view"]["app_installed_team_id"] = True

    answered = await door.posts(json.dumps(payload).encode())

    assert answered.status_code == 400


@settings(max_examples=150, deadline=None)
@given(payload=garbled_payloads())
def test_garbled_payloads_that_are_signed_are_never_a_fault_of_ours(payload: dict[str, Any]) -> None:
    answered = asyncio.run(Door().posts(json.dumps(payload).encode()))
    wrapped = asyncio.run(Door().posts(as_sent_or_wrapped(payload)))

    assert {answered.status_code, wrapped.status_code} <= {200, 400}


@settings(max_examples=150, deadline=None)
@given(
    body=st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: f"payload={text}".encode())),
    timestamp=st.one_of(st.text(max_size=20), st.integers().map(str), st.just(str(NOW))),
    signature=st.text(max_size=80),
)
def test_any_bytes_under_any_headers_are_never_a_fault_of_ours(body: bytes, timestamp: str, signature: str) -> None:
    forged = {
        "X-Slack-Request-Timestamp": timestamp.encode("utf-8", "ignore").decode("latin-1"),
        "X-Slack-Signature": signature.encode("utf-8", "ignore").decode("latin-1"),
    }

    unsigned = asyncio.run(Door().posts(body, forged))
    verified = asyncio.run(Door().posts(body))

    assert unsigned.status_code == 401
    assert verified.status_code in (200, 400)


def as_sent_or_wrapped(payload: dict[str, Any]) -> bytes:
    """Return a garbled payload as a form, whatever it has become."""
    if isinstance(payload.get("command"), str):
        return form(**{key: str(value) for key, value in payload.items()})
    return form(payload=json.dumps(payload))
