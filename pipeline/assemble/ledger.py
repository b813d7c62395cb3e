"""The ledger of residuals: what was seen and gave no row.

Every number with a unit, time and body in a responsibility bracket stands in a
published row or here, and so does every word of a measure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipeline import ids
from pipeline.assemble.ground import ground
from pipeline.assemble.rows import Place
from pipeline.assemble.targets import Target, restated
from pipeline.assemble.tasks import Split
from pipeline.assemble.timing import BOUNDING
from pipeline.assemble.work import Found, Row, Span, Work, outside
from pipeline.model import Note, Text

_WORD = re.compile(r"\w")
_WORDS = re.compile(r"\w(?:[\s\S]*\w)?")  # from the first to the last


class Ledger:
    """Collects residuals; ids are given at the end, in the order of the text."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self._rows: list[Row] = []

    def add(self, kind: str, reason: str, start: int, end: int, measure_id: str | None = None) -> None:
        """A span that gave no row; spans without a letter or digit are nothing to lose."""
        if _WORD.search(self.text.text, start, end):
            grounded = ground(self.text, start, end)
            self._rows.append({"measure_id": measure_id, "kind": kind, "reason": reason, **grounded})

    def add_table(self, reason: str, quote: str, kind: str = "table", measure_id: str | None = None) -> None:
        """A table, or words in one, that could not be read; tables are cut out of the text and have no offsets."""
        self._rows.append({"measure_id": measure_id, "kind": kind, "reason": reason, "quote": quote})

    def add_note(self, note: Note) -> None:
        """A page of the file, or characters of it, that could not be read."""
        lost = f"，{note.lost} 个字符" if note.lost else ""
        quote = f"第 {note.page} 页{lost}"
        self._rows.append(
            {"measure_id": None, "kind": "file", "reason": note.reason, "quote": quote, "page": note.page}
        )

    def rows(self, issue_id: str) -> list[Row]:
        """The rows of `residuals`."""
        ordered = sorted(self._rows, key=lambda r: (r.get("char_start", 1 << 40), r.get("char_end", 0), r["kind"]))
        return [
            {"residual_id": ids.residual_id(issue_id, n), "issue_id": issue_id, **r} for n, r in enumerate(ordered, 1)
        ]


def enter_measure(ledger: Ledger, place: Place, work: Work, split: Split, found: Sequence[Target]) -> None:
    """What of a measure is in no row: words, and times that bound nothing."""
    measure_id = ids.measure_id(place.document_id, work.measure.key)
    covered: list[Span] = [*work.brackets, *((t.start, t.end) for t in split.tasks)]
    for rest in split.rests:
        ledger.add("text", rest.reason, rest.start, rest.end, measure_id)
        covered.append((rest.start, rest.end))
    for start, end in gaps(work.measure.start, work.measure.end, covered):
        if words := _WORDS.search(ledger.text.text, start, end):
            ledger.add("text", "text.between", *words.span(), measure_id)
    published = {t.quantity.start for t in found}
    twice = restated(work)
    held = {t.quantity.start for task in split.tasks for t in task.targets}
    for start, end in ((t.quantity.start, t.quantity.end) for t in found):
        if start not in held and ledger.text.sureness(start, end) < 1:  # no task whose review could say so
            ledger.add("number", "number.recognition", start, end, measure_id)
    for q in work.quantities:
        if q.start not in published:
            reason = "number.restated" if q.start in twice else "number.no_sentence"
            ledger.add("number", reason, q.start, q.end, measure_id)
    for time in work.times:
        if time.use not in BOUNDING:
            ledger.add("time", f"time.{time.use}", time.start, time.end, measure_id)


def gaps(start: int, end: int, covered: Iterable[Span]) -> Iterable[Span]:
    """The parts of [start, end) that no span covers."""
    for a, b in sorted(covered):
        if a > start:
            yield start, min(a, end)
        start = max(start, b)
    if start < end:
        yield start, end


def enter_outside(ledger: Ledger, found: Found, inside: Sequence[Span]) -> None:
    """Numbers and times of a document that stand in no measure (titles, heads, annex lists)."""
    for q in outside(found.quantities, inside):
        ledger.add("number", "number.outside_measures", q.start, q.end)
    for t in outside(found.times, inside):
        ledger.add("time", "time.outside_measures", t.start, t.end)
