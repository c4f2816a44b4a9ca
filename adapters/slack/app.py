"""Bolt, with one listener for each kind of thing that arrives: the bot decides and commits, then Slack is answered."""

import asyncio
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.background import Background
from adapters.reading import NotUnderstoodError
from adapters.slack.answering import Answer, Answering
from adapters.slack.arriving import Payload, kind_of, shaped
from adapters.slack.authorising import Authorising, NotAddedError
from adapters.slack.ids import OrgWideInstallError
from adapters.slack.inbound import (
    Envelope,
    command,
    envelope,
    event,
    picked_message,
    press,
    shortcut,
    submission,
)
from adapters.slack.leaving import Hearing
from adapters.slack.staff import Staff
from adapters.telemetry import where
from bot.ports.front import Front
from bot.ports.inbound import Inbound
from bot.ports.messages import Reply
from bot.ports.telemetry import Telemetry

PATIENCE: Final = 2.5
"""Seconds for everything before the answer; Slack gives three."""

_TO_SAY_SO: Final = 0.3
"""Of which this is left to say that a form did not open."""

EVENTS: Final = ("app_home_opened", "app_uninstalled", "tokens_revoked", "user_change")
"""The events the manifest asks for. Any other is taken and forgotten."""

_END_OF_TIME: Final = 2**35
_ANYTHING: Final = re.compile("", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Ends:
    """What the app leads to: the bot on one side, Slack on the other."""

    front: Front
    authorising: Authorising
    answering: Answering
    staff: Staff
    hearing: Hearing
    background: Background
    telemetry: Telemetry


_STUMBLES: Final = (AttributeError, IndexError, KeyError, TypeError)


class SlackApp:
    """Takes payloads, from whichever transport, and gives back what Slack is to be answered."""

    def __init__(self, ends: Ends, *, names: Mapping[str, str], patience: float = PATIENCE) -> None:
        """Listen. `names` leads from Slack's commands (`/refer`) to the core's (`refer`)."""
        self._to = ends
        self._names = names
        self._patience = patience
        self._bolt = _bolt(ends.authorising)
        self._listen()

    async def take(self, payload: Payload, headers: Mapping[str, str]) -> BoltResponse:
        """Let Bolt dispatch what was verified. Raises NotUnderstoodError for what is of no known shape.

        Bolt gets the parsed payload, as it does from a socket: what it parses itself it may lose (a command in which
        the word "payload" occurs), and it would do so a second time.
        """
        payload = shaped(payload)
        if kind_of(payload) is None:
            return BoltResponse(status=200)
        self._to.background.begun()
        try:
            request = AsyncBoltRequest(body=payload, headers=dict(headers), mode="socket_mode")
            return await self._bolt.async_dispatch(request)
        except _STUMBLES as error:  # out of Bolt's own look at the payload: what listeners raise becomes a 500
            raise NotUnderstoodError("shape") from error
        finally:
            self._to.background.ended()

    def _listen(self) -> None:
        """Register one listener for each kind, the commonest first: each that has to be tried costs something."""
        self._bolt.block_action(_ANYTHING)(self._on_press)
        self._bolt.command(_ANYTHING)(self._on_command)
        self._bolt.view_submission(_ANYTHING)(self._on_submission)
        self._bolt.view_closed(_ANYTHING)(self._on_closed)
        self._bolt.global_shortcut(_ANYTHING)(self._on_shortcut)
        self._bolt.message_shortcut(_ANYTHING)(self._on_pick)
        self._bolt.event(_ANYTHING)(self._on_event)
        self._bolt.error(self._on_error)

    async def _on_command(self, body: Payload, ack: AsyncAck) -> None:
        async with asyncio.timeout(self._patience) as limit:
            at = envelope(body)
            reply = await self._handled(command(body, names=self._names, is_admin=await self._is_admin(at)))
            await self._acknowledge(ack, await self._to.answering.to_command(reply, at, _by(limit)))

    async def _on_press(self, body: Payload, ack: AsyncAck) -> None:
        async with asyncio.timeout(self._patience) as limit:
            at = envelope(body)
            reply = await self._handled(press(body, is_admin=await self._is_admin(at)))
            await self._acknowledge(ack, await self._to.answering.to_press(reply, at, _by(limit)))

    async def _on_submission(self, body: Payload, ack: AsyncAck) -> None:
        async with asyncio.timeout(self._patience):
            at = envelope(body)
            sent = submission(body, is_admin=await self._is_admin(at))
            await self._acknowledge(ack, await self._to.answering.to_submission(await self._handled(sent), sent, at))

    async def _on_closed(self, ack: AsyncAck) -> None:
        await ack()

    async def _on_shortcut(self, body: Payload, ack: AsyncAck) -> None:
        async with asyncio.timeout(self._patience) as limit:
            at = envelope(body)
            reply = await self._handled(shortcut(body, is_admin=await self._is_admin(at)))
            await self._acknowledge(ack, await self._to.answering.to_pick(reply, at, _by(limit)))

    async def _on_pick(self, body: Payload, ack: AsyncAck) -> None:
        async with asyncio.timeout(self._patience) as limit:
            at = envelope(body)
            reply = await self._handled(picked_message(body, is_admin=await self._is_admin(at)))
            await self._acknowledge(ack, await self._to.answering.to_pick(reply, at, _by(limit)))

    async def _on_event(self, body: Payload, ack: AsyncAck) -> None:
        if body["event"]["type"] in EVENTS:
            async with asyncio.timeout(self._patience):
                await self._to.hearing.heard(event(body), _happened(body))
        await ack()

    async def _on_error(self, error: Exception, body: Payload) -> BoltResponse:
        """Say what became of it, in a status alone: an error's text, and what it was about, may hold people's words."""
        if isinstance(error, NotAddedError | OrgWideInstallError):
            self._to.telemetry.event("slack.not_added")
            return BoltResponse(status=200, body=self._to.answering.not_added() if "command" in body else "")
        if isinstance(error, NotUnderstoodError):
            self._to.telemetry.event("slack.not_understood", reason=error.reason)
            return BoltResponse(status=400)
        self._to.telemetry.event("slack.failed", kind=str(kind_of(body)), error=where(error))
        return BoltResponse(status=500)

    async def _handled(self, inbound: Inbound) -> Reply:
        reply = await self._to.front.handle(inbound)
        self._to.hearing.acted(inbound.origin.workspace, inbound.origin.user)
        return reply

    async def _is_admin(self, at: Envelope) -> bool:
        return await self._to.staff.is_admin(at.workspace, at.user)

    async def _acknowledge(self, ack: AsyncAck, answer: Answer) -> None:
        """Answer what is committed. Nothing that could fail comes after this."""
        if answer.after is not None:
            self._to.background.start("reply", answer.after)
        await ack(answer.body)


def _by(limit: asyncio.Timeout) -> float:
    """Return until when a form may take to open: what comes of it has to be said in what is left after that."""
    when = limit.when()
    return (asyncio.get_running_loop().time() + PATIENCE if when is None else when) - _TO_SAY_SO


def _happened(body: Payload) -> datetime:
    """Return when an event happened, which may be long before it arrives."""
    seconds = body.get("event_time")
    if not isinstance(seconds, int) or not 0 <= seconds < _END_OF_TIME:
        raise NotUnderstoodError("event_time")
    return datetime.fromtimestamp(seconds, UTC)


def _bolt(authorising: Authorising) -> AsyncApp:
    """Build Bolt: the listener runs to its end before the answer goes out, and the edge has verified what comes in."""
    log = logging.getLogger("adapters.slack.bolt")
    log.setLevel(logging.ERROR)  # its warnings quote whole payloads
    return AsyncApp(
        name="twoyes",
        logger=log,
        client=AsyncWebClient(),  # copied for each request, and never used: who speaks to Slack has a shared session
        authorize=authorising,
        process_before_response=True,
        request_verification_enabled=False,
        ignoring_self_events_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        attaching_function_token_enabled=False,
    )
