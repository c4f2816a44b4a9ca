"""What travels in Discord's ids, and comes back with them."""

import pytest

from adapters.discord.ids import Travelled, custom_id, event_of, guild_of, is_snowflake, travelled, workspace_of
from adapters.reading import NotUnderstoodError
from bot.domain.ids import WorkspaceId

GUILD = "200000000000000001"


def test_a_server_is_known_by_discords_name_for_it_and_ours() -> None:
    assert workspace_of(GUILD) == f"discord:{GUILD}"
    assert guild_of(workspace_of(GUILD)) == GUILD
    with pytest.raises(NotUnderstoodError, match="workspace"):
        guild_of(WorkspaceId("slack:T1"))


def test_an_interaction_is_an_event_of_its_own() -> None:
    assert event_of("900000000000000001") == "discord:900000000000000001"


@pytest.mark.parametrize("odd", ["", "0", "01", "-1", "12a", " 1", "1\n", "٣", "9" * 21, "\ud800"])
def test_an_id_with_anything_odd_in_it_is_not_understood(odd: str) -> None:
    assert not is_snowflake(odd)
    with pytest.raises(NotUnderstoodError, match="id"):
        workspace_of(odd)


@pytest.mark.parametrize(("verb", "ref"), [("yes", "01JD.0"), ("yes", ""), ("yes", "a:b"), ("join", "g@1.x")])
@pytest.mark.parametrize("guild", ["", GUILD])
def test_a_button_comes_back_as_it_was_sent(verb: str, ref: str, guild: str) -> None:
    assert travelled(custom_id(verb, ref, guild=guild)) == Travelled(verb, ref, guild)


def test_the_server_stays_behind_where_there_is_no_room_for_it() -> None:
    long = "x" * 90

    assert custom_id("yes", long, guild=GUILD) == f"yes:{long}"
    assert len(custom_id("yes", "x" * 77, guild=GUILD)) == 100


@pytest.mark.parametrize("custom", ["", "yes", ":ref", "somebody else's"])
def test_what_nobody_here_sent_is_not_understood(custom: str) -> None:
    with pytest.raises(NotUnderstoodError, match="custom_id"):
        travelled(custom)
