"""What people see and press when an introduction is behind them, through the bot on the local adapter."""

from collections.abc import Mapping
from datetime import timedelta

from bot.domain.ids import EventId, ReferralId, UserId
from bot.domain.outcome import FollowUp
from bot.ports.inbound import Origin, Press, Submit
from bot.ports.messages import Buttons, Message, Reply
from tests.app.club import ANA, BEN, CARLA, DAVID, ELIF, Club, text_of

DAY = timedelta(days=1)
WEEK = 7 * DAY + timedelta(hours=2)
LINE = "She paid for herself in the first month."
PRAISE = "She found what my last adviser had missed."


async def introduced(club: Club, *, after: timedelta = timedelta(minutes=1)) -> None:
    """Let Ana bring Ben, who has a need, and Carla together, and some time pass."""
    await club.scenes.draft()
    await club.scenes.improve()
    await club.scenes.press(ANA, "ask_them")
    await club.scenes.press(BEN, "yes")
    await club.scenes.press(CARLA, "yes")
    await club.table.wait(after)


def button(club: Club, who: UserId, verb: str) -> str:
    """Return what a button in front of somebody carries."""
    return club.table.offer(who, verb).button.ref


def verbs(message: Message | None) -> list[str]:
    parts = message.parts if message else ()
    return [one.verb for part in parts if isinstance(part, Buttons) for one in part.buttons]


async def press(club: Club, who: UserId, verb: str, ref: str, event: str) -> Reply:
    return await club.says(Press(Origin(EventId(event), club.table.room.workspace, who, None), verb, ref))


async def send(club: Club, who: UserId, verb: str, ref: str, typed: Mapping[str, str], event: str) -> Reply:
    origin = Origin(EventId(event), club.table.room.workspace, who, None)
    return await club.says(Submit(origin, verb, ref, dict(typed)))


async def kept(club: Club) -> FollowUp:
    """Return what is stored of the one introduction."""
    ref = ReferralId(button(club, BEN, "got_it"))
    return await club.bot.store.run(lambda tx: tx.follow_ups.get(ref))


async def test_who_moves_first_is_nudged_once_after_a_day_unless_they_have_seen_it(club: Club) -> None:
    await introduced(club, after=2 * DAY)

    assert "the first step is yours" in club.last(CARLA)
    assert "the first step is yours" not in club.seen(BEN)
    await club.scenes.press(CARLA, "got_it")
    await club.table.wait(4 * DAY)
    assert club.seen(CARLA).count("the first step is yours") == 1


async def test_both_are_asked_and_the_referrer_hears_that_and_only_if_told_what(club: Club) -> None:
    await introduced(club, after=WEEK)
    asked = {who: club.table.offer(who, "outcome_won") for who in (BEN, CARLA)}
    before_carla = club.seen(CARLA)

    reply = await club.scenes.press(BEN, "outcome_won")
    heard = club.last(ANA)
    await club.scenes.press(BEN, "tell_outcome")

    assert all("What came of it?" in text_of(offer.on.message) for offer in asked.values())
    assert reply.replaces
    assert "We work together" in text_of(reply.message)
    assert "has told me what came of" in heard
    assert "We work together" not in heard
    assert "We work together" in club.last(ANA)
    assert club.seen(CARLA) == before_carla


async def test_an_answer_can_be_changed_and_who_wants_to_is_asked_again(club: Club) -> None:
    await introduced(club, after=WEEK)
    await club.scenes.press(BEN, "outcome_talking", "check_in_later")
    await club.scenes.press(CARLA, "outcome_not_now", "change_outcome", "outcome_lost", "much_left")

    await club.table.wait(24 * DAY)
    bens = club.table.offer(BEN, "outcome_won").on.message
    await club.scenes.press(BEN, "outcome_won", "check_in_no_more")
    await club.table.wait(65 * DAY)

    assert "The last time you said" in text_of(bens)
    assert club.seen(BEN).count("The last time you said") == 0
    assert "It came to nothing" in club.seen(CARLA)
    assert "The last time you said" not in club.seen(CARLA)
    assert "✓ Much was left" in club.seen(CARLA)


async def test_thanks_reach_the_referrer_in_their_words_and_the_tally_if_both_want_it(club: Club) -> None:
    await introduced(club, after=WEEK)
    await club.scenes.press(BEN, "outcome_won", "thank")

    sent = await club.table.sends(BEN, {"thanks": LINE, "may_show": "yes"})
    thanked = club.last(ANA)
    shown = await club.scenes.press(ANA, "show_thanks")
    kept_back = await club.scenes.press(ANA, "keep_thanks")

    assert sent.replaces
    assert LINE in text_of(sent.message)
    assert "thank" not in verbs(sent.message)
    assert LINE in thanked
    assert verbs(shown.message) == ["keep_thanks"]
    assert verbs(kept_back.message) == ["show_thanks"]


async def test_thanks_that_are_for_the_referrer_alone_offer_nothing(club: Club) -> None:
    await introduced(club, after=WEEK)
    await club.scenes.press(CARLA, "outcome_talking", "thank")

    await club.table.sends(CARLA, {"thanks": LINE})

    assert "It is for you alone." in club.last(ANA)
    assert "show_thanks" not in club.last(ANA)


async def test_words_that_cannot_stand_come_back_in_their_form(club: Club) -> None:
    await introduced(club, after=WEEK)
    await club.scenes.press(BEN, "outcome_won")
    ref = button(club, BEN, "thank")
    wrong = ("", "   ", "see www.example.com", "ask @everyone", "x" * 5_000)

    for number, words in enumerate(wrong):
        for verb, slot in (("thank", "thanks"), ("testify", "testimonial")):
            reply = await send(club, BEN, verb, ref, {slot: words, "may_show": "yes"}, f"{verb} {number}")

            assert list(reply.errors) == [slot]
            assert reply.form
            assert [field.value for field in reply.form.fields] == [words, "yes"]
    assert not (await kept(club)).thanks


async def test_the_provider_can_say_that_it_was_a_lead_and_the_referrer_hears_it_kindly(club: Club) -> None:
    await introduced(club, after=WEEK)
    bens = club.seen(BEN)

    reply = await club.scenes.press(CARLA, "outcome_was_a_lead")

    assert (await kept(club)).reclassified_at is not None
    assert "tell_outcome" not in verbs(reply.message)
    assert "more of a lead" in club.last(ANA)
    assert "Thank you for it." in club.last(ANA)
    assert club.seen(BEN) == bens


async def test_a_testimonial_stands_on_the_card_while_both_want_it(club: Club) -> None:
    await introduced(club, after=WEEK)
    await club.scenes.press(CARLA, "outcome_won", "want_testimonial")
    assert "did for you" in club.last(BEN)
    await club.scenes.press(BEN, "testify")
    await club.table.sends(BEN, {"testimonial": PRAISE})
    assert PRAISE not in club.seen(CARLA)

    await club.scenes.press(BEN, "show_testimonial")
    given = club.last(CARLA)
    on_card = await club.table.types(CARLA, "/intros card")
    found = await club.table.types(ELIF, "/intros find costs workshops")
    hidden = await press(club, CARLA, "hide_testimonial", button(club, CARLA, "hide_testimonial"), "hide")
    off_card = await club.table.types(CARLA, "/intros card")
    await press(club, CARLA, "unhide_testimonial", (await kept(club)).referral, "unhide")
    back = await club.table.types(CARLA, "/intros card")
    await press(club, BEN, "withdraw_testimonial", (await kept(club)).referral, "withdraw")
    withdrawn = await club.table.types(CARLA, "/intros card")

    assert PRAISE in given
    assert PRAISE in text_of(on_card.message)
    assert PRAISE[:30] in text_of(found.message)
    assert "unhide_testimonial" in verbs(hidden.message)
    assert [PRAISE in text_of(one.message) for one in (off_card, back, withdrawn)] == [False, True, False]
    refused = await press(club, CARLA, "unhide_testimonial", (await kept(club)).referral, "unhide again")
    assert PRAISE not in text_of(refused.message)


async def test_a_referrer_reads_it_while_they_judge_the_fit(club: Club) -> None:
    await introduced(club, after=WEEK)
    await club.scenes.press(BEN, "outcome_won", "testify")
    await club.table.sends(BEN, {"testimonial": PRAISE, "may_show": "yes"})

    await club.table.types(ELIF, "/refer @david @carla")
    preview = await club.table.sends(ELIF, {"need": "He has a full order book.", "why": "She explains every line."})

    assert PRAISE in text_of(preview.message)


async def test_who_else_would_benefit_begins_a_referral_that_says_where_it_came_from(club: Club) -> None:
    await introduced(club, after=WEEK)
    await club.scenes.press(BEN, "outcome_won")

    reply = await club.scenes.press(BEN, "who_else")
    await club.table.sends(BEN, {"seeker": ELIF, "need": "She has no idea what a job costs.", "why": PRAISE})

    assert reply.form
    assert {field.key: field.value for field in reply.form.fields}["provider"] == CARLA
    first = (await kept(club)).referral
    draft = ReferralId(button(club, BEN, "need_yes"))
    assert (await club.bot.store.run(lambda tx: tx.referrals.get(draft))).came_from == first


async def test_amounts_are_asked_for_where_the_group_counts_them_and_never_elsewhere(club: Club) -> None:
    await introduced(club, after=WEEK)
    without = await club.scenes.press(CARLA, "outcome_won")
    refused = await send(club, CARLA, "say_amount", (await kept(club)).referral, {"amount": "2000"}, "too early")
    await club.table.types(DAVID, "/intros settings")
    await club.scenes.press(DAVID, "settings_tally")
    await club.table.sends(DAVID, {"amounts": "on"})

    await club.scenes.press(CARLA, "change_outcome", "outcome_won", "say_amount")
    again = await send(club, CARLA, "say_amount", (await kept(club)).referral, {"amount": "a lot"}, "not offered")
    said = await club.table.sends(CARLA, {"amount": "2000"})

    assert "say_amount" not in verbs(without.message)
    assert "Amounts are not counted here" in text_of(refused.message)
    assert again.form
    assert "2,000 to 10,000" in text_of(said.message)


async def test_nobody_else_can_answer_and_the_same_press_again_changes_nothing(club: Club) -> None:
    await introduced(club, after=WEEK)
    ref = button(club, BEN, "outcome_won")
    for number, verb in enumerate(("outcome_won", "show_outcome", "change_outcome", "thank", "testify", "who_else")):
        reply = await press(club, ELIF, verb, ref, f"foreign {number}")
        assert "jemand anderes" in text_of(reply.message)
    for verb, odd in (("show_thanks", f"{ref}.seeker"), ("show_thanks", ref), ("testify", f"{ref}.x")):
        assert "outcome" not in repr(verbs((await press(club, CARLA, verb, odd, f"odd {verb} {odd}")).message))

    first = await press(club, BEN, "outcome_won", ref, "once")
    heard = club.seen(ANA)
    again = await press(club, BEN, "outcome_won", ref, "once")

    assert again == first
    assert club.seen(ANA) == heard


async def test_after_four_months_nothing_more_is_recorded(club: Club) -> None:
    await introduced(club, after=WEEK)
    ref = button(club, BEN, "outcome_won")

    await club.table.wait(115 * DAY)
    replies = [
        await press(club, BEN, verb, ref, f"late {verb}")
        for verb in ("outcome_won", "show_outcome", "change_outcome", "thank")
    ]

    assert all("a long time ago" in text_of(reply.message) for reply in replies)
    assert not any(part.outcome for part in (await kept(club)).parts.values())
    assert "show_outcome" not in verbs((await club.table.types(BEN, "/intros mine")).message)


async def test_mine_lists_whom_one_was_introduced_to_and_ones_own_numbers(club: Club) -> None:
    await introduced(club)

    early = await club.table.types(BEN, "/intros mine")
    shown = await club.scenes.press(BEN, "show_outcome")
    await club.scenes.press(BEN, "outcome_talking")
    later = await club.table.types(BEN, "/intros mine")
    anas = await club.table.types(ANA, "/intros mine")
    await club.table.wait(WEEK)

    assert "show_outcome" in verbs(early.message)
    assert "What came of it?" in text_of(shown.message)
    assert "We are talking" in text_of(later.message)
    assert "Half of your answers came within" in text_of(later.message)
    assert "show_outcome" not in verbs(anas.message)
    assert "You heard back from " in text_of(anas.message)
    assert "We are talking" not in text_of(anas.message)
    assert club.seen(BEN).count("One tap is enough") == 0


async def test_who_has_left_is_asked_nothing_and_who_is_erased_leaves_no_words(club: Club) -> None:
    await introduced(club)
    await club.table.types(CARLA, "/intros leave")
    await club.table.wait(WEEK)
    await club.scenes.press(BEN, "outcome_won", "thank")
    await club.table.sends(BEN, {"thanks": LINE, "may_show": "yes"})
    offered = button(club, ANA, "show_thanks")

    await club.table.types(BEN, "/intros privacy")
    await club.scenes.press(BEN, "erase", "erase_really")
    reply = await press(club, ANA, "show_thanks", offered, "too late")

    assert "One tap is enough" not in club.seen(CARLA)
    assert LINE not in text_of(reply.message)
    assert "not there any more" in text_of(reply.message)
