"""Before anyone is asked: the draft, its two filter questions, the private fit check, and leads."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.domain import commands
from bot.domain.asking import swallow_for
from bot.domain.decision import Around, Decision, Form, NeedsWords, Outcome, Refused, Say, Told
from bot.domain.effects import Notice, Notify, SendPrompt
from bot.domain.errors import NotAPartyError
from bot.domain.events import Event, EventKind
from bot.domain.group import Reveal
from bot.domain.ids import MemberId
from bot.domain.question import Side, Stage, a_question
from bot.domain.referral import STARTED, Referral, Status, Tick
from bot.domain.words import Fault, Slot, fault_in, names_someone

DRAFT_SLOTS = (Slot.NEED, Slot.WHY, Slot.ENDORSEMENT)
BETTER_SLOTS = (Slot.IN_COMMON, Slot.RESULT, Slot.HOW_LONG, Slot.HEADS_UP)
BLIND_SLOTS = {Slot.SEEKER_BLIND: Side.SEEKER, Slot.PROVIDER_BLIND: Side.PROVIDER}
_FORM_OF = {
    **dict.fromkeys(DRAFT_SLOTS, Form.DRAFT),
    **dict.fromkeys(BETTER_SLOTS, Form.BETTER),
    **dict.fromkeys(BLIND_SLOTS, Form.BLIND),
}

Drafted = Decision[Referral]


def require_starter(referral: Referral, who: MemberId) -> None:
    """Raise NotAPartyError unless this member started the referral."""
    if who != referral.starter:
        raise NotAPartyError(referral.id, who)


def write(referral: Referral, command: commands.WriteDraft, around: Around, now: datetime) -> Drafted:
    """Store what was typed, valid or not, then judge it: nothing typed is lost."""
    require_starter(referral, command.by)
    if standing := _cannot_edit(referral, now):
        return Decision(referral, Told(standing))
    written = _merged(referral, command)
    started = () if referral.version else (_event(EventKind.DRAFT_STARTED, written),)
    return Decision(written, _judged(written, around), events=started)


def _cannot_edit(referral: Referral, now: datetime) -> Say | None:
    if fit_is_asked(referral, now):
        return Say.FIT_CHECK_RUNNING
    return None if referral.status in (Status.DRAFT, Status.SCREENED) else Say.FROZEN


def fit_is_asked(referral: Referral, now: datetime) -> bool:
    """Say whether a private fit check is under way."""
    check = referral.fit_check
    return check is not None and not check.is_final(now)


def _merged(referral: Referral, command: commands.WriteDraft) -> Referral:
    seeker = None if command.clears_seeker else command.seeker or referral.seeker
    provider = command.provider or referral.provider
    need = referral.need if seeker == referral.seeker else None
    fit = referral.fit if (seeker, provider) == (referral.seeker, referral.provider) else None
    return replace(
        referral,
        seeker=seeker,
        provider=provider,
        need=need,
        fit=fit,
        status=_filtered(need, fit),
        words=_with_words(referral.words, command.words),
        basis=command.basis or referral.basis,
        purpose=command.purpose or referral.purpose,
        first_move=command.first_move or referral.first_move,
        ask=command.ask or referral.ask,
    )


def _with_words(old: Mapping[Slot, str], new: Mapping[Slot, str]) -> dict[Slot, str]:
    return {slot: text for slot, text in {**old, **new}.items() if text}


def _filtered(need: Tick | None, fit: Tick | None) -> Status:
    passed = need in (Tick.YES, Tick.NOT_SURE) and fit is Tick.YES
    return Status.SCREENED if passed else Status.DRAFT


def _judged(referral: Referral, around: Around) -> Outcome:
    return problem_with(referral, around) or Told(Say.SAVED, shows_draft=True)


def problem_with(referral: Referral, around: Around) -> Outcome | None:
    """Return what stands in the way of showing this draft to anyone, in the order a person would fix it."""
    if faults := _faults(referral, around):
        form = _FORM_OF[next(iter(faults))]
        return Refused({slot: fault for slot, fault in faults.items() if _FORM_OF[slot] is form}, form)
    say = _people_problem(referral)
    return Told(say, shows_draft=True) if say else None


def _faults(referral: Referral, around: Around) -> dict[Slot, Fault]:
    faults = {slot: Fault.MISSING for slot in (Slot.NEED, Slot.WHY) if not referral.words.get(slot)}
    for slot in _FORM_OF:
        text = referral.words.get(slot, "")
        if text and (fault := fault_in(slot, text) or _naming_fault(slot, text, around)):
            faults[slot] = fault
    return faults


def _naming_fault(slot: Slot, text: str, around: Around) -> Fault | None:
    side = BLIND_SLOTS.get(slot)
    return Fault.NAMES_THEM if side and names_someone(text, around.names.get(side, ())) else None


def _people_problem(referral: Referral) -> Say | None:
    if referral.seeker is None:
        return Say.SEEKER_MISSING
    if referral.provider is None:
        return Say.PROVIDER_MISSING
    if referral.starter in (referral.seeker, referral.provider):
        return Say.YOURSELF
    return Say.SAME_PERSON if referral.seeker == referral.provider else None


def answer_filter(referral: Referral, command: commands.AnswerFilter, around: Around, now: datetime) -> Drafted:
    """Record one of the two ticks, and say what the draft may become."""
    require_starter(referral, command.by)
    if standing := _cannot_edit(referral, now):
        return Decision(referral, Told(standing))
    tick, capped = _capped(referral, command, around)
    need = tick if command.question is commands.Filter.NEED else referral.need
    fit = tick if command.question is commands.Filter.FIT else referral.fit
    return _screened(replace(referral, need=need, fit=fit), capped=capped)


def _capped(referral: Referral, command: commands.AnswerFilter, around: Around) -> tuple[Tick, bool]:
    """A provider without a card can be "not sure" at best: there is nothing to judge the fit by."""
    card = around.cards.get(referral.provider) if referral.provider else None
    judged = command.question is commands.Filter.FIT and command.tick is Tick.YES
    capped = judged and (card is None or not card.is_written)
    return (Tick.NOT_SURE, True) if capped else (command.tick, False)


def _screened(referral: Referral, *, capped: bool) -> Drafted:
    if Tick.NO in (referral.need, referral.fit):
        kept = replace(referral, status=Status.LEAD)
        return Decision(kept, Told(Say.FILTERED_OUT, shows_draft=True), events=(_event(EventKind.LEAD_KEPT, kept),))
    screened = replace(referral, status=_filtered(referral.need, referral.fit))
    if screened.status is Status.SCREENED:
        return Decision(screened, Told(Say.SCREENED, shows_draft=True), events=(_event(EventKind.SCREENED, screened),))
    unsure = Say.NO_CARD_NO_YES if capped else Say.FIT_UNSURE
    say = unsure if referral.fit is Tick.NOT_SURE else Say.SAVED
    return Decision(screened, Told(say, shows_draft=True))


def toggle(referral: Referral, command: commands.Toggle, now: datetime) -> Drafted:
    """Switch a choice on or off."""
    require_starter(referral, command.by)
    if standing := _cannot_edit(referral, now):
        return Decision(referral, Told(standing))
    return Decision(_toggled(referral, command.choice), Told(Say.SAVED, shows_draft=True))


def _toggled(referral: Referral, choice: commands.Choice) -> Referral:
    match choice:
        case commands.Choice.LOOP_ME_IN:
            return replace(referral, loop_me_in=not referral.loop_me_in)
        case commands.Choice.MAY_USE_NAME:
            return replace(referral, may_use_name=not referral.may_use_name)
        case commands.Choice.URGENT:
            return replace(referral, urgent=not referral.urgent)
        case commands.Choice.ROLE_ONLY:
            named = referral.reveal is Reveal.NAMED
            return replace(referral, reveal=Reveal.ROLE_ONLY if named else Reveal.NAMED)


def check_fit(referral: Referral, command: commands.CheckFit, around: Around, now: datetime) -> Drafted:
    """Ask the provider in private about somebody like this; nothing but that one description reaches them."""
    require_starter(referral, command.by)
    if standing := _cannot_edit(referral, now):
        return Decision(referral, Told(standing))
    if obstacle := _fit_obstacle(referral, around, now):
        return Decision(referral, obstacle)
    return _fit_asked(referral, around, now)


def _fit_obstacle(referral: Referral, around: Around, now: datetime) -> Outcome | None:
    if referral.need in (None, Tick.NO) or referral.fit is not Tick.NOT_SURE:
        return Told(Say.NOT_FILTERED, shows_draft=True)
    if problem := problem_with(referral, around):
        return problem
    if not referral.words.get(Slot.SEEKER_BLIND):
        return NeedsWords(Form.BLIND, (Slot.SEEKER_BLIND,))
    return _provider_obstacle(referral, around, now)


def _provider_obstacle(referral: Referral, around: Around, now: datetime) -> Told | None:
    provider = around.person(referral.provider) if referral.provider else None
    if provider is None or not provider.is_in(referral.group):
        return Told(Say.PROVIDER_NOT_JOINED, who=referral.provider, shows_draft=True)
    if provider.says_paused(now):
        return Told(Say.PROVIDER_PAUSED, who=referral.provider, moment=provider.paused_until, shows_draft=True)
    return None


def _fit_asked(referral: Referral, around: Around, now: datetime) -> Drafted:
    number = len(referral.questions)
    window = around.group.settings.window_for(urgent=referral.urgent)
    swallowed = swallow_for(referral, Side.PROVIDER, around, now)
    question = a_question(number, Stage.FIT, now, window, swallowed)
    asked = replace(referral, language=around.group.settings.language).with_question(question)
    to = referral.provider
    effects = (SendPrompt(referral.id, to, number),) if to and question.reached else ()
    return Decision(asked, Told(Say.FIT_ASKED, moment=question.deadline), effects)


def keep_as_lead(referral: Referral, command: commands.KeepAsLead, now: datetime) -> Drafted:
    """Keep the draft for oneself: nothing of it leaves."""
    require_starter(referral, command.by)
    if standing := _cannot_edit(referral, now):
        return Decision(referral, Told(standing))
    kept = replace(referral, status=Status.LEAD)
    return Decision(kept, Told(Say.KEPT_AS_LEAD), events=(_event(EventKind.LEAD_KEPT, kept),))


def send_lead(referral: Referral, command: commands.SendLead, around: Around, now: datetime) -> Drafted:
    """Pass a need on without a person. A provider who blocked the sender or takes a break simply gets nothing."""
    require_starter(referral, command.by)
    if referral.status in STARTED or referral.lead_sent_at is not None:
        return Decision(referral, Told(Say.FROZEN))
    written = replace(referral, provider=command.provider, words={**referral.words, Slot.NEED: command.need})
    if refusal := _lead_refusal(written, around):
        return Decision(written, refusal)
    sent = replace(written, status=Status.LEAD, lead_sent_at=now)
    notice = Notify(command.provider, Notice.LEAD, referral.id)
    swallowed = swallow_for(sent, Side.PROVIDER, around, now)
    return Decision(
        sent,
        Told(Say.LEAD_SENT),
        () if swallowed else (notice,),
        (_event(EventKind.LEAD_SENT, sent),),
    )


def _lead_refusal(referral: Referral, around: Around) -> Outcome | None:
    need = referral.words.get(Slot.NEED, "")
    if fault := Fault.MISSING if not need else fault_in(Slot.NEED, need):
        return Refused({Slot.NEED: fault}, Form.LEAD)
    if referral.provider == referral.starter:
        return Told(Say.YOURSELF)
    card = around.cards.get(referral.provider) if referral.provider else None
    welcome = card is not None and card.accepts_leads and around.group.settings.leads
    return None if welcome else Told(Say.LEADS_NOT_WELCOME, who=referral.provider)


def upgrade_lead(referral: Referral, command: commands.UpgradeLead) -> Drafted:
    """Make a lead a draft again, to be filtered anew."""
    require_starter(referral, command.by)
    if referral.status is not Status.LEAD:
        return Decision(referral, Told(Say.FROZEN))
    draft = replace(referral, status=Status.DRAFT, need=None, fit=None, lead_sent_at=None)
    return Decision(draft, Told(Say.SAVED, shows_draft=True), events=(_event(EventKind.LEAD_UPGRADED, draft),))


def discard(referral: Referral, command: commands.Discard, now: datetime) -> Drafted:
    """Throw a draft or a lead away. Doing it twice is the same as once."""
    require_starter(referral, command.by)
    if referral.status in STARTED:
        return Decision(referral, Told(Say.FROZEN))
    if fit_is_asked(referral, now):
        return Decision(referral, Told(Say.FIT_CHECK_RUNNING))
    if referral.status is Status.DISCARDED:
        return Decision(referral, Told(Say.DISCARDED))
    gone = replace(referral, status=Status.DISCARDED)
    return Decision(gone, Told(Say.DISCARDED), events=(_event(EventKind.DISCARDED, gone),))


def _event(kind: EventKind, referral: Referral) -> Event:
    return Event(kind, referral.group, by=referral.starter, referral=referral.id)
