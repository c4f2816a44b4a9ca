"""Asking the parties: what stands in the way, who is asked in which round, and whose question is never sent."""

from datetime import datetime

from bot.domain import commands
from bot.domain.decision import Around, ConsentReceipt, Decision, Form, NeedsWords, Outcome, Refused, Say, Told
from bot.domain.effects import Effect, PostIntroduction, SendPrompt
from bot.domain.errors import NotAPartyError
from bot.domain.events import Event, EventKind
from bot.domain.ids import MemberId
from bot.domain.member import CardSlot, Guest, Member
from bot.domain.plan import longest, needs_blind_words, rounds
from bot.domain.question import Answer, Side, Stage, Swallow, a_question
from bot.domain.referral import UNDO, Referral, Status
from bot.domain.replacing import replace
from bot.domain.words import HELPER_SLOTS, Slot, Words, fault_in

BLIND_WORDS = {Stage.SEEKER_ROLE: Slot.PROVIDER_BLIND, Stage.PROVIDER_ROLE: Slot.SEEKER_BLIND}


def obstacle(referral: Referral, around: Around, now: datetime) -> Outcome | None:
    """Return the first thing the referrer must hear before anyone can be asked, or None.

    Only what the referrer may know is told: said pauses, membership, their own limits and their own earlier proposals.
    """
    return (
        _membership_obstacle(referral, around)
        or _pause_obstacle(referral, around, now)
        or _starter_limit(around)
        or _newcomer_obstacle(referral, around, now)
        or pair_obstacle(referral, around, now)
        or _missing_blind_words(referral, around)
    )


def _membership_obstacle(referral: Referral, around: Around) -> Told | None:
    if isinstance(referral.seeker, Guest):
        return Told(Say.GUEST_NOT_YET, shows_draft=True)
    wanted = (
        (referral.starter, Say.NOT_JOINED),
        (referral.seeker, Say.SEEKER_NOT_JOINED),
        (referral.provider, Say.PROVIDER_NOT_JOINED),
    )
    for who, say in wanted:
        person = around.person(who) if who else None
        if person is None or not person.is_in(referral.group):
            return Told(say, who=who, shows_draft=True)
    return None


def _pause_obstacle(referral: Referral, around: Around, now: datetime) -> Told | None:
    for side, say in ((Side.SEEKER, Say.SEEKER_PAUSED), (Side.PROVIDER, Say.PROVIDER_PAUSED)):
        person = _member(referral, side, around)
        if person and person.id != referral.starter and person.says_paused(now):
            return Told(say, who=person.id, moment=person.paused_until, shows_draft=True)
    return None


def _starter_limit(around: Around) -> Told | None:
    limits = around.group.settings
    if around.started_today >= limits.started_per_day:
        return Told(Say.TOO_MANY_TODAY, number=limits.started_per_day, shows_draft=True)
    if around.open_now >= limits.open_at_once:
        return Told(Say.TOO_MANY_OPEN, number=limits.open_at_once, shows_draft=True)
    return None


def _newcomer_obstacle(referral: Referral, around: Around, now: datetime) -> Told | None:
    limits = around.group.settings
    starter = around.person(referral.starter)
    if starter is None or now < around.group.started_at + limits.young_group:
        return None
    ready_at = starter.joined[referral.group] + limits.newcomer_wait
    return Told(Say.TOO_NEW, moment=ready_at, shows_draft=True) if now < ready_at else None


def pair_obstacle(referral: Referral, around: Around, now: datetime) -> Told | None:
    """Return what the referrer hears of their own earlier proposals, or None. Other people's stay untold."""
    past = around.pair
    if past.by_same_referrer and past.until and now < past.until:
        return Told(Say.PAIR_OPEN if past.open_now else Say.PAIR_CLOSED, moment=past.until, shows_draft=True)
    parties = {referral.seeker, referral.provider} - {referral.starter}
    shared = sorted(str(party) for party in parties if party in around.open_with)
    return Told(Say.ONE_OPEN_WITH_THEM, who=MemberId(shared[0]), shows_draft=True) if shared else None


def _missing_blind_words(referral: Referral, around: Around) -> NeedsWords | None:
    plan = rounds(
        around.group.settings.order,
        referral.reveal,
        answers_ask=referral.ask is not None,
        helper=referral.helper,
    )
    wanted = {BLIND_WORDS[stage] for stage in needs_blind_words(plan)}
    missing = tuple(sorted(slot for slot in wanted if not referral.words.get(slot)))
    return NeedsWords(Form.BLIND, missing) if missing else None


def begin(referral: Referral, around: Around, now: datetime) -> Decision[Referral]:
    """Freeze the text, fix `closes_at`, and ask the first round."""
    settings = around.group.settings
    window = settings.window_for(urgent=referral.urgent)
    frozen = replace(
        referral,
        status=Status.ASKING,
        order=settings.order,
        window=window,
        language=settings.language,
        cards=_cards(referral, around),
        asked_at=now,
        asks_nobody=asks_nobody(around, now),
        over_limit=over_limit(referral, around),
    )
    closes_at = now + longest(frozen.plan, window)
    started = replace(frozen, closes_at=closes_at)
    event = Event(EventKind.ASKING_STARTED, referral.group, by=referral.starter, referral=referral.id)
    asked, effects = advance(started, around, now, final_at=closes_at)
    return Decision(asked, Told(Say.ASKED, moment=closes_at), effects, (event,))


def _cards(referral: Referral, around: Around) -> dict[Side, dict[CardSlot, str]]:
    found = {}
    for side in Side:
        person = _member(referral, side, around)
        card = around.cards.get(person.id) if person else None
        if card and card.is_written:
            found[side] = dict(card.lines)
    return found


def asks_nobody(around: Around, now: datetime) -> bool:
    """Say whether the pair is closed: then the proposal lapses without a word to either."""
    past = around.pair
    return past.know_each_other or past.open_now or (past.until is not None and now < past.until)


def over_limit(referral: Referral, around: Around) -> frozenset[Side]:
    """Return whose limit on questions received is reached, looked at beforehand for both parties.

    Outside it are answers to one's own ask, and the provider who confirmed this very referral's fit check: that was
    counted when it was asked.
    """
    return frozenset(side for side in Side if _is_over_limit(referral, side, around))


def _is_over_limit(referral: Referral, side: Side, around: Around) -> bool:
    person = _member(referral, side, around)
    if person is None or around.received.get(person.id, 0) < around.group.settings.asks_per_week:
        return False
    if around.ask and around.ask.owner == person.id:
        return False
    check = referral.fit_check
    return side is Side.SEEKER or check is None or not check.agrees


def advance(
    referral: Referral, around: Around, now: datetime, *, final_at: datetime
) -> tuple[Referral, tuple[Effect, ...]]:
    """Ask the next round if every question so far stands at a yes; after the last round, set the posting.

    `final_at` is when the yes that brought us here can no longer be taken back. Once a party was told that it did not
    come together, it does not.
    """
    if referral.heard:
        return referral, ()
    for stages in referral.plan:
        if waiting := _unasked(referral, stages):
            return _ask_round(referral, waiting, around, now)
        if any(q.stage in stages and not q.agrees for q in referral.questions):
            return _hold_back(referral, now), ()
    return _set_posting(referral, now, final_at)


def _unasked(referral: Referral, stages: frozenset[Stage]) -> list[Stage]:
    asked = {q.stage for q in referral.questions if q.swallowed is not Swallow.HELD_BACK}
    return [stage for stage in Stage if stage in stages and stage not in asked]


def _hold_back(referral: Referral, now: datetime) -> Referral:
    """Put down a question that is not sent, for one whose earlier yes no longer stands when the other's comes.

    So the other can tell nothing from when they hear, or from what they may still change: to them it is a next question
    that stays without a yes. Should the earlier yes be given again, the question is asked afresh.
    """
    newest = referral.round_of(referral.questions[-1])
    failing = {q.side for q in referral.questions if q.stage is not Stage.FIT and not q.agrees}
    following = referral.plan[newest + 1] if newest + 1 < len(referral.plan) else frozenset()
    if {stage.side for stage in following} != failing or referral.questions[-1].side in failing:
        return referral
    for stage in following:
        question = a_question(len(referral.questions), stage, now, referral.window, Swallow.HELD_BACK)
        referral = referral.with_question(question)
    return referral


def _ask_round(
    referral: Referral, stages: list[Stage], around: Around, now: datetime
) -> tuple[Referral, tuple[Effect, ...]]:
    effects: list[Effect] = []
    for stage in stages:
        number = next((q.number for q in referral.questions if q.stage is stage), len(referral.questions))
        swallowed = swallow_for(referral, stage.side, around, now)
        referral = referral.with_question(a_question(number, stage, now, referral.window, swallowed))
        to = _member(referral, stage.side, around)
        if to and swallowed is None:
            effects.append(SendPrompt(referral.id, to.id, number))
    return referral, tuple(effects)


def _set_posting(referral: Referral, now: datetime, final_at: datetime) -> tuple[Referral, tuple[Effect, ...]]:
    """Past its deadline a yes cannot be undone, so nothing waits: a wait could be noticed, if it came to nothing."""
    due = min(now + UNDO, final_at)
    number = referral.postings + 1
    posting = replace(referral, status=Status.POSTING, posting_at=due, postings=number)
    return posting, (PostIntroduction(referral.id, number, due),)


def swallow_for(referral: Referral, side: Side, around: Around, now: datetime) -> Swallow | None:
    """Return why this party's question is never sent, or None. Nobody else can tell: it looks like a silence."""
    if referral.asks_nobody:
        return Swallow.CLOSED_PAIR
    person = _member(referral, side, around)
    if person is None or not person.is_in(referral.group):
        return Swallow.LEFT
    return _own_wish(referral, side, person, now)


def _own_wish(referral: Referral, side: Side, person: Member, now: datetime) -> Swallow | None:
    if person.blocks & {referral.starter, referral.party(side.other)}:
        return Swallow.BLOCK
    if person.is_paused(now):
        return Swallow.PAUSE
    if side in referral.over_limit:
        return Swallow.LIMIT
    return Swallow.UNREACHABLE if person.direct_messages_closed else None


def _member(referral: Referral, side: Side, around: Around) -> Member | None:
    party = referral.party(side)
    return None if party is None or isinstance(party, Guest) else around.person(party)


def offer_help(referral: Referral, command: commands.OfferHelp, around: Around, now: datetime) -> Decision[Referral]:
    """Start a referral without a referrer: the helper's form is their yes, and only the seeker is asked."""
    if command.by != referral.starter:
        raise NotAPartyError(referral.id, command.by)
    if referral.status is not Status.DRAFT or referral.questions:
        return Decision(referral, Told(Say.HELP_OFFERED, moment=referral.closes_at))
    ask = around.ask
    if ask is None or not ask.is_open(now):
        return Decision(referral, Told(Say.ASK_NOT_OPEN))
    if ask.owner == command.by:
        return Decision(referral, Told(Say.OWN_ASK))
    words = {slot: text for slot, text in command.words.items() if text and slot in HELPER_SLOTS}
    offered = replace(referral, seeker=ask.owner, provider=command.by, ask=ask.id, helper=True, words=words)
    if hindrance := _words_obstacle(words) or obstacle(offered, around, now):
        return Decision(offered, hindrance)
    return _with_their_yes(begin(offered, around, now), words, now)


def _words_obstacle(words: Words) -> Refused | None:
    faults = {slot: fault for slot, text in words.items() if (fault := fault_in(slot, text))}
    return Refused(faults, Form.HELP) if faults else None


def _with_their_yes(begun: Decision[Referral], words: Words, now: datetime) -> Decision[Referral]:
    referral = begun.state
    receipt = ConsentReceipt(
        referral=referral.id,
        number=-1,
        by=referral.starter,
        answer=Answer.YES,
        at=now,
        fields=tuple(sorted(words)),
        shown_to=MemberId(str(referral.seeker)),
    )
    return replace(begun, outcome=Told(Say.HELP_OFFERED, moment=referral.closes_at), receipts=(receipt,))
