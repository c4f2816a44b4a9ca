"""From a claimed row to what is sent and to whom, read again just before: a row is an intent, not a licence."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from bot.app import answering, deciding
from bot.app.desk import casting
from bot.app.owed import Private, key_of
from bot.app.wording import asks, beginning, introduction, notices, prompts
from bot.app.wording.cast import Cast, Operator
from bot.domain import commands as c
from bot.domain import effects as e
from bot.domain.errors import NotFoundError
from bot.domain.group import Group
from bot.domain.ids import MemberId, UserId
from bot.domain.member import Member
from bot.domain.question import Question
from bot.domain.referral import Referral, Status
from bot.ports.gateway import DeliveryRefusedError, Direct, InChannel, Receipt, Recipient, Refusal, Room
from bot.ports.messages import Message
from bot.ports.rows import Claimed, Shown
from bot.ports.store import Transaction

ANSWER_LOST = "answer_lost"
"""The step recorded when a platform's answer was lost: the next try is worded so that a repeat reads as one."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message ready to go: to somebody, or in the place of an earlier message."""

    message: Message
    to: Recipient
    replaces: Receipt | None = None


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


def prepare(tx: Transaction, claimed: Claimed, operator: Operator, now: datetime) -> Parcel | None:
    """Return what to send now, or None when it is owed no longer.

    For an introduction this is where "too late to undo" is decided; for a prompt, where the exact text shown is kept.
    """
    bench = _Bench(tx, claimed, operator, now)
    try:
        return _compose(bench, claimed.intent.effect)
    except NotFoundError:
        return None


def _compose(bench: _Bench, effect: e.Effect) -> Parcel | None:
    match effect:
        case e.SendPrompt() | e.RemindOfPrompt() | e.EditPrompt():
            return _about_question(bench, effect)
        case e.Notify():
            return _notice(bench, effect)
        case e.PostIntroduction():
            return _introduction(bench, effect)
        case e.SendHeadsUp():
            referral = bench.tx.referrals.get(effect.referral)
            return _direct(bench, referral, effect.to, introduction.heads_up)
        case e.TellHowToBegin() | e.TellCannotPost() | e.Answer():
            return _private(bench, effect)
        case _:
            return _post(bench, effect)


def _post(bench: _Bench, effect: e.PostAskCard | e.EditAskCard | e.SendReport | e.WelcomeGroup) -> Parcel | None:
    match effect:
        case e.PostAskCard() | e.EditAskCard():
            return _ask_card(bench, effect)
        case e.SendReport():
            return _report(bench, effect)
        case e.WelcomeGroup():
            group = bench.tx.groups.get(effect.group)
            return Parcel(notices.welcome(bench.cast(group)), InChannel(group.workspace, group.channel))
        case _:
            assert_never(effect)


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
    reader = bench.reader(effect.to)
    if reader is None or reader.user is None:
        return None
    referral = bench.tx.referrals.get(effect.referral) if effect.referral else None
    group = bench.tx.groups.get(referral.group if referral else effect.group or next(iter(reader.joined)))
    cast = bench.cast(group, referral, reader)
    return Parcel(notices.notice(cast, effect), Direct(reader.workspace, reader.user))


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
            begun = bench.tx.groups.of_workspace(effect.workspace)
            return (beginning.back_again if begun else beginning.how_to_begin)(reader.locale, bench.operator)
        case e.TellCannotPost():
            return notices.cannot_post(bench.cast(bench.tx.groups.get(effect.group), reader=reader), effect)
        case e.Answer():
            return answering.words(bench.tx, effect, bench.operator, bench.now)


def _direct(bench: _Bench, referral: Referral, to: MemberId, words: Callable[[Cast], Message]) -> Parcel | None:
    reader = bench.reader(to)
    if reader is None or reader.user is None:
        return None
    cast = bench.cast(bench.tx.groups.get(referral.group), referral, reader)
    return Parcel(words(cast), Direct(reader.workspace, reader.user))


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
    message = introduction.introduction(cast)
    if ANSWER_LOST in bench.claimed.progress:
        message = introduction.repeated(message, referral.language)
    room = Room(group.workspace, group.channel, _guests(cast), introduction.room_name(cast))
    return Parcel(message, room)


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
