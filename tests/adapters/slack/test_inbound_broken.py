"""Payloads that no Slack ever sent: each is read or not understood, and nothing else comes of it."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.reading import NotUnderstoodError
from adapters.slack import inbound
from adapters.slack.ids import team_of, workspace_of
from adapters.slack.inbound import Arrived
from bot.domain.ids import WorkspaceId
from tests.adapters.slack.captured import NAMES, WORKSPACE, captured, command

READERS: tuple[Callable[[Arrived], object], ...] = (
    command,
    inbound.press,
    inbound.submission,
    inbound.picked_message,
    inbound.shortcut,
    inbound.event,
    inbound.envelope,
)


def test_a_closed_form_is_nothing_to_act_on() -> None:
    for read in READERS:
        with pytest.raises(NotUnderstoodError):
            read(captured("form_closed"))


@pytest.mark.parametrize("trigger", ["1.2." + "x" * 200, "with spaces", "half \ud800", "'); --"])
def test_a_trigger_of_any_shape_names_an_event_of_its_own(trigger: str) -> None:
    at = inbound.envelope(captured("press_in_dm") | {"trigger_id": trigger})
    other = inbound.envelope(captured("press_in_dm") | {"trigger_id": trigger + "."})

    assert len(at.event) <= 100
    assert at.event.startswith("slack:")
    assert at.event.isascii()
    assert at.event != other.event


@pytest.mark.parametrize("metadata", ["{", "[]", "5", '{"channel": 5}', '{"in": []}', '{"channel": "a b"}', "[" * 9999])
def test_metadata_of_nobodys_making_is_not_understood(metadata: str) -> None:
    body = captured("submission_filled")
    body["view"]["private_metadata"] = metadata

    with pytest.raises(NotUnderstoodError):
        inbound.submission(body)


def test_an_input_that_no_form_of_ours_has_is_not_understood() -> None:
    body = captured("submission_filled")
    body["view"]["state"]["values"] = {"day": {"day": {"type": "datepicker", "selected_date": "2030-01-31"}}}

    with pytest.raises(NotUnderstoodError, match="type"):
        inbound.submission(body)


def test_a_workspace_is_known_by_slacks_name_for_it_and_ours() -> None:
    assert team_of(workspace_of("T024BE7LD")) == "T024BE7LD"
    with pytest.raises(NotUnderstoodError):
        team_of(WorkspaceId("local:room"))


@pytest.mark.parametrize("flag", [None, False, "false", ""])
def test_a_flag_that_is_not_set_comes_in_many_ways(flag: object) -> None:
    assert inbound.envelope(captured("press_in_dm") | {"is_enterprise_install": flag}).workspace == WORKSPACE


@pytest.mark.parametrize("flag", ["yes", 1, [], {}])
def test_a_flag_that_is_neither_yes_nor_no_is_not_understood(flag: object) -> None:
    with pytest.raises(NotUnderstoodError, match="is_enterprise_install"):
        inbound.envelope(captured("press_in_dm") | {"is_enterprise_install": flag})


def test_tokens_that_are_no_names_are_not_understood() -> None:
    body = captured("tokens_revoked")
    body["event"]["tokens"] = {"bot": [5]}

    with pytest.raises(NotUnderstoodError, match="tokens"):
        inbound.event(body)


def test_an_id_with_anything_odd_in_it_is_not_understood() -> None:
    for odd in ("U0 ANA", "U\ud800", "U\x00", "u" * 200):
        with pytest.raises(NotUnderstoodError):
            inbound.press(captured("press_in_dm") | {"user": {"id": odd}})


OTHER_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=5),
    st.sampled_from(["\ud800", "false", "button", "D0", ":", "a:b", "T1"]),
    st.lists(st.one_of(st.none(), st.text(max_size=3), st.dictionaries(st.text(max_size=3), st.none())), max_size=2),
    st.dictionaries(st.sampled_from(["id", "type", "value", "text"]), st.one_of(st.none(), st.integers()), max_size=2),
)


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the way to everything inside."""
    inside = _members(value)
    return [(*path, key) for key, _ in inside] + [way for key, one in inside for way in places(one, (*path, key))]


def _members(value: object) -> list[tuple[str | int, object]]:
    return list(value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ())


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_payload_broken_anywhere_is_read_or_not_understood(data: st.DataObject) -> None:
    body = captured(data.draw(st.sampled_from(NAMES)))
    for _ in range(data.draw(st.integers(1, 3))):
        ways = places(body)
        way = data.draw(st.sampled_from(ways)) if ways else ()
        _break(body, way, data)

    for read in READERS:
        with suppress(NotUnderstoodError):
            read(body)


def _break(body: Any, way: tuple[str | int, ...], data: st.DataObject) -> None:  # noqa: ANN401 -- anything at all
    for step in way[:-1]:
        body = body[step]
    if not way:
        return
    if data.draw(st.booleans()):
        del body[way[-1]]
    else:
        body[way[-1]] = data.draw(OTHER_VALUES)


@pytest.mark.parametrize("name", NAMES)
def test_every_captured_payload_is_scrubbed(name: str) -> None:
    text = json.dumps(captured(name))

    assert "xox" not in text
    assert "xapp-" not in text
