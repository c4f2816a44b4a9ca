"""What a member does for themselves: join, leave, card, break, looking things up."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.ids import EventId
from bot.ports.inbound import Origin, Slash
from tests.app.club import ANA, BEN, CARLA, ELIF, Club


async def asked(club: Club) -> None:
    await club.scenes.draft()
    await club.scenes.improve()
    await club.scenes.press(ANA, "ask_them")


async def test_joining_twice_says_so_and_greets_once(club: Club) -> None:
    before = len(club.table.room.in_view(BEN))

    await club.table.types(BEN, "/intros join")

    assert len(club.table.room.in_view(BEN)) == before + 1


async def test_who_leaves_is_asked_nothing_more_and_nobody_is_told(club: Club) -> None:
    await asked(club)
    await club.scenes.press(BEN, "yes")

    await club.table.types(CARLA, "/intros leave")
    before = club.seen(ANA)
    await club.table.wait(timedelta(minutes=5))

    assert club.seen(ANA) == before


async def test_a_card_line_that_is_too_long_is_said_at_its_field_and_the_others_are_kept(club: Club) -> None:
    await club.table.types(BEN, "/intros card")
    await club.scenes.press(BEN, "edit_card")

    reply = await club.table.sends(BEN, {"does": "y" * 400, "ideal": "old houses"})

    assert set(reply.errors) == {"does"}
    await club.table.types(BEN, "/intros card")
    assert "old houses" in club.last(BEN)


@pytest.mark.parametrize("until", ["someday", "2026-01-01", ""], ids=["words", "past", "empty"])
async def test_a_break_needs_a_day_to_come(club: Club, until: str) -> None:
    await club.table.types(BEN, "/intros pause")
    await club.scenes.press(BEN, "pause")

    reply = await club.table.sends(BEN, {"until": until})

    assert set(reply.errors) == {"until"}


async def test_a_said_break_is_told_to_a_referrer_and_a_quiet_one_is_not(club: Club) -> None:
    await club.scenes.draft()
    await club.scenes.improve()
    await club.table.types(BEN, "/intros pause")
    await club.scenes.press(BEN, "pause")
    await club.table.sends(BEN, {"until": "2026-12-01", "quiet": "said"})

    await club.scenes.press(ANA, "ask_them")
    told = club.last(ANA)
    await club.table.types(BEN, "/intros pause")
    await club.scenes.press(BEN, "pause")
    await club.table.sends(BEN, {"until": "2026-12-01", "quiet": "quiet"})
    await club.scenes.press(ANA, "ask_them")

    assert "break" in told or "pause" in told.casefold()
    assert "I am asking them now" in club.last(ANA)
    assert "May I introduce" not in club.seen(BEN)


async def test_find_shows_members_whose_cards_fit_and_never_oneself(club: Club) -> None:
    await club.table.types(ANA, "/intros find accountant makers photographer")

    assert "carla" in club.last(ANA)
    assert "user='ana'" not in club.last(ANA)


async def test_find_without_words_says_what_to_type(club: Club) -> None:
    await club.table.types(ANA, "/intros find")

    assert "/intros find" in club.last(ANA)


@pytest.mark.parametrize("word", ["", "help", "sing", "payload"])
async def test_help_comes_for_every_word_that_is_none(club: Club, word: str) -> None:
    await club.table.types(ELIF, f"/intros {word}")

    assert "/refer" in club.last(ELIF)


async def test_mine_shows_what_waits_for_me_and_where_mine_stand(club: Club) -> None:
    await asked(club)

    await club.table.types(BEN, "/intros mine")
    await club.table.types(ANA, "/intros mine")

    assert "open_question" in club.last(BEN)
    assert "show_draft" in club.last(ANA)


async def test_reporting_somebody_by_name_puts_them_on_the_private_list(club: Club) -> None:
    await club.table.types(BEN, "/intros report @carla")
    await club.table.types(BEN, "/intros privacy")

    await club.scenes.press(BEN, "unblock")

    await club.table.types(BEN, "/intros privacy")
    assert not any(b.verb == "unblock" for b in club.table.room.in_view(BEN)[-1].buttons)


async def test_a_members_language_and_time_zone_follow_what_their_platform_tells_when_they_next_see_to_themselves(
    club: Club,
) -> None:
    people, workspace = club.table.room.people, club.table.room.workspace
    here = people.pop(BEN)
    people[BEN] = replace(here, locale="de", time_zone="Asia/Tokyo")
    await club.table.types(BEN, "/intros join")
    moved = await club.bot.store.run(lambda tx: tx.members.by_user(workspace, BEN))

    await club.bot.handle(Slash(Origin(EventId("silent"), workspace, BEN, club.table.room.channel), "intros", "join"))
    del people[BEN]
    await club.bot.handle(Slash(Origin(EventId("gone"), workspace, BEN, club.table.room.channel), "intros", "join"))
    kept = await club.bot.store.run(lambda tx: tx.members.by_user(workspace, BEN))

    assert moved
    assert (moved.locale, moved.time_zone) == ("de", "Asia/Tokyo")
    assert kept == moved
