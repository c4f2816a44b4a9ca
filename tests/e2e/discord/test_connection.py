"""What the connection suffers in the middle of a conversation: everybody is answered in the end, and once."""

from collections.abc import Callable
from functools import partial

import pytest

from adapters.discord.client import Client
from adapters.local.clock import StoryClock
from tests.discord.cast import ANA, BEN, CARLA, DAVID, INTRODUCTIONS
from tests.discord.faults import Fault, drop, error, limited, status
from tests.discord.server import DiscordServer
from tests.e2e.discord.beginnings import ask_ben, begin, question_of, standing
from tests.e2e.discord.hall import Hall, open_hall

CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"
ONCE_MORE: dict[str, Fault] = {
    "500": status(500),
    "502": status(502),
    "503": status(503),
    "no connection": drop(),
    "an answer that was lost": drop(after=True),
    "429": limited(0.1),
    "429 that others caused": limited(0.1, shared=True),
    "429 for all": limited(0.1, is_global=True),
    "429 of Cloudflare": limited(0.1, via=False),
}


async def _at_once(self: Client, shard_id: int | None, *, initial: bool = False) -> None:
    """Wait for nothing; discord.py lets five seconds pass before another session."""


async def _counted(hall: Hall, count: Callable[[], int], so_many: int) -> None:
    """Wait for as many, and for the connection that it led to."""
    await hall.world.pulse.until(lambda: count() >= so_many)
    await hall.server.gateway.connected()


async def test_whatever_becomes_of_the_socket_the_next_press_is_answered(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Client, "before_identify_hook", _at_once)
    monkeypatch.setattr("discord.client.ExponentialBackoff.delay", lambda _: 0.01)
    monkeypatch.setattr("discord.shard.ExponentialBackoff.delay", lambda _: 0.01)
    gateway = hall.server.gateway
    await begin(hall, ANA)

    for breaks in (gateway.drop, gateway.reconnect, partial(gateway.invalidate, resumable=True)):
        before = gateway.resumes
        breaks()
        await hall.types(ANA, "intros mine")  # while it is away: it hears of it when it is back
        await _counted(hall, lambda: gateway.resumes, before + 1)
    for forgets in (partial(gateway.drop, forget=True), partial(gateway.invalidate, resumable=False)):
        before = len(gateway.identifies)
        forgets()
        await _counted(hall, lambda: len(gateway.identifies), before + 1)
        await hall.club.heard("discord.ready", before + 1)
        await hall.types(ANA, "intros mine")

    assert hall.club.connection is not None
    assert hall.club.connection.is_connected
    assert hall.club.events("workspace.departed") == []


async def test_an_answer_is_given_once_whatever_happens_to_it_on_the_way(hall: Hall) -> None:
    question = await ask_ben(hall)

    for fault in ONCE_MORE.values():
        hall.server.faults.next(CALLBACK, fault)
        await hall.types(BEN, "intros mine")
        assert "Yours, and for you alone." in hall.told()
    shown = [seen for seen in hall.view.ephemerals_of(BEN) if "Yours, and for you alone." in seen.shown]
    assert len(shown) == len(ONCE_MORE)
    hall.server.faults.next(CALLBACK, drop(after=True))
    await hall.press(BEN, "yes")

    assert "You said yes" in standing(hall, question).shown
    assert len([seen for seen in hall.view.dm_of(CARLA) if "introduce you" in seen.shown]) == 1


async def test_what_was_decided_stands_also_where_it_was_too_late_to_say_so(hall: Hall) -> None:
    question = await ask_ben(hall)
    hall.people.patience = 0.2
    for code in (10062, 40060):
        hall.server.faults.next(CALLBACK, error(code))

        answered = await hall.people.press(BEN, question, "Yes, introduce us")
        await hall.club.settled()

        assert answered.error is not None  # what Discord itself says
        assert "You said yes" in standing(hall, question).shown
    assert question_of(hall, CARLA).shown
    assert len(hall.club.events("discord.too_late")) == 1


async def test_over_http_each_kind_of_answer_reaches_who_acted(
    discord_server: DiscordServer, discord_clock: StoryClock, database: str
) -> None:
    async with open_hall(discord_server, discord_clock, database, "http") as hall:
        assert discord_server.gateway.identifies == []
        kinds = [(await hall.types(DAVID, "intros settings")).kind, (await hall.press(ANA, "Join")).kind]
        await hall.types(BEN, "intros join")
        await hall.types(CARLA, "intros join")
        kinds.append((await hall.types(ANA, "refer", seeker=BEN, provider=BEN)).kind)
        kinds.append((await hall.sends(ANA, {"need": "Books.", "why": "She is good."})).kind)
        kinds.append((await hall.press(ANA, "Edit")).kind)
        kinds.append((await hall.sends(ANA, {"provider": CARLA})).kind)
        kinds.append((await hall.press(ANA, "need_yes")).kind)
        exported = await hall.press(ANA, "discard")
        await hall.types(ANA, "intros privacy", at=None)
        exported = await hall.press(ANA, "Export my data")
        answered = await hall.types(BEN, "intros mine")
        await hall.people.again(answered)
        await hall.club.settled()

        assert kinds == ["message", "message", "modal", "message", "modal", "update", "update"]
        assert exported.error is None
        assert [seen.files for seen in hall.view.in_view(ANA) if seen.files] == [("twoyes-about-me.json",)]
        assert len(hall.view.ephemerals_of(BEN)) == 2
        assert hall.view.messages(INTRODUCTIONS)[0].labels == ("Join",)
        assert hall.club.events("discord.failed") == []
