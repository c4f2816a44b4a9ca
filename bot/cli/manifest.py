"""`twoyes manifest slack`: prints the app's registration, to be pasted into Slack's *Create New App*."""

import json

import typer

from adapters.slack.manifest import Wanted, manifest
from bot.cli.failing import FailedError
from bot.cli.slack_settings import commands
from bot.settings import Settings


def slack(settings: Settings, url: str, *, socket_mode: bool) -> None:
    """Print it as JSON. Raises FailedError unless it is clear how Slack reaches the bot."""
    if socket_mode and url:
        raise FailedError("Give --url or --socket-mode, not both: by Socket Mode Slack needs no address.")
    url = "" if socket_mode else (url or settings.public_url).rstrip("/")
    if not socket_mode and not url.startswith("https://"):
        raise FailedError(
            "Say how Slack reaches the bot: --socket-mode for one workspace, or --url https://… for several."
        )
    named = ", ".join(filter(None, (settings.operator_name.strip(), settings.operator_contact.strip())))
    typer.echo(json.dumps(manifest(Wanted(commands(settings), named, url)), indent=2, ensure_ascii=False))
