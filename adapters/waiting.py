"""Waiting that ends: for a platform that asks for patience, or until the bot is told to stop."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from bot.ports.gateway import DeliveryDelayedError

TRIES: Final = 3
LONGEST_WAIT: Final = 10.0
UNNAMED_WAIT: Final = 1.0


async def retried(work: Callable[[], Awaitable[object]]) -> None:
    """Try again where the platform said when, or that nothing happened.

    The outbox is for what is owed; this is for an echo that somebody waits for. Raises DeliveryError.
    """
    for left in reversed(range(TRIES)):
        try:
            await work()
        except DeliveryDelayedError as delayed:
            if not left or delayed.lost_answer:
                raise
            wait = delayed.wait.total_seconds() if delayed.wait else UNNAMED_WAIT
            await asyncio.sleep(min(wait, LONGEST_WAIT))
        else:
            return


async def is_told(stop: asyncio.Event, *, within: float) -> bool:
    """Wait so many seconds, or until told to stop; say which."""
    try:
        async with asyncio.timeout(within):
            await stop.wait()
    except TimeoutError:
        return False
    return True
