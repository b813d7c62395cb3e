"""Total rows and the rows they add up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.assemble.table_labels import is_sum, is_total
from pipeline.assemble.table_relations import Matrix, same
from pipeline.assemble.table_text import words

#: Labels of rows that have others below them.
_LEVELS = (
    re.compile(r"[一二三四五六七八九十]{1,3}、"),
    re.compile(r"[（(][一二三四五六七八九十]{1,3}[)）]"),
    re.compile(r"\d{1,2}[.．、](?!\d)"),
)


@dataclass(frozen=True, slots=True)
class Total:
    """A cell of a total row with the sum of the rows it is for."""

    row: int
    column: int
    printed: float
    expected: float

    @property
    def holds(self) -> bool:
        """Equal, but for binary rounding."""
        return same(self.printed, self.expected)


def additive(header: Sequence[str], unit: str | None) -> bool:
    """Whether a total row can add the column up: no rate, average, price, concentration."""
    name = header[-1] if header else ""
    return not any(w in name for w in words("non_additive")) and not (unit and ("/" in unit or unit in ("%", "‰")))


def column_totals(labels: Sequence[str], matrix: Matrix, columns: Sequence[int]) -> list[Total]:
    """Totals of the `columns` (rule tables.column_total). A column with a gap is not added up.

    Where rows have parts below them (其中, 一、 over 1.), those are added up that give the total in most columns.
    Rows after the whole territory (全市) are goals of their own as often as sums: they are
    taken for sums where all their columns agree and there are two at least.
    """
    totals = [i for i, label in enumerate(labels) if is_total(label)]
    out: list[Total] = []
    for i in totals:
        tried = [_totals_of(i, rows, matrix, columns) for rows in _summed(i, labels, matrix, totals)]
        found = max(tried, key=lambda ts: sum(t.holds for t in ts))
        if is_sum(labels[i]) or (len(found) >= 2 and all(t.holds for t in found)):
            out += found
    return out


def _summed(i: int, labels: Sequence[str], matrix: Matrix, totals: list[int]) -> list[list[int]]:
    """Rows that total row `i` may add up; those that it adds up in most tables first."""
    rows = [k for k in range(len(labels)) if k not in totals]
    if labels[i].endswith("小计"):
        before = max((t for t in totals if t < i), default=-1)
        return [[k for k in rows if before < k < i]]
    plain = [k for k in rows if not labels[k].startswith("其中")]
    outer = [[k for k in rows if level.match(labels[k])] for level in _LEVELS]
    parts = {k for j in rows if labels[j].startswith("其中") for k in _parts(j, labels, matrix, totals)}
    return [
        plain,
        *([k for k in rows if k not in parts],) * bool(parts),
        *(o for o in outer if 2 <= len(o) < len(rows)),
    ]


def _parts(first: int, labels: Sequence[str], matrix: Matrix, totals: list[int]) -> list[int]:
    """Rows from 其中 on that are parts of the row above: as many as add up to it, else that one alone."""
    whole = matrix[first - 1] if first else ()
    for end in range(first + 1, len(labels) + 1):
        if end - 1 in totals or not whole:
            break
        sums = [(w, sum(row[j] or 0.0 for row in matrix[first:end])) for j, w in enumerate(whole) if w]
        if sums and all(same(w, s) for w, s in sums):
            return list(range(first, end))
    return [first]


def _totals_of(i: int, rows: list[int], matrix: Matrix, columns: Sequence[int]) -> list[Total]:
    out = []
    for j in columns:
        values = [matrix[k][j] for k in rows]
        printed = matrix[i][j]
        known = [v for v in values if v is not None]
        if printed is not None and len(known) == len(values) >= 2 and any(known):
            out.append(Total(i, j, printed, sum(known)))
    return out
