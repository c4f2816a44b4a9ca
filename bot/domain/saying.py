"""Thanks and testimonials: words that are said afterwards, and the consent to show them, with its receipts."""

from datetime import datetime

from bot.domain.decision import ConsentReceipt, Decision, Form, Refused, Say, Told
from bot.domain.effects import Effect, Notice, Notify
from bot.domain.errors import NotAPartyError, NotFoundError
from bot.domain.events import Event, EventKind
from bot.domain.hearing import (
    Surroundings,
    is_erased,
    may_be_asked,
    reachable,
    require_party,
    require_side,
    to_referrer,
)
from bot.domain.ids import MemberId
from bot.domain.outcome import (
    FollowUp,
    HideTestimonial,
    Outcome,
    ShowTestimonial,
    ShowThanks,
    Testify,
    Testimonial,
    Thank,
    Thanks,
    WantTestimonial,
)
from bot.domain.question import Answer, Side
from bot.domain.replacing import replace
from bot.domain.reporting import is_over, long_ago
from bot.domain.words import Fault, Slot, fault_in

Spoken = Decision[FollowUp]

THANKS_NUMBER = {Side.SEEKER: -1, Side.PROVIDER: -2}
"""The numbers of these consents in the receipts: below those of the questions. A testimonial's editions follow."""

_BEFORE_EDITIONS = -2


def words_of(state: FollowUp, number: int) -> tuple[str, frozenset[MemberId]]:
    """Return the words that the consent of this number lets show, and whom they are about."""
    for side, thanks in state.thanks.items():
        if THANKS_NUMBER[side] == number:
            return thanks.words, about(state, Slot.THANKS)
    words = state.testimonial.words if state.testimonial else ""
    return words, about(state, Slot.TESTIMONIAL)


def about(state: FollowUp, slot: Slot) -> frozenset[MemberId]:
    """Return whom words said afterwards are about: thanks may well speak of all three."""
    speaks_of = (state.seeker, state.provider, state.referrer if slot is Slot.THANKS else None)
    return frozenset(one for one in speaks_of if one)


def thank(state: FollowUp, command: Thank, around: Surroundings, now: datetime) -> Spoken:
    """Pass a party's thanks on to the referrer, once; the first line stands."""
    side = require_party(state, command.by)
    if is_erased(state.referrer, around):
        return Decision(state, Told(Say.NO_REFERRER))
    if state.part(side).outcome is None:
        raise NotAPartyError(state.referral, command.by)
    if side in state.thanks:
        return Decision(state, Told(Say.THANKED))
    if is_over(state, now):
        return long_ago(state)
    if fault := _fault(Slot.THANKS, command.words):
        return Decision(state, Refused({Slot.THANKS: fault}, Form.THANKS))
    return _thanked(state, command, side, around, now)


def _fault(slot: Slot, words: str) -> Fault | None:
    return fault_in(slot, words) if words.strip() else Fault.MISSING


def _thanked(state: FollowUp, command: Thank, side: Side, around: Surroundings, now: datetime) -> Spoken:
    heard = to_referrer(state, side, Notice.THANKS, around)
    said = Thanks(command.words, now, command.may_show, reached=bool(heard))
    to = state.referrer if said.reached else None
    facts = {"to": to or "", "may_show": _fact(command.may_show), "side": side.value}
    return Decision(
        replace(state, thanks={**state.thanks, side: said}),
        Told(Say.THANKED),
        heard,
        (Event(EventKind.THANKED, state.group, by=command.by, referral=state.referral, facts=facts),),
        (_thanks_receipt(state, command.by, side, Answer.YES, now),) if command.may_show else (),
    )


def _fact(claim: bool) -> str:  # noqa: FBT001 - the claim is all there is
    return str(claim).lower()


def show_thanks(state: FollowUp, command: ShowThanks, now: datetime) -> Spoken:
    """Let each of the two choose whether thanks stand in the tally, at any time; the log has every change."""
    thanks, is_author = state.thanks.get(command.side), command.by == state.member(command.side)
    if command.by != state.referrer and not is_author:
        raise NotAPartyError(state.referral, command.by)
    if thanks is None or not thanks.words or not (thanks.reached or is_author):
        raise NotFoundError(f"thanks in {state.referral}")
    told = Told(Say.THANKS_SHOWN if command.yes else Say.THANKS_NOT_SHOWN)
    chosen = replace(thanks, may_show=command.yes) if is_author else replace(thanks, shown=command.yes)
    if chosen == thanks:
        return Decision(state, told)
    after = replace(state, thanks={**state.thanks, command.side: chosen})
    facts = {"yes": _fact(chosen.shown), "may_show": _fact(chosen.may_show), "side": command.side.value}
    event = Event(EventKind.THANKS_SHOWN, state.group, by=command.by, referral=state.referral, facts=facts)
    receipt = _thanks_receipt(state, command.by, command.side, _answer(command.yes), now)
    return Decision(after, told, events=(event,), receipts=(receipt,))


def _answer(yes: bool) -> Answer:  # noqa: FBT001 - the answer is all there is
    return Answer.YES if yes else Answer.TAKEN_BACK


def _thanks_receipt(state: FollowUp, by: MemberId, side: Side, answer: Answer, now: datetime) -> ConsentReceipt:
    return ConsentReceipt(state.referral, THANKS_NUMBER[side], by, answer, now, (Slot.THANKS,))


def want_testimonial(state: FollowUp, command: WantTestimonial, around: Surroundings, now: datetime) -> Spoken:
    """Have the seeker asked once for a testimonial. The provider who wants one lets them know that it was won."""
    require_side(state, command.by, Side.PROVIDER)
    if state.part(Side.PROVIDER).outcome is not Outcome.WON:
        raise NotAPartyError(state.referral, command.by)
    done = Told(Say.DONE)
    if state.testimonial_asked or state.seeker is None or not may_be_asked(state, Side.SEEKER, around, now):
        return Decision(state, done)
    asks = Notify(state.seeker, Notice.TESTIMONIAL_WANTED, state.referral, Side.SEEKER)
    return Decision(replace(state, testimonial_asked=True), done, (asks,))


def testify(state: FollowUp, command: Testify, around: Surroundings, now: datetime) -> Spoken:
    """Keep what the seeker writes about the provider. Other words are another edition, with a consent of its own."""
    require_side(state, command.by, Side.SEEKER)
    if not state.testimonial_asked:
        raise NotAPartyError(state.referral, command.by)
    if is_erased(state.provider, around):
        raise NotFoundError(f"card of {state.provider}")
    if fault := _fault(Slot.TESTIMONIAL, command.words):
        return Decision(state, Refused({Slot.TESTIMONIAL: fault}, Form.TESTIMONIAL))
    before = state.testimonial
    if before is not None and before.words == command.words:
        return _shown(state, before, command.may_show, around, now)
    edition = before.edition + 1 if before else 1
    hidden = before is not None and before.hidden
    written = Testimonial(command.words, now, edition, command.may_show, hidden)
    facts = {"may_show": _fact(command.may_show), "edition": str(edition)}
    return Decision(
        replace(state, testimonial=written),
        Told(Say.TESTIMONIAL_SHOWN if command.may_show else Say.TESTIMONIAL_SAVED),
        _given(state, written, around),
        (Event(EventKind.TESTIMONIAL_GIVEN, state.group, by=command.by, referral=state.referral, facts=facts),),
        (*_ended(state, before, now), *_agreed(state, written, now)),
    )


def _given(state: FollowUp, written: Testimonial, around: Surroundings) -> tuple[Effect, ...]:
    """Tell the provider, once for each edition that may be shown."""
    if not written.may_show or reachable(state, Side.PROVIDER, around) is None:
        return ()
    occasion = str(written.edition)
    return (Notify(state.provider, Notice.TESTIMONIAL_GIVEN, state.referral, Side.PROVIDER, occasion=occasion),)


def _ended(state: FollowUp, before: Testimonial | None, now: datetime) -> tuple[ConsentReceipt, ...]:
    return (_receipt(state, before, Answer.TAKEN_BACK, now),) if before and before.may_show else ()


def _agreed(state: FollowUp, written: Testimonial, now: datetime) -> tuple[ConsentReceipt, ...]:
    return (_receipt(state, written, Answer.YES, now),) if written.may_show else ()


def _receipt(state: FollowUp, written: Testimonial, answer: Answer, now: datetime) -> ConsentReceipt:
    by = state.member(Side.SEEKER) or MemberId("")
    number = _BEFORE_EDITIONS - written.edition
    return ConsentReceipt(state.referral, number, by, answer, now, (Slot.TESTIMONIAL,), state.provider)


def show_testimonial(state: FollowUp, command: ShowTestimonial, around: Surroundings, now: datetime) -> Spoken:
    """Record whether the seeker agrees that it stands on the provider's card; they may take that back at any time."""
    require_side(state, command.by, Side.SEEKER)
    written = state.testimonial
    if written is None or not written.words:
        raise NotFoundError(f"testimonial in {state.referral}")
    return _shown(state, written, command.yes, around, now)


def _shown(state: FollowUp, written: Testimonial, yes: bool, around: Surroundings, now: datetime) -> Spoken:  # noqa: FBT001
    told = Told(Say.TESTIMONIAL_SHOWN if yes else Say.TESTIMONIAL_NOT_SHOWN)
    if written.may_show is yes:
        return Decision(state, told)
    after = replace(written, may_show=yes)
    receipts = (_receipt(state, written, _answer(yes), now),)
    return Decision(replace(state, testimonial=after), told, _given(state, after, around), receipts=receipts)


def hide_testimonial(state: FollowUp, command: HideTestimonial) -> Spoken:
    """Take a testimonial off the provider's card, or put it back. One they may not see is not there for them."""
    require_side(state, command.by, Side.PROVIDER)
    written = state.testimonial
    if written is None or not written.words or not written.may_show:
        raise NotFoundError(f"testimonial in {state.referral}")
    told = Told(Say.TESTIMONIAL_NOT_SHOWN if command.hidden else Say.TESTIMONIAL_SHOWN)
    return Decision(replace(state, testimonial=replace(written, hidden=command.hidden)), told)
