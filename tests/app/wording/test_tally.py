"""What the weekly post may say and what it may not, whatever the week was like and whoever wants what."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from string import ascii_lowercase

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app.wording import pages, tally, tally_pages
from bot.app.wording.canonical import canonical_text, length
from bot.app.wording.cast import Cast, Operator
from bot.domain.events import Event, EventKind
from bot.domain.group import TallyMode
from bot.domain.ids import MemberId, ReferralId, UserId
from bot.domain.local_time import weeks_before
from bot.domain.member import Card, CardSlot
from bot.domain.outcome import FollowUp, Outcome, Thanks
from bot.domain.place import Place
from bot.domain.question import Side
from bot.domain.tally import Entry, Given, Tally, tally_of
from bot.ports.messages import Message, Plain
from tests.app.wording.casts import GROUP, LANGUAGES, NOW, RITA, SAM, a_member, spans_in
from tests.app.wording.tally_texts import CARDS, RICH_WEEK, WEEK, a_follow_up, a_week_cast
from tests.app.wording.test_limits import HOSTILE, MOST, typed

EVERYBODY = tuple(MemberId(f"m-{letter}") for letter in ascii_lowercase)
SHOWN_MODES = tuple(mode for mode in TallyMode if mode is not TallyMode.OFF)
NUMBER = st.integers(0, 9)
WORDS = "Without you I would still be sorting boxes."

tallies = st.builds(
    Tally,
    group=st.just(GROUP),
    week=st.sampled_from((WEEK, "2026-W53", "2027-W01")),
    introductions=NUMBER,
    inside=NUMBER,
    outside=NUMBER,
    recommendations=NUMBER,
    leads=NUMBER,
    outcomes=st.dictionaries(st.sampled_from(Outcome), NUMBER),
    worth=st.sampled_from((0, 500, 12_500)),
    thanks=NUMBER,
    corrections=NUMBER,
    givers=st.dictionaries(st.sampled_from(EVERYBODY), st.builds(Given, NUMBER, NUMBER, NUMBER), min_size=2),
)
consents = st.fixed_dictionaries(dict.fromkeys(EVERYBODY, st.tuples(st.booleans(), st.booleans())))
thanks = st.builds(Thanks, st.sampled_from((WORDS, "")), st.just(NOW), st.booleans(), st.booleans())


def a_club(consented: Mapping[MemberId, tuple[bool, bool]], lang: str, mode: TallyMode) -> Cast:
    """Return a large group, some of whom want to be named, or to be listened for."""
    cards = {
        who: Card(who, GROUP, {CardSlot.LISTEN_FOR: f"words of {who}"}, named=named, listened_for=listened)
        for who, (named, listened) in consented.items()
    }
    return a_week_cast(lang, mode, cards=cards, people={who: a_member(id=who) for who in EVERYBODY})


def mentioned(message: Message) -> set[str]:
    return set(in_order(message))


def in_order(message: Message) -> list[str]:
    return re.findall(r"@U-(m-\w+)", canonical_text(message))


@settings(max_examples=60, deadline=None)
@given(
    week=tallies, consented=consents, said=thanks, mode=st.sampled_from(SHOWN_MODES), lang=st.sampled_from(LANGUAGES)
)
def test_no_zero_no_bad_news_and_no_name_without_consent_ever_gets_into_the_post(
    week: Tally, consented: Mapping[MemberId, tuple[bool, bool]], said: Thanks, mode: TallyMode, lang: str
) -> None:
    follow_up = a_follow_up(referrer=EVERYBODY[0], seeker=EVERYBODY[1], thanks={Side.SEEKER: said})
    cast = a_club(consented, lang, mode)

    message = tally.post(cast, week, ((follow_up, Side.SEEKER), (follow_up, Side.PROVIDER)))

    text = canonical_text(message)
    wants = {who for who, (named, _) in consented.items() if named and mode is not TallyMode.TOTALS}
    listened = {who for who, (_, listened) in consented.items() if listened}
    assert mentioned(message) <= wants | listened
    assert {who for who in EVERYBODY if f"words of {who}\n" in f"{text}\n"} <= listened
    assert not re.search(r"(?<![\d.,])0(?![\d.,])", text)
    assert (WORDS in text) == (said.is_public and mode is not TallyMode.TOTALS)
    assert length(message) <= MOST
    good = week.outcomes.get(Outcome.TALKING, 0) + week.outcomes.get(Outcome.WON, 0)
    assert good or "What came of it" not in text
    assert "12,500" not in text


def test_those_who_are_named_stand_in_an_order_that_says_nothing_of_what_they_did() -> None:
    few = {who: Given(introductions=1 + at) for at, who in enumerate(EVERYBODY[:5])}
    more = {who: Given(introductions=9 - at) for at, who in enumerate(EVERYBODY[:5])}
    cast = a_club(dict.fromkeys(EVERYBODY, (True, False)), "en", TallyMode.THANKS)

    def order(givers: Mapping[MemberId, Given], week: str) -> list[str]:
        post = tally.post(cast, Tally(GROUP, week, introductions=9, givers=givers), ())
        return in_order(post)

    assert order(few, WEEK) == order(more, WEEK)
    assert len({tuple(order(few, week)) for week in weeks_before(WEEK, 8)}) > 1


def test_everybody_who_wants_to_be_listened_for_has_a_turn_and_a_week_stays_as_it_is() -> None:
    cast = a_club(dict.fromkeys(EVERYBODY[:8], (False, True)), "en", TallyMode.TOTALS)

    shown = [mentioned(tally.post(cast, Tally(GROUP, week, introductions=1), ())) for week in weeks_before(WEEK, 8)]

    assert all(len(one) == 3 for one in shown)
    assert set().union(*shown) == set(EVERYBODY[:8])
    assert mentioned(tally.post(cast, Tally(GROUP, WEEK, introductions=1), ())) == mentioned(
        tally.post(cast, Tally(GROUP, WEEK, leads=7), ())
    )


def test_who_left_or_was_erased_is_named_nowhere() -> None:
    for gone in (a_member(id=RITA, joined={}), a_member(id=RITA, user=None)):
        cast = a_week_cast("en", TallyMode.FULL)
        cast = replace(cast, people={**cast.people, RITA: gone})

        text = canonical_text(tally.post(cast, RICH_WEEK, ((a_follow_up(), Side.SEEKER),)))

        assert "rita" not in text
        assert "2 introductions" not in text.replace("4 introductions", "")


def test_thanks_are_shown_by_each_side_for_itself_and_not_between_two_of_whom_one_has_blocked_the_other() -> None:
    both = {side: Thanks(f"By the {side}.", NOW, may_show=True, shown=True) for side in Side}
    cast, one = a_week_cast("en"), a_follow_up(thanks=both)
    blocked = replace(cast, people={**cast.people, RITA: a_member(id=RITA, blocks=frozenset({SAM}))})

    texts = [canonical_text(tally.post(who, RICH_WEEK, ((one, Side.SEEKER),))) for who in (cast, blocked)]

    assert [("By the seeker." in text, "By the provider." in text) for text in texts] == [(True, False), (False, False)]


def outcomes_of(people: int) -> Iterator[Entry]:
    """Yield good outcomes, each with its worth, reported by so many people."""
    for number in range(people):
        facts = {"outcome": "won", "side": "seeker", "amount": "2000"}
        event = Event(EventKind.OUTCOME_REPORTED, GROUP, EVERYBODY[number], ReferralId(f"r-{number}"), facts)
        yield Entry(WEEK, event)


def test_outcomes_and_amounts_take_three_people_the_groups_wish_and_a_place_that_allows_them() -> None:
    shown = []
    for people, amounts, takes in ((2, True, True), (3, True, True), (3, False, True), (3, True, False)):
        cast = a_week_cast("en", settings={"amounts": amounts})
        cast = replace(cast, operator=Operator(places={"local": Place(takes_amounts=takes)}))
        text = canonical_text(tally.post(cast, tally_of(GROUP, WEEK, tuple(outcomes_of(people))), ()))
        shown.append(("3 won" in text or "2 won" in text, "6,000" in text or "4,000" in text))

    assert shown == [(False, False), (True, True), (True, False), (True, False)]


def test_the_chart_says_every_number_and_shows_nothing_where_there_is_nothing_to_compare() -> None:
    cast = a_week_cast("en")
    weeks = tuple((week, number) for number, week in enumerate(weeks_before(WEEK, 8)))

    chart = tally.chart(cast, RICH_WEEK, weeks)

    assert chart is not None
    assert [bar.value for bar in chart.bars] == [*range(8), 4]
    assert all(f"{number} in week {39 + number}" in chart.alt for number in range(8))
    assert chart.alt.endswith("4 in week 47.")
    assert tally.chart(cast, RICH_WEEK, ()) is None
    assert tally.chart(cast, Tally(GROUP, WEEK, leads=2), weeks) is None


def hostile(words: str, lang: str) -> Iterator[Message]:
    """Yield everything of the tally that shows what somebody typed."""
    lines = dict.fromkeys(CardSlot, words[:300])
    cards = {who: Card(who, GROUP, lines, named=True, listened_for=True) for who in EVERYBODY}
    people = {who: replace(a_member(id=who), user=UserId(f"{at:019}")) for at, who in enumerate(EVERYBODY, 1)}
    week = replace(RICH_WEEK, givers={who: Given(9_999, 9_999, 9) for who in EVERYBODY})
    one = replace(_thanked(words), referrer=EVERYBODY[2], seeker=EVERYBODY[3])
    said = ((one, Side.SEEKER),) * 9
    for mode in SHOWN_MODES:
        cast = a_week_cast(lang, mode, cards=cards, people=people, settings={"amounts": True})
        yield tally.post(cast, week, said)
        yield tally_pages.preview(cast, tally.post(cast, week, said))
    yield pages.card(a_week_cast(lang, reader=a_member(id=SAM)), Card(SAM, GROUP, lines, named=True, listened_for=True))


def _thanked(words: str) -> FollowUp:
    both = Thanks(words[:300], NOW, may_show=True, shown=True)
    return a_follow_up(thanks={Side.SEEKER: both, Side.PROVIDER: both})


def test_whatever_people_type_the_post_fits_and_shows_it_as_it_stands() -> None:
    for name, lang in product(HOSTILE, LANGUAGES):
        for message in hostile(next(iter(typed(HOSTILE[name]).values())), lang):
            assert length(message) <= MOST, (name, lang, length(message))
    for message in hostile("Zzyzx{seeker}*@everyone*", "en"):
        assert all(isinstance(span, Plain) for span in spans_in(message) if "Zzyzx" in str(span))
        assert "Zzyzx" not in message.summary


def test_a_member_is_told_what_the_post_shows_of_them_on_their_card_too() -> None:
    cast = a_week_cast("en", reader=a_member(id=RITA))

    text = canonical_text(pages.card(cast, CARDS[RITA]))

    assert "In the weekly post: your name" in text
    assert "[Don't name me]" in text
