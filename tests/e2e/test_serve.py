"""`twoyes serve` as a real process: how it starts, what it refuses, how it stops."""

import signal
import stat

import pytest

from bot.domain.ids import MemberId
from storage.keys import new_key
from tests.e2e.commands import LONG_AFTER, Operator, in_store, welcome


def test_a_new_database_is_made_with_a_key_that_its_owner_alone_can_read(operator: Operator) -> None:
    with operator.serving() as server:
        code = server.stop()

    assert code == 0
    assert stat.S_IMODE(operator.key_file.stat().st_mode) == 0o600
    assert [line["event"] for line in server.logged[:3]] == ["database.made", "key.made", "platforms.none"]
    assert operator.key_file.read_text().strip() not in str(server.logged)
    assert operator.does("doctor").code == 0


def test_the_console_is_told_in_sentences(operator: Operator) -> None:
    ended = operator.setting(TWOYES_HEALTH_HOST="203.0.113.1").types("serve")

    made, refused = ended.err.splitlines()
    assert ended.code == 1
    assert made == "A new database was made: twoyes.db."
    assert refused.startswith("twoyes: Health and metrics cannot be served at 203.0.113.1:0")


def test_it_is_alive_and_ready_and_shows_figures(settled: Operator) -> None:
    with settled.serving() as server:
        alive, ready, figures = server.ask("/healthz"), server.ask("/readyz"), server.ask("/metrics")

    assert alive.status_code == 200
    assert ready.json() == {"database": "ok", "migrations": "ok", "courier": "ok"}
    assert "twoyes_outbox_open 0.0" in figures.text


def test_a_second_one_on_the_same_file_is_refused(settled: Operator) -> None:
    with settled.serving() as server:
        second = settled.types("serve")
        code = server.stop()

    assert (second.code, code) == (1, 0)
    assert second.sentence.startswith("Another twoyes is already serving from twoyes.db.")


def test_operator_commands_work_beside_it_but_a_key_file_is_not_changed_under_it(settled: Operator) -> None:
    with settled.serving():
        copied = settled.does("backup", "copy.db")
        erased = settled.types("erase", "U-m-pia", "--yes")
        rotated = settled.does("keys", "rotate")
        examined = settled.does("doctor")

    assert (copied.code, erased.code, rotated.code, examined.code) == (0, 0, 1, 0)
    assert "Stop it first" in rotated.sentence


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_it_delivers_what_is_due_before_it_leaves(settled: Operator, by: signal.Signals) -> None:
    in_store(settled, *(welcome(number) for number in range(200)))

    with settled.serving() as server:
        code = server.stop(by)

    assert code == 0
    events = [line["event"] for line in server.logged]
    assert (events.count("serve.stopping"), events[-1]) == (1, "serve.stopped")
    (depth,) = in_store(settled, lambda tx: tx.outbox.depth(LONG_AFTER))
    assert (depth.open, depth.dead) == (0, 0)


def test_a_letter_that_is_replayed_beside_it_is_delivered(settled: Operator) -> None:
    with settled.serving() as server:
        in_store(settled, welcome(1))
        while "twoyes_delivered_total" not in server.ask("/metrics").text:
            pass
        code = server.stop()

    assert code == 0


def test_what_people_wrote_is_in_no_figure_and_in_no_line(settled: Operator) -> None:
    in_store(settled, welcome(1))

    with settled.serving() as server:
        figures = server.ask("/metrics").text
        server.stop()

    for secret in ("tax adviser", "Pia Park", str(MemberId("m-pia")), settled.key_file.read_text().strip()):
        assert secret not in figures + str(server.logged)


@pytest.mark.postgres
def test_postgres_needs_tables_and_a_key_and_then_serves(operator: Operator, postgres_url: str) -> None:
    on_postgres = operator.setting(DATABASE_URL=postgres_url)

    unmigrated = on_postgres.types("serve")
    migrated = on_postgres.does("migrate")
    keyless = on_postgres.types("serve")
    with on_postgres.setting(TWOYES_ENCRYPTION_KEYS=new_key()).serving() as server:
        ready = server.ask("/readyz")
        code = server.stop()

    assert (unmigrated.code, migrated.code, keyless.code, code) == (1, 0, 1, 0)
    assert "Run `twoyes migrate`" in unmigrated.sentence
    assert "Set TWOYES_ENCRYPTION_KEYS" in keyless.sentence
    assert ready.status_code == 200
