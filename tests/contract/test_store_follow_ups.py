"""What a Store promises about what comes after introductions, on both databases."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.domain.errors import NotFoundError, StaleWriteError
from bot.domain.ids import GroupId, MemberId, ReferralId
from bot.domain.kind import Kind
from bot.domain.outcome import Amount, FollowUp, Outcome, Part, Thanks
from bot.domain.outcome import Testimonial as Praise
from bot.domain.question import Side
from bot.domain.referral import FOLLOWED_FOR, Status
from bot.ports.installs import Workspace
from bot.ports.store import Transaction
from storage.store import SqlStore
from storage.tables import follow_up_text, follow_up_text_about, metadata
from storage.tables import text as referral_text
from tests.factories import GROUP, LONG_AGO, NOW, OTTO, PIA, RITA, SAM, WORKSPACE, a_follow_up, a_referral

DAY = timedelta(days=1)
SEEKER, PROVIDER = Side.SEEKER, Side.PROVIDER
ELSEWHERE = GroupId("elsewhere")
FULL: dict[str, Any] = {
    "nudged": True,
    "parts": {
        SEEKER: Part(Outcome.WON, NOW + DAY, tells_referrer=True, wants_later=True, asked_on=frozenset({7, 30})),
        PROVIDER: Part(Outcome.WON, NOW, amount=Amount.MORE, away_until=NOW + 9 * DAY, gone=True),
    },
    "little_left": True,
    "reclassified_at": NOW + 2 * DAY,
    "thanks": {
        SEEKER: Thanks("Thank you, Rita: a new kitchen!", NOW, may_show=True, shown=True),
        PROVIDER: Thanks("Good people.", NOW + DAY),
    },
    "testimonial": Praise("Quick, calm, and on time.", NOW, 3, may_show=True, hidden=True),
    "testimonial_asked": True,
}


def introduce(store: SqlStore, *states: FollowUp, due: datetime | None = None) -> None:
    """Store introductions and what comes after them."""

    def work(tx: Transaction) -> None:
        for state in states:
            facts = {"status": Status.INTRODUCED, "introduced_at": state.introduced_at}
            tx.referrals.add(a_referral(id=state.referral, group=state.group, **facts))
            tx.follow_ups.add(state, due)

    store.run_now(work)


def change(store: SqlStore, due: datetime | None = None, **changes: Any) -> FollowUp:  # noqa: ANN401 -- any field
    """Change the one introduction, and read it again."""

    def work(tx: Transaction) -> None:
        before = tx.follow_ups.get(a_follow_up().referral, to_change=True)
        tx.follow_ups.save(replace(before, **changes), due)

    store.run_now(work)
    return read(store)


def read(store: SqlStore, name: str = "referral") -> FollowUp:
    return store.run_now(lambda tx: tx.follow_ups.get(ReferralId(name)))


def texts(store: SqlStore) -> set[str]:
    return set(store._runner.run_now(lambda connection: connection.scalars(select(follow_up_text.c.part)).all()))


def names(found: Sequence[FollowUp]) -> list[str]:
    return [state.referral for state in found]


def test_every_field_comes_back(store: SqlStore) -> None:
    empty, full = a_follow_up(version=1), a_follow_up(referral=ReferralId("full"), version=1, **FULL)
    introduce(store, empty, full, a_follow_up(referral=ReferralId("bare"), referrer=None, seeker=None))

    changed = change(store, **FULL)

    assert [read(store, name) for name in ("full", "bare")] == [
        full,
        a_follow_up(referral=ReferralId("bare"), referrer=None, seeker=None, version=1),
    ]
    assert changed == replace(empty, **FULL, version=2)
    same = {f.name for f in fields(FollowUp) if getattr(empty, f.name) == getattr(full, f.name)}
    who = {"referrer", "seeker", "provider"}
    assert same == {"group", "introduced_at", "week", "kind", "first_move", "version"} | who
    assert texts(store) == {"thanks.seeker", "thanks.provider", "testimonial"}


def test_beginning_twice_is_beginning_once(store: SqlStore) -> None:
    introduce(store, a_follow_up())
    said = change(store, parts={SEEKER: Part(Outcome.TALKING, NOW)})

    store.run_now(lambda tx: tx.follow_ups.add(a_follow_up(kind=Kind.REFERRAL), NOW))

    assert read(store) == said


def test_a_stale_write_is_refused_and_what_is_not_there_is_said(store: SqlStore) -> None:
    introduce(store, a_follow_up())
    old = read(store)
    change(store, nudged=True)

    with pytest.raises(StaleWriteError):
        store.run_now(lambda tx: tx.follow_ups.save(replace(old, little_left=True), None))
    with pytest.raises(NotFoundError):
        read(store, "nowhere")


def test_unchanged_words_are_not_sealed_again_and_emptied_ones_go(store: SqlStore) -> None:
    introduce(store, a_follow_up(**FULL))
    bodies = lambda connection: connection.execute(select(follow_up_text)).all()  # noqa: E731
    before = store._runner.run_now(bodies)

    change(store, nudged=False)
    after = store._runner.run_now(bodies)
    change(store, testimonial=None)

    assert after == before
    assert texts(store) == {"thanks.seeker", "thanks.provider"}


def test_what_is_due_comes_oldest_first(store: SqlStore) -> None:
    for days, name in ((3, "late"), (1, "early"), (2, "between")):
        introduce(store, a_follow_up(referral=ReferralId(name)), due=NOW + days * DAY)
    introduce(store, a_follow_up(referral=ReferralId("never")))

    def due(tx: Transaction) -> tuple[Sequence[ReferralId], Sequence[ReferralId], datetime | None]:
        return tx.follow_ups.due(NOW + 2 * DAY, 9), tx.follow_ups.due(NOW + 9 * DAY, 2), tx.follow_ups.next_due()

    assert store.run_now(due) == (["early", "between"], ["early", "between"], NOW + DAY)


def test_whose_introductions_there_are(store: SqlStore) -> None:
    introduce(store, a_follow_up(), due=NOW)
    introduce(store, a_follow_up(referral=ReferralId("over"), introduced_at=NOW + DAY))
    other = {"referrer": PIA, "seeker": OTTO, "provider": SAM}
    introduce(store, a_follow_up(referral=ReferralId("other"), introduced_at=NOW - DAY, **other), due=NOW)

    def found(tx: Transaction, who: MemberId) -> tuple[list[str], list[str], list[str]]:
        kept = tx.follow_ups
        in_group = names(kept.of_member(who, GROUP)), names(kept.of_member(who, ELSEWHERE))
        assert in_group == (names(kept.of_member(who)), [])
        return (names(kept.open_with(who)), *in_group)

    assert store.run_now(lambda tx: {who: found(tx, who)[:2] for who in (RITA, SAM, PIA, OTTO)}) == {
        RITA: ([], ["over", "referral"]),
        SAM: (["referral", "other"], ["over", "referral", "other"]),
        PIA: (["referral"], ["over", "referral", "other"]),
        OTTO: (["other"], ["other"]),
    }


def test_a_card_shows_the_testimonials_that_both_let_stand(store: SqlStore) -> None:
    shown = Praise("Quick and calm.", NOW, may_show=True)
    kinds = {
        "shown": shown,
        "newer": replace(shown, at=NOW + DAY),
        "hidden": replace(shown, hidden=True),
        "private": replace(shown, may_show=False),
        "forgotten": replace(shown, words=""),
        "none": None,
    }
    introduce(store, *(a_follow_up(referral=ReferralId(name), testimonial=one) for name, one in kinds.items()))

    found = store.run_now(
        lambda tx: [names(tx.follow_ups.testimonials_of(*whose)) for whose in ((PIA, GROUP), (SAM, GROUP))]
    )

    assert found == [["newer", "shown"], []]
    assert store.run_now(lambda tx: tx.follow_ups.testimonials_of(PIA, ELSEWHERE)) == []


@pytest.mark.parametrize(
    ("who", "left"),
    [(SAM, set()), (PIA, set()), (RITA, {"testimonial"}), (OTTO, {"thanks.seeker", "thanks.provider", "testimonial"})],
)
def test_erasing_takes_the_words_by_somebody_and_about_them_and_leaves_what_was_counted(
    store: SqlStore, who: MemberId, left: set[str]
) -> None:
    introduce(store, a_follow_up(**FULL))
    before = read(store)

    store.run_now(lambda tx: tx.upkeep.erase(who, NOW))

    after = read(store)
    assert texts(store) == left
    assert (
        store._runner.run_now(lambda c: c.scalar(select(func.count()).select_from(follow_up_text_about)))
        == ({0: 0, 1: 2, 3: 8}[len(left)])
    )
    assert after.parts == before.parts
    assert after.thanks.keys() == before.thanks.keys()
    assert after.is_on_card is (not left.isdisjoint({"testimonial"}) and before.is_on_card)
    if who != OTTO:
        with pytest.raises(StaleWriteError):
            store.run_now(lambda tx: tx.follow_ups.save(before, None))


def test_thanks_and_a_private_testimonial_go_with_the_words_of_their_referral(store: SqlStore) -> None:
    over = LONG_AGO - FOLLOWED_FOR
    introduce(store, a_follow_up(introduced_at=over, **FULL), a_follow_up(referral=ReferralId("young"), **FULL))
    private = replace(FULL["testimonial"], may_show=False)
    introduce(store, a_follow_up(referral=ReferralId("private"), introduced_at=over, testimonial=private))
    store.run_now(_close)
    stale = read(store)

    counts = store.run_now(lambda tx: [tx.upkeep.forget_words(GROUP, LONG_AGO + DAY) for _ in range(2)])

    old, young = read(store), read(store, "young")
    assert counts == [2, 0]
    assert read(store, "private").testimonial == replace(private, words="")
    assert [thanks.words for thanks in old.thanks.values()] == ["", ""]
    assert old.testimonial == stale.testimonial
    assert young == a_follow_up(referral=ReferralId("young"), version=1, **FULL)
    with pytest.raises(StaleWriteError):
        store.run_now(lambda tx: tx.follow_ups.save(stale, None))


def _close(tx: Transaction) -> None:
    for name in ("referral", "private"):
        tx.referrals.save(replace(tx.referrals.get(ReferralId(name)), status=Status.CLOSED), None)


def test_a_workspace_that_is_gone_takes_it_all_along(store: SqlStore) -> None:
    introduce(store, a_follow_up(**FULL))
    store.run_now(lambda tx: tx.workspaces.save(Workspace(WORKSPACE, NOW, departed_at=NOW)))

    while store.run_now(lambda tx: tx.upkeep.forget_workspace(WORKSPACE, 100)):
        pass

    tables = [table for name, table in metadata.tables.items() if name.startswith("follow_up")]
    tables.append(referral_text)
    left = [store._runner.run_now(lambda c, t=t: c.scalar(select(func.count()).select_from(t))) for t in tables]  # type: ignore[misc]
    assert left == [0, 0, 0, 0]
