"""Each item of `gold/table_checks.md` is a row of `checks`, with the outcome that stands there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from expectations import suites
from pipeline import parse
from pipeline.assemble.table_checks import findings

_ITEM = re.compile(r"^\| ((?:A\d|X)-[\w-]+) \|.*\| ([a-z ]+) \|$", re.M)


class Said(NamedTuple):
    """Findings that say an item: of which check and annex, how many, with how many rows or which that break it."""

    check: str
    annexes: str
    n: int = 1
    rows: int | None = None
    broken: str = ""
    column: str = ""  # in the name of the first column, or in the message where there is none


ITEMS: dict[str, Sequence[Said]] = {
    "A1-text": [Said("text_figure", "1", n=8, rows=1)],
    "A1-days": [Said("text_days", "1", n=4, rows=1)],
    "A1-step": [Said("row_trend", "1", n=4, rows=12)],
    "A2-present": [Said("row_share", "2", rows=7, column="占比")],
    "A2-2024": [Said("row_share", "2", rows=7, column="2024年")],
    "A2-2025": [Said("row_share", "2", rows=6, column="2025年")],
    "A2-total": [Said("row_sum", "2", rows=7, column="总数")],
    "A2-text": [Said("text_floor", "2", rows=7, column="2024年"), Said("text_floor", "2", rows=6, column="2025年")],
    "A2-text-2": [Said("text_all", "2", rows=1)],
    "A3-total": [Said("column_total", "3", n=3)],
    "A3-row": [Said("row_sum", "3", rows=6)],
    "A3-text": [Said("text_figure", "3", n=2)],
    "A4-total": [Said("column_total", "4", n=6)],
    "A4-cover": [Said("row_sum", "4", rows=12)],
    "A4-text": [Said("text_share", "4", rows=1)],
    "A4-slash": [Said("row_stroke", "4", rows=5)],
    "A5-sum": [Said("row_sum", "5", rows=12)],
    "A5-total": [Said("column_total", "5", n=6)],
    "A5-rate24": [Said("row_share", "5", rows=12, column="2024年")],
    "A5-rate25": [Said("row_share", "5", rows=1, column="2025年")],
    "A5-A4": [Said("tables_agree", "4", n=2, rows=12)],
    "A5-A4-zero": [Said("tables_nought", "5", rows=12)],
    "A5-room": [Said("row_room", "5", rows=12)],
    "A6-area-2024": [Said("row_share", "6", broken="沁阳市 孟州市 博爱县 示范区", column="2024年")],
    "A6-area-2025": [Said("row_share", "6", broken="沁阳市 孟州市 博爱县 示范区", column="2025年")],
    "A6-order": [
        Said("row_twins", "6", broken="温县", column="户数"),
        Said("row_order", "6", broken="武陟县", column="面积"),
    ],
    "A6-text": [Said("text_figure", "6", n=15, rows=1)],
    "A6-rise": [Said("row_trend", "6", rows=7)],
    "A6-m2": [
        Said("row_ratio", "6", broken="孟州市 示范区", column="2024年"),
        Said("row_ratio", "6", broken="修武县 示范区", column="2025年"),
    ],
    "A6-m2-state": [Said("row_ratio", "6", n=2, broken="武陟县", column="实施")],
    "A6-85": [Said("row_constant", "6", rows=4)],
    "A7-total": [Said("column_total", "7", n=2)],
    "A7-text": [Said("text_figure", "7", n=2), Said("text_sum", "7")],
    "X-rows": [Said("tables_rows", "4567", n=4, rows=11)],
    "X-titles": [Said("annex_title", "1234567", n=7)],
    "X-labels": [Said("annex_label", "12367", n=5), Said("annex_label", "45", n=2, broken="*")],
}


@cache
def _found(shared: Path) -> tuple[dict[str, str], list[dict[str, Any]]]:
    tables = {k: t.to_pylist() for k, t in parse(shared / "corpus" / "jiaozuo-2024-04.md").tables().items()}
    annexes = {t["table_id"]: str(t["annex_no"]) for t in tables["tables"]}
    names = ("tables", "table_cells", "targets", "tasks", "documents")
    return annexes, [dict(f) for f in findings(*(tables[n] for n in names))]


def _matching(shared: Path, said: Said) -> list[dict[str, Any]]:
    annexes, found = _found(shared)
    return [
        f
        for f in found
        if f["check"] == said.check
        and annexes[f["table_id"]] in said.annexes
        and said.column in (f["columns"] or [f["message"]])[0]
        and f["holds"] is not bool(said.broken)
    ]


def test_every_item_has_a_check(shared: Path) -> None:
    items = dict(_ITEM.findall((shared / "gold" / "table_checks.md").read_text(encoding="utf-8")))
    assert len(items) > 40
    assert {k for k, use in items.items() if use in ("strict", "loose")} == set(ITEMS)
    named = {c.name.removeprefix("arithmetic.") for c in suites.load("arithmetic")}
    assert {s.check for said in ITEMS.values() for s in said} <= named


@pytest.mark.parametrize("item", ITEMS)
def test_items(shared: Path, item: str) -> None:
    for said in ITEMS[item]:
        found = _matching(shared, said)
        assert len(found) == said.n, said
        for finding in found:
            assert said.rows in (None, len(finding["rows"])), finding
            assert said.broken == "*" or set(said.broken.split()) <= set(finding["rows"]), finding


def test_nothing_else_differs(shared: Path) -> None:
    """What fails is what the items say: the table with wrong headers and the two labels."""
    annexes, found = _found(shared)
    broken = {(f["check"], annexes[f["table_id"]]) for f in found if not f["holds"]}
    assert broken == {(s.check, a) for said in ITEMS.values() for s in said if s.broken for a in s.annexes}
