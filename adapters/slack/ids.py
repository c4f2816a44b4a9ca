"""What travels in Slack's ids and comes back with them: workspaces, events, verbs, and where a form was opened."""

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import NewType

from adapters.reading import NotUnderstoodError
from bot.domain.ids import ChannelId, EventId, WorkspaceId

PLATFORM = "slack:"

REFER_FROM_MESSAGE = "refer_from_message"
"""The callback id of the message shortcut *I can refer someone*."""

SHORTCUTS = {"refer_new": "refer", "ask_new": "ask"}
"""The callback ids of the global shortcuts, and the command each stands for."""

MOST_EVENT = 100
_PLAIN = re.compile(r"[A-Za-z0-9_.-]+")

TeamId = NewType("TeamId", str)
"""Slack's own name for a workspace: `T123`."""


class OrgWideInstallError(NotUnderstoodError):
    """It comes from an installation for a whole Enterprise organisation, which this bot does not offer."""


def workspace_of(team: str) -> WorkspaceId:
    """Return our name for a Slack workspace. Raises NotUnderstoodError for what cannot be one."""
    return WorkspaceId(PLATFORM + identity(team))


def team_of(workspace: WorkspaceId) -> TeamId:
    """Return Slack's name for a workspace of ours. Raises NotUnderstoodError for another platform's."""
    if not workspace.startswith(PLATFORM):
        raise NotUnderstoodError("workspace")
    return TeamId(workspace.removeprefix(PLATFORM))


def identity(value: str) -> str:
    """Return an id as it stands. Raises NotUnderstoodError for one with characters that no id of Slack's has."""
    if len(value) > MOST_EVENT or not _PLAIN.fullmatch(value):
        raise NotUnderstoodError("id")
    return value


def event_of(raw: str) -> EventId:
    """Return our name for one thing that arrived, from its event id or trigger id, whatever that looks like."""
    named = PLATFORM + raw
    if len(named) <= MOST_EVENT and _PLAIN.fullmatch(raw):
        return EventId(named)
    return EventId(PLATFORM + sha256(raw.encode("utf-8", "surrogatepass")).hexdigest())


def verb_and_ref(travelled: str) -> tuple[str, str]:
    """Return what a button's action id or a form's callback id says. Raises NotUnderstoodError for anybody else's."""
    verb, colon, ref = travelled.partition(":")
    if not verb or not colon:
        raise NotUnderstoodError("action")
    return verb, ref


@dataclass(frozen=True, slots=True)
class Opened:
    """Where a form was opened: the group's channel, if any, and the message whose button opened it."""

    channel: ChannelId | None = None
    conversation: str = ""
    ts: str = ""

    def written(self) -> str:
        """Return it as a view's private metadata, far below the 3,000 characters that may have."""
        return json.dumps({"channel": self.channel, "in": self.conversation, "ts": self.ts}, separators=(",", ":"))


NOWHERE = Opened()


def opened_from(metadata: str) -> Opened:
    """Return where a form was opened, from its private metadata. Raises NotUnderstoodError."""
    if not metadata:
        return NOWHERE
    try:
        read = json.loads(metadata)
    except (ValueError, RecursionError):
        raise NotUnderstoodError("private_metadata") from None
    if not isinstance(read, dict):
        raise NotUnderstoodError("private_metadata")
    channel, conversation, ts = ("" if read.get(key) is None else read[key] for key in ("channel", "in", "ts"))
    if not all(isinstance(one, str) for one in (channel, conversation, ts)):
        raise NotUnderstoodError("private_metadata")
    return Opened(ChannelId(identity(channel)) if channel else None, conversation, ts)
