"""Columns of two units for one thing (area and households): ratios that most rows keep to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from statistics import median
from typing import NamedTuple

from pipeline.assemble.table_across import common
from pipeline.assemble.table_views import At, Finding, View

FACTOR = 2.5  # a quantity per head or per household stays within this factor of its median
_MOST_OUTLIERS = 0.25
_FEWEST = 8  # ratios that make a median
_CLOSE = 0.005  # ratios that are one but for the rounding of short decimals
_STEADY = 4  # ratios that make a constant, and rows they stand in


class Head(NamedTuple):
    """What a column says of itself."""

    path: Sequence[str]
    unit: str | None
    indicator: str | None


Pair = tuple[int, int]
Ratios = Mapping[tuple[int, Pair], float]  # by row and columns


def partners(heads: Mapping[int, Head]) -> list[Pair]:
    """Columns of two printed units for one thing under one header, paired in order; `heads` by column."""
    groups: dict[tuple[str, ...], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for j, head in heads.items():
        if head.unit and head.path:
            groups[tuple(head.path[:-1])][head.unit].append(j)
    pairs: list[Pair] = []
    for units in groups.values():
        if len(units) == 2:
            one, two = units.values()
            pairs += list(zip(one, two, strict=True)) if len(one) == len(two) else []
    pairs = [(a, b) for a, b in pairs if _one_thing(heads[a], heads[b])]
    return pairs if len({tuple(heads[j].unit for j in p) for p in pairs}) == 1 else []


def _one_thing(a: Head, b: Head) -> bool:
    """新增供热面积 and 新增供热户数; not 淘汰货车 and 新增充电桩, nor what costs money and the money."""
    one, two = a.indicator or "", b.indicator or ""
    money = ("元" in (a.unit or "")) != ("元" in (b.unit or ""))
    return not money and 2 * common(one, two) >= min(len(one), len(two)) > 0


def ratios_of(matrix: Sequence[Sequence[float | None]], pairs: Iterable[Pair], unplaced: Collection[At]) -> Ratios:
    """The ratio of each pair in each row that has both; none of cells that may stand in a wrong column."""
    out = {}
    for a, b in pairs:
        for i, row in enumerate(matrix):
            x, y = row[a], row[b]
            if x and y and x > 0 and y > 0 and (i, a) not in unplaced and (i, b) not in unplaced:
                out[i, (a, b)] = x / y
    return out


def far(ratios: Ratios) -> frozenset[tuple[int, Pair]]:
    """Those far from the median that most keep to (rule tables.ratio)."""
    if len(ratios) < _FEWEST:
        return frozenset()
    middle = median(ratios.values())
    found = frozenset(at for at, r in ratios.items() if max(r / middle, middle / r) > FACTOR)
    return found if len(found) <= _MOST_OUTLIERS * len(ratios) else frozenset()


def ratios_hold(view: View) -> list[Finding]:
    """One finding for each pair of columns, and one for the rows in which the ratio is a constant."""
    if len(view.labels) < 4:
        return []
    cells = {j: view.columns[j] for j in view.amounts()}
    pairs = partners({j: Head(c["header"], c["unit"], c["indicator"]) for j, c in cells.items()})
    ratios = ratios_of(view.matrix, pairs, view.unplaced)
    outside = far(ratios)
    if len(ratios) < _FEWEST or not outside and _spread(ratios) > FACTOR:
        return []
    middle = median(ratios.values())
    return [_near(view, p, ratios, outside, middle) for p in pairs] + _constant(view, ratios)


def _spread(ratios: Ratios) -> float:
    middle = median(ratios.values())
    return max(max(r / middle, middle / r) for r in ratios.values())


def _near(view: View, pair: Pair, ratios: Ratios, outside: Collection[tuple[int, Pair]], middle: float) -> Finding:
    rows = [i for i, p in ratios if p == pair]
    broken = [i for i in rows if (i, pair) in outside]
    name = " / ".join(map(view.name, pair))
    observed = "; ".join(f"{view.labels[i]}: {ratios[i, pair]:.4g}" for i in broken)
    said = f"{len(rows) - len(broken)} of {len(rows)} rows"
    expected = f"{middle / FACTOR:.3g} to {middle * FACTOR:.3g}"
    message = f"{name} is near its median of {middle:.4g} ({expected}) in {said}"
    return view.finding("row_ratio", pair, broken or rows, not broken, observed or said, expected, message)


def _constant(view: View, ratios: Ratios) -> list[Finding]:
    """Rows whose ratios are one constant: counted from each other, and each proves the other's place."""
    groups = [[at for at, other in ratios.items() if abs(other / r - 1) <= _CLOSE] for r in ratios.values()]
    best = max(groups, key=len)
    rows = sorted({i for i, _ in best})
    if len(best) < _STEADY or len(rows) < _STEADY:
        return []
    value = f"{median(ratios[at] for at in best):.3g}"
    columns = list(dict.fromkeys(j for _, p in best for j in p))
    message = f"{' / '.join(map(view.name, best[0][1]))} is {value} in {len(best)} cases of {len(rows)} rows"
    return [view.finding("row_constant", columns, rows, True, f"{len(best)} cases", value, message)]
