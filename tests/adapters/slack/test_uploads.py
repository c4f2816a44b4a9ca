"""Pictures and files: uploaded once, shown when Slack is ready for them, and left out where it will not take them."""

import pytest

from adapters.slack.gateway import MOST_PICTURE_WAITS
from bot.ports.gateway import DeliveryDelayedError, DeliveryKey, Refusal
from bot.ports.messages import File, Image, Message, Plain, Text
from tests.adapters.slack.posting import CHANNEL, TO_BEN, Office
from tests.contract.gateways import Steps
from tests.slack.cast import BEN, BOT_TOKEN, INTRODUCTIONS
from tests.slack.faults import drop, error, ratelimited, status

CHART = Image(b"\x89PNG not really", "Twelve introductions this week, two more than last.")
EXPORT = File("twoyes-about-me.json", '{"name": "Bén"}')
READY = {"response_metadata": {"messages": ["[ERROR] invalid slack file [json-pointer:/blocks/0/slack_file]"]}}


def shown(office: Office) -> tuple[str, ...]:
    """Return the alternative texts of the pictures in the channel."""
    return tuple(alt for seen in office.slack.world.messages(INTRODUCTIONS) for alt in seen.images)


async def test_a_picture_stands_in_its_post_with_its_words(office: Office) -> None:
    await office.deliver(CHANNEL, CHART)

    (file,) = office.slack.world.files.values()
    assert (file.content, file.alt, file.complete) == (CHART.content, CHART.alt, True)
    assert shown(office) == (CHART.alt,)
    assert office.posts() == 1


async def test_a_picture_of_an_edit_takes_the_place_of_the_earlier_one(office: Office) -> None:
    receipt = await office.deliver(CHANNEL, CHART)
    later = Image(b"another", "Thirteen introductions this week.")

    await office.edit(receipt, later)

    assert shown(office) == (later.alt,)


async def test_an_edit_waits_for_a_picture_that_slack_is_still_working_on(office: Office) -> None:
    receipt = await office.deliver(CHANNEL)
    office.slack.faults.next("chat.update", error("invalid_blocks", **READY))
    with pytest.raises(DeliveryDelayedError):
        await office.edit(receipt, CHART)

    await office.edit(receipt, CHART)

    assert shown(office) == (CHART.alt,)


@pytest.mark.parametrize("name", ["file_uploads_disabled", "missing_scope", "storage_limit_reached"])
async def test_a_post_stands_without_a_picture_that_slack_refuses(office: Office, name: str) -> None:
    office.slack.faults.next("files.getUploadURLExternal", error(name))

    await office.deliver(CHANNEL, CHART)

    (seen,) = office.slack.world.messages(INTRODUCTIONS)
    assert (seen.images, CHART.alt in seen.shown) == ((), True)


async def test_a_picture_of_nothing_is_told_in_words(office: Office) -> None:
    await office.deliver(CHANNEL, Image(b"", "No introductions this week."))

    assert office.count("files.getUploadURLExternal") == 0
    assert "No introductions" in office.slack.world.messages(INTRODUCTIONS)[0].shown


async def test_a_post_waits_for_a_picture_that_slack_is_still_working_on(office: Office) -> None:
    steps = Steps()
    office.slack.faults.next("chat.postMessage", error("invalid_blocks", **READY), times=2)
    await office.delayed(CHANNEL, CHART, steps=steps)
    await office.delayed(CHANNEL, CHART, steps=steps)

    await office.deliver(CHANNEL, CHART, steps=steps)

    assert shown(office) == (CHART.alt,)
    assert office.count("files.completeUploadExternal") == 1


async def test_a_post_does_not_wait_forever_for_its_picture(office: Office) -> None:
    steps = Steps()
    office.slack.faults.next("chat.postMessage", error("file_not_found"), times=MOST_PICTURE_WAITS + 1)
    for _ in range(MOST_PICTURE_WAITS):
        await office.delayed(CHANNEL, CHART, steps=steps)

    await office.deliver(CHANNEL, CHART, steps=steps)

    (seen,) = office.slack.world.messages(INTRODUCTIONS)
    assert (seen.images, CHART.alt in seen.shown) == ((), True)


async def test_blocks_that_are_wrong_in_themselves_are_refused_also_beside_a_picture(office: Office) -> None:
    office.slack.faults.next("chat.postMessage", error("invalid_blocks"))

    assert await office.refused(CHANNEL, CHART) is Refusal.INVALID


async def test_a_picture_is_uploaded_once_when_the_post_has_to_be_tried_again(office: Office) -> None:
    steps = Steps()
    office.slack.faults.next("chat.postMessage", drop())
    await office.delayed(CHANNEL, CHART, steps=steps)

    await office.deliver(CHANNEL, CHART, steps=Steps(steps.kept))

    assert len(office.slack.world.files) == 1
    assert shown(office) == (CHART.alt,)


async def test_bytes_that_were_sent_before_a_crash_are_completed_and_not_sent_again(office: Office) -> None:
    steps = Steps()
    office.slack.faults.next("files.completeUploadExternal", status(500))
    await office.delayed(CHANNEL, CHART, steps=steps)

    await office.deliver(CHANNEL, CHART, steps=Steps(steps.kept))

    assert (len(office.slack.world.files), office.count("files.completeUploadExternal")) == (1, 2)
    assert shown(office) == (CHART.alt,)


async def test_bytes_that_slack_has_forgotten_are_sent_again(office: Office) -> None:
    await office.deliver(CHANNEL, CHART, steps=Steps({"picture.0": "F0FORGOTTEN"}))

    assert len(office.slack.world.files) == 1
    assert shown(office) == (CHART.alt,)


async def test_an_upload_that_slack_will_not_complete_after_all_is_left_out(office: Office) -> None:
    steps = Steps()
    office.slack.faults.next("files.completeUploadExternal", status(500))
    await office.delayed(CHANNEL, CHART, steps=steps)
    office.slack.faults.next("files.completeUploadExternal", error("access_denied"))

    await office.deliver(CHANNEL, CHART, steps=steps)

    assert (shown(office), office.posts()) == ((), 1)


async def test_bytes_take_the_same_way_out_as_calls(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("https_proxy", raising=False)
    url = f"{office.slack.url}/upload/F1"
    place = {"upload_url": url, "file_id": "F1"}
    office.calls.line.client(BOT_TOKEN).proxy = None
    office.slack.faults.next("files.getUploadURLExternal", error("", ok=True, **place))

    await office.delayed(CHANNEL, CHART)

    assert office.noted.events[-1][1]["error"] == "ClientProxyConnectionError"


async def test_an_upload_that_is_turned_away_is_tried_again_with_everything(office: Office) -> None:
    office.slack.faults.next("files.getUploadURLExternal", ratelimited(20))

    delayed = await office.delayed(CHANNEL, CHART)

    assert delayed.wait is not None
    assert (delayed.wait.total_seconds(), office.posts()) == (20, 0)


@pytest.mark.parametrize("address", ["upload/F0NOBODYS", "http://127.0.0.1:1/upload"])
async def test_bytes_that_cannot_be_sent_are_sent_later(office: Office, address: str) -> None:
    url = address if address.startswith("http:") else f"{office.slack.url}/{address}"
    office.slack.faults.next("files.getUploadURLExternal", error("", ok=True, upload_url=url, file_id="F1"))

    delayed = await office.delayed(CHANNEL, CHART)

    assert not delayed.lost_answer
    assert [facts["method"] for _, facts in office.noted.events] == ["upload"]
    assert office.posts() == 0


async def test_a_long_text_beside_a_picture_is_cut_for_the_upload_and_whole_in_the_block(office: Office) -> None:
    await office.deliver(CHANNEL, Image(b"picture", "word " * 300))

    (file,) = office.slack.world.files.values()
    assert len(file.alt) <= 1000
    assert len(shown(office)[0]) > 1000


# files


async def test_a_file_follows_its_message_in_the_same_conversation(office: Office) -> None:
    receipt = await office.deliver(TO_BEN, Text((Plain("Here it is."),)), EXPORT)

    said, file = office.slack.world.dm_of(BEN)
    (uploaded,) = office.slack.world.files.values()
    assert (receipt.message, file.files) == (said.ts, (EXPORT.name,))
    assert uploaded.content == EXPORT.text.encode()


async def test_a_message_that_stands_is_not_posted_again_for_its_file(office: Office) -> None:
    steps = Steps()
    office.slack.faults.next("files.getUploadURLExternal", status(500))
    await office.delayed(TO_BEN, EXPORT, steps=steps)

    receipt = await office.deliver(TO_BEN, EXPORT, steps=Steps(steps.kept))

    said, file = office.slack.world.dm_of(BEN)
    assert (receipt.message, file.files) == (said.ts, (EXPORT.name,))


async def test_a_file_that_was_shared_is_not_shared_again(office: Office) -> None:
    message = Message("Two files.", (EXPORT, File("second.txt", "Second.")))
    steps = Steps()
    key = DeliveryKey("notice/files")
    office.slack.faults.next("files.getUploadURLExternal", status(500))
    await office.delayed(TO_BEN, EXPORT, File("second.txt", "Second."), steps=steps)
    office.slack.faults.next("files.completeUploadExternal", error("file_update_failed"), times=1)
    await office.delayed(TO_BEN, EXPORT, File("second.txt", "Second."), steps=steps)

    await office.gateway.deliver(TO_BEN, message, key=key, progress=steps)

    assert [seen.files for seen in office.slack.world.dm_of(BEN)] == [(), (EXPORT.name,), ("second.txt",)]


async def test_a_file_that_slack_refuses_is_said_to_the_operator(office: Office) -> None:
    scopes = [scope for scope in office.slack.world.app.scopes if scope != "files:write"]
    office.slack.world.set_scopes(BOT_TOKEN, scopes)

    assert await office.refused(TO_BEN, EXPORT) is Refusal.FORBIDDEN
    assert len(office.slack.world.dm_of(BEN)) == 1
