"""What somebody sees who did something when an introduction is behind them."""

from dataclasses import replace

from bot.app.desk import Desk, say
from bot.app.wording import afterwards, afterwards_forms, afterwards_notices, forms, replies
from bot.app.wording.cast import Cast
from bot.domain.decision import Form, Refused, Told
from bot.domain.errors import NotAPartyError
from bot.domain.ids import ReferralId
from bot.domain.outcome import FollowUp
from bot.domain.question import Side
from bot.ports.inbound import Submit
from bot.ports.messages import Message, Reply
from bot.ports.rows import Remembered

AFTER = "after"
THANKS = "thanks"
TESTIMONIAL = "testimonial"


def casting_after(desk: Desk, state: FollowUp) -> Cast:
    """Return what texts about a past introduction are made from."""
    cast = desk.cast(desk.tx.groups.get(state.group), desk.tx.referrals.get(state.referral))
    return replace(cast, follow_up=state)


def show_after(desk: Desk, answer: Remembered) -> Reply:
    """Put an outcome into words, in the place of what was pressed; a refused form comes back filled."""
    name, _, side = answer.ref.partition(".")
    cast = casting_after(desk, desk.tx.follow_ups.get(ReferralId(name)))
    match answer.outcome:
        case Told() as told:
            return say(_words(desk, cast, answer.view, side, told), replaces=True)
        case Refused() as refused:
            return _again(desk, cast, refused)
        case _:
            msg = "nothing here opens a form by itself"
            raise TypeError(msg)


def _words(desk: Desk, cast: Cast, view: str, side: str, told: Told) -> Message:
    match view:
        case "thanks" if cast.after.side_of(desk.me.id) is not Side(side):
            return afterwards_notices.thanks_again(cast, Side(side), told)
        case "testimonial":
            return afterwards_notices.testimonial_again(cast, told)
        case _:
            return afterwards.recorded(cast, _side(desk, cast), told)


def _side(desk: Desk, cast: Cast) -> Side:
    side = cast.after.side_of(desk.me.id)
    if side is None:
        raise NotAPartyError(cast.after.referral, desk.me.id)
    return side


def _again(desk: Desk, cast: Cast, refused: Refused) -> Reply:
    form = afterwards_forms.thank(cast) if refused.form is Form.THANKS else afterwards_forms.testify(cast)
    typed = desk.inbound.fields if isinstance(desk.inbound, Submit) else {}
    language = cast.reader.locale if cast.reader else cast.group.settings.language
    errors = {str(slot): replies.fault_text(slot, fault, language) for slot, fault in refused.faults.items()}
    return Reply(errors=errors, form=forms.filled(form, typed))
