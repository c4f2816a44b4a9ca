"""Takes interactions, from whichever way they come: the bot decides and commits, then Discord is answered."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol

from adapters.discord.answering import Answering, said
from adapters.discord.answers import Answer, Asked, answer_to
from adapters.discord.envelopes import Arrived, Envelope, envelope, people, require_server
from adapters.discord.ids import PLATFORM, WhichServerError
from adapters.discord.inbound import command, read, typing
from adapters.discord.whose import NoServerError, SeveralServersError, Whose, told_apart
from adapters.reading import Body, NotUnderstoodError
from adapters.telemetry import where
from bot.domain.group import Group
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.edges import Person
from bot.ports.front import CompletingFront
from bot.ports.inbound import Slash
from bot.ports.messages import Message
from bot.ports.telemetry import Telemetry

PATIENCE: Final = 2.5
"""Seconds for everything before the answer; Discord gives three."""
TO_ANSWER: Final = 0.4
"""Which are left for the answer itself."""

OURS: Final = (2, 3, 5)
"""The types of interactions that this bot asks for: commands, buttons, forms."""

TYPING: Final = 4
"""That of something half typed."""

NOWHERE: Final = WorkspaceId(f"{PLATFORM}1")
"""Stands for the server of somebody who has joined none, to answer them all the same."""

Sentence = Callable[[str], Message]
"""A fixed text, in somebody's language."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """What the adapter itself has to say, in the core's words."""

    try_again: Sentence
    no_group: Sentence
    edit: Callable[[str], str]
    which_group: Callable[[Sequence[Group], str, Slash], Message]
    """Asks which of these groups somebody means, in their language; what they typed goes on with the choice."""


class People(Protocol):
    """Keeps what an interaction tells about who acts."""

    def acted(self, workspace: WorkspaceId, person: Person) -> None:
        """Note somebody as their own interaction in the server tells."""

    def speaks(self, user: UserId, locale: str | None) -> None:
        """Note somebody's language."""


class Mailbox(Protocol):
    """Knows the conversations with people."""

    def met(self, user: UserId, channel: str) -> None:
        """Note which conversation is the one with this person."""


@dataclass(frozen=True, slots=True)
class Ends:
    """What the app leads to: the bot on one side, Discord on the other."""

    front: CompletingFront
    answering: Answering
    people: People
    mailbox: Mailbox
    whose: Whose
    sentences: Sentences
    telemetry: Telemetry


class DiscordApp:
    """Nothing escapes from it: what goes wrong is noted, and said to who acted if there is time."""

    def __init__(self, ends: Ends, *, patience: float = PATIENCE) -> None:
        """Lead to these ends. The same interaction may come twice: the bot gives its first reply again."""
        self._to = ends
        self._patience = patience

    async def take(self, arrived: Arrived) -> None:
        """Let the bot decide and commit, then answer."""
        by = asyncio.get_running_loop().time() + self._patience
        try:
            kind = Body(arrived).number("type")
            if kind in OURS:
                await self._answered(arrived, by)
            elif kind == TYPING:
                await self._completed(arrived, by)
        except NotUnderstoodError as broken:
            self._to.telemetry.event("discord.not_understood", reason=broken.reason)
        except Exception as broken:  # noqa: BLE001 -- an edge: discord.py would write a traceback and go on
            self._to.telemetry.event("discord.failed", error=where(broken))

    async def _answered(self, arrived: Arrived, by: float) -> None:
        try:
            at, answer = await self._decided(arrived, by)
        except NoServerError:
            at = envelope(arrived, home=NOWHERE)
            answer = said(self._to.sentences.no_group(at.locale), at)
        except SeveralServersError as several:
            at = envelope(arrived, home=NOWHERE)
            which = self._to.sentences.which_group(several.groups, at.locale, command(arrived, home=NOWHERE))
            answer = said(told_apart(which, several.groups), at)
        instead = self._to.sentences.try_again(at.locale)
        await self._to.answering.answer(answer, at, by=by + TO_ANSWER, instead=instead)

    async def _completed(self, arrived: Arrived, by: float) -> None:
        """Show what could be meant, or nothing; who has joined nowhere is shown nothing."""
        with suppress(NoServerError, TimeoutError):
            async with asyncio.timeout_at(by):
                home = await self._home_of(arrived)
                found = await self._to.front.complete(typing(arrived, home=home))
            await self._to.answering.complete(found, envelope(arrived, home=home), by=by + TO_ANSWER)

    async def _decided(self, arrived: Arrived, by: float) -> tuple[Envelope, Answer]:
        """Return what is answered, once it is committed; who waits in vain hears it from Discord after 3 seconds."""
        async with asyncio.timeout_at(by):
            home = await self._home_of(arrived)
            inbound, at = read(arrived, home=home), envelope(arrived, home=home)
            self._note(arrived, at)
            try:
                reply = await self._to.front.handle(inbound)
            except Exception as broken:  # noqa: BLE001 -- an edge, and nothing happened
                self._to.telemetry.event("discord.failed", error=where(broken))
                return at, said(self._to.sentences.try_again(at.locale), at)
        return at, answer_to(reply, Asked(inbound, at, arrived, self._to.sentences.edit(at.locale)))

    async def _home_of(self, arrived: Arrived) -> WorkspaceId | None:
        """Return the server of what does not say it. Raises NoServerError and SeveralServersError."""
        try:
            require_server(arrived)
        except WhichServerError:
            return await self._to.whose.home_of(arrived)
        return None

    def _note(self, arrived: Arrived, at: Envelope) -> None:
        """Note what an interaction tells by the way: it saves asking for it."""
        actor = people(arrived)[at.user]
        self._to.whose.acted(at.user, at.workspace)
        if Body(arrived).has("member"):
            self._to.people.acted(at.workspace, actor)
            return
        self._to.people.speaks(at.user, actor.locale)
        if at.is_direct:
            self._to.mailbox.met(at.user, at.channel)
