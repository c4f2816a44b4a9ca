"""An older database's introductions are followed up from the upgrade on, on both databases."""

from datetime import datetime, timedelta

from bot.domain.errors import NotFoundError
from bot.domain.ids import ReferralId
from bot.domain.outcome import FollowUp
from bot.domain.referral import Status
from bot.ports.store import Transaction
from storage.migrate import downgrade, upgrade
from storage.runner import open_runner
from storage.store import SqlStore
from storage.vault import Vault
from tests.factories import NOW, a_follow_up, a_referral, an_asking_referral, an_event
from tests.stores import settled

DAY = timedelta(days=1)
AGES = {"new": 2, "older": 29, "too old": 31}


def populate(tx: Transaction) -> None:
    """Put in three introductions, one of them by a helper, and a question that is still open."""
    tx.referrals.add(an_asking_referral())
    for name, days in AGES.items():
        at = NOW - days * DAY
        facts = {"status": Status.INTRODUCED, "introduced_at": at, "helper": name == "older"}
        tx.referrals.add(a_referral(id=ReferralId(name), **facts))
        events = [an_event(referral=ReferralId(name)), an_event(referral=ReferralId(name), facts={"kind": "lead"})]
        tx.records.append(events, at, "2026-W40")
    tx.records.append([an_event(referral=None, by=None)], NOW, "2026-W47")


def followed(store: SqlStore, name: str) -> FollowUp | None:
    def work(tx: Transaction) -> FollowUp | None:
        try:
            return tx.follow_ups.get(ReferralId(name))
        except NotFoundError:
            return None

    return store.run_now(work)


def test_who_was_introduced_before_is_asked_if_that_was_lately_and_nobody_is_nudged(
    migrated_url: str, vault: Vault
) -> None:
    before = settled(migrated_url, vault)
    before.run_now(populate)
    before.close_now()

    downgrade(migrated_url, "0005")
    upgrade(migrated_url)

    store = SqlStore(open_runner(migrated_url), vault)
    found = {name: followed(store, name) for name in (*AGES, "referral")}
    due: list[ReferralId] = store.run_now(
        lambda tx: list(tx.follow_ups.due(datetime.max.replace(tzinfo=NOW.tzinfo), 9))
    )
    store.close_now()
    facts = {"week": "2026-W40", "nudged": True, "version": 1}
    assert found == {
        "new": _expected("new", **facts),
        "older": _expected("older", referrer=None, **facts),
        "too old": _expected("too old", **facts),
        "referral": None,
    }
    assert due == ["older", "new"]


def _expected(name: str, **facts: object) -> FollowUp:
    at = NOW - AGES[name] * DAY
    return a_follow_up(referral=ReferralId(name), introduced_at=at, kind="informed_referral", **facts)
