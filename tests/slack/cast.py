"""The sample workspace: the local room's people under Slack's ids, those who cannot be asked, and four channels."""

from adapters.local.people import ANA as LOCAL_ANA
from adapters.local.people import BEN as LOCAL_BEN
from adapters.local.people import BY_USER, THE_BOT
from adapters.local.people import CARLA as LOCAL_CARLA
from adapters.local.people import DAVID as LOCAL_DAVID
from adapters.local.people import ELIF as LOCAL_ELIF
from adapters.local.people import FELIX as LOCAL_FELIX
from bot.domain.ids import UserId
from bot.ports.edges import Clock
from tests.slack.state import App, User
from tests.slack.world import World

TEAM = "T1"
INTRODUCTIONS = "C1"
RANDOM = "C2"
BOARD = "C3"
SHUT = "C4"

BOT_USER = "U0TWOYES"
BOT_ID = "B0TWOYES"
ANA = "U0ANA"
BEN = "U0BEN"
CARLA = "U0CARLA"
DAVID = "U0DAVID"
ELIF = "U0ELIF"
OWNER = "U0OWNER"
GUEST = "U0GUEST"
VISITOR = "U0VISITOR"
FELIX = "U0FELIX"
OTHER_BOT = "U0OTHERBOT"
SLACKBOT = "USLACKBOT"
STRANGER = "U0STRANGER"
OUTSIDER = "U0OUTSIDER"

IDS = {
    LOCAL_ANA: ANA,
    LOCAL_BEN: BEN,
    LOCAL_CARLA: CARLA,
    LOCAL_DAVID: DAVID,
    LOCAL_ELIF: ELIF,
    LOCAL_FELIX: FELIX,
    THE_BOT: BOT_USER,
}
"""The local room's people, as they are called here."""

APP_ID = "A0TWOYES"
CLIENT_ID = "1111.2222"
CLIENT_SECRET = "client-secret"
SIGNING_SECRET = "signing-secret"
APP_TOKEN = "xapp-1-A0TWOYES-1"
BOT_TOKEN = "xoxb-T1-1"
SCOPES = ("commands", "chat:write", "im:write", "mpim:write", "users:read", "files:write")


def sample_world(clock: Clock) -> World:
    """Return a workspace with everybody in it and the app installed under BOT_TOKEN."""
    world = World(clock, App(APP_ID, CLIENT_ID, CLIENT_SECRET, SIGNING_SECRET, APP_TOKEN, SCOPES))
    world.add_team(TEAM, domain="introductions", bot_user=BOT_USER, bot_id=BOT_ID)
    world.add_team("T9", domain="elsewhere", bot_user="U9TWOYES", bot_id="B9TWOYES")
    _add_people(world)
    here = {ANA, BEN, CARLA, DAVID, ELIF, OWNER}
    world.add_channel(INTRODUCTIONS, "introductions", {*here, GUEST, VISITOR, STRANGER, BOT_USER})
    world.add_channel(RANDOM, "random", here)
    world.add_channel(BOARD, "board", {DAVID, OWNER}, kind="private")
    world.add_channel(SHUT, "shut", {*here, BOT_USER}, archived=True)
    world.install(TEAM, installed_by=OWNER)
    return world


def _add_people(world: World) -> None:
    for local in (LOCAL_ANA, LOCAL_BEN, LOCAL_CARLA, LOCAL_DAVID, LOCAL_ELIF):
        world.users[IDS[local]] = _sample(local)
    world.users[DAVID].admin = True
    world.add_user(OWNER, "Olga Owner", owner=True, admin=True)
    world.add_user(GUEST, "Gus Guest", guest=True)
    world.add_user(VISITOR, "Vera Visitor", guest=True, ultra_restricted=True)
    world.add_user(FELIX, "Felix Brandt", tz="Europe/Berlin", locale="de-DE", deleted=True)
    world.add_user(OTHER_BOT, "Otherbot", bot=True)
    world.add_user(SLACKBOT, "Slackbot")
    world.add_user(STRANGER, "Sven Stranger", "T9", stranger=True)
    world.add_user(OUTSIDER, "Oda Outsider", "T9", stranger=True)


def _sample(local: UserId) -> User:
    person = BY_USER[local].person
    locale = {"en": "en-GB", "de": "de-DE"}[person.locale or "en"]
    return User(IDS[local], TEAM, person.name, tz=person.time_zone or "", locale=locale)
