"""An answer comes once and in time, or somebody hears that it did not; what follows it disturbs nothing."""

from collections.abc import Callable

import pytest

from bot.domain.ids import UserId
from bot.ports.inbound import Inbound
from bot.ports.messages import Button, Buttons, Field, FieldKind, File, Form, Mention, Message, Plain, Reply, Text
from tests.adapters.discord.test_app import begin
from tests.discord.cast import ANA, BEN, INTRODUCTIONS
from tests.discord.club import Club
from tests.discord.faults import Fault, drop, error, garbage, limited, status

CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"
FOLLOW_UP = "POST /webhooks/{webhook_id}/{webhook_token}"
FORM = Form("Say more", "better", "r1", (Field("need", "What?", FieldKind.TEXT),), "Send")
MORE = Buttons((Button("More", "better", "r1"),))

Says = Callable[[Reply], None]


def a_message(*words: str) -> Message:
    return Message(words[0], tuple(Text((Plain(word),)) for word in words))


@pytest.fixture
def discord_transport() -> str:
    return "gateway"


@pytest.fixture
def says(club: Club, monkeypatch: pytest.MonkeyPatch) -> Says:
    """Let the bot reply to everything with this."""

    def reply_with(reply: Reply) -> None:
        async def handle(_inbound: Inbound) -> Reply:
            return reply

        monkeypatch.setattr(club.bot, "handle", handle)

    return reply_with


@pytest.mark.parametrize("fault", [status(500), status(503), drop(), garbage(), limited(0.1), limited(0.1, via=False)])
async def test_where_discord_stumbles_the_answer_is_given_again(club: Club, says: Says, fault: Fault) -> None:
    says(Reply(a_message("Here it is")))
    club.server.faults.next(CALLBACK, fault)

    answered = await club.server.people.slash(ANA, INTRODUCTIONS, "intros help")

    assert answered.message is not None
    assert answered.message.shown == "Here it is"


@pytest.mark.parametrize("fault", [drop(after=True), garbage(after=True)])
async def test_an_answer_whose_receipt_was_lost_counts_as_given(club: Club, says: Says, fault: Fault) -> None:
    long = a_message(*(f"{number} {'word ' * 300}" for number in range(4)))
    says(Reply(long))
    club.server.faults.next(CALLBACK, fault)

    await club.server.people.slash(ANA, INTRODUCTIONS, "intros help")
    await club.discord.background.settled()

    shown = club.server.view.ephemerals_of(ANA)
    assert len(shown) == 2
    assert [call.code for call in club.server.world.called(CALLBACK)][-1] == 40060


async def test_what_somebody_else_has_answered_is_not_followed_up_here(club: Club, says: Says) -> None:
    says(Reply(a_message(*(f"{number} {'word ' * 300}" for number in range(4)))))
    answered = await club.server.people.slash(ANA, INTRODUCTIONS, "intros help")
    await club.discord.background.settled()

    await club.server.people.again(answered)
    await club.discord.background.settled()

    assert len(club.server.view.ephemerals_of(ANA)) == 2


async def test_an_interaction_that_is_over_is_noted_and_left(club: Club, says: Says) -> None:
    says(Reply(a_message("Too late")))
    club.server.faults.next(CALLBACK, error(10062))
    club.server.people.patience = 0.3

    answered = await club.server.people.slash(ANA, INTRODUCTIONS, "intros help")
    await club.discord.background.settled()

    assert answered.error is not None
    assert club.events("discord.too_late") == [{}]
    assert len(club.server.world.called(CALLBACK)) == 1


async def test_an_answer_that_discord_does_not_take_is_given_in_brief(club: Club, says: Says) -> None:
    odd = Message("Something odd", (Text((Plain("Something odd"),)), MORE))
    for reply, code, shown, labels in (
        (Reply(odd), 50035, "Something odd", ()),
        (Reply(odd, replaces=True), 10008, "Something odd", ()),
        (Reply(form=FORM), 50035, "Please try again", ()),
        (Reply(odd), 0, "Something odd", ("More",)),
    ):
        says(reply)
        if code:
            club.server.faults.next(CALLBACK, error(code))

        answered = await club.server.people.slash(ANA, INTRODUCTIONS, "intros help")

        assert answered.message is not None
        assert shown in answered.message.shown
        assert answered.message.labels == labels
        assert answered.message.ephemeral


async def test_a_limit_is_waited_for_as_long_as_it_asks_and_no_longer_than_somebody_waits(
    club: Club, says: Says
) -> None:
    says(Reply(a_message("Here it is")))
    club.server.faults.next(CALLBACK, limited(0.3))
    await club.server.people.slash(ANA, INTRODUCTIONS, "intros help")
    assert len(club.server.world.called(CALLBACK)) == 2

    club.server.faults.next(CALLBACK, limited(9))
    club.server.people.patience = 0.3
    answered = await club.server.people.slash(ANA, INTRODUCTIONS, "intros help")

    assert answered.error is not None
    assert club.events("discord.too_late") == [{}]
    assert len(club.server.world.called(CALLBACK)) == 3


async def test_a_long_answer_goes_on_below_for_the_same_person_alone(club: Club, says: Says) -> None:
    says(Reply(a_message(*(f"{number} {'word ' * 300}" for number in range(4)))))
    club.server.faults.next(FOLLOW_UP, limited(0.01))

    await club.server.people.slash(ANA, INTRODUCTIONS, "intros help")
    await club.discord.background.settled()

    assert [seen.ephemeral for seen in club.server.view.ephemerals_of(ANA)] == [True, True]
    assert "3 word" in club.server.view.ephemerals_of(ANA)[-1].shown


async def test_an_empty_reply_leaves_nothing_to_be_seen_and_no_error(club: Club, says: Says) -> None:
    says(Reply())

    answered = await club.server.people.slash(ANA, INTRODUCTIONS, "intros help")
    await club.discord.background.settled()

    assert answered.error is None
    assert club.server.view.ephemerals_of(ANA) == ()


async def test_a_file_comes_with_the_answer(club: Club, says: Says) -> None:
    says(Reply(Message("Yours", (Text((Plain("Yours"),)), File("export.json", "{}")))))

    answered = await club.server.people.slash(ANA, INTRODUCTIONS, "intros help")

    assert answered.message is not None
    assert answered.message.files == ("export.json",)


async def test_a_form_after_a_form_is_offered_by_a_button(club: Club, says: Says) -> None:
    says(Reply(form=FORM))
    await club.server.people.slash(ANA, INTRODUCTIONS, "intros card")
    says(Reply(a_message("Saved"), form=FORM))

    answered = await club.server.people.submit(ANA, {"need": "this"})
    await club.discord.background.settled()

    assert answered.message is not None
    assert answered.message.shown == "Saved"
    assert club.server.view.ephemerals_of(ANA)[-1].labels == ("Say more",)


async def test_in_a_direct_message_the_answer_stays_and_its_form_knows_its_server(club: Club, says: Says) -> None:
    await begin(club, ANA)
    says(Reply(Message("Here", (Text((Plain("Here"),)), MORE))))
    answered = await club.server.people.slash(ANA, None, "intros mine")
    says(Reply(form=FORM))

    opened = await club.server.people.press(ANA, club.server.view.dm_of(ANA)[-1], "More")

    assert answered.message is not None
    assert answered.message.place == "dm"
    assert opened.modal is not None
    assert opened.modal.custom_id == "better:r1@200000000000000001"


async def test_who_is_spoken_of_in_an_answer_is_not_notified_and_cannot_read_it(club: Club, says: Says) -> None:
    says(Reply(Message("Ben", (Text((Mention(UserId(BEN)), Mention(UserId(ANA)), Plain(" @everyone"))),))))

    answered = await club.server.people.slash(ANA, INTRODUCTIONS, "intros help")

    assert answered.message is not None
    assert answered.message.pings == frozenset()
    assert club.server.view.in_view(BEN) == ()
