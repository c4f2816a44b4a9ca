"""Telling the operator how the start goes."""

from dataclasses import dataclass

from adapters.telemetry import Observed
from bot.cli.terminal import say


@dataclass(frozen=True, slots=True)
class Voice:
    """Tells the operator of the start: in sentences on a console, as events where machines read the log."""

    telemetry: Observed
    in_sentences: bool

    def tell(self, event: str, sentence: str, **facts: str | float) -> None:
        """Say it in one of the two ways."""
        if self.in_sentences:
            say(sentence)
        else:
            self.telemetry.event(event, **facts)
