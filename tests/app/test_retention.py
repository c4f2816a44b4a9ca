"""What was kept long enough goes, and a dry run says exactly that and changes nothing."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.app.retention import LEFT_BEHIND, Forgotten, forget
from bot.app.sweep import Sweeper
from bot.domain.ids import ChannelId, EventId, GroupId, MemberId, ReferralId, WorkspaceId
from bot.domain.referral import Status
from bot.domain.words import Slot
from bot.ports.installs import Workspace
from bot.ports.store import Transaction
from storage.store import SqlStore
from storage.tables import metadata
from storage.vault import Vault
from tests.adapters.clocks import StoppedClock
from tests.e2e.stories import Noted
from tests.factories import (
    GROUP,
    NOW,
    WORKSPACE,
    a_group,
    a_member,
    a_referral,
    a_shown,
    an_asking_referral,
    an_intent,
    remembered,
)
from tests.stores import settled

YEARS = timedelta(days=1000)
GRACE = timedelta(days=30)
ELSEWHERE = WorkspaceId("local:elsewhere")


@pytest.fixture
def store(migrated_sqlite: str, vault: Vault) -> Iterator[SqlStore]:
    """A store with something old and something new of everything, and a workspace that left long ago."""
    opened = settled(migrated_sqlite, vault)
    opened.run_now(_fill)
    yield opened
    opened.close_now()


def _fill(tx: Transaction) -> None:
    for name, at in (("old", NOW - YEARS), ("new", NOW)):
        tx.inbox.remember(EventId(name), remembered(), at)
        tx.installations.issue(name, at + timedelta(hours=1))
        tx.outbox.add([an_intent(name)], at)
        (row,) = tx.outbox.claim(NOW, NOW + GRACE, name, 9)
        tx.outbox.settle(row, None, at)
        tx.referrals.add(a_referral(id=ReferralId(f"draft {name}"), created_at=at))
        lapsed = an_asking_referral(
            id=ReferralId(f"lapsed {name}"), status=Status.LAPSED, asked_at=at, words={Slot.NEED: "books"}
        )
        tx.referrals.add(lapsed)
        tx.records.show(a_shown(referral=lapsed.id, at=at))
    stranger = a_member(id=MemberId("m-else"), workspace=ELSEWHERE, joined={})
    tx.members.add(stranger)
    other = a_group(id=GroupId("else"), workspace=ELSEWHERE, channel=ChannelId("else"), started_by=stranger.id)
    tx.groups.add(other)
    tx.workspaces.save(Workspace(ELSEWHERE, NOW - YEARS, departed_at=NOW - YEARS))


def rows(store: SqlStore) -> dict[str, int]:
    """Count the rows of every table."""
    counts = {name: select(func.count()).select_from(table) for name, table in metadata.tables.items()}
    return store._runner.run_now(lambda tx: {name: tx.scalar(count) or 0 for name, count in counts.items()})


async def test_a_dry_run_says_what_would_go_and_leaves_it(store: SqlStore) -> None:
    before = rows(store)

    would = await forget(store, NOW, GRACE, dry_run=True)
    untouched = rows(store)
    done = await forget(store, NOW, GRACE)
    again = await forget(store, NOW, GRACE)

    assert (
        would
        == done
        == [
            Forgotten("events that arrived", 1),
            Forgotten("deliveries that are over", 1),
            Forgotten("installs that were not finished", 1),
            Forgotten("drafts and kept leads", 1, GROUP, WORKSPACE),
            Forgotten("words of referrals", 1, GROUP, WORKSPACE),
            Forgotten("texts shown", 1, GROUP, WORKSPACE),
            Forgotten(LEFT_BEHIND, 3, workspace=ELSEWHERE),
        ]
    )
    assert (untouched, again) == (before, [])
    assert rows(store)["inbox"] == rows(store)["outbox"] == rows(store)["shown"] == 1


async def test_the_daily_job_does_the_same_and_tells_the_operator_how_much(store: SqlStore) -> None:
    heard = Noted()
    sweeper = Sweeper(store=store, clock=StoppedClock(NOW), telemetry=heard, grace=GRACE)

    looked = await sweeper.purge(dry_run=True)
    quiet = list(heard.events)
    gone = await sweeper.purge()

    assert (looked, quiet) == (gone, [])
    assert heard.events == [("purge.done", {"dropped": 9})]
    assert await sweeper.purge() == []


async def test_each_group_keeps_things_as_long_as_it_chose(store: SqlStore) -> None:
    found = await forget(store, NOW - timedelta(days=900), GRACE, dry_run=True)

    assert [(one.what, one.group) for one in found if one.group] == [("drafts and kept leads", GROUP)]
