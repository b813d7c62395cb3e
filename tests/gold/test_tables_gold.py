"""Cells of the annex tables against the annotations, and the checks that hold in them."""

from __future__ import annotations

import importlib.util
import json
from collections import Counter
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from pipeline.assemble.table_checks import findings
from pipeline.assemble.tables import tables
from pipeline.model import Territory
from pipeline.read import read
from pipeline.structure import outline
from pipeline.text import canonical

Records = list[dict[str, Any]]


def _score(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", shared / "score.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def _read(shared: Path, source: str) -> tuple[Records, Records]:
    text = canonical(read(shared / "corpus" / source))
    rows: Records = []
    cells: Records = []
    for document in outline(text).documents:
        territory = Territory("410800", "焦作市", "city", "河南省")
        more, found = tables(text, document, f"410800-2024-04/{document.ordinal}", "410800-2024-04", territory)
        rows, cells = rows + more, cells + found
    return rows, cells


def _golds(shared: Path) -> Records:
    return [json.loads(p.read_text(encoding="utf-8")) for p in sorted((shared / "gold").glob("*.tables.json"))]


def test_cells(shared: Path) -> None:
    score = _score(shared)
    for gold in _golds(shared):
        tally = score.Tally()
        score.score_cells(gold, *_read(shared, gold["source"]), tally)
        assert tally.figures()["cells"]["f1"] >= 0.98, tally.misses


def test_suspect_cells_are_marked(shared: Path) -> None:
    """Of the cells that the annotations doubt for their print, all are marked; few others are."""
    for gold in _golds(shared):
        _, cells = _read(shared, gold["source"])
        marked = {(c["line"], c["col"]) for c in cells if c["suspect"]}
        wanted = {(c["line"], c["col"]): c for t in gold["tables"] for c in t["cells"] if c.get("suspect")}
        merged = {at for at, c in wanted.items() if "suspect_merged" in c["flags"]}
        assert not set(wanted) - merged - marked
        placed = {(c["line"], c["col"]) for t in gold["tables"] for c in t["cells"]}
        assert len(marked & placed - set(wanted)) <= 0.03 * len(placed)


def test_checks_hold_but_for_the_table_with_wrong_headers(shared: Path) -> None:
    rows, cells = _read(shared, "jiaozuo-2024-04.md")
    found = findings(rows, cells)
    broken = [f for f in found if not f["holds"]]
    wrong = next(r["table_id"] for r in rows if r["annex_no"] == 6)
    assert {f["table_id"] for f in broken} == {wrong}
    held = Counter(f["check"] for f in found if f["holds"])
    assert held["column_total"] >= 17 and held["tables_agree"] >= 2
    assert held["row_sum"] >= 4 and held["row_share"] >= 4
    assert next(r["status"] for r in rows if r["annex_no"] == 6) == "suspect"
