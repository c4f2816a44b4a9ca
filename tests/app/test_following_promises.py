"""What comes after an introduction keeps the promises: of erasing, of receipts, of logs, and whose an answer is."""

import json
from hashlib import sha256

from bot.domain import outcome as o
from bot.domain.events import EventKind
from bot.domain.outcome import Outcome, Report, ShowTestimonial, ShowThanks, TellOutcome, Thank
from bot.domain.question import Side
from bot.domain.replacing import replace
from tests.app.club import ANA, BEN, CARLA, DAVID, ELIF, Club
from tests.app.introductions import WEEK, events, export, follow, introduced, kept, key

LINE = "A-kitchen-that-paid-for-itself"
PRAISE = "Quick-calm-and-on-time"


async def said(club: Club) -> dict[str, tuple[str, ...]]:
    """Return what anybody but Ben can find out: what they see, what is exported for them, what is measured."""
    seen = tuple(club.seen(user) for user in (CARLA, DAVID, ELIF))
    exports = [json.loads(await export(club, user)) for user in (ANA, CARLA, DAVID, ELIF)]
    texts = tuple(json.dumps(one, sort_keys=True) for one in exports)
    told = tuple(sorted({repr(one) for one in club.telemetry.events} | set(club.telemetry.counted)))
    return {"seen": seen, "exports": texts, "telemetry": told}


async def test_what_one_says_reaches_nobody_else_whatever_it_was(club: Club) -> None:
    referral = await introduced(club)
    await club.table.wait(WEEK)
    ben = await key(club, BEN)
    await follow(club, referral, Report(ben, Outcome.NOT_NOW))
    await club.bot.deliver()
    before, ana = await said(club), club.seen(ANA)

    for outcome in Outcome:
        await follow(club, referral, Report(ben, outcome))
        await club.bot.deliver()

        assert await said(club) == before
        assert club.seen(ANA) == ana
    await follow(club, referral, TellOutcome(ben))
    await club.bot.deliver()
    assert await said(club) == before
    assert club.seen(ANA) != ana
    carla = await key(club, CARLA)
    mine = [json.loads(await export(club, user))["afterwards"] for user in (BEN, CARLA, ANA)]
    assert [one[0].get("outcome") for one in mine] == ["was_a_lead", None, None]
    assert carla not in json.dumps(mine)


async def test_who_answered_and_who_did_not_look_the_same_to_the_other(club: Club) -> None:
    referral = await introduced(club)
    await club.table.wait(WEEK)
    before = await said(club)

    for verb in ("outcome_won", "tell_outcome", "check_in_later", "thank"):
        await club.scenes.press(BEN, verb)
    await club.table.sends(BEN, {"thanks": LINE, "may_show": "yes"})
    after = await said(club)

    assert after["seen"] == before["seen"]
    assert after["exports"][1:] == before["exports"][1:]
    assert LINE in after["exports"][0]
    assert (await kept(club, referral)).part(Side.SEEKER).wants_later


async def test_erasing_leaves_what_was_counted_and_none_of_the_words(club: Club) -> None:
    referral = await introduced(club)
    ana, ben, carla = [await key(club, user) for user in (ANA, BEN, CARLA)]
    for command in (
        Report(ben, Outcome.WON),
        Report(carla, Outcome.WON),
        Thank(ben, LINE, may_show=True),
        Thank(carla, "Good people.", may_show=False),
        ShowThanks(ana, Side.SEEKER, yes=True),
        o.Testify(ben, PRAISE, may_show=True),
    ):
        await follow(club, referral, command)
    await club.bot.deliver()
    log, before, carlas = await events(club), await kept(club, referral), await export(club, CARLA)
    await club.table.types(BEN, "/intros privacy")

    await club.scenes.press(BEN, "erase", "erase_really")

    after, left = await kept(club, referral), await events(club)
    assert left[: len(log)] == log
    assert {event.kind for event in left[len(log) :]} <= {EventKind.MEMBER_LEFT}
    assert after.part(Side.PROVIDER) == before.part(Side.PROVIDER)
    assert after.part(Side.SEEKER) == replace(before.part(Side.SEEKER), gone=True)
    assert after.thanks.keys() == before.thanks.keys()
    assert not after.is_on_card
    raw = b"".join(path.read_bytes() for path in club.file.parent.iterdir() if path.suffix != ".key")
    stored = await export(club, CARLA)
    assert (PRAISE in carlas, PRAISE in stored) == (True, False)
    assert LINE.encode() not in raw
    for user in (ANA, CARLA):
        assert LINE not in await export(club, user)


async def test_a_consent_to_show_words_has_its_receipt_with_the_words_and_when_it_was_taken_back(club: Club) -> None:
    referral = await introduced(club)
    ben = await key(club, BEN)
    for command in (
        Report(ben, Outcome.WON),
        o.Testify(ben, PRAISE, may_show=True),
        o.Testify(ben, LINE, may_show=True),
        ShowTestimonial(ben, yes=False),
    ):
        await follow(club, referral, command)

    receipts = await club.bot.store.run(lambda tx: tx.records.receipts_of(ben))

    first, second = [one for one in receipts if one.receipt.number < 0 and one.receipt.answer.agrees]
    assert [one.taken_back_at is not None for one in (first, second)] == [True, True]
    assert [one.receipt.shown_to for one in (first, second)] == [await key(club, CARLA)] * 2
    shown = {one.number: one.text for one in await club.bot.store.run(lambda tx: tx.records.shown_to(ben))}
    assert [shown[one.receipt.number] for one in (first, second)] == [PRAISE, LINE]
    assert len({one.sha256 for one in (first, second)}) == 2
    assert sha256(PRAISE.encode()).hexdigest() not in {one.sha256 for one in (first, second)}
    assert first.version is not None
    assert first.locale
