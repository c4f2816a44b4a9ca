"""The forms about oneself: one's card and one's break."""

from bot.app.verbs import Verb
from bot.app.wording.cast import Cast
from bot.app.wording.fields import choice, day_in, last_minute, yes_or_no
from bot.app.wording.parts import voice
from bot.domain.member import FOREVER, Card, CardSlot
from bot.ports.messages import Field, FieldKind, Form

CARD_LINE = 300


def card(cast: Cast, card: Card) -> Form:
    """Return the first form of a card: what a fit is judged by."""
    t = voice(cast)
    labels = (
        (CardSlot.DOES, t.gettext("What do you do?"), t.gettext("Your role, as you would say it at dinner.")),
        (CardSlot.FOR_WHOM, t.gettext("Whom do you help, to do what?"), ""),
        (CardSlot.IDEAL, t.gettext("Who is your ideal client?"), t.gettext("So that others can tell who fits.")),
        (CardSlot.NOT_A_FIT, t.gettext("Who is not a fit?"), ""),
        (CardSlot.COMPANY, t.gettext("Company"), ""),
    )
    needed = (CardSlot.DOES, CardSlot.IDEAL)
    fields = tuple(_line(card, slot, label, hint, required=slot in needed) for slot, label, hint in labels)
    return Form(t.gettext("My card"), Verb.EDIT_CARD, cast.group.id, fields, t.gettext("Save"))


def card_more(cast: Cast, card: Card) -> Form:
    """Return the second form of a card. `accepts_leads` takes `yes` or `no`."""
    t = voice(cast)
    labels = (
        (CardSlot.PLACE, t.gettext("Where?"), ""),
        (CardSlot.LISTEN_FOR, t.gettext("Listen for…"), t.gettext("What somebody says who needs you.")),
        (CardSlot.CATEGORY, t.gettext("Category"), ""),
        (CardSlot.LINKS, t.gettext("Links"), ""),
    )
    fields = tuple(_line(card, slot, label, hint, required=False) for slot, label, hint in labels)
    tips = t.gettext("A tip is a need without a person. Nobody expects your call.")
    leads = yes_or_no(t, "accepts_leads", t.gettext("Do you want tips?"), value=card.accepts_leads, hint=tips)
    return Form(t.gettext("More for my card"), Verb.EDIT_CARD_MORE, cast.group.id, (*fields, leads), t.gettext("Save"))


def _line(card: Card, slot: CardSlot, label: str, hint: str, *, required: bool) -> Field:
    value = card.lines.get(slot, "")
    return Field(slot, label, FieldKind.TEXT, hint, value, required=required, max_length=CARD_LINE)


def pause(cast: Cast) -> Form:
    """Return the form for a break. `until` is a day, `quiet` takes `quiet` or `said`."""
    t = voice(cast)
    me = cast.reader
    running = me is not None and me.is_paused(cast.now) and me.paused_until != FOREVER
    zone = (me.time_zone if me else None) or cast.group.settings.time_zone
    until = day_in(last_minute(me.paused_until), zone) if me and running else ""
    hint = t.gettext("A date like 2030-01-31. You are back the day after.")
    modes = (
        ("quiet", t.gettext("Quietly: nobody is told")),
        ("said", t.gettext("Openly: who wants to suggest you is told")),
    )
    mode = "quiet" if me is None or me.pause_is_quiet else "said"
    fields = (
        Field("until", t.gettext("Until when?"), FieldKind.TEXT, hint, until, max_length=10),
        choice("quiet", t.gettext("How?"), modes, mode),
    )
    return Form(t.gettext("Take a break"), Verb.PAUSE, cast.group.id, fields, t.gettext("Save"))
