"""The sample server: the local adapter's people, an owner, somebody with closed DMs, another bot, and one who left."""

from adapters.local.people import ANA as ANA_THERE
from adapters.local.people import BEN as BEN_THERE
from adapters.local.people import CARLA as CARLA_THERE
from adapters.local.people import DAVID as DAVID_THERE
from adapters.local.people import ELIF as ELIF_THERE
from adapters.local.people import FELIX as FELIX_THERE
from adapters.local.people import SAMPLES, THE_BOT
from bot.domain.ids import UserId
from bot.ports.edges import Clock
from tests.discord.state import Guild, Permission, User
from tests.discord.world import Application, World

TOKEN = "MTAwMDAwMDAwMDAwMDAwMDAx.Gtests.a-token-that-opens-nothing"
APPLICATION = BOT = "100000000000000001"
GUILD, OTHER_GUILD = "200000000000000001", "200000000000000002"
INTRODUCTIONS, RANDOM, BOARD, ELSEWHERE = (
    "300000000000000001",
    "300000000000000002",
    "300000000000000003",
    "300000000000000004",
)
ANA, BEN, CARLA, DAVID, ELIF = (f"40000000000000000{n}" for n in range(1, 6))
OWNER, FELIX, SHY, OTHER_BOT, STRANGER = (f"40000000000000001{n}" for n in range(5))

IDS = {
    ANA_THERE: ANA,
    BEN_THERE: BEN,
    CARLA_THERE: CARLA,
    DAVID_THERE: DAVID,
    ELIF_THERE: ELIF,
    FELIX_THERE: FELIX,
    THE_BOT: BOT,
}
"""The local adapter's people, as they are called here."""

EVERYONE_MAY = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
)
BOT_MAY = EVERYONE_MAY | Permission.CREATE_PRIVATE_THREADS
LOCALES = {"en": "en-GB", "de": "de"}


def sample_world(clock: Clock) -> World:
    """Return the sample world.

    In GUILD: #introductions and #random for all, #board for nobody but the owner. OTHER_GUILD holds only STRANGER.
    """
    world = World(clock, Application(APPLICATION, BOT, TOKEN))
    _add_people(world)
    _add_guild(world)
    _add_other_guild(world)
    return world


def _add_people(world: World) -> None:
    for sample in SAMPLES:
        person = sample.person
        world.add_user(
            User(IDS[UserId(person.user)], person.name, str(person.user), locale=LOCALES[person.locale or "en"])
        )
    for id_, name in ((OWNER, "Olga Owner"), (FELIX, "Felix Brandt"), (STRANGER, "Sam Stranger")):
        world.add_user(User(id_, name, name.split()[0].lower()))
    world.add_user(User(SHY, "Shirin Shy", "shirin", dms="closed"))
    world.add_user(User(BOT, "twoyes", "twoyes", bot=True))
    world.add_user(User(OTHER_BOT, "otherbot", "otherbot", bot=True))


def _add_guild(world: World) -> None:
    world.add_guild(Guild(GUILD, "The Chapter", OWNER, locale="en-GB"), EVERYONE_MAY)
    managers = world.add_role(GUILD, "Managers", Permission.MANAGE_GUILD)
    own = world.add_role(GUILD, "twoyes", BOT_MAY)
    own.managed = True
    for user in (ANA, BEN, CARLA, ELIF, OWNER, SHY, OTHER_BOT):
        world.add_member(GUILD, user)
    world.add_member(GUILD, DAVID, [managers.id])
    world.add_member(GUILD, BOT, [own.id])
    world.add_channel(GUILD, "introductions", id_=INTRODUCTIONS)
    world.add_channel(GUILD, "random", id_=RANDOM)
    world.add_channel(GUILD, "board", id_=BOARD)
    world.overwrite(BOARD, GUILD, deny=Permission.VIEW_CHANNEL)


def _add_other_guild(world: World) -> None:
    world.add_guild(Guild(OTHER_GUILD, "Elsewhere", STRANGER), EVERYONE_MAY)
    world.add_member(OTHER_GUILD, STRANGER)
    world.add_channel(OTHER_GUILD, "elsewhere", id_=ELSEWHERE)
