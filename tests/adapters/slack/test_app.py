"""What arrives in Slack reaches the bot, and what the bot says reaches people, with the real Bolt over real sockets."""

import asyncio

import pytest

from adapters.slack.app import PATIENCE
from adapters.slack.ids import REFER_FROM_MESSAGE
from bot.ports.inbound import Inbound, PickMessage, Press, Slash, Submit
from bot.ports.messages import Reply
from tests.slack.cast import ANA, BEN, CARLA, DAVID, INTRODUCTIONS, RANDOM
from tests.slack.club import Club

TYPED = {
    "need": "A kitchen for a film club",
    "Why this person? How do you know them?": "We cook together",
    "Do you vouch for their work?": "direct",
}


async def begin(club: Club, *members: str) -> None:
    """Start a group in the channel, and let people join it."""
    people = club.server.people
    await people.slash(DAVID, INTRODUCTIONS, "/intros", "settings")
    for member in members:
        await people.slash(member, INTRODUCTIONS, "/intros", "join")
    await club.settled()


class Heard:
    """Notes what reaches the bot."""

    def __init__(self, club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
        self.inbound: list[Inbound] = []
        self._handle = club.bot.handle
        monkeypatch.setattr(club.bot, "handle", self.handle)

    async def handle(self, inbound: Inbound) -> Reply:
        self.inbound.append(inbound)
        return await self._handle(inbound)


@pytest.fixture
def heard(club: Club, monkeypatch: pytest.MonkeyPatch) -> Heard:
    return Heard(club, monkeypatch)


async def test_a_command_is_answered_to_the_one_who_typed_it_alone(club: Club, heard: Heard) -> None:
    answered = await club.server.people.slash(ANA, INTRODUCTIONS, "/intros", "help")

    (slash,) = heard.inbound
    assert isinstance(slash, Slash)
    assert (slash.name, slash.text, slash.origin.channel) == ("intros", "help", INTRODUCTIONS)
    assert (slash.origin.is_admin, slash.origin.by_message) == (False, False)
    assert answered.body["response_type"] == "ephemeral"
    assert [seen.ephemeral for seen in club.server.world.in_view(ANA)] == [True]
    assert club.server.world.in_view(BEN) == ()


async def test_a_command_is_answered_where_the_bot_is_no_member(club: Club) -> None:
    answered = await club.server.people.slash(ANA, RANDOM, "/intros", "help")

    assert answered.error is None
    assert [seen.channel for seen in club.server.world.in_view(ANA)] == [RANDOM]


async def test_a_command_among_the_direct_messages_belongs_to_no_channel(club: Club, heard: Heard) -> None:
    answered = await club.server.people.slash(ANA, None, "/intros", "help")

    assert answered.error is None
    assert (heard.inbound[-1].origin.channel, heard.inbound[-1].origin.by_message) == (None, False)
    assert [seen.place for seen in club.server.world.in_view(ANA)] == ["dm"]


async def test_only_who_runs_the_workspace_is_an_administrator(club: Club, heard: Heard) -> None:
    await club.server.people.slash(ANA, INTRODUCTIONS, "/intros", "settings")
    await club.server.people.slash(DAVID, INTRODUCTIONS, "/intros", "settings")
    await club.settled()

    assert [inbound.origin.is_admin for inbound in heard.inbound] == [False, True]


async def test_people_who_are_mentioned_prefill_the_form(club: Club, heard: Heard) -> None:
    await begin(club, ANA, BEN, CARLA)

    answered = await club.server.people.slash(
        ANA, INTRODUCTIONS, "/refer", "@Ben Okafor @Carla Rossi about payload design"
    )

    refer = heard.inbound[-1]
    assert isinstance(refer, Slash)
    assert (refer.people, refer.text) == ((BEN, CARLA), "about payload design")
    assert answered.body is None  # nothing but the form
    filled = {field.block_id: field.value for field in club.server.world.modal_of(ANA).fields}
    assert {BEN, CARLA} <= set(filled.values())


async def test_a_form_with_errors_stays_open_with_what_was_typed(club: Club) -> None:
    await begin(club, ANA, BEN, CARLA)
    people, world = club.server.people, club.server.world
    await people.slash(ANA, INTRODUCTIONS, "/refer", "@Ben Okafor @Ben Okafor")

    await people.submit(ANA, TYPED)

    modal = world.modal_of(ANA)
    assert "the same person" in modal.shown, modal.shown
    assert "A kitchen for a film club" in [field.value for field in modal.fields]


async def test_a_form_that_is_taken_leads_to_a_preview_in_the_direct_messages(club: Club, heard: Heard) -> None:
    await begin(club, ANA, BEN, CARLA)
    people, world = club.server.people, club.server.world
    await people.slash(ANA, INTRODUCTIONS, "/refer", "@Ben Okafor @Carla Rossi")
    before = len(world.dm_of(ANA))

    answered = await people.submit(ANA, TYPED)
    await club.settled()

    sent = heard.inbound[-1]
    assert isinstance(sent, Submit)
    assert sent.origin.by_message
    assert sent.origin.channel == INTRODUCTIONS
    assert (answered.error, answered.body) == (None, None)
    assert world.modals_of(ANA) == ()
    (preview,) = world.dm_of(ANA)[before:]
    assert preview.buttons
    assert preview.place == "dm"


async def test_a_button_under_ones_own_message_puts_the_answer_in_its_place(club: Club, heard: Heard) -> None:
    await begin(club, ANA, BEN, CARLA)
    people, world = club.server.people, club.server.world
    await people.slash(ANA, INTRODUCTIONS, "/refer", "@Ben Okafor @Carla Rossi")
    await people.submit(ANA, TYPED)
    await club.settled()
    preview = world.dm_of(ANA)[-1]
    before = len(world.dm_of(ANA))

    await people.press(ANA, preview, next(b.action_id for b in preview.buttons if b.action_id.startswith("discard")))
    await club.settled()

    pressed = heard.inbound[-1]
    assert isinstance(pressed, Press)
    assert pressed.origin.channel is None
    after = world.dm_of(ANA)
    assert len(after) == before
    assert after[-1].ts == preview.ts
    assert after[-1].edited
    assert after[-1].shown != preview.shown


async def test_a_button_in_the_channel_is_answered_to_the_one_who_pressed_it(club: Club, heard: Heard) -> None:
    await begin(club)
    people, world = club.server.people, club.server.world
    hello = next(seen for seen in world.in_view(ANA) if seen.buttons)

    await people.press(ANA, hello, "Join")
    await club.settled()

    assert heard.inbound[-1].origin.channel == INTRODUCTIONS
    assert any(seen.ephemeral and seen.channel == INTRODUCTIONS for seen in world.in_view(ANA))
    assert world.messages(INTRODUCTIONS)[-1].ts == hello.ts
    assert not world.messages(INTRODUCTIONS)[-1].edited


async def test_a_button_under_an_ephemeral_message_works_where_the_bot_is_no_member(club: Club) -> None:
    await begin(club, ANA)
    people, world = club.server.people, club.server.world
    await people.slash(ANA, RANDOM, "/intros", "privacy")
    shown = world.in_view(ANA)[-1]

    if shown.buttons:
        await people.press(ANA, shown, shown.buttons[0].action_id)
        await club.settled()

    assert world.complaints == []


async def test_a_message_that_is_picked_becomes_a_form_for_its_author(club: Club, heard: Heard) -> None:
    await begin(club, ANA, BEN, CARLA)
    people, world = club.server.people, club.server.world
    written = people.write(BEN, INTRODUCTIONS, "Does anybody know a good accountant?")

    await people.pick_message(ANA, written, REFER_FROM_MESSAGE)

    picked = heard.inbound[-1]
    assert isinstance(picked, PickMessage)
    assert (picked.author, picked.text) == (BEN, "Does anybody know a good accountant?")
    assert "Does anybody know a good accountant?" in [field.value for field in world.modal_of(ANA).fields]


@pytest.mark.parametrize("callback", ["refer_new", "ask_new"])
async def test_a_global_shortcut_is_answered_with_a_form_or_in_the_direct_messages(
    club: Club, heard: Heard, callback: str
) -> None:
    await begin(club, ANA)

    await club.server.people.global_shortcut(ANA, callback)
    await club.settled()

    assert heard.inbound[-1].origin.by_message
    assert club.server.world.modals_of(ANA) or club.server.world.dm_of(ANA)
    assert club.server.world.complaints == []


async def test_a_bot_that_takes_too_long_is_given_up_before_slack_gives_up(
    club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_inbound: Inbound) -> Reply:
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    monkeypatch.setattr(club.bot, "handle", never)
    monkeypatch.setattr(club.app, "_patience", 0.05)
    club.server.people.patience = 0.3 if club.socket else 5.0

    answered = await club.server.people.slash(ANA, INTRODUCTIONS, "/intros", "help")

    assert PATIENCE < 3
    assert answered.error is not None
    why = next(facts["error"] for name, facts in club.noted.events if name == "slack.failed")
    assert str(why).startswith("TimeoutError")
