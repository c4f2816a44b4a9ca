"""The weekly post on Slack, by the real courier: once with its picture once, and without it where that fails."""

import pytest

from tests.adapters.pictures import owe_the_week, with_pictures
from tests.adapters.slack.test_courier_on_slack import Desk, desk
from tests.slack.cast import INTRODUCTIONS
from tests.slack.faults import Fault, drop, error, ratelimited, status
from tests.slack.seen import Seen

__all__ = ["desk"]

NUMBERS = "5 introductions made"
UPLOAD, COMPLETE, POST = "files.getUploadURLExternal", "files.completeUploadExternal", "chat.postMessage"


async def posted(desk: Desk) -> Seen:
    """Deliver the week, however often it takes; return the one post there is."""
    with_pictures(desk.courier, desk.office.noted)
    await desk.store.run(owe_the_week)
    await desk.deliver()
    for _ in range(5):
        await desk.after(60)
    (seen,) = desk.office.slack.world.messages(INTRODUCTIONS)
    assert NUMBERS in seen.shown
    assert await desk.open_and_dead() == (0, 0)
    return seen


async def test_the_post_has_its_picture_with_every_number_in_words(desk: Desk) -> None:
    seen = await posted(desk)

    (file,) = desk.office.slack.world.files.values()
    (alt,) = seen.images
    assert alt == file.alt
    assert "3 in week" in alt
    assert "5 in week" in alt


@pytest.mark.parametrize(
    ("call", "fault", "times"),
    [(UPLOAD, status(500), 2), (COMPLETE, drop(), 1), (POST, status(503), 2), (POST, ratelimited(30), 3)],
)
async def test_a_post_that_has_to_be_tried_again_stands_once_with_one_picture(
    desk: Desk, call: str, fault: Fault, times: int
) -> None:
    desk.office.slack.faults.next(call, fault, times=times)

    seen = await posted(desk)

    assert len(seen.images) == 1
    assert len([file for file in desk.office.slack.world.files.values() if file.complete]) == 1


@pytest.mark.parametrize("fault", [error("missing_scope"), status(500), drop()])
async def test_the_post_stands_without_a_picture_that_cannot_be_uploaded(desk: Desk, fault: Fault) -> None:
    desk.office.slack.faults.next(UPLOAD, fault, times=99)

    seen = await posted(desk)

    assert seen.images == ()
