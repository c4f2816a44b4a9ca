"""What a delivery that the platform refused for good leads to (the table is in docs/runbook.md)."""

from datetime import datetime

from bot.app import deciding, owed, reaching
from bot.domain import commands as c
from bot.domain import effects as e
from bot.domain.errors import NotFoundError
from bot.ports.gateway import Refusal
from bot.ports.rows import Claimed
from bot.ports.store import Transaction

_CLOSED_TO_US = (Refusal.NO_CHANNEL, Refusal.FORBIDDEN)
"""Whoever caused the post can mend these, by adding the bot to the channel."""


def is_nothing_lost(effect: e.Effect, reason: str) -> bool:
    """Say whether nobody misses anything: what is not there any more needs no change, and a greeting is a courtesy."""
    if isinstance(effect, e.GreetWorkspace):
        return True
    return isinstance(effect, e.EditPrompt | e.EditAskCard) and reason == Refusal.GONE


def follow(tx: Transaction, row: Claimed, reason: str, now: datetime) -> None:
    """Do what follows from a delivery that was given up.

    Who cannot be reached is sent nothing more until they try again. A question ends like a silence. Two people who
    cannot be brought together hear what they would hear after one: the introduction is called off, whatever the
    platform's reason, and that reason is the operator's alone. A post in the channel is the business of whoever caused
    it, who can let the bot in and try again.
    """
    effect = row.intent.effect
    reaching.refused(tx, effect, reason, now)
    match effect:
        case e.SendPrompt():
            deciding.change(tx, effect.referral, c.PromptUndeliverable(effect.number), now)
        case e.PostIntroduction() if reason in frozenset(Refusal):
            deciding.change(tx, effect.referral, c.IntroductionRefused(effect.posting), now)
        case e.PostAskCard() | e.WelcomeGroup() | e.PostTally() if reason in _CLOSED_TO_US:
            _tell(tx, effect, row.lease, now)
        case _:
            return


def _tell(tx: Transaction, effect: e.PostAskCard | e.WelcomeGroup | e.PostTally, claim: str, now: datetime) -> None:
    """Tell the one who caused the post; the claim keeps two refusals of one post apart."""
    try:
        group = tx.groups.get(effect.group)
        ask = tx.asks.get(effect.ask) if isinstance(effect, e.PostAskCard) else None
    except NotFoundError:
        return
    week = effect.week if isinstance(effect, e.PostTally) else ""
    told = e.TellCannotPost(ask.owner if ask else group.started_by, group.id, ask.id if ask else None, claim, week)
    owed.queue_private(tx, told, group.workspace, now)
