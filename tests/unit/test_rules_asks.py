"""An ask from its preview to its close: writing, posting, editing, the end date, and who may."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.domain import ask_commands as c
from bot.domain.ask import MAX_NEED, Ask, AskStatus
from bot.domain.asks import decide_ask
from bot.domain.decision import Decision, Form, Refused, Say
from bot.domain.effects import EditAskCard, PostAskCard
from bot.domain.errors import NotAPartyError
from bot.domain.events import EventKind
from bot.domain.ids import AskId, MemberId
from bot.domain.member import Member
from bot.domain.words import Fault, Slot
from tests.factories import GROUP, NOW, RITA, SAM, a_group, a_member, an_ask
from tests.unit.rulebook import DAY, SECOND, at, group_with, said

NEED = "Somebody who bakes for forty people."
TODAY, YESTERDAY = date(2026, 11, 16), date(2026, 11, 15)
PREVIEW, OPEN, CLOSED = AskStatus.PREVIEW, AskStatus.OPEN, AskStatus.CLOSED
FAULTS = {
    "nothing": ("", Fault.MISSING),
    "too long": ("x" * (MAX_NEED + 1), Fault.TOO_LONG),
    "a link": ("see www.shop.example", Fault.LINK),
    "a mention": ("ask @sam", Fault.MENTION),
    "a contact": ("sam@shop.example", Fault.CONTACT),
}
OVER = {"closed": {"status": CLOSED}, "past its end": {"ends_at": NOW}, "long past its end": {"ends_at": NOW - DAY}}
CLOSINGS: dict[str, tuple[c.AskCommand, dict[str, Any], AskStatus, Say, bool]] = {
    "its owner, open": (c.CloseAsk(SAM), {}, CLOSED, Say.ASK_CLOSED, True),
    "its owner, twice": (c.CloseAsk(SAM), {"status": CLOSED}, CLOSED, Say.ASK_CLOSED, False),
    "its owner, never posted": (c.CloseAsk(SAM), {"status": PREVIEW}, CLOSED, Say.ASK_CLOSED, False),
    "served, open": (c.AskServed(), {}, CLOSED, Say.DONE, True),
    "served, closed": (c.AskServed(), {"status": CLOSED}, CLOSED, Say.DONE, False),
    "served, never posted": (c.AskServed(), {"status": PREVIEW}, PREVIEW, Say.DONE, False),
    "its end": (c.ElapseAsk(), {"ends_at": NOW}, CLOSED, Say.DONE, True),
    "just before its end": (c.ElapseAsk(), {"ends_at": NOW + SECOND}, OPEN, Say.DONE, False),
    "no end": (c.ElapseAsk(), {}, OPEN, Say.DONE, False),
    "its end, closed before": (c.ElapseAsk(), {"status": CLOSED, "ends_at": NOW}, CLOSED, Say.DONE, False),
    "its end, never posted": (c.ElapseAsk(), {"status": PREVIEW, "ends_at": NOW}, PREVIEW, Say.DONE, False),
}


def write(by: MemberId = SAM, need: str = NEED, ends_on: date | None = None, **more: Any) -> c.WriteAsk:  # noqa: ANN401
    facts: dict[str, Any] = {"category": "food", "urgent": True}
    return c.WriteAsk(by, need, ends_on=ends_on, **(facts | more))


def decided(ask: Ask, command: c.AskCommand, owner: Member | None = None) -> Decision[Ask]:
    return decide_ask(ask, command, a_group(), owner or a_member(), NOW)


@pytest.mark.parametrize("command", [write(RITA), c.PostAsk(RITA), c.CloseAsk(RITA)], ids=["write", "post", "close"])
def test_nobody_but_its_owner_touches_an_ask(command: c.AskCommand) -> None:
    ask = an_ask()

    with pytest.raises(NotAPartyError) as refused:
        decided(ask, command)

    assert (refused.value.thing, refused.value.who) == (ask.id, RITA)


@pytest.mark.parametrize(
    ("status", "say", "edits"), [(PREVIEW, Say.ASK_PREVIEW, 0), (OPEN, Say.ASK_SAVED, 1)], ids=["preview", "open"]
)
def test_what_is_written_is_kept_and_an_open_card_changes_with_it(status: AskStatus, say: Say, edits: int) -> None:
    ask = an_ask(status=status)

    found = decided(ask, write())

    assert found.state == replace(ask, need=NEED, category="food", urgent=True, edits=edits)
    assert (said(found), found.effects) == (say, (EditAskCard(AskId("ask"), GROUP, 1),) * edits)


def test_saving_what_stands_there_already_changes_nothing() -> None:
    ask = an_ask()

    found = decided(ask, write(need=ask.need, category=ask.category, urgent=ask.urgent))

    assert (found.state, said(found), found.effects) == (ask, Say.ASK_SAVED, ())


@pytest.mark.parametrize(("need", "fault"), FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("status", [PREVIEW, OPEN], ids=str)
def test_a_bad_text_is_refused_and_kept_only_where_nobody_sees_it(need: str, fault: Fault, status: AskStatus) -> None:
    ask = an_ask(status=status)

    found = decided(ask, write(need=need))

    assert (found.outcome, found.effects) == (Refused({Slot.NEED: fault}, Form.ASK), ())
    assert found.state.need == (need if status is PREVIEW else ask.need)


@pytest.mark.parametrize("over", OVER.values(), ids=OVER)
def test_an_ask_that_is_over_is_not_written_or_posted_any_more(over: dict[str, Any]) -> None:
    ask = an_ask(**over)

    found = (decided(ask, write()), decided(ask, c.PostAsk(SAM)))

    assert [(one.state, said(one), one.effects) for one in found] == [(ask, Say.ASK_NOT_OPEN, ())] * 2


@pytest.mark.parametrize("status", [PREVIEW, OPEN], ids=str)
def test_an_end_in_the_past_is_refused_with_the_rest_kept_in_a_preview(status: AskStatus) -> None:
    ask = an_ask(status=status, ends_at=NOW + DAY)

    found = decided(ask, write(ends_on=YESTERDAY))

    assert (said(found), found.state.ends_at) == (Say.ASK_ENDS_IN_PAST, NOW + DAY)
    assert found.state.need == (NEED if status is PREVIEW else ask.need)


@pytest.mark.parametrize(
    ("zone", "ends_at"),
    [("UTC", "2026-11-17 00:00"), ("America/New_York", "2026-11-17 05:00"), ("Asia/Kathmandu", "2026-11-16 18:15")],
    ids=["utc", "new york", "kathmandu"],
)
def test_an_end_date_is_the_end_of_that_day_where_the_group_is(zone: str, ends_at: str) -> None:
    ask = an_ask(status=PREVIEW)

    found = decide_ask(ask, write(ends_on=TODAY), group_with(time_zone=zone), a_member(), NOW)

    assert found.state.ends_at == at(ends_at)


def test_posting_puts_the_card_in_the_channel() -> None:
    ask = an_ask(status=PREVIEW, ends_at=NOW + SECOND)

    found = decided(ask, c.PostAsk(SAM))

    assert (found.state.status, said(found)) == (OPEN, Say.ASK_POSTED)
    assert found.effects == (PostAskCard(ask.id, GROUP),)
    assert [event.kind for event in found.events] == [EventKind.ASK_POSTED]


@pytest.mark.parametrize("owner", [None, a_member(joined={}), a_member(user=None)], ids=["unknown", "left", "erased"])
def test_only_who_takes_part_posts(owner: Member | None) -> None:
    ask = an_ask(status=PREVIEW)

    found = decide_ask(ask, c.PostAsk(SAM), a_group(), owner, NOW)

    assert (found.state, said(found), found.effects) == (ask, Say.NOT_JOINED, ())


def test_posting_twice_says_that_it_is_posted() -> None:
    ask = an_ask()

    found = decided(ask, c.PostAsk(SAM))

    assert (found.state, said(found), found.effects) == (ask, Say.ASK_POSTED, ())


@pytest.mark.parametrize(("need", "fault"), FAULTS.values(), ids=FAULTS)
def test_a_bad_text_is_not_posted(need: str, fault: Fault) -> None:
    ask = an_ask(status=PREVIEW, need=need)

    found = decided(ask, c.PostAsk(SAM))

    assert (found.state, found.outcome) == (ask, Refused({Slot.NEED: fault}, Form.ASK))


def test_a_preview_whose_end_has_passed_is_not_posted() -> None:
    ask = an_ask(status=PREVIEW, ends_at=NOW)

    found = decided(ask, c.PostAsk(SAM))

    assert (found.state, said(found)) == (ask, Say.ASK_ENDS_IN_PAST)


@pytest.mark.parametrize(("command", "before", "after", "say", "shown"), CLOSINGS.values(), ids=CLOSINGS)
def test_an_ask_closes_once_and_its_card_says_so(
    command: c.AskCommand, before: dict[str, Any], after: AskStatus, say: Say, *, shown: bool
) -> None:
    ask = an_ask(**before)

    found = decided(ask, command)

    assert (found.state.status, said(found)) == (after, say)
    assert found.effects == (EditAskCard(ask.id, GROUP, 1),) * shown
    assert [event.kind for event in found.events] == [EventKind.ASK_CLOSED] * shown


@pytest.mark.parametrize(
    ("facts", "is_open"),
    [({}, True), ({"ends_at": NOW + SECOND}, True), ({"ends_at": NOW}, False), ({"status": PREVIEW}, False)],
    ids=["open", "before its end", "at its end", "preview"],
)
def test_an_ask_can_be_answered_while_it_is_open(facts: dict[str, Any], *, is_open: bool) -> None:
    ask = an_ask(**facts)

    found = ask.is_open(NOW)

    assert found is is_open
