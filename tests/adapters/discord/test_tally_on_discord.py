"""The weekly post on Discord, by the real courier: once, with its picture once, and without it where that fails."""

import pytest

from tests.adapters.discord.delivering import POST
from tests.adapters.discord.test_courier_on_discord import Desk, desk
from tests.adapters.pictures import owe_the_week, with_pictures
from tests.discord.cast import INTRODUCTIONS
from tests.discord.faults import Fault, drop, error, limited, status
from tests.discord.seen import Seen

__all__ = ["desk"]


@pytest.mark.parametrize(
    ("fault", "times", "pictures"),
    [
        (status(500), 2, 1),
        (limited(30), 2, 1),
        (drop(after=True), 1, 1),
        (status(502), 3, 0),
        (error(50013), 1, 0),
    ],
)
async def test_the_post_stands_once_with_its_picture_or_without(
    desk: Desk, fault: Fault, times: int, pictures: int
) -> None:
    desk.office.server.faults.next(POST, fault, times=times)

    seen = await posted(desk)

    attached = desk.office.server.world.messages[seen.id].attachments
    assert [
        ("3 in week" in (each.description or ""), "5 in week" in (each.description or "")) for each in attached
    ] == ([(True, True)] * pictures)


async def posted(desk: Desk) -> Seen:
    """Deliver the week, however often it takes; return the one post there is."""
    with_pictures(desk.courier, desk.office.noted)
    await desk.store.run(owe_the_week)
    await desk.deliver()
    for _ in range(5):
        await desk.after(60)
    (seen,) = desk.office.server.view.messages(INTRODUCTIONS)
    assert "5 introductions made" in seen.content
    assert await desk.open_and_dead() == (0, 0)
    return seen
