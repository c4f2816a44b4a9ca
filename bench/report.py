"""Puts a run into words: the table in the terminal, and bench/README.md."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.table import Table

from bench.figures import HEADINGS, Figure, Verdict
from bench.rows import ROWS
from bench.run import Row

_COLOURS = {Verdict.MET: "green", Verdict.WITHIN: "yellow", Verdict.FAILED: "bold red", Verdict.TOLD: ""}
_HEAD = """\
# Speed

What this bot costs, as ratios to a floor that was measured in the same run, in turn with it. `make bench` measures, and
fails when a figure is past its gate; `make bench ARGS="--write --date 2026-11-20"` also writes this page, row by row.
`--only` takes one row, `--quick` does less of everything, `--repeats` changes how often.

Every figure is the median of its repeats. Read the ratios: absolute figures belong to this machine, on which other
programs ran as well."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A row with what was found."""

    row: Row
    figures: Sequence[Figure]

    @property
    def failed(self) -> bool:
        """Say whether a figure is past its gate."""
        return any(figure.verdict is Verdict.FAILED for figure in self.figures)


def table(measured: Iterable[Measured]) -> Table:
    """Return the table for the terminal."""
    made = Table(*HEADINGS, box=None, header_style="bold")
    for one in measured:
        made.add_section()
        for figure in one.figures:
            *cells, verdict = figure.cells
            made.add_row(*cells, f"[{colour}]{verdict}[/]" if (colour := _COLOURS[figure.verdict]) else verdict)
    return made


def machine_table(facts: Iterable[tuple[str, str]]) -> Table:
    """Return what it was measured on, for the terminal."""
    made = Table(box=None, show_header=False)
    for name, value in facts:
        made.add_row(name, value)
    return made


def readme(before: str, measured: Sequence[Measured], facts: Sequence[tuple[str, str]], when: str) -> str:
    """Return bench/README.md with what was measured now; of the rows that were not, what it said before stays.

    `when` says the day and how often. The rows stand in their own order.
    """
    said = {part.partition("\n")[0]: part.strip() for part in before.split("\n## ")[1:]}
    said |= {one.row.title: _section(one, when) for one in measured}
    sections = (f"## {said[row.title]}" for row in ROWS if row.title in said)
    machine = "\n".join(_markdown([("", ""), *facts]))
    return "\n\n".join((_HEAD, "The machine:", machine, *sections)) + "\n"


def _section(one: Measured, when: str) -> str:
    lines = _markdown([HEADINGS, *(figure.cells for figure in one.figures)])
    alone = f"Alone: `--only {one.row.name}`. Measured on {when}."
    return "\n\n".join((one.row.title, one.row.how, alone, "\n".join(lines)))


def _markdown(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield _line(rows[0])
    yield _line(["---"] * len(rows[0]))
    yield from map(_line, rows[1:])


def _line(cells: Sequence[str]) -> str:
    return "|" + "".join(f" {cell} |" if cell else " |" for cell in cells)
