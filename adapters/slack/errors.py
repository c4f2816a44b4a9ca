"""What Slack's errors mean for a delivery: it comes later, or it never will. Every documented one is placed here.

The names are those of the reference pages of chat.postMessage, chat.update, conversations.open,
files.getUploadURLExternal, files.completeUploadExternal and users.info at docs.slack.dev/reference/methods.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.ports.gateway import DeliveryDelayedError, DeliveryError, DeliveryRefusedError, Refusal

UNTIL_ADDED_AGAIN: Final = timedelta(minutes=5)
"""How often a workspace whose token is dead is tried again: its rows wait for a re-install, or for their purge."""
UNTIL_ALLOWED: Final = timedelta(minutes=15)
UNNAMED_WAIT: Final = timedelta(seconds=30)
"""What a 429 without a Retry-After is taken to ask for."""
LONGEST_WAIT: Final = timedelta(hours=1)
TOO_MANY: Final = 429
_BUSY: Final = 503
_BROKEN: Final = 500
_NOT_TWICE: Final = frozenset({"chat.postMessage", "chat.postEphemeral"})
"""What is there a second time if it is done twice. Everything else the gateway calls can be repeated for nothing."""

TOKEN_IS_DEAD: Final = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "not_allowed_token_type",
        "not_authed",
        "token_expired",
        "token_revoked",
    }
)
"""Nothing is wrong with the deliveries: they wait until the workspace adds the app again."""

_WORKSPACE_WAITS: Final[Mapping[str, timedelta]] = {
    **dict.fromkeys(TOKEN_IS_DEAD, UNTIL_ADDED_AGAIN),
    **dict.fromkeys(
        (
            "accesslimited",
            "ekm_access_denied",
            "message_limit_exceeded",
            "org_login_required",
            "team_added_to_org",
            "two_factor_setup_required",
        ),
        UNTIL_ALLOWED,
    ),
}

_RATE_LIMITED: Final = frozenset({"rate_limited", "ratelimited"})

_PERHAPS_DONE: Final = frozenset({"fatal_error", "internal_error"})
"""Slack: "It's possible some aspect of the operation succeeded before the error was raised." """

_PASSES: Final = frozenset(
    {
        "external_channel_migrating",
        "file_update_failed",
        "request_timeout",
        "service_unavailable",
        "streaming_state_conflict",
        "unable_to_share_files",
        "update_failed",
    }
)

_REFUSED: Final[Mapping[Refusal, frozenset[str]]] = {
    Refusal.UNREACHABLE: frozenset(
        {
            "cannot_dm_bot",
            "invalid_user_combination",
            "user_disabled",
            "user_not_found",
            "user_not_visible",
            "users_not_found",
        }
    ),
    Refusal.GONE: frozenset(
        {
            "cant_update_message",
            "edit_window_closed",
            "file_deleted",
            "file_is_deleted",
            "file_not_found",
            "is_inactive",
            "message_not_found",
        }
    ),
    Refusal.NO_CHANNEL: frozenset({"channel_not_found", "invalid_channel", "is_archived", "team_not_found"}),
    Refusal.FORBIDDEN: frozenset(
        {
            "access_denied",
            "blocked_file_type",
            "cant_broadcast_message",
            "enterprise_is_restricted",
            "file_share_limit_reached",
            "file_upload_size_restricted",
            "file_uploads_disabled",
            "max_file_sharing_exceeded",
            "messages_tab_disabled",
            "missing_scope",
            "no_permission",
            "not_in_channel",
            "posting_to_channel_denied",
            "restricted_action",
            "restricted_action_non_threadable_channel",
            "restricted_action_read_only_channel",
            "restricted_action_thread_locked",
            "restricted_action_thread_only_channel",
            "slack_connect_blocked_file_type",
            "slack_connect_canvas_sharing_blocked",
            "slack_connect_clip_sharing_blocked",
            "slack_connect_file_link_sharing_blocked",
            "slack_connect_file_upload_sharing_blocked",
            "storage_limit_reached",
            "team_access_not_granted",
        }
    ),
    Refusal.INVALID: frozenset(
        {
            "alt_txt_too_large",
            "as_user_not_supported",
            "attachment_payload_limit_exceeded",
            "block_mismatch",
            "cannot_reply_to_message",
            "channels_limit_exceeded",
            "deprecated_endpoint",
            "duplicate_channel_not_found",
            "duplicate_message_not_found",
            "invalid_arg_name",
            "invalid_arguments",
            "invalid_array_arg",
            "invalid_attachments",
            "invalid_blocks",
            "invalid_blocks_format",
            "invalid_charset",
            "invalid_form_data",
            "invalid_json",
            "invalid_metadata_format",
            "invalid_metadata_schema",
            "invalid_post_type",
            "json_not_object",
            "markdown_text_conflict",
            "metadata_must_be_sent_from_app",
            "metadata_too_large",
            "method_deprecated",
            "method_not_supported_for_channel_type",
            "missing_argument",
            "missing_post_type",
            "msg_blocks_too_long",
            "msg_too_long",
            "no_dual_broadcast_content_update",
            "no_text",
            "not_enough_users",
            "snippet_too_large",
            "too_many_attachments",
            "too_many_contact_cards",
            "too_many_users",
            "unknown_method",
            "unknown_snippet_type",
            "unknown_subtype",
            "users_list_not_supplied",
        }
    ),
}
_REASONS: Final = {name: reason for reason, names in _REFUSED.items() for name in names}

PLACED: Final = frozenset(_REASONS) | set(_WORKSPACE_WAITS) | _RATE_LIMITED | _PERHAPS_DONE | _PASSES
"""Every error name that has a place."""

FAILURES: Final = (SlackClientError, aiohttp.ClientError, OSError, TimeoutError, ValueError, AttributeError)
"""What a call of slack_sdk raises. ValueError and AttributeError: it stumbles over an answer that is no JSON object."""

_NEVER_SENT: Final = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")


class NotTakenError(DeliveryRefusedError):
    """Slack refused, under this name. `about` is what else it said of our own arguments; it is never logged."""

    def __init__(self, reason: Refusal, name: str, about: str = "") -> None:
        super().__init__(reason)
        self.name = name
        self.about = about

    @property
    def misses_file(self) -> bool:
        """Say whether a picture is not there, or not yet: uploads are worked on after they are complete."""
        of_blocks = self.name == "invalid_blocks" and ("slack_file" in self.about or "slack file" in self.about)
        return of_blocks or self.name in ("file_not_found", "file_deleted", "file_is_deleted")


def undelivered(method: str, failed: BaseException) -> DeliveryError:
    """Return what a failed call of a method means for the delivery. Every one of FAILURES has a meaning."""
    if isinstance(failed, SlackApiError):
        return _answered(method, failed)
    if isinstance(failed, _NEVER_SENT):
        return DeliveryDelayedError()
    return DeliveryDelayedError(lost_answer=method in _NOT_TWICE)


def name_of(failed: BaseException) -> str:
    """Return how a failure is called in a log line: Slack's own word for it, or the kind of error."""
    if not isinstance(failed, SlackApiError):
        return type(failed).__name__
    name = _answer_of(failed).get("error")
    if isinstance(name, str) and _NAME.fullmatch(name):
        return name
    return f"status_{_status_of(failed)}"


def _answered(method: str, failed: SlackApiError) -> DeliveryError:
    status, name = _status_of(failed), str(_answer_of(failed).get("error") or "")
    if status == TOO_MANY or name in _RATE_LIMITED:
        return DeliveryDelayedError(_retry_after(failed) or UNNAMED_WAIT)
    if name in _REASONS:
        return NotTakenError(_REASONS[name], name, _details(failed))
    if name in _WORKSPACE_WAITS:
        return DeliveryDelayedError(_WORKSPACE_WAITS[name], whole_workspace=True)
    if status == _BUSY or name in _PASSES:
        return DeliveryDelayedError(_retry_after(failed))
    perhaps = status >= _BROKEN or name in _PERHAPS_DONE or not name
    return DeliveryDelayedError(lost_answer=perhaps and method in _NOT_TWICE)


def _answer_of(failed: SlackApiError) -> Mapping[str, Any]:
    """Return the answer's JSON object. The SDK hands over aiohttp's own response where there was none."""
    answer = getattr(failed.response, "data", failed.response)
    return answer if isinstance(answer, dict) else {}


def _status_of(failed: SlackApiError) -> int:
    response = failed.response
    status = getattr(response, "status_code", getattr(response, "status", 0))
    return status if isinstance(status, int) else 0


def _retry_after(failed: SlackApiError) -> timedelta | None:
    """Return the wait Slack asks for, in whole seconds from 1 to an hour, or None."""
    asked = str((getattr(failed.response, "headers", None) or {}).get("Retry-After", ""))
    if not asked.isascii() or not asked.isdigit():
        return None
    return min(timedelta(seconds=max(int(asked[:9]), 1)), LONGEST_WAIT)


def _details(failed: SlackApiError) -> str:
    """Return what Slack says about our blocks, as in `invalid slack file [json-pointer:/blocks/1/slack_file]`."""
    metadata = _answer_of(failed).get("response_metadata")
    messages = metadata.get("messages") if isinstance(metadata, dict) else None
    return " ".join(map(str, messages)) if isinstance(messages, list) else ""
