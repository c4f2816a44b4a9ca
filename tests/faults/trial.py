"""One kill: a victim that dies at its point, a successor that starts on what is left, and the verdict."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from adapters.local.clock import CountedIds
from adapters.local.directory import LocalDirectory
from adapters.local.people import EVERYBODY
from adapters.local.room import LocalRoom
from bot.bootstrap import Platform, build, open_store
from bot.ports.rows import Depth
from tests.factories import NOW
from tests.faults import checker
from tests.faults.checker import FIRST, SECOND, Facts
from tests.faults.places import address_of, copied, discarded, settings_for
from tests.faults.player import Player, event_of
from tests.faults.points import Point, Points, WatchedStore, watch
from tests.faults.stories import STORIES, Story
from tests.faults.world import ChatOnDisk, World, WorldClock

Playing = Callable[[Player], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Trial:
    """Which story is played on which template, where it is killed, and where it leaves its files."""

    story: str
    template: str
    directory: Path
    name: str
    point: Point | None = None
    reference: Path | None = None

    @property
    def url(self) -> str:
        """Return the address of this trial's own database."""
        return address_of(self.template, self.directory, self.name)

    @property
    def told(self) -> Story:
        """Return the story itself."""
        return STORIES[self.story]

    def world(self) -> World:
        """Open the world outside this trial's bot."""
        return World(self.directory / "world.jsonl")


class WorldTelemetry:
    """Notes what the bot tells about itself, for whoever has to find out why a trial failed."""

    def __init__(self, world: World) -> None:
        self._world = world

    def event(self, name: str, **facts: str | float) -> None:
        """Note an event."""
        self._world.note("event", name=name, facts={key: str(fact) for key, fact in facts.items()})

    def handled(self, kind: str, seconds: float) -> None:
        """Say nothing: the world notes the replies."""

    def delivered(self, kind: str) -> None:
        """Say nothing: the world notes the messages."""

    def retried(self, kind: str) -> None:
        """Note a delivery that was put off."""
        self._world.note("event", name="retried", facts={"kind": kind})

    def died(self, kind: str) -> None:
        """Note a delivery that was given up."""
        self._world.note("event", name="died", facts={"kind": kind})

    def depth(self, depth: Depth, now: datetime) -> None:
        """Say nothing."""


async def _play(trial: Trial, points: Points, prefix: str, playing: Playing) -> None:
    world = trial.world()
    clock = WorldClock(world, NOW)
    settings = settings_for(trial.url)
    store = WatchedStore(open_store(settings).store, points)
    platforms = {"local": Platform(ChatOnDisk(world, points.hit), LocalDirectory(LocalRoom(EVERYBODY, clock)))}
    bot = build(
        settings,
        store,
        platforms,
        telemetry=WorldTelemetry(world),
        clock=clock,
        ids=CountedIds(prefix),
        jitter=lambda: 0.5,
    )
    try:
        await playing(Player(bot, world, clock, trial.told, NOW, points))
    finally:
        await bot.close()
        world.close()


def play_reference(trial: Trial) -> None:
    """Play the story without a fault, and write down its places and how it ends."""
    copied(trial.template, trial.directory, trial.name)
    points = Points()
    watch(points)
    seen: Facts = {"remembered": [], "logged": []}

    def look(number: int) -> None:
        points.sleep()
        facts = checker.facts_of(trial.url)
        seen["logged"].append(len(facts["log"]))
        if event_of(trial.told, number) in facts["inbox"]:
            seen["remembered"].append(number)
        points.wake()

    async def playing(player: Player) -> None:
        player.when_acknowledged = look
        await player.play()

    asyncio.run(_play(trial, points, FIRST, playing))
    points.sleep()
    facts, world = checker.facts_of(trial.url), trial.world()
    seen |= {"ending": checker.ending_of(facts, world), "wrong": checker.wrong(trial.told, facts, world, kills=0)}
    seen["points"] = [(point.step, point.nth, label) for point, label in points.passed]
    (trial.directory / "reference.json").write_text(json.dumps(seen))
    discarded(trial.url)


def play_victim(trial: Trial) -> None:
    """Play the story until the kill. It does not return."""
    copied(trial.template, trial.directory, trial.name)
    points = Points(trial.point)
    watch(points)
    asyncio.run(_play(trial, points, FIRST, Player.play))


def play_successor(trial: Trial) -> None:
    """Start on what the victim left, let everybody repeat everything, play to the end, and judge."""
    reference = json.loads((trial.reference or Path()).read_text())
    facts, world = checker.facts_of(trial.url), trial.world()
    found = checker.lost(trial.told, facts, world, reference)
    asyncio.run(_play(trial, Points(), SECOND, _restarted(trial)))
    facts, world = checker.facts_of(trial.url), trial.world()
    found += checker.wrong(trial.told, facts, world, kills=1)
    found += checker.different(checker.ending_of(facts, world), reference["ending"])
    (trial.directory / "verdict.json").write_text(json.dumps(found))
    discarded(trial.url)


def _restarted(trial: Trial) -> Playing:
    """Half of the successors hear from the people first; the other half first deliver what they find."""

    async def playing(player: Player) -> None:
        if trial.point and trial.point.nth % 2:
            await player.tick(player.clock.now())
        await player.repeat()
        await player.play()

    return playing


PARTS = {"reference": play_reference, "victim": play_victim, "successor": play_successor}


def arguments_of(part: str, trial: Trial) -> list[str]:
    """Return the arguments with which this module plays one part in a fresh process."""
    point = trial.point or Point(0, 0)
    places = (trial.story, trial.template, str(trial.directory), trial.name, str(point.step), str(point.nth))
    return ["-m", "tests.faults.trial", part, *places, str(trial.reference)]


if __name__ == "__main__":
    part, story, template, directory, name, step, nth, reference = sys.argv[1:]
    PARTS[part](Trial(story, template, Path(directory), name, Point(int(step), int(nth)), Path(reference)))
