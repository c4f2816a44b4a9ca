"""A group's settings in words, with the forms that change them."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.app.verbs import Verb
from bot.app.wording.cast import Cast
from bot.app.wording.examined import in_short
from bot.app.wording.language import Voice
from bot.app.wording.parts import message, person, row, voice
from bot.app.wording.setting_words import LANGUAGE_NAMES, order_words, reveal_words, tally_words, weekday_words
from bot.app.wording.tally_pages import next_moment
from bot.domain.group import Settings, TallyMode
from bot.domain.place import Place
from bot.ports.edges import Lack
from bot.ports.messages import Fields, Message, Plain, Spans

_HOUR = timedelta(hours=1)
MOST_ORGANISERS = 8


def settings(cast: Cast, lacks: Sequence[Lack] = ()) -> Message:
    """Return the group's settings in words, for those who may change them, with what the bot is missing there."""
    t = voice(cast)
    group = cast.group.id
    rows = (*_rows(t, cast), (t.gettext("Organisers"), _organisers(cast)))
    note = t.note("Changes hold for what is started from now on.")
    buttons = row(
        t.button("The group…", Verb.SETTINGS_GROUP, group),
        t.button("Asking…", Verb.SETTINGS_ASKING, group),
        t.button("Limits…", Verb.SETTINGS_LIMITS, group),
        t.button("Weekly tally…", Verb.SETTINGS_TALLY, group),
        t.button("Keeping and quiet…", Verb.SETTINGS_KEEPING, group),
    )
    preview = row(t.button("Preview the weekly post", Verb.PREVIEW_TALLY, group))
    return message(t, "The settings of this group.", Fields(tuple(rows)), *in_short(t, lacks), note, *buttons, *preview)


def _rows(t: Voice, cast: Cast) -> Iterator[tuple[str, Spans]]:
    now = cast.group.settings
    language = LANGUAGE_NAMES.get(now.language, now.language)
    yield t.gettext("Language and time zone"), t.spans("{language}, {zone}", language=language, zone=now.time_zone)
    yield t.gettext("Asked first"), (Plain(order_words(t, now.order)),)
    yield t.gettext("First question"), (Plain(reveal_words(t, now.reveal)),)
    yield (
        t.gettext("Hours to answer"),
        t.spans("{hours}, urgent {urgent}", hours=now.window // _HOUR, urgent=now.urgent_window // _HOUR),
    )
    yield t.gettext("Days before the same two again"), (Plain(str(now.closed_pair.days)),)
    yield (
        t.gettext("Limits"),
        t.spans(
            "questions per person and week {received}; suggestions per member: a day {started}, open {open}; hours "
            "before a first one {wait}",
            received=now.asks_per_week,
            started=now.started_per_day,
            open=now.open_at_once,
            wait=now.newcomer_wait // _HOUR,
        ),
    )
    yield t.gettext("Tips without a person"), _switch(t, on=now.leads)
    yield t.gettext("One member per category"), _switch(t, on=now.seats)
    yield (
        t.gettext("Weekly tally"),
        t.spans(
            "{mode}, on {day} at {time}",
            mode=tally_words(t, now.tally_mode),
            day=weekday_words(t, now.tally_weekday),
            time=f"{now.tally_time:%H:%M}",
        ),
    )
    if now.tally_mode is not TallyMode.OFF:
        yield t.gettext("Next weekly post"), (Plain(next_moment(t, cast)),)
    yield _extras(t, now, cast.place)
    yield (
        t.gettext("Kept, in days"),
        t.spans(
            "drafts {drafts}, words after the end {words}, texts of consents {texts}",
            drafts=now.keep_drafts.days,
            words=now.keep_words.days,
            texts=now.keep_receipts.days,
        ),
    )
    yield (
        t.gettext("Quiet hours"),
        t.spans("{start} to {end}", start=f"{now.quiet_from:%H:%M}", end=f"{now.quiet_until:%H:%M}"),
    )


def _extras(t: Voice, now: Settings, place: Place) -> tuple[str, Spans]:
    quotas = _switch(t, on=now.quotas)
    if not place.takes_amounts:
        return t.gettext("Quotas"), quotas
    return t.gettext("Quotas, amounts"), (*quotas, Plain(", "), *_switch(t, on=now.amounts))


def _switch(t: Voice, *, on: bool) -> Spans:
    return t.spans("on") if on else t.spans("off")


def _organisers(cast: Cast) -> Spans:
    known = sorted({cast.group.started_by, *cast.group.organisers})[:MOST_ORGANISERS]
    found: list[Spans] = [(person(cast, who),) for who in known]
    return tuple(span for index, one in enumerate(found) for span in ((Plain(", "), *one) if index else one))
