"""What the figures of annex tables must agree with: each other, other tables, the text.

Pure functions over rows of the contract's tables; nothing here is about a certain bulletin:
the relations are found by trying (see table_relations) and reported with what holds and what not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.assemble.table_across import tables_agree
from pipeline.assemble.table_figures import text_figures
from pipeline.assemble.table_headers import next_periods
from pipeline.assemble.table_relations import Relation, best_shares, find_shares, find_sums, weak_shares
from pipeline.assemble.table_text import words
from pipeline.assemble.table_totals import Total, additive, column_totals
from pipeline.assemble.table_views import Finding, Row, View, views_of

__all__ = ["Finding", "View", "findings", "relations_hold", "tables_agree", "text_figures", "totals_hold", "views_of"]


def findings(tables: Sequence[Row], cells: Sequence[Row], targets: Iterable[Row] = ()) -> list[Finding]:
    """All findings of an issue: rows of `tables` and `table_cells`, and `targets` of its text.

    Of a target are used: target_id, indicator, scope, op, low, unit, due_on.
    """
    views = views_of(tables, cells)
    out: list[Finding] = []
    for view in views:
        out += totals_hold(view) + relations_hold(view) + order_holds(view)
    return out + tables_agree(views) + text_figures(views, targets)


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


def relations_hold(view: View) -> list[Finding]:
    """Sums over columns (present + additions = total) and shares that hold in nearly all rows, or not in the rest."""
    if len(view.labels) < 4:
        return []
    columns = view.amounts()
    shares = find_shares(view.matrix, columns, sorted(view.rates), view.places)
    best = best_shares(shares)
    after = next_periods((j, tuple(c["header"]), c["period"]) for j, c in enumerate(view.columns))
    weak = weak_shares(shares, {r.target for r in best}, after)
    return [_relation_finding(view, r) for r in (*find_sums(view.matrix, columns), *best, *weak)]


def order_holds(view: View) -> list[Finding]:
    """What is done is no more than what is due, by two columns of one name but for 已 and 应."""
    columns = view.amounts()
    pairs = [(a, b) for a in columns for b in columns if a != b and is_done_of(view.columns[a], view.columns[b])]
    return [f for a, b in pairs if (f := _order_finding(view, a, b))]


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
    observed = f"the headers seem to be exchanged; as printed only in {odd or 'none'}" if exchanged else said
    expected = f"{view.name(a)} <= {view.name(b)}"
    names = [view.name(a), view.name(b)]
    return _finding("row_order", view, names, rows, not wrong, observed, expected, f"{view.title}: {said}")


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
