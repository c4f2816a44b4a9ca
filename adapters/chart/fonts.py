"""Which of the machine's fonts a chart is written in, and what they can write."""
# ruff: noqa: TID253 -- imported when the first chart is drawn, as what draws it

from functools import lru_cache
from typing import Final

from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font

OWN: Final = "DejaVu Sans"
"""Comes with matplotlib: Latin with every accent, Greek, Cyrillic, Armenian, Hebrew, some Arabic."""

OTHERS: Final = (
    "Noto Sans",
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Noto Sans CJK KR",
    "Noto Sans JP",
    "Noto Sans SC",
    "Noto Sans KR",
    "Source Han Sans",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "IPAGothic",
    "IPAexGothic",
    "Droid Sans Fallback",
    "Unifont",
    "Hiragino Sans",
    "PingFang SC",
    "Noto Sans Arabic",
    "Noto Naskh Arabic",
    "Noto Kufi Arabic",
    "Amiri",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans Bengali",
    "Noto Sans Tamil",
    "Noto Sans Thai",
    "Noto Sans Ethiopic",
    "Lohit Devanagari",
    "FreeSans",
    "FreeSerif",
    "Noto Emoji",
    "Symbola",
)
"""What distributions carry for the rest, each tried for what those before it lack. Colour fonts cannot be drawn."""

_SPACE: Final = 0x20


@lru_cache(maxsize=1)
def families() -> tuple[str, ...]:
    """Return the fonts that are installed, our own first. One that is not would be complained of at every text."""
    installed = {entry.name for entry in fontManager.ttflist}
    return (OWN, *(name for name in OTHERS if name in installed))


def shown_by(text: str) -> str:
    """Return as much of the text as the fonts have characters for, on one line."""
    flat = " ".join(text.split())
    return flat if flat.isascii() else "".join(sign for sign in flat if _has(ord(sign)))


def _has(sign: int) -> bool:
    return sign >= _SPACE and any(sign in _signs(name) for name in families())


@lru_cache(maxsize=len(OTHERS) + 1)
def _signs(family: str) -> frozenset[int]:
    """Return the code points that a font has, in normal and in bold."""
    faces = (findfont(FontProperties(family=family, weight=weight)) for weight in ("normal", "bold"))
    normal, bold = (frozenset(get_font(face).get_charmap()) for face in faces)
    return normal & bold
