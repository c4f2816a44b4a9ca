"""Every effect has a key that names its intent, fits, and begins with what sort of delivery it is."""

from datetime import UTC, datetime
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from bot.app.owed import MAX_KEY, _due, _lane, key_of
from bot.domain import effects as e
from bot.domain.group import Settings
from bot.domain.ids import ChannelId, EventId, GroupId, MemberId, WorkspaceId
from tests.factories import GROUP, SAM, a_group, a_member

INSTANTS = st.datetimes(timezones=st.just(UTC))
SORTS = {
    "prompt",
    "reminder",
    "edit",
    "notice",
    "introduction",
    "heads_up",
    "check_in",
    "tally",
    "close_room",
    "post",
    "report",
    "begin",
    "cannot_post",
    "answer",
}
"""As they stand in DeliveryKey's docstring, for adapters and metrics."""

ALIKE = ({e.PostAskCard, e.EditAskCard, e.WelcomeGroup}, {e.TellHowToBegin, e.GreetWorkspace})
"""Sorts of which two may have one key."""

st.register_type_strategy(datetime, INSTANTS)
EFFECTS = st.one_of(*map(st.from_type, get_args(e.Effect)))


@given(EFFECTS)
def test_a_key_fits_and_says_what_sort_of_delivery_it_is(effect: e.Effect) -> None:
    key = key_of(effect)

    assert 0 < len(key) <= MAX_KEY
    assert key.partition("/")[0] in SORTS
    assert "/" in _lane(effect)


@given(EFFECTS, EFFECTS)
def test_different_sorts_of_effects_never_share_a_key(one: e.Effect, other: e.Effect) -> None:
    if type(one) is not type(other) and not any({type(one), type(other)} <= alike for alike in ALIKE):
        assert key_of(one) != key_of(other)


def test_nobody_is_woken_at_night_nor_where_their_night_is_unknown_in_that_of_the_group() -> None:
    group = a_group(settings=Settings(time_zone="Asia/Tokyo"))
    notice = e.Notify(SAM, e.Notice.LEAD, group=GROUP)
    evening = datetime(2026, 11, 19, 20, 0, tzinfo=UTC)  # five in the morning in Tokyo

    due = {zone: _due(notice, group, a_member(time_zone=zone), evening) for zone in ("UTC", None)}

    assert due["UTC"] == evening
    assert due[None] == datetime(2026, 11, 19, 22, 0, tzinfo=UTC)


def test_one_event_is_answered_once_and_one_arrival_greeted_once_whoever_it_is_for() -> None:
    answers = [
        e.Answer(EventId("event"), MemberId(who), "press", verb, "", None, is_admin=False, kept=False)
        for who, verb in (("ana", "show_mine"), ("ben", "show_card"))
    ]
    here = WorkspaceId("local:room")
    begins: list[e.Effect] = [e.TellHowToBegin(here, MemberId(who), 1) for who in ("ana", "ben")]
    begins.append(e.GreetWorkspace(here, ChannelId("general"), 1, "en"))
    refusals = [e.TellCannotPost(MemberId("ana"), GroupId("group"), None, claim) for claim in ("a", "b")]

    assert len({key_of(effect) for effect in answers}) == 1
    assert len({key_of(effect) for effect in begins}) == 1
    assert len({key_of(effect) for effect in refusals}) == 2
