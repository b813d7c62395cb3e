"""Agreement between the tables of an issue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations

from pipeline.assemble.table_headers import split_unit, without_period
from pipeline.assemble.table_relations import Relation, same
from pipeline.assemble.table_text import words
from pipeline.assemble.table_views import Finding, Row, Solved, View

_LIKE = 0.6  # part of the shorter name found in the longer, in order


@lru_cache(maxsize=4096)
def contains(a: str, b: str) -> bool:
    """Whether the shorter name is in the longer, in order: 优良天 in 优良天数, 新增入户 in 新增燃气入户数."""
    short, long = sorted((a, b), key=len)
    rest = iter(long)
    return len(short) >= 2 and all(c in rest for c in short)


@lru_cache(maxsize=4096)
def common(a: str, b: str) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(b) + 1)
    for x in a:
        last = 0
        for k, y in enumerate(b, 1):
            last, row[k] = row[k], last + 1 if x == y else max(row[k], row[k - 1])
    return row[-1]


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


def noughts_agree(solved: Sequence[Solved]) -> list[Finding]:
    """What a table says is not yet done is nothing just where another says that all is done."""
    return [
        finding
        for one in solved
        for relation in one.sums
        for two in solved
        if two is not one and len(set(one.view.labels) & set(two.view.labels)) >= 4
        for j in two.view.amounts()
        for finding in _noughts(one.view, relation, two.view, j)
    ]


def _noughts(one: View, relation: Relation, two: View, j: int) -> Iterator[Finding]:
    """A finding where the noughts of column `j` are those rows but for one, and neither all nor none."""
    state = [k for k in relation.parts if not one.columns[k]["period"]]
    name = _leaf(two.columns[j])
    rest = next((name[len(w) :] for w in words("undone_words") if name.startswith(w)), "")
    if len(state) != 1 or len(state) == len(relation.parts) or not _same_thing(rest, _leaf(one.columns[state[0]])):
        return
    done = {x: row[relation.target] == row[state[0]] for x, row in zip(one.labels, one.matrix, strict=True)}
    noughts = {x: row[j] == 0 for x, row in zip(two.labels, two.matrix, strict=True) if row[j] is not None}
    rows = [x for x in done if x in noughts]
    both = sum(done[x] and noughts[x] for x in rows)
    broken = [x for x in rows if done[x] != noughts[x]]
    if both < 2 or sum(noughts.values()) == len(noughts) or len(broken) > (len(rows) >= 6):
        return
    text = f"{two.name(j)} is 0 where {one.name(relation.target)} of {one.title} is {one.name(state[0])}"
    said = f"{len(rows) - len(broken)} of {len(rows)} rows"
    observed = "、".join(broken) or said
    rows_of = [two.labels.index(x) for x in broken or rows]
    yield two.finding("tables_nought", (j,), rows_of, not broken, observed, text, f"{text}, and only there, in {said}")


def _same_thing(a: str, b: str) -> bool:
    return len(a) >= 4 and common(a, b) >= _LIKE * min(len(a), len(b))
