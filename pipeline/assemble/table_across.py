"""Agreement between tables, and between the text and the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from pipeline.assemble.table_checks import Finding, Row, View
from pipeline.assemble.table_headers import split_unit, without_period
from pipeline.assemble.table_relations import same
from pipeline.assemble.table_text import split_multiplier

_PLACE = re.compile(r"[省市县区旗州镇乡村]")
_COUNT = re.compile(r"(?:数量|总数|总量|数|量)$")
_LIKE = 0.6  # part of the shorter name found in the longer, in order
_TELLING = 10  # smaller figures agree by chance too often


@lru_cache(maxsize=4096)
def common(a: str, b: str) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(b) + 1)
    for x in a:
        last = 0
        for k, y in enumerate(b, 1):
            last, row[k] = row[k], last + 1 if x == y else max(row[k], row[k - 1])
    return row[-1]


@lru_cache(maxsize=4096)
def contains(a: str, b: str) -> bool:
    """Whether the shorter name is in the longer, in order: 优良天 in 优良天数, 新增入户 in 新增燃气入户数."""
    short, long = sorted((a, b), key=len)
    rest = iter(long)
    return len(short) >= 2 and all(c in rest for c in short)


def tables_agree(views: Sequence[View]) -> list[Finding]:
    """Columns of the same indicator and period in two tables, row by row."""
    return [
        finding
        for one, two in combinations(views, 2)
        if len(set(one.labels) & set(two.labels)) >= 4
        for a in one.amounts()
        for b in two.amounts()
        if _same_indicator(one.columns[a], two.columns[b])
        for finding in _agreement(one, a, two, b)
    ]


def _same_indicator(a: Row, b: Row) -> bool:
    one, two = _leaf(a), _leaf(b)
    units = a["unit"] is None or b["unit"] is None or a["unit"] == b["unit"]
    return bool(a["period"] == b["period"] and units and (one == two or contains(one, two)))


def _leaf(cell: Row) -> str:
    """The lowest header without unit and period."""
    return without_period(split_unit(cell["header"][-1])[0]) if cell["header"] else ""


def _agreement(one: View, a: int, two: View, b: int) -> Iterator[Finding]:
    """A finding where nine tenths of at least four rows with different values agree."""
    other = {label: row[b] for label, row in zip(two.labels, two.matrix, strict=True)}
    pairs = [
        (label, row[a], other[label])
        for label, row in zip(one.labels, one.matrix, strict=True)
        if other.get(label) is not None and row[a] is not None
    ]
    equal = [label for label, x, y in pairs if x is not None and y is not None and same(x, y)]
    if len({x for _, x, _ in pairs}) < 4 or len(equal) < 4 or 10 * len(equal) < 9 * len(pairs):
        return
    broken = [(label, x, y) for label, x, y in pairs if label not in equal]
    yield Finding(
        check="tables_agree",
        table_id=one.table_id,
        columns=[one.name(a), two.name(b)],
        rows=[label for label, _, _ in broken] or equal,
        holds=not broken,
        observed="; ".join(f"{label}: {x:g}" for label, x, _ in broken) or f"{len(equal)} rows agree",
        expected="; ".join(f"{label}: {y:g}" for label, _, y in broken) or f"{len(pairs)} rows agree",
        message=f"{one.name(a)} of {one.title} is {two.name(b)} of {two.title} in {len(equal)} of {len(pairs)} rows",
    )


class _Place(NamedTuple):
    """A cell that a figure of the text may be about, with how well the names agree."""

    view: View
    row: int
    columns: tuple[int, ...]
    likeness: float
    value: float


def text_figures(views: Sequence[View], targets: Sequence[Row]) -> list[Finding]:
    """Figures of the text against the row they are about: the total row, or that of the target's scope.

    Goals and facts only. Indicator, year and unit must agree. A figure that differs is reported only where one
    name contains the other; where the names are merely alike only equal figures are.
    """
    usable = (t for t in targets if _usable(t))
    return [f for f in (_text_finding(views, t) for t in usable) if f]


def _usable(target: Row) -> bool:
    known = target.get("low") is not None and target.get("due_on") and target.get("indicator")
    return bool(known) and target.get("kind", "goal") in ("goal", "fact")


def _text_finding(views: Sequence[View], target: Row) -> Finding | None:
    places = sorted(_places(views, target), key=lambda p: -p.likeness)
    equal = [p for p in places if _equal(p.value, target)]
    telling = [p for p in equal if p.likeness >= 1 or abs(p.value) >= _TELLING]
    if telling:
        return _figure(telling[0], target, holds=True)
    sure = [p for p in places if p.likeness >= 1 and len(p.columns) == 1]
    return _figure(sure[0], target, holds=False) if len(sure) == 1 else None


def _equal(value: float, target: Row) -> bool:
    """Equal at the precision the text prints; texts cut or round."""
    low = Decimal(target["low"])
    places = -min(0, int(low.normalize().as_tuple().exponent))
    return abs(value - float(low)) < 10.0**-places - 1e-9 if places else same(value, float(low))


def _figure(place: _Place, target: Row, *, holds: bool) -> Finding:
    names = [place.view.name(j) for j in place.columns]
    label = place.view.labels[place.row]
    text = f"{target['low']:f}".rstrip("0").rstrip(".") if "." in f"{target['low']:f}" else f"{target['low']:f}"
    return Finding(
        check="text_figure" if len(names) == 1 else "text_sum",
        table_id=place.view.table_id,
        columns=names,
        rows=[label],
        holds=holds,
        observed=f"{place.value:g}",
        expected=text,
        message=f"{place.view.title}: {' + '.join(names)} of {label} is {place.value:g}; "
        f"the text sets {text}{target.get('unit') or ''} for {target['indicator']}",
    )


def _places(views: Sequence[View], target: Row) -> Iterator[_Place]:
    year = str(target["due_on"])[:4]
    for view in views:
        rows = list(_rows_about(view, target))
        if not rows:
            continue
        fitting = [j for j, y in enumerate(view.years) if y and y <= year and _unit_fits(view, j, target)]
        columns = [(j, _likeness(view, j, target)) for j in fitting]
        alike = [(j, likeness) for j, likeness in columns if likeness >= _LIKE]
        for j, likeness in alike:
            if view.years[j] == year:
                yield from _cells(view, rows, (j,), likeness)
        yield from _sums(view, rows, alike)


def _cells(view: View, rows: Sequence[int], columns: tuple[int, ...], likeness: float) -> Iterator[_Place]:
    for i in rows:
        values = [(view.matrix[i][j], view.columns[j]["unit"]) for j in columns]
        if all(v is not None for v, _ in values):
            total = sum(v * float(_factor(unit)) for v, unit in values if v is not None)
            yield _Place(view, i, columns, likeness, total)


def _sums(view: View, rows: Sequence[int], columns: Sequence[tuple[int, float]]) -> Iterator[_Place]:
    """Sums of one indicator over the years up to that of the target (35 + 18 = 53)."""
    by_name: dict[str, list[tuple[int, float]]] = {}
    for j, likeness in columns:
        if j not in view.rates:
            by_name.setdefault(view.columns[j]["indicator"] or "", []).append((j, likeness))
    for members in by_name.values():
        if len(members) >= 2:
            # Alike at best: a sum is only ever confirmed, never refuted.
            yield from _cells(view, rows, tuple(j for j, _ in members), min(0.99, members[0][1]))


def _rows_about(view: View, target: Row) -> Iterator[int]:
    """Rows named by the target's scope; total rows where it has none or the whole territory."""
    scope = target.get("scope") or ""
    named = [i for i, label in enumerate(view.labels) if len(label) >= 2 and scope.startswith(label)]
    if named:
        yield from named
    elif _scope_fits(target) or not _PLACE.search(scope):
        yield from (i for i, total in enumerate(view.totals) if total)


def _scope_fits(target: Row) -> bool:
    """Whether the figure is for the whole territory."""
    scope = target.get("scope") or ""
    return not scope or scope.startswith(("全", "各"))


def _unit_fits(view: View, j: int, target: Row) -> bool:
    unit, wanted = view.columns[j]["unit"], target.get("unit")
    share = wanted in ("%", "‰", "百分点")
    if unit is None:
        return share == (j in view.rates)
    return bool(split_multiplier(unit)[1] == wanted)


def _factor(unit: str | None) -> Decimal:
    return split_multiplier(unit)[0] if unit else Decimal(1)


def _likeness(view: View, j: int, target: Row) -> float:
    """1 where one name contains the other, else the part of the target's name found in title and header."""
    name, wanted = view.columns[j]["indicator"] or "", target["indicator"]
    if contains(name, wanted):
        sure = _scope_fits(target) or any(len(x) >= 2 and target["scope"].startswith(x) for x in view.labels)
        return 1.0 if sure else 0.99
    core = _COUNT.sub("", name)
    parts = [common(wanted, view.title + name) / len(wanted)]
    if len(core) >= 4:
        parts.append(common(wanted, core) / len(core))
    return 0.99 * max(parts)
