"""What can be done with a draft, a lead, or a suggestion that is being asked."""

from bot.app.verbs import Verb
from bot.app.wording.cast import Cast
from bot.app.wording.language import Voice, mark
from bot.app.wording.parts import row
from bot.domain.group import Order, Reveal
from bot.domain.referral import Referral, Status, Tick
from bot.ports.messages import Button, Buttons

_CHOSEN = "✓ "

_NEED = (
    (Tick.YES, Verb.NEED_YES, mark("They need this")),
    (Tick.NOT_SURE, Verb.NEED_UNSURE, mark("Not sure they need it")),
    (Tick.NO, Verb.NEED_NO, mark("They do not need it")),
)
_FIT = (
    (Tick.YES, Verb.FIT_YES, mark("They fit")),
    (Tick.NOT_SURE, Verb.FIT_UNSURE, mark("Not sure they fit")),
    (Tick.NO, Verb.FIT_NO, mark("They do not fit")),
)


def draft_buttons(cast: Cast, t: Voice) -> tuple[Buttons, ...]:
    """Return the rows below a draft; the second question comes after the first."""
    referral = cast.subject
    fit = _ticks(t, referral, _FIT, referral.fit) if referral.need is not None else ()
    return (
        *row(*_ticks(t, referral, _NEED, referral.need)),
        *row(*fit),
        *row(*_choices(cast, t)),
        *row(
            t.button("Ask them", Verb.ASK_THEM, referral.id) if referral.status is Status.SCREENED else None,
            t.button("Ask about the fit first", Verb.CHECK_FIT, referral.id) if _can_check(referral) else None,
            t.button("Edit", Verb.EDIT, referral.id),
            t.button("Write a better introduction", Verb.BETTER, referral.id),
            t.button("Keep as a lead", Verb.KEEP_LEAD, referral.id),
            t.button("Discard", Verb.DISCARD, referral.id),
        ),
    )


def _can_check(referral: Referral) -> bool:
    return referral.fit is Tick.NOT_SURE and referral.need in (Tick.YES, Tick.NOT_SURE)


def _ticks(
    t: Voice, referral: Referral, ticks: tuple[tuple[Tick, Verb, str], ...], chosen: Tick | None
) -> tuple[Button, ...]:
    return tuple(_switch(t, label, verb, referral, on=tick is chosen) for tick, verb, label in ticks)


def _switch(t: Voice, label: str, verb: Verb, referral: Referral, *, on: bool) -> Button:
    return Button((_CHOSEN if on else "") + t.gettext(label), verb, referral.id)


def _choices(cast: Cast, t: Voice) -> tuple[Button, ...]:
    referral = cast.subject
    hides = referral.reveal is Reveal.ROLE_ONLY
    switches = [
        _switch(t, mark("Loop me in"), Verb.LOOP_ME_IN, referral, on=referral.loop_me_in),
        _switch(t, mark("No names at first"), Verb.ROLE_ONLY, referral, on=hides),
        _switch(t, mark("My name may be used"), Verb.MAY_USE_NAME, referral, on=referral.may_use_name),
        _switch(t, mark("Urgent"), Verb.URGENT, referral, on=referral.urgent),
    ]
    if shows_blind(cast):
        switches.append(t.button("Describe without names", Verb.BLIND, referral.id))
    return tuple(switches)


def shows_blind(cast: Cast) -> bool:
    """Say whether one of the questions will describe somebody without a name."""
    referral = cast.subject
    by_role = referral.reveal is Reveal.ROLE_ONLY or cast.group.settings.order is not Order.SEEKER_FIRST
    return by_role or referral.ask is not None or referral.fit is Tick.NOT_SURE


def unfinished_buttons(cast: Cast, t: Voice) -> tuple[Buttons, ...]:
    """Return the row below a draft that does not say yet whom it is about."""
    return row(
        t.button("Edit", Verb.EDIT, cast.subject.id),
        t.button("Discard", Verb.DISCARD, cast.subject.id),
    )


def lead_buttons(cast: Cast, t: Voice) -> tuple[Buttons, ...]:
    """Return the row below a kept lead."""
    referral = cast.subject
    tips = cast.group.settings.leads
    return row(
        t.button("Make it an introduction", Verb.UPGRADE, referral.id),
        t.button("Send a tip…", Verb.SEND_LEAD, cast.group.id) if tips else None,
        t.button("Discard", Verb.DISCARD, referral.id),
    )


def asking_buttons(cast: Cast, t: Voice) -> tuple[Buttons, ...]:
    """Return the row below a suggestion that is being asked."""
    return row(t.button("Withdraw it", Verb.WITHDRAW, cast.subject.id))
