"""How many whole referrals a second one process takes through handle and courier, with the local room."""

from functools import partial

from bench.databases import KINDS
from bench.figures import Figure
from bench.run import Row, Run, on_a_loop
from bench.story import Took, played
from bench.world import world

CLIENTS = (1, 16)
HOW = """\
The whole story as in the first row from `/refer` on (seven commands, six deliveries), straight into `handle` and out
through the courier and the local room's gateway, in one process. With one client, a referral's time is mostly waiting
for the disk; with sixteen, for the processor."""


def measure(run: Run) -> list[Figure]:
    """Return referrals a second on both databases, with one client and with sixteen."""
    parts = [(f"{kind}, {c} client{'s' * (c > 1)}", partial(_took, run, kind, c)) for kind in KINDS for c in CLIENTS]
    found = run.repeated("Whole referrals", parts)
    return [Figure(name, tuple(1 / took.wall for took in tooks), "a second") for name, tooks in found.items()]


def _took(run: Run, kind: str, clients: int) -> Took:
    referrals = run.size(full=10, quick=4) * (clients if clients > 1 else 2)
    return on_a_loop(_play(run.databases.fresh(kind), clients, referrals))


async def _play(url: str, clients: int, referrals: int) -> Took:
    async with world(url, with_room=True) as made:
        await played(made, made.handler.handle, referrals=clients, clients=clients)
        return await played(made, made.handler.handle, referrals=referrals, clients=clients)


ROW = Row("throughput", "Whole referrals a second", HOW, measure)
