"""Times on the gold measures and the phrases: sets of due dates and quotes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.find.times import find_times, scan_times
from pipeline.model import Measure, Time
from pipeline.read import read
from pipeline.structure import outline
from pipeline.text import canonical

KEPT = ("bound", "validity", "permission")


def test_phrases(shared: Path) -> None:
    rows = [json.loads(line) for line in (shared / "reference" / "phrases.jsonl").read_text("utf-8").splitlines()]
    for row in rows:
        if "times" in row:
            found = find_times(row["text"], date.fromisoformat(row["base"]))
            told = [
                {
                    "start": t.starts_on and str(t.starts_on),
                    "due": t.due_on and str(t.due_on),
                    "recurrence": t.recurrence,
                }
                for t in found
            ]
            assert told == row["times"], row["text"]


def _same(gold: dict[str, Any], measure: Measure) -> bool:
    """Label and the first words of the title agree."""
    bare = re.compile(r"[^\w]|_")
    a, b = bare.sub("", gold["title"])[:8], bare.sub("", measure.title)[:8]
    return bare.sub("", gold["label"]) == bare.sub("", measure.label) and (a == b or not gold["label"])


def _measures(shared: Path) -> Iterator[tuple[dict[str, Any], list[Time]]]:
    """Gold measures with the times of the parsed measure of that label and title."""
    for path in sorted((shared / "gold").glob("*.json")):
        gold = json.loads(path.read_text("utf-8"))
        if "documents" not in gold:
            continue
        text = canonical(read(shared / "corpus" / gold["source"]))
        for document, parsed in zip(gold["documents"], outline(text).documents, strict=False):
            left = list(parsed.measures)
            year = re.search(r"(20\d\d)年", document["title"])
            for wanted in document["measures"]:
                measure = next((m for m in left if _same(wanted, m)), None)
                if measure:
                    left.remove(measure)
                    body = text.text[measure.start : measure.end]
                    yield wanted, scan_times(body, parsed.written_on, int(year[1]) if year else None)


def test_due_dates_and_quotes(shared: Path) -> None:
    right = missed = extra = quoted = quotes = 0
    for measure, times in _measures(shared):
        kept = [t for t in times if t.use in KEPT]
        gold = measure.get("timings", [])
        either = {d for t in gold for d in [t["due"] if t.get("optional") else None, *t.get("accept_due", [])]}
        want = {t["due"] for t in gold if t["due"] and not t.get("optional")}
        have = {str(t.due_on) for t in kept if t.due_on} - (either - want)
        right, missed, extra = right + len(want & have), missed + len(want - have), extra + len(have - want)
        for due in have ^ want:
            print(measure["label"], measure["title"][:12], "-" if due in want else "+", due)
        quotes += len(gold)
        quoted += sum(any(t["quote"] in k.printed for k in kept) for t in gold)
    precision, recall = right / (right + extra), right / (right + missed)
    print(f"times: P {precision:.3f} R {recall:.3f}, quotes {quoted}/{quotes}")
    assert right > 70
    assert 2 * precision * recall / (precision + recall) >= 0.98
    assert quoted / quotes >= 0.98
