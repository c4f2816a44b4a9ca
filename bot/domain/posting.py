"""From the second yes to the introduction, and the ways a started referral is called off."""

from datetime import datetime

from bot.domain import commands
from bot.domain.answering import receipt_for
from bot.domain.decision import Around, Decision, Say, Told
from bot.domain.drafting import require_starter
from bot.domain.effects import EditPrompt, Effect, Face, Notice, Notify, SendHeadsUp
from bot.domain.errors import NotAPartyError
from bot.domain.events import Event, EventKind
from bot.domain.ids import MemberId
from bot.domain.kind import kind_of
from bot.domain.member import Guest, Member
from bot.domain.question import Question, Side, Stage, Swallow
from bot.domain.referral import Referral, Status
from bot.domain.replacing import replace
from bot.domain.tally import party_fact
from bot.domain.words import Slot

Posted = Decision[Referral]


def claim(referral: Referral, command: commands.ClaimPosting, around: Around, now: datetime) -> Posted:
    """Make it too late to undo, if both still agree and can still be brought together; else call it off in silence.

    The claim stands if the state says `too_late`; claiming again, after a crash, changes nothing.
    """
    is_current = referral.status is Status.POSTING and command.posting == referral.postings and not referral.too_late
    if not is_current or referral.posting_at is None or now < referral.posting_at:
        return Decision(referral, Told(Say.DONE))
    for side in Side:
        party = referral.party(side)
        if not _still_willing(referral, side, around) and isinstance(party, str):
            return party_gone(referral, commands.PartyGone(MemberId(party)), now)
    return Decision(replace(referral, too_late=True), Told(Say.DONE))


def _still_willing(referral: Referral, side: Side, around: Around) -> bool:
    party = referral.party(side)
    if party is None or isinstance(party, Guest):
        return party is not None
    person: Member | None = around.person(party)
    if person is None or not person.is_in(referral.group):
        return False
    return not person.blocks & {referral.starter, referral.party(side.other)}


def posted(referral: Referral, command: commands.IntroductionPosted, around: Around, now: datetime) -> Posted:
    """Record that the introduction is in its room, and tell whoever should hear."""
    if not _is_out(referral, command.posting):
        return Decision(referral, Told(Say.DONE))
    state = replace(referral, status=Status.INTRODUCED, introduced_at=now, posting_at=None)
    facts = _on_record(state, again=around.introduced_before)
    event = Event(EventKind.INTRODUCED, state.group, by=state.starter, referral=state.id, facts=facts)
    return Decision(state, Told(Say.DONE), _after_introduction(state), (event,))


def _on_record(referral: Referral, *, again: bool) -> dict[str, str]:
    """Return what a tally will be made of."""
    kind = kind_of(referral)
    came_from = {"came_from": referral.came_from} if referral.came_from else {}
    return came_from | {
        "kind": kind.value if kind else "",
        "helper": str(referral.helper).lower(),
        "seeker": party_fact(referral.seeker),
        "provider": party_fact(referral.provider),
        "again": str(again).lower(),
    }


def refused(referral: Referral, command: commands.IntroductionRefused) -> Posted:
    """Call it off in silence when the platform will never bring these two together: nothing was posted."""
    if not _is_out(referral, command.posting):
        return Decision(referral, Told(Say.DONE))
    return Decision(replace(referral.called_off(), too_late=False), Told(Say.DONE))


def _is_out(referral: Referral, posting: int) -> bool:
    return referral.status is Status.POSTING and referral.too_late and posting == referral.postings


def _after_introduction(referral: Referral) -> tuple[Effect, ...]:
    effects: list[Effect] = []
    if referral.words.get(Slot.HEADS_UP) and referral.provider:
        effects.append(SendHeadsUp(referral.id, referral.provider))
    if referral.no_introduction and isinstance(referral.seeker, str):
        effects.append(Notify(MemberId(referral.seeker), Notice.WRITE_TO_THEM, referral.id, Side.SEEKER))
    if not referral.helper:
        effects.append(Notify(referral.starter, Notice.INTRODUCED, referral.id))
    return tuple(effects)


def withdraw(referral: Referral, command: commands.Withdraw, around: Around, now: datetime) -> Posted:
    """Call a started referral off, until the posting is claimed. Prompts say so; who already said yes hears it.

    The 30 seconds of *Undo* are no exception: a refusal there would tell that both had said yes.
    """
    require_starter(referral, command.by)
    if referral.status is Status.WITHDRAWN:
        return Decision(referral, Told(Say.WITHDRAWN))
    if standing := _cannot_withdraw(referral, now):
        return Decision(referral, Told(standing))
    state = replace(referral.called_off(), status=Status.WITHDRAWN)
    event = Event(EventKind.WITHDRAWN, state.group, by=state.starter, referral=state.id)
    effects = (*_withdrawn_prompts(referral, around), *_withdrawn_notices(referral))
    return Decision(_closing_questions(state), Told(Say.WITHDRAWN), effects, (event,))


def _cannot_withdraw(referral: Referral, now: datetime) -> Say | None:
    is_open = referral.status is Status.ASKING or (referral.status is Status.POSTING and not referral.too_late)
    if not is_open:
        never = referral.status in (Status.POSTING, Status.INTRODUCED, Status.CLOSED)
        return Say.TOO_LATE_TO_WITHDRAW if never else Say.CLOSED_ALREADY
    lapsed = referral.status is Status.ASKING and referral.closes_at is not None and now >= referral.closes_at
    return Say.CLOSED_ALREADY if lapsed else None


def _closing_questions(referral: Referral) -> Referral:
    closed = tuple(q if q.closed else replace(q, closed=True, edits=q.edits + 1) for q in referral.questions)
    return replace(referral, questions=closed)


def _withdrawn_prompts(referral: Referral, around: Around) -> tuple[Effect, ...]:
    return tuple(
        EditPrompt(referral.id, person.id, q.number, q.edits + 1, Face.WITHDRAWN)
        for q in referral.questions
        if q.reached and not q.closed and (person := _reachable(referral, q.side, around))
    )


def _reachable(referral: Referral, side: Side, around: Around) -> Member | None:
    party = referral.party(side)
    return around.person(MemberId(party)) if isinstance(party, str) else None


def _withdrawn_notices(referral: Referral) -> tuple[Notify, ...]:
    return tuple(
        Notify(MemberId(party), Notice.WITHDRAWN, referral.id, side)
        for side in Side
        if referral.stands(side) and side not in referral.heard and isinstance(party := referral.party(side), str)
    )


def party_gone(referral: Referral, command: commands.PartyGone, now: datetime) -> Posted:
    """End a party's part without a word: they blocked, left or were erased. A yes that stood is on record as ended."""
    side = referral.side_of(command.who)
    if side is None:
        raise NotAPartyError(referral.id, command.who)
    if referral.too_late or referral.status not in (Status.ASKING, Status.POSTING, Status.DRAFT):
        return Decision(referral, Told(Say.DONE))
    question = _newest(referral, side, now)
    if question is None:
        return Decision(referral.called_off(), Told(Say.DONE))
    receipts = (receipt_for(referral, question, command.answer, now),) if question.agrees else ()
    state = referral.with_question(question.answered(command.answer, now)).called_off()
    return Decision(state, Told(Say.DONE), receipts=receipts)


def _newest(referral: Referral, side: Side, now: datetime) -> Question | None:
    """Return the newest question of theirs that a departure can still end: a yes, or one that waits for its answer."""
    mine = [q for q in referral.questions if q.side is side]
    if not mine:
        return None
    waits = mine[-1].answer is None and not mine[-1].is_final(now)
    stands = mine[-1].agrees and mine[-1].stage is not Stage.FIT
    return mine[-1] if waits or stands else None


def undeliverable(referral: Referral, command: commands.PromptUndeliverable) -> Posted:
    """Treat a prompt that cannot be delivered like a silence; only the operator is told."""
    question = next((q for q in referral.questions if q.number == command.number), None)
    if question is None or question.answer is not None or question.closed or not question.reached:
        return Decision(referral, Told(Say.DONE))
    lost = replace(question, swallowed=Swallow.UNREACHABLE)
    return Decision(referral.with_question(lost), Told(Say.DONE))


def got_it(referral: Referral, command: commands.GotIt) -> Posted:
    """Record that a party saw the introduction, which they can before the platform's receipt for it is back."""
    side = referral.side_of(command.by)
    is_out = referral.too_late or referral.status in (Status.INTRODUCED, Status.CLOSED)
    if side is None or not is_out:
        raise NotAPartyError(referral.id, command.by)
    if side in referral.got_it:
        return Decision(referral, Told(Say.GOT_IT))
    state = replace(referral, got_it=referral.got_it | {side})
    event = Event(EventKind.GOT_IT, state.group, by=command.by, referral=state.id)
    return Decision(state, Told(Say.GOT_IT), events=(event,))
