"""What a referrer does: the draft and its forms, the filter, leads, asking, and withdrawing."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from bot.app import deciding, following
from bot.app.choosing import choose, why_not
from bot.app.conclude import REFERRAL, conclude
from bot.app.desk import Desk, say
from bot.app.verbs import Verb
from bot.app.wording import drafts, forms, replies
from bot.app.wording.clean import clean
from bot.domain import commands as c
from bot.domain.ask import Ask
from bot.domain.decision import Say, Told
from bot.domain.drafting import require_starter
from bot.domain.errors import NotFoundError
from bot.domain.group import Group
from bot.domain.ids import AskId, GuestId, ReferralId, UserId
from bot.domain.member import Guest
from bot.domain.outcome import FollowUp
from bot.domain.question import Side
from bot.domain.referral import Basis, Referral, Tick
from bot.domain.words import MAX_LONG, Slot
from bot.ports.inbound import PickMessage, Slash, Submit
from bot.ports.messages import Reply

Choice = TypeVar("Choice", bound=StrEnum)


def open_draft(desk: Desk, slash: Slash) -> Reply:
    """/refer: open the form, filled with the people and words that came with the command. Writes nothing."""
    group = desk.group()
    seeker, provider = (*slash.people, None, None)[:2]
    return _checked_form(desk, group, {Side.SEEKER: seeker, Side.PROVIDER: provider}, slash.text)


def start_draft(desk: Desk, ref: str) -> Reply:
    """Open the same form, empty, behind a button."""
    return _draft_form(desk, desk.group_named(ref))


def pick_message(desk: Desk, pick: PickMessage) -> Reply:
    """*I can refer someone* on a message: its author has the need, its text is the need."""
    return _checked_form(desk, desk.group(), {Side.SEEKER: pick.author}, pick.text)


def _checked_form(desk: Desk, group: Group, named: Mapping[Side, UserId | None], need: str) -> Reply:
    """Open the form; at the field of somebody who cannot be introduced it says why, and all the rest is kept."""
    wrong = {side.value: why for side, user in named.items() if user and (why := why_not(desk, user))}
    usable = {side: user for side, user in named.items() if side.value not in wrong}
    reply = _draft_form(desk, group, seeker=usable.get(Side.SEEKER), provider=usable.get(Side.PROVIDER), need=need)
    return replace(reply, form=forms.hinted(reply.form, wrong)) if reply.form and wrong else reply


def refer_for_ask(desk: Desk, ref: str) -> Reply:
    """*I can refer someone* under an ask: the seeker and the need are known."""
    ask = desk.tx.asks.get(AskId(ref))
    group = desk.require_near(desk.tx.groups.get(ask.group))
    owner = desk.tx.members.get(ask.owner)
    if not ask.is_open(desk.now):
        return say(replies.told(desk.cast(group, ask=ask), Told(Say.ASK_NOT_OPEN)))
    return _draft_form(desk, group, seeker=owner.user, need=ask.need, ask=ask)


def draft_from(desk: Desk, group: Group, past: FollowUp) -> Reply:
    """Open the form of a referral that comes from a past introduction, with the same provider."""
    return _draft_form(desk, group, provider=desk.tx.members.get(past.provider).user, came_from=past.referral)


def _draft_form(
    desk: Desk,
    group: Group,
    *,
    seeker: UserId | None = None,
    provider: UserId | None = None,
    need: str = "",
    ask: Ask | None = None,
    came_from: ReferralId | None = None,
) -> Reply:
    people = {side: desk.stranger(user) for side, user in ((Side.SEEKER, seeker), (Side.PROVIDER, provider)) if user}
    words = {Slot.NEED: clean(need)[:MAX_LONG]} if need else {}
    blank = replace(
        _blank(desk, group, ReferralId("")),
        seeker=people[Side.SEEKER].id if Side.SEEKER in people else None,
        provider=people[Side.PROVIDER].id if Side.PROVIDER in people else None,
        words=words,
        ask=ask.id if ask else None,
        came_from=came_from,
    )
    cast = replace(desk.cast(group), referral=blank, ask=ask, people={m.id: m for m in people.values()})
    return Reply(form=forms.draft(cast))


def _blank(desk: Desk, group: Group, referral: ReferralId) -> Referral:
    settings = group.settings
    return Referral(
        id=referral,
        group=group.id,
        created_at=desk.now,
        starter=desk.me.id,
        reveal=settings.reveal,
        language=settings.language,
    )


def new_draft(desk: Desk, submit: Submit) -> Reply:
    """Store what was typed as a new draft, valid or not, and show it or its errors."""
    ref, ask, came_from = (*submit.ref.split("."), "", "")[:3]
    group = desk.group_named(ref)
    blank = _blank(desk, group, ReferralId(desk.ids.new()))
    command, errors = _written(desk, submit)
    command = replace(command, ask=_existing(desk, ask), came_from=following.came_from(desk.tx, came_from, desk.me.id))
    decision = deciding.create(desk.tx, blank, command, desk.now, persons=tuple(desk.people.values()))
    return _with_errors(desk, conclude(desk, decision.outcome, REFERRAL, blank.id), errors, blank.id)


def _existing(desk: Desk, ask: str) -> AskId | None:
    """Return the ask a draft was begun under. One that is gone is no reason to lose what was typed."""
    try:
        return desk.tx.asks.get(AskId(ask)).id if ask else None
    except NotFoundError:
        return None


def edit_draft(desk: Desk, submit: Submit) -> Reply:
    """Store what was typed over the draft."""
    command, errors = _written(desk, submit)
    return _with_errors(desk, _change(desk, submit.ref, command), errors, ReferralId(submit.ref))


def _written(desk: Desk, submit: Submit) -> tuple[c.WriteDraft, dict[str, str]]:
    chosen = {key: choose(desk, submit.fields.get(key)) for key in ("seeker", "provider")}
    errors = {key: one.error for key, one in chosen.items() if one.error}
    seeker, provider = chosen["seeker"].member, chosen["provider"].member
    outside = submit.fields.get("seeker") == ""
    command = c.WriteDraft(
        by=desk.me.id,
        seeker=Guest(GuestId(desk.ids.new())) if outside else seeker.id if seeker else None,
        provider=provider.id if provider else None,
        words=words_in(submit.fields),
        basis=one_of(Basis, text_in(submit.fields, "basis")),
        first_move=one_of(Side, text_in(submit.fields, "first_move")),
    )
    return command, errors


def _with_errors(desk: Desk, reply: Reply, errors: dict[str, str], referral: ReferralId) -> Reply:
    """An unusable person is said at their field; the rest of the draft is stored already."""
    if not errors:
        return reply
    stored = desk.tx.referrals.get(referral)
    form = reply.form or forms.draft(desk.cast(desk.tx.groups.get(stored.group), stored))
    return Reply(errors={**reply.errors, **errors}, form=form)


def text_in(fields: Mapping[str, str | tuple[str, ...]], key: str) -> str:
    """Return a field's text, cleaned, or the first of its choices."""
    value = fields.get(key, "")
    return clean(value if isinstance(value, str) else next(iter(value), ""))


def one_of(kind: type[Choice], value: str) -> Choice | None:
    """Return the choice, or None for one that was never offered."""
    return kind(value) if value in set(kind) else None


def words_in(fields: Mapping[str, str | tuple[str, ...]]) -> dict[Slot, str]:
    """Return what was typed for slots of a referral, cleaned."""
    return {slot: text_in(fields, slot) for slot in Slot if slot in fields}


def _change(desk: Desk, ref: str, command: c.ReferralCommand) -> Reply:
    persons = tuple(desk.people.values())
    decision = deciding.change(desk.tx, ReferralId(ref), command, desk.now, persons=persons)
    return conclude(desk, decision.outcome, REFERRAL, ref)


def tick(question: c.Filter, answer: Tick) -> Callable[[Desk, str], Reply]:
    """Return the use case behind one button of the filter."""
    return lambda desk, ref: _change(desk, ref, c.AnswerFilter(desk.me.id, question, answer))


def switch(choice: c.Choice) -> Callable[[Desk, str], Reply]:
    """Return the use case behind one switch of the draft."""
    return lambda desk, ref: _change(desk, ref, c.Toggle(desk.me.id, choice))


def ask_them(desk: Desk, ref: str) -> Reply:
    """Start asking."""
    return _change(desk, ref, c.AskThem(desk.me.id))


def check_fit(desk: Desk, ref: str) -> Reply:
    """Ask the provider in private whether somebody like this would fit."""
    return _change(desk, ref, c.CheckFit(desk.me.id))


def keep_lead(desk: Desk, ref: str) -> Reply:
    """Keep the draft as a lead."""
    return _change(desk, ref, c.KeepAsLead(desk.me.id))


def upgrade(desk: Desk, ref: str) -> Reply:
    """Take a lead up again."""
    return _change(desk, ref, c.UpgradeLead(desk.me.id))


def discard(desk: Desk, ref: str) -> Reply:
    """Throw a draft away."""
    return _change(desk, ref, c.Discard(desk.me.id))


def withdraw(desk: Desk, ref: str) -> Reply:
    """Call a started referral off."""
    return _change(desk, ref, c.Withdraw(desk.me.id))


def show_draft(desk: Desk, ref: str) -> Reply:
    """Show where one's own referral stands."""
    referral = _mine(desk, ref)
    return say(drafts.preview(desk.cast(desk.tx.groups.get(referral.group), referral), None))


def open_form(verb: Verb) -> Callable[[Desk, str], Reply]:
    """Return the use case that opens one of the draft's forms, filled with what was typed before."""

    def opening(desk: Desk, ref: str) -> Reply:
        referral = _mine(desk, ref)
        cast = desk.cast(desk.tx.groups.get(referral.group), referral)
        if verb is Verb.BLIND:
            return Reply(form=forms.blind(cast, (Slot.SEEKER_BLIND, Slot.PROVIDER_BLIND)))
        return Reply(form=forms.better(cast) if verb is Verb.BETTER else forms.draft(cast))

    return opening


def _mine(desk: Desk, ref: str) -> Referral:
    referral = desk.tx.referrals.get(ReferralId(ref))
    require_starter(referral, desk.me.id)
    return referral


def open_lead(desk: Desk, ref: str) -> Reply:
    """Open the form of a tip: a provider and a need, and no field for a person."""
    return Reply(form=forms.lead(desk.cast(desk.group_named(ref))))


def send_lead(desk: Desk, submit: Submit) -> Reply:
    """Pass a need on without a person."""
    group = desk.group_named(submit.ref)
    chosen = choose(desk, submit.fields.get("provider"))
    if chosen.member is None:
        error = chosen.error or replies.person_unknown(desk.language).summary
        return Reply(errors={"provider": error}, form=forms.filled(forms.lead(desk.cast(group)), submit.fields))
    blank = _blank(desk, group, ReferralId(desk.ids.new()))
    command = c.SendLead(desk.me.id, chosen.member.id, text_in(submit.fields, Slot.NEED))
    decision = deciding.create(desk.tx, blank, command, desk.now)
    return conclude(desk, decision.outcome, REFERRAL, blank.id)


def offer_help(desk: Desk, submit: Submit) -> Reply:
    """*I can help*: the form is the helper's yes, and only the seeker is asked."""
    ask = desk.tx.asks.get(AskId(submit.ref), to_change=True)
    group = desk.require_near(desk.tx.groups.get(ask.group))
    blank = replace(_blank(desk, group, ReferralId(desk.ids.new())), ask=ask.id, seeker=ask.owner, urgent=ask.urgent)
    command = c.OfferHelp(desk.me.id, words_in(submit.fields))
    offered = replace(blank, provider=desk.me.id, helper=True)
    decision = deciding.create(desk.tx, offered, command, desk.now)
    return conclude(desk, decision.outcome, REFERRAL, blank.id)


def open_help(desk: Desk, ref: str) -> Reply:
    """Open the helper's form under an ask."""
    ask = desk.tx.asks.get(AskId(ref))
    group = desk.require_near(desk.tx.groups.get(ask.group))
    cast = desk.cast(group, ask=ask)
    if not ask.is_open(desk.now):
        return say(replies.told(cast, Told(Say.ASK_NOT_OPEN)))
    if ask.owner == desk.me.id:
        return say(replies.told(cast, Told(Say.OWN_ASK)))
    return Reply(form=forms.help_with(cast))
