"""How the tests of the conversation begin: a group, its members, a draft, and the questions."""

from adapters.local.people import BY_USER
from adapters.local.people import CARLA as LOCAL_CARLA
from adapters.local.scenes import DRAFT
from bot.domain.member import CardSlot
from tests.discord.cast import ANA, BEN, CARLA, DAVID, INTRODUCTIONS
from tests.discord.seen import Seen
from tests.e2e.discord.hall import Hall

NEED, WHY = DRAFT["need"], DRAFT["why"]
DOES = BY_USER[LOCAL_CARLA].card[CardSlot.DOES]


async def begin(hall: Hall, *members: str, at: str = INTRODUCTIONS) -> None:
    """Start a group in a channel, and let people join it."""
    await hall.types(DAVID, "intros settings", at=at)
    for member in members:
        await hall.types(member, "intros join", at=at)


async def meet(hall: Hall) -> None:
    """Start a group with Ana, Ben and Carla, of whom Carla has a card."""
    await begin(hall, ANA, BEN, CARLA)
    await write_card(hall, CARLA)


async def write_card(hall: Hall, user: str) -> None:
    """Let somebody who has joined write two lines of their card."""
    await hall.press(user, "edit_card")
    await hall.sends(user, {CardSlot.DOES: DOES, CardSlot.IDEAL: "A maker with a full order book"})


async def draft(hall: Hall, provider: str = CARLA) -> Seen:
    """Let Ana suggest Ben to somebody; return the preview."""
    await hall.types(ANA, "refer", seeker=BEN, provider=provider)
    answered = await hall.sends(ANA, DRAFT)
    assert answered.message is not None
    return answered.message


async def ask_ben(hall: Hall) -> Seen:
    """Let Ana start the asking; return what Ben is asked."""
    await meet(hall)
    await draft(hall)
    await hall.press(ANA, "need_yes", "fit_yes", "ask_them")
    return question_of(hall, BEN)


async def ask_carla(hall: Hall) -> Seen:
    """Let Ben say yes, too; return what Carla is asked."""
    await ask_ben(hall)
    await hall.press(BEN, "yes")
    return question_of(hall, CARLA)


def question_of(hall: Hall, user: str) -> Seen:
    """Return the newest question in somebody's conversation with the bot, as it stands now."""
    return next(seen for seen in reversed(hall.view.dm_of(user)) if "introduce" in seen.shown and seen.buttons)


def standing(hall: Hall, before: Seen) -> Seen:
    """Return a message as it stands now."""
    return hall.view.seen(hall.world.messages[before.id])
