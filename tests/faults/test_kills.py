"""T1 in short: a few kills at places spread over a story; `make gate-kills` does five hundred."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import PostgresForTests

ROOT = Path(__file__).resolve().parents[2]


def killed(*arguments: str) -> str:
    """Run the kills in a process of their own, which forks before it opens anything; return what it says."""
    command = [sys.executable, "-m", "tests.faults.kills", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_nothing_is_lost_or_done_twice_wherever_the_bot_is_killed_on_sqlite() -> None:
    said = killed("--kills", "6", "--database", "sqlite", "--story", "undone")

    assert "6 kills (0 with cold starts) at 6 of" in said


@pytest.mark.postgres
def test_nothing_is_lost_or_done_twice_wherever_the_bot_is_killed_on_postgresql(
    postgres_server: PostgresForTests,
) -> None:
    server = ("--postgres", postgres_server._url)
    said = killed("--kills", "6", "--database", "postgres", "--story", "helped", *server)

    assert "6 kills (0 with cold starts) at 6 of" in said


def test_a_kill_that_breaks_a_promise_is_told_with_the_command_that_does_it_again(tmp_path: Path) -> None:
    """The checker itself is checked: a story that ends with one introduction too few is a broken promise."""
    from tests.faults.checker import different, wrong
    from tests.faults.stories import AGREED
    from tests.faults.world import World

    world = World(tmp_path / "world.jsonl")
    facts = {
        "inbox": [],
        "log": [["introduced", "rita", "r", "{}"]],
        "receipts": [],
        "outbox": [["notice/x", 0], ["notice/x", 1]],
        "followed": [],
    }

    found = wrong(AGREED, facts, world, kills=1)

    assert "2 outbox rows with the key notice/x" in found
    assert "notice/x ended as 0" in found
    assert "0 introductions instead of 1" in found
    assert "step 0 was never answered" in found
    assert "introduced are ['r'], and followed up []" in found
    assert different({"log": ["a"]}, {"log": ["b"]}) == ["log differ: …a instead of …b"]
    world.close()
