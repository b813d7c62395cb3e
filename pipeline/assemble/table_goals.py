"""Goals of the text against what a table amounts to: a floor for all rows, a share made of counts, all of a row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pipeline.assemble.table_across import common, contains
from pipeline.assemble.table_figures import Wanted, usable, wanted_of
from pipeline.assemble.table_relations import Relation, same, tolerance_of
from pipeline.assemble.table_text import words
from pipeline.assemble.table_views import Finding, Row, Solved, View

_LIKE = 0.8  # part of a name that the other has, in order
_FEWEST = 3
_ALL = re.compile(r"全部|全面|全覆盖|应\S{1,3}尽\S{1,3}|100%")
_BEFORE, _BEHIND = 40, 40  # characters around the label of a row in a clause
_ADDED = re.compile(r"(?:新增|新购|更新|更换|购置|新建|新)[^，。；]{0,6}$")
# 到2031年底，全市…: nothing before the label that makes it a part of its kind.
_WHOLE = re.compile(r"(?:^|[，。；])(?:[到至]?\d{4}年)?(?:年?底前?|\d{1,2}月底?前)?[，,]?(?:全[省市县区州])?$")
_COUNT = re.compile(r"[户人家个辆村]?(?:数量|总数|总量|数|量)$")
_OTHERS = ("其他", "其它", "其余")
_MARK = re.compile(r"[，,。；;]")
_HUNDRED = 100.0


def goals_hold(solved: Sequence[Solved], targets: Iterable[Row], tasks: Sequence[Row]) -> list[Finding]:
    """Goals that no single cell states."""
    rates = [w for w in map(wanted_of, filter(usable, targets)) if w.target.get("unit") == "%"]
    whole = [w for w in rates if w.whole and w.target.get("op") != "<="]
    out: list[Finding] = []
    for one in solved:
        out += _floors(one, whole)
        out += [f for w in whole for f in _shares(one, w)]
    return out + [f for one in solved for f in _all_of(one.view, tasks)]


def _core(name: str) -> str:
    """A name without what says that it is a share: 新能源车辆 of 新能源车辆比例."""
    return next((name.removesuffix(w) for w in words("rate_endings") if name.endswith(w)), name)


def _alike(a: str, b: str) -> bool:
    one, two = _core(a), _core(b)
    return min(len(one), len(two)) >= 4 and common(one, two) >= _LIKE * min(len(one), len(two))


def _floors(one: Solved, whole: Sequence[Wanted]) -> Iterator[Finding]:
    """A goal for the whole that each row of a table without totals reaches, the lowest just so."""
    view = one.view
    if any(view.totals) or view.names:
        return
    for j in sorted(view.rates):
        values = {i: v for i, row in enumerate(view.matrix) if (v := row[j]) is not None}
        goals = [w for w in whole if str(w.target["due_on"])[:4] == view.years[j] and _about(view, j, w)]
        if len(values) < _FEWEST or not goals:
            continue
        lowest = min(values, key=lambda i: values[i])
        met = [w for w in goals if same(values[lowest], w.value, tolerance_of(w.value, view.places[lowest][j]))]
        if met:
            yield _floor(view, j, list(values), met, lowest, values[lowest])
        elif len(goals) == 1 and contains(_core(view.columns[j]["indicator"] or ""), goals[0].target["indicator"]):
            yield from _short(one, j, goals[0])


def _about(view: View, j: int, wanted: Wanted) -> bool:
    name, indicator = view.columns[j]["indicator"] or "", wanted.target["indicator"]
    return not indicator.startswith(_OTHERS) and (contains(name, indicator) or _alike(name, indicator))


def _floor(view: View, j: int, rows: list[int], met: Sequence[Wanted], lowest: int, value: float) -> Finding:
    names = "、".join(dict.fromkeys(w.target["indicator"] for w in met))
    goal = f"{met[0].value:.10g}%"
    message = f"{view.name(j)} is {goal} or more in all {len(rows)} rows, which the text sets for {names}"
    observed = f"{value:g}% at least ({view.labels[lowest]})"
    return view.finding("text_floor", (j,), rows, True, observed, goal, message)


def _short(one: Solved, j: int, wanted: Wanted) -> Iterator[Finding]:
    """The goal is missed by all rows together, where the table says how its shares are made."""
    relation = next((r for r in one.shares if r.target == j and r.whole is not None), None)
    if relation is None or relation.whole is None:
        return
    whole = sum(row[relation.whole] or 0.0 for row in one.view.matrix)
    parts = sum(row[k] or 0.0 for row in one.view.matrix for k in relation.parts)
    share = _HUNDRED * parts / whole if whole else _HUNDRED
    if share < wanted.value - 0.05:
        said = f"{wanted.value:.10g}% for {wanted.target['indicator']}"
        message = f"{one.view.name(j)} is {share:.4g}% over all rows; the text sets {said}"
        yield one.view.finding("text_floor", (j,), [], False, f"{share:.4g}%", f"{wanted.value:.10g}%", message)


def _shares(one: Solved, wanted: Wanted) -> Iterator[Finding]:
    """A share that the counts of the total row make: 100 % where present and additions are the whole."""
    view, year = one.view, str(wanted.target["due_on"])[:4]
    totals = [i for i, total in enumerate(view.totals) if total]
    for r in one.sums:
        dated = [j for j in r.parts if view.columns[j]["period"]]
        state = [j for j in r.parts if j not in dated]
        reached = [j for j in dated if (view.years[j] or "9999") <= year]
        likeness = _names_share(view, r, wanted) if totals and state and reached else 0.0
        if likeness < _LIKE:
            continue
        row = view.matrix[totals[-1]]
        whole = row[r.target]
        share = _HUNDRED * sum(row[j] or 0.0 for j in (*state, *reached)) / whole if whole else 0.0
        held = same(share, wanted.value, tolerance_of(wanted.value, 1))
        held = held or (wanted.target.get("op") in (">=", ">") and share > wanted.value)
        if not held and (likeness < 1 or share > wanted.value):
            continue
        text = f"({' + '.join(map(view.name, (*state, *reached)))}) / {view.name(r.target)}"
        message = f"{text} of {view.labels[totals[-1]]} is {share:.4g}%"
        message += f"; the text sets {wanted.value:.10g}% for {wanted.target['indicator']}"
        columns = (*state, *reached, r.target)
        yield view.finding(
            "text_share", columns, totals[-1:], held, f"{share:.4g}%", f"{wanted.value:.10g}%", message
        )  # fmt: skip
        return


def _names_share(view: View, relation: Relation, wanted: Wanted) -> float:
    """How surely the rate of the text is that of a part of the sum: 管网覆盖率 of 管网覆盖村数."""
    core = _core(wanted.target["indicator"])
    names = [
        _COUNT.sub("", view.columns[j]["indicator"] or "") for j in relation.parts if not view.columns[j]["period"]
    ]
    if core == wanted.target["indicator"] or len(core) < 4:
        return 0.0
    return max((common(core, n) / min(len(core), len(n)) for n in names if len(n) >= 4), default=0.0)


def _all_of(view: View, tasks: Sequence[Row]) -> Iterator[Finding]:
    """甲类车全部…: the row of the table reaches 100 % in that year."""
    rates = [j for j in sorted(view.rates) if view.years[j] and not view.names]
    labels = [(i, x) for i, x in enumerate(view.labels) if len(x) >= 2 and not view.totals[i]]
    for task in tasks if rates else ():
        if task.get("table_id") or not task.get("due_on") or not _ALL.search(task["text"]):
            continue
        year = str(task["due_on"])[:4]
        columns = [j for j in rates if view.years[j] == year]
        yield from (f for i, x in labels for j in columns for f in _all_in_row(view, i, x, j, task["text"]))


def _all_in_row(view: View, i: int, label: str, j: int, text: str) -> Iterator[Finding]:
    at = text.find(label)
    value = view.matrix[i][j]
    if at < 0 or value is None:
        return
    clause = _MARK.split(text[at + len(label) : at + len(label) + _BEHIND])[0]
    found = _ALL.search(clause)
    if not found or found.start() > 8 or not contains(_core(view.columns[j]["indicator"] or ""), clause):
        return
    before = text[max(0, at - _BEFORE) : at]
    held = same(value, _HUNDRED)
    if _ADDED.search(before) or not (held or _WHOLE.search(before)):
        return  # of new ones or of some places only: the row is of all
    message = f"{view.name(j)} of {label} is {value:g}%; the text says {label}{clause}"
    yield view.finding("text_all", (j,), [i], held, f"{value:g}%", "100%", message)
