"""How long Slack waits for our answer while people click at a steady rate, whatever became of the click before."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter

import aiohttp
import psutil

from adapters.system import SystemClock
from bench.figures import Bound, Figure, percentile
from bench.run import Row, Run, on_a_loop
from bench.slack import CHANNEL, NOON_ZONE, WebApi, press, send, settings, token_of, web_api
from bench.story import screened
from bench.twoyes import environment, served
from bench.world import CARD, Trio, bench_key, open_bench_store
from bot.domain.group import Group
from bot.domain.ids import ChannelId, GroupId, MemberId, UserId, WorkspaceId
from bot.domain.member import Card, Member
from bot.ports.installs import Installation
from bot.ports.store import Transaction

PER_SECOND = 50
TEAMS = 40
"""As many workspaces share one bot: Slack's limits for each stay out of the way."""
HOW = """\
`twoyes serve` on SQLite, set up for Slack over HTTP, in a process of its own; in another, people who click fifty times
a second, at moments fixed beforehand, and a Web API that says yes to everything. A click is a signed button: *Ask them*
on a referral that is ready, or *Yes* under a question as soon as the Web API was given one; so two in three or more are
answers. It goes through our edge, Bolt, the look-up of who clicks (once for each person, over HTTP), the decision and
its commit. Its time runs from the moment it was due until its 200 has arrived. Meanwhile the same process delivers what
the clicks caused."""


@dataclass(frozen=True, slots=True)
class Clicked:
    """How long each click took, what all of them cost the bot, in seconds, and how many were answers."""

    seconds: Sequence[float]
    cpu: float
    answers: int


def measure(run: Run) -> list[Figure]:
    """Return the slow clicks, the usual one, and how many of them were answers."""
    clicks = run.size(full=20, quick=6) * PER_SECOND
    found = run.repeated("Clicks", [("clicks", partial(_clicked, run, clicks))])["clicks"]
    late, usual = ([1e3 * percentile(one.seconds, percent) for one in found] for percent in (99, 50))
    return [
        Figure("p99 of a click at 50 a second, SQLite", tuple(late), "ms", Bound(100, 250)),
        Figure("its median", tuple(usual), "ms"),
        Figure("CPU of the bot for a click and what it causes", tuple(1e3 * one.cpu / clicks for one in found), "ms"),
        Figure("answers among the clicks", tuple(100 * one.answers / clicks for one in found), "%"),
    ]


def _clicked(run: Run, clicks: int) -> Clicked:
    url = run.databases.sqlite()
    on_a_loop(_prepare(url, clicks))
    return on_a_loop(_play(url, clicks))


async def _prepare(url: str, clicks: int) -> None:
    store = open_bench_store(url)
    for team in range(TEAMS):
        await store.run(_settled(team, range(team, PER_SECOND + clicks, TEAMS)))
    await store.close()


def _settled(team: int, numbers: range) -> Callable[[Transaction], None]:
    """Return what brings a workspace to where its referrals have only to be asked about."""
    now, workspace, group = SystemClock().now(), WorkspaceId(f"slack:{_team(team)}"), GroupId(f"group-{team}")

    def work(tx: Transaction) -> None:
        tx.installations.save(Installation(workspace, token_of(_team(team)), UserId("U0BOT"), UserId("U0ANA"), now))
        founder = Member(MemberId(f"founder-{team}"), workspace, UserId("U0ANA"))
        tx.members.add(founder)
        tx.groups.add(Group(group, workspace, ChannelId(CHANNEL), started_at=now, started_by=founder.id))
        for number in numbers:
            trio = _trio(number)
            for user in trio.everybody:
                member = Member(MemberId(f"m-{user}"), workspace, user, time_zone=NOON_ZONE, joined={group: now})
                tx.members.add(member)
                tx.members.save_card(Card(member.id, group, CARD))
            tx.referrals.add(replace(screened(trio), group=group, created_at=now))

    return work


async def _play(url: str, clicks: int) -> Clicked:
    async with web_api() as api, aiohttp.ClientSession() as session:
        variables = environment(url, {**dict(settings(api.url)), "TWOYES_ENCRYPTION_KEYS": bench_key()})
        async with served(variables) as bot:
            took: list[float] = []
            for number in range(PER_SECOND):  # warms it, and the connections
                await send(session, bot.url, _ask(number))
            process, fresh = psutil.Process(bot.process.pid), iter(range(PER_SECOND, PER_SECOND + clicks))
            spent = -_cpu(process)
            answers = 0

            async def click(body: bytes, due: float) -> None:
                await send(session, bot.url, body)
                took.append(perf_counter() - due)

            async with asyncio.TaskGroup() as tasks:
                began = perf_counter()
                for number in range(clicks):
                    due = began + number / PER_SECOND
                    await asyncio.sleep(max(0, due - perf_counter()))
                    answer = _answer(api)
                    answers += answer is not None
                    tasks.create_task(click(answer or _ask(next(fresh)), due))
            spent += _cpu(process)
    assert answers > clicks / 5, f"only {answers} of {clicks} clicks were answers"
    return Clicked(took, spent, answers)


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _answer(api: WebApi) -> bytes | None:
    """Return a yes under a question that somebody has, if anybody has one."""
    if api.shown.empty():
        return None
    user, team, button = api.shown.get_nowait()
    return press(user, button, team=team)


def _ask(number: int) -> bytes:
    trio = _trio(number)
    return press(trio.starter, f"ask_them:r-{trio.starter}", team=_team(number % TEAMS))


def _team(number: int) -> str:
    return f"T{number:04}"


def _trio(number: int) -> Trio:
    return Trio(*_users(number))


def _users(number: int) -> Iterator[UserId]:
    return (UserId(f"U{role}{number:05}") for role in "SKP")


ROW = Row("clicks", "Clicks at a steady rate", HOW, measure)
