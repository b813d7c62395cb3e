"""Flat pandas frames of the staged tables, with the derived columns that suites ask for.

Lists are joined, decimals become floats (for comparison only), strings stay. Added are

* `row_no`, the position in the staged table, and `row_key`, the primary key joined by ":";
* `nulls`, the required columns that are null, and `outside`, those out of their range;
* `evidence`, what the text has between the offsets (null where they leave it);
* `<column>__in__<table>`, the key found in the table that a foreign key points to;
* what `_DERIVED` lists for a table.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from expectations.staged import Staged
from expectations.structure import (
    LIST_MARK,
    NULLS,
    OUTSIDE,
    limits,
    primary_key,
    reference_column,
    references,
    required,
)

if TYPE_CHECKING:
    import pandas as pd

Rows = list[dict[str, Any]]

#: An indicator of a change: it may pass 100 per cent.
_GROWTH = re.compile("[增降减]|涨幅|幅度")


def flatten(columns: Mapping[str, list[Any]]) -> pd.DataFrame:
    """A frame of columns of plain values, each of a type in which nulls compare as suites expect."""
    import pandas as pd

    return pd.DataFrame({name: _series(values) for name, values in columns.items()})


def _series(values: list[Any]) -> pd.Series[Any]:
    from decimal import Decimal

    import pandas as pd

    kinds = {type(v) for v in values} - {type(None)}
    flat = [_scalar(v) for v in values] if kinds & {list, Decimal} else values
    return pd.Series(flat, dtype=_dtype(kinds, None in values))


def columns_of(staged: Staged, table: str) -> dict[str, list[Any]]:
    """The columns of the frame of one staged table, plain values, one for each row, in order."""
    rows = staged.rows(table)
    columns = {name: [r[name] for r in rows] for name in staged.tables[table].column_names}
    keys = primary_key(table)
    columns["row_no"] = list(range(len(rows)))
    columns["row_key"] = [":".join(str(r.get(k)) for k in keys) for r in rows]
    columns[NULLS] = [_named(n for n in required(table) if r.get(n) is None) for r in rows]
    columns[OUTSIDE] = [
        _named(n for n, (low, high) in limits(table).items() if _outside(r.get(n), low, high)) for r in rows
    ]
    if {"char_start", "char_end", "quote"} <= set(columns):
        columns["evidence"] = [_cut(staged.text, r["char_start"], r["char_end"]) for r in rows]
    for column, other, key in references(table):
        known = staged.index(other, key)
        columns[reference_column(column, other)] = [r[column] if r[column] in known else None for r in rows]
    for name, derive in _DERIVED.get(table, {}).items():
        columns[name] = derive(staged, rows)
    return columns


def _cut(text: str, start: int | None, end: int | None) -> str | None:
    return text[start:end] if start is not None and end is not None and 0 <= start <= end <= len(text) else None


def _named(names: Iterable[str]) -> str | None:
    return LIST_MARK.join(names) or None


def _outside(value: Any, low: float | None, high: float | None) -> bool:
    return value is not None and ((low is not None and value < low) or (high is not None and value > high))


def _scalar(value: Any) -> Any:
    from decimal import Decimal

    if isinstance(value, list):
        return LIST_MARK.join(str(v) for v in value)
    return float(value) if isinstance(value, Decimal) else value


def _dtype(kinds: set[type], nulls: bool) -> str:
    """Floats and strings say null in a way that comparisons of pandas understand; dates stay objects."""
    from decimal import Decimal

    if kinds <= {int, float, Decimal} and kinds:
        return "float64" if nulls or kinds != {int} else "int64"
    return "str" if kinds <= {str, list} and kinds else "object"


# --- derived columns ------------------------------------------------------------------


def _first(*names: str) -> Callable[[Staged, Rows], list[Any]]:
    """The first of the columns that is not null."""
    return lambda _, rows: [next((r[n] for n in names if r[n] is not None), None) for r in rows]


def _stem(key: str, parent: str, mark: str) -> Callable[[Staged, Rows], list[Any]]:
    """The parent's id where the key begins with it and `mark`."""

    def derive(_: Staged, rows: Rows) -> list[Any]:
        return [r[parent] if str(r[key]).startswith(f"{r[parent]}{mark}") else None for r in rows]

    return derive


def _of(table: str, key: str, column: str) -> Callable[[Staged, Rows], list[Any]]:
    """A column of the row that `key` points to."""

    def derive(staged: Staged, rows: Rows) -> list[Any]:
        index = staged.index(table, key)
        return [index.get(r[key], {}).get(column) for r in rows]

    return derive


def _dated(staged: Staged, rows: Rows) -> list[Any]:
    """When the row's document was written, else when the issue came out."""
    measures = staged.index("measures", "measure_id")
    documents = staged.index("documents", "document_id")
    issue = next(iter(staged.index("issues", "issue_id").values()), {})

    def date_of(row: Mapping[str, Any]) -> Any:
        document = row.get("document_id") or measures.get(row["measure_id"], {}).get("document_id")
        return documents.get(document, {}).get("written_on") or issue.get("published_on")

    return [date_of(r) for r in rows]


def _n_cells(staged: Staged, rows: Rows) -> list[int]:
    counts = Counter(cell["table_id"] for cell in staged.rows("table_cells"))
    return [counts[r["table_id"]] for r in rows]


_DERIVED: dict[str, dict[str, Callable[[Staged, Rows], list[Any]]]] = {
    "issues": {"text_length": lambda staged, rows: [len(staged.text)] * len(rows)},
    "documents": {
        "published_on": _of("issues", "issue_id", "published_on"),
        "any_title": _first("title", "notice_title"),
    },
    "measures": {
        "id_stem": _stem("measure_id", "document_id", "/"),
        "parent_start": _of("documents", "document_id", "char_start"),
    },
    "tasks": {
        "id_stem": _stem("task_id", "measure_id", "#"),
        "dated_on": _dated,
        "parent_start": _of("measures", "measure_id", "char_start"),
        "parent_end": _of("measures", "measure_id", "char_end"),
    },
    "responsibilities": {"task_key": lambda _, rows: [r["task_id"] or "" for r in rows]},
    "deadlines": {"dated_on": _dated, "any_time": _first("due_on", "starts_on", "recurrence")},
    "targets": {"dated_on": _dated, "any_number": _first("low", "high")},
    "tables": {"n_cells": _n_cells},
    "table_cells": {"growth": lambda _, rows: [bool(_GROWTH.search(r["indicator"] or "")) for r in rows]},
}
