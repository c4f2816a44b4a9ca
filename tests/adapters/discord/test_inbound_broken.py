"""Payloads that no Discord ever sent: each is read or not understood, and nothing else comes of it."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.discord import again, inbound
from adapters.discord.envelopes import Arrived, envelope, people
from adapters.reading import NotUnderstoodError
from bot.ports.messages import Field, FieldKind, Form
from tests.adapters.discord.captured import NAMES, WORKSPACE, captured

FORM = Form("A form", "edit", "r", (Field("need", "Need", FieldKind.TEXT),), "Save")


def refill(body: Arrived) -> object:
    message = body.get("message")
    return again.refilled(FORM, message) if isinstance(message, dict) else None


READERS: tuple[Callable[[Arrived], object], ...] = (
    lambda body: inbound.read(body, home=WORKSPACE),
    inbound.read,
    inbound.command,
    inbound.picked_person,
    inbound.picked_message,
    inbound.press,
    inbound.submission,
    envelope,
    people,
    refill,
)


@pytest.mark.parametrize("permissions", ["-1", "0x20", "٣", "1" * 60, "1.0", " 32"])
def test_permissions_that_are_no_number_are_not_understood(permissions: str) -> None:
    body = captured("press_in_channel")
    body["member"]["permissions"] = permissions

    with pytest.raises(NotUnderstoodError, match="permissions"):
        inbound.read(body)


def test_an_option_of_another_type_is_not_understood() -> None:
    body = captured("command_refer")
    body["data"]["options"][0] |= {"type": 3, "value": "Ben"}

    with pytest.raises(NotUnderstoodError, match="options"):
        inbound.read(body)


def test_a_field_that_no_form_of_ours_has_is_not_understood() -> None:
    body = captured("submission_filled")
    body["data"]["components"][0]["component"] = {"type": 19, "custom_id": "file", "values": ["1"]}

    with pytest.raises(NotUnderstoodError, match="components"):
        inbound.read(body)


def test_intros_without_a_subcommand_is_not_understood() -> None:
    body = captured("command_intros_find")
    body["data"]["options"] = []

    with pytest.raises(NotUnderstoodError, match="options"):
        inbound.read(body)


def test_a_picked_message_that_did_not_come_along_is_not_understood() -> None:
    body = captured("message_menu")
    body["data"]["target_id"] = "1"

    with pytest.raises(NotUnderstoodError, match="messages"):
        inbound.read(body)


OTHER_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=5),
    st.sampled_from(["\ud800", "0", "1", ":", "a:b", "a:b@1", 1 << 70, 2.5]),
    st.lists(st.one_of(st.none(), st.text(max_size=3), st.dictionaries(st.text(max_size=3), st.none())), max_size=2),
    st.dictionaries(st.sampled_from(["id", "type", "value", "name"]), st.one_of(st.none(), st.integers()), max_size=2),
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
    body = captured(name)

    assert body["token"].endswith("scrubbed")
    assert "Bot " not in json.dumps(body)
