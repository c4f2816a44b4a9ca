"""What a referral costs in CPU beside the least that Slack's framework costs, and how even its steps are."""

from dataclasses import dataclass
from functools import partial

from bench.bolt import Bolt, cpu_of_a_dispatch
from bench.databases import KINDS
from bench.figures import Bound, Figure, percentile, ratios
from bench.run import Row, Run, on_a_loop
from bench.story import Took, played
from bench.world import world

CLIENTS = 16
STEPS = 3
BOUNDS = {"SQLite": Bound(4, 20), "PostgreSQL": Bound(8.5, 36)}  # the gates: ADR 0012
EVEN = Bound(2, 3)
THREE, OWED, WHOLE = "three deliveries", "all that is owed", "from /refer"
VARIANTS = (THREE, OWED, WHOLE)
HOW = """\
The floor is the process's CPU for three signed slash commands through slack_bolt's
`AsyncApp(process_before_response=True)`, whose only listener acknowledges them, measured right before and right after
each part. A referral is three such commands whose listener calls `handle`, and a courier that claims, composes, hands
to a gateway that does nothing, and settles what comes of them. The first command stores the referral, as the form and
the filter leave it, and asks (*Ask them*), in two transactions; the others are the seeker's yes and the provider's. 16
clients, each with its next referral when its last is introduced; people answer when their question has arrived. Bolt's
own three dispatches are in the figure, where they are 1 of the ratio, and so are the clients themselves, which run in
the same process. Joining, cards and the 16 referrals that warm it up are not.

- *three deliveries*: only the two questions and the introduction are queued, as in the prototype the targets come from.
- *all that is owed*: also the edits of the two answered questions and the referrer's notice. This is what the bot
  really does: six rows.
- *from /refer*: also the command, its form, and the two questions of the filter: seven commands, six rows.

A *step* is one of the three commands from its dispatch to its answer, at saturation by the 16 clients. The database
server's own CPU is not in the figures of PostgreSQL.

The gates are those of docs/adr/0012; the design's are 6 and 12. What was done on 2026-11-22, each the median of three
repeats on a machine that others used more and more (three deliveries; until the last line, the draft was stored before
and not counted):

| | SQLite | PostgreSQL |
| --- | --- | --- |
| before | 22.3 | 87.4 |
| libpq called directly, values bound and read by place | 24.6 | 49.7 |
| referral, group and members remembered by version: 49 statements for 82 | 18.4 | 42.7 |
| the courier's rows joined in transactions: 5.2 for 10.2; words composed once | 12.8 | 28.5 |
| a referral without slots, replaced by its dict; strangers and empty look-ups remembered | 9.8 | 30.9 |
| inserts travel with the next statement, COMMIT called directly (machine busy) | 17.3 | 27.7 |
| the first command creates the referral too (machine busy) | 16.0 | 29.0 |"""


def measure(run: Run) -> list[Figure]:
    """Return the ratios on both databases, and the slow steps beside the usual one."""
    size = run.size(full=128, quick=32)
    parts = [(f"{kind}, {variant}", partial(_took, run, kind, variant, size)) for kind in KINDS for variant in VARIANTS]
    found = run.repeated("Referrals beside Bolt", parts)
    floors = tuple(1e3 * one.floor for beside in found.values() for one in beside)
    figures = [Figure("CPU of three no-op Bolt dispatches", floors, "ms")]
    for kind in KINDS:
        for variant in VARIANTS:
            beside = found[f"{kind}, {variant}"]
            cpu = ratios([one.took.cpu for one in beside], [one.floor for one in beside])
            figures.append(Figure(f"CPU of a referral, {kind}, {variant}", cpu, bound=_bound(kind, variant)))
    return figures + [_evenness(kind, [one.took for one in found[f"{kind}, {THREE}"]]) for kind in KINDS]


def _bound(kind: str, variant: str) -> Bound | None:
    return BOUNDS[kind] if variant == THREE else None


def _evenness(kind: str, tooks: list[Took]) -> Figure:
    values = tuple(percentile(took.steps, 99) / percentile(took.steps, 50) for took in tooks)
    return Figure(f"p99 ÷ p50 of a step, {kind}", values, bound=EVEN)


@dataclass(frozen=True, slots=True)
class _Beside:
    """What referrals took, and the CPU seconds of three dispatches around that time."""

    took: Took
    floor: float


def _took(run: Run, kind: str, variant: str, referrals: int) -> _Beside:
    dispatches = run.size(full=1000, quick=250)
    url = run.databases.fresh(kind)
    before = on_a_loop(cpu_of_a_dispatch(dispatches))
    took = on_a_loop(_play(url, variant, referrals))
    after = on_a_loop(cpu_of_a_dispatch(dispatches))
    return _Beside(took, STEPS * (before + after) / 2)


async def _play(url: str, variant: str, referrals: int) -> Took:
    async with world(url, only_three=variant == THREE) as made:
        act = Bolt(made.handle).act
        warm, in_three = min(CLIENTS, referrals), variant != WHOLE
        await played(made, act, referrals=warm, clients=CLIENTS, in_three=in_three)
        return await played(made, act, referrals=referrals, clients=CLIENTS, in_three=in_three)


ROW = Row("referral", "CPU of a referral, and how even its steps are", HOW, measure)
