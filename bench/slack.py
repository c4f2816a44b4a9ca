"""Slack's side for a benchmark: what it sends, signed, and a Web API that says yes and notes what people are shown."""

import hashlib
import hmac
import json
import time
from asyncio import Queue
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import aiohttp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.twoyes import answering

SECRET = "a secret for nothing"  # noqa: S105 - opens nothing
CHANNEL = "C0001"
NOON_ZONE = f"Etc/GMT{(time.gmtime().tm_hour - 12):+d}"
"""A zone in which it is about noon now: at night, nobody is asked anything."""

_CAPTURED = Path(__file__).parents[1] / "tests" / "adapters" / "slack" / "payloads" / "press_in_dm.json"
_numbers = count()


def command(user: str, text: str, *, team: str, name: str = "/intros") -> bytes:
    """Return a slash command as Slack sends it."""
    return urlencode(
        {
            "token": "none",
            "team_id": team,
            "team_domain": "example",
            "channel_id": CHANNEL,
            "channel_name": "introductions",
            "user_id": user,
            "user_name": "ana",
            "command": name,
            "text": text,
            "api_app_id": "A123456",
            "is_enterprise_install": "false",
            "response_url": "https://hooks.slack.example/commands/1234/5678",
            "trigger_id": f"13345224609.738474920.{next(_numbers)}",
        }
    ).encode()


def press(user: str, button: str, *, team: str) -> bytes:
    """Return a button pressed in a direct message: the payload captured for the tests, with other ids."""
    payload: dict[str, Any] = json.loads(_CAPTURED.read_text(encoding="utf-8"))
    payload["user"] |= {"id": user, "team_id": team}
    payload["team"]["id"] = team
    payload["container"]["channel_id"] = payload["channel"]["id"] = f"D{user}"
    payload["trigger_id"] = f"13345224609.738474921.{next(_numbers)}"
    payload["actions"][0]["action_id"] = button
    return urlencode({"payload": json.dumps(payload)}).encode()


def signed(body: bytes) -> dict[str, str]:
    """Return the headers of a request that is made now."""
    stamp = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), b"v0:%s:%s" % (stamp.encode(), body), hashlib.sha256).hexdigest()
    return {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": f"v0={signature}",
    }


async def send(session: aiohttp.ClientSession, url: str, body: bytes) -> None:
    """Send a signed request, and have it acknowledged."""
    async with session.post(f"{url}/slack/events", data=body, headers=signed(body)) as answer:
        text = await answer.text()
        assert answer.status == 200, (answer.status, text)


class WebApi:
    """Says yes to every call. What people may press is in `shown`: who, in which team, and the button's id."""

    def __init__(self) -> None:
        self.shown: Queue[tuple[str, str, str]] = Queue()
        self.url = ""
        self._stamps = count(1)

    async def answer(self, request: Request) -> Response:
        """Answer one call."""
        told = await _arguments(request)
        team = request.headers.get("authorization", "").rpartition("-")[2]
        match request.path_params["method"]:
            case "users.info":
                user = {
                    "id": told["user"],
                    "team_id": team,
                    "name": told["user"],
                    "real_name": f"Person {told['user']}",
                }
                return JSONResponse({"ok": True, "user": user | {"tz": NOON_ZONE, "locale": "en-US"}})
            case "conversations.open":
                users = told["users"]
                opened = f"G{next(self._stamps)}" if "," in users else f"D{users}"
                return JSONResponse({"ok": True, "channel": {"id": opened}})
            case _:
                self._note(told, team)
                stamp = f"1763370000.{next(self._stamps):06}"
                return JSONResponse({"ok": True, "channel": told.get("channel", ""), "ts": stamp})

    def _note(self, told: Mapping[str, Any], team: str) -> None:
        blocks = told.get("blocks") or []
        for block in json.loads(blocks) if isinstance(blocks, str) else blocks:
            for element in block.get("elements", ()):
                if str(element.get("action_id", "")).startswith("yes:"):
                    self.shown.put_nowait((told["channel"].removeprefix("D"), team, element["action_id"]))


async def _arguments(request: Request) -> dict[str, Any]:
    body = await request.body()
    if request.headers.get("content-type", "").startswith("application/json"):
        found: dict[str, Any] = json.loads(body)
        return found
    return {**request.query_params, **dict(parse_qsl(body.decode()))}


@asynccontextmanager
async def web_api() -> AsyncIterator[WebApi]:
    """Serve a Web API on loopback."""
    made = WebApi()
    async with answering(Starlette(routes=[Route("/api/{method}", made.answer, methods=["GET", "POST"])])) as url:
        made.url = f"{url}/api/"
        yield made


def token_of(team: str) -> str:
    """Return the token of the bot in a team, by which the Web API knows the team."""
    return f"xoxb-none-{team}"


def settings(api: str) -> Iterator[tuple[str, str]]:
    """Yield what has to be set so that `twoyes serve` serves Slack over HTTP."""
    yield "SLACK_SIGNING_SECRET", SECRET
    yield "SLACK_CLIENT_ID", "1.2"
    yield "SLACK_CLIENT_SECRET", "none"
    yield "TWOYES_SLACK_API_URL", api
    yield "TWOYES_PUBLIC_URL", "https://bot.example.org"
    yield "TWOYES_OPERATOR_NAME", "The benchmark"
    yield "TWOYES_OPERATOR_CONTACT", "bench@example.org"
    yield "TWOYES_HTTP_PORT", "0"
    yield "TWOYES_HTTP_HOST", "127.0.0.1"
