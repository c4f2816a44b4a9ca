"""Talking to whoever typed: results on standard output, everything else on standard error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

Report = Callable[[int, int], None]
"""Takes how much is done, and how much there is."""


def tell(sentence: str) -> None:
    """Print a result."""
    Console(highlight=False).print(Text(sentence), soft_wrap=True)


def say(sentence: str) -> None:
    """Print a remark beside the results."""
    Console(stderr=True, highlight=False).print(Text(sentence), soft_wrap=True)


@contextmanager
def bar(doing: str) -> Iterator[Report]:
    """Show a bar while something takes long, on a terminal only; it is gone when that is done."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(doing, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
