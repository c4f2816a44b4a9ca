"""What somebody says came of an introduction shows to nobody else, unless they want it to."""

from collections.abc import Iterator
from dataclasses import replace

from bot.app.verbs import Verb
from bot.app.wording import afterwards, notices, pages
from bot.app.wording.canonical import canonical_text
from bot.app.wording.cast import Operator
from bot.app.wording.mine import Past
from bot.domain.decision import Say, Told
from bot.domain.effects import Notice, Notify
from bot.domain.ids import ReferralId
from bot.domain.numbers import numbers_of
from bot.domain.outcome import FollowUp, Outcome, Part
from bot.domain.place import Place
from bot.domain.question import Side
from bot.ports.messages import Buttons, Message
from tests.app.wording.afterwards_texts import PRAISE, WEEK_LATER, after_cast, said
from tests.app.wording.casts import PIA, PIAS_CARD, RITA, SAM, a_group_in, agreed
from tests.factories import a_follow_up

NO_AMOUNTS = Operator(places={"local": Place(takes_amounts=False)})
READERS = {Side.SEEKER: SAM, Side.PROVIDER: PIA}


def ways(side: Side, own: Outcome | None) -> Iterator[FollowUp]:
    """Yield everything the other side may have said, beside what the reader said."""
    mine = {side: Part(outcome=own, reported_at=WEEK_LATER)} if own else {}
    yield a_follow_up(parts=mine)
    for outcome in Outcome:
        one = said(outcome, side.other, part={"tells_referrer": True, "wants_later": True})
        asked = outcome is Outcome.WON and side is Side.PROVIDER
        yield replace(one, parts={**one.parts, **mine}, testimonial_asked=asked)
        if side is Side.SEEKER and outcome is Outcome.WAS_A_LEAD:
            yield replace(one, parts={**one.parts, **mine}, reclassified_at=WEEK_LATER)
    if side is Side.PROVIDER:
        yield a_follow_up(parts=mine, testimonial_asked=True, testimonial=replace(PRAISE, may_show=False))


def everything_shown(follow_up: FollowUp, side: Side) -> Iterator[Message]:
    reader = READERS[side]
    cast = after_cast("en", follow_up, reader)
    yield afterwards.check_in(cast, side)
    yield afterwards.recorded(cast, side)
    yield afterwards.recorded(cast, side, Told(Say.OUTCOME_RECORDED))
    numbers = numbers_of(reader, started=(), introduced=(agreed(),), asked=(), follow_ups=(follow_up,))
    yield pages.mine(cast, (), (), (), Past((follow_up,), numbers))
    if reader == PIA:
        yield pages.card(cast, PIAS_CARD)


def test_a_party_cannot_tell_what_the_other_said() -> None:
    for side in Side:
        for own in (None, *Outcome):
            seen = {
                tuple(canonical_text(one) for one in everything_shown(follow_up, side)) for follow_up in ways(side, own)
            }

            assert len(seen) == 1, (side, own)


def test_the_referrer_cannot_tell_what_a_party_said_before_they_are_told() -> None:
    heard = Notify(RITA, Notice.OUTCOME_HEARD, ReferralId("referral"), Side.SEEKER)
    seen = set()
    for outcome in Outcome:
        for tells in (False, True):
            follow_up = said(outcome, part={"tells_referrer": tells})
            numbers = numbers_of(RITA, started=(agreed(),), introduced=(), asked=(), follow_ups=(follow_up,))
            cast = after_cast("en", follow_up, RITA)
            page = pages.mine(cast, (), (agreed(),), (), Past((), numbers))
            seen.add((canonical_text(notices.notice(cast, heard)), canonical_text(page)))

    assert len(seen) == 1


def test_an_amount_is_asked_for_only_where_group_and_platform_take_it() -> None:
    won = said(Outcome.WON, Side.PROVIDER)
    offered = []
    for amounts, operator in ((True, Operator()), (False, Operator()), (True, NO_AMOUNTS)):
        cast = after_cast("en", won, PIA, group=a_group_in("en", amounts=amounts), operator=operator)
        shown = afterwards.recorded(cast, Side.PROVIDER)
        verbs = {one.verb for part in shown.parts if isinstance(part, Buttons) for one in part.buttons}
        offered.append(Verb.SAY_AMOUNT in verbs)

    assert offered == [True, False, False]
