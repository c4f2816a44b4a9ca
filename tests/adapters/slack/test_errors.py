"""The table of Slack's errors: every documented name has a place, chosen on purpose, and only one."""

from datetime import timedelta

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from adapters.slack import errors
from adapters.slack.clients import Line
from adapters.slack.errors import LONGEST_WAIT, NotTakenError, name_of, undelivered
from bot.ports.gateway import DeliveryDelayedError, DeliveryError, DeliveryRefusedError, Refusal

EVERY_METHOD = """
    access_denied accesslimited account_inactive deprecated_endpoint ekm_access_denied enterprise_is_restricted
    fatal_error internal_error invalid_arg_name invalid_arguments invalid_array_arg invalid_auth invalid_charset
    invalid_form_data invalid_post_type method_deprecated missing_post_type missing_scope no_permission
    not_allowed_token_type not_authed org_login_required ratelimited request_timeout service_unavailable
    team_access_not_granted team_added_to_org token_expired token_revoked two_factor_setup_required
"""
DOCUMENTED = {
    "chat.postMessage": """
        as_user_not_supported attachment_payload_limit_exceeded cannot_reply_to_message channel_not_found
        duplicate_channel_not_found duplicate_message_not_found invalid_blocks invalid_blocks_format
        invalid_metadata_format invalid_metadata_schema is_archived markdown_text_conflict message_limit_exceeded
        messages_tab_disabled metadata_must_be_sent_from_app metadata_too_large msg_blocks_too_long msg_too_long no_text
        not_in_channel rate_limited restricted_action restricted_action_non_threadable_channel
        restricted_action_read_only_channel restricted_action_thread_locked restricted_action_thread_only_channel
        slack_connect_file_link_sharing_blocked too_many_attachments too_many_contact_cards
    """,
    "chat.update": """
        block_mismatch blocked_file_type cant_broadcast_message cant_update_message channel_not_found edit_window_closed
        external_channel_migrating file_deleted file_is_deleted file_not_found file_share_limit_reached
        invalid_attachments invalid_blocks invalid_blocks_format invalid_metadata_format invalid_metadata_schema
        is_inactive markdown_text_conflict max_file_sharing_exceeded message_limit_exceeded message_not_found
        metadata_must_be_sent_from_app metadata_too_large msg_too_long no_dual_broadcast_content_update no_text
        not_in_channel posting_to_channel_denied rate_limited slack_connect_blocked_file_type
        slack_connect_canvas_sharing_blocked slack_connect_clip_sharing_blocked slack_connect_file_link_sharing_blocked
        slack_connect_file_upload_sharing_blocked streaming_state_conflict team_not_found too_many_attachments
        unable_to_share_files update_failed
    """,
    "conversations.open": """
        channel_not_found invalid_user_combination method_not_supported_for_channel_type not_enough_users too_many_users
        user_disabled user_not_found user_not_visible users_list_not_supplied
    """,
    "files.getUploadURLExternal": """
        alt_txt_too_large file_upload_size_restricted file_uploads_disabled missing_argument snippet_too_large
        storage_limit_reached unknown_snippet_type unknown_subtype
    """,
    "files.completeUploadExternal": """
        channel_not_found channels_limit_exceeded file_not_found file_update_failed invalid_blocks invalid_channel
        not_in_channel posting_to_channel_denied
    """,
    "users.info": "user_not_found user_not_visible",
}
"""The error tables of the methods' reference pages."""

PLACES = {
    "user_disabled": Refusal.UNREACHABLE,
    "user_not_found": Refusal.UNREACHABLE,
    "cannot_dm_bot": Refusal.UNREACHABLE,
    "channel_not_found": Refusal.NO_CHANNEL,
    "is_archived": Refusal.NO_CHANNEL,
    "not_in_channel": Refusal.FORBIDDEN,
    "missing_scope": Refusal.FORBIDDEN,
    "messages_tab_disabled": Refusal.FORBIDDEN,
    "restricted_action_read_only_channel": Refusal.FORBIDDEN,
    "message_not_found": Refusal.GONE,
    "edit_window_closed": Refusal.GONE,
    "invalid_blocks": Refusal.INVALID,
    "msg_too_long": Refusal.INVALID,
    "too_many_attachments": Refusal.INVALID,
    "too_many_users": Refusal.INVALID,
}


class Response:
    """An answer as the SDK hands it over with its error."""

    def __init__(self, data: object, status: int = 200, **headers: str) -> None:
        self.data = data
        self.status_code = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def failed_with(response: Response | None) -> SlackApiError:
    return SlackApiError("failed", response)  # type: ignore[no-untyped-call]  # the SDK has no type for it


def slack_said(name: str, status: int = 200, **headers: str) -> SlackApiError:
    return failed_with(Response({"ok": False, "error": name}, status, **headers))


def meaning(name: str, method: str = "chat.postMessage", status: int = 200, **headers: str) -> DeliveryError:
    return undelivered(method, slack_said(name, status, **headers))


@pytest.mark.parametrize("method", DOCUMENTED)
def test_every_documented_error_of_a_method_has_a_place(method: str) -> None:
    documented = {*DOCUMENTED[method].split(), *EVERY_METHOD.split()}

    assert documented - errors.PLACED == set()


def test_no_error_has_two_places() -> None:
    refused = [name for names in errors._REFUSED.values() for name in names]
    waits = [*errors._WORKSPACE_WAITS, *errors._RATE_LIMITED, *errors._PERHAPS_DONE, *errors._PASSES]

    assert len({*refused, *waits}) == len(refused) + len(waits) == len(errors.PLACED)


@pytest.mark.parametrize(("name", "reason"), PLACES.items())
def test_what_never_will_be_is_refused_with_its_reason(name: str, reason: Refusal) -> None:
    refused = meaning(name)

    assert isinstance(refused, DeliveryRefusedError)
    assert refused.reason is reason


@pytest.mark.parametrize(
    "name",
    ["token_revoked", "account_inactive", "invalid_auth", "not_authed", "token_expired", "not_allowed_token_type"],
)
def test_a_dead_token_holds_the_whole_workspace_and_loses_nothing(name: str) -> None:
    delayed = meaning(name)

    assert isinstance(delayed, DeliveryDelayedError)
    assert (delayed.wait, delayed.whole_workspace) == (timedelta(minutes=5), True)


@pytest.mark.parametrize("name", ["team_added_to_org", "message_limit_exceeded", "ekm_access_denied"])
def test_what_stops_a_workspace_for_a_while_holds_all_of_it(name: str) -> None:
    delayed = meaning(name)

    assert isinstance(delayed, DeliveryDelayedError)
    assert (delayed.wait, delayed.whole_workspace) == (timedelta(minutes=15), True)


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        ("17", 17),
        ("0", 1),
        ("999999999999", LONGEST_WAIT.total_seconds()),
        ("soon", 30),
        ("-5", 30),
        ("²", 30),
        ("", 30),
    ],
)
def test_a_429_waits_as_it_says_within_reason(asked: str, wait: float) -> None:
    delayed = meaning("ratelimited", status=429, Retry_After=asked)

    assert isinstance(delayed, DeliveryDelayedError)
    assert delayed.wait == timedelta(seconds=wait)
    assert (delayed.whole_workspace, delayed.lost_answer) == (False, False)


def test_a_429_counts_also_without_a_word_of_slacks() -> None:
    delayed = undelivered("chat.postMessage", failed_with(Response({}, 429, Retry_After="9")))

    assert isinstance(delayed, DeliveryDelayedError)
    assert delayed.wait == timedelta(seconds=9)


def test_a_service_that_is_away_and_says_for_how_long_is_believed() -> None:
    delayed = meaning("service_unavailable", status=503, Retry_After="40")

    assert isinstance(delayed, DeliveryDelayedError)
    assert (delayed.wait, delayed.lost_answer) == (timedelta(seconds=40), False)


def test_an_unknown_error_is_tried_again() -> None:
    delayed = meaning("something_new")

    assert isinstance(delayed, DeliveryDelayedError)
    assert (delayed.wait, delayed.whole_workspace, delayed.lost_answer) == (None, False, False)


@pytest.mark.parametrize(
    ("failed", "name"),
    [
        (slack_said("is_archived"), "is_archived"),
        (slack_said("Is archived, said Ana"), "status_200"),
        (slack_said("x" * 61, 500), "status_500"),
        (failed_with(Response("<html>", 502)), "status_502"),
        (failed_with(None), "status_0"),
        (TimeoutError(), "TimeoutError"),
    ],
)
def test_a_failure_is_named_without_repeating_what_was_said(failed: Exception, name: str) -> None:
    assert name_of(failed) == name


@pytest.mark.parametrize(
    ("name", "messages", "misses"),
    [
        ("invalid_blocks", ["[ERROR] invalid slack file [json-pointer:/blocks/1/slack_file]"], True),
        ("invalid_blocks", ["[ERROR] no more than 50 items allowed [json-pointer:/blocks]"], False),
        ("invalid_blocks", None, False),
        ("file_not_found", None, True),
        ("no_text", ["slack_file"], False),
    ],
)
def test_a_picture_that_is_not_ready_is_told_from_blocks_that_are_wrong(
    name: str, messages: list[str] | None, *, misses: bool
) -> None:
    answer = {"ok": False, "error": name, "response_metadata": {"messages": messages} if messages else None}

    refused = undelivered("chat.postMessage", failed_with(Response(answer)))

    assert isinstance(refused, NotTakenError)
    assert refused.misses_file is misses


async def test_a_connection_that_was_never_made_sent_nothing() -> None:
    line = Line("http://127.0.0.1:1/api/")
    try:
        with pytest.raises(aiohttp.ClientConnectorError) as failed:
            await line.client("xoxb").chat_postMessage(channel="C1", text="Hello.")
    finally:
        await line.close()

    delayed = undelivered("chat.postMessage", failed.value)

    assert isinstance(delayed, DeliveryDelayedError)
    assert not delayed.lost_answer


@pytest.mark.parametrize("failed", [aiohttp.ServerDisconnectedError(), TimeoutError(), ConnectionResetError()])
def test_a_connection_that_broke_may_have_carried_a_post(failed: Exception) -> None:
    post, edit = undelivered("chat.postMessage", failed), undelivered("chat.update", failed)

    assert isinstance(post, DeliveryDelayedError)
    assert isinstance(edit, DeliveryDelayedError)
    assert (post.lost_answer, edit.lost_answer) == (True, False)


def test_a_connection_that_took_too_long_to_make_sent_nothing() -> None:
    delayed = undelivered("chat.postMessage", aiohttp.ConnectionTimeoutError())

    assert isinstance(delayed, DeliveryDelayedError)
    assert not delayed.lost_answer
