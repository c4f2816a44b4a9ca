"""Two couriers on one PostgreSQL outbox: everything is delivered once and in order, and how fast."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from time import perf_counter

from adapters.local.room import WORKSPACE
from bench.edges import NOON, CountingClock
from bench.figures import Bound, Figure
from bench.run import Row, Run, on_a_loop
from bench.world import GROUP, courier, open_bench_store, world
from bot.app.courier import Courier
from bot.domain.effects import Notice, Notify
from bot.domain.ids import MemberId
from bot.ports.gateway import DeliveryKey, Progress, Rate, Receipt, Recipient
from bot.ports.messages import Message
from bot.ports.rows import Intent
from bot.ports.store import Transaction

OCCASIONS = 10
HOW = """\
Ten notices are queued for each of a thousand members (with `--quick`: a hundred), 10,000 rows. Two couriers, each with
a pool of connections of its own, work on them side by side until nothing is left. The gateway counts every delivery by
its key and keeps the order of each member's."""


class Counting:
    """A ChatGateway that both couriers share, and that remembers what it was given."""

    def __init__(self) -> None:
        self._delivered: Counter[DeliveryKey] = Counter()
        self._in_order: defaultdict[Recipient, list[str]] = defaultdict(list)

    async def deliver(self, to: Recipient, message: Message, *, key: DeliveryKey, progress: Progress) -> Receipt:
        del message, progress
        self._delivered[key] += 1
        self._in_order[to].append(key.rpartition("/")[2])
        return Receipt(WORKSPACE, "somewhere", key)

    async def edit(self, receipt: Receipt, message: Message, *, key: DeliveryKey) -> Receipt:
        del message, key
        return receipt

    def rates(self, to: Recipient) -> Sequence[Rate]:
        del to
        return ()

    def doubled(self) -> int:
        """Return how many deliveries were not the first of their key."""
        return sum(self._delivered.values()) - len(self._delivered)

    def missing(self, expected: int) -> int:
        """Return how many keys were never delivered."""
        return expected - len(self._delivered)

    def disordered(self) -> int:
        """Return for how many people something came before what was queued earlier."""
        return sum(order != sorted(order) for order in self._in_order.values())


def measure(run: Run) -> list[Figure]:
    """Return that nothing was lost, doubled or out of order, and the rate."""
    people = run.size(full=1000, quick=100)
    found = run.repeated("Two couriers", [("both", lambda: on_a_loop(_race(run.databases.postgres(), people)))])["both"]
    none = Bound(0, 0)
    rows = people * OCCASIONS
    return [
        Figure(f"delivered twice, of {rows:,}", tuple(gateway.doubled() for gateway, _ in found), "rows", none),
        Figure(f"never delivered, of {rows:,}", tuple(gateway.missing(rows) for gateway, _ in found), "rows", none),
        Figure("members whose order was broken", tuple(gateway.disordered() for gateway, _ in found), "", none),
        Figure("two couriers on PostgreSQL", tuple(rows / took for _, took in found), "rows a second"),
    ]


async def _race(url: str, people: int) -> tuple[Counting, float]:
    gateway, clock = Counting(), CountingClock()
    async with world(url) as made:
        trios = await made.seat(-(-people // 3))
        members = [MemberId(f"m-{user}") for trio in trios for user in trio.everybody][:people]
        for occasion in range(OCCASIONS):
            await made.store.run(_queueing(members, occasion))
        other = open_bench_store(url)
        began = perf_counter()
        async with asyncio.TaskGroup() as group:
            for store in (made.store, other):
                group.create_task(_until_empty(courier(store, gateway, clock)))
        took = perf_counter() - began
        await other.close()
    return gateway, took


async def _until_empty(one: Courier) -> None:
    """Work until there is nothing to claim twice in a row: what the other holds may free a lane."""
    idle = 0
    while idle < 3:
        idle = 0 if await one.deliver_due() else idle + 1
        await asyncio.sleep(0.01 * idle)


def _queueing(members: Sequence[MemberId], occasion: int) -> Callable[[Transaction], None]:
    intents = [_intent(member, occasion) for member in members]
    return lambda tx: tx.outbox.add(intents, NOON)


def _intent(member: MemberId, occasion: int) -> Intent:
    effect = Notify(member, Notice.HELLO, group=GROUP, occasion=str(occasion))
    key = DeliveryKey(f"notice/hello/{GROUP}/{member}/{occasion}")
    return Intent(key, effect, f"{GROUP}/{member}", WORKSPACE, member, NOON)


ROW = Row("couriers", "Two couriers, no double delivery", HOW, measure)
