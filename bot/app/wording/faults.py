"""What is wrong with something typed, and what to do about it."""

from bot.app.wording.canonical import text_of
from bot.app.wording.language import mark, say, spans
from bot.domain.groups import LANGUAGES, SettingFault
from bot.domain.words import Fault, Slot, limit

_FAULTS = {
    Fault.MISSING: mark("Please write something here."),
    Fault.TOO_LONG: mark("This is too long: at most {number} characters. Please shorten it."),
    Fault.LINK: mark("Please leave out the link: before both have agreed, words travel without links."),
    Fault.MENTION: mark("Please write without mentioning anybody with @: they would be notified."),
    Fault.CONTACT: mark("Please leave out the address or number: everyone shares their own, with their own yes."),
    Fault.NAMES_THEM: mark("This gives away who it is. Describe them without any part of their name or company."),
}
_AFTERWARDS = {
    Fault.LINK: mark("Please leave out the link: here only words are passed on."),
    Fault.CONTACT: mark("Please leave out the address or number: others may get to read this."),
}
"""Of what is said when both have agreed long ago."""

_MISSING = {
    Slot.NEED: mark("What do they need? Please write a sentence."),
    Slot.WHY: mark("Why this person, and how do you know them? Please write a sentence."),
}


def fault_text(slot: Slot, fault: Fault, language: str) -> str:
    """Return what is wrong with the words for a slot and what to do, to stand next to the field."""
    t = say(language)
    if fault is Fault.MISSING and slot in _MISSING:
        return t.gettext(_MISSING[slot])
    words = _AFTERWARDS.get(fault) if slot in (Slot.THANKS, Slot.TESTIMONIAL) else None
    return text_of(spans(t.gettext(words or _FAULTS[fault]), number=limit(slot)))


_SETTING_FAULTS = {
    SettingFault.NO_SUCH_ZONE: mark("I do not know this time zone. Write it like Europe/Berlin or America/New_York."),
    SettingFault.NO_SUCH_LANGUAGE: mark("I do not speak this language. Choose one of: {choices}."),
    SettingFault.NOT_A_NUMBER: mark("Please write a whole number, such as 3."),
    SettingFault.OUT_OF_RANGE: mark("Please choose a number {range}."),
    SettingFault.NOT_A_TIME: mark("Please write a time of day like 09:00 or 22:30."),
    SettingFault.NOT_A_CHOICE: mark("Please choose one of the answers offered."),
    SettingFault.NOT_ALLOWED_HERE: mark("The rules of this chat do not allow that, so it stays off."),
    SettingFault.NO_SUCH_SETTING: mark("There is no such setting. /intros settings shows those there are."),
}
_HOURS = mark("of hours from 1 to 336 (14 days)")
_DAYS = mark("of days from 1 to 3650")
_RANGES = {
    "window": _HOURS,
    "urgent_window": _HOURS,
    "closed_pair": _DAYS,
    "asks_per_week": mark("from 1 to 50"),
    "started_per_day": mark("from 1 to 100"),
    "open_at_once": mark("from 1 to 1000"),
    "newcomer_wait": mark("of hours from 0 to 1440"),
    "tally_weekday": mark("from 0 (Monday) to 6 (Sunday)"),
    "keep_drafts": _DAYS,
    "keep_words": _DAYS,
    "keep_receipts": _DAYS,
}
_ANY_RANGE = mark("within reason")


def setting_fault_text(name: str, fault: SettingFault, language: str) -> str:
    """Return what is wrong with a setting's value and what to do, to stand next to the field."""
    t = say(language)
    bounds = t.gettext(_RANGES.get(name, _ANY_RANGE))
    choices = ", ".join(LANGUAGES)
    return text_of(spans(t.gettext(_SETTING_FAULTS[fault]), range=bounds, choices=choices))
