"""How soon and in how much memory `twoyes serve` answers, beside importing Slack's framework, and what it loads."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter

import psutil

from bench.figures import Bound, Figure, ratios
from bench.run import Row, Run

ROOT = Path(__file__).resolve().parents[2]
UNUSED = ("alembic", "discord", "matplotlib", "slack_bolt", "slack_sdk", "adapters.discord", "adapters.slack")
MEGABYTE = 1024 * 1024
HOW = """\
Each is a process of its own, spawned in turn with the others. *Cold start* is the time from the spawn of `twoyes serve`
on a migrated SQLite file to the first command handled (committed and put into words), beside that from a spawn to the
end of `import slack_bolt`. *Memory* is the resident set at that moment, beside that after
`import slack_bolt.async_app`. *Modules* are those of platforms that are not configured (Slack and Discord), of
matplotlib and of Alembic that are loaded by then."""


@dataclass(frozen=True, slots=True)
class Started:
    """A process that got as far as it was wanted."""

    seconds: float
    resident: int
    modules: Sequence[str]


def measure(run: Run) -> list[Figure]:
    """Return both ratios, the modules, and the bare figures."""
    environment = _environment(run.databases.sqlite())
    serve, bolt, app = (
        partial(_start, command, environment)
        for command in (["-m", "bench.first_answer"], _importing("slack_bolt"), _importing("slack_bolt.async_app"))
    )
    serve()  # compiles what was never compiled
    found = run.repeated("Cold starts", (("serve", serve), ("bolt", bolt), ("app", app)))
    started = found["serve"]
    seconds = ratios([one.seconds for one in started], [one.seconds for one in found["bolt"]])
    memory = ratios([one.resident for one in started], [one.resident for one in found["app"]])
    return [
        Figure("cold start ÷ import slack_bolt", seconds, bound=Bound(3.8, 4.5)),
        Figure("memory ÷ import slack_bolt.async_app", memory, bound=Bound(1.7, 2)),
        _unused(started),
        Figure("cold start to the first answer", tuple(1e3 * one.seconds for one in started), "ms"),
        Figure("memory at the first answer", tuple(one.resident / MEGABYTE for one in started), "MB"),
    ]


def _unused(started: Sequence[Started]) -> Figure:
    loaded = [[name for name in one.modules if _is_unused(name)] for one in started]
    found = sorted({name.partition(".")[0] for names in loaded for name in names})
    name = f"modules nobody needs loaded by serve{': ' if found else ''}{', '.join(found)}"
    return Figure(name, tuple(len(names) for names in loaded), "", Bound(0, 0))


def _is_unused(module: str) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in UNUSED)


def _importing(module: str) -> list[str]:
    return ["-c", f"import {module}, sys; print('answered', flush=True); sys.stdin.read()"]


def _environment(url: str) -> dict[str, str]:
    """Return this process's environment, with nothing in it that sets the bot up but the database."""
    ours = ("SLACK_", "DISCORD_", "TWOYES_", "DATABASE_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {
        "DATABASE_URL": url,
        "TWOYES_HEALTH_PORT": "0",
        "TWOYES_LOG_FORMAT": "json",
        "PYTHONPATH": str(ROOT),
    }


def _start(arguments: Sequence[str], environment: Mapping[str, str]) -> Started:
    began = perf_counter()
    with subprocess.Popen(
        [sys.executable, *arguments], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        answer = _answer(process)
        seconds = perf_counter() - began
        resident = psutil.Process(process.pid).memory_info().rss
        process.terminate()
        process.communicate()
    return Started(seconds, resident, answer)


def _answer(process: subprocess.Popen[str]) -> list[str]:
    """Read what it says until it has answered."""
    assert process.stdout is not None
    for line in process.stdout:
        word, *modules = line.split()
        if word == "answered":
            return modules
    raise RuntimeError(f"It ended before it answered, with {process.wait()}.")


ROW = Row("start", "Cold start, memory, and what is loaded", HOW, measure)
