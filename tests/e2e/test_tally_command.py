"""`twoyes tally` in the operator's hands: a week in words and as a picture, and a sentence for what there is not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.system import SystemClock
from bot.domain.events import Event, EventKind
from bot.domain.ids import ChannelId, GroupId, ReferralId
from bot.domain.local_time import last_closed_week
from bot.domain.tally import Tally
from bot.ports.store import Transaction
from tests.e2e.commands import Operator, in_store
from tests.factories import GROUP, RITA, a_group

NOW = SystemClock().now()
LAST, OLDER = (last_closed_week(NOW - timedelta(weeks=ago), "UTC") for ago in (0, 1))
OTHER = GroupId("other")


def introductions(week: str, number: int) -> Callable[[Transaction], None]:
    """Return work that writes so many introductions by Rita into a week's log."""

    def write(tx: Transaction) -> None:
        group = tx.groups.get(GROUP)
        if group.started_at > NOW - timedelta(weeks=9):
            tx.groups.save(replace(group, started_at=NOW - timedelta(weeks=10)))
        for at in range(number):
            facts = {"kind": "referral", "seeker": f"s-{at}", "provider": f"p-{at}"}
            event = Event(EventKind.INTRODUCED, GROUP, RITA, ReferralId(f"{week}-{at}"), facts)
            tx.records.append((event,), NOW, week)

    return write


def another_group(tx: Transaction) -> None:
    tx.groups.add(a_group(id=OTHER, channel=ChannelId("other")))


def test_a_week_is_printed_and_drawn(settled: Operator) -> None:
    in_store(settled, introductions(OLDER, 1), introductions(LAST, 3))

    ended = settled.does("tally", "--png", "week.png")

    assert ended.code == 0
    assert f"week {LAST} (UTC): not counted for good yet" in ended.out
    assert "3 introductions made" in ended.out
    assert "m-rita" not in ended.out
    assert "The chart is in week.png." in ended.err
    assert (settled.home / "week.png").read_bytes().startswith(b"\x89PNG")


def test_a_week_that_was_counted_stays_as_it_was_whatever_came_after(settled: Operator) -> None:
    in_store(settled, introductions(LAST, 3))
    in_store(settled, lambda tx: tx.tallies.freeze(Tally(GROUP, LAST, introductions=2, inside=2), NOW))

    ended = settled.does("tally", "--group", GROUP, "--week", LAST)

    assert "tally 1, counted" in ended.out
    assert "2 introductions made" in ended.out


def test_a_week_in_which_nothing_happened_says_so_and_draws_nothing(settled: Operator) -> None:
    in_store(settled, introductions(OLDER, 0))

    ended = settled.does("tally", "--week", LAST, "--png", "week.png")

    assert ended.code == 0
    assert "There is nothing to tell of this week" in ended.out
    assert "no chart" in ended.err
    assert not (settled.home / "week.png").exists()


@pytest.mark.parametrize("week", ["2026-W54", "2026-47", "yesterday", "2026-W7", "1999-W01", "9999-W01"])
def test_a_week_that_is_none_is_a_sentence_that_says_how_to_write_one(settled: Operator, week: str) -> None:
    ended = settled.does("tally", "--week", week)

    assert ended.code == 1
    assert "Write it as in --week" in ended.sentence or "This group's weeks are" in ended.sentence


def test_which_group_has_to_be_said_where_there_are_several_and_all_are_listed(settled: Operator) -> None:
    in_store(settled, another_group)

    unsaid, unknown = settled.does("tally"), settled.does("tally", "--group", "nonsense")
    there = settled.does("tally", "--group", OTHER)

    assert (unsaid.code, unknown.code, there.code) == (1, 1, 0)
    assert unsaid.sentence.startswith("Say which group with --group. There are: ")
    assert unknown.sentence.startswith("There is no group nonsense. There are: ")
    assert all(f"{group} (channel" in unknown.sentence for group in (GROUP, OTHER))


def test_without_a_group_there_is_a_sentence_too(operator: Operator) -> None:
    operator.does("migrate")

    assert operator.does("tally").sentence == "Say which group with --group. No group was started here yet."
