"""Cells that left their columns in print or in reading: put back where arithmetic or kind proves it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.assemble.table_headers import next_periods
from pipeline.assemble.table_relations import Relation, best_shares, find_shares, find_sums, same, tolerance_of
from pipeline.assemble.table_rows import Row, Sheet
from pipeline.assemble.table_text import Cell

Pair = tuple[int, int]
_BLANK = Cell("", "blank")
_CLOSE = 0.005  # ratios of the same pair in one row agree within rounding of short decimals
_TELLING = 10  # smaller sums agree by chance too often
_LIKE = 0.01  # … and with those of another row


def parallels(sheet: Sheet) -> dict[int, int]:
    """For each column of a period, the column of the same name in the next period printed."""
    return next_periods((j, sheet.columns[j].path, sheet.columns[j].period) for j in sheet.data)


def matrix_of(sheet: Sheet) -> list[list[float | None]]:
    """Values of the body; a stroke counts as 0 but in rates."""
    rates = sheet.rates()
    return [
        [
            float(c.value) if c.value is not None else (0.0 if c.kind == "null" and j not in rates else None)
            for j, c in enumerate(row.cells)
        ]
        for row in sheet.rows
    ]


def place_continuations(sheet: Sheet) -> None:
    """Join rows without label to the row above (rule tables.continuation)."""
    kept: list[Row] = []
    for row in sheet.rows:
        if kept and not row.label and _continues(sheet, kept[-1], row):
            continue
        kept.append(row)
    sheet.rows[:] = kept


def _continues(sheet: Sheet, above: Row, row: Row) -> bool:
    filled = [j for j in sheet.data if row.cells[j].printed]
    if not filled or any(row.cells[j].printed for j in range(sheet.data[0])):
        return False
    if all(not above.cells[j].printed for j in filled):
        for j in filled:
            above.cells[j] = row.cells[j]
            above.lines[j], above.rules[j] = row.line, "tables.continuation"
        sheet.repaired = True
        return True
    lost = [j for j in sheet.data if sheet.columns[j].lost]
    if len(filled) == len(lost) == 1 and row.cells[filled[0]].kind == "number":
        return _to_lost(sheet, above, row.cells[filled[0]], row.line, filled[0], lost[0])
    return False


def _to_lost(sheet: Sheet, above: Row, cell: Cell, line: int, stood: int, lost: int) -> bool:
    """Place a number in the lost column parallel to the one it stood in; suspect where nothing proves it."""
    if parallels(sheet).get(stood) != lost or above.cells[stood].unit != cell.unit:
        return False
    above.cells[lost] = cell
    above.lines[lost], above.rules[lost] = line, "tables.continuation"
    sheet.repaired = True
    if not _proved(sheet, above, cell, stood, lost):
        above.doubts[lost] = "printed alone on a line below; its column is lost and no arithmetic proves it"
    return True


def _proved(sheet: Sheet, above: Row, cell: Cell, stood: int, lost: int) -> bool:
    """Whether the share that gives the parallel rate gives this one too, with the next period's additions."""
    after = parallels(sheet)
    for relation in best_shares(shares_of(sheet, (stood,))):
        added = tuple(after[j] for j in relation.parts if j in after)
        wider = Relation("share", lost, (*relation.parts, *added), relation.whole, (), ())
        row = [None if c.value is None else float(c.value) for c in above.cells]
        expected = wider.expected(row)
        if cell.value is not None and expected is not None and added:
            return same(float(cell.value), expected, tolerance_of(float(cell.value), cell.places))
    return False


def shares_of(sheet: Sheet, rates: tuple[int, ...]) -> list[Relation]:
    """Shares that give the rates from the other number columns."""
    known = sheet.rates()
    columns = [j for j in sheet.numeric() if j not in known]
    places = [[c.places for c in row.cells] for row in sheet.rows]
    return find_shares(matrix_of(sheet), columns, rates, places)


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What shows where the cells of a row belong."""

    rates: frozenset[int]
    signed: frozenset[int]  # rates that print their %
    pairs: list[tuple[Pair, Pair]]
    ratios: list[float]
    sums: list[Relation]  # sums that nearly all rows obey

    def score(self, sheet: Sheet, cells: list[Cell]) -> int:
        """The more, the better the cells fit their columns."""
        percents = [j in self.rates for j in sheet.data if cells[j].unit in ("%", "‰")]
        plain = sum(cells[j].kind == "number" and cells[j].unit is None for j in self.signed)
        alike = [r for r in _ratios(cells, self.pairs) if any(abs(r / s - 1) <= _LIKE for s in self.ratios)]
        added = sum(_adds_up(cells, r) is True for r in self.sums)
        return 2 * (percents.count(True) - percents.count(False) - plain) + 3 * (len(alike) + added)


def place_moved(sheet: Sheet) -> None:
    """Put shifted runs of cells back (rule tables.moved); what is left of the row becomes suspect."""
    rates, numeric = sheet.rates(), set(sheet.numeric())
    pairs = list(_pairs(sheet, rates))
    gaps = any(row.cells[j].kind == "blank" for row in sheet.rows for j in numeric)
    sums = find_sums(matrix_of(sheet), sorted(numeric - rates)) if gaps else []
    if not (rates & numeric) and not pairs and not sums:
        return
    ratios = [r for row in sheet.rows for r in _ratios(row.cells, pairs)]
    signed = frozenset(j for j in rates if _signed(sheet, j))
    evidence = _Evidence(rates, signed, pairs, ratios, sums)
    for row in sheet.rows:
        if _looks_moved(row.cells, sheet, evidence):
            _place_row(sheet, row, evidence)


def _adds_up(cells: list[Cell], relation: Relation) -> bool | None:
    """Whether the sum holds in a row; null where a cell of it is blank, or so small that it proves nothing."""
    values = [cells[j].value for j in relation.columns]
    known = [float(v) for v in values if v is not None]
    if len(known) < len(values) or abs(known[0]) < _TELLING or sum(map(bool, known[1:])) < 2:
        return None
    return same(known[0], sum(known[1:]))


def _looks_moved(cells: list[Cell], sheet: Sheet, evidence: _Evidence) -> bool:
    """A % outside the rates, a bare number among rates with %, half of a pair, or a sum with a blank in it."""
    if not any(cells[j].kind == "blank" for j in sheet.data):
        return False
    misfit = any(c.unit in ("%", "‰") and j not in evidence.rates for j, c in enumerate(cells)) or any(
        cells[j].kind == "number" and cells[j].unit is None for j in evidence.signed
    )
    halves = any((cells[a].kind == "blank") != (cells[b].kind == "blank") for two in evidence.pairs for a, b in two)
    unsummed = any(_adds_up(cells, r) is not True for r in evidence.sums)
    return misfit or halves or unsummed


def _pairs(sheet: Sheet, rates: frozenset[int]) -> Iterator[tuple[Pair, Pair]]:
    """Neighbouring number columns with the same two in the next period."""
    after = parallels(sheet)
    for j in sheet.data:
        if j in after and after.get(j + 1) == after[j] + 1 and not {j, j + 1} & rates:
            yield (j, j + 1), (after[j], after[j] + 1)


def _ratio(cells: list[Cell], pair: Pair) -> float | None:
    a, b = cells[pair[0]].value, cells[pair[1]].value
    return float(a / b) if a and b else None


def _ratios(cells: list[Cell], pairs: list[tuple[Pair, Pair]]) -> list[float]:
    """Ratios of a row that are the same in both periods."""
    out = []
    for one, two in pairs:
        a, b = _ratio(cells, one), _ratio(cells, two)
        if a and b and abs(a / b - 1) <= _CLOSE:
            out.append(a)
    return out


def _place_row(sheet: Sheet, row: Row, evidence: _Evidence) -> None:
    before = evidence.score(sheet, row.cells)
    best = max(
        ((evidence.score(sheet, cells), -len(range(a, b)), a, b, step) for a, b, step, cells in _shifts(sheet, row)),
        default=None,
    )
    if best is None or best[0] <= before:
        return
    _, _, a, b, step = best
    row.cells[:] = _shifted(row.cells, a, b, step)
    row.rules.update({j + step: "tables.moved" for j in range(a, b)})
    row.doubts = {j + step if a <= j < b else j: why for j, why in row.doubts.items()}
    rest = range(sheet.data[0], a) if step > 0 else range(b, sheet.data[-1] + 1)
    for j in rest:
        if row.cells[j].kind == "number":
            row.doubts[j] = "cells of this row moved by a column; nothing shows where this one belongs"
    sheet.repaired = True


def _signed(sheet: Sheet, j: int) -> bool:
    """Whether the cells of a rate column print their %."""
    cells = [r.cells[j] for r in sheet.rows if r.cells[j].kind == "number"]
    return 2 * sum(c.unit is not None for c in cells) > len(cells)


def _shifts(sheet: Sheet, row: Row) -> Iterator[tuple[int, int, int, list[Cell]]]:
    """Runs of filled cells that have room to move by one or two columns to either side."""
    first, end = sheet.data[0], sheet.data[-1] + 1
    filled = [c.kind != "blank" for c in row.cells]
    for a in range(first, end):
        for b in range(a + 1, end + 1):
            if not filled[b - 1]:
                break
            for step in (1, 2, -1, -2):
                target = range(b, b + step) if step > 0 else range(a + step, a)
                if target[0] >= first and target[-1] < end and not any(filled[j] for j in target):
                    yield a, b, step, _shifted(row.cells, a, b, step)


def _shifted(cells: list[Cell], a: int, b: int, step: int) -> list[Cell]:
    out = list(cells)
    for j in range(a, b):
        out[j] = _BLANK
    for j in range(a, b):
        out[j + step] = cells[j]
    return out
