"""What no platform is to be given, so that a message fits on all of them, whatever each would take."""

from typing import Final

from bot.ports.gateway import DeliveryKey, DeliveryRefusedError, Refusal
from bot.ports.messages import Button, Buttons, Message

MOST_SUMMARY: Final = 3000
MOST_IN_ROW: Final = 5
MOST_LABEL: Final = 80
MOST_ID: Final = 100


def require_fit(message: Message, key: DeliveryKey) -> None:
    """Raise DeliveryRefusedError (INVALID) unless summary, rows of buttons and key keep to the common limits."""
    rows = [part.buttons for part in message.parts if isinstance(part, Buttons)]
    fits = (
        0 < len(key) <= MOST_ID
        and bool(message.summary.strip())
        and len(message.summary) <= MOST_SUMMARY
        and all(0 < len(row) <= MOST_IN_ROW and all(map(_fits, row)) for row in rows)
    )
    if not fits:
        raise DeliveryRefusedError(Refusal.INVALID)


def _fits(button: Button) -> bool:
    return bool(button.label.strip()) and len(button.label) <= MOST_LABEL and len(button.id) <= MOST_ID
