"""From what was decided to what the one who acted sees; the first answer to an event is kept for its repeats."""

from dataclasses import replace

from bot.app import tallying
from bot.app.conclude_after import show_after
from bot.app.desk import Desk, LookedOnlyError, say
from bot.app.praised import praised
from bot.app.verbs import Verb
from bot.app.wording import asks, canonical, drafts, forms, pages, replies, tally_pages
from bot.app.wording.cast import Cast
from bot.domain.decision import Form, NeedsWords, Outcome, Refused, Say, Told
from bot.domain.errors import StaleWriteError
from bot.domain.group import Group
from bot.domain.ids import AskId, GroupId, ReferralId
from bot.domain.question import Side
from bot.domain.words import Slot
from bot.ports.inbound import Press, Submit
from bot.ports.messages import Form as FormShown
from bot.ports.messages import Message, Reply
from bot.ports.rows import Remembered

REFERRAL = "referral"
PROMPT = "prompt"
ASK = "ask"
GROUP = "group"
SETTINGS = "settings"
CARD = "card"
TALLY = "tally"

_FIELD_OF = {
    Say.SEEKER_MISSING: "seeker",
    Say.PROVIDER_MISSING: "provider",
    Say.YOURSELF: "provider",
    Say.SAME_PERSON: "provider",
}
_LEAVES_PREVIEW = (Say.DISCARDED, Say.LEAD_SENT)
_OPENED_FROM_PREVIEW = (Verb.EDIT, Verb.BETTER, Verb.BLIND)


def conclude(desk: Desk, outcome: Outcome, view: str, ref: str = "") -> Reply:
    """Keep the first answer to this event and show it. Raises StaleWriteError if a repeat was quicker."""
    if desk.looks_only:
        raise LookedOnlyError
    answer = Remembered(outcome, view, ref)
    if not desk.tx.inbox.remember(desk.origin.event, answer, desk.now):
        raise StaleWriteError(desk.origin.event)
    return show(desk, answer)


def show(desk: Desk, answer: Remembered) -> Reply:
    """Put a decision's outcome into words, now or for a repeat."""
    match answer.view:
        case "referral" | "prompt":
            referral = desk.tx.referrals.get(ReferralId(answer.ref.partition(".")[0]))
            cast = desk.cast(desk.tx.groups.get(referral.group), referral)
            return _about_referral(desk, cast, answer)
        case "after" | "thanks" | "testimonial":
            return show_after(desk, answer)
        case "ask":
            ask = desk.tx.asks.get(AskId(answer.ref))
            return _about_ask(desk, desk.cast(desk.tx.groups.get(ask.group), ask=ask), answer.outcome)
        case "card" | "tally" | "settings":
            return _about_group(desk, desk.tx.groups.get(GroupId(answer.ref)), answer.view)
        case _:
            cast = desk.cast(desk.tx.groups.get(GroupId(answer.ref)))
            return _told(_knowing(desk, cast, answer.outcome), answer.outcome)


def _about_group(desk: Desk, group: Group, view: str) -> Reply:
    match view:
        case "card":
            return _about_card(desk, desk.cast(group))
        case "tally":
            return say(my_part(desk, group), replaces=isinstance(desk.inbound, Press))
        case _:
            return say(pages.settings(with_next_post(desk, group), desk.lacks or ()))


def _knowing(desk: Desk, cast: Cast, outcome: Outcome) -> Cast:
    """Return the cast with the person who is spoken of."""
    who = outcome.who if isinstance(outcome, Told) else None
    return pages.peopled(cast, desk.tx.members.some((who,))) if isinstance(who, str) else cast


def _told(cast: Cast, outcome: Outcome, *, replaces: bool = False) -> Reply:
    if not isinstance(outcome, Told):
        msg = "only a phrase can be told"
        raise TypeError(msg)
    return say(replies.told(cast, outcome), replaces=replaces)


def _about_referral(desk: Desk, cast: Cast, answer: Remembered) -> Reply:
    match answer.outcome:
        case Refused() as refused:
            return Reply(errors=_errors(refused, cast), form=_form(desk, cast, refused.form, answer.ref))
        case NeedsWords(slots=slots):
            return Reply(form=forms.blind(cast, slots))
        case Told() as told:
            return _told_about_referral(desk, cast, told, answer.view)


def _errors(refused: Refused, cast: Cast) -> dict[str, str]:
    language = cast.reader.locale if cast.reader else cast.group.settings.language
    return {slot: replies.fault_text(slot, fault, language) for slot, fault in refused.faults.items()}


def _told_about_referral(desk: Desk, cast: Cast, told: Told, view: str) -> Reply:
    is_press = isinstance(desk.inbound, Press)
    if isinstance(desk.inbound, Submit) and (field := _FIELD_OF.get(told.say)):
        return Reply(errors={field: _in_words(cast, told)}, form=forms.draft(cast))
    on_preview = view == REFERRAL and cast.reader is not None and cast.subject.starter == cast.reader.id
    if on_preview and told.say not in _LEAVES_PREVIEW:
        return say(drafts.preview(cast, told), replaces=is_press or _is_from_preview(desk))
    return _told(cast, told, replaces=is_press and view == REFERRAL)


def _is_from_preview(desk: Desk) -> bool:
    """Say whether a form was sent that a preview opened, which then has to show what was written."""
    return isinstance(desk.inbound, Submit) and desk.inbound.verb in _OPENED_FROM_PREVIEW


def _in_words(cast: Cast, told: Told) -> str:
    return canonical.text_of(replies.told_words(cast, told))


def _form(desk: Desk, cast: Cast, form: Form, ref: str) -> FormShown:
    """Return the form that was sent, filled with what was typed."""
    match form:
        case Form.DRAFT | Form.LEAD | Form.HELP:
            return _typed(
                desk, {Form.DRAFT: forms.draft, Form.LEAD: forms.lead, Form.HELP: forms.help_with}[form](cast)
            )
        case Form.BETTER:
            return _typed(desk, forms.better(cast))
        case Form.BLIND:
            return _typed(desk, forms.blind(cast, (Slot.SEEKER_BLIND, Slot.PROVIDER_BLIND)))
        case Form.ASK:
            return _typed(desk, forms.ask(cast))
        case Form.YES_BUT | Form.QUESTION | Form.REASON:
            return _typed(desk, _question_form(cast, form, ref))
        case Form.THANKS | Form.TESTIMONIAL:
            msg = "no referral is written in a form of what comes after it"
            raise TypeError(msg)


def _question_form(cast: Cast, form: Form, ref: str) -> FormShown:
    tail = ref.partition(".")[2]
    if not tail.isdecimal():
        return forms.answer_party(cast, Side(tail))
    question = cast.subject.questions[int(tail)]
    if form is Form.REASON:
        return forms.tell_why(cast, question)
    return forms.terms(cast, question) if form is Form.YES_BUT else forms.question(cast, question)


def _typed(desk: Desk, form: FormShown) -> FormShown:
    return forms.filled(form, desk.inbound.fields) if isinstance(desk.inbound, Submit) else form


def _about_ask(desk: Desk, cast: Cast, outcome: Outcome) -> Reply:
    if isinstance(outcome, Refused):
        return Reply(errors=_errors(outcome, cast), form=_typed(desk, forms.ask(cast)))
    if isinstance(outcome, Told) and outcome.say is Say.ASK_ENDS_IN_PAST and isinstance(desk.inbound, Submit):
        return Reply(errors={"ends_on": _in_words(cast, outcome)}, form=_typed(desk, forms.ask(cast)))
    if isinstance(outcome, Told) and outcome.say is Say.ASK_PREVIEW:
        return say(asks.preview(cast), replaces=isinstance(desk.inbound, Press))
    return _told(cast, outcome, replaces=isinstance(desk.inbound, Press) and desk.inbound.verb == Verb.POST_ASK)


def my_part(desk: Desk, group: Group) -> Message:
    """Return a group's week so far for the one who acts, with what the weekly post may show of them."""
    week, card = tallying.this_week(desk.tx, group, desk.now), desk.tx.members.card(desk.me.id, group.id)
    return tally_pages.my_part(with_next_post(desk, group), week, card)


def with_next_post(desk: Desk, group: Group) -> Cast:
    """Return what a page that says when the next weekly post is, is made from."""
    return replace(desk.cast(group), posts_at=tallying.next_post(desk.tx, group, desk.now))


def _about_card(desk: Desk, cast: Cast) -> Reply:
    card = desk.tx.members.card(desk.me.id, cast.group.id)
    return say(pages.card(praised(desk.tx, cast, (desk.me.id,)), card), replaces=isinstance(desk.inbound, Press))
