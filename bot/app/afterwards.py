"""What people do when an introduction is behind them: say what came of it, thank, praise, think further."""

from collections.abc import Callable

from bot.app import following
from bot.app.conclude import conclude
from bot.app.conclude_after import AFTER, TESTIMONIAL, THANKS, casting_after
from bot.app.desk import Desk, say
from bot.app.referring import draft_from, one_of, text_in
from bot.app.wording import afterwards, afterwards_forms
from bot.app.wording.cast import Cast
from bot.domain import outcome as o
from bot.domain.decision import Say, Told
from bot.domain.errors import NotAPartyError
from bot.domain.ids import ReferralId
from bot.domain.place import place_of
from bot.domain.question import Side
from bot.domain.words import Slot
from bot.ports.inbound import Submit
from bot.ports.messages import Form, Reply


def _follow(desk: Desk, ref: str, command: o.FollowUpCommand, view: str = AFTER) -> Reply:
    place = place_of(desk.origin.workspace, desk.operator.places)
    decision = following.follow(desk.tx, ReferralId(ref.partition(".")[0]), command, desk.now, place)
    return conclude(desk, decision.outcome, view, ref)


def reporting(outcome: o.Outcome) -> Callable[[Desk, str], Reply]:
    """Return the use case behind one outcome's button."""
    return lambda desk, ref: _follow(desk, ref, o.Report(desk.me.id, outcome))


def tell(desk: Desk, ref: str) -> Reply:
    """Let the referrer know what came of it."""
    return _follow(desk, ref, o.TellOutcome(desk.me.id))


def asking_later(*, yes: bool) -> Callable[[Desk, str], Reply]:
    """Return the use case behind *Ask me again*, or behind no."""
    return lambda desk, ref: _follow(desk, ref, o.ChooseLater(desk.me.id, yes))


def selling(*, little_left: bool) -> Callable[[Desk, str], Reply]:
    """Return the use case behind one answer to how much was left to sell."""
    return lambda desk, ref: _follow(desk, ref, o.ConfirmReady(desk.me.id, little_left))


def want_testimonial(desk: Desk, ref: str) -> Reply:
    """Have the seeker asked for a testimonial."""
    return _follow(desk, ref, o.WantTestimonial(desk.me.id))


def showing_thanks(*, yes: bool) -> Callable[[Desk, str], Reply]:
    """Return the use case behind what the referrer, or who said thank you, lets the tally have."""

    def press(desk: Desk, ref: str) -> Reply:
        side = one_of(Side, ref.partition(".")[2])
        if side is None:
            raise NotAPartyError(ref, desk.me.id)
        return _follow(desk, ref, o.ShowThanks(desk.me.id, side, yes), THANKS)

    return press


def showing_testimonial(*, yes: bool) -> Callable[[Desk, str], Reply]:
    """Return the use case behind the seeker's consent to have it on the provider's card."""
    return lambda desk, ref: _follow(desk, ref, o.ShowTestimonial(desk.me.id, yes))


def hiding_testimonial(*, hidden: bool) -> Callable[[Desk, str], Reply]:
    """Return the use case behind *Take it off my card*, or behind putting it back."""
    return lambda desk, ref: _follow(desk, ref, o.HideTestimonial(desk.me.id, hidden), TESTIMONIAL)


def thank(desk: Desk, submit: Submit) -> Reply:
    """Thank the referrer."""
    words = text_in(submit.fields, Slot.THANKS)
    return _follow(desk, submit.ref, o.Thank(desk.me.id, words, may_show=_may_show(submit)))


def testify(desk: Desk, submit: Submit) -> Reply:
    """Write about the provider."""
    words = text_in(submit.fields, Slot.TESTIMONIAL)
    return _follow(desk, submit.ref, o.Testify(desk.me.id, words, may_show=_may_show(submit)))


def _may_show(submit: Submit) -> bool:
    return text_in(submit.fields, afterwards_forms.MAY_SHOW) == "yes"


def say_amount(desk: Desk, submit: Submit) -> Reply:
    """Say what business was worth, in a band."""
    amount = one_of(o.Amount, text_in(submit.fields, afterwards_forms.AMOUNT))
    if amount is None:
        return open_form(afterwards_forms.amount)(desk, submit.ref)
    return _follow(desk, submit.ref, o.SayAmount(desk.me.id, amount))


def show_outcome(desk: Desk, ref: str) -> Reply:
    """Show what one said, or ask."""
    cast, side = _mine(desk, ref)
    return say(afterwards.recorded(cast, side))


def change_outcome(desk: Desk, ref: str) -> Reply:
    """Ask again what came of it."""
    cast, side = _mine(desk, ref)
    if not afterwards.is_open(cast):
        return _long_ago(cast, side)
    return say(afterwards.check_in(cast, side), replaces=True)


def _long_ago(cast: Cast, side: Side) -> Reply:
    return say(afterwards.recorded(cast, side, Told(Say.FOLLOWED_UP_LONG_AGO)), replaces=True)


def open_form(form: Callable[[Cast], Form]) -> Callable[[Desk, str], Reply]:
    """Return the use case that opens a form about what came of it, while it can be said."""

    def opening(desk: Desk, ref: str) -> Reply:
        cast, side = _mine(desk, ref)
        return Reply(form=form(cast)) if afterwards.is_open(cast) else _long_ago(cast, side)

    return opening


def open_testimonial(desk: Desk, ref: str) -> Reply:
    """Open the form for a testimonial, which may be written and changed at any time."""
    cast, side = _mine(desk, ref)
    if side is not Side.SEEKER:
        raise NotAPartyError(cast.after.referral, desk.me.id)
    return Reply(form=afterwards_forms.testify(cast))


def who_else(desk: Desk, ref: str) -> Reply:
    """Open the form of a referral that comes from this introduction, with the same provider."""
    cast, _ = _mine(desk, ref)
    return draft_from(desk, cast.group, cast.after)


def _mine(desk: Desk, ref: str) -> tuple[Cast, Side]:
    """Return what the texts for a party are made from. Raises NotAPartyError for anybody else."""
    state = desk.tx.follow_ups.get(ReferralId(ref))
    side = state.side_of(desk.me.id)
    if side is None:
        raise NotAPartyError(state.referral, desk.me.id)
    return casting_after(desk, state), side
