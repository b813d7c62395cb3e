"""Figures of the text against the annex tables."""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from pipeline.assemble.table_across import common, contains
from pipeline.assemble.table_relations import same
from pipeline.assemble.table_text import split_multiplier
from pipeline.assemble.table_views import Finding, Row, View
from pipeline.resolve.dates import number

_PLACE = re.compile(r"[省市县区旗州镇乡村]")
_GROUP = re.compile(r"([两二三四五六七八九十]{1,3})个?((?:主?城)?[县市区（）、]{1,7})$")
_COUNT = re.compile(r"(?:数量|总数|总量|数|量)$")
_LIKE = 0.6  # part of the shorter name found in the longer, in order
_TELLING = 10  # smaller figures agree by chance too often


class Wanted(NamedTuple):
    """A target with its value as a float and the slack of its printed precision; texts cut or round."""

    target: Row
    value: float
    slack: float
    scope: str
    whole: bool  # for the whole territory

    def equals(self, value: float) -> bool:
        return abs(value - self.value) < self.slack if self.slack else same(value, self.value)


class _Place(NamedTuple):
    """Cells that a figure of the text may be about, with how well the names agree."""

    view: View
    row: int
    columns: tuple[int, ...]
    value: float
    likeness: float


def text_figures(views: Sequence[View], targets: Iterable[Row]) -> list[Finding]:
    """Figures of the text against the row they are about: the total row, or that of the target's scope.

    Goals and facts only. Indicator, year and unit must agree. A figure that differs is reported only where
    one name contains the other; where the names are merely alike, or several years are added up
    (35 + 18 = 53), only equal figures are.
    """
    wanted = [wanted_of(t) for t in targets if usable(t)]
    return [f for w in wanted for f in (*_text_findings(views, w), *_days_findings(views, w))]


def usable(target: Row) -> bool:
    known = target.get("low") is not None and target.get("due_on") and target.get("indicator")
    return bool(known) and target.get("kind", "goal") in ("goal", "fact") and target.get("unit") != "百分点"


def wanted_of(target: Row) -> Wanted:
    """The target as it is compared."""
    low = Decimal(target["low"])
    places = -min(0, int(low.normalize().as_tuple().exponent))
    scope = target.get("scope") or ""
    whole = not scope or scope.startswith(("全", "各"))
    return Wanted(target, float(low), 10.0**-places - 1e-9 if places else 0.0, scope, whole)


def _text_findings(views: Sequence[View], wanted: Wanted) -> list[Finding]:
    places = sorted((p for view in views for p in _places(view, wanted)), key=lambda p: -p.likeness)
    telling = [p for p in places if wanted.equals(p.value) and (p.likeness >= 1 or abs(p.value) >= _TELLING)]
    if telling:
        first = telling[0]
        members = [p for p in telling if p.view is first.view and p.columns == first.columns and p.row != first.row]
        grouped = members if _group(first.view, wanted.scope) else []
        return [_finding(p, wanted, holds=True) for p in (first, *grouped)]
    sure = [p for p in places if p.likeness >= 1]
    return [_finding(sure[0], wanted, holds=False)] if len(sure) == 1 else []


def _days_findings(views: Sequence[View], wanted: Wanted) -> list[Finding]:
    """A share of the days of a year against the days that a table sets: 60.5 % of 366 days are 221."""
    target, year = wanted.target, int(str(wanted.target["due_on"])[:4])
    if target.get("unit") != "%" or "天" not in target["indicator"] or not 0 < wanted.value <= 100:
        return []
    whole = 366 if isleap(year) else 365
    days = wanted.value * whole / 100
    meant = Wanted({**target, "unit": "天"}, days, 1.0, wanted.scope, wanted.whole)
    sure = [p for view in views for p in _places(view, meant) if p.likeness >= 1 and len(p.columns) == 1]
    if len(sure) != 1:
        return []
    place, name = sure[0], sure[0].view.name(sure[0].columns[0])
    said = f"{wanted.value:.10g}% of {whole} days are {days:.4g}"
    message = f"{name} of {place.view.labels[place.row]} is {place.value:g}; {said}"
    held, observed = meant.equals(place.value), f"{place.value:g}"
    return [place.view.finding("text_days", place.columns, [place.row], held, observed, f"{days:.4g}", message)]


def _finding(place: _Place, wanted: Wanted, *, holds: bool) -> Finding:
    names = [place.view.name(j) for j in place.columns]
    label, target = place.view.labels[place.row], wanted.target
    said = f"{wanted.value:.10g}{target.get('unit') or ''} for {target['indicator']}"
    return Finding(
        check="text_figure" if len(names) == 1 else "text_sum",
        table_id=place.view.table_id,
        columns=names,
        rows=[label],
        holds=holds,
        observed=f"{place.value:.10g}",
        expected=f"{wanted.value:.10g}",
        message=f"{place.view.title}: {' + '.join(names)} of {label} is {place.value:.10g}; the text sets {said}",
    )


def _places(view: View, wanted: Wanted) -> Iterator[_Place]:
    """Cells of the target's year, and sums up to it, whose names are like that of the target."""
    if view.names:
        yield from _row_places(view, wanted)
        return
    rows = list(_rows_about(view, wanted))
    year = str(wanted.target["due_on"])[:4]
    fitting = [j for j, y in enumerate(view.years) if rows and y and y <= year and _unit_fits(view, j, wanted.target)]
    by_name: dict[str, list[int]] = {}
    for j in fitting:
        if view.years[j] == year:
            yield from _cells(view, rows, (j,), wanted)
        if j not in view.rates:
            by_name.setdefault(view.columns[j]["indicator"] or "", []).append(j)
    for members in by_name.values():
        if len(members) >= 2:
            yield from _cells(view, rows, tuple(members), wanted)


def _row_places(view: View, wanted: Wanted) -> Iterator[_Place]:
    """Cells of the target's year in a table whose rows are indicators."""
    year, indicator = str(wanted.target["due_on"])[:4], wanted.target["indicator"]
    columns = [j for j, y in enumerate(view.years) if y == year] if wanted.whole else []
    for i, (name, unit) in enumerate(view.names):
        if not name or unit is None or split_multiplier(unit)[1] != wanted.target.get("unit"):
            continue
        for j in columns:
            value = view.matrix[i][j]
            if value is not None and contains(name, indicator):
                yield _Place(view, i, (j,), value * _factor(unit), 1.0)


def _cells(view: View, rows: Sequence[int], columns: tuple[int, ...], wanted: Wanted) -> Iterator[_Place]:
    for i in rows:
        values = [view.matrix[i][j] for j in columns]
        known = [v for v in values if v is not None]
        if len(known) == len(values):
            total = sum(v * _factor(view.columns[j]["unit"]) for v, j in zip(known, columns, strict=True))
            likeness = _likeness(view, columns, wanted, equal=wanted.equals(total))
            if likeness >= _LIKE:
                yield _Place(view, i, columns, total, likeness)


def _rows_about(view: View, wanted: Wanted) -> Iterator[int]:
    """Rows named by the target's scope; total rows where it has none or names no place."""
    named = [i for i, label in enumerate(view.labels) if len(label) >= 2 and wanted.scope.startswith(label)]
    named = named or _group(view, wanted.scope)
    if named:
        yield from named
    elif wanted.whole or not _PLACE.search(wanted.scope):
        yield from (i for i, total in enumerate(view.totals) if total)


@lru_cache(maxsize=512)
def _counted(scope: str) -> tuple[int, str] | None:
    """Number and kind of the places of 五城区, 六县（市）."""
    found = _GROUP.match(scope)
    if not found:
        return None
    return number(found[1]) or 0, "".join(c for c in found[2] if c in "县市区")


def _group(view: View, scope: str) -> list[int]:
    """The rows of so many places of a kind (五城区), where the table has just as many."""
    counted = _counted(scope)
    if counted is None:
        return []
    rows = [i for i, label in enumerate(view.labels) if label.endswith(tuple(counted[1])) and not view.totals[i]]
    return rows if len(rows) == counted[0] else []


def _unit_fits(view: View, j: int, target: Row) -> bool:
    unit, wanted = view.columns[j]["unit"], target.get("unit")
    if unit is None:
        return (wanted in ("%", "‰")) == (j in view.rates)
    return bool(split_multiplier(unit)[1] == wanted)


@lru_cache(maxsize=512)
def _factor(unit: str | None) -> float:
    return float(split_multiplier(unit)[0]) if unit else 1.0


def _likeness(view: View, columns: tuple[int, ...], wanted: Wanted, *, equal: bool) -> float:
    """1 where one name surely is the other; less where they are alike; 0 where that could prove nothing."""
    name, indicator = view.columns[columns[0]]["indicator"] or "", wanted.target["indicator"]
    if len(columns) == 1 and contains(name, indicator):
        placed = wanted.whole or any(len(x) >= 2 and wanted.scope.startswith(x) for x in view.labels)
        return 1.0 if placed else 0.99
    if not equal:
        return 0.0
    core = _COUNT.sub("", name)
    parts = [common(indicator, view.title + name) / len(indicator)]
    if len(core) >= 4:
        parts.append(common(indicator, core) / len(core))
    return min(0.99, max(parts))
