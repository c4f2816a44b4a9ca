"""An introduction of Ben and Carla by Ana in the sample club, and what is stored of it."""

from datetime import timedelta

from bot.app import following, privacy
from bot.domain.decision import Decision
from bot.domain.events import Event, EventKind
from bot.domain.ids import MemberId, ReferralId, UserId
from bot.domain.outcome import FollowUp, FollowUpCommand
from tests.app.club import ANA, BEN, CARLA, Club

DAY = timedelta(days=1)
WEEK = 7 * DAY + timedelta(hours=2)


async def introduced(club: Club, ben: str = "yes") -> ReferralId:
    """Let Ana bring Ben and Carla together; return which referral it was."""
    await club.scenes.draft()
    await club.scenes.improve()
    await club.scenes.press(ANA, "ask_them")
    await club.scenes.press(BEN, ben)
    if ben == "yes_but":
        await club.table.sends(BEN, {"no_introduction": "yes"})
    await club.scenes.press(CARLA, "yes")
    await club.table.wait(timedelta(minutes=1))
    (found,) = [event for event in await events(club) if event.kind is EventKind.INTRODUCED]
    assert found.referral
    return found.referral


async def events(club: Club) -> list[Event]:
    return list(await club.bot.store.run(lambda tx: tx.records.events()))


async def kept(club: Club, referral: ReferralId) -> FollowUp:
    return await club.bot.store.run(lambda tx: tx.follow_ups.get(referral))


async def key(club: Club, user: UserId) -> MemberId:
    found = await club.bot.store.run(lambda tx: tx.members.by_user(club.table.room.workspace, user))
    assert found
    return found.id


async def follow(club: Club, referral: ReferralId, command: FollowUpCommand) -> Decision[FollowUp]:
    now = club.table.clock.now()
    return await club.bot.store.run(lambda tx: following.follow(tx, referral, command, now))


async def export(club: Club, user: UserId) -> str:
    member = await key(club, user)
    return await club.bot.store.run(lambda tx: privacy.export_json(tx, member))
