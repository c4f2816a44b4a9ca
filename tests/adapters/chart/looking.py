"""Looking at a drawn chart: its pixels, and how well what is on it can be told apart.

It loads what draws, so tests import it when they run and not when they are collected.
"""

import gc
import io
from typing import TypeAlias

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from adapters.chart import drawing, fonts
from bot.ports.charts import Chart

__all__ = ["drawing", "fonts"]

Pixels: TypeAlias = NDArray[np.uint8]


def pixels(chart: Chart) -> Pixels:
    """Return the picture, row by row, in RGBA."""
    return np.asarray(Image.open(io.BytesIO(drawing.drawn(chart))).convert("RGBA"))


def of_colour(found: Pixels, colour: str) -> NDArray[np.bool_]:
    """Return where the picture has exactly this colour."""
    wanted = np.array(list(bytes.fromhex(colour[1:])), dtype=np.uint8)
    return np.asarray(np.all(found[..., :3] == wanted, axis=-1))


def luminance(colour: str) -> float:
    """Return the relative luminance, by WCAG 2.2."""
    parts = [part / 255 for part in bytes.fromhex(colour[1:])]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio, by WCAG 2.2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def stretches(found: Pixels, colour: str, row: int) -> int:
    """Return how many stretches of a colour there are in a row."""
    is_it = of_colour(found, colour)[row]
    return int(np.sum(is_it[1:] & ~is_it[:-1]))


def height(found: Pixels, colour: str) -> int:
    """Return how high the highest column of a colour is."""
    return int(np.max(np.sum(of_colour(found, colour), axis=0)))


def figures_left() -> int:
    """Return how many figures are still in memory."""
    gc.collect()
    return sum(type(one) is Figure for one in gc.get_objects())
