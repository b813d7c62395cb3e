"""What is exported: the chosen tables and views, their rows in batches, and what their columns mean."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from schemas import DERIVED, TABLES, VIEWS, Column, Table, View, definition
from schemas.definition import allowed, warnings

if TYPE_CHECKING:
    import duckdb

#: Views first: they are what people look for.
NAMES = (*VIEWS, *TABLES, *DERIVED)
BATCH = 2000  # rows in memory at once
_NAMES_JOINED = "、"

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A table or view to be written: its definition and its rows, in batches that can be run through once."""

    definition: Table | View
    batches: Iterator[list[Row]]

    @property
    def name(self) -> str:
        return self.definition.name

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.definition.columns


def parts(connection: duckdb.DuckDBPyConnection, names: Sequence[str]) -> Iterator[Part]:
    """The parts of NAMES named, one after the other: the rows of one are to be read before the next is asked for."""
    for name in names:
        made = definition(name)
        source = "organisations_by_issue" if name == "organisations" else name
        columns = ", ".join(f'"{column}"' for column in made.names)
        yield Part(made, _batches(connection, f'SELECT {columns} FROM "{source}"'))  # noqa: S608


def _batches(connection: duckdb.DuckDBPyConnection, sql: str) -> Iterator[list[Row]]:
    connection.execute(sql)  # no cursor of its own: it would not know the files of an object store
    while batch := connection.fetchmany(BATCH):
        yield batch


def as_text(value: Any) -> Any:
    """A value for a cell: names joined by 、, other nested values as JSON; the rest as it is."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return _NAMES_JOINED.join(value)
    return as_json(value) if isinstance(value, (list, Mapping)) else value


def as_json(value: Any) -> str:
    """A nested value as JSON, numbers as printed in a table: 12.5, not 12.500000."""
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)


#: Heads of the explanation of columns, in the order of `explained`.
EXPLAINED = (
    "表 table",
    "列 column",
    "中文",
    "English",
    "类型 type",
    "单位 unit",
    "取值 values",
    "含义",
    "meaning",
    "提示 usage",
)


def explained(made: Table | View) -> Iterator[tuple[str, ...]]:
    """A row for each column of a table: what it means, may hold, and is to be used with care for."""
    for column in made.columns:
        names = (made.name, column.name, column.title_zh, column.title_en, column.type, column.unit or "")
        values = allowed(column.vocabulary) if column.vocabulary else ""
        yield (*names, values, column.description_zh, column.description_en, usage(column.warnings))


def usage(names: Sequence[str]) -> str:
    """Usage warnings in words."""
    return " ".join(f"{warnings()[name]['zh']} {warnings()[name]['en']}" for name in names)
