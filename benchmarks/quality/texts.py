"""The annotated texts of both golds, parsed, and the score that judges them."""

from __future__ import annotations

import importlib.util
import json
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipeline import parse
from pipeline.bulletin import Bulletin

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("GONGBAO_SHARED", ROOT.parent / "shared"))
SECOND = ROOT / "tests" / "gold" / "second"
OWNED = ("responsibilities", "deadlines", "targets", "tasks")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class GoldText:
    """An annotated text with what `parse` makes of it; `tables` are the annotated cells of its annexes."""

    group: str
    stem: str
    gold: dict[str, Any]
    tables: dict[str, Any] | None
    bulletin: Bulletin

    @property
    def text(self) -> str:
        """The canonical text."""
        return self.bulletin.text.text

    def rows(self, table: str) -> list[Row]:
        """The rows of a table."""
        return self.bulletin.records.get(table, [])

    def by_measure(self, table: str) -> defaultdict[str, list[Row]]:
        """The rows of a table by their measure."""
        out: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self.rows(table):
            out[row["measure_id"]].append(row)
        return out

    def data(self) -> dict[str, Any]:
        """The records as the score wants them."""
        names = ("issues", "documents", "measures", "tables", "table_cells")
        return {t: self.rows(t) for t in names} | {t: self.by_measure(t) for t in OWNED}


def at_hand() -> bool:
    """Whether the real texts and the score are beside the checkout."""
    return (SHARED / "score.py").is_file() and (SHARED / "corpus").is_dir()


@cache
def referee() -> Any:
    """The module `../shared/score.py`."""
    spec = importlib.util.spec_from_file_location("gold_score", SHARED / "score.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _source(name: str) -> Path:
    folders = (SHARED / "corpus", SHARED / "corpus" / "wild")
    return next(f / name for f in folders if (f / name).is_file())


def gold_texts() -> Iterator[GoldText]:
    """Every annotated text, the first gold first, each in the order of names."""
    for group, folder in (("first", SHARED / "gold"), ("second", SECOND)):
        for path in sorted(folder.glob("*.json")):
            gold = json.loads(path.read_text("utf-8"))
            if "documents" not in gold:
                continue
            annex = path.with_suffix(".tables.json")
            tables = json.loads(annex.read_text("utf-8")) if annex.is_file() else None
            yield GoldText(group, path.stem, gold, tables, parse(_source(gold["source"])))
