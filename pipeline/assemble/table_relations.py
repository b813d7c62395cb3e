"""Arithmetic that the columns of a table obey, found by trying it on every row.

Works on plain numbers: a matrix of rows by columns, null where a cell has no value.
A relation that many rows obey by its digits cannot be chance; the rows that break it are suspect.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, combinations
from typing import Literal

Matrix = Sequence[Sequence[float | None]]
Total = tuple[float, tuple[int, ...]]
_BEYOND = 1 << 30
_MOST_TRIPLES = 11  # columns for which three parts are tried: 11 * C(10, 3) sums
_MOST_PAIRS = 24
_DOUBT = 3.0  # decimal digits of agreement asked for beyond what the number of trials explains


@dataclass(frozen=True, slots=True)
class Relation:
    """`target` = sum of `parts` (kind sum), or 100 * sum of `parts` / `whole` (kind share). Rows by index."""

    kind: Literal["sum", "share"]
    target: int
    parts: tuple[int, ...]
    whole: int | None
    holds: tuple[int, ...]
    fails: tuple[int, ...]

    @property
    def columns(self) -> tuple[int, ...]:
        """All columns of the relation, the target first."""
        return (self.target, *self.parts, *(() if self.whole is None else (self.whole,)))

    @property
    def strong(self) -> bool:
        """Held by at least 90 % of at least four rows (one slip is allowed from six rows on)."""
        tested = len(self.holds) + len(self.fails)
        slips = max(tested // 10, 1 if tested >= 6 else 0)
        return len(self.holds) >= 4 and len(self.fails) <= slips

    def expected(self, row: Sequence[float | None]) -> float | None:
        """What the target should be in `row`; null where a part has no value."""
        total = 0.0
        for j in self.parts:
            part = row[j]
            if part is None:
                return None
            total += part
        if self.kind == "sum":
            return total
        whole = row[self.whole] if self.whole is not None else None
        return 100 * total / whole if whole else None


def same(a: float, b: float, tolerance: float = 0.0) -> bool:
    """Equal but for binary rounding, or within `tolerance`."""
    return abs(a - b) <= tolerance + 1e-9 * max(1.0, abs(a), abs(b))


def tolerance_of(value: float, places: int) -> float:
    """Half a unit of the last digit that says something: 86.50 is often 86.5 printed with two places."""
    if places and round(value, places - 1) == value:
        places -= 1 if places > 1 else 0
    return 0.5 * 10.0**-places


def find_sums(matrix: Matrix, columns: Sequence[int]) -> list[Relation]:
    """For each column the shortest sum of others that it is, where one holds (Relation.strong)."""
    rows = [i for i, row in enumerate(matrix) if sum(bool(row[j]) for j in columns) >= 3]
    if len(rows) < 4 or len(columns) > _MOST_PAIRS:
        return []
    sizes = (2, 3) if len(columns) <= _MOST_TRIPLES else (2,)
    trials = math.log10(max(10, len(columns) ** (max(sizes) + 1)))
    # A few rows decide which combinations are worth a full test; more than one, for it may be the slip.
    pivots = sorted(rows, key=lambda i: -sum(bool(matrix[i][j]) for j in columns))[:3]
    totals = [(matrix[i], _totals(matrix[i], columns, sizes)) for i in pivots]
    found = (_first_sum(matrix, rows, target, _hits(totals, target), trials) for target in columns)
    return [r for r in found if r]


def _totals(row: Sequence[float | None], columns: Sequence[int], sizes: Iterable[int]) -> list[Total]:
    """All sums of so many columns of a row, ascending, with the columns."""
    known = [j for j in columns if row[j] is not None]
    values = [row[j] or 0.0 for j in known]
    return sorted(
        chain.from_iterable(zip(map(sum, combinations(values, n)), combinations(known, n), strict=True) for n in sizes)
    )


def _between(totals: list[Total], low: float, high: float) -> list[tuple[int, ...]]:
    return [parts for _, parts in totals[bisect_left(totals, (low,)) : bisect_right(totals, (high, (_BEYOND,)))]]


def _hits(totals: Sequence[tuple[Sequence[float | None], list[Total]]], target: int) -> list[tuple[int, ...]]:
    """Combinations that give the target in one of the rows, the shortest first."""
    out: set[tuple[int, ...]] = set()
    for row, sums in totals:
        goal = row[target]
        if goal:
            slack = 1e-9 * max(1.0, abs(goal))
            out.update(parts for parts in _between(sums, goal - slack, goal + slack) if target not in parts)
    return sorted(out, key=lambda parts: (len(parts), parts))


def _exactly(_row: int) -> float:
    return 0.0


def _first_sum(
    matrix: Matrix, rows: Sequence[int], target: int, hits: Iterable[tuple[int, ...]], trials: float
) -> Relation | None:
    for parts in hits:
        relation = _test(matrix, rows, "sum", target, parts, None, _exactly)
        if relation.strong and _says_much(matrix, relation, trials):
            return relation
    return None


def _test(
    matrix: Matrix,
    rows: Sequence[int],
    kind: Literal["sum", "share"],
    target: int,
    parts: tuple[int, ...],
    whole: int | None,
    tolerance: Callable[[int], float],
) -> Relation:
    expected = Relation(kind, target, parts, whole, (), ()).expected
    holds: list[int] = []
    fails: list[int] = []
    for i in rows:
        row = matrix[i]
        value = row[target]
        wanted = expected(row) if value is not None and any(row[j] for j in parts) else None
        if value is not None and wanted is not None:
            (holds if same(value, wanted, tolerance(i)) else fails).append(i)
    return Relation(kind, target, parts, whole, tuple(holds), tuple(fails))


def _says_much(matrix: Matrix, relation: Relation, trials: float) -> bool:
    """Whether the digits that agree are more than chance gives; every part must count in some rows."""
    seen = {tuple(matrix[i][j] for j in relation.columns) for i in relation.holds}
    digits = sum(math.log10(max(1.0, abs(row[0] or 0.0))) for row in seen)
    each = all(sum(bool(matrix[i][j]) for i in relation.holds) >= 2 for j in relation.parts)
    return each and len(seen) >= 4 and digits >= trials + _DOUBT


def find_shares(
    matrix: Matrix, columns: Sequence[int], rates: Sequence[int], places: Sequence[Sequence[int]]
) -> list[Relation]:
    """All shares that some rows obey, strong or not, the best of each rate first.

    `places` are the decimals printed; a rate in % is compared at its printed precision.
    """
    if len(columns) > 12:
        return []
    sums = cache(lambda i: _totals(matrix[i], columns, (1, 2, 3)))
    out = []
    for rate in rates:
        rows = [i for i, row in enumerate(matrix) if row[rate] is not None]
        tolerance = _rate_tolerance(matrix, rate, places)
        pivots = sorted(rows, key=lambda i: (-_digits(matrix[i][rate] or 0.0, places[i][rate]), i))[:4]
        near = [_shares_in(matrix[i], rate, columns, tolerance(i), sums(i)) for i in pivots]
        candidates = dict.fromkeys(chain.from_iterable(near))
        found = [_test(matrix, rows, "share", rate, parts, whole, tolerance) for whole, parts in candidates]
        found.sort(key=lambda r: (-len(r.holds), len(r.parts), r.columns))
        out += [r for r in found if len(r.holds) >= 2]
    return out


def _rate_tolerance(matrix: Matrix, rate: int, places: Sequence[Sequence[int]]) -> Callable[[int], float]:
    return lambda i: tolerance_of(matrix[i][rate] or 0.0, places[i][rate])


def _shares_in(
    row: Sequence[float | None], rate: int, columns: Sequence[int], tolerance: float, totals: list[Total]
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Wholes and parts that give the rate in this row."""
    value = row[rate] or 0.0
    for whole in columns:
        size = (row[whole] or 0.0) / 100
        if size > 0:
            low, high = size * (value - tolerance), size * (value + tolerance)
            yield from ((whole, parts) for parts in _between(totals, low - 1e-9, high + 1e-9) if whole not in parts)


def _digits(value: float, places: int) -> int:
    return len(f"{value:.{places}f}".rstrip("0").replace(".", "")) if value not in (0.0, 100.0) else 0


def best_shares(relations: Sequence[Relation]) -> list[Relation]:
    """One strong relation for each rate: most rows, fewest parts."""
    out: dict[int, Relation] = {}
    for r in relations:
        if r.strong and r.target not in out and len(r.holds) >= 4:
            out[r.target] = r
    return list(out.values())


def weak_shares(shares: Sequence[Relation], known: Collection[int], after: Mapping[int, int]) -> list[Relation]:
    """Shares that few rows obey but that two periods confirm: the same whole, the next year's additions on top.

    `known` are rates with a strong relation, `after` gives for a column the same of the next period.
    Two rows in two years agreeing to three digits is no accident; that others break it says that
    the header or those rows are wrong.
    """
    by_target: dict[int, list[Relation]] = {}
    for r in shares:
        if r.target not in known:
            by_target.setdefault(r.target, []).append(r)
    for one, two in after.items():
        for r in by_target.get(one, ()):
            wider = {*r.parts, *(after[j] for j in r.parts if j in after)}
            for s in by_target.get(two, ()):
                if s.whole == r.whole and set(s.parts) == wider and len(set(r.holds) & set(s.holds)) >= 2:
                    return [r, s]
    return []
