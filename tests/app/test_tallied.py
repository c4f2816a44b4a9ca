"""The weekly tally as people meet it: their own part, what they let it show, the preview, the post with its picture."""

import asyncio
from datetime import timedelta

import pytest

from adapters.local.gateway import Delay
from adapters.local.transcript import Kind
from bot.app import weekly
from bot.app.composing import TRIES_WITH_CHART
from bot.app.picturing import Pictures
from bot.app.privacy import export_of
from bot.app.verbs import Verb
from bot.app.wording.canonical import canonical_text
from bot.app.wording.cast import Operator
from bot.domain.ids import UserId
from bot.domain.local_time import last_closed_week
from bot.ports.charts import Chart, Charts
from bot.ports.messages import Buttons, Image, Message
from bot.ports.store import Transaction
from tests.app.club import ANA, BEN, DAVID, ELIF, Club
from tests.app.weeks import key_of, older, post_last_week, the_group, weeks_of

COUNTS = (2, 3, 1, 0, 4, 6, 2, 3, 5)


class Broken:
    """Charts that cannot be drawn."""

    async def draw(self, chart: Chart) -> bytes:
        raise RuntimeError(chart.title)

    def close(self) -> None:
        """There is nothing to close."""


class Endless(Broken):
    """Charts that take for ever."""

    async def draw(self, chart: Chart) -> bytes:
        await asyncio.Event().wait()
        raise AssertionError(chart.title)


@pytest.fixture
async def busy(club: Club) -> Club:
    """The sample group with nine weeks behind it, by Ana."""
    await older(club, timedelta(weeks=12))
    await club.bot.store.run(lambda tx: weeks_of(tx, ANA, COUNTS, club.table.clock.now()))
    return club


def draws_with(club: Club, charts: Charts) -> None:
    pictures = Pictures(charts, club.telemetry, within=timedelta(milliseconds=1))
    club.bot._courier._pictures = pictures


def last_post(club: Club) -> Message:
    return next(one for one in reversed(club.table.room.in_view(ELIF)) if one.to == "channel").message


def pictures_in(message: Message) -> list[Image]:
    return [part for part in message.parts if isinstance(part, Image)]


async def last_week(club: Club) -> str:
    """Return what the post of the last week would say now."""

    def work(tx: Transaction) -> str:
        group, now = the_group(tx), club.table.clock.now()
        week = last_closed_week(now, group.settings.time_zone)
        post = weekly.weekly_post(tx, group, week, Operator(), now)
        return canonical_text(post.message) if post else ""

    return await club.bot.store.run(work)


async def chooses(club: Club, user: UserId, *verbs: Verb) -> str:
    """Press these on one's own page, one after the other; return what stands there then."""
    await club.table.types(user, "/intros tally")
    for verb in verbs:
        await club.table.presses(user, club.table.offer(user, verb))
    return canonical_text(club.table.room.in_view(user)[-1].message)


async def test_the_week_is_posted_with_a_picture_that_says_its_numbers(busy: Club) -> None:
    await chooses(busy, ANA, Verb.NAME_ME)

    await post_last_week(busy)

    standing = busy.table.room.in_view(ELIF)[-1]
    post = standing.message
    (picture,) = pictures_in(post)
    assert standing.kind is Kind.POST
    assert picture.content.startswith(b"\x89PNG")
    assert all(f"{count} in week" in picture.alt for count in COUNTS)
    assert "5 introductions made · 3 of them recommendations" in canonical_text(post)
    assert "@ana" in canonical_text(post)


async def test_only_who_asks_for_it_is_named_and_as_long_as_they_want_that_and_are_here(busy: Club) -> None:
    said = [await last_week(busy)]
    for verb in (Verb.NAME_ME, Verb.DO_NOT_NAME_ME, Verb.NAME_ME):
        await chooses(busy, ANA, verb)
        said.append(await last_week(busy))
    await busy.table.types(ANA, "/intros leave")
    said.append(await last_week(busy))

    assert ["@ana" in one for one in said] == [False, True, False, True, False]
    assert all("5 introductions made" in one for one in said)


async def test_listen_for_lines_are_shown_of_those_who_want_it(busy: Club) -> None:
    before = await last_week(busy)
    page = await chooses(busy, BEN, Verb.LISTEN_FOR_ME)

    assert "Listen for" not in before
    assert "@ben" in await last_week(busy)
    assert "It may show your “listen for” line" in page
    assert "It does not show" in await chooses(busy, BEN, Verb.DO_NOT_LISTEN_FOR_ME)


async def test_the_card_has_the_same_two_choices_and_stays_where_it_is(busy: Club) -> None:
    await busy.table.types(BEN, "/intros card")
    standing = busy.table.room.in_view(BEN)[-1]

    await busy.table.presses(BEN, busy.table.offer(BEN, Verb.NAME_ME))
    await busy.table.presses(BEN, busy.table.offer(BEN, Verb.LISTEN_FOR_ME))

    card = busy.table.room.in_view(BEN)[-1]
    exported = await busy.bot.store.run(lambda tx: export_of(tx, key_of(tx, BEN))["groups"][0]["weekly_post"])
    assert exported == {"names_me": True, "shows_my_listen_for": True}
    assert card.id == standing.id
    assert "In the weekly post: your name, your “listen for”" in canonical_text(card.message)


async def test_who_has_not_joined_changes_nothing_and_is_offered_to(busy: Club) -> None:
    await chooses(busy, ANA, Verb.NAME_ME)
    offer = busy.table.offer(ANA, Verb.DO_NOT_NAME_ME)
    await busy.table.types(ANA, "/intros leave")

    reply = await busy.table.presses(ANA, offer)

    assert reply.message is not None
    assert "have not joined" in canonical_text(reply.message)
    assert "[Join]" in await chooses(busy, ANA)


async def test_the_posts_button_shows_ones_own_part_in_private_and_leaves_the_post(busy: Club) -> None:
    await post_last_week(busy)

    reply = await busy.table.presses(BEN, busy.table.offer(BEN, Verb.MY_PART))

    assert not reply.replaces
    assert reply.message is not None
    assert "for you alone" in canonical_text(reply.message)


async def test_a_repeated_press_gets_the_page_again(busy: Club) -> None:
    await busy.table.types(ANA, "/intros tally")
    offer = busy.table.offer(ANA, Verb.NAME_ME)

    first = await busy.table.presses(ANA, offer, event="once")
    again = await busy.table.presses(ANA, offer, event="once")

    assert first == again


async def test_an_organiser_sees_last_weeks_post_beforehand_and_nobody_else_does(busy: Club) -> None:
    await busy.table.types(DAVID, "/intros settings")
    settings = canonical_text(busy.table.room.in_view(DAVID)[-1].message)
    offer = busy.table.offer(DAVID, Verb.PREVIEW_TALLY)

    shown = await busy.table.presses(DAVID, offer)
    refused = await busy.table.presses(BEN, offer)

    assert "Next weekly post: Monday, 23 November 2026, 09:00 (Europe/Stockholm)" in settings
    assert shown.message is not None
    assert "5 introductions made" in canonical_text(shown.message)
    assert not [part for part in shown.message.parts if isinstance(part, Buttons)]
    assert refused.message is not None
    assert "5 introductions made" not in canonical_text(refused.message)


async def test_a_preview_of_an_empty_week_says_that_nothing_would_be_posted(club: Club) -> None:
    await club.table.types(DAVID, "/intros settings")

    shown = await club.table.presses(DAVID, club.table.offer(DAVID, Verb.PREVIEW_TALLY))

    assert shown.message is not None
    assert "nothing would be posted" in canonical_text(shown.message)


@pytest.mark.parametrize(("charts", "error"), [(Broken(), "RuntimeError"), (Endless(), "TimeoutError")])
async def test_a_picture_that_cannot_be_drawn_leaves_the_post_and_a_word_to_the_operator(
    busy: Club, charts: Charts, error: str
) -> None:
    draws_with(busy, charts)

    await post_last_week(busy)

    assert "5 introductions made" in canonical_text(last_post(busy))
    assert pictures_in(last_post(busy)) == []
    assert busy.telemetry.events[-1] == ("chart.failed", {"error": error})


async def test_a_post_that_keeps_failing_is_tried_without_its_picture(busy: Club) -> None:
    busy.gateway.fail_next(Delay(), times=TRIES_WITH_CHART)
    await post_last_week(busy)

    await busy.table.wait(timedelta(minutes=1))

    assert "5 introductions made" in canonical_text(last_post(busy))
    assert pictures_in(last_post(busy)) == []
    assert busy.telemetry.counted.count("delivered tally") == 1


async def test_nothing_is_posted_once_the_group_wants_no_post(busy: Club) -> None:
    await busy.table.types(DAVID, "/intros settings")
    await busy.table.presses(DAVID, busy.table.offer(DAVID, Verb.SETTINGS_TALLY))
    await busy.table.sends(DAVID, {"tally_mode": "off"})

    await post_last_week(busy)

    assert "introductions made" not in canonical_text(last_post(busy))
    assert "no weekly post" in await chooses(busy, ANA)
