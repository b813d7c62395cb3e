"""What the columns of several periods must obey together: shares carried on, room left, one direction."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from pipeline.assemble.table_relations import Relation, same, tolerance_of
from pipeline.assemble.table_text import words
from pipeline.assemble.table_totals import additive
from pipeline.assemble.table_views import Finding, View

_FEWEST = 4
_GROWTH = re.compile(r"增速|增长|增幅|升幅|降幅|变化")


def carried(view: View, shares: Sequence[Relation], after: Mapping[int, int]) -> list[Relation]:
    """Shares of the next period: the same whole, its additions on top of those before, where the table prints it.

    A share proved for one period says how the next is made, even where a single row still prints it.
    """
    known = {r.target for r in shares}
    out: list[Relation] = []
    for r in shares:
        target = after.get(r.target)
        added = tuple(after[j] for j in r.parts if j in after)
        if target is None or target in known or not added:
            continue
        wider = _tested(view, Relation("share", target, (*r.parts, *added), r.whole, (), ()))
        tested = len(wider.holds) + len(wider.fails)
        if tested and (len(wider.fails) <= tested // 10 or tested < _FEWEST):
            out.append(wider)
    return out


def completed(view: View, relation: Relation) -> Relation:
    """The relation with the rows that could not prove it but keep it too: those of noughts (0 of 174 is 0 %)."""
    seen = {*relation.holds, *relation.fails}
    more = _tested(view, relation)
    return Relation(
        relation.kind,
        relation.target,
        relation.parts,
        relation.whole,
        tuple(sorted({*relation.holds, *(i for i in more.holds if i not in seen)})),
        relation.fails,
    )


def _tested(view: View, relation: Relation) -> Relation:
    """The relation with all rows that print its target and one of its parts at least."""
    holds: list[int] = []
    fails: list[int] = []
    for i, row in enumerate(view.matrix):
        value, wanted = row[relation.target], relation.expected(row)
        printed = any((i, j) not in view.strokes for j in relation.parts)
        if value is None or wanted is None or (i, relation.target) in view.strokes or not printed:
            continue
        slack = tolerance_of(value, view.places[i][relation.target]) if relation.kind == "share" else 0.0
        (holds if same(value, wanted, slack) else fails).append(i)
    return Relation(relation.kind, relation.target, relation.parts, relation.whole, tuple(holds), tuple(fails))


def room_holds(view: View, sums: Sequence[Relation], shares: Sequence[Relation]) -> list[Finding]:
    """What is there and all that is to be added is no more than the whole of the share."""
    after = view.after()
    told = {(r.target, frozenset(r.parts)) for r in sums}
    out: list[Finding] = []
    seen: set[tuple[int | None, frozenset[int]]] = set()
    for r in shares:
        parts = frozenset(_all_periods(r.parts, after))
        if len(parts) < 2 or (r.whole, parts) in told or (r.whole, parts) in seen or not _states(view, r.parts):
            continue
        seen.add((r.whole, parts))
        out += _room(view, Relation("sum", r.whole or 0, tuple(sorted(parts)), None, (), ()))
    return out


def _all_periods(parts: Sequence[int], after: Mapping[int, int]) -> Iterator[int]:
    for j in parts:
        yield j
        while j in after:
            yield (j := after[j])


def _states(view: View, parts: Sequence[int]) -> bool:
    """Whether of the parts some are a state and some what a period adds to it."""
    periods = [bool(view.columns[j]["period"]) for j in parts]
    return any(periods) and not all(periods)


def _room(view: View, relation: Relation) -> Iterator[Finding]:
    known = [(i, row[relation.target], relation.expected(row)) for i, row in enumerate(view.matrix)]
    pairs = [(i, whole, total) for i, whole, total in known if whole and total is not None]
    broken = [(i, whole, total) for i, whole, total in pairs if total > whole and not same(total, whole)]
    if len(pairs) < _FEWEST:
        return
    text = f"{' + '.join(map(view.name, relation.parts))} <= {view.name(relation.target)}"
    observed = "; ".join(f"{view.labels[i]}: {total:g} of {whole:g}" for i, whole, total in broken)
    said = f"{len(pairs) - len(broken)} of {len(pairs)} rows"
    rows = [i for i, _, _ in broken or pairs]
    message = f"{text} holds in {said}"
    yield view.finding("row_room", relation.columns, rows, not broken, observed or said, text, message)


def strokes_hold(view: View, sums: Sequence[Relation]) -> list[Finding]:
    """Additions are strokes in the rows where nothing is left to add (rule tables.nothing_left)."""
    return [f for r in sums if _states(view, r.parts) for f in _strokes(view, r)]


def _strokes(view: View, relation: Relation) -> Iterator[Finding]:
    state = [j for j in relation.parts if not view.columns[j]["period"]]
    added = [j for j in relation.parts if view.columns[j]["period"]]
    struck = [i for i in range(len(view.labels)) if all((i, j) in view.strokes for j in added)]
    rows = [i for i in struck if (i, relation.target) not in view.strokes]
    if not rows:
        return
    whole_state = Relation("sum", relation.target, tuple(state), None, (), ())
    left = [i for i in range(len(view.labels)) if not _full(view, whole_state, i)]
    broken = sorted({*rows} & {*left})
    columns = (*added, relation.target, *state)
    text = f"{' and '.join(map(view.name, added))} are strokes where {view.name(relation.target)} is"
    text += f" {' + '.join(map(view.name, state))}"
    said = f"{len(rows) - len(broken)} of {len(rows)} rows"
    observed = "、".join(view.labels[i] for i in broken)
    yield view.finding("row_stroke", columns, broken or rows, not broken, observed or said, text, f"{text} in {said}")


def _full(view: View, relation: Relation, i: int) -> bool:
    whole, state = view.matrix[i][relation.target], relation.expected(view.matrix[i])
    return whole is not None and state is not None and same(whole, state)


def trends_hold(view: View) -> list[Finding]:
    """A level or rate that is aimed at moves to one side from period to period, in all rows (rule tables.trend)."""
    if view.names or not any(w in view.title + "".join(map(view.name, view.after())) for w in words("goal_words")):
        return []  # what was measured may fall and rise
    return [f for a, b in view.after().items() if _is_level(view, a) for f in _trend(view, a, b)]


def _is_level(view: View, j: int) -> bool:
    """Whether a column holds what is reached, not what is added: a rate, a mean, or a whole within its rows."""
    name = view.name(j)
    if _GROWTH.search(name):
        return False
    if j in view.rates or not additive(view.columns[j]["header"], view.columns[j]["unit"]):
        return True
    rows = [row[j] for row, total in zip(view.matrix, view.totals, strict=True) if not total]
    wholes = [row[j] for row, total in zip(view.matrix, view.totals, strict=True) if total]
    known, totals = [v for v in rows if v is not None], [v for v in wholes if v is not None]
    return bool(totals) and len(known) >= _FEWEST and all(min(known) <= t <= max(known) for t in totals)


def _trend(view: View, a: int, b: int) -> Iterator[Finding]:
    moved = [(i, x, y) for i, row in enumerate(view.matrix) if (x := row[a]) is not None and (y := row[b]) is not None]
    up = [i for i, x, y in moved if y > x]
    down = [i for i, x, y in moved if y < x]
    broken = min(up, down, key=len)
    if len(up) + len(down) < _FEWEST or len(broken) > len(moved) // 10:
        return
    way = "no less than" if broken is down else "no more than"
    said = f"{len(moved) - len(broken)} of {len(moved)} rows"
    values = {i: f"{view.labels[i]}: {y:g} after {x:g}" for i, x, y in moved}
    text = f"{view.name(b)} is {way} {view.name(a)}"
    rows = broken or [i for i, _, _ in moved]
    observed = "; ".join(values[i] for i in broken) or said
    yield view.finding("row_trend", (b, a), rows, not broken, observed, text, f"{text} in {said}")
