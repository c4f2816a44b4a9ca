"""Answers interactions by REST, whichever way they came: within three seconds, once, and with what follows."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import Any, Final

from discord.http import Route

from adapters.discord.answers import CHOICES, MESSAGE, Answer
from adapters.discord.envelopes import Envelope
from adapters.discord.errors import Answered, NotTakenError
from adapters.discord.line import Line
from adapters.discord.messages import Outgoing, replied
from adapters.discord.rates import Gates
from adapters.waiting import retried
from bot.ports.gateway import DeliveryDelayedError, DeliveryError, Refusal
from bot.ports.messages import Message
from bot.ports.telemetry import Telemetry

ANSWERED_ALREADY: Final = 40060
TOO_LATE: Final = 10062
BETWEEN_TRIES: Final = 0.25
_SAID_OTHERWISE: Final = (Refusal.INVALID, Refusal.GONE)


class NoGates(Gates):
    """Lets everything through: interactions are not bound to the bot's limits, and nobody can wait for their turn."""

    def require_open(self, route: Route) -> None:
        """Let it through."""

    def heard(self, route: Route, answered: Answered) -> None:
        """Note nothing: a token of an interaction that is over (401) says nothing about the bot's."""


class Answering:
    """Says what was decided. It is committed by then: what fails here changes nothing of that."""

    def __init__(self, line: Line, telemetry: Telemetry) -> None:
        """Speak through a line of its own, with NoGates."""
        self._line = line
        self._telemetry = telemetry

    async def answer(self, answer: Answer, at: Envelope, *, by: float, instead: Message) -> None:
        """Give the first answer `by` an instant of the loop's, then what follows it.

        Where Discord does not take it as it is, or what it was to replace is gone, it is said in brief; `instead` is
        said for what has no brief form, which changed nothing.
        """
        try:
            if not await self._first(answer, at, by):
                return
        except DeliveryError as failed:
            self._telemetry.event("discord.not_answered", error=type(failed).__name__)
            if not (isinstance(failed, NotTakenError) and failed.reason in _SAID_OTHERWISE):
                return
            await self._first(said(answer.brief or instead, at), at, by)
            return
        await self._rest(answer, at)

    async def complete(self, choices: Iterable[str], at: Envelope, *, by: float) -> None:
        """Show what could be meant. Who types on is asked for again, so nothing is lost with one that fails."""
        listed = [{"name": one, "value": one} for one in choices]
        with suppress(DeliveryError):
            await self._first(Answer(CHOICES, {"choices": listed}), at, by)

    async def _first(self, answer: Answer, at: Envelope, by: float) -> bool:
        """Answer, again if Discord was silent or stumbled; return False for what was answered or is over.

        After a try of ours that got no answer, "answered already" means that it was taken.
        """
        tried = False
        while True:
            try:
                async with asyncio.timeout_at(by):
                    await self._call(_callback(at), {"type": answer.kind, "data": answer.data}, answer, at)
            except NotTakenError as refused:
                if refused.code == ANSWERED_ALREADY:
                    return tried
                if refused.code != TOO_LATE:
                    raise
                self._telemetry.event("discord.too_late")
                return False
            except (DeliveryDelayedError, TimeoutError) as failed:
                wait = _wait(failed)
                if asyncio.get_running_loop().time() + wait >= by:
                    self._telemetry.event("discord.too_late")
                    return False
                tried = True
                await asyncio.sleep(wait)
            else:
                return True

    async def _rest(self, answer: Answer, at: Envelope) -> None:
        if answer.goes:
            await retried(lambda: self._line.call(at.workspace, _follow_up(at, "DELETE", "/messages/@original")))
        for one in answer.more:
            await retried(partial(self._call, _follow_up(at, "POST"), one.payload, one, at))

    async def _call(self, route: Route, body: dict[str, Any], sent: Answer | Outgoing, at: Envelope) -> None:
        await self._line.call(at.workspace, route, {k: v for k, v in body.items() if v is not None}, files=sent.files)


def _wait(failed: DeliveryDelayedError | TimeoutError) -> float:
    """Return how many seconds to let pass before the next try: as many as Discord asks for."""
    asked = failed.wait.total_seconds() if isinstance(failed, DeliveryDelayedError) and failed.wait else 0.0
    return max(BETWEEN_TRIES, asked)


def said(message: Message, at: Envelope) -> Answer:
    """Return a message of one's own as an answer, for one person alone."""
    first, *_ = replied(message, ephemeral=not at.is_direct)
    return Answer(MESSAGE, first.payload, first.files)


def _callback(at: Envelope) -> Route:
    path = "/interactions/{webhook_id}/{webhook_token}/callback"
    return Route("POST", path, webhook_id=at.interaction, webhook_token=at.token)


def _follow_up(at: Envelope, method: str, rest: str = "") -> Route:
    path = "/webhooks/{webhook_id}/{webhook_token}" + rest
    return Route(method, path, webhook_id=at.application, webhook_token=at.token)
