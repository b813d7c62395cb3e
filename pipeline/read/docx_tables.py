"""Rows and cells of a table of a word processing document, with what spans columns and rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.read.ooxml import Element, child, name, number, value
from pipeline.read.spans import Cell

_THROUGH = frozenset({"ins", "moveTo", "customXml", "sdt", "sdtContent", "smartTag"})
_LONG = 200  # characters of a cell that lays out the page rather than holding a value
_MOST = 400  # columns


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell with its place: the column of the grid it begins in, how many it takes, whether it goes on from above."""

    element: Element
    column: int
    width: int
    goes_on: bool


def rows_of(table: Element) -> list[list[Placed]]:
    """Rows as a reader sees them: without those that were deleted."""
    rows = _inside(table, "tr")
    return [_row(row) for row in rows if child(row, "trPr", "del") is None]


def _inside(parent: Element, kind: str) -> list[Element]:
    found: list[Element] = []
    for element in parent:
        if name(element) == kind:
            found.append(element)
        elif name(element) in _THROUGH:
            found += _inside(element, kind)
    return found


def _row(row: Element) -> list[Placed]:
    column = max(0, number(child(row, "trPr", "gridBefore")) or 0)
    cells: list[Placed] = []
    for element in _inside(row, "tc"):
        properties = child(element, "tcPr")
        width = min(max(1, number(child(properties, "gridSpan")) or 1), _MOST)
        merge, across = child(properties, "vMerge"), child(properties, "hMerge")
        goes_on = merge is not None and value(merge) != "restart"
        if child(properties, "cellDel") is not None:
            continue
        if across is not None and value(across) != "restart" and cells:
            last = cells.pop()  # the older way to merge cells of a row
            cells.append(Placed(last.element, last.column, last.width + width, last.goes_on))
        else:
            cells.append(Placed(element, column, width, goes_on))
        column += width
    return cells


def is_frame(rows: Sequence[Sequence[Placed]]) -> bool:
    """A table that only lays the page out: one cell in each row, tables inside, or running text in few cells."""
    cells = [cell for row in rows for cell in row]
    if max((len(row) for row in rows), default=0) <= 1 or any(_inside(c.element, "tbl") for c in cells):
        return True
    return len(cells) <= 4 and any(_is_running(c.element) for c in cells)


def _is_running(cell: Element) -> bool:
    return len(_inside(cell, "p")) > 1 and sum(len(t.text or "") for t in cell.iter() if name(t) == "t") > _LONG


def columns(rows: Sequence[Sequence[Placed]], texts: Sequence[Sequence[str]]) -> list[list[Cell]]:
    """Cells with their spans, over the columns in which any cell begins: others are only edges of wider ones."""
    edges = sorted({cell.column for row in rows for cell in row})
    out: list[list[Cell]] = []
    for i, row in enumerate(rows):
        line = [Cell("", 1, 1) for edge in edges if row and edge < row[0].column]
        for j, cell in enumerate(row):
            above = i and any(c.column == cell.column for c in rows[i - 1])
            if not (cell.goes_on and above):
                width = sum(cell.column <= edge < cell.column + cell.width for edge in edges)
                line.append(Cell(texts[i][j], _height(rows, i, cell.column), width))
        out.append(line)
    return out


def _height(rows: Sequence[Sequence[Placed]], i: int, column: int) -> int:
    """Rows of a cell: those below in which the cell of its column goes on."""
    height = 1
    for row in rows[i + 1 :]:
        if not any(c.column == column and c.goes_on for c in row):
            break
        height += 1
    return height
