"""Quantities against the gold annotations: value, unit and comparison within each annotated context."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline.find.quantities import find_quantities
from pipeline.model import Quantity


def test_phrases(shared: Path) -> None:
    rows = [json.loads(line) for line in (shared / "reference" / "phrases.jsonl").read_text("utf-8").splitlines()]
    wrong = [r["text"] for r in rows if "quantities" in r and answers(r["text"]) != expected(r["quantities"])]
    assert wrong == []


def answers(text: str) -> list[tuple[str, float, float, str]]:
    return sorted((q.op, float(q.low), float(q.high), q.unit) for q in find_quantities(text))


def expected(rows: list[dict[str, Any]]) -> list[tuple[str, float, float, str]]:
    return sorted((q["op"], float(q["low"]), float(q["high"]), q["unit"]) for q in rows)


def measures(shared: Path) -> list[dict[str, Any]]:
    files = sorted(p for p in (shared / "gold").glob("*.json") if ".tables" not in p.name)
    documents = [d for p in files for d in json.loads(p.read_text("utf-8"))["documents"]]
    return [m for d in documents for m in d["measures"] if m.get("quantities")]


def contexts(measure: dict[str, Any]) -> list[str]:
    """The annotated contexts, without those that are part of another."""
    texts = list(dict.fromkeys(q["context"] for q in measure["quantities"]))
    return [t for t in texts if not any(t != other and t in other for other in texts)]


def take(gold: dict[str, Any], got: list[Quantity]) -> bool | None:
    """Removes the answer to `gold` from `got`; whether its comparison is right, null where there is none."""
    units, ops = {gold["unit"], *gold.get("accept_unit", [])}, [gold["op"], *gold.get("accept_op", [])]
    hits = [q for q in got if (float(q.low), float(q.high)) == (gold["low"], gold["high"]) and q.unit in units]
    hit = next((q for q in hits if q.op in ops), hits[0] if hits else None)
    if hit is None:
        return None
    got.remove(hit)
    return hit.op in ops


def test_gold(shared: Path) -> None:
    right = missed = extra = op_right = 0
    for measure in measures(shared):
        got = [q for text in contexts(measure) for q in find_quantities(text)]
        results = [take(gold, got) for gold in measure["quantities"]]
        missed += results.count(None)
        right += len(results) - results.count(None)
        op_right += results.count(True)
        extra += len(got)
    assert right / (right + missed) >= 0.98
    assert right / (right + extra) >= 0.98
    assert op_right / right >= 0.98


def test_wild_never_raises(shared: Path) -> None:
    for path in sorted((shared / "corpus" / "wild").glob("*.*")):
        text = path.read_bytes().decode("utf-8", "replace")[:60_000]
        for q in find_quantities(text):
            assert text[q.start : q.end] == q.printed
