"""Cells that span rows and columns, laid out on a grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_MOST_COLUMNS = 400


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with its spans, both at least 1."""

    text: str
    rows: int = 1
    columns: int = 1


def laid_out(rows: Sequence[Sequence[Cell]]) -> tuple[tuple[str, ...], ...]:
    """Rows of equal columns: a cell's text stands in the first place it covers, the others are blank."""
    taken: dict[tuple[int, int], str] = {}
    for i, row in enumerate(rows):
        j = 0
        for cell in row:
            while (i, j) in taken:
                j += 1
            for a in range(i, min(i + cell.rows, len(rows))):
                for b in range(j, min(j + cell.columns, _MOST_COLUMNS)):
                    taken[a, b] = cell.text if (a, b) == (i, j) else taken.get((a, b), "")
            j += cell.columns
    width = 1 + max((j for _, j in taken), default=-1)
    return tuple(tuple(taken.get((i, j), "") for j in range(width)) for i in range(len(rows)))
