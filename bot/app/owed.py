"""From effects to rows of the outbox: one key for each intent, one lane for each recipient, nobody woken at night."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import assert_never

from bot.domain import effects as e
from bot.domain.group import Group
from bot.domain.ids import MemberId, WorkspaceId
from bot.domain.local_time import after_quiet
from bot.domain.member import Member
from bot.ports.gateway import DeliveryKey
from bot.ports.rows import Intent
from bot.ports.store import Transaction

MAX_KEY = 100
Private = e.TellHowToBegin | e.TellCannotPost | e.Answer
Post = e.PostAskCard | e.EditAskCard | e.SendReport | e.WelcomeGroup | e.PostTally | e.GreetWorkspace


def queue(
    tx: Transaction, effects: Iterable[e.Effect], group: Group, now: datetime, *, later: timedelta = timedelta()
) -> bool:
    """Write what a decision owes people, in the transaction of the decision. Say whether there was anything."""
    owed = list(effects)
    if not owed:
        return False
    people = tx.members.some(to for effect in owed if (to := addressee(effect)))
    tx.outbox.add([_intent(effect, group, people, now + later) for effect in owed], now)
    return True


def queue_private(tx: Transaction, effect: Private, workspace: WorkspaceId, now: datetime) -> None:
    """Write down what one person is owed at once: they are right there, or have just done something."""
    intent = Intent(
        key=key_of(effect),
        effect=effect,
        lane=_lane(effect),
        workspace=workspace,
        destination=str(effect.to),
        due=now,
    )
    tx.outbox.add([intent], now)


def queue_greeting(tx: Transaction, effect: e.GreetWorkspace, now: datetime) -> None:
    """Write down what a workspace is told that has no group yet."""
    key, lane = key_of(effect), _lane(effect)
    tx.outbox.add([Intent(key, effect, lane, effect.workspace, str(effect.channel), now)], now)


def _intent(effect: e.Effect, group: Group, people: Mapping[MemberId, Member], now: datetime) -> Intent:
    to = addressee(effect)
    return Intent(
        key=key_of(effect),
        effect=effect,
        lane=_lane(effect),
        workspace=group.workspace,
        destination=str(to or group.channel),
        due=_due(effect, group, people.get(to) if to else None, now),
    )


def addressee(effect: e.Effect) -> MemberId | None:
    """Return the one member it is for, or None for a place."""
    match effect:
        case e.SendPrompt(to=to) | e.RemindOfPrompt(to=to) | e.EditPrompt(to=to) | e.Notify(to=to):
            return to
        case e.CheckIn(to=to) | e.SendHeadsUp(to=to):
            return to
        case e.TellHowToBegin(to=to) | e.TellCannotPost(to=to) | e.Answer(to=to):
            return to
        case _:
            return None


def key_of(effect: e.Effect) -> DeliveryKey:
    """Return the key that names this intent: equal for the same intent, different for any other."""
    key = "/".join(_key_parts(effect))
    if len(key) > MAX_KEY:
        head, digest = key[: MAX_KEY - 33], sha256(key.encode()).hexdigest()[:32]
        key = f"{head}.{digest}"
    return DeliveryKey(key)


def _key_parts(effect: e.Effect) -> tuple[str, ...]:
    match effect:
        case e.SendPrompt() | e.RemindOfPrompt() | e.EditPrompt():
            return _question_key(effect)
        case e.Notify():
            about = effect.referral or effect.group or ""
            return ("notice", effect.notice, about, effect.to, effect.side or "", effect.occasion)
        case e.PostIntroduction():
            return ("introduction", effect.referral, str(effect.posting))
        case e.CloseRoom():
            return ("close_room", effect.referral, str(effect.posting))
        case e.SendHeadsUp():
            return ("heads_up", effect.referral, effect.to)
        case e.CheckIn():
            return ("check_in", effect.referral, effect.to, str(effect.day))
        case e.TellHowToBegin() | e.TellCannotPost() | e.Answer():
            return _private_key(effect)
        case _:
            return _post_key(effect)


def _question_key(effect: e.SendPrompt | e.RemindOfPrompt | e.EditPrompt) -> tuple[str, ...]:
    match effect:
        case e.SendPrompt():
            return ("prompt", effect.referral, str(effect.number))
        case e.RemindOfPrompt():
            return ("reminder", effect.referral, str(effect.number))
        case e.EditPrompt():
            return ("edit", effect.referral, str(effect.number), str(effect.edit))


def _private_key(effect: Private) -> tuple[str, ...]:
    match effect:
        case e.TellHowToBegin():
            return ("begin", effect.workspace, str(effect.arrival))
        case e.TellCannotPost():
            return ("cannot_post", effect.ask or effect.group, effect.occasion)
        case e.Answer():
            return ("answer", effect.event)


def _post_key(effect: Post) -> tuple[str, ...]:
    match effect:
        case e.PostAskCard():
            return ("post", "ask", effect.ask)
        case e.EditAskCard():
            return ("post", "ask", effect.ask, str(effect.edit))
        case e.SendReport():
            return ("report", effect.referral, str(effect.number))
        case e.WelcomeGroup():
            return ("post", "welcome", effect.group)
        case e.GreetWorkspace():
            return ("begin", effect.workspace, str(effect.arrival))
        case e.PostTally():
            return ("tally", effect.group, effect.week)
        case _:
            assert_never(effect)


def _lane(effect: e.Effect) -> str:
    match effect:
        case e.SendPrompt() | e.RemindOfPrompt() | e.EditPrompt() | e.SendHeadsUp() | e.CheckIn():
            return f"{effect.referral}/{effect.to}"
        case e.Notify():
            return f"{effect.referral or effect.group}/{effect.to}"
        case e.PostIntroduction() | e.CloseRoom():
            return f"{effect.referral}/room"
        case e.SendReport():
            return f"{effect.referral}/report"
        case e.PostAskCard() | e.EditAskCard():
            return f"{effect.ask}/channel"
        case e.WelcomeGroup() | e.PostTally():
            return f"{effect.group}/channel"
        case e.GreetWorkspace():
            return f"{effect.workspace}/channel"
        case _:
            return _private_lane(effect)


def _private_lane(effect: Private) -> str:
    match effect:
        case e.TellHowToBegin():
            return f"{effect.workspace}/{effect.to}"
        case e.TellCannotPost():
            return f"{effect.ask or effect.group}/{effect.to}"
        case e.Answer():
            return f"answer/{effect.to}"
        case _:
            assert_never(effect)


def _due(effect: e.Effect, group: Group, to: Member | None, now: datetime) -> datetime:
    if isinstance(effect, e.PostIntroduction):
        return effect.due
    rings = isinstance(effect, e.SendPrompt | e.RemindOfPrompt | e.CheckIn | e.Notify)
    answers_at_once = isinstance(effect, e.Notify) and effect.notice is e.Notice.HELLO
    if to is None or not rings or answers_at_once:
        return now
    zone = to.time_zone or group.settings.time_zone
    return after_quiet(now, zone, group.settings.quiet_from, group.settings.quiet_until)
