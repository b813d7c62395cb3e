"""Annex tables as tidy rows: CONTRACT tables `tables` and `table_cells`."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from pipeline.assemble.table_doubts import mark_doubts
from pipeline.assemble.table_headers import caption_unit
from pipeline.assemble.table_repair import place_continuations, place_moved
from pipeline.assemble.table_rows import Row, Sheet, read_sheet, row_period
from pipeline.assemble.table_text import clean, name_of
from pipeline.model import AnnexTable, Document, Grid, Territory, Text

Record = dict[str, Any]
_NATION = Territory("000000", "", "national")
RegionCode = Callable[[str], str | None]


def tables(
    text: Text,
    document: Document,
    document_id: str,
    issue_id: str,
    territory: Territory | None,
) -> tuple[list[Record], list[Record]]:
    """Rows of `tables` and of `table_cells` for the tables of a document.

    `table_id` is `<document_id>/t<n>`, n from 1 in the order of the document. Columns and rows count
    from 1, columns as printed (序号 is 1), rows without the header. Besides the contract's columns a cell
    has `line` (line of the source) and `rule` (what placed or read it).
    """
    rows: list[Record] = []
    cells: list[Record] = []
    code = _region_codes(territory)
    for n, table in enumerate(document.tables, 1):
        sheet = _read(table)
        table_id = f"{document_id}/t{n}"
        rows.append(_table_row(table, sheet, table_id, document_id, issue_id))
        if sheet:
            cells += _cell_rows(sheet, table_id, issue_id, code)
    return rows, cells


def _read(table: AnnexTable) -> Sheet | None:
    grid, captions = _split_captions(table.grid.grid)
    unit = next(filter(None, map(caption_unit, [*captions, clean(table.title or "")])), None)
    sheet = read_sheet(grid, unit)
    if sheet and sheet.data:
        place_continuations(sheet)
        if sheet.header.height:
            place_moved(sheet)
        mark_doubts(sheet)
    return sheet


def _split_captions(grid: Grid) -> tuple[Grid, list[str]]:
    """The grid without leading rows of one cell (title, 单位：万元), and the text of those."""
    start, captions = 0, []
    widest = max((sum(1 for c in row if c.strip()) for row in grid.rows), default=0)
    for row in grid.rows:
        filled = [c for c in row if c.strip()]
        if widest < 2 or len(filled) > 1:
            break
        captions += [clean(c) for c in filled]
        start += 1
    doubts = tuple((i - start, j, sure) for i, j, sure in grid.doubts if i >= start)
    return Grid(grid.rows[start:], grid.numbers[start:], grid.page, doubts), captions


def _table_row(table: AnnexTable, sheet: Sheet | None, table_id: str, document_id: str, issue_id: str) -> Record:
    status = "ok"
    if sheet:
        doubts = any(r.doubts for r in sheet.rows)
        status = "suspect" if sheet.suspect else "repaired" if sheet.repaired or doubts else "ok"
    return {
        "table_id": table_id,
        "document_id": document_id,
        "issue_id": issue_id,
        "annex_no": table.annex_no,
        "title": name_of(table.title) if table.title else None,
        "n_rows": len(sheet.rows) if sheet else 0,
        "n_cols": len(sheet.columns) if sheet else 0,
        "header": [list(c.path) for c in sheet.columns] if sheet else [],
        "page": table.grid.grid.page,
        "status": status,
        "notes": _notes(sheet) if sheet else [],
    }


def _notes(sheet: Sheet) -> list[str]:
    notes = list(sheet.notes)
    moved = [r.label for r in sheet.rows if "tables.moved" in r.rules.values()]
    if moved:
        notes.append("cells put back by a column in " + "、".join(moved))
    notes += [f"column {j + 1} ({'/'.join(c.path)}) is lost in print" for j, c in enumerate(sheet.columns) if c.lost]
    doubted = sum(len(r.doubts) for r in sheet.rows)
    if doubted:
        notes.append(f"{doubted} suspect cells")
    return notes


def _cell_rows(sheet: Sheet, table_id: str, issue_id: str, code: RegionCode) -> list[Record]:
    out: list[Record] = []
    for n, row in enumerate(sheet.rows, 1):
        region, period = code(row.label) if row.label else None, row_period(row)
        shown = (j for j in sheet.data if not (sheet.columns[j].lost and row.cells[j].kind == "blank"))
        out += [_cell_row(sheet, row, n, j, table_id, issue_id, region, period) for j in shown]
    return out


def _cell_row(
    sheet: Sheet, row: Row, n: int, j: int, table_id: str, issue_id: str, region: str | None, period: str | None
) -> Record:
    cell, column = row.cells[j], sheet.columns[j]
    return {
        "table_id": table_id,
        "issue_id": issue_id,
        "row": n,
        "col": j + 1,
        "row_label": row.label or None,
        "region_code": region,
        "header": list(column.path),
        "indicator": column.indicator,
        "period": column.period or period,
        "unit": cell.unit or column.unit if cell.kind != "text" else None,
        "value": cell.value,
        "printed": cell.printed,
        "is_total": row.total,
        "suspect": j in row.doubts,
        "reason": row.doubts.get(j),
        "line": row.lines.get(j, row.line),
        "rule": row.rules.get(j, "tables.number" if cell.value is not None else "tables.null"),
    }


def _region_codes(territory: Territory | None) -> RegionCode:
    """Codes of row labels inside the territory of the issuer; null for labels that are no place."""
    from pipeline.resolve.regions import region_code as resolve

    @lru_cache(maxsize=512)
    def code(label: str) -> str | None:
        return resolve(label.rpartition("/")[2], territory or _NATION)

    return code
