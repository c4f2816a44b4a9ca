"""People who cannot be introduced: the sentence stands where they were named, and nothing typed is lost."""

import pytest

from adapters.local.people import FELIX, THE_BOT
from adapters.local.scenes import DRAFT
from bot.domain.ids import UserId
from bot.ports.edges import Person
from bot.ports.inbound import PickMessage, Slash
from bot.ports.messages import Form, Reply
from tests.app.club import ANA, BEN, CARLA, DAVID, Club, text_of
from tests.app.test_by_message import origin

GAST, FREMD = UserId("gast"), UserId("fremd")
WORDS = {GAST: "guest account", FREMD: "another workspace", THE_BOT: "bot", FELIX: "switched off"}
UNKNOWN = UserId("nobody")


def let_in(club: Club) -> None:
    club.table.room.people[GAST] = Person(GAST, "Gast", is_guest=True)
    club.table.room.people[FREMD] = Person(FREMD, "Fremd", is_stranger=True, locale="de")


def fields_of(reply: Reply) -> dict[str, tuple[object, str]]:
    assert isinstance(reply.form, Form)
    return {field.key: (field.value, field.hint) for field in reply.form.fields}


@pytest.mark.parametrize("who", [GAST, FREMD])
@pytest.mark.parametrize("field", ["seeker", "provider"])
async def test_a_guest_or_stranger_picked_in_a_form_is_refused_at_the_field_and_the_rest_is_kept(
    club: Club, who: UserId, field: str
) -> None:
    let_in(club)
    await club.table.types(ANA, "/refer @ben @carla")

    reply = await club.table.sends(ANA, {**DRAFT, field: who})

    assert WORDS[who] in reply.errors[field]
    assert {key: fields_of(reply)[key][0] for key in DRAFT if key in ("need", "why")} == {
        key: DRAFT[key] for key in ("need", "why")
    }
    await club.table.types(ANA, "/intros mine")
    await club.scenes.press(ANA, "show_draft")
    assert DRAFT["need"] in club.last(ANA)


@pytest.mark.parametrize("who", [GAST, FREMD, THE_BOT, FELIX, UNKNOWN])
async def test_somebody_mentioned_who_cannot_be_introduced_is_said_at_once_at_their_field(
    club: Club, who: UserId
) -> None:
    let_in(club)
    here = club.table.room.channel
    inbound = Slash(origin(club, ANA, channel=here, by_message=False), "refer", "books in order", people=(who, CARLA))

    shown = fields_of(await club.bot.handle(inbound))

    assert shown["seeker"][0] == ""
    assert WORDS.get(who, "cannot find") in shown["seeker"][1]
    assert len(shown["seeker"][1]) <= 100
    assert (shown["provider"][0], shown["need"][0]) == (CARLA, "books in order")


@pytest.mark.parametrize("who", [GAST, FREMD, THE_BOT])
async def test_on_a_message_of_somebody_who_cannot_be_introduced_the_text_is_kept_as_the_need(
    club: Club, who: UserId
) -> None:
    let_in(club)
    here = club.table.room.channel
    pick = PickMessage(origin(club, ANA, channel=here, by_message=False), who, "Who knows a joiner?")

    shown = fields_of(await club.bot.handle(pick))

    assert (shown["seeker"][0], shown["need"][0]) == ("", "Who knows a joiner?")
    assert WORDS[who] in shown["seeker"][1]


async def test_a_member_on_whose_message_it_is_chosen_is_the_seeker_as_ever(club: Club) -> None:
    pick = PickMessage(origin(club, ANA, channel=club.table.room.channel, by_message=False), BEN, "Who knows a joiner?")

    assert fields_of(await club.bot.handle(pick))["seeker"][0] == BEN


@pytest.mark.parametrize("by_message", [False, True])
async def test_a_stranger_who_acts_gets_a_sentence_in_their_language_and_is_not_written_down(
    club: Club, *, by_message: bool
) -> None:
    let_in(club)
    here = club.table.room.channel

    reply = await club.bot.handle(Slash(origin(club, FREMD, channel=here, by_message=by_message), "intros", "join"))

    assert "einem anderen Workspace" in text_of(reply.message)
    assert await club.bot.store.run(lambda tx: tx.members.by_user(club.table.room.workspace, FREMD)) is None


async def test_a_guest_account_does_not_join_and_may_still_ask_for_help(club: Club) -> None:
    let_in(club)
    here = club.table.room.channel

    joined = await club.bot.handle(Slash(origin(club, GAST, channel=here, by_message=False), "intros", "join"))
    await club.says(Slash(origin(club, GAST, channel=here), "intros", "join"))
    helped = await club.bot.handle(Slash(origin(club, GAST, channel=here, by_message=False), "intros", "help"))

    assert "Guest accounts" in text_of(joined.message)
    assert "Guest accounts" in club.last(GAST)
    assert "/refer" in text_of(helped.message)
    member = await club.bot.store.run(lambda tx: tx.members.by_user(club.table.room.workspace, GAST))
    assert member is None or not member.joined


async def test_a_guest_is_refused_as_an_organiser_at_the_field(club: Club) -> None:
    let_in(club)
    await club.table.types(DAVID, "/intros settings")
    await club.scenes.press(DAVID, "settings_group")

    reply = await club.table.sends(DAVID, {"organiser": GAST})

    assert "guest account" in reply.errors["organiser"]
