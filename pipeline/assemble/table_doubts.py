"""Cells that the arithmetic of their own table contradicts: marked suspect, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.assemble.table_ratios import Head, far, partners, ratios_of
from pipeline.assemble.table_relations import Matrix, Relation, best_shares, find_shares, find_sums, weak_shares
from pipeline.assemble.table_repair import matrix_of, parallels
from pipeline.assemble.table_rows import Sheet
from pipeline.assemble.table_text import words
from pipeline.assemble.table_totals import Total, additive, column_totals
from pipeline.assemble.table_views import At

_MERGED = 2  # blank rows beside a rate that make one merged cell likely


def mark_doubts(sheet: Sheet) -> None:
    """Mark cells that break a relation their table obeys, or that stand far off a steady ratio."""
    if len(sheet.rows) < 4:
        return
    matrix, rates = matrix_of(sheet), sheet.rates()
    numeric = sheet.numeric()
    columns = [j for j in numeric if j not in rates]
    places = [[c.places for c in row.cells] for row in sheet.rows]
    shares = find_shares(matrix, columns, [j for j in numeric if j in rates], places)
    strong = [*find_sums(matrix, columns), *best_shares(shares)]
    weak = weak_shares(shares, {r.target for r in strong}, parallels(sheet))
    proved = {(i, j) for r in (*strong, *weak) for i in r.holds for j in r.columns}
    added = [j for j in columns if additive(sheet.columns[j].path, sheet.columns[j].unit)]
    totals = column_totals([r.label for r in sheet.rows], matrix, added)
    broken = _broken(sheet, strong, proved)
    _mark_broken(sheet, broken, totals)
    sheet.suspect = sheet.suspect or bool(broken) or not all(t.holds for t in totals)
    far = "the ratio to its partner column is far from that of the other rows"
    _mark(sheet, _far_ratios(sheet, matrix, columns) - proved, far)
    if weak:
        _mark_weak(sheet, weak, proved)
    merged = {(i, j) for j in numeric if j in rates for i in _merged(sheet, j)}
    _mark(sheet, merged - proved, "beside blank rows: it may be one cell printed over all of them")


def _merged(sheet: Sheet, j: int) -> set[int]:
    """Rows whose rate stands alone among blank ones in a column that is filled elsewhere: a rate of a group of rows."""
    rows = [i for i, row in enumerate(sheet.rows) if not row.total]
    blank = [sheet.rows[i].cells[j].kind == "blank" for i in rows]
    if 2 * sum(blank) > len(rows):
        return set()
    out: set[int] = set()
    for k, i in enumerate(rows):
        value = sheet.rows[i].cells[j].value
        if value is None:
            continue
        around = sum(1 for step in (1, -1) for _ in _blanks(sheet, rows, k, step, j))
        if around >= _MERGED:
            out.add(i)
    return out


def _blanks(sheet: Sheet, rows: list[int], k: int, step: int, j: int) -> Iterator[int]:
    """Blank cells next to the k-th row in one direction; the same value printed again does not end them."""
    value = sheet.rows[rows[k]].cells[j].value
    k += step
    while 0 <= k < len(rows):
        cell = sheet.rows[rows[k]].cells[j]
        if cell.kind == "blank":
            yield k
        elif cell.value != value:
            return
        k += step


def _mark(sheet: Sheet, cells: Iterable[At], why: str) -> None:
    for i, j in sorted(cells):
        if sheet.rows[i].cells[j].kind == "number":
            said = sheet.rows[i].doubts.get(j)
            sheet.rows[i].doubts[j] = f"{said}; {why}" if said else why


def _broken(sheet: Sheet, relations: list[Relation], proved: set[At]) -> dict[At, str]:
    """In a row that breaks a relation, the cells that no other relation proves."""
    broken: dict[At, str] = {}
    for r in relations:
        for i in r.fails:
            own = {(i, j) for j in r.columns}
            why = f"breaks {describe(sheet, r)}, which holds in {len(r.holds)} rows"
            broken.update(dict.fromkeys(sorted((own - proved) or own), why))
    return broken


def _mark_broken(sheet: Sheet, broken: dict[At, str], totals: list[Total]) -> None:
    """Where a column total breaks too, the cell in both is the one; else the total itself."""
    wrong = {t.column: t for t in totals if not t.holds}
    pinned = {at for at in broken if at[1] in wrong}
    rows = {i for i, _ in pinned}
    for at, why in broken.items():
        if at in pinned or at[0] not in rows:
            _mark(sheet, [at], why)
    for j, total in wrong.items():
        if j not in {at[1] for at in pinned}:
            _mark(sheet, [(total.row, j)], f"the rows add up to {total.expected:g}")


def describe(sheet: Sheet, relation: Relation) -> str:
    """A relation in the words of the header: 甲 = 乙 + 丙."""

    def name(j: int) -> str:
        return "/".join(sheet.columns[j].path) or f"column {j + 1}"

    total = " + ".join(map(name, relation.parts))
    return f"{name(relation.target)} = " + (total if relation.whole is None else f"({total}) / {name(relation.whole)}")


def _mark_weak(sheet: Sheet, weak: list[Relation], proved: set[At]) -> None:
    # The rates and each year's additions differ between the relations; what they share are the columns of the state.
    common = {j for j in weak[0].columns if not sheet.columns[j].period}
    rows = set(range(len(sheet.rows))) - set(weak[0].holds)
    cells = {(i, j) for i in rows for j in common}
    _mark(sheet, cells - proved, f"not proved: {describe(sheet, weak[0])} holds only in part of the rows")
    sheet.suspect = True
    fails = len({i for r in weak for i in r.fails})
    sheet.notes.append(f"{describe(sheet, weak[0])} holds in {len(weak[0].holds)} rows and fails in {fails}")
    whole, first = weak[0].whole, weak[0].parts[0]
    if (
        whole is not None
        and _names(sheet, whole, "done_words")
        and any(_names(sheet, j, "due_words") for j in weak[0].parts)
    ):
        sheet.notes.append(
            f"headers of columns {whole + 1} and {first + 1} contradict the arithmetic: they seem to be exchanged"
        )


def _names(sheet: Sheet, j: int, kind: str) -> bool:
    path = sheet.columns[j].path
    return bool(path) and path[-1].startswith(words(kind))


def _far_ratios(sheet: Sheet, matrix: Matrix, columns: list[int]) -> set[At]:
    """Cells whose ratio to their partner (area to households) is far from a median that most rows keep to."""
    heads = {j: sheet.columns[j] for j in columns}
    pairs = partners({j: Head(c.path, c.unit, c.indicator) for j, c in heads.items()})
    unplaced = {(i, j) for i, row in enumerate(sheet.rows) for j, why in row.doubts.items() if "moved" in why}
    return {(i, j) for i, pair in far(ratios_of(matrix, pairs, unplaced)) for j in pair}
