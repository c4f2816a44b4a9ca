"""What a store remembers between transactions is never older than the database, and never more than was committed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.errors import NotFoundError
from bot.domain.ids import MemberId, ReferralId
from bot.domain.member import Member
from bot.domain.referral import Referral, Status
from bot.domain.words import Slot
from bot.ports.store import Transaction
from storage import memory
from storage.memory import Memory
from storage.runner import open_runner
from storage.seen import Seen
from storage.store import SqlStore
from storage.vault import Vault
from tests.factories import GROUP, LONG_AGO, NOW, OTTO, PIA, RITA, SAM, a_referral
from tests.stores import keep, settled

REFERRAL = ReferralId("referral")


class RefusedError(Exception):
    """What a piece of work raises on purpose."""


@pytest.fixture
def here(migrated_url: str, vault: Vault) -> Iterator[SqlStore]:
    """A store that has read the referral and everybody around it."""
    opened = settled(migrated_url, vault)
    keep(opened, a_referral())
    opened.run_now(everything)
    yield opened
    opened.close_now()


@pytest.fixture
def elsewhere(here: SqlStore, migrated_url: str, vault: Vault) -> Iterator[SqlStore]:
    """Another process's store on the same database."""
    del here
    opened = SqlStore(open_runner(migrated_url), vault)
    yield opened
    opened.close_now()


def everything(tx: Transaction) -> tuple[Referral, Any, dict[MemberId, Member]]:
    referral = tx.referrals.get(REFERRAL)
    return referral, tx.groups.get(GROUP), dict(tx.members.some((RITA, SAM, PIA)))


def saving(**changes: Any) -> Callable[[Transaction], None]:  # noqa: ANN401 -- any field
    def work(tx: Transaction) -> None:
        tx.referrals.save(replace(tx.referrals.get(REFERRAL, to_change=True), **changes), None)

    return work


def joined_by_rita(tx: Transaction) -> None:
    tx.groups.save(replace(tx.groups.get(GROUP), organisers=frozenset({RITA})))


CHANGES: dict[str, Callable[[Transaction], object]] = {
    "its state": saving(status=Status.DISCARDED),
    "its words": saving(words={Slot.NEED: "Something else."}),
    "its group": joined_by_rita,
    "its referrer": lambda tx: tx.members.save(replace(tx.members.get(RITA), locale="de")),
    "whom its seeker blocks": lambda tx: tx.members.save(replace(tx.members.get(SAM), blocks=frozenset({PIA}))),
    "the groups of its provider": lambda tx: tx.members.save(tx.members.get(PIA).leaving(GROUP)),
    "the erasure of its seeker": lambda tx: tx.upkeep.erase(SAM, NOW),
    "the erasure of somebody blocked": lambda tx: tx.upkeep.erase(OTTO, NOW),
    "the end of its words": lambda tx: tx.upkeep.forget_words(GROUP, NOW),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_another_process_changed_is_seen_by_the_next_transaction(
    here: SqlStore, elsewhere: SqlStore, change: str
) -> None:
    here.run_now(lambda tx: tx.members.save(replace(tx.members.get(RITA), blocks=frozenset({OTTO}))))
    here.run_now(saving(status=Status.LAPSED, closes_at=LONG_AGO))
    before = here.run_now(everything)

    elsewhere.run_now(CHANGES[change])

    after = here.run_now(everything)
    fresh = elsewhere.run_now(lambda tx: (tx.referrals.started_by(GROUP, RITA), everything(tx))[1])
    assert after == fresh
    assert after != before


def test_a_referral_that_another_process_dropped_is_gone(here: SqlStore, elsewhere: SqlStore) -> None:
    elsewhere.run_now(lambda tx: tx.upkeep.forget_drafts(GROUP, NOW.replace(year=NOW.year + 1)))

    with pytest.raises(NotFoundError):
        here.run_now(everything)


def test_what_was_undone_is_not_remembered_when_its_version_comes_again(here: SqlStore, elsewhere: SqlStore) -> None:
    def undone(tx: Transaction) -> None:
        saving(urgent=True)(tx)
        raise RefusedError

    with pytest.raises(RefusedError):
        here.run_now(undone)
    elsewhere.run_now(saving(loop_me_in=True))

    referral, _, _ = here.run_now(everything)
    assert (referral.urgent, referral.loop_me_in) == (False, True)


def test_nothing_is_remembered_of_anybody_once_somebody_is_erased_here(here: SqlStore) -> None:
    here.run_now(lambda tx: tx.upkeep.erase(SAM, NOW))

    remembered = here._memory  # no other way to see that texts are gone from the process
    assert (remembered.referrals, remembered.groups, remembered.members) == ({}, {}, {})


def test_what_nobody_looked_at_for_a_while_fades() -> None:
    now = [0.0]
    known = Memory(lambda: now[0])
    one, two = Seen(memory=known), Seen(memory=known)
    one.referrals.read(REFERRAL, a_referral(), 1, locked=False)

    one.leave_to_memory()
    now[0] = memory.KEPT_FOR + 1
    two.leave_to_memory()

    assert not known.referrals


def test_no_more_is_remembered_than_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST", 2)
    known = Memory()
    seen = Seen(memory=known)
    for name in "abc":
        seen.referrals.read(ReferralId(name), a_referral(), 1, locked=False)

    seen.leave_to_memory()

    assert list(known.referrals) == ["b", "c"]
