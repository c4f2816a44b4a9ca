"""A chart as a PNG: bars in one colour, the last in another, each with its number, on a ground of its own."""
# ruff: noqa: TID253 -- this module itself is imported when the first chart is drawn, and never by `serve`

from collections.abc import Iterator
from io import BytesIO
from typing import Final

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

from adapters.chart.fonts import families, shown_by
from bot.ports.charts import Bar, Chart

WIDTH, HEIGHT, DPI = 1200, 600, 100
"""Pixels: twice what a chat client shows it at on a desktop, four times what it shows on a phone."""

GROUND: Final = "#1f3a5f"
"""Opaque, so that it reads the same on a light client and on a dark one; the colour of the app itself."""
INK: Final = "#ffffff"
QUIET_INK: Final = "#c9d6e6"
BAR: Final = "#7f9fc4"
LAST_BAR: Final = "#ffc45c"
LINE: Final = "#4b678c"

TITLE_SIZE, NUMBER_SIZE, LABEL_SIZE, LEAST_SIZE = 30.0, 28.0, 23.0, 9.0
"""In points. What is too wide is set smaller."""
LEFT, BOTTOM, RIGHT, TOP = 0.04, 0.15, 0.96, 0.76
TITLE_HEIGHT = 0.89
BAR_WIDTH = 0.66
LEAST_SLOTS = 5
"""So narrow are the bars at least: two of them would be blocks else."""
HEADROOM = 1.2
"""How much higher than the highest bar the chart is: room for its number."""

_PLAIN: Final = {"Software": None}
"""Nothing in the file but the picture, so that the same chart is the same bytes."""


def drawn(chart: Chart) -> bytes:
    """Return the picture. Characters that no font here has are left out rather than shown as boxes."""
    figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI, facecolor=GROUND)
    FigureCanvasAgg(figure)
    title = figure.text(LEFT, TITLE_HEIGHT, *_words(chart.title), color=INK, fontproperties=_font(TITLE_SIZE, "bold"))
    title.set_verticalalignment("center")
    written = [(title, WIDTH * (RIGHT - LEFT)), *_bars(_axes(figure), chart.bars)]
    for text, room in written:
        _narrow(text, room)
    picture = BytesIO()
    figure.savefig(picture, format="png", metadata=_PLAIN)
    figure.clear()
    return picture.getvalue()


def _axes(figure: Figure) -> Axes:
    axes = figure.add_axes((LEFT, BOTTOM, RIGHT - LEFT, TOP - BOTTOM), facecolor="none")
    axes.set_yticks([])
    axes.set_xticks([])
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set(color=LINE, linewidth=2)
    return axes


def _bars(axes: Axes, bars: tuple[Bar, ...]) -> Iterator[tuple[Text, float]]:
    """Draw the bars, and yield each text with the room it has in pixels."""
    last = len(bars) - 1
    values = [bar.value for bar in bars]
    colours = [LAST_BAR if at == last else BAR for at in range(len(bars))]
    axes.bar(range(len(bars)), values, width=BAR_WIDTH, color=colours)
    slots = max(len(bars), LEAST_SLOTS)
    axes.set_xlim((last - slots) / 2, (last + slots) / 2)
    axes.set_ylim(0, max(*values, 0, 1) * HEADROOM)
    room = WIDTH * (RIGHT - LEFT) / slots * 0.94
    for at, bar in enumerate(bars):
        is_last = at == last
        ink, weight = (INK, "bold") if is_last else (QUIET_INK, "normal")
        yield _number(axes, at, bar, ink, weight), room
        yield _label(axes, at, bar, ink, weight), room


def _number(axes: Axes, at: int, bar: Bar, ink: str, weight: str) -> Text:
    return axes.annotate(
        f"{bar.value}",
        (at, bar.value),
        xytext=(0, 6),
        textcoords="offset points",
        ha="center",
        va="bottom",
        color=ink,
        fontproperties=_font(NUMBER_SIZE, weight),
    )


def _label(axes: Axes, at: int, bar: Bar, ink: str, weight: str) -> Text:
    return axes.annotate(
        *_words(bar.label),
        (at, 0),
        xytext=(0, -14),
        textcoords="offset points",
        ha="center",
        va="top",
        color=ink,
        fontproperties=_font(LABEL_SIZE, weight),
        annotation_clip=False,
    )


def _words(text: str) -> tuple[str]:
    """Return a text as it can be written; a dollar would begin a formula."""
    return (shown_by(text).replace("$", r"\$"),)


def _font(size: float, weight: str) -> FontProperties:
    return FontProperties(family=list(families()), size=size, weight=weight)


def _narrow(text: Text, room: float) -> None:
    """Set a text smaller if that is what it takes to fit."""
    width = text.get_window_extent().width
    if width > room:
        text.set_fontsize(max(float(text.get_fontsize()) * room / width, LEAST_SIZE))
