"""Where a referral stands, as the one who started it may know: open until `closes_at`, whatever was answered."""

from datetime import datetime
from enum import StrEnum

from bot.app.wording.cast import Cast
from bot.app.wording.language import Voice
from bot.app.wording.parts import people
from bot.domain.referral import Referral, Status
from bot.ports.messages import Moment, Spans


class Standing(StrEnum):
    """What the starter sees."""

    DRAFT = "draft"
    LEAD = "lead"
    ASKING = "asking"
    INTRODUCED = "introduced"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"
    CLOSED = "closed"


_SETTLED = {
    Status.DRAFT: Standing.DRAFT,
    Status.SCREENED: Standing.DRAFT,
    Status.LEAD: Standing.LEAD,
    Status.INTRODUCED: Standing.INTRODUCED,
    Status.CLOSED: Standing.INTRODUCED,
    Status.WITHDRAWN: Standing.WITHDRAWN,
    Status.DISCARDED: Standing.DISCARDED,
}


def standing(referral: Referral, now: datetime) -> Standing:
    """Return where it stands. How a question ended makes no difference."""
    if referral.status in _SETTLED:
        return _SETTLED[referral.status]
    return Standing.ASKING if referral.looks_open(now) else Standing.CLOSED


def standing_words(cast: Cast, t: Voice) -> Spans:
    """Return it in words. From the first question to the introduction nobody is named: a name can go missing."""
    referral = cast.subject
    told = people(cast)
    asked_at = Moment(referral.asked_at or referral.created_at)
    match standing(referral, cast.now):
        case Standing.DRAFT:
            return t.spans("A draft for {seeker} and {provider}. Nobody has been asked.", **told)
        case Standing.LEAD if referral.lead_sent_at is not None:
            return t.spans("A tip you sent to {provider} on {moment}.", moment=Moment(referral.lead_sent_at), **told)
        case Standing.LEAD:
            return t.spans("A lead kept for {seeker} and {provider}. Nobody has been asked.", **told)
        case Standing.ASKING:
            return _asking(referral, t, asked_at)
        case Standing.INTRODUCED:
            return t.spans("You brought {seeker} and {provider} together.", **told)
        case Standing.WITHDRAWN:
            return t.spans("Your suggestion of {moment}: withdrawn by you.", moment=asked_at)
        case Standing.DISCARDED:
            return t.spans("A draft you discarded.")
        case _:
            return t.spans("Your suggestion of {moment}: closed without an introduction.", moment=asked_at)


def _asking(referral: Referral, t: Voice, asked_at: Moment) -> Spans:
    closes_at = Moment(referral.closes_at) if referral.closes_at else asked_at
    return t.spans(
        "Your suggestion of {moment}: being asked, until {end} at the latest.", moment=asked_at, end=closes_at
    )
