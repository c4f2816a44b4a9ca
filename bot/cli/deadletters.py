"""`twoyes deadletters`: what could not be delivered, for the operator to replay or drop."""

from collections.abc import Sequence
from dataclasses import asdict

import typer
from rich.console import Console
from rich.table import Table

from adapters.system import SystemClock
from bot.cli.database import opened
from bot.cli.failing import FailedError
from bot.cli.terminal import tell
from bot.ports.rows import DeadLetter
from bot.settings import Settings


def show_all(settings: Settings) -> None:
    """Print a line for each."""
    with opened(settings) as store:
        letters = store.run_now(lambda tx: tx.outbox.dead_letters())
    if not letters:
        tell("There are no dead letters.")
        return
    table = Table("number", "died at", "what", "for", "tries", "reason", box=None, pad_edge=False)
    for letter in letters:
        table.add_row(
            str(letter.id), _when(letter), _what(letter), letter.destination, str(letter.attempts), letter.reason
        )
    Console(highlight=False, markup=False).print(table)


def show(settings: Settings, number: int) -> None:
    """Print one, a line for each fact."""
    with opened(settings) as store:
        letters = store.run_now(lambda tx: tx.outbox.dead_letters())
    letter = next((letter for letter in letters if letter.id == number), None)
    if letter is None:
        raise _unknown(number)
    facts = {
        "number": letter.id,
        "died at": _when(letter),
        "what": _what(letter),
        "key": letter.key,
        "for": letter.destination,
        "tries": letter.attempts,
        "reason": letter.reason,
        **(asdict(letter.effect) if letter.effect else {}),
    }
    for name, fact in facts.items():
        tell(f"{name:<10} {fact}")


def replay(settings: Settings, numbers: Sequence[int], *, everything: bool) -> None:
    """Queue them again."""
    if bool(numbers) == everything:
        raise typer.BadParameter("Give numbers, or --all.")
    now = SystemClock().now()
    with opened(settings) as store:
        if everything:
            numbers = [letter.id for letter in store.run_now(lambda tx: tx.outbox.dead_letters())]
        queued = store.run_now(lambda tx: [number for number in numbers if tx.outbox.replay(number, now)])
    _report(queued, numbers, "will be tried again")


def drop(settings: Settings, numbers: Sequence[int], *, sure: bool) -> None:
    """Throw them away, once the operator is sure."""
    if not sure:
        typer.confirm(f"Throw away {_listed(numbers)}? Nobody will get them.", abort=True, err=True)
    with opened(settings) as store:
        dropped = store.run_now(lambda tx: [number for number in numbers if tx.outbox.drop(number)])
    _report(dropped, numbers, "thrown away")


def _report(done: Sequence[int], asked: Sequence[int], what: str) -> None:
    """Say what happened to them; FailedError if there is one that did not exist."""
    tell(f"{_listed(done)} {what}." if done else "There was nothing to do.")
    missing = [number for number in asked if number not in done]
    if missing:
        raise _unknown(*missing)


def _unknown(*numbers: int) -> FailedError:
    return FailedError(f"There is no dead letter {_listed(numbers)}. `twoyes deadletters list` shows them.")


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def _when(letter: DeadLetter) -> str:
    return f"{letter.died_at:%Y-%m-%d %H:%M} UTC"


def _what(letter: DeadLetter) -> str:
    return letter.key.partition("/")[0]
