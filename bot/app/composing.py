"""From a claimed row to what is sent and to whom, read again just before: a row is an intent, not a licence."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from bot.app import answering, composing_after, deciding, weekly
from bot.app.composing_after import is_after
from bot.app.desk import casting
from bot.app.owed import Post, Private, key_of
from bot.app.wording import asks, beginning, introduction, notices, prompts
from bot.app.wording.cast import Cast, Operator
from bot.domain import commands as c
from bot.domain import effects as e
from bot.domain.errors import NotFoundError
from bot.domain.group import Group, TallyMode
from bot.domain.ids import MemberId, UserId, WorkspaceId
from bot.domain.member import Member
from bot.domain.question import Question
from bot.domain.referral import Referral, Status
from bot.ports.charts import Chart
from bot.ports.gateway import DeliveryKey, DeliveryRefusedError, Direct, InChannel, Receipt, Recipient, Refusal, Room
from bot.ports.messages import Message
from bot.ports.rows import Claimed, Shown
from bot.ports.store import Transaction

ANSWER_LOST = "answer_lost"
"""The step recorded when a platform's answer was lost: the next try is worded so that a repeat reads as one."""

TRIES_WITH_CHART = 3
"""So often a post is tried with its picture."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message ready to go: to somebody, or in the place of an earlier message. A chart is still to be drawn."""

    message: Message
    to: Recipient
    replaces: Receipt | None = None
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """A room to be put away, with the key of the introduction for which it was opened. Nothing is said in it."""

    to: Room
    opened_by: DeliveryKey


@dataclass(frozen=True, slots=True)
class _Bench:
    tx: Transaction
    claimed: Claimed
    operator: Operator
    now: datetime

    def cast(self, group: Group, referral: Referral | None = None, reader: Member | None = None) -> Cast:
        """Return what a text about this referral is made from."""
        return casting(self.tx, group, self.now, self.operator, reader=reader, referral=referral)

    def reader(self, member: MemberId) -> Member | None:
        """Return the one it is for, or None if they were erased or nothing can be delivered to them."""
        found = self.tx.members.some((member,)).get(member)
        return found if found and found.user and not found.direct_messages_closed else None

    def newcomer(self, hello: e.Notify) -> Member | None:
        """Return whom a hello is for, whatever is known of their inbox; None if they have left meanwhile."""
        found = self.tx.members.some((hello.to,)).get(hello.to)
        return found if found and found.user and hello.group in {*found.joined, *found.pending} else None


def prepare(tx: Transaction, claimed: Claimed, operator: Operator, now: datetime) -> Parcel | Closing | None:
    """Return what to send now, or None when it is owed no longer.

    For an introduction this is where "too late to undo" is decided; for a prompt, where the exact text shown is kept.
    """
    bench = _Bench(tx, claimed, operator, now)
    try:
        return _compose(bench, claimed.intent.effect)
    except NotFoundError:
        return None


def _compose(bench: _Bench, effect: e.Effect) -> Parcel | Closing | None:
    match effect:
        case e.SendPrompt() | e.RemindOfPrompt() | e.EditPrompt():
            return _about_question(bench, effect)
        case e.Notify():
            return _notice(bench, effect)
        case e.PostIntroduction():
            return _introduction(bench, effect)
        case e.CheckIn():
            referral = bench.tx.referrals.get(effect.referral)
            return _direct(bench, referral, effect.to, lambda cast: composing_after.words(bench.tx, cast, effect))
        case e.CloseRoom():
            return _closing(bench, effect)
        case e.SendHeadsUp():
            referral = bench.tx.referrals.get(effect.referral)
            return _direct(bench, referral, effect.to, introduction.heads_up)
        case e.TellHowToBegin() | e.TellCannotPost() | e.Answer():
            return _private(bench, effect)
        case _:
            return _post(bench, effect)


def _post(bench: _Bench, effect: Post) -> Parcel | None:
    match effect:
        case e.PostAskCard() | e.EditAskCard():
            return _ask_card(bench, effect)
        case e.SendReport():
            return _report(bench, effect)
        case e.WelcomeGroup():
            group = bench.tx.groups.get(effect.group)
            return Parcel(notices.welcome(bench.cast(group)), InChannel(group.workspace, group.channel))
        case e.PostTally():
            return _tally(bench, effect)
        case e.GreetWorkspace():
            words = _how_to_begin(bench, effect.workspace)(effect.locale, bench.operator)
            return Parcel(words, InChannel(effect.workspace, effect.channel))
        case _:
            assert_never(effect)


def _tally(bench: _Bench, effect: e.PostTally) -> Parcel | None:
    """A week is posted with its chart; without it once that may be what stands in the way."""
    group = bench.tx.groups.get(effect.group)
    if group.settings.tally_mode is TallyMode.OFF:
        return None
    post = weekly.weekly_post(bench.tx, group, effect.week, bench.operator, bench.now)
    if post is None:
        return None
    chart = post.chart if bench.claimed.attempts < TRIES_WITH_CHART else None
    return Parcel(post.message, InChannel(group.workspace, group.channel), chart=chart)


def _about_question(bench: _Bench, effect: e.SendPrompt | e.RemindOfPrompt | e.EditPrompt) -> Parcel | None:
    referral = bench.tx.referrals.get(effect.referral)
    question = next((q for q in referral.questions if q.number == effect.number), None)
    reader = bench.reader(effect.to)
    if question is None or reader is None or reader.user is None:
        return None
    cast = bench.cast(bench.tx.groups.get(referral.group), referral, reader)
    if referral.ask:
        cast = replace(cast, ask=bench.tx.asks.get(referral.ask))
    to = Direct(reader.workspace, reader.user)
    match effect:
        case e.SendPrompt():
            return _prompt(bench, cast, question, to)
        case e.RemindOfPrompt():
            return _reminder(cast, question, to, bench.now)
        case e.EditPrompt():
            return _edit(bench, cast, question, to, effect)


def _prompt(bench: _Bench, cast: Cast, question: Question, to: Direct) -> Parcel | None:
    """A question whose window is open is asked; the text goes on record before it goes out."""
    if question.answer is not None and bench.claimed.attempts == 0:
        return None
    if cast.subject.status is Status.WITHDRAWN or question.is_final(bench.now) or cast.reader is None:
        return None
    message = prompts.prompt(cast, question)
    about = {m for m in (cast.subject.seeker, cast.subject.provider, cast.subject.starter) if isinstance(m, str)}
    bench.tx.records.show(
        Shown(
            referral=cast.subject.id,
            number=question.number,
            to=cast.reader.id,
            about=tuple(sorted(MemberId(m) for m in about)),
            text=introduction.canonical_text(message),
            version=introduction.VERSION,
            locale=cast.subject.language,
            at=bench.now,
        )
    )
    return Parcel(message, to)


def _reminder(cast: Cast, question: Question, to: Direct, now: datetime) -> Parcel | None:
    if question.answer is not None or question.is_final(now) or cast.subject.status is Status.WITHDRAWN:
        return None
    return Parcel(prompts.reminder(cast, question), to)


def _edit(bench: _Bench, cast: Cast, question: Question, to: Direct, effect: e.EditPrompt) -> Parcel | None:
    """Only the newest change is worth making; one made for an earlier state is dropped."""
    if effect.edit != question.edits:
        return None
    prompt = bench.tx.outbox.receipt_of(key_of(e.SendPrompt(effect.referral, effect.to, effect.number)))
    return Parcel(prompts.face(cast, question, effect.face), to, replaces=prompt) if prompt else None


def _notice(bench: _Bench, effect: e.Notify) -> Parcel | None:
    reader = bench.newcomer(effect) if effect.notice is e.Notice.HELLO else bench.reader(effect.to)
    if reader is None or reader.user is None:
        return None
    referral = bench.tx.referrals.get(effect.referral) if effect.referral else None
    group = bench.tx.groups.get(referral.group if referral else effect.group or next(iter(reader.joined)))
    cast = bench.cast(group, referral, reader)
    message = composing_after.words(bench.tx, cast, effect) if is_after(effect) else notices.notice(cast, effect)
    return Parcel(message, Direct(reader.workspace, reader.user)) if message else None


def _private(bench: _Bench, effect: Private) -> Parcel | None:
    """What is owed to somebody who did something a moment ago; whatever is known of their inbox, they are there."""
    reader = bench.tx.members.some((effect.to,)).get(effect.to)
    if reader is None or reader.user is None:
        return None
    message = _private_words(bench, effect, reader)
    return Parcel(message, Direct(reader.workspace, reader.user)) if message else None


def _private_words(bench: _Bench, effect: Private, reader: Member) -> Message | None:
    match effect:
        case e.TellHowToBegin():
            return _how_to_begin(bench, effect.workspace)(reader.locale, bench.operator)
        case e.TellCannotPost():
            return notices.cannot_post(bench.cast(bench.tx.groups.get(effect.group), reader=reader), effect)
        case e.Answer():
            return answering.words(bench.tx, effect, bench.operator, bench.now)


def _how_to_begin(bench: _Bench, workspace: WorkspaceId) -> Callable[[str, Operator], Message]:
    return beginning.back_again if bench.tx.groups.of_workspace(workspace) else beginning.how_to_begin


def _direct(bench: _Bench, referral: Referral, to: MemberId, words: Callable[[Cast], Message | None]) -> Parcel | None:
    reader = bench.reader(to)
    if reader is None or reader.user is None:
        return None
    message = words(bench.cast(bench.tx.groups.get(referral.group), referral, reader))
    return Parcel(message, Direct(reader.workspace, reader.user)) if message else None


def _introduction(bench: _Bench, effect: e.PostIntroduction) -> Parcel | None:
    claim = c.ClaimPosting(effect.posting)
    referral = deciding.change(bench.tx, effect.referral, claim, bench.now).state
    if not referral.too_late or referral.status is not Status.POSTING or effect.posting != referral.postings:
        return None
    if referral.no_introduction and referral.provider:
        return _direct(bench, referral, referral.provider, introduction.direct_words)
    return _into_room(bench, referral)


def _into_room(bench: _Bench, referral: Referral) -> Parcel:
    group = bench.tx.groups.get(referral.group)
    cast = bench.cast(group, referral)
    apart = _worded(bench, cast, introduction.apart) if cast.place.rooms_may_fail else None
    room = Room(group.workspace, group.channel, _guests(cast), introduction.room_name(cast), apart)
    return Parcel(_worded(bench, cast, introduction.introduction), room)


def _worded(bench: _Bench, cast: Cast, words: Callable[[Cast], Message]) -> Message:
    message = words(cast)
    return introduction.repeated(message, cast.subject.language) if ANSWER_LOST in bench.claimed.progress else message


def _closing(bench: _Bench, effect: e.CloseRoom) -> Closing:
    group = bench.tx.groups.get(bench.tx.referrals.get(effect.referral).group)
    opened_by = key_of(e.PostIntroduction(effect.referral, effect.posting, bench.now))
    return Closing(Room(group.workspace, group.channel, (), ""), opened_by)


def _guests(cast: Cast) -> tuple[UserId, ...]:
    """The two who are introduced; the referrer only if they asked to be looped in, which both have read."""
    referral = cast.subject
    invited = [referral.seeker, referral.provider]
    if referral.loop_me_in and referral.referrer:
        invited.append(referral.referrer)
    people = (cast.people.get(MemberId(m)) for m in invited if isinstance(m, str))
    return tuple(person.user for person in people if person and person.user)


def _ask_card(bench: _Bench, effect: e.PostAskCard | e.EditAskCard) -> Parcel | None:
    ask = bench.tx.asks.get(effect.ask)
    group = bench.tx.groups.get(ask.group)
    cast = casting(bench.tx, group, bench.now, bench.operator, ask=ask)
    to = InChannel(group.workspace, group.channel)
    if isinstance(effect, e.PostAskCard):
        return Parcel(asks.card(cast), to)
    posted = bench.tx.outbox.receipt_of(key_of(e.PostAskCard(effect.ask, effect.group)))
    return Parcel(asks.card(cast), to, replaces=posted) if posted and effect.edit == ask.edits else None


def _report(bench: _Bench, effect: e.SendReport) -> Parcel | None:
    """To an organiser who has no part in it; without one it is left to the operator, among the dead letters."""
    referral = bench.tx.referrals.get(effect.referral)
    group = bench.tx.groups.get(referral.group)
    involved = {referral.starter, referral.seeker, referral.provider}
    organisers = sorted({group.started_by, *group.organisers} - involved)
    reader = next((found for m in organisers if (found := bench.reader(MemberId(m)))), None)
    if reader is None or reader.user is None:
        raise DeliveryRefusedError(Refusal.FOR_OPERATOR)
    cast = bench.cast(group, referral, reader)
    return Parcel(notices.report(cast, effect), Direct(reader.workspace, reader.user))
