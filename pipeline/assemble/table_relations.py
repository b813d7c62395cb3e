"""Arithmetic that the columns of a table obey, found by trying it on every row.

Works on plain numbers: a matrix of rows by columns, null where a cell has no value.
A relation that many rows obey by its digits cannot be chance; the rows that break it are suspect.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

Matrix = Sequence[Sequence[float | None]]
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
        parts = [row[j] for j in self.parts]
        if None in parts:
            return None
        total = sum(p for p in parts if p is not None)
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
    out = []
    for target in columns:
        others = [j for j in columns if j != target]
        found = _first_sum(matrix, rows, target, others, sizes, trials)
        if found:
            out.append(found)
    return out


def _first_sum(
    matrix: Matrix, rows: Sequence[int], target: int, others: Sequence[int], sizes: Iterable[int], trials: float
) -> Relation | None:
    # Two rows decide whether a combination is worth a full test: one of them may be the slip.
    pivots = sorted(
        (i for i in rows if matrix[i][target]), key=lambda i: -sum(bool(matrix[i][j]) for j in others)
    )[:2]
    for size in sizes:
        for parts in _hits(matrix, pivots, target, others, size):
            relation = _test(matrix, rows, "sum", target, parts, None, lambda i: 0.0)
            if relation.strong and _says_much(matrix, relation, trials):
                return relation
    return None


def _hits(
    matrix: Matrix, pivots: Sequence[int], target: int, others: Sequence[int], size: int
) -> list[tuple[int, ...]]:
    out: dict[tuple[int, ...], None] = {}
    for i in pivots:
        row = matrix[i]
        goal = row[target] or 0.0
        slack = 1e-9 * max(1.0, abs(goal))
        values = {j: row[j] or 0.0 for j in others}
        for parts in combinations(others, size):
            if abs(sum([values[j] for j in parts]) - goal) <= slack:
                out[parts] = None
    return list(out)


def _test(
    matrix: Matrix,
    rows: Sequence[int],
    kind: Literal["sum", "share"],
    target: int,
    parts: tuple[int, ...],
    whole: int | None,
    tolerance: Callable[[int], float],
) -> Relation:
    bare = Relation(kind, target, parts, whole, (), ())
    holds, fails = [], []
    for i in rows:
        value, expected = matrix[i][target], bare.expected(matrix[i])
        if value is None or expected is None or not any(matrix[i][j] for j in parts):
            continue
        (holds if same(value, expected, tolerance(i)) else fails).append(i)
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
    out = []
    for rate in rates:
        rows = [i for i, row in enumerate(matrix) if row[rate] is not None]
        found = [
            _test(matrix, rows, "share", rate, parts, whole, _rate_tolerance(matrix, rate, places))
            for whole, parts in _share_candidates(matrix, rows, rate, columns, places)
        ]
        found.sort(key=lambda r: (-len(r.holds), len(r.parts), r.columns))
        out += [r for r in found if len(r.holds) >= 2]
    return out


def _rate_tolerance(matrix: Matrix, rate: int, places: Sequence[Sequence[int]]) -> Callable[[int], float]:
    return lambda i: tolerance_of(matrix[i][rate] or 0.0, places[i][rate])


def _share_candidates(
    matrix: Matrix, rows: Sequence[int], rate: int, columns: Sequence[int], places: Sequence[Sequence[int]]
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Wholes and parts that give the rate in a row at all, tried on the rows with the most digits."""
    pivots = sorted(rows, key=lambda i: (-_digits(matrix[i][rate] or 0.0, places[i][rate]), i))[:4]
    seen: set[tuple[int, tuple[int, ...]]] = set()
    for i in pivots:
        row = matrix[i]
        value = row[rate] or 0.0
        slack = tolerance_of(value, places[i][rate]) + 1e-9
        filled = [(j, row[j] or 0.0) for j in columns if row[j]]
        wholes = [(j, value * w / 100, slack * w / 100) for j, w in filled]
        for size in (1, 2, 3):
            for chosen in combinations(filled, size):
                total = sum([v for _, v in chosen])
                for whole, goal, around in wholes:
                    if abs(total - goal) <= around:
                        parts = tuple([j for j, _ in chosen])
                        if whole not in parts and (whole, parts) not in seen:
                            seen.add((whole, parts))
                            yield whole, parts


def _digits(value: float, places: int) -> int:
    return len(f"{value:.{places}f}".rstrip("0").replace(".", "")) if value not in (0.0, 100.0) else 0


def best_shares(relations: Sequence[Relation]) -> list[Relation]:
    """One strong relation for each rate: most rows, fewest parts."""
    out: dict[int, Relation] = {}
    for r in relations:
        if r.strong and r.target not in out and len(r.holds) >= 4:
            out[r.target] = r
    return list(out.values())
