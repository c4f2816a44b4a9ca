"""How the tests of the conversation begin: a group, its members, a draft, and the first question."""

from adapters.local.people import BY_USER
from adapters.local.people import CARLA as LOCAL_CARLA
from adapters.local.scenes import DRAFT
from bot.domain.member import CardSlot
from tests.e2e.slack.town import Town
from tests.slack.cast import ANA, BEN, CARLA, DAVID, INTRODUCTIONS
from tests.slack.seen import Seen

NEED, WHY = DRAFT["need"], DRAFT["why"]
DOES = BY_USER[LOCAL_CARLA].card[CardSlot.DOES]


async def begin(town: Town, *members: str, at: str = INTRODUCTIONS) -> None:
    """Start a group in a channel, and let people join it."""
    await town.types(DAVID, "/intros", "settings", at=at)
    for member in members:
        await town.types(member, "/intros", "join", at=at)


async def meet(town: Town) -> None:
    """Start a group with Ana, Ben and Carla, of whom Carla has a card."""
    await begin(town, ANA, BEN, CARLA)
    await write_card(town, CARLA)


async def write_card(town: Town, user: str) -> None:
    """Let somebody who has joined write two lines of their card."""
    await town.press(user, "edit_card")
    await town.sends(user, {CardSlot.DOES: DOES, CardSlot.IDEAL: "A maker with a full order book"})


async def draft(town: Town, provider: str = CARLA) -> Seen:
    """Let Ana suggest Ben to somebody; return the preview."""
    await town.types(ANA, "/refer", "@Ben Okafor")
    await town.sends(ANA, {**DRAFT, "provider": provider})
    return town.last(ANA)


async def ask_ben(town: Town) -> Seen:
    """Let Ana start the asking; return what Ben is asked."""
    await meet(town)
    await draft(town)
    await town.press(ANA, "need_yes", "fit_yes", "ask_them")
    return question_of(town, BEN)


async def ask_carla(town: Town) -> Seen:
    """Let Ben say yes, too; return what Carla is asked."""
    await ask_ben(town)
    await town.press(BEN, "yes")
    return question_of(town, CARLA)


def question_of(town: Town, user: str) -> Seen:
    """Return the newest question in somebody's conversation with the bot, as it stands now."""
    return next(seen for seen in reversed(town.world.dm_of(user)) if "introduce" in seen.shown and seen.buttons)


def standing(town: Town, user: str, before: Seen) -> Seen:
    """Return a message as it stands now."""
    return next(seen for seen in town.world.in_view(user) if seen.ts == before.ts)
