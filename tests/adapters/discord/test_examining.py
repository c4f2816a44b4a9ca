"""What the bot is missing in a channel, as Discord says now; and who is told of it."""

import pytest

from adapters.discord.examining import DiscordExaminer
from adapters.discord.rights import Rights
from bot.domain.ids import ChannelId
from bot.ports.edges import Hindered, Lack
from tests.adapters.discord.delivering import Office
from tests.discord.adapting import WORKSPACE
from tests.discord.cast import ANA, BOT, DAVID, GUILD, INTRODUCTIONS
from tests.discord.club import Club
from tests.discord.faults import error, status
from tests.discord.server import DiscordServer
from tests.discord.state import ChannelKind, Permission

SERVER = "GET /guilds/{guild_id}"
LACKS = {
    Permission.VIEW_CHANNEL: Lack(Hindered.SIGHT, "View Channel"),
    Permission.SEND_MESSAGES: Lack(Hindered.POSTS, "Send Messages"),
    Permission.ATTACH_FILES: Lack(Hindered.PICTURES, "Attach Files"),
    Permission.READ_MESSAGE_HISTORY: Lack(Hindered.LOOKING_BACK, "Read Message History"),
    Permission.CREATE_PRIVATE_THREADS: Lack(Hindered.ROOMS, "Create Private Threads"),
    Permission.SEND_MESSAGES_IN_THREADS: Lack(Hindered.ROOMS, "Send Messages in Threads"),
}


def deny(server: DiscordServer, *rights: Permission) -> None:
    """Let an administrator take something from the bot, in the group's channel alone."""
    (role,) = server.world.guilds[GUILD].members[BOT].roles
    taken = Permission(0)
    for right in rights:
        taken |= right
    server.world.overwrite(INTRODUCTIONS, role, deny=taken)


@pytest.fixture
def examiner(office: Office) -> DiscordExaminer:
    return DiscordExaminer(Rights(office.line, office.clock))


async def test_each_missing_permission_is_named_as_discord_names_it(office: Office, examiner: DiscordExaminer) -> None:
    channel = ChannelId(INTRODUCTIONS)

    assert await examiner.missing(WORKSPACE, channel) == ()
    for right, lack in LACKS.items():
        deny(office.server, right)
        assert await examiner.missing(WORKSPACE, channel) == (lack,), right
    deny(office.server, *(right for right in LACKS if right is not Permission.VIEW_CHANNEL))
    assert set(await examiner.missing(WORKSPACE, channel) or ()) == set(LACKS.values()) - {
        LACKS[Permission.VIEW_CHANNEL]
    }


async def test_a_channel_that_can_have_no_private_threads_is_named(office: Office, examiner: DiscordExaminer) -> None:
    office.server.world.channels[INTRODUCTIONS].kind = ChannelKind.NEWS

    assert await examiner.missing(WORKSPACE, ChannelId(INTRODUCTIONS)) == (Lack(Hindered.ROOMS_OF_THIS_KIND),)


async def test_what_cannot_be_found_out_is_not_guessed(office: Office, examiner: DiscordExaminer) -> None:
    office.server.faults.next(SERVER, status(503))
    assert await examiner.missing(WORKSPACE, ChannelId(INTRODUCTIONS)) is None

    office.server.faults.next("GET /channels/{channel_id}", error(50001))
    assert await examiner.missing(WORKSPACE, ChannelId(INTRODUCTIONS)) == (LACKS[Permission.VIEW_CHANNEL],)


async def test_it_is_said_when_a_group_is_started_and_to_organisers_who_ask(gateway_club: Club) -> None:
    people, view = gateway_club.server.people, gateway_club.server.view
    deny(gateway_club.server, Permission.CREATE_PRIVATE_THREADS, Permission.ATTACH_FILES)

    await people.slash(ANA, INTRODUCTIONS, "intros settings", check=True)
    await people.slash(DAVID, INTRODUCTIONS, "intros settings", check=True)
    await people.slash(DAVID, INTRODUCTIONS, "intros settings")
    deny(gateway_club.server)
    await people.slash(DAVID, INTRODUCTIONS, "intros settings", check=True)
    await people.slash(DAVID, None, "intros settings", check=True)

    (refused,) = view.ephemerals_of(ANA)
    lacking, started, well = (seen for seen in view.ephemerals_of(DAVID))
    assert "Only organisers" in refused.shown
    assert "“Create Private Threads”: without it I introduce people by a message to each" in lacking.shown
    assert "“Attach Files”: without it my posts come without pictures" in lacking.shown
    assert "Missing here: Attach Files, Create Private Threads" in started.shown
    assert "I have everything I need" in well.shown
    assert "in the channel of your group" in view.dm_of(DAVID)[-1].shown
    assert len(await gateway_club.store.run(lambda tx: tx.groups.all())) == 1
