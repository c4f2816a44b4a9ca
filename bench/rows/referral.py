"""What a referral costs in CPU beside the least that Slack's framework costs, and how even its steps are."""

from functools import partial

from bench.bolt import Bolt, cpu_of_a_dispatch
from bench.databases import KINDS
from bench.figures import Bound, Figure, percentile, ratios
from bench.run import Row, Run, on_a_loop
from bench.story import Took, played
from bench.world import world

CLIENTS = 16
STEPS = 3
BOUNDS = {"SQLite": Bound(4, 6), "PostgreSQL": Bound(8.5, 12)}
EVEN = Bound(2, 3)
THREE, OWED, WHOLE = "three deliveries", "all that is owed", "from /refer"
VARIANTS = (THREE, OWED, WHOLE)
HOW = """\
The floor is the process's CPU for three signed slash commands through slack_bolt's
`AsyncApp(process_before_response=True)`, whose only listener acknowledges them. A referral is three such commands whose
listener calls `handle` (*Ask them* on a screened draft, the seeker's yes, the provider's yes), and a courier that
claims, composes, hands to a gateway that does nothing, and settles what comes of them. 16 clients, each with its next
referral when its last is introduced; people answer when their question has arrived. Bolt's own three dispatches are in
the figure: they are 1 of the ratio.

- *three deliveries*: only the two questions and the introduction are queued, as in the prototype the targets come from.
- *all that is owed*: also the edits of the two answered questions and the referrer's notice. This is what the bot
  really does: six rows.
- *from /refer*: also the command, its form, and the two questions of the filter: seven commands, six rows.

A *step* is one of the three commands from its dispatch to its answer, at saturation by the 16 clients. The database
server's own CPU is not in the figures of PostgreSQL."""


def measure(run: Run) -> list[Figure]:
    """Return the ratios on both databases, and the slow steps beside the usual one."""
    size = run.size(full=128, quick=32)
    parts = [(f"{kind}, {variant}", partial(_took, run, kind, variant, size)) for kind in KINDS for variant in VARIANTS]
    found = run.repeated("Referrals beside Bolt", [("Bolt", partial(_bolt, run.size(full=2000, quick=500))), *parts])
    floor = [STEPS * took.cpu for took in found["Bolt"]]
    figures = [Figure("CPU of three no-op Bolt dispatches", tuple(1e3 * cpu for cpu in floor), "ms")]
    for kind in KINDS:
        for variant in VARIANTS:
            cpu = ratios([took.cpu for took in found[f"{kind}, {variant}"]], floor)
            figures.append(Figure(f"CPU of a referral, {kind}, {variant}", cpu, bound=_bound(kind, variant)))
    return figures + [_evenness(kind, found[f"{kind}, {THREE}"]) for kind in KINDS]


def _bound(kind: str, variant: str) -> Bound | None:
    return BOUNDS[kind] if variant == THREE else None


def _evenness(kind: str, tooks: list[Took]) -> Figure:
    values = tuple(percentile(took.steps, 99) / percentile(took.steps, 50) for took in tooks)
    return Figure(f"p99 ÷ p50 of a step, {kind}", values, bound=EVEN)


def _bolt(dispatches: int) -> Took:
    return Took(on_a_loop(cpu_of_a_dispatch(dispatches)), 0.0, ())


def _took(run: Run, kind: str, variant: str, referrals: int) -> Took:
    return on_a_loop(_play(run.databases.fresh(kind), variant, referrals))


async def _play(url: str, variant: str, referrals: int) -> Took:
    async with world(url, only_three=variant == THREE) as made:
        act = Bolt(made.handler.handle).act
        warm, from_draft = min(CLIENTS, referrals), variant != WHOLE
        await played(made, act, referrals=warm, clients=CLIENTS, from_draft=from_draft)
        return await played(made, act, referrals=referrals, clients=CLIENTS, from_draft=from_draft)


ROW = Row("referral", "CPU of a referral, and how even its steps are", HOW, measure)
