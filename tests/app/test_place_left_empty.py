"""Who is named has a place among the people of a command: one that is left empty stays so."""

from bot.domain.ids import UserId
from bot.ports.inbound import Slash
from tests.app.club import ANA, CARLA, Club
from tests.app.test_by_message import origin
from tests.app.test_guests import fields_of

NOBODY = UserId("")


async def test_a_provider_named_without_a_seeker_is_the_provider(club: Club) -> None:
    inbound = Slash(
        origin(club, ANA, channel=club.table.room.channel, by_message=False), "refer", people=(NOBODY, CARLA)
    )

    shown = fields_of(await club.bot.handle(inbound))

    assert (shown["seeker"][0], shown["provider"][0]) == ("", CARLA)
