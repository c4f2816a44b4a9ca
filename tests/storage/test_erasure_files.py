"""After an erasure, nothing of the person is left in the bytes of a SQLite database."""

from dataclasses import replace
from pathlib import Path

from bot.domain.ids import UserId
from bot.domain.words import Slot
from bot.ports.store import Transaction
from storage.store import SqlStore
from storage.vault import Vault
from tests.factories import GROUP, NOW, PIA, RITA, SAM, a_card, a_member, a_referral, a_shown, an_ask, an_event
from tests.stores import keep, settled

USER = b"U0SAMSPLATFORMID"
PLAIN = (b"Sams very own words", b"his painted shutters")


def bytes_of(url: str) -> bytes:
    """Return everything in the database's file and in those beside it."""
    path = Path(url.removeprefix("sqlite:///"))
    return b"".join(part.read_bytes() for part in path.parent.glob(f"{path.name}*"))


def live(store: SqlStore) -> None:
    """Let Sam do everything that leaves a trace, often enough to fill and split pages."""
    store.run_now(lambda tx: tx.members.save(replace(tx.members.get(SAM), user=UserId(USER.decode()))))
    store.run_now(lambda tx: tx.asks.add(an_ask(need=PLAIN[0].decode())))
    store.run_now(lambda tx: tx.members.save_card(a_card(member=SAM)))
    for number in range(60):
        referral = a_referral(id=f"referral{number:03}", words={Slot.NEED: PLAIN[1].decode()})
        keep(store, referral)

        def more(tx: Transaction, referral: str = referral.id, number: int = number) -> None:
            tx.records.show(a_shown(referral=referral, text=PLAIN[1].decode()))
            tx.records.append([an_event(referral=referral)], NOW, "2026-W47")
            tx.members.save(replace(tx.members.get(SAM), locale=f"l{number}"))

        store.run_now(more)


async def test_no_byte_of_an_erased_persons_id_or_texts_is_left(migrated_sqlite: str, vault: Vault) -> None:
    store = settled(migrated_sqlite, vault)
    live(store)
    before = bytes_of(migrated_sqlite)
    sealed = [
        bytes(body)
        for table, column in (("text", "body"), ("shown", "body"), ("ask", "words"), ("card", "lines"))
        for (body,) in store._runner.run_now(
            lambda c, t=table, b=column: c.exec_driver_sql(f"SELECT {b} FROM {t}").all()  # type: ignore[misc]
        )
    ]

    await store.run(lambda tx: tx.upkeep.erase(SAM, NOW))
    await store.scrub()

    after = bytes_of(migrated_sqlite)
    assert USER in before
    assert all(body in before for body in sealed)
    assert not any(plain in before for plain in PLAIN)
    assert USER not in after
    assert [body for body in sealed if body in after] == []
    assert store.run_now(lambda tx: len(tx.records.events(GROUP))) == 60
    await store.close()
    assert USER not in bytes_of(migrated_sqlite)


async def test_without_the_scrub_the_files_would_still_hold_it(migrated_sqlite: str, vault: Vault) -> None:
    store = settled(migrated_sqlite, vault)
    live(store)

    await store.run(lambda tx: tx.upkeep.erase(SAM, NOW))

    assert USER in bytes_of(migrated_sqlite)
    await store.close()


async def test_the_others_are_as_they_were(migrated_sqlite: str, vault: Vault) -> None:
    store = settled(migrated_sqlite, vault)
    live(store)

    await store.run(lambda tx: tx.upkeep.erase(SAM, NOW))
    await store.scrub()

    assert set(await store.run(lambda tx: tx.members.some([RITA, PIA]))) == {RITA, PIA}
    assert await store.run(lambda tx: tx.members.get(RITA)) == a_member(id=RITA, version=1)
    await store.close()
