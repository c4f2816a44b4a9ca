"""Limits: what Discord said is kept to, bucket by bucket, and new conversations are begun slowly."""

from datetime import timedelta
from itertools import pairwise

import pytest
from discord.http import Route

from adapters.discord import rates
from adapters.discord.errors import Answered
from adapters.discord.rates import NEW_A_MINUTE, NEW_AT_ONCE, Gates, Openings, rates_to
from bot.ports.gateway import DeliveryDelayedError
from tests.adapters.discord.delivering import CHANNEL, PAIR, TO_BEN, TO_CARLA


class Watch:
    """A clock that only goes where a test puts it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


def post(channel: str) -> Route:
    return Route("POST", "/channels/{channel_id}/messages", channel_id=channel)


def pins(channel: str) -> Route:
    return Route("GET", "/channels/{channel_id}/pins", channel_id=channel)


def empty(bucket: str = "b1", seconds: str = "5") -> Answered:
    headers = {"X-RateLimit-Bucket": bucket, "X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": seconds}
    return Answered(200, headers, {}, is_json=True)


def wait(gates: Gates, route: Route) -> float:
    try:
        gates.require_open(route)
    except DeliveryDelayedError as delayed:
        return seconds_of(delayed)
    return 0.0


def turn(openings: Openings) -> float:
    try:
        openings.take()
    except DeliveryDelayedError as delayed:
        return seconds_of(delayed)
    return 0.0


def seconds_of(delayed: DeliveryDelayedError) -> float:
    assert delayed.wait is not None
    return delayed.wait.total_seconds()


# gates


def test_an_empty_bucket_is_closed_for_its_channel_until_it_fills(watch: Watch) -> None:
    gates = Gates(watch)
    gates.heard(post("1"), empty())

    before = (wait(gates, post("1")), wait(gates, post("2")))
    watch.now += 5

    assert (before, wait(gates, post("1"))) == ((5.0, 0.0), 0.0)


def test_routes_that_share_a_bucket_are_closed_together(watch: Watch) -> None:
    gates = Gates(watch)
    gates.heard(pins("1"), Answered(200, {"X-RateLimit-Bucket": "b1", "X-RateLimit-Remaining": "1"}))
    gates.heard(post("1"), empty("b1"))

    assert (wait(gates, pins("1")), wait(gates, pins("2"))) == (5.0, 0.0)


@pytest.mark.parametrize("seconds", ["", "soon", "-4", "nan"])
def test_a_time_that_is_none_closes_nothing(watch: Watch, seconds: str) -> None:
    gates = Gates(watch)
    gates.heard(post("1"), empty(seconds=seconds))

    assert wait(gates, post("1")) == 0.0


def test_what_is_shared_with_others_does_not_count_towards_a_ban(watch: Watch) -> None:
    gates = Gates(watch)
    shared = Answered(429, {"Via": "x", "X-RateLimit-Scope": "shared"}, {"retry_after": 0.1}, is_json=True)
    for number in range(rates.MOST_INVALID):
        gates.heard(post(str(number)), shared)
    watch.now += 1

    assert wait(gates, post("1")) == 0.0


def test_gates_that_are_open_again_are_forgotten_when_there_are_many(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rates, "MOST_GATES", 3)
    gates = Gates(watch)
    for number in range(3):
        gates.heard(post(str(number)), empty(seconds=str(number + 1)))
    watch.now += 2
    gates.heard(post("9"), empty())

    assert len(gates._opens) == 2
    assert (wait(gates, post("2")), wait(gates, post("9"))) == (1.0, 5.0)


# new conversations


def test_a_few_are_begun_at_once_and_then_one_now_and_then(watch: Watch) -> None:
    openings = Openings(lambda: 0.5, watch)

    assert [turn(openings) for _ in range(NEW_AT_ONCE)] == [0.0] * NEW_AT_ONCE
    assert turn(openings) == pytest.approx(60 / NEW_A_MINUTE)


def test_those_who_are_sent_away_get_turns_one_after_the_other(watch: Watch) -> None:
    openings = Openings(lambda: 0.5, watch)
    for _ in range(NEW_AT_ONCE):
        openings.take()

    turns = [turn(openings) for _ in range(3)]

    each = 60 / NEW_A_MINUTE
    assert turns == pytest.approx([each, 2 * each, 3 * each])


@pytest.mark.parametrize("jitter", [0.0, 0.5, 0.999])
def test_in_an_hour_no_more_are_begun_than_the_pace_allows(watch: Watch, jitter: float) -> None:
    openings, begun = Openings(lambda: jitter, watch), 0
    for _ in range(3600):
        begun += turn(openings) == 0.0
        watch.now += 1

    assert NEW_AT_ONCE + 60 * NEW_A_MINUTE * 0.75 <= begun <= NEW_AT_ONCE + 60 * NEW_A_MINUTE * 1.4


def test_jitter_keeps_them_from_coming_like_clockwork(watch: Watch) -> None:
    jitters = iter([0.1, 0.9, 0.3, 0.7, 0.2, 0.8, 0.4, 0.6])
    openings = Openings(lambda: next(jitters), watch)
    for _ in range(NEW_AT_ONCE):
        openings.take()
    turns = [turn(openings) for _ in range(4)]

    gaps = {round(later - earlier, 3) for earlier, later in pairwise(turns)}
    assert len(gaps) == 3


def test_after_an_objection_none_is_begun_and_later_only_one_by_one(watch: Watch) -> None:
    openings = Openings(lambda: 0.5, watch)
    openings.close(timedelta(minutes=15))
    closed = turn(openings)
    watch.now += 15 * 60

    assert closed == pytest.approx(900)
    assert turn(openings) == 0.0
    assert turn(openings) > 0.0


# what the courier keeps to


def test_each_place_has_a_limit_of_its_own_and_all_share_another() -> None:
    keys = [[rate.key for rate in rates_to(to)] for to in (TO_BEN, TO_CARLA, CHANNEL, PAIR)]

    assert len({own for own, _ in keys}) == 4
    assert len({everybodys for _, everybodys in keys}) == 1
    assert all(rate.most / rate.per.total_seconds() < 50 for rate in rates_to(TO_BEN))
