"""Log lines with ids alone, and the figures that /metrics shows."""

import logging
import sys
import traceback
from datetime import datetime
from pathlib import Path
from typing import TextIO

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from structlog.typing import FilteringBoundLogger, Processor

from bot.ports.rows import Depth

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)  # platforms stop waiting after three seconds


def set_up_logging(*, form: str, level: str, to: TextIO | None = None) -> FilteringBoundLogger:
    """Send our events to `to` (standard output) as `json` or `console` lines, and what libraries warn of with them."""
    stream = to or sys.stdout
    structlog.configure(
        processors=_processors(form, in_colour=stream.isatty()),
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    log: FilteringBoundLogger = structlog.get_logger()
    logging.basicConfig(handlers=[_Libraries(log)], level=logging.WARNING, force=True)
    logging.captureWarnings(capture=True)
    return log


def where(error: BaseException) -> str:
    """Say of what type an error is and at which line it arose. Its text may quote what somebody wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    place = "/".join(Path(frames[-1].filename).parts[-2:])
    return f"{type(error).__name__} at {place}:{frames[-1].lineno}"


class Observed:
    """The Telemetry of a running bot."""

    def __init__(self, log: FilteringBoundLogger) -> None:
        """Count from nothing, in a registry of its own."""
        self._log = log
        self._registry = CollectorRegistry()
        self._handled = self._counter("handled", "Commands, presses, forms and messages that were answered.")
        self._delivered = self._counter("delivered", "Outbox rows that reached their platform.")
        self._retried = self._counter("retried", "Deliveries that were put off.")
        self._died = self._counter("given_up", "Deliveries that were given up.")
        self._seconds = Histogram(
            "twoyes_handling_seconds",
            "Time from an arrival to its answer.",
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._open = self._gauge("outbox_open", "Outbox rows that wait.")
        self._age = self._gauge("outbox_oldest_due_seconds", "How long the oldest due outbox row has waited.")
        self._dead = self._gauge("dead_letters", "Dead letters that wait for the operator.")

    def event(self, name: str, **facts: str | float) -> None:
        self._log.info(name, **facts)

    def handled(self, kind: str, seconds: float) -> None:
        self._handled.labels(kind).inc()
        self._seconds.observe(seconds)

    def delivered(self, kind: str) -> None:
        self._delivered.labels(kind).inc()

    def retried(self, kind: str) -> None:
        self._retried.labels(kind).inc()

    def died(self, kind: str) -> None:
        self._died.labels(kind).inc()

    def depth(self, depth: Depth, now: datetime) -> None:
        waited = (now - depth.oldest_due).total_seconds() if depth.oldest_due else 0.0
        self._open.set(depth.open)
        self._age.set(max(waited, 0.0))
        self._dead.set(depth.dead)

    def exposition(self) -> bytes:
        """Return every figure in the text format that Prometheus reads, of type CONTENT_TYPE."""
        return generate_latest(self._registry)

    def _counter(self, name: str, meaning: str) -> Counter:
        return Counter(f"twoyes_{name}", meaning, ["kind"], registry=self._registry)

    def _gauge(self, name: str, meaning: str) -> Gauge:
        return Gauge(f"twoyes_{name}", meaning, registry=self._registry)


class _Libraries(logging.Handler):
    """Says which library complained, and where. What it said may hold parameters and names, and is dropped."""

    def __init__(self, log: FilteringBoundLogger) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        facts = {"error": where(error)} if error else {}
        self._log.warning(
            "library.complained", library=record.name, severity=record.levelname, line=record.lineno, **facts
        )


def _processors(form: str, *, in_colour: bool) -> list[Processor]:
    shared: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if form == "json":
        return [*shared, structlog.processors.JSONRenderer()]
    return [*shared, structlog.dev.ConsoleRenderer(colors=in_colour)]
