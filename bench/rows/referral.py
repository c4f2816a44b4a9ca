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
BOUNDS = {"SQLite": Bound(4, 6), "PostgreSQL": Bound(8.5, 12)}
EVEN = Bound(2, 3)
THREE = "three deliveries"
WORDED, OWED, WHOLE = "with their words composed and the shown text kept", "all that is owed", "from /refer"
VARIANTS = (THREE, WORDED, OWED, WHOLE)
HOW = """\
The floor is the process's CPU for three signed slash commands through slack_bolt's
`AsyncApp(process_before_response=True)`, whose only listener acknowledges them, measured right before and right after
each part. A referral is three such commands whose listener calls `handle`, and a courier that claims what is owed,
hands it to a gateway that does nothing, and settles what comes of it. The first command stores the referral, as the
form and the filter leave it, and asks (*Ask them*), in two transactions; the others are the seeker's yes and the
provider's. 16 clients, each with its next referral when its last is introduced; people answer when their question has
arrived. Bolt's own three dispatches are in the figure, where they are 1 of the ratio, and so are the clients
themselves, which run in the same process. Joining, cards and the 16 referrals that warm it up are not.

- *three deliveries*: design 15's row, to the word: "command, two answers, three deliveries queued and claimed", as in
  the prototype that its target and gate come from. The two questions and the introduction are queued, claimed and
  completed. The domain decides everything it decides in the bot, including that an introduction is too late to undo
  and that it was posted; texts are sealed; inbox, log and receipts are written. What is left out is what the prototype
  did not have: the words of the three deliveries, the texts kept as shown, and the notices and edits.
- *with their words composed and the shown text kept*: the same, carried by the bot's own courier: each row is read
  again before it goes, put into words, and a question's text sealed and kept. No gate is set for it.
- *all that is owed*: also the edits of the two answered questions and the referrer's notice. This is what the bot
  really does: six rows.
- *from /refer*: also the command, its form, and the two questions of the filter: seven commands, six rows.

A *step* is one of the three commands from its dispatch to its answer, at saturation by the 16 clients (*three
deliveries*). The database server's own CPU is not in the figures of PostgreSQL. docs/adr/0012 says what was done, and
why what is past its gate is."""


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
    async with world(url, only_three=variant in (THREE, WORDED), bare=variant == THREE) as made:
        act = Bolt(made.handle).act
        warm, in_three = min(CLIENTS, referrals), variant != WHOLE
        await played(made, act, referrals=warm, clients=CLIENTS, in_three=in_three)
        return await played(made, act, referrals=referrals, clients=CLIENTS, in_three=in_three)


ROW = Row("referral", "CPU of a referral, and how even its steps are", HOW, measure)
