"""Annexes as a whole: their labels and titles, and the rows that several tables share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.assemble.table_across import common
from pipeline.assemble.table_text import name_of
from pipeline.assemble.table_views import Finding, Row, View

#: Note of a table over which no label 附件 is printed.
UNLABELLED = "no label 附件 over the table: its number is that of its title in the list of annexes"
_MARKS = re.compile(r"[\s《》“”\"()（）〔〕\[\]【】,，、;；.。:：—–~～-]")
_LABEL = re.compile(r"^(?:附件|附表|附)?\d{0,2}[.．、:：]?")
_LIKE = 0.7
_SHARED = 4  # rows by which two tables are of one list
_LONG = 6  # rows of a list from which one that is missing stands out


def annexes_agree(tables: Sequence[Row], documents: Iterable[Row]) -> list[Finding]:
    """Label and title of each annex table against the list of annexes of its document."""
    lists = {d["document_id"]: list(d.get("attachments") or ()) for d in documents}
    out: list[Finding] = []
    seen: set[tuple[str, int]] = set()
    for table in tables:
        number, listed = table.get("annex_no"), lists.get(table.get("document_id") or "", [])
        if number is None or not 1 <= number <= len(listed):
            continue
        first = (table["document_id"], number) not in seen
        seen.add((table["document_id"], number))
        if first:
            out.append(_label(table))
        out += _title(table, listed[number - 1], single=sum(_same_annex(t, table) for t in tables) == 1)
    return out


def _same_annex(a: Row, b: Row) -> bool:
    return (a.get("document_id"), a.get("annex_no")) == (b.get("document_id"), b.get("annex_no"))


def _label(table: Row) -> Finding:
    printed = UNLABELLED not in (table.get("notes") or ())
    label, title = f"附件{table['annex_no']}", table.get("title") or ""
    message = f"{title}: the label {label} is {'' if printed else 'not '}printed over the table"
    return _finding("annex_label", table["table_id"], printed, label if printed else "no label", label, message)


def _title(table: Row, listed: str, *, single: bool) -> Iterator[Finding]:
    """A title is that of the list, or a part of it; one that is not even like it names a part of the annex."""
    title = table.get("title") or ""
    a, b = _bare(title), _bare(listed)
    if not a or not b:
        return
    holds = a in b or b in a
    if not holds and not (single and common(a, b) >= _LIKE * max(len(a), len(b))):
        return
    said = "is that" if holds else f"is not {listed}, which is that"
    message = f"{title}: the title over the table {said} of the list of annexes"
    yield _finding("annex_title", table["table_id"], holds, title, listed, message)


def _bare(title: str) -> str:
    return _MARKS.sub("", _LABEL.sub("", name_of(title)))


def rows_agree(views: Sequence[View]) -> list[Finding]:
    """Tables of one list of places: the same places in the same order (rule tables.same_rows).

    A table of fewer places, or in an order of its own (a ranking), is another list.
    """
    lists = [_places(v) for v in views]
    usual = _usual(lists)
    if not usual:
        return []
    first = lists.index(usual)
    others = [(v, x) for k, (v, x) in enumerate(zip(views, lists, strict=True)) if k != first]
    return [f for v, x in others for f in _rows(v, x, usual, views[first].title)]


def _places(view: View) -> tuple[str, ...]:
    """The places that the rows are about, without totals; none where few are known ones, or one has several rows."""
    rows = [(x, place) for x, total, place in zip(view.labels, view.totals, view.regions, strict=True) if not total]
    labels = tuple(label for label, _ in rows)
    known = sum(place for _, place in rows)
    return labels if 2 * known >= len(rows) and len(set(labels)) == len(labels) else ()


def _usual(lists: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The list that most tables have, two at least."""
    long = [x for x in lists if len(x) >= _SHARED]
    best = max(long, key=long.count, default=())
    return best if long.count(best) >= 2 else ()


def _rows(view: View, places: tuple[str, ...], usual: tuple[str, ...], title: str) -> Iterator[Finding]:
    missing = [x for x in usual if x not in places]
    extra = [x for x in places if x not in usual]
    shared = [x for x in places if x in usual]
    kept = _longest_in_order(shared, {x: k for k, x in enumerate(usual)})
    moved = len(shared) - kept
    near = len(usual) >= _LONG and len(missing) == len(extra) and len(extra) + moved <= 1
    holds = places == usual
    if not holds and not near:
        return
    names = "、".join(missing + extra)
    observed = names and f"only in one of both: {names}" or ("the same rows" if holds else "a row out of its order")
    message = f"{view.title}: its {len(places)} places are {'' if holds else 'not '}those of {title}, in the same order"
    finding = _finding("tables_rows", view.table_id, holds, observed, "、".join(usual), message)
    yield {**finding, "rows": list(places) if holds else missing + extra}


def _longest_in_order(items: Sequence[str], rank: Mapping[str, int]) -> int:
    """Length of the longest part of `items` that keeps its order."""
    best: list[int] = []
    for k, item in enumerate(items):
        best.append(1 + max((best[m] for m in range(k) if rank[items[m]] < rank[item]), default=0))
    return max(best, default=0)


def _finding(check: str, table_id: str, holds: bool, observed: str, expected: str, message: str) -> Finding:
    return Finding(
        check=check,
        table_id=table_id,
        columns=[],
        rows=[],
        holds=holds,
        observed=observed,
        expected=expected,
        message=message,
    )
