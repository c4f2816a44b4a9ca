"""What the courier keeps to on Slack, and the buckets of the other methods."""

from datetime import timedelta

import pytest

from adapters.slack import rates
from adapters.slack.rates import TIER_3, TIER_4, Buckets, rates_to
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.gateway import DeliveryDelayedError, Direct, Room
from tests.adapters.slack.posting import CHANNEL, PAIR, TO_BEN, TO_CARLA
from tests.slack.adapting import WORKSPACE


class Seconds:
    """A clock of one's own."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def taken(buckets: Buckets, method: str, times: int, workspace: WorkspaceId = WORKSPACE) -> list[float]:
    """Take so often, and return the waits of those who came too early."""
    waits = []
    for _ in range(times):
        try:
            buckets.take(method, workspace)
        except DeliveryDelayedError as delayed:
            waits.append(delayed.wait.total_seconds() if delayed.wait else 0.0)
    return waits


@pytest.mark.parametrize("to", [TO_BEN, CHANNEL, PAIR])
def test_one_message_a_second_goes_to_one_place(to: Direct) -> None:
    place, _ = rates_to(to)

    assert (place.most, place.per) == (1, timedelta(seconds=1))


def test_places_of_a_workspace_share_one_limit_and_have_one_of_their_own() -> None:
    ben, carla = rates_to(TO_BEN), rates_to(TO_CARLA)
    there = rates_to(Direct(WorkspaceId("slack:T9"), UserId(TO_BEN.user)))

    assert ben[0].key != carla[0].key
    assert ben[1] == carla[1]
    assert {rate.key for rate in there}.isdisjoint(rate.key for rate in ben)


def test_the_same_people_in_another_order_are_the_same_room() -> None:
    turned = Room(PAIR.workspace, PAIR.channel, PAIR.users[::-1], PAIR.name)

    assert rates_to(turned) == rates_to(PAIR)


def test_everybody_together_stays_below_five_posts_a_second() -> None:
    _, everybody = rates_to(TO_BEN)

    assert everybody.most / everybody.per.total_seconds() <= 5


@pytest.mark.parametrize(("method", "tier"), [("chat.update", TIER_3), ("views.publish", TIER_4)])
def test_half_of_a_tier_may_be_used_at_once_and_the_rest_comes_evenly(method: str, tier: int) -> None:
    clock = Seconds()
    buckets = Buckets(clock)
    each = 60 / (tier / 2)

    first = taken(buckets, method, tier // 2)
    clock.now += each
    then = taken(buckets, method, 2)

    assert first == []
    assert then == pytest.approx([each])


def test_in_no_minute_does_a_method_go_beyond_its_tier() -> None:
    clock = Seconds()
    buckets = Buckets(clock)
    times = []

    for _ in range(6000):
        if not taken(buckets, "chat.update", 1):
            times.append(clock.now)
        clock.now += 0.1

    assert max(sum(1 for at in times if start <= at < start + 60) for start in times) <= TIER_3
    assert len(times) > TIER_3 / 2 * 10


def test_those_who_come_too_early_are_spread_out() -> None:
    buckets = Buckets(Seconds())
    taken(buckets, "chat.update", TIER_3 // 2)

    assert taken(buckets, "chat.update", 3) == pytest.approx([2.4, 4.8, 7.2])


def test_what_a_click_waits_for_is_asked_at_once_unless_slack_has_said_no() -> None:
    clock = Seconds()
    buckets = Buckets(clock)

    before = taken(buckets, "users.info", 500)
    buckets.close("users.info", WORKSPACE, timedelta(seconds=9))
    closed = taken(buckets, "users.info", 2)
    clock.now += 9

    assert before == []
    assert closed == pytest.approx([9, 9])
    assert taken(buckets, "users.info", 500) == []


def test_a_closed_method_is_closed_for_that_workspace_alone() -> None:
    clock = Seconds()
    buckets = Buckets(clock)
    buckets.close("chat.update", WORKSPACE, timedelta(seconds=30))

    closed = taken(buckets, "chat.update", 1)
    elsewhere = taken(buckets, "chat.update", 1, WorkspaceId("slack:T9"))
    another = taken(buckets, "views.publish", 1)
    clock.now += 30

    assert closed == pytest.approx([30])
    assert (elsewhere, another) == ([], [])
    assert taken(buckets, "chat.update", TIER_3 // 2) == []


def test_posts_are_not_counted_here_for_the_courier_counts_them() -> None:
    buckets = Buckets(Seconds())
    buckets.close("chat.postMessage", WORKSPACE, timedelta(seconds=30))

    assert taken(buckets, "chat.postMessage", 1000) == []


def test_buckets_that_are_full_again_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "MOST_BUCKETS", 10)
    clock = Seconds()
    buckets = Buckets(clock)
    for number in range(10):
        buckets.take("chat.update", WorkspaceId(f"slack:T{number}"))
    clock.now += 61
    buckets.close("chat.update", WORKSPACE, timedelta(seconds=30))

    buckets.take("chat.update", WorkspaceId("slack:T99"))

    assert len(buckets._buckets) == 2
    assert taken(buckets, "chat.update", 1) == pytest.approx([30])
