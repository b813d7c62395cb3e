"""One SQLite file: a table for each table and view, and `columns`, which says what their columns mean."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.export.content import EXPLAINED, Part, as_json, explained
from schemas import Table

_TYPES = {"int32": "INTEGER", "bool": "INTEGER", "float64": "REAL", "decimal": "NUMERIC"}
_EXPLAINED = ("table_name", "column_name", "zh", "en", "type", "unit", "allowed", "meaning_zh", "meaning_en", "usage")


def write_sqlite(parts: Iterable[Part], path: Path) -> dict[str, int]:
    """The parts as tables of a new file; rows by name. Lists are JSON (for json_each), dates as ISO 8601."""
    counts: dict[str, int] = {}
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # Nobody else reads the file while it is written, and a broken one is thrown away.
        connection.executescript("PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;")
        connection.execute(f"CREATE TABLE columns ({', '.join(f'{name} TEXT' for name in _EXPLAINED)})")
        assert len(_EXPLAINED) == len(EXPLAINED)
        marks = ", ".join("?" * len(_EXPLAINED))
        for part in parts:
            counts[part.name] = _fill(connection, part)
            connection.executemany(f"INSERT INTO columns VALUES ({marks})", explained(part.definition))  # noqa: S608
        connection.execute("COMMIT")
    return counts


def _fill(connection: sqlite3.Connection, part: Part) -> int:
    columns = [f'"{c.name}" {_TYPES.get(c.type, "TEXT")}' for c in part.columns]
    if isinstance(part.definition, Table) and part.definition.primary_key:
        columns.append(f"PRIMARY KEY ({', '.join(f'{chr(34)}{c}{chr(34)}' for c in part.definition.primary_key)})")
    connection.execute(f'CREATE TABLE "{part.name}" ({", ".join(columns)})')
    marks = ", ".join("?" * len(part.columns))
    count = 0
    for batch in part.batches:
        connection.executemany(
            f'INSERT INTO "{part.name}" VALUES ({marks})',  # noqa: S608
            [[_value(value) for value in row] for row in batch],
        )
        count += len(batch)
    return count


def _value(value: Any) -> Any:
    if isinstance(value, Decimal):
        number = float(value)  # as text where a float would change it
        whole = value == value.to_integral_value() and abs(value) < 2**63
        return int(value) if whole else number if Decimal(repr(number)) == value else f"{value.normalize():f}"
    if isinstance(value, (list, dict)):
        return as_json(value)
    return value.isoformat() if isinstance(value, (date, datetime)) else value
