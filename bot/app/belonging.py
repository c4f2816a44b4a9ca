"""What a member does for themselves: join, leave, the card, a break, the private list."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from bot.app import deciding, entries, owed
from bot.app.conclude import CARD, GROUP, conclude
from bot.app.desk import AnswerNowError, Desk, say
from bot.app.praised import praised
from bot.app.referring import text_in
from bot.app.verbs import Verb
from bot.app.wording import forms, pages, replies
from bot.domain import member_commands as c
from bot.domain.decision import Decision
from bot.domain.effects import Sentence
from bot.domain.group import Group
from bot.domain.ids import MemberId
from bot.domain.local_time import end_of_day
from bot.domain.member import ASK_LATER, FOREVER, CardSlot
from bot.domain.members import Belonging, decide_member
from bot.ports.inbound import Submit
from bot.ports.messages import Reply

CARD_LIMIT = 300


def _decide(desk: Desk, group: Group, command: c.MemberCommand) -> Decision[Belonging]:
    before = Belonging(desk.me_today, desk.tx.members.card(desk.me.id, group.id))
    decision = decide_member(before, command, group, desk.now)
    if decision.state.member != desk.me:
        desk.tx.members.save(decision.state.member)
    if decision.state.card != before.card:
        desk.tx.members.save_card(decision.state.card)
    entries.append(desk.tx, decision.events, group, desk.now)
    owed.queue(desk.tx, decision.effects, group, desk.now)
    return decision


def join(desk: Desk, ref: str) -> Reply:
    """Agree to be asked in this group. A guest account could not be introduced, so it does not join."""
    group = desk.group_named(ref)
    if (who := desk.people.get(desk.origin.user)) and who.is_guest:
        raise AnswerNowError(say(replies.you_are_guest(desk.language)), Sentence.GUEST)
    command = c.Join(hello_first=desk.cast(group).place.hello_first)
    return conclude(desk, _decide(desk, group, command).outcome, GROUP, group.id)


def leave(desk: Desk, ref: str) -> Reply:
    """Leave the group: whatever was open ends without a word."""
    group = desk.group_named(ref)
    decision = _decide(desk, group, c.Leave())
    if decision.events:
        deciding.end_part(desk.tx, desk.me.id, desk.now, group=group)
    return conclude(desk, decision.outcome, GROUP, group.id)


def show_card(desk: Desk, ref: str) -> Reply:
    """Show one's own card."""
    group = desk.group_named(ref)
    cast = praised(desk.tx, desk.cast(group), (desk.me.id,))
    return say(pages.card(cast, desk.tx.members.card(desk.me.id, group.id)))


def open_card(verb: Verb) -> Callable[[Desk, str], Reply]:
    """Return the use case that opens one half of the card's form."""

    def opening(desk: Desk, ref: str) -> Reply:
        group = desk.group_named(ref)
        card = desk.tx.members.card(desk.me.id, group.id)
        form = forms.card if verb is Verb.EDIT_CARD else forms.card_more
        return Reply(form=form(desk.cast(group), card))

    return opening


def write_card(desk: Desk, submit: Submit) -> Reply:
    """Store the lines of one half of the card."""
    group = desk.group_named(submit.ref)
    lines = {slot: text_in(submit.fields, slot) for slot in CardSlot if slot in submit.fields}
    too_long = {slot: text for slot, text in lines.items() if len(text) > CARD_LIMIT}
    kept = {slot: text for slot, text in lines.items() if slot not in too_long}
    leads = text_in(submit.fields, "accepts_leads") == "yes" if "accepts_leads" in submit.fields else None
    decision = _decide(desk, group, c.WriteCard(kept, leads))
    if too_long:
        return _too_long(desk, group, submit, tuple(too_long))
    return conclude(desk, decision.outcome, CARD, group.id)


def _too_long(desk: Desk, group: Group, submit: Submit, slots: tuple[CardSlot, ...]) -> Reply:
    card = desk.tx.members.card(desk.me.id, group.id)
    form = forms.card if submit.verb == Verb.EDIT_CARD else forms.card_more
    errors = {slot.value: replies.line_too_long(CARD_LIMIT, desk.language) for slot in slots}
    return Reply(errors=errors, form=forms.filled(form(desk.cast(group), card), submit.fields))


def show_pause(desk: Desk, ref: str) -> Reply:
    """Show the break one takes, and what to change."""
    return say(pages.pause(desk.cast(desk.group_named(ref))))


def open_pause(desk: Desk, ref: str) -> Reply:
    """Open the form for a break."""
    return Reply(form=forms.pause(desk.cast(desk.group_named(ref))))


def pause(desk: Desk, submit: Submit) -> Reply:
    """Take a break until the end of a day."""
    group = desk.group_named(submit.ref)
    until = _until(desk, group, submit)
    quiet = text_in(submit.fields, "quiet") != "said"
    return conclude(desk, _decide(desk, group, c.Pause(until, quiet)).outcome, GROUP, group.id)


def _until(desk: Desk, group: Group, submit: Submit) -> datetime:
    form = forms.filled(forms.pause(desk.cast(group)), submit.fields)
    try:
        until = end_of_day(
            date.fromisoformat(text_in(submit.fields, "until")), desk.me.time_zone or group.settings.time_zone
        )
    except (ValueError, OverflowError):
        raise AnswerNowError(Reply(errors={"until": replies.not_a_date(desk.language)}, form=form)) from None
    if until <= desk.now:
        raise AnswerNowError(Reply(errors={"until": replies.date_is_past(desk.language)}, form=form))
    return until


def pausing(wait: timedelta | None) -> Callable[[Desk, str], Reply]:
    """Return the use case behind a quiet pause's buttons: back at once (None), later, or never."""

    def press(desk: Desk, ref: str) -> Reply:
        group = desk.group_named(ref)
        until = None if wait is None else FOREVER if wait == timedelta.max else desk.now + wait
        return conclude(desk, _decide(desk, group, c.Pause(until, quiet=True)).outcome, GROUP, group.id)

    return press


keep_me_in = pausing(None)
ask_me_later = pausing(ASK_LATER)
stop_asking = pausing(timedelta.max)


def unblock(desk: Desk, ref: str) -> Reply:
    """Take somebody off the private list. The reference is the group's and the member's."""
    group_ref, _, other = ref.partition(".")
    group = desk.group_named(group_ref)
    return conclude(desk, _decide(desk, group, c.Unblock(MemberId(other))).outcome, GROUP, group.id)


def block_person(desk: Desk, group: Group, other: MemberId) -> Reply:
    """Put somebody on the private list, which also says no to everything open with them."""
    decision = _decide(desk, group, c.Block(other))
    deciding.say_no_to_everything_from(desk.tx, desk.me.id, frozenset({other}), desk.now)
    return conclude(desk, decision.outcome, GROUP, group.id)
