"""Times on the gold measures and the phrases: sets of due dates and quotes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.find.times import find_times, scan_times
from pipeline.model import Time

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


def _joined(text: str) -> str:
    """The text roughly as the text stage gives it: no markup, pages joined in the middle of sentences."""
    text = re.sub(r"</?su[bp]>|\*\*|(?m:^#+ *)|  \n", "", text)
    return re.sub(r"(?<=[^。：）；)！\n])\n\n(?=[^一二三四五六七八九十（(0-9附\n]|2025年，)", "", text)


def _spots(gold: dict[str, Any], text: str) -> Iterator[tuple[dict[str, Any], dict[str, Any], int]]:
    """Where each measure with a heading starts; 前言 and 结语 have none."""
    at = 0
    for document in gold["documents"]:
        for measure in document["measures"]:
            head = r"\s*".join(re.escape(c) for c in measure["title"][:10])
            found = (
                re.compile(re.escape(measure["label"]) + r"\s*" + head).search(text, at) if measure["label"] else None
            )
            if found:
                at = found.end()
                yield document, measure, found.start()


def _measures(shared: Path) -> Iterator[tuple[dict[str, Any], list[Time]]]:
    for path in sorted((shared / "gold").glob("*.json")):
        gold = json.loads(path.read_text("utf-8"))
        if "documents" not in gold:
            continue
        text = _joined((shared / "corpus" / gold["source"]).read_text("utf-8"))
        spots = list(_spots(gold, text))
        for (document, measure, start), following in zip(spots, [*spots[1:], None], strict=True):
            ends = [
                following[2] if following else len(text),
                text.find("\n\n", start + 400),
                text.find("\n本措施", start),
            ]
            end = min(e for e in ends if e > 0 and (e < (following[2] if following else len(text)) or e == ends[0]))
            if following and following[0] is document:
                end = following[2]
            written = document["written_on"] and date.fromisoformat(document["written_on"])
            year = re.search(r"(20\d\d)年", document["title"])
            yield measure, scan_times(text[start:end], written, int(year[1]) if year else None)


def test_due_dates_and_quotes(shared: Path) -> None:
    right = missed = extra = quoted = quotes = 0
    for measure, times in _measures(shared):
        kept = [t for t in times if t.use in KEPT]
        gold = measure.get("timings", [])
        want = {t["due"] for t in gold if t["due"] and not t.get("optional")}
        have = {str(t.due_on) for t in kept if t.due_on}
        right, missed, extra = right + len(want & have), missed + len(want - have), extra + len(have - want)
        quotes += len(gold)
        quoted += sum(any(t["quote"] in k.printed for k in kept) for t in gold)
    precision, recall = right / (right + extra), right / (right + missed)
    print(f"times: P {precision:.3f} R {recall:.3f}, quotes {quoted}/{quotes}")
    assert right > 70
    assert 2 * precision * recall / (precision + recall) >= 0.98
    assert quoted / quotes >= 0.98
