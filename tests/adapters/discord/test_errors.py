"""The table of Discord's errors: a code that can be met has one place, chosen on purpose; the rest goes by status."""

from datetime import timedelta

import aiohttp
import pytest

from adapters.discord import errors
from adapters.discord.errors import BANNED_WAIT, LONGEST_WAIT, UNNAMED_WAIT, Answered, NotTakenError, refusal, unheard
from bot.ports.gateway import DeliveryDelayedError, DeliveryRefusedError, Refusal
from tests.discord.state import PROBLEMS

PLACES = {
    10003: Refusal.NO_CHANNEL,
    10007: Refusal.UNREACHABLE,
    10008: Refusal.GONE,
    10013: Refusal.UNREACHABLE,
    30033: Refusal.FORBIDDEN,
    50001: Refusal.FORBIDDEN,
    50005: Refusal.GONE,
    50006: Refusal.INVALID,
    50007: Refusal.UNREACHABLE,
    50013: Refusal.FORBIDDEN,
    50024: Refusal.NO_CHANNEL,
    50033: Refusal.UNREACHABLE,
    50035: Refusal.INVALID,
    50083: Refusal.NO_CHANNEL,
    50109: Refusal.INVALID,
    50278: Refusal.UNREACHABLE,
    160006: Refusal.FORBIDDEN,
}
OTHERS = {10015, 10062, 10063, 30034, 40060, 50027}
"""Codes of interactions and commands, which no delivery meets."""
WAITS = {
    20016: timedelta(seconds=30),
    20026: timedelta(hours=1),
    30046: timedelta(minutes=15),
    40003: timedelta(minutes=15),
    40004: timedelta(minutes=15),
    130000: timedelta(seconds=30),
}


def answer(
    status: int, code: int = 0, *, retry_after: object = None, is_global: bool = False, **headers: str
) -> Answered:
    body = {"message": "No", "code": code, "retry_after": retry_after, "global": is_global}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answered(status, {"Via": "1.1 google", **named}, body, is_json=True)


def page(status: int, **headers: str) -> Answered:
    """Return what a proxy answers: no JSON."""
    return Answered(status, {name.replace("_", "-"): value for name, value in headers.items()})


def delay(answered: Answered, *, is_post: bool = True) -> DeliveryDelayedError:
    meant = refusal(answered, is_post=is_post)
    assert isinstance(meant, DeliveryDelayedError)
    return meant


@pytest.mark.parametrize(("code", "reason"), PLACES.items())
def test_a_refusal_has_its_reason(code: int, reason: Refusal) -> None:
    meant = refusal(answer(400, code), is_post=True)

    assert isinstance(meant, NotTakenError)
    assert (meant.reason, meant.code) == (reason, code)


@pytest.mark.parametrize(("code", "wait"), WAITS.items())
def test_what_passes_by_itself_is_tried_again_after_its_time(code: int, wait: timedelta) -> None:
    delayed = delay(answer(403, code))

    assert (delayed.wait, delayed.whole_workspace, delayed.lost_answer) == (wait, False, False)


@pytest.mark.parametrize(
    "answered", [answer(401), answer(403, 40001), answer(404, 10004)], ids=["401", "40001", "10004"]
)
def test_a_dead_token_and_a_server_the_bot_is_not_in_make_the_whole_workspace_wait(answered: Answered) -> None:
    delayed = delay(answered)

    assert (delayed.wait, delayed.whole_workspace) == (errors.UNTIL_ADDED_AGAIN, True)


def test_every_error_that_the_server_of_the_tests_knows_has_a_place_or_is_none_of_a_delivery() -> None:
    assert set(PROBLEMS) - errors.PLACED == OTHERS


def test_no_code_has_two_places() -> None:
    sets = [*errors._REFUSED.values(), frozenset(errors._WAITS), errors._WORKSPACE_WAITS, errors.TOKEN_IS_DEAD]

    assert sum(map(len, sets)) == len(errors.PLACED)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (400, Refusal.INVALID),
        (403, Refusal.FORBIDDEN),
        (404, Refusal.GONE),
        (405, Refusal.INVALID),
        (413, Refusal.INVALID),
        (304, Refusal.INVALID),
    ],
)
@pytest.mark.parametrize("with_code", [True, False])
def test_a_code_nobody_knew_is_taken_by_its_status(status: int, reason: Refusal, *, with_code: bool) -> None:
    meant = refusal(answer(status, 999_999) if with_code else page(status), is_post=True)

    assert isinstance(meant, DeliveryRefusedError)
    assert meant.reason is reason


@pytest.mark.parametrize("status", [500, 502, 503, 504, 524])
@pytest.mark.parametrize("is_post", [True, False])
def test_a_broken_server_may_have_posted_what_it_was_given(status: int, *, is_post: bool) -> None:
    delayed = delay(page(status), is_post=is_post)

    assert (delayed.wait, delayed.lost_answer) == (None, is_post)


LIMITS = {
    "one route": (answer(429, retry_after=1.337), timedelta(seconds=1.337), False),
    "everything": (answer(429, retry_after=2, is_global=True), timedelta(seconds=2), True),
    "by its header": (answer(429, Retry_After="7"), timedelta(seconds=7), False),
    "without a time": (answer(429), UNNAMED_WAIT, False),
    "with a time that is none": (answer(429, retry_after="soon"), UNNAMED_WAIT, False),
    "with a time below nothing": (answer(429, retry_after=-3), UNNAMED_WAIT, False),
    "with a time that is a truth": (answer(429, retry_after=True), UNNAMED_WAIT, False),
    "for ever": (answer(429, retry_after=1e12), LONGEST_WAIT, False),
    "for less than it takes to ask": (answer(429, retry_after=0), errors.SHORTEST_WAIT, False),
    "a ban": (page(429, Retry_After="120"), timedelta(seconds=120), True),
    "a ban with a Via": (page(429, Retry_After="120", Via="1.1 google"), timedelta(seconds=120), True),
    "a ban without a time": (page(429), BANNED_WAIT, True),
}


@pytest.mark.parametrize(("answered", "wait", "for_all"), LIMITS.values(), ids=LIMITS.keys())
def test_a_limit_says_how_long_and_for_what(answered: Answered, wait: timedelta, *, for_all: bool) -> None:
    delayed = delay(answered)

    assert (delayed.wait, delayed.whole_workspace, delayed.lost_answer) == (wait, for_all, False)


def test_an_answer_that_never_came_may_have_been_lost_but_not_where_nobody_was_reached() -> None:
    refused = aiohttp.ClientConnectorError.__new__(aiohttp.ClientConnectorError)

    assert unheard(TimeoutError(), is_post=True).lost_answer
    assert not unheard(TimeoutError(), is_post=False).lost_answer
    assert not unheard(refused, is_post=True).lost_answer


def test_a_failure_is_named_by_its_code_and_never_by_its_words() -> None:
    assert [answer(403, 50007).name, page(502).name] == ["code_50007", "status_502"]
