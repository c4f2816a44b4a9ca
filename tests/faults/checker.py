"""What must hold after every fault: nothing acknowledged is lost, nothing is done twice, everybody saw the same."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, text

from storage.runner import open_runner
from tests.faults.player import event_of
from tests.faults.stories import Story
from tests.faults.world import World

DELIVERED, OBSOLETE = 1, 3
FIRST, SECOND = "v", "s"
"""What the ids of a first process, and of the one after it, begin with."""

_MADE = re.compile(rf"\b[{FIRST}{SECOND}]-\d{{4}}\b")
Facts = dict[str, Any]


def evened(words: str) -> str:
    """Return a text in which ids that were made up on the way are all the same."""
    return _MADE.sub("#", words)


def facts_of(url: str) -> Facts:
    """Return what the database holds that the invariants are about."""
    runner = open_runner(url)
    try:
        return runner.run_now(_facts)
    finally:
        runner.close()


def _facts(connection: Connection) -> Facts:
    def rows(statement: str) -> list[list[Any]]:
        return [list(map(_plain, row)) for row in connection.execute(text(statement))]

    return {
        "inbox": [event for (event,) in rows("SELECT event_id FROM inbox")],
        "log": rows("SELECT kind, by_id, referral_id, facts FROM log ORDER BY seq"),
        "receipts": rows("SELECT referral_id, number, by_id, answer, fields, sha256 IS NULL FROM receipt ORDER BY seq"),
        "outbox": rows("SELECT key, status FROM outbox ORDER BY id"),
        "followed": [referral for (referral,) in rows("SELECT referral_id FROM follow_up")],
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 -- whatever a driver returns
    return value if isinstance(value, int) and not isinstance(value, bool) else str(value)


def ending_of(facts: Facts, world: World) -> Facts:
    """Return what a story leaves behind, the same for two runs of it: log, receipts, outbox, and who saw what."""
    return {
        "log": [evened(str(row)) for row in facts["log"]],
        "receipts": [evened(str(row)).replace("True", "1").replace("False", "0") for row in facts["receipts"]],
        "outbox": sorted(evened(str(row)) for row in facts["outbox"]),
        "messages": _messages(world),
        "replies": {str(entry["step"]): evened(entry["text"]) for entry in world.noted("replied")},
    }


def _messages(world: World) -> dict[str, list[str]]:
    """Return what each place saw, in order; what happens at two places at once has no order."""
    seen: dict[str, list[str]] = {}
    for entry in world.noted("shown"):
        seen.setdefault(entry["place"], []).append(evened(f"{entry['key']} {entry['people']} {entry['text']}"))
    return seen


def lost(story: Story, facts: Facts, world: World, reference: Facts) -> list[str]:
    """Return what was acknowledged and is not in the database of a process that was killed."""
    kept = set(facts["inbox"])
    done = [entry["step"] for entry in world.noted("replied")]
    wanted = [step for step in done if step in reference["remembered"]]
    found = [f"step {step} was acknowledged and is lost" for step in wanted if event_of(story, step) not in kept]
    least = max((reference["logged"][step] for step in done), default=0)
    if len(facts["log"]) < least:
        found.append(f"the log has {len(facts['log'])} entries of at least {least}")
    return found


def wrong(story: Story, facts: Facts, world: World, *, kills: int) -> list[str]:
    """Return every invariant that a finished story breaks by itself."""
    return [
        *_twice("outbox rows with the key", (key for key, _ in facts["outbox"])),
        *_twice("receipts", (str(row) for row in _receipts(facts))),
        *_twice("messages with the key", (entry["key"] for entry in world.noted("shown"))),
        *(f"{key} ended as {status}" for key, status in facts["outbox"] if status not in (DELIVERED, OBSOLETE)),
        *_called_too_often(world, kills),
        *_introductions(story, world),
        *_unfollowed(facts),
        *_unanswered(story, world),
    ]


def _receipts(facts: Facts) -> Iterable[tuple[Any, ...]]:
    """Leave out a yes that was taken back: after it, the same person may say yes to the same question again."""
    last: dict[tuple[Any, ...], str] = {}
    for place, (referral, number, by, answer, *_) in enumerate(facts["receipts"]):
        question = (referral, number, by)
        yield (*question, answer, place if last.get(question) not in (None, answer) else "first")
        last[question] = answer


def _twice(what: str, things: Iterable[str]) -> list[str]:
    return [f"{count} {what} {thing}" for thing, count in Counter(things).items() if count > 1]


def _called_too_often(world: World, kills: int) -> list[str]:
    """A kill between a send and its settling costs one more call, and nothing else does."""
    calls = Counter(entry["key"] for entry in world.noted("called"))
    again = sum(count - 1 for count in calls.values())
    most = kills * max(1, len(calls))
    too_often = [f"{key} was sent {count} times" for key, count in calls.items() if count > kills + 1]
    return too_often if again <= most else [*too_often, f"{again} repeated sends"]


def _unfollowed(facts: Facts) -> list[str]:
    """Every introduction on record is followed up, and nothing else is."""
    introduced = sorted(referral for kind, _, referral, _ in facts["log"] if kind == "introduced")
    followed = sorted(facts["followed"])
    return [] if introduced == followed else [f"introduced are {introduced}, and followed up {followed}"]


def _introductions(story: Story, world: World) -> list[str]:
    made = [entry for entry in world.noted("shown") if entry["key"].startswith("introduction/")]
    if len(made) == story.introductions:
        return []
    return [f"{len(made)} introductions instead of {story.introductions}"]


def _unanswered(story: Story, world: World) -> list[str]:
    answered = {entry["step"] for entry in world.noted("replied")}
    return [f"step {step} was never answered" for step in range(len(story.steps)) if step not in answered]


def different(ending: Facts, wanted: Facts) -> list[str]:
    """Return where a story ended otherwise than the uninterrupted one."""
    found = []
    for part, value in wanted.items():
        if ending[part] != value:
            found.append(f"{part} differ: {_first_difference(ending[part], value)}")
    return found


def _first_difference(one: Any, other: Any) -> str:  # noqa: ANN401 -- lists or dicts of texts
    if isinstance(one, dict):
        keys = [key for key in (*other, *one) if one.get(key) != other.get(key)]
        return f"{keys[0]}: {_first_difference(one.get(keys[0], []), other.get(keys[0], []))}"
    if isinstance(one, str) and isinstance(other, str):
        same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
        return f"…{one[max(same - 40, 0) : same + 160]} instead of …{other[max(same - 40, 0) : same + 160]}"
    pairs = [(a, b) for a, b in zip(one, other, strict=False) if a != b]
    extra = f"{len(one)} instead of {len(other)}: {one[len(other) :]} {other[len(one) :]}"
    return _first_difference(*pairs[0]) if pairs else extra
