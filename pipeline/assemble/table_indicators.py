"""Tables whose rows are indicators (指标名称 | 单位 | 2030年): name and unit of a figure are those of its row."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.assemble.table_headers import split_unit, without_period
from pipeline.assemble.table_rows import Row, Sheet
from pipeline.assemble.table_text import is_unit, name_of, words

_GROWTH = re.compile(r"增速|增长|增幅|年均")
_CHANGE = re.compile(r"增速|增长率|增幅")


@dataclass(frozen=True, slots=True)
class RowIndicators:
    """How the rows of a table name and measure; `units` is the column of units, null where labels print them."""

    units: int | None

    def of(self, sheet: Sheet, row: Row, j: int) -> tuple[str, str | None]:
        """Indicator and unit of the cell in column `j`."""
        name, unit = split_unit(row.label.rpartition("/")[2])
        if self.units is not None:
            printed = name_of(row.cells[self.units].printed)
            unit = printed if is_unit(printed) else unit
        own = split_unit(without_period(sheet.columns[j].path[-1]))[0] if sheet.columns[j].path else ""
        if _GROWTH.search(own):
            return name + own, "%" if _CHANGE.search(own) else unit
        return name, unit


def row_indicators(sheet: Sheet) -> RowIndicators | None:
    """The reader of a table whose rows are indicators (rule tables.row_indicator); null for any other."""
    rows = [r for r in sheet.rows if r.label and not r.total]
    units = next((j for j in sheet.data if _is_unit_column(sheet, j)), None)
    if units is not None:
        return RowIndicators(units)
    named = [split_unit(r.label.rpartition("/")[2])[1] for r in rows]
    several = len({u for u in named if u}) > 1
    return RowIndicators(None) if several and 2 * sum(map(bool, named)) > len(rows) else None


def _is_unit_column(sheet: Sheet, j: int) -> bool:
    path = sheet.columns[j].path
    if not path or path[-1] not in words("unit_headers"):
        return False
    cells = [name_of(r.cells[j].printed) for r in sheet.rows if r.cells[j].kind != "blank"]
    units = [is_unit(c) or c in words("nulls") for c in cells]
    return 2 * sum(units) > len(units)
