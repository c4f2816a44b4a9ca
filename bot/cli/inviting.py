"""`twoyes invite discord`: prints the link that adds the bot to a server."""

import typer

from adapters.discord.invite import invite_link
from bot.cli.discord_settings import application_of, token_of
from bot.cli.failing import FailedError
from bot.settings import Settings


def discord(settings: Settings) -> None:
    """Print it. Raises FailedError without a bot's token, which begins with the application's id."""
    application = application_of(token_of(settings))
    if application is None:
        raise FailedError("Set DISCORD_TOKEN to the bot's token, from the app's page Bot. The link is made from it.")
    typer.echo(invite_link(application))
