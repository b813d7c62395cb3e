"""The body of a table: which column names the rows, which rows are totals, what stands where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.assemble.table_headers import (
    Column,
    Header,
    column_of,
    header_height,
    is_ruling,
    period_of,
    read_header,
    rows_of_names,
)
from pipeline.assemble.table_labels import Labels, index_columns, is_remark, is_total, label_columns
from pipeline.assemble.table_text import (
    Cell,
    Kind,
    ambiguous_comma,
    as_decimal,
    name_of,
    read_cell,
)
from pipeline.model import Grid

_BLANK = Cell("", "blank")
_SURE_NAME = 0.8  # less, and the name of a row may be another's


@dataclass(slots=True)
class Row:
    """A row of the body; `cells` is as wide as the sheet."""

    label: str
    cells: list[Cell]
    line: int
    total: bool
    source: int = 0  # row of the grid
    doubts: dict[int, str] = field(default_factory=dict)  # column -> why its cell is suspect
    rules: dict[int, str] = field(default_factory=dict)  # column -> rule that placed or read its cell
    lines: dict[int, int] = field(default_factory=dict)  # column -> source line where it differs


@dataclass(slots=True)
class Sheet:
    """A table as read. Columns count from 0; `data` are the columns that are cells."""

    columns: tuple[Column, ...]
    header: Header
    rows: list[Row]
    data: tuple[int, ...]
    labels: tuple[int, ...]
    notes: list[str]
    repaired: bool = False
    suspect: bool = False

    def numeric(self) -> list[int]:
        """Data columns that hold numbers: more than half of what they print."""
        return [j for j in self.data if self.share_of(j, "number") > 0.5]

    def share_of(self, j: int, kind: Kind) -> float:
        """Part of the printed cells of column `j` that are of `kind`."""
        kinds = [r.cells[j].kind for r in self.rows if r.cells[j].kind in ("number", "text")]
        return kinds.count(kind) / len(kinds) if kinds else 0.0

    def rates(self) -> frozenset[int]:
        """Columns of rates (rule tables.rate)."""
        return frozenset(j for j in self.data if self.columns[j].rate or self._percent(j))

    def _percent(self, j: int) -> bool:
        cells = [r.cells[j] for r in self.rows if r.cells[j].kind == "number"]
        return 2 * sum(c.unit in ("%", "‰") for c in cells) > len(cells)


def read_sheet(grid: Grid, unit: str | None = None) -> Sheet | None:
    """The table as header, labelled rows and data columns; null where nothing is printed."""
    kept = [(i, row) for i, row in enumerate(rows_of_names(grid.rows)) if any(row) and not is_ruling(row)]
    if not kept:
        return None
    names = [row for _, row in kept]
    header = read_header(names, header_height(names))
    width = len(header.paths)
    head = names[: header.height]
    body = [(i, row) for i, row in kept[header.height :] if row not in head]
    remarks = [row for _, row in body if is_remark(row)]
    body = [(i, row) for i, row in body if row not in remarks]
    names = [row for _, row in body]
    index = index_columns(header.paths, names)
    labels = label_columns(header.paths, names, index)
    columns = tuple(column_of(path, unit, lost=j >= width - header.lost) for j, path in enumerate(header.paths))
    first = max((*labels, *index), default=-1) + 1
    sheet = Sheet(columns, header, [], tuple(range(first, width)), labels, list(header.notes), bool(header.notes))
    sheet.notes += [next(filter(None, row)) for row in remarks]
    if not header.height and len(body) > 1:
        sheet.suspect = True
        sheet.notes.append("no header in print: nothing says what the columns are")
    _fill_rows(sheet, grid, body, index)
    for j in sheet.data:
        _settle_commas(sheet, j)
    return sheet


def _fill_rows(sheet: Sheet, grid: Grid, body: Sequence[tuple[int, list[str]]], index: tuple[int, ...]) -> None:
    width = len(sheet.columns)
    labels = Labels(sheet.labels, index)
    for i, names in body:
        cells = [read_cell(c) for c in grid.rows[i]][:width]
        cells += [_BLANK] * (width - len(cells))
        line = grid.numbers[i] if i < len(grid.numbers) else 0
        label = labels.of(names)
        row = Row(label, cells, line, is_total(label), i)
        if _dropped_label(sheet, names, cells, index):
            cells.insert(index[0] + 1, _BLANK)
            cells.pop()
            row.rules.update(dict.fromkeys(sheet.data, "tables.moved"))
            sheet.repaired = True
        _doubt_recognition(sheet, row, {j: sure for r, j, sure in grid.doubts if r == i}, index)
        sheet.rows.append(row)


def _doubt_recognition(sheet: Sheet, row: Row, doubts: dict[int, float], index: tuple[int, ...]) -> None:
    """Mark cells that were recognised in a picture with less than full sureness, all of a row whose name was."""
    for j, sure in doubts.items():
        if j in sheet.labels and sure < _SURE_NAME:
            row.doubts.update(
                dict.fromkeys(sheet.data, f"the name of the row recognised in a picture, {sure:.0%} sure")
            )
    for j, sure in doubts.items():
        at = j + bool(row.rules and j > index[0])  # a row put back by a column
        if at in sheet.data:
            row.doubts[at] = f"recognised in a picture, {sure:.0%} sure"


def _dropped_label(sheet: Sheet, names: list[str], cells: list[Cell], index: tuple[int, ...]) -> bool:
    """合计 in the 序号 column and a number in that of the names: its merged cell was dropped, all stands one left."""
    return (
        bool(index and sheet.labels)
        and is_total(names[index[0]])
        and read_cell(names[sheet.labels[0]]).kind == "number"
        and cells[-1].kind == "blank"
    )


def _settle_commas(sheet: Sheet, j: int) -> None:
    """Read ambiguous commas (1,588) as decimal points in a column of decimals; mark all decimal commas suspect."""
    cells = [(r, r.cells[j]) for r in sheet.rows if r.cells[j].kind == "number"]
    if not any("," in c.printed or "，" in c.printed for _, c in cells):
        return
    unclear = [(r, c) for r, c in cells if ambiguous_comma(c)]
    others = [c for _, c in cells if not ambiguous_comma(c)]
    decimal = sum(c.comma or c.places > 0 for c in others)
    if unclear and decimal and 2 * decimal >= len(others):
        for r, c in unclear:
            r.cells[j] = as_decimal(c)
    for r, _ in cells:
        if r.cells[j].comma:
            r.doubts[j] = "decimal comma read as a point"
            r.rules[j] = "tables.decimal_comma"


def row_period(row: Row) -> str | None:
    """The period of a row whose label is one (2024年 | 12 | 34)."""
    found = period_of(row.label)
    return found if found and found == name_of(row.label) else None
