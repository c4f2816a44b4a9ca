"""The door for interactions lets in what Discord signed, whatever else comes, and never answers with a 500."""

import orjson
import pytest

from adapters.discord.interactions_http import MOST_BYTES, MOST_SECONDS
from tests.discord.cast import ANA, INTRODUCTIONS
from tests.discord.club import Club
from tests.discord.delivery import ByHttp


@pytest.fixture
def discord_transport() -> str:
    return "http"


@pytest.fixture
def door(club: Club) -> ByHttp:
    """Discord, before the address of the bot."""
    return club.server.deliver_by_http(club.url + "/discord/interactions")


async def test_it_passes_discords_own_check_of_an_address(door: ByHttp) -> None:
    assert await door.verify() == []


async def test_what_comes_again_is_taken_and_changes_nothing_and_what_is_forged_or_old_is_not(
    club: Club, door: ByHttp
) -> None:
    answered = await club.server.people.slash(ANA, INTRODUCTIONS, "intros help")
    body, now = orjson.dumps(answered.interaction.payload), int(club.clock.now().timestamp())
    headers = [
        door.signed(body),
        door.signed(body, at=now - MOST_SECONDS),
        door.signed(body, forged=True),
        door.signed(body, at=now - MOST_SECONDS - 1),
        door.signed(body, at=now + MOST_SECONDS + 1),
    ]

    statuses = [(await door.post(body, headers=signed)).status for signed in headers]
    await club.settled()

    assert statuses == [202, 202, 401, 401, 401]
    assert len(club.server.view.ephemerals_of(ANA)) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"X-Signature-Ed25519": ""},
        {"X-Signature-Ed25519": "zz" * 64},
        {"X-Signature-Ed25519": "ab"},
        {"X-Signature-Ed25519": "00" * 64},
        {"X-Signature-Ed25519": "é" * 128},
        {"X-Signature-Timestamp": ""},
        {"X-Signature-Timestamp": "1" * 4000},
        {"X-Signature-Timestamp": "-1"},
    ],
)
async def test_a_signature_of_another_shape_is_refused_as_any_wrong_one(door: ByHttp, changes: dict[str, str]) -> None:
    ping = orjson.dumps({"type": 1})

    answered = await door.post(ping, headers={**door.signed(ping), **changes})

    assert answered.status == 401


async def test_without_any_signature_it_is_refused(door: ByHttp) -> None:
    assert (await door.post(b'{"type":1}', headers={})).status == 401


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"7", b'"type"', b"{}", b'{"type":"1"}', b'{"type":null}', b"[" * 5000, b"\xff\xfe"]
)
async def test_what_cannot_be_read_is_a_bad_request_though_it_was_signed(door: ByHttp, body: bytes) -> None:
    assert (await door.post(body)).status == 400


@pytest.mark.parametrize("kind", [2, 3, 4, 5, 99, -1])
async def test_what_has_no_content_is_taken_and_noted_and_disturbs_nobody(club: Club, door: ByHttp, kind: int) -> None:
    answered = await door.post(orjson.dumps({"type": kind}))
    await club.settled()

    assert answered.status == 202
    assert club.events("discord.failed") == []


async def test_more_than_discord_ever_sends_is_not_read(door: ByHttp) -> None:
    answered = await door.post(b"x" * (MOST_BYTES + 1))

    assert answered.status in (413, 0)  # 0: it hung up while the rest was still being sent
