"""The body of a table: which column names the rows, which rows are totals, what stands where."""

from __future__ import annotations

import re
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
from pipeline.assemble.table_text import (
    Cell,
    Kind,
    ambiguous_comma,
    as_decimal,
    name_of,
    read_cell,
    split_multiplier,
    words,
)
from pipeline.model import Grid

_BRACKET_TAIL = re.compile(r"[(（][^()（）]*[)）]$")
_BLANK = Cell("", "blank")


@dataclass(slots=True)
class Row:
    """A row of the body; `cells` is as wide as the sheet."""

    label: str
    cells: list[Cell]
    line: int
    total: bool
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


def is_total(label: str) -> bool:
    """Whether a row label names a total row (rule tables.total)."""
    bare = _BRACKET_TAIL.sub("", label).strip(":：")
    return bare in words("totals") or (2 < len(bare) <= 8 and bare.endswith(words("sum_totals")))


def is_sum(label: str) -> bool:
    """Whether a total row says that it is a sum (合计), not only that it is the whole (全市)."""
    return _BRACKET_TAIL.sub("", label).strip(":：").endswith(words("sum_totals"))


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
    index = _index_column(header, [row for _, row in body])
    labels = _label_columns(header, [row for _, row in body], index)
    columns = tuple(column_of(path, unit, lost=j >= width - header.lost) for j, path in enumerate(header.paths))
    first = max((*labels, *index), default=-1) + 1
    sheet = Sheet(columns, header, [], tuple(range(first, width)), labels, list(header.notes), bool(header.notes))
    _fill_rows(sheet, grid, body, index)
    for j in sheet.data:
        _settle_commas(sheet, j)
    return sheet


def _index_column(header: Header, body: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """The column of running numbers (序号), if there is one."""
    if header.height and header.paths[0] and header.paths[0][-1] in words("index_headers"):
        return (0,)
    firsts = [row[0] for row in body if row[0]]
    runs = len(firsts) >= 3 and firsts[:3] in (["1", "2", "3"], ["01", "02", "03"])
    texts = runs and sum(read_cell(row[1]).kind == "text" for row in body if len(row) > 1)
    return (0,) if texts and 2 * texts > len(body) else ()


def _label_columns(header: Header, body: Sequence[Sequence[str]], index: tuple[int, ...]) -> tuple[int, ...]:
    """The column(s) that name the rows: the first text column, with the next where the first only groups rows."""
    start = len(index)
    if start >= len(header.paths):
        return ()
    if not any(read_cell(row[j]).kind == "number" for row in body for j in range(start + 1, len(row))):
        return (start,)
    filled = [row[start] for row in body]
    groups = any(not t for t in filled) or len(set(filled)) < len(filled)
    second = start + 1 < len(header.paths) - 1 and all(
        read_cell(row[start + 1]).kind in ("text", "blank") for row in body if len(row) > start + 1
    )
    return (start, start + 1) if groups and second else (start,)


def _fill_rows(sheet: Sheet, grid: Grid, body: Sequence[tuple[int, list[str]]], index: tuple[int, ...]) -> None:
    width = len(sheet.columns)
    above = ""
    for i, names in body:
        cells = [read_cell(c) for c in grid.rows[i]][:width]
        cells += [_BLANK] * (width - len(cells))
        line = grid.numbers[i] if i < len(grid.numbers) else 0
        label, above, shifted = _label(sheet, names, cells, index, above)
        row = Row(label, cells, line, is_total(label))
        if shifted:
            row.rules.update(dict.fromkeys(sheet.data, "tables.moved"))
            sheet.repaired = True
        sheet.rows.append(row)


def _label(
    sheet: Sheet, names: list[str], cells: list[Cell], index: tuple[int, ...], above: str
) -> tuple[str, str, bool]:
    """Label of the row, the group label to carry on, and whether the cells were put back one column right."""
    own = [names[j] for j in sheet.labels]
    shifted = False
    if index and not read_cell(names[0]).value and is_total(names[0]):
        # 合计 stands in the 序号 column; where its merged cell was dropped, all cells are one to the left.
        if own and read_cell(own[0]).kind == "number" and cells[-1].kind == "blank":
            cells[:] = [cells[0], _BLANK, *cells[1:-1]]
            shifted = True
        return names[0], above, shifted
    if len(own) == 2:
        above = own[0] or above
        if is_total(own[0]) and not own[1]:
            return own[0], above, False
        return "/".join(filter(None, (above, own[1]))), above, False
    return (own[0] if own else ""), above, False


def _settle_commas(sheet: Sheet, j: int) -> None:
    """Read ambiguous commas (1,588) as decimal points in a column of decimals; mark all decimal commas suspect."""
    cells = [(r, r.cells[j]) for r in sheet.rows if r.cells[j].kind == "number"]
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


def unit_factor(column: Column) -> float:
    """10000.0 for a column in 万户; 1.0 without a multiplier."""
    return float(split_multiplier(column.unit)[0]) if column.unit else 1.0


def row_period(row: Row) -> str | None:
    """The period of a row whose label is one (2024年 | 12 | 34)."""
    found = period_of(row.label)
    return found if found and found == name_of(row.label) else None
