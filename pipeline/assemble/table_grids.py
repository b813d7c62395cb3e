"""Grids put in order before they are read: captions taken off, the parts of one table joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.assemble.table_headers import header_height, is_ruling, rows_of_names
from pipeline.assemble.table_text import clean
from pipeline.model import AnnexTable, Grid, PlacedGrid


def split_captions(grid: Grid) -> tuple[Grid, list[str]]:
    """The grid without leading rows of one cell (title, 单位：万元), and the text of those.

    A reader that repeats merged cells gives such a row the same words in every column.
    """
    start = 0
    captions: list[str] = []
    widest = max((sum(1 for c in row if c.strip()) for row in grid.rows), default=0)
    for row in grid.rows:
        filled = {clean(c): None for c in row if c.strip()}
        if widest < 2 or len(filled) > 1:
            break
        captions += filled
        start += 1
    doubts = tuple((i - start, j, sure) for i, j, sure in grid.doubts if i >= start)
    return Grid(grid.rows[start:], grid.numbers[start:], grid.page, doubts), captions


def whole(tables: Sequence[AnnexTable]) -> list[AnnexTable]:
    """Tables in order; a grid that goes on with the one right before it is a part of that.

    It goes on where nothing of the text stands between and it repeats the header, or has none and counts on.
    """
    out: list[AnnexTable] = []
    for table in tables:
        if out and out[-1].grid.at == table.grid.at and _goes_on(out[-1].grid.grid, table.grid.grid):
            out[-1] = _joined(out[-1], table.grid.grid)
        else:
            out.append(table)
    return out


def _joined(table: AnnexTable, grid: Grid) -> AnnexTable:
    above = table.grid.grid
    doubts = above.doubts + tuple((i + len(above.rows), j, sure) for i, j, sure in grid.doubts)
    both = Grid(above.rows + grid.rows, above.numbers + grid.numbers, above.page, doubts)
    return replace(table, grid=PlacedGrid(both, table.grid.at))


def _goes_on(above: Grid, below: Grid) -> bool:
    one, two = _body(above), _body(below)
    if not one or not two or len(one[0]) != len(two[0]):
        return False
    height = header_height(one)
    if height and two[:height] == one[:height]:
        return True
    return bool(height) and not header_height(two) and _counts_on(one, two)


def _body(grid: Grid) -> list[list[str]]:
    return [r for r in rows_of_names(split_captions(grid)[0].rows) if any(r) and not is_ruling(r)]


def _counts_on(one: list[list[str]], two: list[list[str]]) -> bool:
    """The running numbers of the second grid follow those of the first."""
    last = [int(r[0]) for r in one if r[0].isdigit()]
    first = next((r[0] for r in two if r[0]), "")
    return bool(last) and first.isdigit() and int(first) == last[-1] + 1
