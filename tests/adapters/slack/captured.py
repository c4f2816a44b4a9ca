"""What Slack sends, captured and scrubbed: one file for each kind of thing."""

import json
from pathlib import Path
from typing import Any

from adapters.slack import inbound
from adapters.slack.inbound import Arrived
from bot.domain.ids import ChannelId, UserId, WorkspaceId
from bot.ports.inbound import Slash

PAYLOADS = Path(__file__).parent / "payloads"
COMMANDS = {"/refer": "refer", "/ask": "ask", "/intros": "intros", "/introduce": "intros"}
WORKSPACE = WorkspaceId("slack:T024BE7LD")
CHANNEL = ChannelId("C0INTRO12")
ANA, BEN, CARLA = UserId("U0ANA51LM"), UserId("U0BEN7Q2P"), UserId("U0CARLA8Z")
NAMES = sorted(path.stem for path in PAYLOADS.glob("*.json"))


def captured(name: str) -> dict[str, Any]:
    """Return a fresh copy of a payload."""
    read: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return read


def command(arrived: Arrived) -> Slash:
    """Read a command as this workspace has them."""
    return inbound.command(arrived, names=COMMANDS)
