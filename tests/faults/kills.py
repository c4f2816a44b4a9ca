"""Kills the bot at every step and starts it again: `python -m tests.faults.kills --kills 500 --cold 20`."""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tests.databases import PostgresForTests
from tests.faults.places import a_server, furnish
from tests.faults.points import Point
from tests.faults.stories import STORIES
from tests.faults.trial import Trial, arguments_of, play_reference, play_successor, play_victim
from tests.faults.workers import Result, forked, run_all

KILLED = -signal.SIGKILL
EDGES = ("COMMIT", "work of", "send of", "opening", "the acknowledgement")
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill: a trial, which database it is on, what is passed there, and whether both processes start cold."""

    trial: Trial
    database: str
    label: str
    cold: bool = False

    @property
    def is_edge(self) -> bool:
        """Say whether something is decided here: a commit, a piece of work, a send, an acknowledgement."""
        return self.label.partition(" ")[2].startswith(EDGES)

    @property
    def reproduce(self) -> str:
        """Return the command that does this kill alone."""
        point = self.trial.point or Point(0, 0)
        cold = " --cold 1" if self.cold else ""
        chosen = f"--story {self.trial.story} --database {self.database} --point {point.step}.{point.nth}"
        return f"python -m tests.faults.kills --kills {0 if self.cold else 1} {chosen}{cold}"


@dataclass(frozen=True, slots=True)
class Ground:
    """Where trials are played: a directory, a template of each database, and the stories' references."""

    directory: Path
    templates: dict[str, str]

    def trial(self, story: str, database: str, name: str) -> Trial:
        """Return a trial that has nothing to die at yet."""
        reference = self.directory / f"reference-{story}-{database}" / "reference.json"
        return Trial(story, self.templates[database], self.directory / name, name, reference=reference)


@contextmanager
def prepared(databases: Sequence[str], server: str | None = None) -> Iterator[Ground]:
    """Make a template of each database, on a running PostgreSQL server or our own; throw all away at the end."""
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="twoyes-kills-", dir=memory())))
        templates = {}
        for database in databases:
            templates[database] = f"sqlite:///{directory / 'template.db'}"
            if database == "postgres":
                running = PostgresForTests(server) if server else stack.enter_context(a_server())
                templates[database] = running.create()
                stack.callback(running.drop, templates[database])
            complaints = directory / f"template-{database}.txt"
            if forked(partial(furnish, templates[database]), complaints):
                sys.exit(complaints.read_text())
        yield Ground(directory, templates)


def memory() -> str | None:
    """Return a place that waits for no disk, if there is one: what a kill can break, it breaks there too."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def references(ground: Ground, stories: Sequence[str], workers: int) -> list[Trial]:
    """Play every story on every database without a fault; exit if one does not come to its end."""
    trials = [ground.trial(s, d, f"reference-{s}-{d}") for d in ground.templates for s in stories]
    for result in run_all(trials, _reference, workers):
        if result.found:
            sys.exit("\n".join([f"{result.job.name} fails without any kill:", *result.found]))
    return trials


def _reference(trial: Trial) -> list[str]:
    trial.directory.mkdir()
    complaints = trial.directory / "complaints.txt"
    if forked(partial(play_reference, trial), complaints):
        return [complaints.read_text()]
    wrong: list[str] = json.loads((trial.directory / "reference.json").read_text())["wrong"]
    return wrong


def places(ground: Ground, trials: Sequence[Trial]) -> list[Kill]:
    """Return a kill at every place that the uninterrupted stories pass."""
    by_template = {template: database for database, template in ground.templates.items()}
    found = []
    for trial in trials:
        reference = trial.directory / "reference.json"
        for step, nth, label in json.loads(reference.read_text())["points"]:
            here = replace(trial, point=Point(step, nth), reference=reference)
            found.append(Kill(here, by_template[trial.template], label))
    return found


def spread(kills: Sequence[Kill], wanted: int, seed: int) -> list[Kill]:
    """Choose so many: half where something is decided, half at statements, each as far apart as they can be.

    More than there are means everywhere, and again.
    """
    edges = [kill for kill in kills if kill.is_edge]
    inner = [kill for kill in kills if not kill.is_edge]
    at_edges = wanted * len(edges) // max(len(kills), 1) if wanted >= len(kills) else min(wanted // 2, len(edges))
    chosen = [*_apart(edges, at_edges, seed), *_apart(inner, wanted - at_edges, seed)]
    Random(seed).shuffle(chosen)
    return chosen


def _apart(kills: Sequence[Kill], wanted: int, seed: int) -> list[Kill]:
    start = Random(seed).random()
    return [kills[int((number + start) * len(kills) / wanted) % len(kills)] for number in range(wanted) if kills]


def strike(ground: Ground, numbered: tuple[int, Kill]) -> list[str]:
    """Do one kill and the start after it; return what is wrong then."""
    number, kill = numbered
    name = f"kill_{'cold' if kill.cold else 'warm'}_{number}"
    trial = replace(kill.trial, directory=ground.directory / name, name=name)
    trial.directory.mkdir()
    found = (_cold if kill.cold else _warm)(trial)
    if not found:
        shutil.rmtree(trial.directory)
    return found


def _warm(trial: Trial) -> list[str]:
    complaints = trial.directory / "complaints.txt"
    if (code := forked(partial(play_victim, trial), complaints)) != KILLED:
        return [f"the victim ended with {code}", complaints.read_text() if complaints.exists() else ""]
    if code := forked(partial(play_successor, trial), complaints):
        return [f"the successor ended with {code}", complaints.read_text() if complaints.exists() else ""]
    return _verdict(trial)


def _cold(trial: Trial) -> list[str]:
    for part, wanted in (("victim", KILLED), ("successor", 0)):
        done = subprocess.run(
            [sys.executable, *arguments_of(part, trial)], cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode != wanted:
            return [f"the {part} ended with {done.returncode}", done.stderr]
    return _verdict(trial)


def _verdict(trial: Trial) -> list[str]:
    verdict: list[str] = json.loads((trial.directory / "verdict.json").read_text())
    return verdict


def kill_all(ground: Ground, kills: Sequence[Kill], workers: int) -> list[Result[tuple[int, Kill]]]:
    """Do every kill, with a bar that says how far it is, and return those after which something is wrong."""
    failed = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    results = run_all(list(enumerate(kills)), partial(strike, ground), workers)
    with Progress(*columns, transient=True) as progress:
        task = progress.add_task("kills", total=len(kills))
        for result in results:
            progress.advance(task)
            if result.found:
                failed.append(result)
                progress.console.print(result.job[1].reproduce, markup=False, highlight=False, soft_wrap=True)
    return failed


def report(kills: Sequence[Kill], failed: Sequence[Result[tuple[int, Kill]]], seconds: float, known: int) -> str:
    """Return what came of it, the failures first."""
    lines = []
    for result in failed:
        kill = result.job[1]
        where = f"{kill.trial.story} on {kill.database}, killed at {kill.label} ({kill.trial.point})"
        lines += [f"BROKEN: {where}", *(f"  {line}" for line in result.found), f"  {kill.reproduce}"]
    cold = sum(kill.cold for kill in kills)
    distinct = len({(kill.trial.story, kill.database, kill.trial.point) for kill in kills})
    lines.append(
        f"{len(kills)} kills ({cold} with cold starts) at {distinct} of {known} places, "
        f"{len(failed)} broke a promise, {seconds:.0f} s"
    )
    return "\n".join(lines)


def census(kills: Sequence[Kill]) -> str:
    """Return how many places each story has on each database."""
    counted: dict[tuple[str, str], int] = {}
    for kill in kills:
        counted[kill.database, kill.trial.story] = counted.get((kill.database, kill.trial.story), 0) + 1
    return "\n".join(f"{database:9}{story:10}{count:6} places" for (database, story), count in counted.items())


def run(options: argparse.Namespace) -> int:
    """Do what the command line asks for; return the exit code."""
    started = time.monotonic()
    databases = ("sqlite", "postgres") if options.database == "both" else (options.database,)
    stories = options.story or tuple(STORIES)
    with prepared(databases, options.postgres) as ground:
        known = places(ground, references(ground, stories, options.workers))
        print(census(known))
        wanted = [kill for kill in known if options.point in (None, kill.trial.point)]
        cold = [replace(kill, cold=True) for kill in spread(wanted, options.cold, options.seed + 1)]
        kills = [*spread(wanted, options.kills, options.seed), *cold]
        failed = kill_all(ground, kills, options.workers)
        print(report(kills, failed, time.monotonic() - started, len(known)))
    return 1 if failed else 0


def _point(written: str) -> Point:
    step, _, nth = written.partition(".")
    return Point(int(step), int(nth))


def arguments() -> argparse.ArgumentParser:
    """Return what the command line takes."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=500, help="how many forked from warm parents")
    parser.add_argument("--cold", type=int, default=0, help="how many more with a fresh Python for both processes")
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--seed", type=int, default=0, help="shifts which places are chosen")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--story", action="append", choices=tuple(STORIES), help="this one only; again for more")
    parser.add_argument("--postgres", metavar="URL", help="a running server to use instead of one of our own")
    parser.add_argument("--point", type=_point, metavar="STEP.NTH", help="one place only, as a failure names it")
    return parser


if __name__ == "__main__":
    sys.exit(run(arguments().parse_args()))
