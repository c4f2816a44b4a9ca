"""What people see of a message, whom it would notify, and answers by response_url."""

from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.local.clock import StoryClock
from tests.slack.cast import ANA, BEN, ELIF, INTRODUCTIONS
from tests.slack.pings import pinged
from tests.slack.server import SlackServer
from tests.slack.state import JSON


def section(text: str, **more: Any) -> JSON:  # noqa: ANN401 -- a text object's own keys
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, **more}}


def rich(*elements: JSON) -> JSON:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


async def test_rich_text_is_seen_as_plain_lines_with_names(slack: SlackServer, slack_client: AsyncWebClient) -> None:
    quote = {"type": "rich_text_quote", "elements": [{"type": "text", "text": "*Not bold* <@U0ANA> &amp;"}]}
    spans = rich(
        {"type": "text", "text": "For ", "style": {"bold": True}},
        {"type": "user", "user_id": BEN},
        {"type": "text", "text": ", see "},
        {"type": "link", "url": "https://example.com", "text": "this"},
    )

    await slack_client.chat_postMessage(
        channel=ANA, text="x", blocks=[spans, {"type": "rich_text", "elements": [quote]}]
    )

    (seen,) = slack.world.dm_of(ANA)
    assert seen.shown == "For @Ben Okafor, see this\n*Not bold* <@U0ANA> &amp;"


async def test_marked_up_text_is_seen_without_its_marks(slack: SlackServer, slack_client: AsyncWebClient) -> None:
    marked = "*Hello* <@U0BEN>, in <#C1>: <https://example.com|a page> &lt;b&gt; 2*3*4"

    await slack_client.chat_postMessage(channel=ANA, text="x", blocks=[section(marked)])

    assert slack.world.dm_of(ANA)[0].shown == "Hello @Ben Okafor, in #introductions: a page <b> 2*3*4"


async def test_an_instant_is_seen_in_each_readers_own_zone(
    slack: SlackServer, slack_client: AsyncWebClient, slack_clock: StoryClock
) -> None:
    at = int((slack_clock.now() + timedelta(days=3)).timestamp())
    marked = section(f"<!date^{at}^{{date_short_pretty}} {{time}}|then>")
    spans = rich({"type": "date", "timestamp": at - 2 * 86400, "format": "{date_pretty} {time}", "fallback": "then"})

    for user in (BEN, ELIF):
        await slack_client.chat_postMessage(channel=user, text="x", blocks=[marked, spans])

    assert slack.world.dm_of(BEN)[0].shown == "19 Nov 2026 09:00\ntomorrow 09:00"
    assert slack.world.dm_of(ELIF)[0].shown == "19 Nov 2026 10:00\ntomorrow 10:00"


async def test_every_kind_of_block_that_has_text_is_seen(slack: SlackServer, slack_client: AsyncWebClient) -> None:
    plain = {"type": "plain_text", "text": "plain"}
    items = [{"type": "rich_text_section", "elements": [{"type": "text", "text": name}]} for name in ("one", "two")]
    blocks: list[JSON] = [
        {"type": "header", "text": {"type": "plain_text", "text": "Heading"}},
        {"type": "section", "fields": [plain, {"type": "mrkdwn", "text": "*bold*"}]},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "small"}, plain]},
        {"type": "divider"},
        {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "bullet", "elements": items}]},
        {"type": "markdown", "text": "# Title"},
    ]

    await slack_client.chat_postMessage(channel=ANA, text="x", blocks=blocks)

    assert slack.world.dm_of(ANA)[0].shown == "Heading\nplain\nbold\nsmall plain\n• one\n• two\n# Title"


@pytest.mark.parametrize(
    ("message", "who"),
    [
        ({"text": "<@U0BEN> and <@U0ANA|ana>"}, {"U0BEN", "U0ANA"}),
        ({"text": "<!channel> <!here|here> <!everyone> <!subteam^S1|@team>"}, {"channel", "here", "everyone", "S1"}),
        ({"text": "&lt;!channel&gt; &lt;@U0BEN&gt; @here @ben"}, set()),
        ({"text": "@here", "link_names": True}, {"here"}),
        ({"text": "@channel", "parse": "full"}, {"channel"}),
        ({"blocks": [section("come @here")]}, {"here"}),
        ({"blocks": [section("come @here, <@U0BEN>", verbatim=True)]}, {"U0BEN"}),
        ({"blocks": [section("mail ana@here.example")]}, set()),
        ({"blocks": [{"type": "section", "text": {"type": "plain_text", "text": "<!channel> @here"}}]}, set()),
        ({"blocks": [{"type": "context", "elements": [{"type": "mrkdwn", "text": "<!here>"}]}]}, {"here"}),
        ({"blocks": [rich({"type": "text", "text": "<!channel> @here <@U0BEN>"})]}, set()),
        ({"blocks": [rich({"type": "user", "user_id": "U0BEN"})]}, {"U0BEN"}),
        ({"blocks": [rich({"type": "broadcast", "range": "channel"})]}, {"channel"}),
        ({"blocks": [rich({"type": "usergroup", "usergroup_id": "S1"})]}, {"S1"}),
        ({"blocks": [{"type": "markdown", "text": "@everyone"}]}, {"everyone"}),
        ({"attachments": [{"text": "@here", "fallback": "<@U0ANA>"}]}, {"here", "U0ANA"}),
    ],
)
def test_who_would_be_notified_is_told(message: JSON, who: set[str]) -> None:
    assert pinged(message) == who


async def test_a_message_remembers_whom_it_notified(slack: SlackServer, slack_client: AsyncWebClient) -> None:
    sent = await slack_client.chat_postMessage(channel=INTRODUCTIONS, text="Hello <@U0BEN>")
    await slack_client.chat_update(channel=INTRODUCTIONS, ts=sent["ts"], text="Never mind")

    assert slack.world.in_view(ANA)[0].pings == {"U0BEN"}


# response_url


@pytest.fixture
def answer_url(slack: SlackServer) -> str:
    post = slack.world.post(INTRODUCTIONS, "U0TWOYES", {"text": "Well?"}, only_for=ANA)
    return f"{slack.url}/response/{slack.world.grant_response_url(ANA, INTRODUCTIONS, post.ts)}"


async def answer(url: str, **reply: Any) -> tuple[int, str]:  # noqa: ANN401 -- a reply's own keys
    async with aiohttp.ClientSession() as session:
        answered = await AsyncWebhookClient(url, session=session).send_dict(reply)
    return answered.status_code, str(answered.body)


async def test_an_answer_by_url_is_for_one_person_or_for_the_channel(slack: SlackServer, answer_url: str) -> None:
    assert await answer(answer_url, text="Only you") == (200, "ok")
    await answer(answer_url, text="Everybody", response_type="in_channel")

    assert [seen.text for seen in slack.world.in_view(BEN)] == ["Everybody"]
    assert [seen.text for seen in slack.world.in_view(ANA)] == ["Well?", "Only you", "Everybody"]


async def test_an_answer_by_url_can_replace_or_delete_the_original(slack: SlackServer, answer_url: str) -> None:
    await answer(answer_url, text="Well.", replace_original=True)
    assert [seen.text for seen in slack.world.in_view(ANA)] == ["Well."]

    await answer(answer_url, delete_original=True)
    assert slack.world.in_view(ANA) == ()


async def test_an_answer_url_works_five_times(answer_url: str) -> None:
    for _ in range(5):
        assert (await answer(answer_url, text="x"))[0] == 200

    status, body = await answer(answer_url, text="x")
    assert status == 404
    assert "used_url" in body


async def test_an_answer_url_works_for_half_an_hour(slack_clock: StoryClock, answer_url: str) -> None:
    slack_clock.move_to(slack_clock.now() + timedelta(minutes=31))

    status, body = await answer(answer_url, text="x")
    assert status == 404
    assert "expired_url" in body


async def test_an_answer_by_url_that_breaks_a_rule_is_written_down(slack: SlackServer, answer_url: str) -> None:
    assert (await answer(answer_url, text="x", blocks=[{"type": "poem"}]))[0] == 400
    assert slack.world.take_violations()
