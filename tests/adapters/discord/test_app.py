"""What arrives from Discord reaches the bot, and what the bot says reaches people, over the real sockets."""

import asyncio

import pytest

from adapters.discord.app import PATIENCE, TO_ANSWER
from bot.domain.ids import UserId
from bot.ports.inbound import Inbound, PickMessage, Press, Slash, Submit
from bot.ports.messages import Reply
from tests.discord.cast import ANA, BEN, CARLA, DAVID, GUILD, INTRODUCTIONS, RANDOM, SHY
from tests.discord.club import WORKSPACE, Club

NEED, WHY, BASIS = "A kitchen for a film club", "We cook together", "direct"
TYPED = {"need": NEED, "why": WHY, "basis": BASIS}


async def begin(club: Club, *members: str) -> None:
    """Start a group in the channel, and let people join it."""
    people = club.server.people
    await people.slash(DAVID, INTRODUCTIONS, "intros settings")
    for member in members:
        await people.slash(member, INTRODUCTIONS, "intros join")
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
    answered = await club.server.people.slash(ANA, INTRODUCTIONS, "intros help")

    (slash,) = heard.inbound
    assert isinstance(slash, Slash)
    assert (slash.name, slash.text, slash.origin.channel) == ("intros", "help", INTRODUCTIONS)
    assert (slash.origin.is_admin, slash.origin.by_message) == (False, False)
    assert answered.kind == "message"
    assert [seen.ephemeral for seen in club.server.view.in_view(ANA)] == [True]
    assert club.server.view.in_view(BEN) == ()


async def test_a_command_in_a_direct_message_is_about_the_server_where_they_joined(club: Club, heard: Heard) -> None:
    await begin(club, ANA)

    answered = await club.server.people.slash(ANA, None, "intros mine")

    assert answered.error is None
    assert (heard.inbound[-1].origin.workspace, heard.inbound[-1].origin.channel) == ("discord:" + GUILD, None)
    assert answered.message is not None
    assert answered.message.place == "dm"


async def test_in_a_direct_message_somebody_who_joined_nowhere_is_told_where_to_go(club: Club) -> None:
    answered = await club.server.people.slash(SHY, None, "intros mine")

    assert answered.message is not None
    assert "There is no group here yet" in answered.message.shown


async def test_after_a_restart_the_store_knows_which_server_a_direct_message_is_about(club: Club, heard: Heard) -> None:
    await begin(club, ANA)
    club.app._to.whose._lately.drop(UserId(ANA))

    answered = await club.server.people.slash(ANA, None, "intros mine")

    assert answered.error is None
    assert heard.inbound[-1].origin.workspace == WORKSPACE


async def test_only_who_manages_the_server_is_an_administrator(club: Club, heard: Heard) -> None:
    await club.server.people.slash(ANA, INTRODUCTIONS, "intros settings")
    await club.server.people.slash(DAVID, INTRODUCTIONS, "intros settings")

    assert [inbound.origin.is_admin for inbound in heard.inbound] == [False, True]


async def test_people_who_are_named_fill_the_form_which_is_the_first_answer(club: Club, heard: Heard) -> None:
    await begin(club, ANA, BEN, CARLA)

    answered = await club.server.people.slash(ANA, INTRODUCTIONS, "refer", seeker=BEN, provider=CARLA)

    refer = heard.inbound[-1]
    assert isinstance(refer, Slash)
    assert refer.people == (BEN, CARLA)
    assert answered.kind == "modal"
    assert answered.modal is not None
    assert {answered.modal.field("seeker").value, answered.modal.field("provider").value} == {(BEN,), (CARLA,)}


async def test_a_form_that_is_taken_leads_to_a_preview_for_its_sender_alone(club: Club, heard: Heard) -> None:
    await begin(club, ANA, BEN, CARLA)
    people = club.server.people
    await people.slash(ANA, INTRODUCTIONS, "refer", seeker=BEN, provider=CARLA)

    answered = await people.submit(ANA, TYPED)

    sent = heard.inbound[-1]
    assert isinstance(sent, Submit)
    assert (sent.fields["need"], sent.fields["basis"]) == (NEED, BASIS)
    assert answered.message is not None
    assert answered.message.ephemeral
    assert "Discard" in answered.message.labels
    assert club.server.view.modal_of(ANA) is None


async def test_a_button_under_what_one_person_sees_puts_the_answer_in_its_place(club: Club) -> None:
    await begin(club, ANA, BEN, CARLA)
    people = club.server.people
    await people.slash(ANA, INTRODUCTIONS, "refer", seeker=BEN, provider=CARLA)
    preview = (await people.submit(ANA, TYPED)).message
    assert preview is not None

    answered = await people.press(ANA, preview, "Discard")

    assert answered.kind == "update"
    assert answered.message is not None
    assert answered.message.id == preview.id
    assert answered.message.shown != preview.shown


async def test_a_button_in_the_channel_is_answered_to_the_one_who_pressed_it(club: Club, heard: Heard) -> None:
    await begin(club)
    (hello,) = club.server.view.messages(INTRODUCTIONS)

    answered = await club.server.people.press(ANA, hello, "Join")

    pressed = heard.inbound[-1]
    assert isinstance(pressed, Press)
    assert pressed.origin.channel == INTRODUCTIONS
    assert answered.kind == "message"
    assert answered.message is not None
    assert answered.message.ephemeral
    (still,) = club.server.view.messages(INTRODUCTIONS)
    assert not still.edited


async def test_what_is_wrong_with_a_form_stands_above_what_was_typed_and_a_button_opens_it_filled(club: Club) -> None:
    await begin(club, ANA, BEN, CARLA)
    people = club.server.people
    await people.slash(ANA, INTRODUCTIONS, "refer", seeker=BEN, provider=BEN)

    refused = await people.submit(ANA, TYPED)

    assert refused.message is not None
    assert refused.message.ephemeral
    assert "the same person" in refused.message.shown
    assert NEED in refused.message.shown
    reopened = await people.press(ANA, refused.message, "Edit")
    assert reopened.modal is not None
    assert reopened.modal.field("need").value == NEED
    assert reopened.modal.field("why").value == WHY


async def test_a_form_that_was_put_right_takes_the_place_of_its_errors(club: Club) -> None:
    await begin(club, ANA, BEN, CARLA)
    people = club.server.people
    await people.slash(ANA, INTRODUCTIONS, "refer", seeker=BEN, provider=BEN)
    refused = (await people.submit(ANA, TYPED)).message
    assert refused is not None
    await people.press(ANA, refused, "Edit")

    still_wrong = await people.submit(ANA, {"provider": BEN})
    assert still_wrong.message is not None
    await people.press(ANA, still_wrong.message, "Edit")
    taken = await people.submit(ANA, {"provider": CARLA})

    assert (still_wrong.kind, taken.kind) == ("update", "update")
    assert taken.message is not None
    assert taken.message.id == refused.id
    assert "Discard" in taken.message.labels


async def test_a_message_that_is_picked_becomes_a_form_for_its_author(club: Club, heard: Heard) -> None:
    await begin(club, ANA, BEN, CARLA)
    people = club.server.people
    written = people.write(BEN, INTRODUCTIONS, "Does anybody know a good accountant?")

    answered = await people.on_message(ANA, "I can refer someone", written)

    picked = heard.inbound[-1]
    assert isinstance(picked, PickMessage)
    assert (picked.author, picked.text) == (BEN, "Does anybody know a good accountant?")
    assert answered.modal is not None


async def test_a_person_who_is_picked_becomes_the_one_who_needs_help(club: Club) -> None:
    await begin(club, ANA, BEN, CARLA)

    answered = await club.server.people.on_user(ANA, INTRODUCTIONS, "I can refer someone", BEN)

    assert answered.modal is not None
    assert answered.modal.field("seeker").value == (BEN,)


async def test_the_same_interaction_twice_is_one_and_changes_nothing(club: Club) -> None:
    await begin(club)
    answered = await club.server.people.slash(BEN, INTRODUCTIONS, "intros join")
    await club.settled()
    before = await club.store.run(lambda tx: tx.records.events())

    await club.server.people.again(answered)
    await club.settled()

    assert await club.store.run(lambda tx: tx.records.events()) == before
    assert len(club.server.view.ephemerals_of(BEN)) == 1
    assert club.events("discord.failed") == []


async def test_a_command_where_the_bot_has_no_permissions_is_answered(club: Club) -> None:
    answered = await club.server.people.slash(ANA, RANDOM, "intros help")

    assert answered.error is None


async def test_a_bot_that_takes_too_long_is_given_up_before_discord_gives_up(
    club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_inbound: Inbound) -> Reply:
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    monkeypatch.setattr(club.bot, "handle", never)
    monkeypatch.setattr(club.app, "_patience", 0.05)
    club.server.people.patience = 0.3

    answered = await club.server.people.slash(ANA, INTRODUCTIONS, "intros help")

    assert PATIENCE + TO_ANSWER < 3
    assert answered.error is not None
    assert str(club.events("discord.failed")[0]["error"]).startswith("TimeoutError")


async def test_when_the_bot_fails_the_person_hears_it_and_the_operator_reads_no_words(
    club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(_inbound: Inbound) -> Reply:
        raise RuntimeError("Ben's secret")

    monkeypatch.setattr(club.bot, "handle", fails)

    answered = await club.server.people.slash(ANA, INTRODUCTIONS, "intros help")

    assert answered.message is not None
    assert "Please try again" in answered.message.shown
    assert "secret" not in str(club.noted.events)


async def test_what_is_of_no_shape_at_all_is_noted_and_disturbs_nobody(club: Club) -> None:
    for broken in ({}, {"type": 2}, {"type": 3, "data": 7}, {"type": "x"}, {"type": 5, "id": "1", "member": []}):
        await club.app.take(broken)

    assert len(club.events("discord.not_understood")) == 4
    answered = await club.server.people.slash(ANA, INTRODUCTIONS, "intros help")
    assert answered.error is None
