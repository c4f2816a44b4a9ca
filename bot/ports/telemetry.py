"""What the bot tells about its own running: events with ids, and figures without people in them."""

from datetime import datetime
from typing import Protocol

from bot.ports.rows import Depth


class Telemetry(Protocol):
    """Takes ids and counts, never a name, a message or an answer. It neither fails nor waits."""

    def event(self, name: str, **facts: str | float) -> None:
        """Log one event with its keys."""

    def handled(self, kind: str, seconds: float) -> None:
        """Count one inbound that was answered; `kind` is what arrived, as in slash or press."""

    def delivered(self, kind: str) -> None:
        """Count one outbox row that reached its platform; `kind` is its effect's."""

    def retried(self, kind: str) -> None:
        """Count one delivery that was put off."""

    def died(self, kind: str) -> None:
        """Count one delivery that was given up."""

    def depth(self, depth: Depth, now: datetime) -> None:
        """Show how much waits, and how old the oldest due row is."""
