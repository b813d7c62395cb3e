"""Total rows and the rows they add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.assemble.table_labels import is_sum, is_total
from pipeline.assemble.table_relations import Matrix, same
from pipeline.assemble.table_text import words


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

    Rows after the whole territory (全市) are goals of their own as often as sums: they are
    taken for sums where all their columns agree and there are two at least.
    """
    totals = [i for i, label in enumerate(labels) if is_total(label)]
    out: list[Total] = []
    for i in totals:
        found = _totals_of(i, _summed(i, labels, totals), matrix, columns)
        if is_sum(labels[i]) or (len(found) >= 2 and all(t.holds for t in found)):
            out += found
    return out


def _summed(i: int, labels: Sequence[str], totals: list[int]) -> list[int]:
    """Rows that total row `i` adds up."""
    rows = [k for k in range(len(labels)) if k not in totals and not labels[k].startswith("其中")]
    if labels[i].endswith("小计"):
        before = max((t for t in totals if t < i), default=-1)
        return [k for k in rows if before < k < i]
    return rows


def _totals_of(i: int, rows: list[int], matrix: Matrix, columns: Sequence[int]) -> list[Total]:
    out = []
    for j in columns:
        values = [matrix[k][j] for k in rows]
        printed = matrix[i][j]
        known = [v for v in values if v is not None]
        if printed is not None and len(known) == len(values) >= 2 and any(known):
            out.append(Total(i, j, printed, sum(known)))
    return out
