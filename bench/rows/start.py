"""How soon and in how much memory `twoyes serve` answers Slack, beside importing its framework, and what it loads."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from time import perf_counter

import aiohttp
import psutil

from adapters.system import SystemClock
from bench.figures import Bound, Figure, ratios
from bench.run import Row, Run, on_a_loop
from bench.slack import command, send, settings, token_of, web_api
from bench.twoyes import MEGABYTE, environment, served
from bench.world import bench_key, open_bench_store
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.installs import Installation

TEAM = "T0001"
KEY = {"TWOYES_ENCRYPTION_KEYS": bench_key()}
NOBODY_NEEDS = ("alembic", "discord", "matplotlib", "adapters.discord")
UNUSED_ON_SLACK = (*NOBODY_NEEDS, "adapters.local")
UNUSED_IN_THE_ROOM = (*NOBODY_NEEDS, "slack_bolt", "slack_sdk", "adapters.slack")
HOW = """\
Each is a process of its own, spawned in turn with the others. *Cold start* is the time from the spawn of `twoyes
serve`, set up for Slack over HTTP on a migrated SQLite file, to the answer to its first signed command (`/intros help`:
verified, through Bolt, who asks looked up in a Web API on loopback, committed, put into words and blocks), beside that
from a spawn to the end of `import slack_bolt`. *Memory* is the resident set at that moment, beside that after
`import slack_bolt.async_app`. *Modules* are those of platforms that are not configured, of matplotlib and of Alembic,
that were loaded when it ended: once set up for Slack, and once for the room in the browser."""


@dataclass(frozen=True, slots=True)
class Started:
    """A process that got as far as it was wanted."""

    seconds: float
    resident: int
    modules: Sequence[str] = ()


def measure(run: Run) -> list[Figure]:
    """Return both ratios, the modules, and the bare figures."""
    url = run.databases.sqlite()
    on_a_loop(_install(url))
    slack, room = partial(_on_slack, url), partial(_in_the_room, run.databases.sqlite())
    bolt, app = (partial(_imported, module) for module in ("slack_bolt", "slack_bolt.async_app"))
    on_a_loop(slack())  # compiles what was never compiled
    parts = (
        ("slack", lambda: on_a_loop(slack())),
        ("bolt", bolt),
        ("app", app),
        ("room", lambda: on_a_loop(room())),
    )
    found = run.repeated("Cold starts", parts)
    return list(_figures(found))


def _figures(found: dict[str, list[Started]]) -> Iterator[Figure]:
    slack = found["slack"]
    seconds = ratios([one.seconds for one in slack], [one.seconds for one in found["bolt"]])
    memory = ratios([one.resident for one in slack], [one.resident for one in found["app"]])
    yield Figure("cold start on Slack ÷ import slack_bolt", seconds, bound=Bound(3.8, 4.5))
    yield Figure("memory on Slack ÷ import slack_bolt.async_app", memory, bound=Bound(1.7, 2))
    yield _unused("serve for Slack", slack, UNUSED_ON_SLACK)
    yield _unused("serve for the room", found["room"], UNUSED_IN_THE_ROOM)
    yield Figure("cold start on Slack to the first answer", tuple(1e3 * one.seconds for one in slack), "ms")
    yield Figure("memory on Slack at the first answer", tuple(one.resident / MEGABYTE for one in slack), "MB")


def _unused(by: str, started: Sequence[Started], unused: Sequence[str]) -> Figure:
    assert all(one.modules for one in started), "it did not say what it had loaded"
    loaded = [[name for name in one.modules if _is_in(name, unused)] for one in started]
    found = sorted({name for names in loaded for name in names})
    name = f"modules nobody needs loaded by {by}{': ' if found else ''}{', '.join(found)}"
    return Figure(name, tuple(len(names) for names in loaded), "", Bound(0, 0))


def _is_in(module: str, packages: Sequence[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in packages)


async def _install(url: str) -> None:
    store, now = open_bench_store(url), SystemClock().now()
    added = Installation(WorkspaceId(f"slack:{TEAM}"), token_of(TEAM), UserId("U0BOT"), UserId("U0ANA"), now)
    await store.run(lambda tx: tx.installations.save(added))
    await store.close()


async def _on_slack(url: str) -> Started:
    async with web_api() as api, aiohttp.ClientSession() as session:
        variables = environment(url, dict(settings(api.url)) | KEY)
        began = perf_counter()
        async with served(variables) as bot:
            await send(session, bot.url, command("U0ANA", "help", team=TEAM))
            took = perf_counter() - began
            resident = psutil.Process(bot.process.pid).memory_info().rss
    return Started(took, resident, bot.modules)


async def _in_the_room(url: str) -> Started:
    async with served(environment(url, KEY)) as bot:
        pass
    return Started(0, 0, bot.modules)


def _imported(module: str) -> Started:
    """Import a module in a process of its own."""
    doing = f"import {module}, sys; print('done', flush=True); sys.stdin.read()"
    began = perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", doing], env=environment(""), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        seconds = perf_counter() - began
        resident = psutil.Process(process.pid).memory_info().rss
        process.communicate()
    return Started(seconds, resident)


ROW = Row("start", "Cold start, memory, and what is loaded", HOW, measure)
