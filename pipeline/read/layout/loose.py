"""Tables without rules: rows whose pieces stand below each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.read.layout.geometry import Strip, Table

Row = list[Strip]

_ROWS = 3  # a table has at least so many rows of several pieces
_GAP = 1.0  # ems between columns
_KEY = re.compile(r"[:：]$|^.{1,8}[:：]")
_LEADER = re.compile(r"[.…·]{3,}")
_FIGURE = re.compile(r"[-+—－/<>≤≥＜＞约～~()（）%％\d.,，万亿个元]+")


def loose_tables(rows: Sequence[Row], x0: float, x1: float) -> Iterator[Row | Table]:
    """Rows of a column, those that make a table put together."""
    i = 0
    while i < len(rows):
        end = _end(rows, i)
        found = _table(rows[i:end]) if end - i >= _ROWS else None
        if found:
            yield found
            i = end
        else:
            yield rows[i]
            i += 1


def _end(rows: Sequence[Row], start: int) -> int:
    """Row after the last one of several pieces that begins at `start`."""
    end = start
    while end < len(rows) and len(rows[end]) > 1 and (end == start or _near(rows[end - 1], rows[end])):
        end += 1
    return end


def _near(a: Row, b: Row) -> bool:
    return b[0].top - a[0].bottom < 2.5 * a[0].size


def _table(rows: Sequence[Row]) -> Table | None:
    """Null where the pieces are no cells: names before a colon, contents with their pages, words set wide."""
    pieces = [s for row in rows for s in row]
    if sum(bool(_KEY.search(s.text)) for s in pieces) > 0.2 * len(pieces) or any(
        _LEADER.search(s.text) for s in pieces
    ):
        return None
    bounds = _columns(rows)
    if len(bounds) < 2:
        return None
    figures = sum(_FIGURE.fullmatch(s.text) is not None for s in pieces)
    if figures < 0.2 * len(pieces) and len(bounds) < 3:
        return None
    grid: list[list[str]] = []
    doubts: dict[tuple[int, int], float] = {}
    for row in rows:
        cells = [""] * len(bounds)
        for s in row:
            at = max(range(len(bounds)), key=lambda j: min(s.x1, bounds[j][1]) - max(s.x0, bounds[j][0]))
            if s.doubts:
                doubts[len(grid), at] = min(sure for _, sure in s.doubts)
            cells[at] = f"{cells[at]}\u3000{s.text}" if cells[at] else s.text
        grid.append(cells)
    if sum(sum(map(bool, cells)) > 1 for cells in grid) < _ROWS:
        return None
    x0, x1 = bounds[0][0], bounds[-1][1]
    edges = [x0, *((a[1] + b[0]) / 2 for a, b in pairwise(bounds)), x1]
    return Table(grid, x0, rows[0][0].top, x1, rows[-1][0].bottom, edges, pieces[0].size, doubts)


def _columns(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """Stretches of the line that hold pieces, of rows with most of them; none over another."""
    most = max(map(len, rows))
    out: list[tuple[float, float]] = []
    for s in sorted((s for row in rows if 2 * len(row) > most for s in row), key=lambda s: s.x0):
        if out and s.x0 < out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], s.x1))
        else:
            out.append((s.x0, s.x1))
    return out
