"""Plays referrals as people do: what they press is what they were shown, and they answer when the question arrived."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter, process_time

from adapters.local.room import INTRODUCTIONS, WORKSPACE
from bench.edges import NOON
from bench.world import GROUP, Trio, World
from bot.domain.ids import ChannelId, MemberId, ReferralId, UserId
from bot.domain.referral import Basis, Referral, Status, Tick
from bot.domain.words import Slot
from bot.ports.inbound import Inbound, Origin, Press, Slash, Submit
from bot.ports.messages import Buttons, Message, Reply

Act = Callable[[Inbound], Awaitable[Reply]]

DRAFT = {
    "need": "His order book is full until spring, and he cannot say which of the kitchens in it will earn money.",
    "why": "Carla has kept my books for four years. She asked to see my studio before she asked for a receipt.",
    "endorsement": "I dropped the one package I lost money on within a month of her starting.",
    "basis": "direct",
}


@dataclass(frozen=True, slots=True)
class Took:
    """What some referrals took: each, in seconds of CPU and of the clock, and every step's seconds."""

    cpu: float
    wall: float
    steps: Sequence[float]


@dataclass(slots=True)
class Players:
    """People at work on one world."""

    world: World
    act: Act
    steps: list[float] = field(default_factory=list)

    async def draft(self, trio: Trio) -> str:
        """Write a draft and answer its two questions: four steps. Return what its button to ask them carries."""
        opened = await self._do(lambda o: Slash(o, "refer", people=(trio.seeker, trio.provider)), trio.starter)
        assert opened.form is not None
        verb, ref = opened.form.verb, opened.form.ref
        fields = {"seeker": trio.seeker, "provider": trio.provider, **DRAFT}
        reply = await self._do(lambda o: Submit(o, verb, ref, fields), trio.starter)
        assert not reply.errors, dict(reply.errors)
        for answer in ("need_yes", "fit_yes"):
            reply = await self.press(trio.starter, reply.message, answer, INTRODUCTIONS)
        return _ref_on(reply.message, "ask_them")

    async def create(self, trio: Trio) -> None:
        """Let one command write the referral down and ask them, then bring them together: three steps."""
        referral = screened(trio)
        self.world.to_create[referral.id] = referral
        await self.bring_together(trio, referral.id)

    async def bring_together(self, trio: Trio, ref: str) -> None:
        """Ask them, let both say yes when they are asked, and wait for the introduction: three steps."""
        await self._do(lambda o: Press(o, "ask_them", ref), trio.starter)
        for user in (trio.seeker, trio.provider):
            await self.press(user, await self.world.post.next_for(user), "yes")
        await self.world.post.next_for(trio.seeker)

    async def whole(self, trio: Trio) -> None:
        """Play everything from the command to the referrer's note that the two are introduced."""
        await self.bring_together(trio, await self.draft(trio))
        await self.world.post.next_for(trio.starter)

    async def press(self, user: UserId, on: Message | None, verb: str, where: ChannelId | None = None) -> Reply:
        """Press a button that is on a message."""
        ref = _ref_on(on, verb)
        return await self._do(lambda o: Press(o, verb, ref), user, where)

    async def _do(
        self, what: Callable[[Origin], Inbound], user: UserId, where: ChannelId | None = INTRODUCTIONS
    ) -> Reply:
        inbound = what(Origin(self.world.event(), WORKSPACE, user, where))
        began = perf_counter()
        reply = await self.act(inbound)
        self.steps.append(perf_counter() - began)
        return reply


def screened(trio: Trio) -> Referral:
    """Return a referral as the form and the two questions of the filter leave it."""
    starter, seeker, provider = (MemberId(f"m-{user}") for user in trio.everybody)
    return Referral(
        id=ReferralId(f"r-{trio.starter}"),
        group=GROUP,
        created_at=NOON,
        starter=starter,
        status=Status.SCREENED,
        seeker=seeker,
        provider=provider,
        words={Slot(slot): words for slot, words in DRAFT.items() if slot in set(Slot)},
        basis=Basis.DIRECT,
        need=Tick.YES,
        fit=Tick.YES,
    )


def _ref_on(message: Message | None, verb: str) -> str:
    assert message is not None
    buttons = [button for part in message.parts if isinstance(part, Buttons) for button in part.buttons]
    found = [button.ref for button in buttons if button.verb == verb]
    assert found, f"no button {verb}: {[button.verb for button in buttons]} under {message.summary}"
    return found[0]


async def played(world: World, act: Act, *, referrals: int, clients: int, in_three: bool = False) -> Took:
    """Let clients play referrals, each its next one when its last is done, and say what one took.

    From `/refer` on, or `in_three` steps, of which the first creates the referral and asks.
    """
    players = Players(world, act)
    waiting = iter(await world.seat(referrals))

    async def client() -> None:
        for trio in waiting:
            await (players.create(trio) if in_three else players.whole(trio))

    cpu, began = process_time(), perf_counter()
    async with world.delivering(), asyncio.TaskGroup() as group:
        for _ in range(clients):
            group.create_task(client())
    return Took((process_time() - cpu) / referrals, (perf_counter() - began) / referrals, tuple(players.steps))
