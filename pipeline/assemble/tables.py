"""Annex tables as tidy rows: CONTRACT tables `tables` and `table_cells`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from pipeline import ids
from pipeline.assemble.table_annexes import UNLABELLED
from pipeline.assemble.table_doubts import mark_doubts
from pipeline.assemble.table_grids import split_captions, whole
from pipeline.assemble.table_headers import caption_unit
from pipeline.assemble.table_indicators import RowIndicators, row_indicators
from pipeline.assemble.table_labels import is_total
from pipeline.assemble.table_repair import place_continuations, place_moved
from pipeline.assemble.table_rows import Row, Sheet, read_sheet, row_period
from pipeline.assemble.table_text import clean, name_of
from pipeline.model import AnnexTable, Document, Territory, Text

Record = dict[str, Any]
_NATION = Territory("000000", "", "national")
RegionCode = Callable[[str], str | None]


def sheets(document: Document) -> list[tuple[AnnexTable, Sheet | None]]:
    """The tables of a document as read, in order; grids of one table that a page broke are one."""
    return [(table, _read(table)) for table in whole(document.tables)]


def tables(
    text: Text,
    document: Document,
    document_id: str,
    issue_id: str,
    territory: Territory | None,
    read: Sequence[tuple[AnnexTable, Sheet | None]] | None = None,
) -> tuple[list[Record], list[Record]]:
    """Rows of `tables` and of `table_cells` for the tables of a document (`read`: its `sheets`).

    `table_id` is `<document_id>/t<n>`, n from 1 in the order of the document. Columns and rows count
    from 1, columns as printed (序号 is 1), rows without the header. Besides the contract's columns a cell
    has `line` (line of the source) and `rule` (what placed or read it).
    """
    rows: list[Record] = []
    cells: list[Record] = []
    code = _region_codes(territory)
    for n, (table, sheet) in enumerate(sheets(document) if read is None else read, 1):
        table_id = ids.table_id(document_id, n)
        rows.append(_table_row(table, sheet, table_id, document_id, issue_id))
        if sheet:
            cells += _cell_rows(sheet, table_id, issue_id, code)
    return rows, cells


def _read(table: AnnexTable) -> Sheet | None:
    grid, captions = split_captions(table.grid.grid)
    unit = next(filter(None, map(caption_unit, [*captions, clean(table.title or "")])), None)
    sheet = read_sheet(grid, unit)
    if sheet and sheet.data:
        place_continuations(sheet)
        if sheet.header.height:
            place_moved(sheet)
        mark_doubts(sheet)
    return sheet


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
        "notes": [*([] if table.labelled else [UNLABELLED]), *(_notes(sheet) if sheet else [])],
    }


def _notes(sheet: Sheet) -> list[str]:
    notes = [*sheet.notes, *_same_heads(sheet)]
    moved = [r.label for r in sheet.rows if "tables.moved" in r.rules.values()]
    if moved:
        notes.append("cells put back by a column in " + "、".join(moved))
    notes += [f"column {j + 1} ({'/'.join(c.path)}) is lost in print" for j, c in enumerate(sheet.columns) if c.lost]
    doubted = sum(len(r.doubts) for r in sheet.rows)
    if doubted:
        notes.append(f"{doubted} suspect cells")
    return notes


def _same_heads(sheet: Sheet) -> Iterator[str]:
    """Columns that print the same header: one of them is probably wrong."""
    seen: dict[tuple[str, ...], int] = {}
    for j in sheet.data:
        path = sheet.columns[j].path
        if path and (first := seen.setdefault(path, j)) != j:
            yield f"columns {first + 1} and {j + 1} have the same header"


def _cell_rows(sheet: Sheet, table_id: str, issue_id: str, code: RegionCode) -> list[Record]:
    out: list[Record] = []
    by_row = row_indicators(sheet)
    for n, row in enumerate(sheet.rows, 1):
        region, period = code(row.label) if row.label else None, row_period(row)
        shown = (j for j in sheet.data if not (sheet.columns[j].lost and row.cells[j].kind == "blank"))
        cells = [(j, _cell_row(sheet, row, n, j, table_id, issue_id, region, period)) for j in shown]
        if by_row and row.label:
            cells = [(j, _named_by_row(by_row, sheet, row, j, cell, code)) for j, cell in cells]
        out += [cell for _, cell in cells]
    return out


def _named_by_row(by_row: RowIndicators, sheet: Sheet, row: Row, j: int, cell: Record, code: RegionCode) -> Record:
    """A figure of a row that is an indicator; its column may name a place instead (甲县 | 乙县 | 合计)."""
    if row.cells[j].kind not in ("number", "null") or j == by_row.units:
        return cell
    indicator, unit = by_row.of(sheet, row, j)
    head = sheet.columns[j].path[-1] if sheet.columns[j].path else ""
    place = code(head) if head and not sheet.columns[j].period else None
    return {
        **cell,
        "indicator": indicator,
        "unit": row.cells[j].unit or unit,
        "region_code": cell["region_code"] or place,
        "is_total": cell["is_total"] or is_total(head),
    }


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
