"""The bot comes and goes, accounts are closed, and what is left behind is forgotten in time."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.app.composing import Parcel, prepare
from bot.app.wording.cast import Operator
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.edges import Person
from bot.ports.installs import Installation
from bot.ports.store import Transaction
from storage.store import SqlStore
from storage.tables import metadata
from tests.app.club import ANA, BEN, CARLA, DAVID, ELIF, Club, text_of

DAY = timedelta(days=1)
GRACE = timedelta(days=30)


def here(club: Club) -> WorkspaceId:
    return club.table.room.workspace


async def asked(club: Club) -> None:
    await club.scenes.draft()
    await club.scenes.improve()
    await club.scenes.press(ANA, "ask_them")


def greetings(club: Club) -> list[str]:
    texts = [text_of(standing.message) for standing in club.table.room.in_view(DAVID)]
    return [text for text in texts if "Three steps" in text or "I am back" in text]


def counts(club: Club) -> dict[str, int]:
    """Count the rows of each table that has any."""
    assert isinstance(club.bot.store, SqlStore)
    tables = metadata.tables
    found = {
        name: club.bot.store._runner.run_now(lambda c, t=t: c.scalar(select(func.count()).select_from(t)))  # type: ignore[misc]
        for name, t in tables.items()
    }
    return {name: number for name, number in found.items() if number}


async def installed(club: Club) -> None:
    now = club.table.clock.now()
    installation = Installation(here(club), "token", UserId("twoyes"), DAVID, now)
    await club.bot.store.run(lambda tx: tx.installations.save(installation))
    await club.bot.arrived(here(club), DAVID)
    await club.bot.deliver()


async def test_whoever_added_the_bot_is_told_how_to_begin_once_for_each_arrival(club: Club) -> None:
    for _ in range(3):
        await club.bot.arrived(here(club), None)
        await club.bot.arrived(here(club), DAVID)
        await club.bot.deliver()
    before = len(greetings(club))

    await club.bot.departed(here(club))
    await club.bot.arrived(here(club), DAVID)
    await club.bot.deliver()

    assert (before, len(greetings(club))) == (1, 2)


async def test_where_no_group_is_yet_the_three_steps_and_the_operator_are_named(club: Club) -> None:
    elsewhere = WorkspaceId("local:elsewhere")

    await club.bot.arrived(elsewhere, DAVID)

    now = club.table.clock.now()
    (row,) = await club.bot.store.run(lambda tx: tx.outbox.claim(now, now, "lease", 9))
    parcel = await club.bot.store.run(lambda tx: prepare(tx, row, Operator("Ada Example"), now))
    assert row.intent.key == "begin/local:elsewhere/1"
    assert isinstance(parcel, Parcel)
    assert "Three steps" in text_of(parcel.message)
    assert "Ada Example" in text_of(parcel.message)


async def test_nothing_is_delivered_after_a_departure_and_time_makes_no_noise(club: Club) -> None:
    await asked(club)
    before = {user: club.seen(user) for user in (ANA, BEN, CARLA, DAVID)}

    await club.bot.departed(here(club))
    await club.table.wait(20 * DAY)

    assert {user: club.seen(user) for user in before} == before
    depth = await club.bot.store.run(lambda tx: tx.outbox.depth(club.table.clock.now()))
    assert (depth.open, depth.oldest_due, depth.dead) == (0, None, 0)
    assert not any(name == "delivery.dead" for name, _ in club.telemetry.events)


async def test_coming_back_within_the_grace_period_everything_goes_on(club: Club) -> None:
    await asked(club)
    await club.bot.departed(here(club))
    await club.table.wait(DAY)

    await club.bot.arrived(here(club), DAVID)
    await club.table.wait(DAY)
    await club.bot.purge()
    await club.scenes.press(BEN, "open_question", "yes")

    assert "May I introduce" in club.seen(CARLA)
    assert len(greetings(club)) == 1


async def test_a_departure_forgets_the_token_in_either_order_and_twice_is_once(club: Club) -> None:
    await installed(club)
    first = await departures(club)

    await club.bot.departed(here(club))
    club.table.clock.move_to(club.table.clock.now() + DAY)
    await club.bot.departed(here(club))
    await club.bot.store.run(lambda tx: tx.installations.remove(here(club)))
    await club.bot.departed(here(club))

    assert first is None
    assert await departures(club) == club.table.clock.now() - DAY
    assert await club.bot.store.run(lambda tx: tx.installations.get(here(club))) is None


async def departures(club: Club) -> object:
    known = await club.bot.store.run(lambda tx: tx.workspaces.get(here(club)))
    return known.departed_at if known else None


async def test_a_removal_from_before_the_bot_was_added_again_changes_nothing(club: Club) -> None:
    earlier = club.table.clock.now()
    club.table.clock.move_to(earlier + DAY)
    await installed(club)

    await club.bot.departed(here(club), at=earlier)

    assert await departures(club) is None
    assert await club.bot.store.run(lambda tx: tx.installations.get(here(club)))


async def test_after_the_grace_period_nothing_of_the_workspace_is_left(club: Club) -> None:
    await asked(club)
    await club.scenes.press(BEN, "yes")
    await club.scenes.press(CARLA, "yes")
    await club.table.wait(timedelta(minutes=5))
    await installed(club)
    await club.bot.departed(here(club))
    club.table.clock.move_to(club.table.clock.now() + GRACE - timedelta(hours=1))
    await club.bot.purge()
    before = counts(club)

    club.table.clock.move_to(club.table.clock.now() + timedelta(hours=1))
    for _ in range(2):
        await club.bot.purge()

    assert {"member", "group", "referral", "text", "receipt", "log", "workspace"} <= set(before)
    assert counts(club) == {"meta": 1}
    files = b"".join(path.read_bytes() for path in club.file.parent.glob(f"{club.file.name}*"))
    assert not any(word in files for word in (b"general", BEN.encode() + b"Europe", b"local:room"))


async def test_a_workspace_that_came_back_is_not_purged(club: Club) -> None:
    await club.bot.departed(here(club))
    await club.bot.arrived(here(club), None)
    club.table.clock.move_to(club.table.clock.now() + 3 * GRACE)

    await club.bot.purge()

    assert counts(club)["member"] == 5


async def test_a_closed_account_ends_what_was_open_without_a_word_and_gets_nothing_more(club: Club) -> None:
    await asked(club)
    await club.scenes.press(BEN, "yes")
    before = {user: club.seen(user) for user in (ANA, BEN, CARLA)}

    for _ in range(2):
        await club.bot.person_gone(here(club), CARLA)
        await club.table.wait(timedelta(hours=1))

    assert {user: club.seen(user) for user in before} == before
    await club.table.wait(10 * DAY)
    assert club.seen(CARLA) == before[CARLA]
    assert not club.table.room.rooms
    assert "did not come about" in club.seen(BEN)
    assert not any(name == "delivery.dead" for name, _ in club.telemetry.events)


async def test_a_closed_account_keeps_its_card_and_can_come_back_by_joining(club: Club) -> None:
    await club.bot.person_gone(here(club), BEN)
    outside = await club.bot.store.run(lambda tx: tx.members.by_user(here(club), BEN))

    await club.table.types(BEN, "/intros join")
    await club.table.types(BEN, "/intros card")

    assert outside
    assert not outside.joined
    assert "kitchens" in club.last(BEN)
    await asked(club)
    assert "May I introduce" in club.seen(BEN)


async def test_a_referrer_whose_account_is_closed_withdraws_what_they_started(club: Club) -> None:
    await asked(club)

    await club.bot.person_gone(here(club), ANA)
    await club.bot.deliver()

    assert "withdrawn" in club.seen(BEN)


async def test_an_account_nobody_met_is_ignored(club: Club) -> None:
    before = counts(club)

    await club.bot.person_gone(here(club), UserId("nobody"))
    await club.bot.person_gone(WorkspaceId("local:elsewhere"), BEN)

    assert counts(club) == before


async def test_a_report_goes_past_an_organiser_whose_account_is_closed(club: Club) -> None:
    david = await club.bot.store.run(lambda tx: tx.members.by_user(here(club), DAVID))
    assert david

    def name_another(tx: Transaction) -> None:
        (group,) = tx.groups.all()
        second = tx.members.by_user(here(club), ELIF)
        assert second
        tx.groups.save(replace(group, organisers=frozenset({second.id})))

    await club.bot.store.run(name_another)
    await asked(club)
    await club.bot.person_gone(here(club), DAVID)

    await club.scenes.press(BEN, "report")
    await club.table.wait(DAY)

    assert "reported" in club.seen(ELIF)


@pytest.mark.parametrize("person", [None, Person(DAVID, "", locale="de")])
async def test_who_adds_the_bot_to_a_new_workspace_is_written_down_as_they_are(
    club: Club, person: Person | None
) -> None:
    elsewhere = here(club)
    newcomer = UserId("newcomer")
    if person:
        club.table.room.people[newcomer] = Person(newcomer, "New", locale=person.locale)

    await club.bot.arrived(elsewhere, newcomer)

    met = await club.bot.store.run(lambda tx: tx.members.by_user(elsewhere, newcomer))
    assert met
    assert met.locale == (person.locale if person else "en")
