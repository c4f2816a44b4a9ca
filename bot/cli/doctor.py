"""`twoyes doctor`: looks at everything the bot needs, changes nothing, and says what to do."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from bot.cli.discord_settings import discord_way_of
from bot.cli.examining import Finding, Verdict, clock, disk, operator, platforms, unknown_variables
from bot.cli.examining_database import database
from bot.cli.slack_settings import way_of
from bot.settings import Settings

_COLOURS = {Verdict.OK: "green", Verdict.NOTE: "yellow", Verdict.FIX: "bold red"}


def doctor(settings: Settings) -> int:
    """Print a line for each thing; 1 if something has to be fixed."""
    console = Console(highlight=False)
    code = 0
    for finding in findings(settings):
        mark = (f"{finding.verdict:<6}", _COLOURS[finding.verdict])
        console.print(Text.assemble(mark, f"{finding.about:<12}", finding.says), soft_wrap=True)
        code = 1 if finding.verdict is Verdict.FIX else code
    return code


def findings(settings: Settings) -> Iterator[Finding]:
    """Look at one thing after the other."""
    yield from database(settings)
    yield disk(settings)
    yield clock(settings)
    yield operator(settings)
    yield platforms(settings)
    if way_of(settings) is not None:
        from bot.cli.examining_slack import slack

        yield from slack(settings)
    if discord_way_of(settings) is not None:
        from bot.cli.examining_discord import discord

        yield from discord(settings)
    yield from unknown_variables()
