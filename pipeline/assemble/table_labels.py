"""What names the rows of a table: running numbers, label columns, spans carried down, total rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from pipeline.assemble.table_headers import Path, is_year
from pipeline.assemble.table_text import read_cell, words

_BRACKET_TAIL = re.compile(r"[(（][^()（）]*[)）]$")
Names = Sequence[Sequence[str]]


@lru_cache(maxsize=4096)
def is_total(label: str) -> bool:
    """Whether a row label names a total row (rule tables.total)."""
    bare = _BRACKET_TAIL.sub("", label).strip(":：")
    return bare in words("totals") or (2 < len(bare) <= 8 and bare.endswith(words("sum_totals")))


@lru_cache(maxsize=4096)
def is_sum(label: str) -> bool:
    """Whether a total row says that it is a sum (合计), not only that it is the whole (全市)."""
    return _BRACKET_TAIL.sub("", label).strip(":：").endswith(words("sum_totals"))


def is_remark(row: Sequence[str]) -> bool:
    """A row of one cell that remarks on the table (注：…)."""
    filled = set(filter(None, row))
    return len(filled) == 1 and filled.pop().startswith(words("remarks"))


def index_columns(paths: Sequence[Path], body: Names) -> tuple[int, ...]:
    """The columns of running numbers (序号): named so, or counting beside a column of text."""
    named = tuple(j for j, path in enumerate(paths[:3]) if path and path[-1] in words("index_headers"))
    if named or len(paths) < 2:
        return named
    firsts = [row[0] for row in body if row[0]][:3]
    texts = sum(read_cell(row[1]).kind == "text" for row in body)
    return (0,) if firsts in (["1", "2", "3"], ["01", "02", "03"]) and 2 * texts > len(body) else ()


def label_columns(paths: Sequence[Path], body: Names, index: tuple[int, ...]) -> tuple[int, ...]:
    """The leading text columns that name the rows: those that only group rows, and the first that tells them apart."""
    out: list[int] = []
    for j in range(len(paths) - 1):
        if j in index:
            continue
        if not _is_text(body, j):
            break
        out.append(j)
        if not groups_rows(body, j):
            break
    return tuple(out) or tuple(j for j in range(len(paths)) if j not in index and _is_text(body, j))[:1]


def _is_text(body: Names, j: int) -> bool:
    filled = [row[j] for row in body if j < len(row) and row[j]]
    numbers = sum(read_cell(t).kind == "number" and not is_year(t) for t in filled)
    return bool(filled) and 2 * numbers < len(filled)


def groups_rows(body: Names, j: int) -> bool:
    """Whether a column names groups of rows: it leaves more than a few blank, or repeats itself."""
    filled = [row[j] for row in body if row[j] and not is_total(row[j])]
    wanting = sum(not row[j] and sum(map(bool, row)) > 1 and not is_total(row[0]) for row in body)
    return wanting > 0 and 5 * wanting >= len(body) or len(set(filled)) < len(filled)


class Labels:
    """Labels of rows from top to bottom, with the group names above carried down."""

    def __init__(self, columns: tuple[int, ...], index: tuple[int, ...]) -> None:
        self._columns, self._index = columns, index
        self._above = [""] * len(columns)
        self._filled = 0

    def of(self, row: Sequence[str]) -> str:
        """The label of the next row; "" where it has none of its own and fills too little to share that above."""
        total = next((row[j] for j in (*self._index, *self._columns) if is_total(row[j])), None)
        if total:
            return total
        own = [row[j] for j in self._columns]
        filled = sum(map(bool, row)) - sum(map(bool, own))
        first = next((k for k, text in enumerate(own) if text), None)
        section = next((row[j] for j in self._index if read_cell(row[j]).kind == "text"), "")
        if first is None and section:
            return section
        if first is None and (2 * filled < self._filled or not self._columns):
            return ""
        # A group name ends with the next of its level; levels under it start anew.
        self._above = [
            text or (above if first is None or k < first else "")
            for k, (text, above) in enumerate(zip(own, self._above, strict=True))
        ]
        self._filled = filled if first is not None else self._filled
        return "/".join(dict.fromkeys(filter(None, self._above)))
