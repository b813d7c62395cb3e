"""Departments with their roles on the gold, counted by the project's own score."""

from __future__ import annotations

import importlib.util
import json
from collections import defaultdict
from pathlib import Path
from types import ModuleType
from typing import Any

from pipeline import parse

OWNED = ("responsibilities", "deadlines", "targets", "tasks")


def _score(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("gold_score", shared / "score.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _by_measure(rows: list[dict[str, Any]]) -> defaultdict[str, list[dict[str, Any]]]:
    out: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        out[row["measure_id"]].append(row)
    return out


def test_departments_and_roles(shared: Path) -> None:
    score = _score(shared)
    total = score.Tally()
    for path in sorted((shared / "gold").glob("*.json")):
        gold = json.loads(path.read_text("utf-8"))
        if "documents" not in gold:
            continue
        records = parse(shared / "corpus" / gold["source"]).records
        total += score.score(gold, {t: _by_measure(r) if t in OWNED else r for t, r in records.items()})
    print(*(m for m in total.misses if " departments" in m), sep="\n")
    figures = total.figures()
    assert figures["departments"]["n"] > 500
    assert figures["departments"]["f1"] >= 0.96
    assert figures["departments+role"]["f1"] >= 0.96
