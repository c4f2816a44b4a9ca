"""A week and the groups that are due are found by an index, also by a generic plan and among many rows."""

import re
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Select

from storage.plans import planned
from storage.store import SqlStore
from storage.tallies import _NEXT_DUE, _TAKE, _WEEK_OF
from tests.factories import (
    NOW,
    OTTO,
)

DAY = timedelta(days=1)
FAR = NOW + 15 * DAY
ROWS = 40_000


def _fill(connection: Connection) -> None:
    """Put 40,000 log entries of 100 groups in 50 weeks, and 4,000 groups, beside what is there."""
    if connection.dialect.name == "postgresql":
        series, then = f"(SELECT generate_series(1, {ROWS}) AS n)", "to_timestamp(9000000000 + n)"
    else:
        numbers = f"WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {ROWS}) SELECT n FROM s"
        series, then = f"({numbers})", "9000000000000000 + n"
    connection.exec_driver_sql(
        "INSERT INTO log (at, week, group_id, kind, facts) "
        f"SELECT {then}, 'week-' || (n / 800), 'group-' || (n - n / 100 * 100), 'lapsed', '{{}}' FROM {series} AS m"
    )
    connection.exec_driver_sql(
        'INSERT INTO "group" (id, workspace, channel, started_at, started_by_id, settings, version, tally_due) '
        f"SELECT 'g-' || n, 'w', 'c-' || n, {then}, '{OTTO}', '{{}}', 1, {then} FROM {series} AS many "
        "WHERE n <= 4000"
    )


PLANS: dict[str, tuple[Select[Any], dict[str, Any], str]] = {
    "a week": (_WEEK_OF, {"group": "group-7", "week": "week-7"}, "ix_log_group_id_week_kind"),
    "groups that are due": (_TAKE[0], {"now": NOW, "most": 10}, "ix_group_tally_due_id"),
    "groups that are new": (_TAKE[1], {"most": 10}, "ix_group_tally_due_id"),
    "groups that are far off": (_TAKE[2], {"far": FAR, "most": 10}, "ix_group_tally_due_id"),
    "the next group": (_NEXT_DUE, {}, "ix_group_tally_due_id"),
}


def _plan(connection: Connection, statement: Select[Any], values: dict[str, Any]) -> str:
    plan = planned(statement, list(values), connection.dialect)
    bound = plan.bound(values)
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {plan.sql}", tuple(bound)).all()
        return "\n".join(str(row[3]) for row in rows)
    connection.exec_driver_sql("SET LOCAL plan_cache_mode = force_generic_plan")
    connection.exec_driver_sql(f"PREPARE asked AS {plan.numbered}")
    given = ", ".join(f"'{value}'" for value in bound)
    rows = connection.exec_driver_sql(f"EXPLAIN EXECUTE asked({given})" if bound else "EXPLAIN EXECUTE asked").all()
    connection.exec_driver_sql("DEALLOCATE asked")
    return "\n".join(str(row[0]) for row in rows)


def test_a_week_and_the_groups_that_are_due_are_found_by_their_index(store: SqlStore) -> None:
    store._runner.run_now(_fill)
    plans: dict[str, list[str]] = {}
    for analysed in (False, True):
        if analysed:
            store._runner.run_now(lambda connection: connection.exec_driver_sql("ANALYZE"))
        for name, (statement, values, _) in PLANS.items():
            found = store._runner.run_now(lambda connection, s=statement, v=values: _plan(connection, s, v))  # type: ignore[misc]
            plans.setdefault(name, []).append(found)

    for name, (_, _, index) in PLANS.items():
        for found in plans[name]:
            assert index in found, (name, found)
            assert not re.search(r"Seq Scan|SCAN (?!.*USING (COVERING )?INDEX)", found), (name, found)
