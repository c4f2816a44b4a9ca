"""The benchmark's command line: measure, print, and fail past a gate."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench.databases import Databases, databases
from bench.machine import facts
from bench.report import Measured, machine_table, readme, table
from bench.rows import ROWS
from bench.run import Row, Run

README = Path(__file__).with_name("README.md")


def main() -> int:
    """Return 1 when a figure is past its gate."""
    options = _options()
    console = Console()
    with databases() as made:
        chosen = [row for row in ROWS if not options.only or row.name in options.only]
        measured = _measured(made, chosen, console, options)
        machine = list(facts(made))
    console.print(table(measured), machine_table(machine))
    if options.write:
        before = README.read_text(encoding="utf-8")
        when = f"{options.date}, {options.repeats} repeats"
        README.write_text(readme(before, measured, machine, when), encoding="utf-8")
    return 1 if any(one.failed for one in measured) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    names = [row.name for row in ROWS]
    parser.add_argument(
        "--only", action="append", choices=names, metavar="NAME", help=f"one of {', '.join(names)}; may be repeated"
    )
    parser.add_argument("--repeats", type=int, default=5, help="how often everything is measured, in turn (5)")
    parser.add_argument("--quick", action="store_true", help="do less of everything: a look, not a measurement")
    parser.add_argument(
        "--write", action="store_true", help="write what was measured into bench/README.md; needs --date"
    )
    parser.add_argument("--date", help="the day of the measurement, for the report")
    options = parser.parse_args()
    if options.write and (not options.date or options.quick):
        parser.error("--write needs --date, and does not go with --quick")
    return options


def _measured(made: Databases, rows: Sequence[Row], console: Console, options: argparse.Namespace) -> list[Measured]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        run = Run(made, progress, repeats=options.repeats, quick=options.quick)
        return [Measured(row, row.measure(run)) for row in rows]


if __name__ == "__main__":
    sys.exit(main())
