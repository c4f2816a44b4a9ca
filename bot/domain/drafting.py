"""Before anyone is asked: the draft, its two filter questions, the private fit check, and leads."""

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from bot.domain import commands
from bot.domain.asking import asks_nobody, over_limit, pair_obstacle, swallow_for
from bot.domain.decision import Around, Decision, Form, NeedsWords, Outcome, Refused, Say, Told
from bot.domain.effects import SendPrompt
from bot.domain.errors import NotAPartyError
from bot.domain.events import Event, EventKind
from bot.domain.group import Reveal
from bot.domain.ids import AskId, MemberId
from bot.domain.question import Side, Stage, a_question
from bot.domain.referral import Referral, Status, Tick
from bot.domain.replacing import replace
from bot.domain.words import BY_STARTER, Fault, Slot, fault_in, names_someone

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


def write(referral: Referral, command: commands.WriteDraft, around: Around) -> Drafted:
    """Store what was typed, valid or not, then judge it: nothing typed is lost."""
    require_starter(referral, command.by)
    if standing := cannot_edit(referral):
        return Decision(referral, Told(standing))
    written = merged(referral, command)
    started = () if referral.version else (entry(EventKind.DRAFT_STARTED, written),)
    return Decision(written, _judged(written, around), events=started)


def cannot_edit(referral: Referral) -> Say | None:
    """Return why the draft stays as it is for now, or for good; None if it may change."""
    if fit_is_asked(referral):
        return Say.FIT_CHECK_RUNNING
    return None if referral.status in (Status.DRAFT, Status.SCREENED) else Say.FROZEN


def fit_is_asked(referral: Referral) -> bool:
    """Say whether a private fit check is under way: until its prompt was closed, so that it keeps its addressee."""
    check = referral.fit_check
    return check is not None and not check.closed


def merged(referral: Referral, command: commands.WriteDraft) -> Referral:
    """Return the draft with what was typed in it; a tick about somebody else no longer counts."""
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
        ask=_ask_of(referral, command),
        came_from=referral.came_from or command.came_from,
    )


def _ask_of(referral: Referral, command: commands.WriteDraft) -> AskId | None:
    """Another seeker did not post the ask, so the draft no longer answers it."""
    named_another = command.clears_seeker or command.seeker not in (None, referral.seeker)
    kept = None if referral.seeker is not None and named_another else referral.ask
    return command.ask or kept


def _with_words(old: Mapping[Slot, str], new: Mapping[Slot, str]) -> dict[Slot, str]:
    typed = {slot: text for slot, text in new.items() if slot in BY_STARTER}
    return {slot: text for slot, text in {**old, **typed}.items() if text}


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


def answer_filter(referral: Referral, command: commands.AnswerFilter, around: Around) -> Drafted:
    """Record one of the two ticks, and say what the draft may become."""
    require_starter(referral, command.by)
    if standing := cannot_edit(referral):
        return Decision(referral, Told(standing))
    tick, capped = _capped(referral, command, around)
    need = tick if command.question is commands.Filter.NEED else referral.need
    fit = tick if command.question is commands.Filter.FIT else referral.fit
    ticked = replace(referral, need=need, fit=fit)
    judged = _screened(ticked, capped=capped)
    return replace(judged, events=()) if judged.state == referral else judged


def _capped(referral: Referral, command: commands.AnswerFilter, around: Around) -> tuple[Tick, bool]:
    """A provider without a card can be "not sure" at best: there is nothing to judge the fit by."""
    card = around.cards.get(referral.provider) if referral.provider else None
    judged = command.question is commands.Filter.FIT and command.tick is Tick.YES
    capped = judged and (card is None or not card.is_written)
    return (Tick.NOT_SURE, True) if capped else (command.tick, False)


def _screened(referral: Referral, *, capped: bool) -> Drafted:
    if Tick.NO in (referral.need, referral.fit):
        kept = replace(referral, status=Status.LEAD)
        return Decision(kept, Told(Say.FILTERED_OUT, shows_draft=True), events=(entry(EventKind.LEAD_KEPT, kept),))
    screened = replace(referral, status=_filtered(referral.need, referral.fit))
    if screened.status is Status.SCREENED:
        return Decision(screened, Told(Say.SCREENED, shows_draft=True), events=(entry(EventKind.SCREENED, screened),))
    unsure = Say.NO_CARD_NO_YES if capped else Say.FIT_UNSURE
    say = unsure if referral.fit is Tick.NOT_SURE else Say.SAVED
    return Decision(screened, Told(say, shows_draft=True))


def toggle(referral: Referral, command: commands.Toggle) -> Drafted:
    """Switch a choice on or off."""
    require_starter(referral, command.by)
    if standing := cannot_edit(referral):
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
        case _:
            assert_never(choice)


def check_fit(referral: Referral, command: commands.CheckFit, around: Around, now: datetime) -> Drafted:
    """Ask the provider in private about somebody like this; nothing but that one description reaches them."""
    require_starter(referral, command.by)
    if standing := cannot_edit(referral):
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
    return pair_obstacle(referral, around, now)


def _fit_asked(referral: Referral, around: Around, now: datetime) -> Drafted:
    number = len(referral.questions)
    window = around.group.settings.window_for(urgent=referral.urgent)
    looked = replace(referral, asks_nobody=asks_nobody(around, now), over_limit=over_limit(referral, around))
    swallowed = swallow_for(looked, Side.PROVIDER, around, now)
    question = a_question(number, Stage.FIT, now, window, swallowed)
    asked = replace(referral, language=around.group.settings.language).with_question(question)
    to = referral.provider
    effects = (SendPrompt(referral.id, to, number),) if to and question.reached else ()
    return Decision(asked, Told(Say.FIT_ASKED, moment=question.deadline), effects)


def entry(kind: EventKind, referral: Referral) -> Event:
    """Return a log entry about a draft, by its starter."""
    return Event(kind, referral.group, by=referral.starter, referral=referral.id)
