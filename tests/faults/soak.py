"""The long versions: twenty thousand kills, then a bot that goes on for hours and may not grow.

`python -m tests.faults.soak --hours 2 --kills 20000`
"""

import argparse
import asyncio
import json
import os
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from itertools import count, cycle
from pathlib import Path

from adapters.local.clock import CountedIds, StoryClock
from adapters.local.directory import LocalDirectory
from adapters.local.people import EVERYBODY
from adapters.local.room import LocalRoom
from bot.bootstrap import Bot, Platform, build, open_store
from bot.ports.gateway import DeliveryKey, Progress, Rate, Receipt, Recipient
from bot.ports.messages import Message
from tests.factories import NOW
from tests.faults.kills import kill_all, places, prepared, references, report, spread
from tests.faults.places import copied, settings_for
from tests.faults.player import Player
from tests.faults.points import Points
from tests.faults.stories import AGREED, STORIES, UNDONE, WITHDRAWN
from tests.faults.trial import WorldTelemetry
from tests.faults.workers import run_all
from tests.faults.world import ChatOnDisk, World

AWEEK = timedelta(days=8)
SHARE = 0.2
"""The share of its time that the bot is busy."""

WARM_UP = 0.3
MOST_GROWTH = 1.0
"""Megabytes an hour."""

LONG_ENOUGH = 0.5
"""Hours after which a slope means something."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What a process held at a moment, and how long its last story took."""

    at: float
    megabytes: float
    files: int
    threads: int
    story: float


class TodaysChat:
    """A gateway that always leads to the present story's platform."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def deliver(self, to: Recipient, message: Message, *, key: DeliveryKey, progress: Progress) -> Receipt:
        """Pass it on."""
        return await ChatOnDisk(self.world).deliver(to, message, key=key, progress=progress)

    async def edit(self, receipt: Receipt, message: Message, *, key: DeliveryKey) -> Receipt:
        """Pass it on."""
        return await ChatOnDisk(self.world).edit(receipt, message, key=key)

    def rates(self, to: Recipient) -> Sequence[Rate]:
        """Return no limits."""
        return ()


class Unheard(WorldTelemetry):
    """Keeps nothing, so that nothing of the harness grows."""

    def event(self, name: str, **facts: str | float) -> None:
        """Say nothing."""


async def live(url: str, seconds: float, directory: Path) -> list[Sample]:
    """Play story after story with one bot, and measure its process after each."""
    started, clock, samples = time.monotonic(), StoryClock(NOW), []
    chat = TodaysChat(World(directory / "first.jsonl"))
    platforms = {"local": Platform(chat, LocalDirectory(LocalRoom(EVERYBODY, clock)))}
    store = open_store(settings_for(url)).store
    telemetry = Unheard(chat.world)
    bot = build(settings_for(url), store, platforms, telemetry=telemetry, clock=clock, ids=CountedIds("long"))
    for number, story in zip(count(), cycle((AGREED, UNDONE, WITHDRAWN)), strict=False):
        begun = time.monotonic()
        if begun - started > seconds:
            break
        chat.world = World(directory / f"{number}.jsonl")
        named = replace(story, name=f"{story.name}-{number}", ends=AWEEK)
        await _one_story(
            bot, Player(bot, chat.world, clock, named, clock.now(), Points()), directory / f"{number}.jsonl"
        )
        await bot.purge()
        took = time.monotonic() - begun
        samples.append(_sample(begun - started, took))
        await asyncio.sleep(took * (1 / SHARE - 1))
    await bot.close()
    return samples


async def _one_story(bot: Bot, player: Player, file: Path) -> None:
    await player.play()
    await bot.deliver()
    player.world.close()
    os.unlink(file)  # noqa: PTH108


def _sample(at: float, story: float) -> Sample:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    megabytes = pages * resource.getpagesize() / 2**20
    return Sample(at, megabytes, len(os.listdir("/proc/self/fd")), threading.active_count(), story)  # noqa: PTH208


def verdict(samples: Sequence[Sample], hours: float) -> tuple[str, list[str]]:
    """Return what the samples say in a line, and which gates they miss; a short run has none."""
    steady = [sample for sample in samples if sample.at >= samples[-1].at * WARM_UP]
    slope = statistics.linear_regression([s.at / 3600 for s in steady], [s.megabytes for s in steady]).slope
    third = max(len(steady) // 3, 1)
    slower = statistics.median(s.story for s in steady[-third:]) / statistics.median(s.story for s in steady[:third])
    files = (min(s.files for s in steady), max(s.files for s in steady))
    line = (
        f"{len(samples)} stories, {steady[-1].megabytes:.0f} MB growing {slope:+.2f} MB/h, "
        f"files {files[0]} to {files[1]}, threads {steady[-1].threads}, stories take {slower:.2f} of what they took"
    )
    missed = [
        *([f"memory grows by {slope:.2f} MB/h"] if slope > MOST_GROWTH else []),
        *([f"open files went from {files[0]} to {files[1]}"] if files[1] > files[0] else []),
    ]
    return line, missed if hours >= LONG_ENOUGH else []


def outlive(templates: dict[str, str], hours: float) -> list[str]:
    """Let one bot on each database live for hours; return what is wrong with them."""
    found = []
    with tempfile.TemporaryDirectory(prefix="twoyes-soak-") as base:
        jobs = list(templates.items())
        for result in run_all(jobs, partial(_outlived, Path(base), hours), len(jobs)):
            found += [f"{result.job[0]}: {fault}" for fault in result.found]
            written = Path(base, f"{result.job[0]}.json")
            if written.exists():
                samples = [Sample(*facts) for facts in json.loads(written.read_text())]
                line, missed = verdict(samples, hours)
                print(f"{result.job[0]:9}{line}")
                found += [f"{result.job[0]}: {fault}" for fault in missed]
    return found


def _outlived(base: Path, hours: float, job: tuple[str, str]) -> list[str]:
    database, template = job
    directory = base / database
    directory.mkdir()
    samples = asyncio.run(live(copied(template, directory, f"soak_{database}"), hours * 3600, directory))
    facts = [(s.at, s.megabytes, s.files, s.threads, s.story) for s in samples]
    (base / f"{database}.json").write_text(json.dumps(facts))
    return []


def run(options: argparse.Namespace) -> int:
    """Do what the command line asks for; return the exit code."""
    databases = ("sqlite", "postgres") if options.database == "both" else (options.database,)
    with prepared(databases) as ground:
        started = time.monotonic()
        known = places(ground, references(ground, tuple(STORIES), options.workers))
        kills = spread(known, options.kills, options.seed)
        failed = kill_all(ground, kills, options.workers)
        print(report(kills, failed, time.monotonic() - started, len(known)), flush=True)
        found = outlive(ground.templates, options.hours) if options.hours else []
    print("\n".join(found))
    return 1 if failed or found else 0


def arguments() -> argparse.ArgumentParser:
    """Return what the command line takes."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.soak", description=__doc__)
    parser.add_argument("--hours", type=float, default=2, help="how long a bot has to live on each database")
    parser.add_argument("--kills", type=int, default=20_000)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    return parser


if __name__ == "__main__":
    sys.exit(run(arguments().parse_args()))
