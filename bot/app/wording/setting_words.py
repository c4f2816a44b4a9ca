"""Names for the choices a group can make."""

from bot.app.wording.language import Voice, mark
from bot.domain.group import Order, Reveal, TallyMode

LANGUAGE_NAMES = {"en": "English", "de": "Deutsch"}
"""Each in its own language; one that is not here is shown by its code."""

_ORDERS = {
    Order.SEEKER_FIRST: mark("The one who needs help"),
    Order.PROVIDER_FIRST: mark("The one who can help, without names"),
    Order.BOTH_AT_ONCE: mark("Both at once"),
}
_REVEALS = {
    Reveal.NAMED: mark("Names are shown"),
    Reveal.ROLE_ONLY: mark("No names at first"),
}
_TALLIES = {
    TallyMode.OFF: mark("Nothing"),
    TallyMode.TOTALS: mark("Totals"),
    TallyMode.THANKS: mark("Totals and thanks"),
    TallyMode.GIVERS: mark("Givers and their introductions"),
    TallyMode.FULL: mark("Recommendations too"),
}
_WEEKDAYS = (
    mark("Monday"),
    mark("Tuesday"),
    mark("Wednesday"),
    mark("Thursday"),
    mark("Friday"),
    mark("Saturday"),
    mark("Sunday"),
)


def order_words(t: Voice, order: Order) -> str:
    """Return who is asked first."""
    return t.gettext(_ORDERS[order])


def reveal_words(t: Voice, reveal: Reveal) -> str:
    """Return whether first questions name people."""
    return t.gettext(_REVEALS[reveal])


def tally_words(t: Voice, mode: TallyMode) -> str:
    """Return what the weekly post shows."""
    return t.gettext(_TALLIES[mode])


def weekday_words(t: Voice, day: int) -> str:
    """Return a weekday's name; Monday is 0."""
    return t.gettext(_WEEKDAYS[day])
