"""What people do, and how the bot may answer: over the gateway and by HTTP alike."""

from collections.abc import AsyncIterator
from datetime import timedelta

import discord
import pytest

from adapters.local.clock import StoryClock
from tests.discord.cast import ANA, BEN, DAVID, ELIF, GUILD, INTRODUCTIONS, OWNER, STRANGER
from tests.discord.server import DiscordServer
from tests.discord.state import CannotError
from tests.discord.trial import Trial, connected


@pytest.fixture
async def client(discord_server: DiscordServer, discord_transport: str) -> AsyncIterator[Trial]:
    async with connected(discord_server, discord_transport) as client:
        yield client


async def test_a_command_is_answered_in_the_channel_and_pings_whom_it_names(
    discord_server: DiscordServer, client: Trial
) -> None:
    answered = await discord_server.people.slash(ANA, INTRODUCTIONS, "/refer", who=BEN, need="a kitchen")

    assert (answered.kind, answered.error) == ("message", None)
    (seen,) = discord_server.view.messages(INTRODUCTIONS)
    assert (seen.shown, set(seen.pings), seen.place) == ("@Ben Okafor needs a kitchen", {BEN}, "channel")


async def test_an_ephemeral_answer_is_seen_by_nobody_else(discord_server: DiscordServer, client: Trial) -> None:
    await discord_server.people.slash(ANA, INTRODUCTIONS, "find", words="oven")

    assert [each.shown for each in discord_server.view.ephemerals_of(ANA)] == ["oven"]
    assert discord_server.view.in_view(BEN) == ()


async def test_a_deferred_answer_is_filled_and_followed_up(discord_server: DiscordServer, client: Trial) -> None:
    answered = await discord_server.people.slash(ANA, INTRODUCTIONS, "slow")
    filled = await discord_server.people.finished(answered)
    await discord_server.world.pulse.until(lambda: len(discord_server.view.ephemerals_of(ANA)) == 2)

    assert answered.kind == "defer"
    assert (filled.shown, filled.ephemeral) == ("Here it is", True)
    assert [each.shown for each in discord_server.view.ephemerals_of(ANA)] == ["Here it is", "And more"]


async def test_a_second_answer_is_refused_with_40060(discord_server: DiscordServer, client: Trial) -> None:
    await discord_server.people.slash(ANA, INTRODUCTIONS, "twice")
    await client.pulse.until(lambda: client.failed)

    (failed,) = client.failed
    assert isinstance(failed, discord.HTTPException)
    assert (failed.status, failed.code) == (400, 40060)
    assert [each.shown for each in discord_server.view.in_view(ANA)] == ["Once"]


async def test_an_answer_after_three_seconds_is_for_an_unknown_interaction(
    discord_server: DiscordServer, client: Trial, discord_clock: StoryClock
) -> None:
    discord_server.people.patience = 0.2
    answered = await discord_server.people.slash(ANA, INTRODUCTIONS, "late")
    discord_clock.move_to(discord_clock.now() + timedelta(seconds=3.1))
    client.released.set()
    await client.pulse.until(lambda: client.failed)

    (failed,) = client.failed
    assert answered.error == "The application did not respond"
    assert isinstance(failed, discord.NotFound)
    assert failed.code == 10062


async def test_a_token_follows_up_for_fifteen_minutes(
    discord_server: DiscordServer, client: Trial, discord_clock: StoryClock
) -> None:
    await discord_server.people.slash(ANA, INTRODUCTIONS, "find", words="oven")
    assert client.last is not None
    discord_clock.move_to(discord_clock.now() + timedelta(minutes=14))
    await client.last.followup.send("still", ephemeral=True)
    discord_clock.move_to(discord_clock.now() + timedelta(minutes=2))
    with pytest.raises(discord.HTTPException) as refused:
        await client.last.followup.send("too late")

    assert refused.value.code == 50027
    assert [each.shown for each in discord_server.view.ephemerals_of(ANA)] == ["oven", "still"]


async def test_completions_are_offered_and_free_text_is_still_possible(
    discord_server: DiscordServer, client: Trial
) -> None:
    offered = await discord_server.people.autocomplete(ANA, INTRODUCTIONS, "find", "words", "ki")
    answered = await discord_server.people.slash(ANA, INTRODUCTIONS, "find", words="something else")

    assert offered.choices == [("Kitchen", "kitchen")]
    assert answered.message is not None
    assert answered.message.shown == "something else"


async def test_a_dynamic_button_answers_in_the_place_of_its_message(
    discord_server: DiscordServer, client: Trial
) -> None:
    await discord_server.people.slash(ANA, INTRODUCTIONS, "offer")
    (ask,) = discord_server.view.messages(INTRODUCTIONS)

    pressed = await discord_server.people.press(BEN, ask, "Yes, introduce us")

    (after,) = discord_server.view.messages(INTRODUCTIONS)
    assert (pressed.kind, after.id, after.edited) == ("update", ask.id, True)
    assert (after.shown, after.buttons) == (f"{BEN} said yes to r1", ())


async def test_a_button_answers_after_a_restart(discord_server: DiscordServer, discord_transport: str) -> None:
    async with connected(discord_server, discord_transport):
        await discord_server.people.slash(ANA, INTRODUCTIONS, "offer")
    (ask,) = discord_server.view.messages(INTRODUCTIONS)

    async with connected(discord_server, discord_transport):
        pressed = await discord_server.people.press(BEN, ask, "yes:r1")

    assert pressed.error is None


async def test_the_same_press_delivered_twice_is_answered_once(discord_server: DiscordServer, client: Trial) -> None:
    await discord_server.people.slash(ANA, INTRODUCTIONS, "offer")
    (ask,) = discord_server.view.messages(INTRODUCTIONS)
    pressed = await discord_server.people.press(BEN, ask, "yes:r1")

    await discord_server.people.again(pressed)
    callback = "POST /interactions/{interaction_id}/{interaction_token}/callback"
    await discord_server.world.pulse.until(lambda: len(discord_server.world.called(callback)) == 3)

    assert [each.code for each in discord_server.world.called(callback)] == [0, 0, 40060]


async def test_who_chooses_from_a_menu_that_nobody_serves_is_told_so(
    discord_server: DiscordServer, client: Trial
) -> None:
    await discord_server.people.slash(ANA, INTRODUCTIONS, "offer")
    (ask,) = discord_server.view.messages(INTRODUCTIONS)
    discord_server.people.patience = 0.1

    chosen = await discord_server.people.select(BEN, ask, "How?", ["Here"])

    assert chosen.error == "The application did not respond"


async def test_a_link_and_a_button_that_is_disabled_cannot_be_pressed(
    discord_server: DiscordServer, client: Trial
) -> None:
    await discord_server.people.slash(ANA, INTRODUCTIONS, "offer")
    (standing,) = discord_server.world.messages.values()
    standing.components[0]["components"][0]["disabled"] = True
    (ask,) = discord_server.view.messages(INTRODUCTIONS)

    for label in ask.labels:
        with pytest.raises(CannotError, match="to press"):
            await discord_server.people.press(BEN, ask, label)


async def test_a_message_menu_hands_over_the_message(discord_server: DiscordServer, client: Trial) -> None:
    written = discord_server.people.write(BEN, INTRODUCTIONS, "Who knows a *potter*?")

    answered = await discord_server.people.on_message(ANA, "I can refer someone", written)

    assert answered.message is not None
    assert answered.message.content == f"{BEN}: Who knows a *potter*?"


async def test_a_user_menu_hands_over_the_person(discord_server: DiscordServer, client: Trial) -> None:
    answered = await discord_server.people.on_user(ANA, INTRODUCTIONS, "Who is this", ELIF)

    assert answered.message is not None
    assert answered.message.shown == "Elif Şahin"


async def test_a_command_for_managers_is_hidden_from_others_unless_the_server_says_otherwise(
    discord_server: DiscordServer, client: Trial
) -> None:
    for_managers = await discord_server.people.slash(DAVID, INTRODUCTIONS, "intros settings")
    with pytest.raises(CannotError):
        await discord_server.people.slash(ANA, INTRODUCTIONS, "intros settings")
    discord_server.world.guilds[GUILD].commands_allowed["intros", ANA] = True
    for_ana = await discord_server.people.slash(ANA, INTRODUCTIONS, "intros settings")

    assert for_managers.message is not None
    assert for_ana.message is not None
    assert (for_managers.message.shown, for_ana.message.shown) == ("True", "False")


async def test_a_command_in_a_direct_message_comes_without_a_server(
    discord_server: DiscordServer, client: Trial
) -> None:
    answered = await discord_server.people.slash(ANA, None, "find", words="oven")

    assert "guild_id" not in answered.interaction.payload
    assert answered.error is None


async def test_what_people_cannot_do_is_refused_before_it_reaches_the_bot(
    discord_server: DiscordServer, client: Trial
) -> None:
    people = discord_server.people
    with pytest.raises(CannotError, match="not offered here"):
        await people.slash(ANA, None, "offer")
    with pytest.raises(CannotError, match="there is no command"):
        await people.slash(ANA, INTRODUCTIONS, "dance")
    with pytest.raises(CannotError, match="not filled"):
        await people.slash(ANA, INTRODUCTIONS, "refer", who=BEN)
    with pytest.raises(CannotError, match="3 to 50"):
        await people.slash(ANA, INTRODUCTIONS, "refer", who=BEN, need="x")
    with pytest.raises(CannotError, match="does not see"):
        await people.slash(STRANGER, INTRODUCTIONS, "find", words="oven")
    with pytest.raises(CannotError, match="share no server"):
        await people.slash(STRANGER, None, "find", words="oven")
    with pytest.raises(CannotError, match="needs one of"):
        await people.slash(OWNER, INTRODUCTIONS, "intros")
    with pytest.raises(CannotError, match="no modal open"):
        await people.submit(ANA, {})
