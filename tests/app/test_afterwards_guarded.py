"""What comes after an introduction, when it arrives twice, at night, after a block, or after somebody was erased."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.app import reaching
from bot.app.wording.canonical import canonical_text
from bot.domain import outcome as o
from bot.domain.effects import Notice, Notify
from bot.domain.events import Event, EventKind
from bot.domain.ids import ReferralId, UserId
from bot.domain.outcome import Outcome
from bot.domain.question import Side
from bot.ports.messages import Message
from bot.ports.store import Transaction
from tests.app.club import ANA, BEN, CARLA, DAVID, ELIF, Club, text_of
from tests.app.introductions import DAY, WEEK, events, export, follow, introduced, kept, key
from tests.app.test_afterwards import press, send, verbs
from tests.app.weeks import key_of, the_group

LINE = "Saved-us-a-fortune"
BEFORE_THE_POST = datetime(2026, 11, 30, 1, tzinfo=UTC)
STEPS: tuple[tuple[UserId, str, dict[str, str]], ...] = (
    (BEN, "outcome_talking", {}),
    (BEN, "tell_outcome", {}),
    (BEN, "check_in_later", {}),
    (BEN, "check_in_no_more", {}),
    (BEN, "change_outcome", {}),
    (BEN, "outcome_won", {}),
    (BEN, "thank", {"thanks": LINE, "may_show": "yes"}),
    (ANA, "show_thanks", {}),
    (BEN, "keep_thanks", {}),
    (BEN, "show_thanks", {}),
    (ANA, "keep_thanks", {}),
    (CARLA, "outcome_won", {}),
    (CARLA, "little_left", {}),
    (CARLA, "say_amount", {"amount": "2000"}),
    (CARLA, "want_testimonial", {}),
    (BEN, "testify", {"testimonial": LINE, "may_show": "no"}),
    (BEN, "show_testimonial", {}),
    (CARLA, "hide_testimonial", {}),
    (CARLA, "unhide_testimonial", {}),
    (BEN, "withdraw_testimonial", {}),
    (CARLA, "outcome_was_a_lead", {}),
)


async def test_whatever_arrives_twice_gets_the_same_answer_and_changes_nothing_more(club: Club) -> None:
    referral = await introduced(club)
    await club.table.types(DAVID, "/intros settings")
    await club.scenes.press(DAVID, "settings_tally")
    await club.table.sends(DAVID, {"amounts": "on"})
    await club.table.wait(WEEK)

    for number, (who, verb, typed) in enumerate(STEPS):
        ref = f"{referral}.seeker" if verb.endswith("_thanks") else referral
        found = []
        for _ in range(2):
            event = f"e{number}"
            says = send(club, who, verb, ref, typed, event) if typed else press(club, who, verb, ref, event)
            reply = await says
            seen = [club.seen(user) for user in (ANA, BEN, CARLA, DAVID, ELIF)]
            found.append((reply, await kept(club, referral), len(await events(club)), seen))

        assert found[0] == found[1], verb
    assert (await kept(club, referral)).reclassified_at


async def test_nobody_reads_off_the_week_so_far_what_somebody_just_answered(club: Club) -> None:
    def many(tx: Transaction) -> None:
        group, now = the_group(tx), club.table.clock.now()
        for number, who in enumerate((ANA, CARLA, DAVID, ELIF)):
            facts = {"outcome": Outcome.TALKING.value, "side": "provider"}
            event = Event(EventKind.OUTCOME_REPORTED, group.id, key_of(tx, who), ReferralId(f"r{number}"), facts)
            tx.records.append((event,), now, "2026-W48")

    referral = await introduced(club)
    await club.table.wait(WEEK)
    await club.bot.store.run(many)
    shown = []
    for outcome in (None, *Outcome):
        if outcome:
            await follow(club, referral, o.Report(await key(club, BEN), outcome))
        shown.append(text_of((await club.table.types(ANA, "/intros tally")).message))

    assert len(set(shown)) == 1


async def test_who_blocks_the_other_before_the_words_are_out_keeps_them(club: Club) -> None:
    referral = await introduced(club)
    await club.table.wait(WEEK)
    ben = await key(club, BEN)
    before = club.seen(ANA)

    await follow(club, referral, o.Report(ben, Outcome.WON))
    await follow(club, referral, o.TellOutcome(ben))
    await follow(club, referral, o.Thank(ben, LINE, may_show=True))
    await club.table.types(BEN, "/intros report @ana")
    await club.bot.deliver()

    assert club.seen(ANA) == before


async def test_thanks_and_answers_that_a_block_kept_back_are_found_nowhere(club: Club) -> None:
    referral = await introduced(club)
    await club.table.wait(WEEK)
    ben = await key(club, BEN)
    pages = [text_of((await club.table.types(ANA, f"/intros {page}")).message) for page in ("mine", "tally")]
    await club.table.types(BEN, "/intros report @ana")

    await follow(club, referral, o.Report(ben, Outcome.WON))
    await follow(club, referral, o.Thank(ben, LINE, may_show=True))

    later = [text_of((await club.table.types(ANA, f"/intros {page}")).message) for page in ("mine", "tally")]
    assert (later[0], "Your part" in later[1]) == (pages[0], False)
    assert LINE not in await export(club, ANA)


async def test_nothing_is_written_about_whoever_was_erased(club: Club) -> None:
    referral = await introduced(club)
    ben = await key(club, BEN)
    await follow(club, referral, o.Report(ben, Outcome.WON))
    for user in (CARLA, ANA):
        await club.table.types(user, "/intros privacy")
        await club.scenes.press(user, "erase", "erase_really")

    shown = await press(club, BEN, "show_outcome", referral, "show")
    await send(club, BEN, "testify", referral, {"testimonial": LINE, "may_show": "yes"}, "testify")
    await send(club, BEN, "thank", referral, {"thanks": LINE, "may_show": "yes"}, "thank")

    state = await kept(club, referral)
    assert not {"testify", "who_else", "thank"} & set(verbs(shown.message))
    assert (state.testimonial, state.thanks) == (None, {})


async def test_a_week_of_which_nothing_is_left_to_tell_is_not_posted(club: Club) -> None:
    referral = await introduced(club)
    ana, ben = [await key(club, user) for user in (ANA, BEN)]
    await follow(club, referral, o.Report(ben, Outcome.WON))
    await follow(club, referral, o.Thank(ben, LINE, may_show=True))
    await club.table.wait(WEEK)
    await follow(club, referral, o.ShowThanks(ana, Side.SEEKER, yes=True))
    await club.table.wait(BEFORE_THE_POST - club.table.clock.now())
    await follow(club, referral, o.ShowThanks(ana, Side.SEEKER, yes=False))

    await club.table.wait(DAY)

    frozen = await club.bot.store.run(lambda tx: tx.tallies.frozen(the_group(tx).id, "2026-W48"))
    assert frozen is not None
    assert frozen.tally.thanked == ((referral, Side.SEEKER),)
    assert club.seen(ELIF).count("The week in introductions") == 1, "that of the week before"


async def test_who_left_and_comes_back_is_asked_anew_whether_to_be_named(club: Club) -> None:
    await club.table.types(ANA, "/intros tally")
    await club.scenes.press(ANA, "name_me")
    await club.table.types(ANA, "/intros leave")
    await club.table.types(ANA, "/intros join")

    page = (await club.table.types(ANA, "/intros tally")).message

    chosen = [event.facts for event in await events(club) if event.kind is EventKind.SHOWING_CHOSEN]
    assert isinstance(page, Message)
    assert "The post does not name you." in canonical_text(page)
    assert chosen == [{"named": "true", "listened_for": "false"}]


async def test_so_is_who_is_let_in_by_their_hello(club: Club) -> None:
    await club.table.types(ANA, "/intros tally")
    await club.scenes.press(ANA, "name_me")
    await club.table.types(ANA, "/intros leave")

    def reach(tx: Transaction) -> bool:
        group, ana = the_group(tx), key_of(tx, ANA)
        tx.members.save(replace(tx.members.get(ana), pending=frozenset({group.id})))
        reaching.arrived(tx, Notify(ana, Notice.HELLO, group=group.id), club.table.clock.now())
        assert tx.members.get(ana).is_in(group.id)
        return tx.members.card(ana, group.id).named

    assert not await club.bot.store.run(reach)


async def test_a_nudge_that_is_on_its_way_is_dropped_once_they_have_seen_it(club: Club) -> None:
    referral = await introduced(club)
    club.table.clock.move_to((await kept(club, referral)).introduced_at + 1.1 * DAY)
    await follow(club, referral, o.ElapseFollowUp())

    await club.scenes.press(CARLA, "got_it")

    assert (await kept(club, referral)).nudged
    assert "the first step is yours" not in club.seen(CARLA)


async def test_a_later_question_that_is_called_off_at_night_is_not_asked_in_the_morning(club: Club) -> None:
    referral = await introduced(club)
    ben = await key(club, BEN)
    for command in (o.Report(ben, Outcome.TALKING), o.ChooseLater(ben, yes=True)):
        await follow(club, referral, command)
    club.table.clock.move_to((await kept(club, referral)).introduced_at + 30 * DAY)
    await follow(club, referral, o.ElapseFollowUp())

    await follow(club, referral, o.ChooseLater(ben, yes=False))
    await club.table.wait(DAY)

    assert "The last time you said" not in club.seen(BEN)
