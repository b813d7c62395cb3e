"""What the figures of annex tables must agree with: each other, other tables, the text.

Pure functions over rows of the contract's tables; nothing here is about a certain bulletin:
the relations are found by trying (see table_relations) and reported with what holds and what not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from pipeline.assemble.table_across import noughts_agree, tables_agree
from pipeline.assemble.table_annexes import annexes_agree, rows_agree
from pipeline.assemble.table_figures import text_figures
from pipeline.assemble.table_goals import goals_hold
from pipeline.assemble.table_periods import carried, completed, room_holds, strokes_hold, trends_hold
from pipeline.assemble.table_ratios import ratios_hold
from pipeline.assemble.table_relations import Relation, best_shares, find_shares, find_sums, weak_shares
from pipeline.assemble.table_text import words
from pipeline.assemble.table_totals import Total, additive, column_totals
from pipeline.assemble.table_views import Finding, Row, Solved, View, views_of

__all__ = ["Finding", "View", "findings", "relations_hold", "tables_agree", "text_figures", "totals_hold", "views_of"]


def findings(
    tables: Sequence[Row],
    cells: Sequence[Row],
    targets: Iterable[Row] = (),
    tasks: Iterable[Row] = (),
    documents: Iterable[Row] = (),
) -> list[Finding]:
    """All findings of an issue: rows of `tables` and `table_cells`, and what its text says of the same.

    Of a target are used: target_id, indicator, scope, op, low, unit, due_on; of a task: text, due_on; of a
    document: attachments.
    """
    views, said = views_of(tables, cells), list(targets)
    solved = [_solved(view) for view in views]
    out: list[Finding] = []
    for one in solved:
        out += totals_hold(one.view) + relations_hold(one) + order_holds(one.view)
        out += strokes_hold(one.view, one.sums) + room_holds(one.view, one.sums, one.shares)
        out += trends_hold(one.view) + ratios_hold(one.view)
    out += tables_agree(views) + rows_agree(views) + noughts_agree(solved)
    out += text_figures(views, said) + goals_hold(solved, said, list(tasks))
    return out + annexes_agree(tables, documents)


def totals_hold(view: View) -> list[Finding]:
    """Totals of columns equal the sum of their rows: one finding for each column."""
    columns = [j for j in view.amounts() if additive(view.columns[j]["header"], view.columns[j]["unit"])]
    return [_total_finding(view, t) for t in column_totals(view.labels, view.matrix, columns)]


def _total_finding(view: View, total: Total) -> Finding:
    name, row = view.name(total.column), view.labels[total.row]
    message = f"{view.title}: {name} of {row} is {total.printed:g}, its rows add up to {total.expected:g}"
    observed, expected = f"{total.printed:g}", f"{total.expected:g}"
    return _finding("column_total", view, [name], [row], total.holds, observed, expected, message)


def _finding(
    check: str, view: View, columns: list[str], rows: list[str], holds: bool, observed: str, expected: str, message: str
) -> Finding:
    return Finding(
        check=check,
        table_id=view.table_id,
        columns=columns,
        rows=rows,
        holds=holds,
        observed=observed,
        expected=expected,
        message=message,
    )


def _solved(view: View) -> Solved:
    """Sums over columns (present + additions = total) and shares that hold in nearly all rows."""
    if len(view.labels) < 4:
        return Solved(view, (), (), ())
    columns = view.amounts()
    shares = find_shares(view.matrix, columns, sorted(view.rates), view.places)
    best, after = best_shares(shares), view.after()
    weak = weak_shares(shares, {r.target for r in best}, after)
    best += carried(view, best, after)
    return Solved(view, find_sums(view.matrix, columns), best, weak)


def relations_hold(solved: Solved) -> list[Finding]:
    """One finding for each sum and share that nearly all rows obey, or that the rest does not."""
    strong = [completed(solved.view, r) for r in (*solved.sums, *solved.shares)]
    return [_relation_finding(solved.view, r) for r in (*strong, *solved.weak)]


def order_holds(view: View) -> list[Finding]:
    """What is done is no more than what is due, by two columns of one name but for 已 and 应."""
    columns = view.amounts()
    pairs = [(a, b) for a in columns for b in columns if a != b and is_done_of(view.columns[a], view.columns[b])]
    twins = [
        (a, b) for a, b in pairwise(columns) if b == a + 1 and view.columns[a]["header"] == view.columns[b]["header"]
    ]
    twins = [] if view.names else twins
    named = [f for a, b in pairs if (f := _order_finding(view, a, b))]
    return named + [f for a, b in twins if view.columns[a]["header"] for f in _twin_finding(view, a, b)]


def is_done_of(done: Row, due: Row) -> bool:
    """已实施面积 beside 应实施面积, under the same headers."""
    if not done["header"] or done["header"][:-1] != due["header"][:-1] or done["unit"] != due["unit"]:
        return False
    bare = [
        name.removeprefix(word)
        for cell, kind in ((done, "done_words"), (due, "due_words"))
        for name in cell["header"][-1:]
        if (word := next((w for w in words(kind) if name.startswith(w)), None))
    ]
    return len(bare) == 2 and bare[0] == bare[1]


def _order_finding(view: View, a: int, b: int) -> Finding | None:
    known = [(i, row[a], row[b]) for i, row in enumerate(view.matrix)]
    pairs = [(i, x, y) for i, x, y in known if x is not None and y is not None and x != y]
    if len(pairs) < 3:
        return None
    wrong = [i for i, x, y in pairs if x > y]
    exchanged = 2 * len(wrong) > len(pairs)
    rows = [view.labels[i] for i, _, _ in pairs if (i in wrong) == bool(wrong)]
    said = f"{view.name(a)} is more than {view.name(b)} in {len(wrong)} of {len(pairs)} rows"
    odd = "、".join(view.labels[i] for i, _, _ in pairs if i not in wrong)
    swapped = "the headers seem to be exchanged" + (f"; as printed only in {odd}" if odd else "")
    observed = swapped if exchanged else said
    expected = f"{view.name(a)} <= {view.name(b)}"
    names = [view.name(a), view.name(b)]
    return _finding("row_order", view, names, rows, not wrong, observed, expected, f"{view.title}: {said}")


def _twin_finding(view: View, a: int, b: int) -> Iterator[Finding]:
    """Two columns of one header, of which one is the larger in all rows but a few: those rows are odd."""
    pairs = [(i, x, y) for i, row in enumerate(view.matrix) if (x := row[a]) is not None and (y := row[b]) is not None]
    more, less = [i for i, x, y in pairs if x > y], [i for i, x, y in pairs if x < y]
    odd = min(more, less, key=len)
    if len(more) + len(less) < 4 or len(odd) > max(1, len(pairs) // 10) or (odd and len(pairs) < 6):
        return
    way = ">=" if odd is less else "<="
    names = [f"column {view.columns[j]['col']} ({view.name(j)})" for j in (a, b)]
    text = f"{names[0]} {way} {names[1]}"
    said = f"{len(pairs) - len(odd)} of {len(pairs)} rows"
    values = {i: f"{view.labels[i]}: {x:g} and {y:g}" for i, x, y in pairs}
    observed = "; ".join(values[i] for i in odd) or said
    rows = odd or [i for i, _, _ in pairs]
    message = f"{text} in {said}; both print one header"
    yield view.finding("row_twins", (a, b), rows, not odd, observed, text, message)


def _relation_finding(view: View, relation: Relation) -> Finding:
    names = [view.name(j) for j in relation.columns]
    text = f"{names[0]} = " + " + ".join(names[1 : 1 + len(relation.parts)])
    if relation.whole is not None:
        text = f"{names[0]} = ({' + '.join(names[1:-1])}) / {names[-1]}"
    held, tested = len(relation.holds), len(relation.holds) + len(relation.fails)
    rows = [view.labels[i] for i in relation.fails or relation.holds]
    observed = "; ".join(_observed(view, relation, i) for i in relation.fails) or f"{held} of {tested} rows"
    message = f"{view.title}: {text} holds in {held} of {tested} rows"
    check = "row_sum" if relation.kind == "sum" else "row_share"
    return _finding(check, view, names, rows, not relation.fails, observed, text, message)


def _observed(view: View, relation: Relation, i: int) -> str:
    expected = relation.expected(view.matrix[i])
    return f"{view.labels[i]}: {view.matrix[i][relation.target]:g} for {expected:.6g}"
