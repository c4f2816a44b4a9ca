"""Instants keep their order and their meaning in both databases."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, insert, select
from sqlalchemy.exc import StatementError

from storage.migrate import differences
from storage.runner import Runner
from storage.types import NaiveDatetimeError, UtcDateTime

MOMENTS = Table("moments", MetaData(), Column("id", Integer, primary_key=True), Column("at", UtcDateTime, index=True))
INSTANTS = [
    datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC),
    datetime(2024, 2, 29, 12, tzinfo=UTC),
    datetime(2024, 10, 27, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=0),
    datetime(2024, 10, 27, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1),
    datetime(2025, 1, 1, 0, 0, 0, 1, tzinfo=timezone(timedelta(hours=-3, minutes=-30))),
    datetime(2025, 1, 1, 0, 0, 0, 2, tzinfo=timezone(timedelta(hours=-3, minutes=-30))),
    datetime(9999, 6, 1, tzinfo=UTC),
]
AT = MOMENTS.c.at


def storing(*instants: datetime | None) -> Callable[[Connection], None]:
    def work(connection: Connection) -> None:
        MOMENTS.create(connection)
        connection.execute(insert(MOMENTS), [{"at": instant} for instant in instants])

    return work


@pytest.mark.parametrize("instant", INSTANTS)
def test_an_instant_comes_back_as_the_same_instant_in_utc(runner: Runner, instant: datetime) -> None:
    runner.run_now(storing(instant))

    found = runner.run_now(lambda connection: connection.scalar(select(AT)))

    assert (found, found and found.utcoffset()) == (instant.astimezone(UTC), timedelta(0))


def test_no_instant_stays_none(runner: Runner) -> None:
    runner.run_now(storing(None))

    assert runner.run_now(lambda connection: connection.scalars(select(AT)).all()) == [None]


def test_the_database_sorts_as_the_instants_do(runner: Runner) -> None:
    runner.run_now(storing(*INSTANTS[::-1]))

    found = runner.run_now(lambda connection: connection.scalars(select(AT).order_by(AT)).all())

    assert found == sorted(instant.astimezone(UTC) for instant in INSTANTS)


@pytest.mark.parametrize("instant", INSTANTS)
def test_the_database_compares_as_the_instants_do(runner: Runner, instant: datetime) -> None:
    runner.run_now(storing(*INSTANTS))
    earlier = select(AT).where(AT.__lt__(instant))

    found = runner.run_now(lambda connection: set(connection.scalars(earlier)))

    moment = instant.astimezone(UTC)
    assert found == {other.astimezone(UTC) for other in INSTANTS if other.astimezone(UTC) < moment}


def test_a_datetime_without_a_zone_is_refused(runner: Runner) -> None:
    naive = INSTANTS[0].replace(tzinfo=None)

    with pytest.raises(StatementError) as caught:
        runner.run_now(storing(naive))

    assert isinstance(caught.value.orig, NaiveDatetimeError)


def test_a_table_made_from_the_type_agrees_with_its_model(runner: Runner) -> None:
    runner.run_now(storing(INSTANTS[0]))

    assert runner.run_now(lambda connection: differences(connection, MOMENTS.metadata)) == []
