"""Log lines and figures say how the bot does, and nothing of what people wrote."""

import io
import json
import logging
import sys
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from structlog.typing import FilteringBoundLogger

from adapters.telemetry import Observed, set_up_logging, where
from bot.ports.rows import Depth
from bot.ports.telemetry import Telemetry

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


@pytest.fixture
def lines() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def log(lines: io.StringIO) -> FilteringBoundLogger:
    return set_up_logging(form="json", level="info", to=lines)


@pytest.fixture
def telemetry(log: FilteringBoundLogger) -> Observed:
    return Observed(log)


def figures(telemetry: Observed) -> dict[str, float]:
    lines = telemetry.exposition().decode().splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


def test_it_stands_for_its_port(telemetry: Observed) -> None:
    port: Telemetry = telemetry

    assert port is telemetry


def test_an_event_is_one_json_line_with_its_keys(telemetry: Observed, lines: io.StringIO) -> None:
    telemetry.event("consent.recorded", referral="r-1", number=2)

    (line,) = map(json.loads, lines.getvalue().splitlines())
    assert {key: line[key] for key in ("event", "referral", "number", "level")} == {
        "event": "consent.recorded",
        "referral": "r-1",
        "number": 2,
        "level": "info",
    }
    assert datetime.fromisoformat(line["timestamp"]).utcoffset() == timedelta(0)


def test_a_line_for_people_has_no_colours_where_there_is_no_terminal(lines: io.StringIO) -> None:
    log = set_up_logging(form="console", level="info", to=lines)

    Observed(log).event("consent.recorded", referral="r-1")

    assert "consent.recorded" in lines.getvalue()
    assert "referral=r-1" in lines.getvalue()
    assert "\x1b" not in lines.getvalue()


def test_what_is_less_important_than_the_level_is_left_out(lines: io.StringIO) -> None:
    log = set_up_logging(form="json", level="warning", to=lines)

    Observed(log).event("consent.recorded", referral="r-1")

    assert lines.getvalue() == ""


def test_a_librarys_complaint_is_named_without_its_words(log: FilteringBoundLogger, lines: io.StringIO) -> None:
    try:
        int("Grace wrote: yes please")
    except ValueError:
        logging.getLogger("apscheduler.executors").exception("job of %s failed", "Grace")

    (line,) = map(json.loads, lines.getvalue().splitlines())
    assert (line["event"], line["library"], line["severity"]) == (
        "library.complained",
        "apscheduler.executors",
        "ERROR",
    )
    assert line["error"].startswith("ValueError at adapters/test_telemetry.py:")
    assert "Grace" not in lines.getvalue()


def test_what_libraries_merely_mention_is_left_out(log: FilteringBoundLogger, lines: io.StringIO) -> None:
    logging.getLogger("sqlalchemy.engine").info("INSERT INTO texts VALUES (?)")
    logging.getLogger("uvicorn.error").info("Started server process")

    assert lines.getvalue() == ""


def test_a_warning_is_a_complaint_too(log: FilteringBoundLogger, lines: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning("about Grace", UserWarning, "somewhere.py", 3, file=None)

    assert json.loads(lines.getvalue())["library"] == "py.warnings"
    assert "Grace" not in lines.getvalue()


def test_an_errors_place_is_its_type_and_line_without_its_text() -> None:
    assert where(KeyError("Grace")) == "KeyError"


def test_arrivals_are_counted_by_kind_and_timed(telemetry: Observed) -> None:
    telemetry.handled("slash", 0.02)
    telemetry.handled("press", 0.2)
    telemetry.handled("press", 9.0)

    found = figures(telemetry)
    assert found['twoyes_handled_total{kind="slash"}'] == 1
    assert found['twoyes_handled_total{kind="press"}'] == 2
    assert found['twoyes_handling_seconds_bucket{le="0.025"}'] == 1
    assert found["twoyes_handling_seconds_count"] == 3


def test_deliveries_retries_and_those_given_up_are_counted(telemetry: Observed) -> None:
    telemetry.delivered("send_prompt")
    telemetry.retried("notify")
    telemetry.died("notify")

    found = figures(telemetry)
    assert found['twoyes_delivered_total{kind="send_prompt"}'] == 1
    assert found['twoyes_retried_total{kind="notify"}'] == 1
    assert found['twoyes_given_up_total{kind="notify"}'] == 1


@pytest.mark.parametrize(
    ("oldest", "age"), [(NOW - timedelta(seconds=90), 90.0), (NOW + timedelta(seconds=5), 0.0), (None, 0.0)]
)
def test_the_outbox_is_shown_with_the_age_of_what_waits_longest(
    telemetry: Observed, oldest: datetime | None, age: float
) -> None:
    telemetry.depth(Depth(open=4, oldest_due=oldest, dead=2), NOW)

    found = figures(telemetry)
    assert found["twoyes_outbox_open"] == 4
    assert found["twoyes_outbox_oldest_due_seconds"] == age
    assert found["twoyes_dead_letters"] == 2


def test_two_bots_in_one_process_count_apart(log: FilteringBoundLogger) -> None:
    one, other = Observed(log), Observed(log)

    one.handled("slash", 0.1)

    assert 'twoyes_handled_total{kind="slash"}' not in figures(other)


def test_lines_go_to_standard_output_unless_told_otherwise(capsys: pytest.CaptureFixture[str]) -> None:
    log = set_up_logging(form="json", level="info")

    Observed(log).event("served")

    assert json.loads(capsys.readouterr().out)["event"] == "served"
    assert sys.stdout is not None
