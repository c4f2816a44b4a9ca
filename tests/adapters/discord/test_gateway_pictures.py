"""The weekly post and its picture: attached with a description, once, and left out where Discord will not take it."""

import pytest

from bot.ports.gateway import DeliveryKey, Refusal
from bot.ports.messages import Button, Buttons, Image, Message, Note, Plain, Text
from tests.adapters.discord.delivering import CHANNEL, POST, Office
from tests.adapters.discord.test_examining import deny
from tests.contract.gateways import Steps
from tests.discord.cast import INTRODUCTIONS
from tests.discord.faults import Fault, drop, error, status
from tests.discord.seen import Seen
from tests.discord.state import Permission

WEEK = Text((Plain("5 introductions made."),))
CHART = Image(b"\x89PNG not really", "Introductions week by week, as a chart: 3 in week 46, 5 in week 47.")
ROW = Buttons((Button("My part", "my_part", "group"),))
PARTS = (WEEK, CHART, Note((Plain("Small print."),)), ROW)


async def post(office: Office, steps: Steps | None = None) -> None:
    """Deliver the week, as the courier does at each try."""
    message = Message("The week.", PARTS)
    key = DeliveryKey("tally/group/2026-W47")
    await office.gateway.deliver(CHANNEL, message, key=key, progress=steps or Steps())


def standing(office: Office) -> Seen:
    """Return the one post in the channel."""
    (seen,) = office.server.view.messages(INTRODUCTIONS)
    return seen


async def test_the_picture_stands_in_the_post_with_its_words(office: Office) -> None:
    await post(office)

    (attached,) = office.server.world.messages[standing(office).id].attachments
    assert (attached.content, attached.description) == (CHART.content, CHART.alt)
    assert "5 introductions made." in standing(office).content
    assert [button.custom_id for button in standing(office).buttons] == ["my_part:group"]


TOO_LARGE = Fault((413, {"message": "Request entity too large", "code": 40005}, {}))


@pytest.mark.parametrize("fault", [TOO_LARGE, error(50013), error(50035)])
async def test_a_post_stands_without_a_picture_that_discord_refuses(office: Office, fault: Fault) -> None:
    office.server.faults.next(POST, fault)

    await post(office)

    assert office.server.world.messages[standing(office).id].attachments == []
    assert CHART.alt in standing(office).content


async def test_where_the_bot_may_not_attach_files_the_numbers_are_told_in_words(office: Office) -> None:
    deny(office.server, Permission.ATTACH_FILES)

    await post(office)

    assert CHART.alt in standing(office).content


async def test_a_post_that_is_refused_for_itself_is_refused(office: Office) -> None:
    deny(office.server, Permission.SEND_MESSAGES)

    assert await office.refused(CHANNEL, *PARTS) is Refusal.FORBIDDEN
    assert await office.refused(CHANNEL, WEEK) is Refusal.FORBIDDEN
    assert office.count(POST) == 3


async def test_a_post_whose_answer_was_lost_stands_once_with_its_picture_once(office: Office) -> None:
    steps = Steps()
    for fault in (status(500), drop(after=True)):
        office.server.faults.next(POST, fault)
        await office.delayed(CHANNEL, *PARTS, key="tally/group/2026-W47", steps=steps)

    await office.deliver(CHANNEL, *PARTS, key="tally/group/2026-W47", steps=steps)

    (attached,) = office.server.world.messages[standing(office).id].attachments
    assert attached.content == CHART.content
