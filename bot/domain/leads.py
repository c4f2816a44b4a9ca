"""Leads: kept for oneself, sent as a tip about a need, taken up again, or thrown away like any draft."""

from datetime import datetime

from bot.domain import commands
from bot.domain.asking import swallow_for
from bot.domain.decision import Around, Decision, Form, Outcome, Refused, Say, Told
from bot.domain.drafting import cannot_edit, entry, fit_is_asked, merged, require_starter
from bot.domain.effects import Notice, Notify
from bot.domain.events import EventKind
from bot.domain.question import Side
from bot.domain.referral import STARTED, Referral, Status
from bot.domain.replacing import replace
from bot.domain.words import Fault, Slot, fault_in, names_someone

Led = Decision[Referral]


def keep_as_lead(referral: Referral, command: commands.KeepAsLead) -> Led:
    """Keep the draft for oneself: nothing of it leaves."""
    require_starter(referral, command.by)
    if standing := cannot_edit(referral):
        return Decision(referral, Told(standing))
    kept = replace(referral, status=Status.LEAD)
    return Decision(kept, Told(Say.KEPT_AS_LEAD), events=(entry(EventKind.LEAD_KEPT, kept),))


def send_lead(referral: Referral, command: commands.SendLead, around: Around, now: datetime) -> Led:
    """Pass a need on without a person. A provider who blocked the sender or takes a break simply gets nothing."""
    require_starter(referral, command.by)
    if standing := _cannot_send(referral):
        return Decision(referral, Told(standing))
    written = _written(referral, command)
    if refusal := _lead_refusal(written, around):
        return Decision(written, refusal)
    sent = replace(written, status=Status.LEAD, lead_sent_at=now)
    notice = Notify(command.provider, Notice.LEAD, referral.id)
    swallowed = swallow_for(sent, Side.PROVIDER, around, now)
    return Decision(
        sent,
        Told(Say.LEAD_SENT),
        () if swallowed else (notice,),
        (entry(EventKind.LEAD_SENT, sent),),
    )


def _written(referral: Referral, command: commands.SendLead) -> Referral:
    typed = commands.WriteDraft(command.by, provider=command.provider, words={Slot.NEED: command.need})
    written = merged(referral, typed)
    return replace(written, status=Status.LEAD) if referral.status is Status.LEAD else written


def _cannot_send(referral: Referral) -> Say | None:
    if fit_is_asked(referral):
        return Say.FIT_CHECK_RUNNING
    over = referral.status in STARTED or referral.status is Status.DISCARDED
    return Say.FROZEN if over or referral.lead_sent_at is not None else None


def _need_fault(need: str, around: Around) -> Fault | None:
    if not need:
        return Fault.MISSING
    named = names_someone(need, around.names.get(Side.SEEKER, ()))
    return Fault.NAMES_THEM if named else fault_in(Slot.NEED, need)


def _lead_refusal(referral: Referral, around: Around) -> Outcome | None:
    if fault := _need_fault(referral.words.get(Slot.NEED, ""), around):
        return Refused({Slot.NEED: fault}, Form.LEAD)
    starter = around.person(referral.starter)
    if starter is None or not starter.is_in(referral.group):
        return Told(Say.NOT_JOINED)
    if referral.provider == referral.starter:
        return Told(Say.YOURSELF)
    card = around.cards.get(referral.provider) if referral.provider else None
    welcome = card is not None and card.accepts_leads and around.group.settings.leads
    return None if welcome else Told(Say.LEADS_NOT_WELCOME, who=referral.provider)


def upgrade_lead(referral: Referral, command: commands.UpgradeLead) -> Led:
    """Make a lead a draft again, to be filtered anew."""
    require_starter(referral, command.by)
    if referral.status is not Status.LEAD:
        return Decision(referral, Told(Say.FROZEN))
    draft = replace(referral, status=Status.DRAFT, need=None, fit=None, lead_sent_at=None)
    return Decision(draft, Told(Say.SAVED, shows_draft=True), events=(entry(EventKind.LEAD_UPGRADED, draft),))


def discard(referral: Referral, command: commands.Discard) -> Led:
    """Throw a draft or a lead away. Doing it twice is the same as once."""
    require_starter(referral, command.by)
    if referral.status in STARTED:
        return Decision(referral, Told(Say.FROZEN))
    if fit_is_asked(referral):
        return Decision(referral, Told(Say.FIT_CHECK_RUNNING))
    if referral.status is Status.DISCARDED:
        return Decision(referral, Told(Say.DISCARDED))
    gone = replace(referral, status=Status.DISCARDED)
    return Decision(gone, Told(Say.DISCARDED), events=(entry(EventKind.DISCARDED, gone),))
