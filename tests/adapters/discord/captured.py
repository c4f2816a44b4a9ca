"""What Discord sends, captured and scrubbed: one file for each kind of interaction."""

import json
from pathlib import Path
from typing import Any

from bot.domain.ids import ChannelId, UserId, WorkspaceId

PAYLOADS = Path(__file__).parent / "payloads"
GUILD = "200000000000000001"
WORKSPACE = WorkspaceId(f"discord:{GUILD}")
CHANNEL = ChannelId("300000000000000001")
ANA, BEN, CARLA, DAVID = (UserId(f"40000000000000000{number}") for number in range(1, 5))
NAMES = sorted(path.stem for path in PAYLOADS.glob("*.json"))


def captured(name: str) -> dict[str, Any]:
    """Return a fresh copy of a payload."""
    read: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return read
