"""The command line: what can be typed. What it does is imported when it is typed, so that help comes at once."""

from pathlib import Path
from typing import Annotated, Literal

import typer

EndingName = Literal["agreed", "declined", "silent", "blocked", "paused", "withdrawn", "role-only", "lead"]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask whether you are sure.")]
Numbers = Annotated[list[int], typer.Argument(help="Numbers as `twoyes deadletters list` shows them.", min=1)]
Who = Annotated[
    str, typer.Argument(metavar="USER", help="Their id on the platform, as in U024BE7LH, or their member key.")
]
Workspace = Annotated[
    str, typer.Option(help="Where that id belongs, as in slack:T024BE7LG. Needed if it occurs in several.")
]

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Two yeses, one introduction: a referral bot for networking groups.",
    epilog="Settings come from the environment and from a file .env here; the README lists them. "
    "Exit codes: 0 done, 1 failed, 2 wrong usage.",
)
deadletters = typer.Typer(
    no_args_is_help=True,
    help="Deliveries that were given up, and what is to become of them.",
    rich_markup_mode="markdown",
)
keys = typer.Typer(no_args_is_help=True, help="The keys that seal what people wrote.", rich_markup_mode="markdown")
manifest = typer.Typer(
    no_args_is_help=True, help="The registration of this bot as an app on a platform.", rich_markup_mode="markdown"
)
invite = typer.Typer(
    no_args_is_help=True, help="The link by which this bot is added on a platform.", rich_markup_mode="markdown"
)
app.add_typer(deadletters, name="deadletters")
app.add_typer(manifest, name="manifest")
app.add_typer(invite, name="invite")
app.add_typer(keys, name="keys")


def main() -> int:
    """Obey the command line; whatever goes wrong becomes a sentence and an exit code."""
    try:
        app()
    except Exception as error:  # noqa: BLE001 -- the process's edge
        from bot.cli.failing import code_of, sentence_of

        typer.echo(f"twoyes: {sentence_of(error)}", err=True)
        return code_of(error)
    return 0


@app.command()
def serve() -> None:
    """Run the bot until it is told to stop, then deliver what is due and leave.

    A SQLite database that does not exist is made, with a key beside it. An older one is refused: run `twoyes migrate`
    first. SIGTERM and Ctrl-C stop it in order, a second one at once.

    Example: `TWOYES_LOG_FORMAT=json twoyes serve`
    """
    import gc

    gc.disable()  # until it serves: all that is loaded stays, and looking through it is a tenth of the start

    from bot.cli.serve import serve as run
    from bot.settings import read_settings

    run(read_settings())


@app.command()
def demo(
    ending: Annotated[EndingName, typer.Option(help="How the story ends.")] = "agreed",
    weeks: Annotated[int, typer.Option(min=0, max=52, help="How many weeks it goes on for afterwards.")] = 0,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line: who saw what, when.")] = False,
    interactive: Annotated[bool, typer.Option("--interactive", help="Play everybody yourself.")] = False,
) -> None:
    """Play a referral among five sample people, on a database that is thrown away.

    Nothing has to be set up, and nothing of yours is touched.

    Examples: `twoyes demo --weeks 3`, `twoyes demo --ending declined --json`, `twoyes demo --interactive`
    """
    from bot.cli.demo import demo as run

    raise typer.Exit(run(ending, weeks=weeks, as_json=as_json, interactive=interactive))


@app.command()
def migrate(
    to: Annotated[
        str, typer.Option(metavar="VERSION", help="A version of the tables: head is this program's.")
    ] = "head",
) -> None:
    """Bring the database's tables to this program's version, or back to an older one.

    It happens as a whole or not at all, and a SQLite file is copied first.

    Examples: `twoyes migrate`, `twoyes migrate --to 0001`
    """
    from bot.cli.upkeep import migrate as run
    from bot.settings import read_settings

    run(read_settings(), to)


@app.command()
def doctor() -> None:
    """Check everything the bot needs, one line each, and say what to do. Changes nothing.

    Exit code 1 if something has to be fixed.
    """
    from bot.cli.doctor import doctor as run
    from bot.settings import read_settings

    raise typer.Exit(run(read_settings()))


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes; it must not exist yet.")],
) -> None:
    """Copy the database while the bot runs.

    SQLite gives a file that can be opened as it is, PostgreSQL an archive for pg_restore. The key is not in it: keep
    that elsewhere.

    Example: `twoyes backup /backups/twoyes-monday.db`
    """
    from bot.cli.upkeep import backup as run
    from bot.settings import read_settings

    run(read_settings(), file)


@app.command()
def export(who: Who, workspace: Workspace = "") -> None:
    """Print what is stored about a person, as JSON. They get the same from `/intros privacy`.

    Example: `twoyes export U024BE7LH > for-them.json`
    """
    from bot.cli.people import export as run
    from bot.settings import read_settings

    run(read_settings(), who, workspace)


@app.command()
def erase(who: Who, workspace: Workspace = "", *, yes: Yes = False) -> None:
    """Forget a person: what they wrote, what was written about them, and who they are. It cannot be undone.

    Example: `twoyes erase U024BE7LH --workspace slack:T024BE7LG`
    """
    from bot.cli.people import erase as run
    from bot.settings import read_settings

    run(read_settings(), who, workspace, sure=yes)


@app.command()
def purge(
    *, dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be forgotten.")] = False
) -> None:
    """Forget what was kept long enough, as a running bot does every day: one line for each group and kind.

    Example: `twoyes purge --dry-run`
    """
    from bot.cli.purging import purge as run
    from bot.settings import read_settings

    run(read_settings(), dry_run=dry_run)


@app.command()
def tally(
    group: Annotated[str, typer.Option(help="The group's id. Needed if there are several.")] = "",
    week: Annotated[str, typer.Option(help="An ISO week, as in 2026-W47. Without it, the last one.")] = "",
    png: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw the chart into this file.")] = None,
) -> None:
    """Print a group's week, as it was posted or would be: the numbers, and names only of those who asked for it.

    Example: `twoyes tally --week 2026-W47 --png week.png`
    """
    from bot.cli.tally import tally as run
    from bot.settings import read_settings

    run(read_settings(), group, week, png)


@app.command()
def version() -> None:
    """Say which version this is, and of what it depends on most."""
    from bot.cli.version import version as run

    run()


@deadletters.command("list")
def deadletters_list() -> None:
    """Show what was given up, oldest first."""
    from bot.cli.deadletters import show_all
    from bot.settings import read_settings

    show_all(read_settings())


@deadletters.command("show")
def deadletters_show(number: Annotated[int, typer.Argument(help="Its number in the list.", min=1)]) -> None:
    """Show all that is known of one. No message text is kept with it."""
    from bot.cli.deadletters import show
    from bot.settings import read_settings

    show(read_settings(), number)


@deadletters.command("replay")
def deadletters_replay(
    numbers: Annotated[list[int] | None, typer.Argument(help="Numbers as the list shows them.", min=1)] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
) -> None:
    """Try to deliver them once more. A running bot takes them up within a second.

    Example: `twoyes deadletters replay 17 21`
    """
    from bot.cli.deadletters import replay
    from bot.settings import read_settings

    replay(read_settings(), numbers or [], everything=everything)


@deadletters.command("drop")
def deadletters_drop(numbers: Numbers, *, yes: Yes = False) -> None:
    """Throw them away: nobody will get them."""
    from bot.cli.deadletters import drop
    from bot.settings import read_settings

    drop(read_settings(), numbers, sure=yes)


@manifest.command("slack")
def manifest_slack(
    url: Annotated[str, typer.Option(help="Where Slack reaches this bot, as in https://bot.example.org.")] = "",
    *,
    socket_mode: Annotated[bool, typer.Option("--socket-mode", help="One workspace, and no public address.")] = False,
) -> None:
    """Print the manifest to create a Slack app from, as JSON.

    Examples: `twoyes manifest slack --socket-mode`, `twoyes manifest slack --url https://bot.example.org`
    """
    from bot.cli.manifest import slack
    from bot.settings import read_settings

    slack(read_settings(), url, socket_mode=socket_mode)


@invite.command("discord")
def invite_discord() -> None:
    """Print the link that adds the bot to a Discord server, with exactly the permissions it needs.

    Who opens it needs Manage Server there. DISCORD_TOKEN says which bot it is.
    """
    from bot.cli.inviting import discord
    from bot.settings import read_settings

    discord(read_settings())


@keys.command("new")
def keys_new() -> None:
    """Print a new key, for TWOYES_ENCRYPTION_KEYS."""
    from storage.keys import new_key

    typer.echo(new_key())


@keys.command("rotate")
def keys_rotate() -> None:
    """Seal everything anew with the newest key.

    Keys in a file beside the database: stop the bot, run this, and start it. A new key is made and the old one goes.

    Keys in TWOYES_ENCRYPTION_KEYS: put a new one in front of the old one, restart every bot, run this, and take the old
    one away. Interrupted, it may be run again.
    """
    from bot.cli.upkeep import rotate
    from bot.settings import read_settings

    rotate(read_settings())
