"""Commands, menus, buttons and forms from Discord, read from captured payloads."""

from typing import Any

import pytest

from adapters.discord import inbound
from adapters.discord.envelopes import Envelope, envelope, people
from adapters.discord.ids import WhichServerError
from adapters.reading import NotUnderstoodError
from bot.domain.ids import ChannelId, EventId, UserId
from bot.ports.edges import Person
from bot.ports.inbound import Inbound, Origin, PickMessage, Press, Slash, Submit
from tests.adapters.discord.captured import ANA, BEN, CARLA, CHANNEL, DAVID, GUILD, WORKSPACE, captured

NOBODY = UserId("")


def origin(number: int, channel: ChannelId | None = CHANNEL, **changes: Any) -> Origin:  # noqa: ANN401 -- any field
    event = EventId(f"discord:{900000000000000000 + number}")
    return Origin(event, WORKSPACE, **({"user": ANA, "channel": channel} | changes))


ASKED = "a tax adviser :party: for **non-profits**, see … or ask …"
PICKED = (
    "Does anybody know a *tax adviser*? @Carla Neumann said to ask …, or see https://park.example/a?b=1 /intros help …"
)
READ: dict[str, Inbound] = {
    "command_refer": Slash(origin(1), "refer", "", (BEN, CARLA)),
    "command_refer_alone": Slash(origin(2), "refer"),
    "command_refer_provider_alone": Slash(origin(3), "refer", "", (NOBODY, CARLA)),
    "command_refer_in_dm": Slash(origin(4, None), "refer"),
    "command_ask": Slash(origin(5), "ask", ASKED),
    "command_intros_mine_in_dm": Slash(origin(6, None), "intros", "mine"),
    "command_intros_find": Slash(origin(7), "intros", "find book keeping"),
    "command_intros_settings": Slash(origin(8, user=DAVID, is_admin=True), "intros", "settings"),
    "command_intros_settings_check": Slash(origin(9, user=DAVID, is_admin=True), "intros", "settings check"),
    "command_intros_settings_no_check": Slash(origin(10, user=DAVID, is_admin=True), "intros", "settings"),
    "command_intros_report": Slash(origin(11), "intros", "report", (BEN,)),
    "command_in_public_thread": Slash(origin(12), "intros", "help"),
    "command_in_private_thread": Slash(origin(13, None), "intros", "help"),
    "person_menu": Slash(origin(14), "refer", "", (BEN,)),
    "message_menu": PickMessage(origin(15), BEN, PICKED),
    "message_menu_of_a_webhook": PickMessage(origin(16), NOBODY, "New lead: books by March"),
    "message_menu_of_a_bot": PickMessage(origin(17), UserId("100000000000000001"), "This is a card."),
    "message_menu_without_words": PickMessage(origin(18), BEN, ""),
    "press_in_dm": Press(origin(19, None, user=BEN), "yes", "01JD4R7K.0"),
    "press_in_dm_without_server": Press(origin(20, None, user=BEN), "yes", "01JD4R7K.0"),
    "press_in_channel": Press(origin(21), "refer_for_ask", "01JD5ASK"),
    "press_on_ephemeral": Press(origin(22), "choose_group", "01GRP.intros.mine"),
    "press_in_private_thread": Press(origin(23, None, user=BEN), "got_it", "01JD4R7K"),
    "press_by_manager": Press(origin(24, user=DAVID, is_admin=True), "settings_tally", "01GRP"),
    "submission_filled": Submit(
        origin(26),
        "new_draft",
        "01GRP.01ASK",
        {
            "seeker": BEN,
            "provider": CARLA,
            "need": "Her books done by March.\nR&D <@400000000000000002> too.",
            "basis": "direct",
            "kinds": ("business", "advice"),
        },
    ),
    "submission_empty": Submit(
        origin(27), "edit", "01JD4R7K", {"seeker": "", "need": "", "basis": "", "language": "", "kinds": ()}
    ),
    "submission_of_menus": Submit(
        origin(28, user=DAVID, is_admin=True), "settings_group", "01GRP", {"language": "de", "places": ("hh", "b")}
    ),
    "submission_in_dm": Submit(origin(29, None, user=BEN), "yes_but", "01JD4R7K.0", {"seeker_terms": "Mornings"}),
}


@pytest.mark.parametrize("name", READ)
def test_what_somebody_does_is_read(name: str) -> None:
    assert inbound.read(captured(name), home=WORKSPACE) == READ[name]


@pytest.mark.parametrize("name", ["command_refer_in_dm", "command_intros_mine_in_dm", "press_in_dm_without_server"])
def test_a_direct_message_that_names_no_server_needs_somebody_to_say_it(name: str) -> None:
    with pytest.raises(WhichServerError):
        inbound.read(captured(name))


@pytest.mark.parametrize("name", ["press_in_dm", "submission_in_dm"])
def test_a_button_or_form_in_a_direct_message_says_which_server_it_is_about(name: str) -> None:
    assert inbound.read(captured(name)) == READ[name]


def test_in_a_server_no_button_says_that_it_is_about_another() -> None:
    body = captured("press_in_channel")
    body["data"]["custom_id"] += "@200000000000000009"

    assert inbound.read(body).origin.workspace == WORKSPACE


@pytest.mark.parametrize(("name", "place"), [("ping", "type"), ("completion", "type"), ("press_select", "component")])
def test_what_nobody_does_here_is_not_understood(name: str, place: str) -> None:
    with pytest.raises(NotUnderstoodError, match=place):
        inbound.read(captured(name))


@pytest.mark.parametrize("name", ["command_refer", "person_menu", "message_menu"])
def test_a_command_that_is_not_ours_is_not_understood(name: str) -> None:
    body = captured(name)
    body["data"]["name"] = "ban"

    with pytest.raises(NotUnderstoodError, match=r"data\.name"):
        inbound.read(body)


@pytest.mark.parametrize(("permissions", "may"), [("32", True), ("8", True), ("40", True), ("16", False), ("0", False)])
def test_an_administrator_is_who_may_manage_the_server(permissions: str, may: bool) -> None:  # noqa: FBT001 -- by name
    body = captured("press_in_channel")
    body["member"]["permissions"] = permissions

    assert inbound.read(body).origin.is_admin is may


def test_an_envelope_says_what_answering_takes() -> None:
    at = envelope(captured("press_on_ephemeral"))

    assert at == Envelope(
        EventId("discord:900000000000000022"),
        WORKSPACE,
        ANA,
        interaction="900000000000000022",
        token="aW50ZXJhY3Rpb246scrubbed",
        application="100000000000000001",
        guild=GUILD,
        channel=CHANNEL,
        message="800000000000000022",
        is_ephemeral=True,
        is_of_components=True,
        locale="en-GB",
        bot_may=2248473465835073,
    )


@pytest.mark.parametrize(
    ("name", "is_direct", "is_private_thread"),
    [
        ("press_in_dm", True, False),
        ("press_in_private_thread", False, True),
        ("command_in_public_thread", False, False),
    ],
)
def test_an_envelope_says_what_sort_of_place_it_is(
    name: str,
    is_direct: bool,  # noqa: FBT001 -- pytest passes it by name
    is_private_thread: bool,  # noqa: FBT001 -- pytest passes it by name
) -> None:
    at = envelope(captured(name))

    assert (at.is_direct, at.is_private_thread, at.guild) == (is_direct, is_private_thread, GUILD)


def test_people_who_act_or_are_named_are_known_without_asking() -> None:
    assert people(captured("command_refer")) == {
        ANA: Person(ANA, "Ana S.", locale="en-GB", time_zone=None),
        BEN: Person(BEN, "Ben Okafor", locale="en-US", time_zone=None),
        CARLA: Person(CARLA, "Carla (tax)", locale="en-US", time_zone=None),
    }
    spoken_to = people(captured("command_refer_in_dm"))
    assert spoken_to == {ANA: Person(ANA, "Ana Silva", locale="de", time_zone=None)}
