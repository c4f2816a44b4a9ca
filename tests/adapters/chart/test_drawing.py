"""The chart as people see it: on light and on dark, in every script there is a font for, and the same every time."""

from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from itertools import cycle
from typing import Any

import pytest

from adapters.chart.worker import ChartWorker
from bot.ports.charts import Bar, Chart

SLACK_LIGHT, SLACK_DARK, DISCORD_DARK = "#ffffff", "#1a1d21", "#313338"
READABLE, VISIBLE = 4.5, 3.0
"""WCAG 2.2 asks for so much contrast between text and its ground (1.4.3), and for parts of pictures (1.4.11)."""

TITLES = (
    "Vorstellungen für Groß & Klein, é è ñ å",
    "Znajomości Łódź, ćwierć ŻÓŁĆ",
    "Знайомства Житомир",
    "Γνωριμίες, İstanbul, Tiếng Việt",
    "紹介 소개 تعارف 😀 \ufffe\x07",
    "$1 of {words} \\alpha_2 %s",
    "",
    "lange Worte " * 30,
)
VALUES = ((0,), (1, 3), (120, 99, 1300, 0, 10**9), (7,) * 9)


@pytest.fixture(scope="module")
def look() -> Any:  # noqa: ANN401 -- a module
    """What looks at charts, loaded now."""
    return import_module("tests.adapters.chart.looking")


def a_chart(values: tuple[int, ...] = (2, 3, 1, 0, 4, 6, 2, 3, 5), title: str = "Introductions, week by week") -> Chart:
    bars = tuple(Bar(f"W{39 + at}", value) for at, value in enumerate(values))
    return Chart(title, bars, "2 in week 39")


def test_all_that_is_on_it_stands_out_from_its_ground_whatever_the_client_looks_like(look: Any) -> None:  # noqa: ANN401
    """The ground is opaque, so a client's own colour shows nowhere but around the picture."""
    found, drawing = look.pixels(a_chart()), look.drawing

    assert found.shape == (drawing.HEIGHT, drawing.WIDTH, 4)
    assert (found[..., 3] == 255).all()
    for ink in (drawing.INK, drawing.QUIET_INK):
        assert look.of_colour(found, ink).sum() > 500
        assert look.contrast(ink, drawing.GROUND) >= READABLE
    for fill in (drawing.BAR, drawing.LAST_BAR):
        assert look.of_colour(found, fill).sum() > 10_000
        assert look.contrast(fill, drawing.GROUND) >= VISIBLE
    assert look.contrast(drawing.LAST_BAR, drawing.BAR) > 1.5, "also for those who see no colour"
    for behind in (SLACK_LIGHT, SLACK_DARK, DISCORD_DARK):
        assert look.contrast(drawing.GROUND, behind) > 1.05


def test_each_week_is_a_bar_as_high_as_its_number_and_the_last_has_its_own_colour(look: Any) -> None:  # noqa: ANN401
    found, drawing = look.pixels(a_chart((1, 4, 2))), look.drawing
    foot = int(drawing.HEIGHT * (1 - drawing.BOTTOM)) - 4

    assert (look.stretches(found, drawing.BAR, foot), look.stretches(found, drawing.LAST_BAR, foot)) == (2, 1)
    assert look.height(found, drawing.BAR) == pytest.approx(2 * look.height(found, drawing.LAST_BAR), abs=4)


def test_any_title_and_any_numbers_are_drawn_without_a_complaint(look: Any, caplog: pytest.LogCaptureFixture) -> None:  # noqa: ANN401
    """Warnings are errors here, and a character that no font has is one of matplotlib's."""
    for title, values in zip(TITLES, cycle(VALUES), strict=False):
        assert look.drawing.drawn(a_chart(values, title)).startswith(b"\x89PNG")
    assert caplog.records == []


def test_accents_and_other_scripts_are_kept_and_what_no_font_here_has_is_left_out(look: Any) -> None:  # noqa: ANN401
    for kept in ("é", "ß", "Ł", "ł", "Ж", "ї", "Γ", "İ", "ế", "ø"):
        assert look.fonts.shown_by(kept) == kept
    assert look.fonts.shown_by("a\ufffeb\U000e0001\ncd") == "ab cd"


def test_a_title_is_set_smaller_until_it_fits(look: Any) -> None:  # noqa: ANN401
    drawing = look.drawing
    found = look.pixels(a_chart(title="Introductions " * 8))
    rim = int(drawing.WIDTH * (1 - drawing.RIGHT))

    assert look.of_colour(found[:120, -rim:], drawing.GROUND).all()
    assert look.of_colour(found[:120], drawing.INK).any()


async def test_charts_are_drawn_beside_the_loop_the_same_every_time_and_nothing_of_them_stays(look: Any) -> None:  # noqa: ANN401
    worker = ChartWorker()
    with ThreadPoolExecutor(1) as thread:
        elsewhere = thread.submit(look.drawing.drawn, a_chart()).result()

    drawn = [await worker.draw(a_chart()) for _ in range(2)]
    worker.close()
    worker.close()

    assert drawn == [elsewhere, elsewhere]
    assert b"Software" not in elsewhere
    assert look.figures_left() == 0
