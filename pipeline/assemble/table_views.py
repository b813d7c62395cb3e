"""The published cells of a table as a matrix, and what a check of them finds."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypedDict

from pipeline.assemble.table_headers import is_rate, next_periods
from pipeline.assemble.table_relations import Relation
from pipeline.assemble.table_text import read_cell

Row = Mapping[str, Any]
At = tuple[int, int]  # row, column
_YEAR = re.compile(r"(?:19|20)\d\d")


class Finding(TypedDict):
    """One relation that was tried. `rows` are the labels of the rows that break it, or of those it holds in.

    `check` is the name of its expectation in the suite `arithmetic`.
    """

    check: str
    table_id: str
    columns: list[str]
    rows: list[str]
    holds: bool
    observed: str
    expected: str
    message: str


@dataclass(frozen=True, slots=True)
class View:
    """The cells of one table as a matrix; columns and rows by index."""

    table_id: str
    title: str
    columns: tuple[Row, ...]  # the first cell of each column: header, indicator, period, unit
    labels: tuple[str, ...]
    totals: tuple[bool, ...]
    matrix: tuple[tuple[float | None, ...], ...]
    places: tuple[tuple[int, ...], ...]
    rates: frozenset[int]
    years: tuple[str | None, ...]  # the one year of each column: of its header, else of the title
    names: tuple[tuple[str, str | None], ...] = ()  # indicator and unit of each row, where rows are indicators
    regions: tuple[bool, ...] = ()  # whether a row is about a place
    strokes: frozenset[At] = frozenset()  # cells that print a stroke
    unplaced: frozenset[At] = frozenset()  # cells of which nothing shows that they stand in their column

    def name(self, j: int) -> str:
        """The header of column `j` on one line."""
        return "/".join(self.columns[j]["header"]) or f"column {self.columns[j]['col']}"

    def finding(
        self,
        check: str,
        columns: Sequence[int],
        rows: Sequence[int],
        holds: bool,
        observed: str,
        expected: str,
        message: str,
    ) -> Finding:
        """A finding of this table."""
        return Finding(
            check=check,
            table_id=self.table_id,
            columns=[self.name(j) for j in columns],
            rows=[self.labels[i] for i in rows],
            holds=holds,
            observed=observed,
            expected=expected,
            message=f"{self.title}: {message}",
        )

    def after(self) -> dict[int, int]:
        """For each column of a period, the same of the next period."""
        return next_periods((j, tuple(c["header"]), c["period"]) for j, c in enumerate(self.columns))

    def amounts(self) -> list[int]:
        """Columns of numbers that are no rates."""
        half = len(self.labels) / 2
        return [
            j
            for j in range(len(self.columns))
            if j not in self.rates and sum(row[j] is not None for row in self.matrix) > half
        ]


class Solved(NamedTuple):
    """A table with the relations that its columns obey; `weak` are shares that few rows obey."""

    view: View
    sums: Sequence[Relation]
    shares: Sequence[Relation]
    weak: Sequence[Relation]


def views_of(tables: Sequence[Row], cells: Sequence[Row]) -> list[View]:
    """A view of each table that has cells, in order."""
    by_table: dict[str, list[Row]] = defaultdict(list)
    for cell in cells:
        by_table[cell["table_id"]].append(cell)
    return [_view(t, by_table[t["table_id"]]) for t in tables if by_table.get(t["table_id"])]


def _view(table: Row, cells: Sequence[Row]) -> View:
    heads: dict[int, Row] = {}
    rows: dict[int, Row] = {}
    at: dict[tuple[int, int], Row] = {}
    for c in cells:
        heads.setdefault(c["col"], c)
        rows.setdefault(c["row"], c)
        at[c["row"], c["col"]] = c
    cols = sorted(heads)
    rates = frozenset(j for j, col in enumerate(cols) if _is_rate(heads[col]))
    grid = [[at.get((r, col)) for col in cols] for r in rows]
    return View(
        table["table_id"],
        table.get("title") or "",
        tuple(heads[col] for col in cols),
        tuple(c["row_label"] or "" for c in rows.values()),
        tuple(bool(c["is_total"]) for c in rows.values()),
        tuple(tuple(_number(c, j in rates) for j, c in enumerate(row)) for row in grid),
        tuple(tuple(_places(c) for c in row) for row in grid),
        rates,
        tuple(_year(heads[col], table.get("title") or "") for col in cols),
        _row_names(grid),
        tuple(bool(c.get("region_code")) for c in rows.values()),
        _where(grid, lambda c: c["value"] is None and _is_stroke(c)),
        _where(grid, lambda c: "moved" in (c.get("reason") or "")),
    )


def _where(grid: Sequence[Sequence[Row | None]], holds: Callable[[Row], bool]) -> frozenset[At]:
    return frozenset((i, j) for i, row in enumerate(grid) for j, c in enumerate(row) if c and holds(c))


def _is_stroke(cell: Row) -> bool:
    return read_cell(cell["printed"] or "").kind == "null"


def _row_names(grid: Sequence[Sequence[Row | None]]) -> tuple[tuple[str, str | None], ...]:
    """Indicator and unit of each row; empty where the columns are the indicators, each with one name in all rows."""
    firsts = [next((c for c in row if c and c["value"] is not None and c["period"]), None) for row in grid]
    names = [(c["indicator"] or "", c["unit"]) if c else ("", None) for c in firsts]
    of_rows = all(not c or (c["indicator"] or "") in (c["row_label"] or "") for c in firsts)
    return tuple(names) if of_rows and len({n for n, _ in names} - {""}) > 1 else ()


def _year(cell: Row, title: str) -> str | None:
    years = set(_YEAR.findall(cell["period"] or "") or _YEAR.findall(title))
    return years.pop() if len(years) == 1 else None


def _is_rate(cell: Row) -> bool:
    return cell["unit"] in ("%", "‰") or bool(cell["header"]) and is_rate(cell["header"][-1])


def _number(cell: Row | None, rate: bool) -> float | None:
    """The value; a stroke is 0 in a sum and nothing in a rate."""
    if cell is None:
        return None
    if cell["value"] is not None:
        return float(cell["value"])
    return 0.0 if not rate and _is_stroke(cell) else None


def _places(cell: Row | None) -> int:
    """Decimals as printed: a published value always has six."""
    return read_cell(cell["printed"] or "").places if cell and cell["value"] is not None else 0
