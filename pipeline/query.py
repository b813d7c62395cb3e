"""The published tables as DuckDB views, one per table, partitions as columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pipeline.sources import Files, dataset, files_by_table
from pipeline.storage import Location, View, steadily
from pipeline.storage.remote import RemotePlace
from schemas import DERIVED, TABLES, table
from schemas.types import PRECISION, SCALE, Type

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_Result = TypeVar("_Result")
_SCALARS = {
    "string": "VARCHAR",
    "int32": "INTEGER",
    "float64": "DOUBLE",
    "bool": "BOOLEAN",
    "date32": "DATE",
    "timestamp": "TIMESTAMPTZ",
    "decimal": f"DECIMAL({PRECISION}, {SCALE})",
}


def connect(curated: Location) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection in memory with a view for each table.

    A table without files is an empty view of the right types. Each view has `province` and `year` of the
    partition; `organisations` gives each body once, `organisations_by_issue` as published. The views are of this
    moment: what is published later is seen by a new connection, and a file replaced since is an error (`reading`).
    """
    return steadily(curated, _connected)


def reading(curated: Location, work: Callable[[duckdb.DuckDBPyConnection], _Result]) -> _Result:
    """The result of `work` on a connection, all of it as of one moment: done again if files were replaced meanwhile."""

    def once(view: View) -> _Result:
        with _connected(view) as connection:
            return work(connection)

    return steadily(curated, once)


def query(curated: Location, sql: str, parameters: Sequence[object] | None = None) -> pa.Table | None:
    """The result of a statement over the views; null for one that returns no rows. duckdb.Error for bad SQL."""

    def work(connection: duckdb.DuckDBPyConnection) -> pa.Table | None:
        relation = connection.sql(sql, params=list(parameters)) if parameters else connection.sql(sql)
        result: pa.Table | None = None if relation is None else relation.to_arrow_table()
        return result

    return reading(curated, work)


def _connected(view: View) -> duckdb.DuckDBPyConnection:
    import duckdb

    connection, files = duckdb.connect(), files_by_table(view)
    connection.execute("SET TimeZone = 'UTC'")
    for name in (*TABLES, *DERIVED):
        shown = "organisations_by_issue" if name == "organisations" else name
        connection.execute(f'CREATE VIEW "{shown}" AS {_select(connection, view, name, files[name])}')
    connection.execute(f"CREATE VIEW organisations AS {_BODIES}")
    return connection


#: The words of the earliest issue stand for the body; short forms of all are joined.
_BODIES = """
SELECT org_id, arg_min(name, issue_id) AS name,
  list_sort(list_distinct(flatten(list(short_names)))) AS short_names,
  arg_min(region_code, issue_id) AS region_code, arg_min(level, issue_id) AS level,
  arg_min(kind, issue_id) AS kind, arg_min(parent_org_id, issue_id) AS parent_org_id,
  count(*) AS issues
FROM organisations_by_issue GROUP BY org_id
"""


def _select(connection: duckdb.DuckDBPyConnection, view: View, name: str, files: Files) -> str:
    if not files:
        columns = [f'CAST(NULL AS {_sql_type(c.kind)}) AS "{c.name}"' for c in table(name).columns]
        have = set(table(name).names)
        partitions = [("province", "VARCHAR"), ("year", "INTEGER")]
        columns += [f"CAST(NULL AS {kind}) AS {part}" for part, kind in partitions if part not in have]
        return f"SELECT {', '.join(columns)} WHERE false"
    if isinstance(view.place, RemotePlace):
        connection.register(f"{name} files", dataset(view.place, name, files))
        return f'SELECT * FROM "{name} files"'  # noqa: S608
    paths = ", ".join(_literal(_escape((_root(view) / at).as_posix())) for at in files.values())
    return (
        # Year 0 is the partition of issues that print no year.
        f"SELECT * REPLACE (nullif(year, 0) AS year) FROM read_parquet([{paths}], union_by_name = true, "  # noqa: S608
        "hive_partitioning = true, hive_types = {'province': VARCHAR, 'year': INTEGER})"
    )


def _root(view: View) -> Path:
    assert view.place.path is not None
    return view.place.path


def _escape(path: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", path)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _sql_type(kind: Type) -> str:
    if kind.item is not None:
        return _sql_type(kind.item) + "[]"
    if kind.fields:
        return "STRUCT(" + ", ".join(f'"{name}" {_sql_type(inner)}' for name, inner in kind.fields) + ")"
    return _SCALARS[kind.name]
