"""What Discord costs: the CPU of a press beside a button that does nothing, and the memory of many servers."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import psutil

from adapters.discord.ids import custom_id, workspace_of
from adapters.system import SystemClock
from bench.discord import CHANNELS, ROLES, Json, Loopback, guild_id, loopback, press, settings
from bench.figures import Bound, Figure, ratios
from bench.pressed import NO_OP, OURS
from bench.run import Row, Run, on_a_loop
from bench.story import screened
from bench.twoyes import MEGABYTE, environment, served
from bench.world import CARD, Trio, bench_key, open_bench_store
from bot.domain.group import Group
from bot.domain.ids import ChannelId, GroupId, MemberId, ReferralId, UserId
from bot.domain.member import Card, Member
from bot.domain.question import Answer, Question, Side, Stage
from bot.domain.referral import Status
from bot.ports.store import Transaction

CLIENTS = 16
WARM = 32
GUILDS = 2_500
SETTLED = 4
"""So many looks in a row, half a second apart, at which the memory has not grown, and it is taken to be all."""

HOME = guild_id(0)
WORKSPACE, GROUP = workspace_of(HOME), GroupId("group")
HOW = f"""\
*A press* is a *Yes* under a question, in a direct message, by somebody who has just done something else (so that nobody
has to be looked up in Discord). It arrives by the real discord.py from a gateway on loopback, in a process of its own
with the bot on SQLite: decided, committed with what it causes, put into words, and answered over REST. The floor is a
button of discord.py's own in the same process, on a connection of its own: a `DynamicItem` whose callback acknowledges.
{CLIENTS} are under way at a time. Nothing is delivered meanwhile.

*Memory* is the resident set of `twoyes serve` on the gateway, once READY and GUILD_CREATE have told of {GUILDS:,}
servers with {CHANNELS} channels and {ROLES} roles each, beside that of a process which has imported discord.py; and,
for one server, what it grew by since it served one alone."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """CPU seconds of one press, of ours and of the one that does nothing; and of one by somebody to be looked up."""

    ours: float
    nothing: float
    unknown: float


def measure(run: Run) -> list[Figure]:
    """Return the ratio of a press, and the memory of so many servers."""
    size = run.size(full=512, quick=160)
    guilds = run.size(full=GUILDS, quick=500)
    parts: tuple[tuple[str, Callable[[], Pressed]], ...] = (("presses", partial(_presses, run, size)),)
    pressed = run.repeated("Presses on Discord", parts)["presses"]
    url = run.databases.sqlite()
    sizes = (
        ("import", _imported),
        ("one", lambda: on_a_loop(_resident(url, 1))),
        ("many", lambda: on_a_loop(_resident(url, guilds))),
    )
    memory = run.repeated("Servers on Discord", sizes)
    return [*_press_figures(pressed), *_memory_figures(memory, guilds)]


def _press_figures(pressed: Sequence[Pressed]) -> Iterable[Figure]:
    nothing = [one.nothing for one in pressed]
    yield Figure("CPU of a press ÷ a no-op button", ratios([one.ours for one in pressed], nothing), bound=Bound(4, 6))
    yield Figure("the same by somebody to be looked up", ratios([one.unknown for one in pressed], nothing))
    yield Figure("CPU of a no-op button", tuple(1e3 * one for one in nothing), "ms")


def _memory_figures(memory: dict[str, list[int]], guilds: int) -> Iterable[Figure]:
    many, one, bare = (memory[name] for name in ("many", "one", "import"))
    name = f"memory in {guilds:,} servers ÷ import discord"
    yield Figure(name, ratios(many, bare), bound=Bound(3, 4))
    yield Figure(f"memory in {guilds:,} servers", tuple(size / MEGABYTE for size in many), "MiB")
    grown = tuple((a - b) / 1024 / (guilds - 1) for a, b in zip(many, one, strict=True))
    yield Figure("memory for one server more", grown, "KiB", Bound(8, 16))


def _presses(run: Run, presses: int) -> Pressed:
    url = run.databases.sqlite()
    people = 2 * presses + WARM
    on_a_loop(_prepare(url, people))
    pressed = on_a_loop(_play(url, presses))
    assert on_a_loop(_agreed(url, people)) == people, "not every press was taken"
    return pressed


async def _agreed(url: str, people: int) -> int:
    """Count the referrals whose seeker has said yes."""
    store = open_bench_store(url)
    ids = [ReferralId(f"r-{_trio(number).starter}") for number in range(people)]
    found = await store.run(lambda tx: [tx.referrals.get(one) for one in ids])
    await store.close()
    return sum(one.questions[0].answer is Answer.YES for one in found)


async def _prepare(url: str, referrals: int) -> None:
    store = open_bench_store(url)
    for start in range(0, referrals, 50):
        await store.run(partial(_asking, range(start, min(start + 50, referrals))))
    await store.close()


def _asking(numbers: range, tx: Transaction) -> None:
    """Write down referrals whose seeker was just asked."""
    now = SystemClock().now()
    if not numbers.start:
        tx.members.add(Member(MemberId("founder"), WORKSPACE, UserId(_user(0, 9))))
        tx.groups.add(Group(GROUP, WORKSPACE, ChannelId(str(int(HOME) + 100)), now, MemberId("founder")))
    for number in numbers:
        trio = _trio(number)
        for user in trio.everybody:
            member = Member(MemberId(f"m-{user}"), WORKSPACE, user, joined={GROUP: now})
            tx.members.add(member)
            tx.members.save_card(Card(member.id, GROUP, CARD))
        question = Question(0, Stage.SEEKER_NAMED, now, now + timedelta(days=3))
        asking = replace(
            screened(trio),
            group=GROUP,
            created_at=now,
            status=Status.ASKING,
            asked_at=now,
            closes_at=now + timedelta(days=6),
            cards=dict.fromkeys(Side, CARD),
            questions=(question,),
        )
        tx.referrals.add(asking)


async def _play(url: str, presses: int) -> Pressed:
    async with loopback() as discord, _bots(url, discord) as process:
        await discord.joined(OURS)
        await discord.joined(NO_OP)
        fresh = iter(range(2 * presses + WARM))
        await _all(discord, NO_OP, [_nothing(number) for number in range(WARM)])
        await _all(discord, OURS, [_yes(next(fresh)) for _ in range(WARM)])
        nothing = await _cpu_of(process, discord, NO_OP, [_nothing(number) for number in range(2 * presses)])
        unknown = await _cpu_of(process, discord, OURS, [_yes(next(fresh)) for _ in range(presses)])
        known = [next(fresh) for _ in range(presses)]
        await _all(discord, OURS, [_mine(number) for number in known])
        ours = await _cpu_of(process, discord, OURS, [_yes(number) for number in known])
    return Pressed(ours, nothing, unknown)


async def _cpu_of(process: psutil.Process, discord: Loopback, name: str, brought: list[Json]) -> float:
    before = process.cpu_times()
    await _all(discord, name, brought)
    after = process.cpu_times()
    return (after.user + after.system - before.user - before.system) / len(brought)


async def _all(discord: Loopback, name: str, brought: list[Json]) -> None:
    """Let so many people press at a time, each their next when their last was answered."""
    waiting = iter(brought)

    async def client() -> None:
        for interaction in waiting:
            await discord.brings(name, interaction)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(CLIENTS):
            tasks.create_task(client())


@asynccontextmanager
async def _bots(url: str, discord: Loopback) -> AsyncIterator[psutil.Process]:
    variables = environment(url, dict(settings(discord.url, OURS)) | {"TWOYES_ENCRYPTION_KEYS": bench_key()})
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.pressed", discord.url, env=variables, stdin=asyncio.subprocess.PIPE
    )
    try:
        yield psutil.Process(process.pid)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


def _yes(number: int) -> Json:
    trio = _trio(number)
    return press(trio.seeker, custom_id("yes", f"r-{trio.starter}.0", guild=HOME))


def _mine(number: int) -> Json:
    return press(_trio(number).seeker, custom_id("show_mine", GROUP, guild=HOME))


def _nothing(number: int) -> Json:
    return press(_user(number, 1), "nothing:01JD4R7K.0")


def _trio(number: int) -> Trio:
    return Trio(*(UserId(_user(number, role)) for role in range(3)))


def _user(number: int, role: int) -> str:
    return str(4 * 10**17 + number * 10 + role)


async def _resident(url: str, guilds: int) -> int:
    """Return the memory of a bot that serves, once it knows its servers."""
    async with loopback(guilds) as discord:
        variables = environment(url, dict(settings(discord.url, OURS)) | {"TWOYES_ENCRYPTION_KEYS": bench_key()})
        async with served(variables) as bot:
            await discord.joined(OURS)
            return await _settled(psutil.Process(bot.process.pid))


async def _settled(process: psutil.Process) -> int:
    size, looks = 0, 0
    while looks < SETTLED:
        await asyncio.sleep(0.5)
        now = process.memory_info().rss
        looks = looks + 1 if now <= size else 0
        size = max(size, now)
    return size


def _imported() -> int:
    doing = "import discord, sys; print('done', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", doing], env=environment(""), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        size = psutil.Process(process.pid).memory_info().rss
        process.communicate()
    return int(size)


ROW = Row("discord", "Discord: a press, and many servers", HOW, measure)
