"""The forms of a group's settings. Field keys are the settings' names; windows are hours, what is kept is days."""

from datetime import time, timedelta

from bot.app.verbs import Verb
from bot.app.wording.canonical import text_of
from bot.app.wording.cast import Cast
from bot.app.wording.fields import choice, member_field, on_or_off
from bot.app.wording.parts import voice
from bot.app.wording.setting_words import LANGUAGE_NAMES, order_words, reveal_words, tally_words, weekday_words
from bot.app.wording.tally_pages import next_post
from bot.domain.group import Order, Reveal, TallyMode
from bot.domain.groups import LANGUAGES
from bot.ports.messages import Field, FieldKind, Form

_HOUR = timedelta(hours=1)


def _typed(key: str, label: str, value: object, hint: str = "") -> Field:
    return Field(key, label, FieldKind.TEXT, hint, str(value), max_length=64)


def _clock(key: str, label: str, value: time) -> Field:
    return _typed(key, label, f"{value:%H:%M}")


def settings_group(cast: Cast) -> Form:
    """Return the form for the group itself. `organiser` is a person to add."""
    t = voice(cast)
    now = cast.group.settings
    languages = tuple((code, LANGUAGE_NAMES.get(code, code)) for code in LANGUAGES)
    fields = (
        choice("language", t.gettext("Language"), languages, now.language),
        _typed("time_zone", t.gettext("Time zone"), now.time_zone, t.gettext("Such as Europe/Berlin.")),
        on_or_off(t, "leads", t.gettext("Tips without a person"), value=now.leads),
        on_or_off(t, "seats", t.gettext("One member per category"), value=now.seats),
        member_field("organiser", t.gettext("Add an organiser"), "", required=False),
    )
    return Form(t.gettext("The group"), Verb.SETTINGS_GROUP, cast.group.id, fields, t.gettext("Save"))


def settings_asking(cast: Cast) -> Form:
    """Return the form for how people are asked."""
    t = voice(cast)
    now = cast.group.settings
    fields = (
        choice("order", t.gettext("Who is asked first?"), tuple((o, order_words(t, o)) for o in Order), now.order),
        choice(
            "reveal",
            t.gettext("Names in the first question"),
            tuple((r, reveal_words(t, r)) for r in Reveal),
            now.reveal,
        ),
        _typed("window", t.gettext("Hours to answer"), now.window // _HOUR, t.gettext("At most 336 (14 days).")),
        _typed("urgent_window", t.gettext("Hours to answer, if urgent"), now.urgent_window // _HOUR),
        _typed("closed_pair", t.gettext("Days before the same two again"), now.closed_pair.days),
    )
    return Form(t.gettext("How people are asked"), Verb.SETTINGS_ASKING, cast.group.id, fields, t.gettext("Save"))


def settings_limits(cast: Cast) -> Form:
    """Return the form for the limits."""
    t = voice(cast)
    now = cast.group.settings
    fields = (
        _typed("asks_per_week", t.gettext("Questions per person and week"), now.asks_per_week),
        _typed("started_per_day", t.gettext("Suggestions per member and day"), now.started_per_day),
        _typed("open_at_once", t.gettext("Open suggestions per member"), now.open_at_once),
        _typed("newcomer_wait", t.gettext("Hours before a first suggestion"), now.newcomer_wait // _HOUR),
    )
    return Form(t.gettext("Limits"), Verb.SETTINGS_LIMITS, cast.group.id, fields, t.gettext("Save"))


def settings_tally(cast: Cast) -> Form:
    """Return the form for the weekly tally."""
    t = voice(cast)
    now = cast.group.settings
    days = tuple((str(day), weekday_words(t, day)) for day in range(7))
    amounts = on_or_off(t, "amounts", t.gettext("Amounts in group totals"), value=now.amounts)
    fields = (
        choice(
            "tally_mode",
            t.gettext("What the weekly post shows"),
            tuple((m, tally_words(t, m)) for m in TallyMode),
            now.tally_mode,
        ),
        choice("tally_weekday", t.gettext("Day"), days, str(now.tally_weekday)),
        _typed("tally_time", t.gettext("Time"), f"{now.tally_time:%H:%M}", text_of(next_post(t, cast))),
        on_or_off(t, "quotas", t.gettext("Private nudges about quotas"), value=now.quotas),
        *((amounts,) if cast.place.takes_amounts else ()),
    )
    return Form(t.gettext("Weekly tally"), Verb.SETTINGS_TALLY, cast.group.id, fields, t.gettext("Save"))


def settings_keeping(cast: Cast) -> Form:
    """Return the form for how long things are kept, and for quiet hours."""
    t = voice(cast)
    now = cast.group.settings
    fields = (
        _typed("keep_drafts", t.gettext("Days drafts are kept"), now.keep_drafts.days),
        _typed("keep_words", t.gettext("Days words are kept after the end"), now.keep_words.days),
        _typed("keep_receipts", t.gettext("Days texts of consents are kept"), now.keep_receipts.days),
        _clock("quiet_from", t.gettext("Quiet hours from"), now.quiet_from),
        _clock("quiet_until", t.gettext("Quiet hours until"), now.quiet_until),
    )
    return Form(t.gettext("Keeping and quiet"), Verb.SETTINGS_KEEPING, cast.group.id, fields, t.gettext("Save"))
