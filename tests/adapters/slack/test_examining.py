"""What the bot was added to a workspace without, as Slack says now."""

from adapters.slack.examining import SlackExaminer
from bot.domain.ids import ChannelId
from bot.ports.edges import Hindered, Lack
from tests.adapters.slack.posting import Office
from tests.slack.adapting import WORKSPACE
from tests.slack.cast import BOT_TOKEN, INTRODUCTIONS, SCOPES
from tests.slack.faults import status


async def test_each_missing_scope_is_named_and_what_cannot_be_found_out_is_not_guessed(office: Office) -> None:
    examiner, channel = SlackExaminer(office.calls), ChannelId(INTRODUCTIONS)

    assert await examiner.missing(WORKSPACE, channel) == ()
    office.slack.world.set_scopes(BOT_TOKEN, [scope for scope in SCOPES if scope != "files:write"])
    assert await examiner.missing(WORKSPACE, channel) == (Lack(Hindered.ALL, "files:write"),)
    office.slack.faults.next("auth.test", status(503))
    assert await examiner.missing(WORKSPACE, channel) is None
