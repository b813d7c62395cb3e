"""docs/quality.md and its plot are what the script makes of the figures kept."""

from __future__ import annotations

from benchmarks.quality import baseline
from benchmarks.quality.plot import reliability_plot, wilson
from benchmarks.quality.report import PAGE, PLOT, page

DATA = baseline.load()


def test_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == page(DATA), "run: make quality UPDATE=1"


def test_plot_is_current() -> None:
    assert PLOT.read_text("utf-8") == reliability_plot(DATA["confidence"]), "run: make quality UPDATE=1"


def test_both_golds_stand_apart() -> None:
    assert set(DATA["groups"]) == {"first", "second"}
    assert all(text["group"] in DATA["groups"] for text in DATA["texts"].values())


def test_intervals() -> None:
    low, high = wilson(9, 10)
    assert 0.55 < low < 0.9 < high < 1
    assert wilson(10, 10)[1] == 1
