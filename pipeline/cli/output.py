"""Rows to standard output: an aligned table, JSON, CSV, Markdown or Parquet."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TextIO

from pipeline.cli.errors import UsageError
from pipeline.terminal import columns_of, is_number, pad, render, shown, width

if TYPE_CHECKING:
    import pyarrow as pa

Rows = Sequence[Mapping[str, Any]]


def write(rows: Rows, form: str, columns: Sequence[str], display: Sequence[str], titles: Mapping[str, str]) -> None:
    """Rows in a form of `--format` other than Parquet; a table shows only `display`."""
    if form == "json":
        write_json(rows, sys.stdout)
    elif form == "csv":
        write_csv(rows, columns, sys.stdout)
    elif form == "md":
        write_markdown(rows, columns, sys.stdout)
    elif rows:
        write_table(rows, display, titles, sys.stdout)


def write_table(rows: Rows, columns: Sequence[str], titles: Mapping[str, str], out: TextIO) -> None:
    """An aligned table as wide as the terminal, or 80 columns."""
    print(render(rows, columns, titles, columns_of(out)), file=out)


def write_json(rows: Rows, out: TextIO) -> None:
    """A JSON array of objects; decimals as numbers, dates as ISO 8601."""
    out.write("[")
    for n, row in enumerate(rows):
        out.write((",\n " if n else "\n ") + json.dumps(row, ensure_ascii=False, default=_json_value))
    out.write("\n]\n" if rows else "]\n")


def write_csv(rows: Rows, columns: Sequence[str], out: TextIO) -> None:
    """CSV with a header; lists of words joined by 、, nested values as JSON."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_csv_value(row.get(c)) for c in columns] for row in rows)


def write_markdown(rows: Rows, columns: Sequence[str], out: TextIO) -> None:
    """A table of Markdown, its columns as wide as their widest cell; a value stays on its line."""
    numeric = [any(is_number(row.get(c)) for row in rows) for c in columns]
    cells = [[c.replace("|", "\\|") for c in columns]]
    cells += [[shown(row.get(c)).replace("|", "\\|") for c in columns] for row in rows]
    widths = [max(3, *map(width, column)) for column in zip(*cells, strict=True)]
    rule = ["-" * (w - n) + ":" * n for w, n in zip(widths, numeric, strict=True)]
    for line in (cells[0], rule, *cells[1:]):
        filled = (pad(c, w, right=n) for c, w, n in zip(line, widths, numeric, strict=True))
        print(f"| {' | '.join(filled)} |", file=out)


def distinct(content: pa.Table) -> pa.Table:
    """The result with a name for each column: of those with one name, as joins give them, later ones get a number."""
    names: list[str] = []
    for name in content.column_names:
        number, given = 1, name
        while given in names:
            number += 1
            given = f"{name}_{number}"
        names.append(given)
    return content.rename_columns(names)


def write_parquet(content: pa.Table) -> None:
    """The Parquet file itself; UsageError where that would land on a terminal."""
    if sys.stdout.isatty():
        raise UsageError("Parquet 是二进制，请重定向到文件 is binary, redirect it: … --format parquet > FILE")
    import pyarrow as pa

    from pipeline.publish import write_parquet as write

    sink = pa.BufferOutputStream()
    write(content, sink)
    sys.stdout.buffer.write(sink.getvalue().to_pybytes())


def counts(named: Iterable[tuple[str, int]]) -> str:
    """Counts on one line: tasks 128 · targets 240."""
    return " · ".join(f"{name} {n}" for name, n in named)


def _json_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)


def _csv_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, (list, tuple)) and all(isinstance(v, str) for v in value):
        return "、".join(value)
    if isinstance(value, (list, tuple, Mapping)):
        return json.dumps(value, ensure_ascii=False, default=_json_value)
    return value.isoformat() if isinstance(value, (date, datetime)) else value
