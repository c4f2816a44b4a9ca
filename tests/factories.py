"""One factory for each aggregate: a believable value, and whatever the test is about changed in it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.ask import Ask, AskStatus
from bot.domain.decision import Around, ConsentReceipt, Say, Told
from bot.domain.effects import Notice, Notify
from bot.domain.events import Event, EventKind
from bot.domain.group import Group, Settings
from bot.domain.hearing import Surroundings
from bot.domain.ids import AskId, ChannelId, GroupId, MemberId, ReferralId, UserId, WorkspaceId
from bot.domain.kind import Kind
from bot.domain.member import Card, CardSlot, Member
from bot.domain.outcome import FollowUp
from bot.domain.question import Answer, Question, Side, Stage
from bot.domain.referral import Referral, Status, Tick
from bot.domain.words import Slot
from bot.ports.gateway import DeliveryKey
from bot.ports.rows import Intent, Remembered, Shown

NOW = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
"""A Monday morning on which every story starts."""

LONG_AGO = NOW - timedelta(days=60)
WORKSPACE = WorkspaceId("local:room")
CHANNEL = ChannelId("general")
GROUP = GroupId("group")

RITA = MemberId("m-rita")
"""The referrer."""
SAM = MemberId("m-sam")
"""The seeker."""
PIA = MemberId("m-pia")
"""The provider."""
OTTO = MemberId("m-otto")
"""The organiser."""

WINDOW = timedelta(days=3)


def a_member(**changes: Any) -> Member:  # noqa: ANN401 -- any field of the aggregate, here and below
    """Return a member who joined the group long ago; their user id follows from their key."""
    key = changes.get("id", SAM)
    facts: dict[str, Any] = {
        "id": key,
        "workspace": WORKSPACE,
        "user": UserId(f"U-{key}"),
        "joined": {GROUP: LONG_AGO},
    }
    return Member(**(facts | changes))


def a_card(**changes: Any) -> Card:  # noqa: ANN401
    """Return a card that says enough to judge a fit by."""
    facts: dict[str, Any] = {
        "member": PIA,
        "group": GROUP,
        "lines": {
            CardSlot.NAME_LINE: "Pia Park, tax adviser",
            CardSlot.DOES: "Gets a small shop's books in order before the tax office asks.",
            CardSlot.IDEAL: "Owners of shops with one to five people",
        },
    }
    return Card(**(facts | changes))


def a_group(**changes: Any) -> Group:  # noqa: ANN401
    """Return a group that is old enough for newcomers to have to wait."""
    facts: dict[str, Any] = {
        "id": GROUP,
        "workspace": WORKSPACE,
        "channel": CHANNEL,
        "started_at": LONG_AGO,
        "started_by": OTTO,
    }
    return Group(**(facts | changes))


def an_ask(**changes: Any) -> Ask:  # noqa: ANN401
    """Return an ask that stands in the channel."""
    facts: dict[str, Any] = {
        "id": AskId("ask"),
        "group": GROUP,
        "owner": SAM,
        "need": "Somebody who can do a small shop's books by March.",
        "created_at": NOW - timedelta(days=1),
        "status": AskStatus.OPEN,
    }
    return Ask(**(facts | changes))


def a_question(**changes: Any) -> Question:  # noqa: ANN401
    """Return a question by name to the seeker, asked now and open for three days."""
    asked_at = changes.get("asked_at", NOW)
    facts: dict[str, Any] = {
        "number": 0,
        "stage": Stage.SEEKER_NAMED,
        "asked_at": asked_at,
        "deadline": asked_at + WINDOW,
    }
    return Question(**(facts | changes))


def a_referral(**changes: Any) -> Referral:  # noqa: ANN401
    """Return a screened draft: Rita would introduce Sam, who needs his books done, to Pia."""
    facts: dict[str, Any] = {
        "id": ReferralId("referral"),
        "group": GROUP,
        "created_at": NOW,
        "starter": RITA,
        "status": Status.SCREENED,
        "seeker": SAM,
        "provider": PIA,
        "need": Tick.YES,
        "fit": Tick.YES,
        "words": {
            Slot.NEED: "His books have to be done by March.",
            Slot.WHY: "She sorted out mine in two evenings; we share a studio.",
        },
    }
    return Referral(**(facts | changes))


def an_asking_referral(**changes: Any) -> Referral:  # noqa: ANN401
    """Return a referral whose seeker was asked now."""
    asked_at = changes.get("asked_at", NOW)
    facts: dict[str, Any] = {
        "status": Status.ASKING,
        "asked_at": asked_at,
        "closes_at": asked_at + 2 * WINDOW,
        "questions": (a_question(asked_at=asked_at),),
    }
    return a_referral(**(facts | changes))


def an_agreed_referral(**changes: Any) -> Referral:  # noqa: ANN401
    """Return a referral to which both said yes now, about to be posted."""
    yes: dict[str, Any] = {"answer": Answer.YES, "answered_at": NOW, "edits": 1}
    provider = a_question(number=1, stage=Stage.PROVIDER_NAMED, **yes)
    facts: dict[str, Any] = {
        "status": Status.POSTING,
        "questions": (a_question(**yes), provider),
        "posting_at": NOW + timedelta(seconds=30),
        "postings": 1,
    }
    return an_asking_referral(**(facts | changes))


def a_follow_up(**changes: Any) -> FollowUp:  # noqa: ANN401
    """Return what comes after an introduction of Sam and Pia by Rita, made now; Pia moves first."""
    facts: dict[str, Any] = {
        "referral": ReferralId("referral"),
        "group": GROUP,
        "introduced_at": NOW,
        "week": "2026-W47",
        "kind": Kind.RECOMMENDATION,
        "referrer": RITA,
        "seeker": SAM,
        "provider": PIA,
        "first_move": Side.PROVIDER,
    }
    return FollowUp(**(facts | changes))


def surroundings(**changes: Any) -> Surroundings:  # noqa: ANN401
    """Return a group in which Rita, Sam and Pia are members, and in which amounts are counted."""
    facts: dict[str, Any] = {
        "group": a_group(settings=Settings(amounts=True)),
        "people": {key: a_member(id=key) for key in (RITA, SAM, PIA)},
    }
    return Surroundings(**(facts | changes))


def around(**changes: Any) -> Around:  # noqa: ANN401
    """Return a group in which Rita, Sam, Pia and Otto are members and Pia has a card."""
    facts: dict[str, Any] = {
        "group": a_group(),
        "people": {key: a_member(id=key) for key in (RITA, SAM, PIA, OTTO)},
        "cards": {PIA: a_card()},
    }
    return Around(**(facts | changes))


def an_event(**changes: Any) -> Event:  # noqa: ANN401
    """Return a log entry of an introduction by Rita."""
    facts: dict[str, Any] = {
        "kind": EventKind.INTRODUCED,
        "group": GROUP,
        "by": RITA,
        "referral": ReferralId("referral"),
        "facts": {"kind": "informed_referral", "helper": "false"},
    }
    return Event(**(facts | changes))


def a_receipt(**changes: Any) -> ConsentReceipt:  # noqa: ANN401
    """Return the record of Sam's yes, to be shown to Pia."""
    facts: dict[str, Any] = {
        "referral": ReferralId("referral"),
        "number": 0,
        "by": SAM,
        "answer": Answer.YES,
        "at": NOW,
        "shown_to": PIA,
    }
    return ConsentReceipt(**(facts | changes))


def a_shown(**changes: Any) -> Shown:  # noqa: ANN401
    """Return the text of Sam's prompt, which is about Rita and Pia too."""
    facts: dict[str, Any] = {
        "referral": ReferralId("referral"),
        "number": 0,
        "to": SAM,
        "about": (PIA, RITA, SAM),
        "text": "Rita would like to introduce you to Pia.",
        "version": 1,
        "locale": "en",
        "at": NOW,
    }
    return Shown(**(facts | changes))


def an_intent(key: str = "referral:introduced:m-rita", **changes: Any) -> Intent:  # noqa: ANN401
    """Return a notice owed to Rita, due now, in a lane of its own key."""
    facts: dict[str, Any] = {
        "key": DeliveryKey(key),
        "effect": Notify(RITA, Notice.INTRODUCED, ReferralId("referral"), Side.SEEKER),
        "lane": key,
        "workspace": WORKSPACE,
        "destination": "local:room:m-rita",
        "due": NOW,
    }
    return Intent(**(facts | changes))


def remembered(**changes: Any) -> Remembered:  # noqa: ANN401
    """Return a first answer worth repeating."""
    facts: dict[str, Any] = {"outcome": Told(Say.DONE), "view": "told", "ref": "referral"}
    return Remembered(**(facts | changes))
