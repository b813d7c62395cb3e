"""What the contract calls lost in silence, looked for without the program's own finders."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.assemble.responsibilities import bracket_spans
from pipeline.bulletin import Bulletin

# Deliberately cruder than the finders: digits before a common unit, years, months.
NUMBER = re.compile(
    r"(?<![\d.A-Za-z×+])\d+(?:\.\d+)?(?:万|亿)?(?:%|％|‰|个(?!人)|家|元|亩|吨|户|人次|名|公里|千瓦|平方米|天|小时|倍|套|辆|台|场次)"
)
TIME = re.compile(r"20\d\d年(?:\d{1,2}月)?(?:底)?前|到20\d\d年|每[年月季](?:度)?|年底前")
WORD = re.compile(r"\w")
Span = tuple[int, int]


def spans(bulletin: Bulletin, *tables: str, kinds: tuple[str, ...] = ()) -> list[Span]:
    """Spans of the rows of some tables and of residuals of some kinds."""
    rows = [r for t in tables for r in bulletin.records.get(t, ())]
    rows += [r for r in bulletin.records["residuals"] if r["kind"] in kinds and "char_start" in r]
    return [(r["char_start"], r["char_end"]) for r in rows]


def uncovered(start: int, end: int, covered: list[Span], text: str) -> Iterator[str]:
    """Stretches of letters and digits in [start, end) that no span covers."""
    mask = bytearray(end - start)
    for a, b in covered:
        lo, hi = max(a, start) - start, min(b, end) - start
        if lo < hi:
            mask[lo:hi] = b"\1" * (hi - lo)
    for match in re.finditer(rb"\0+", bytes(mask)):
        piece = text[start + match.start() : start + match.end()]
        if WORD.search(piece):
            yield piece


def words_lost(bulletin: Bulletin) -> list[str]:
    """Words of measures in no task, bracket or residual."""
    covered = spans(bulletin, "tasks", kinds=("text",))
    for measure in (m for d in bulletin.outline.documents for m in d.measures):
        covered += bracket_spans(bulletin.text, measure)
    lost: list[str] = []
    for measure in bulletin.records["measures"]:
        lost += uncovered(measure["char_start"], measure["char_end"], covered, bulletin.text.text)
    return lost


def figures_lost(bulletin: Bulletin) -> list[str]:
    """Numbers with a unit, and times, in no target, deadline or residual of their kind."""
    text = bulletin.text.text
    covered = spans(bulletin, "targets", "deadlines", "documents", kinds=("number", "time"))
    covered += [  # heads, contents and signatures stand whole in residuals of text without a measure
        (r["char_start"], r["char_end"])
        for r in bulletin.records["residuals"]
        if r["kind"] == "text" and r.get("measure_id") is None
    ]
    lost = []
    for pattern in (NUMBER, TIME):
        for match in pattern.finditer(text):
            if not any(a < match.end() and match.start() < b for a, b in covered):
                lost.append(text[max(0, match.start() - 12) : match.end() + 8])
    return lost
