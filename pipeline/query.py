"""The published tables as DuckDB views, one per table, partitions as columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.replace import recover
from schemas import DERIVED, TABLES, table
from schemas.types import PRECISION, SCALE, Type

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_SCALARS = {
    "string": "VARCHAR",
    "int32": "INTEGER",
    "float64": "DOUBLE",
    "bool": "BOOLEAN",
    "date32": "DATE",
    "timestamp": "TIMESTAMPTZ",
    "decimal": f"DECIMAL({PRECISION}, {SCALE})",
}


def connect(curated: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection in memory with a view for each table.

    A table without files is an empty view of the right types. Each view has `province` and `year` of the
    partition; `organisations` gives each body once, `organisations_by_issue` as published.
    """
    import duckdb

    recover(curated)
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    for name in (*TABLES, *DERIVED):
        view = "organisations_by_issue" if name == "organisations" else name
        connection.execute(f'CREATE VIEW "{view}" AS {_select(curated, name)}')
    connection.execute(f"CREATE VIEW organisations AS {_BODIES}")
    return connection


def query(curated: Path, sql: str, parameters: Sequence[object] | None = None) -> pa.Table | None:
    """The result of a statement over the views; null for one that returns no rows. duckdb.Error for bad SQL."""
    with connect(curated) as connection:
        relation = connection.sql(sql, params=list(parameters)) if parameters else connection.sql(sql)
        result: pa.Table | None = None if relation is None else relation.to_arrow_table()
        return result


#: The words of the earliest issue stand for the body; short forms of all are joined.
_BODIES = """
SELECT org_id, arg_min(name, issue_id) AS name,
  list_sort(list_distinct(flatten(list(short_names)))) AS short_names,
  arg_min(region_code, issue_id) AS region_code, arg_min(level, issue_id) AS level,
  arg_min(kind, issue_id) AS kind, arg_min(parent_org_id, issue_id) AS parent_org_id,
  count(*) AS issues
FROM organisations_by_issue GROUP BY org_id
"""


def _select(curated: Path, name: str) -> str:
    source = _source(curated, name)
    if source is None:
        columns = [f'CAST(NULL AS {_sql_type(c.kind)}) AS "{c.name}"' for c in table(name).columns]
        have = set(table(name).names)
        partitions = [("province", "VARCHAR"), ("year", "INTEGER")]
        columns += [f"CAST(NULL AS {kind}) AS {part}" for part, kind in partitions if part not in have]
        return f"SELECT {', '.join(columns)} WHERE false"
    return (
        # Year 0 is the partition of issues that print no year.
        f"SELECT * REPLACE (nullif(year, 0) AS year) FROM read_parquet({source}, union_by_name = true, "  # noqa: S608
        "hive_partitioning = true, hive_types = {'province': VARCHAR, 'year': INTEGER})"
    )


def _source(curated: Path, name: str) -> str | None:
    """What read_parquet reads: one glob, or the files where the path itself has a character of globs."""
    folder = curated / name
    files = folder.glob("province=*/year=*/*.parquet") if folder.is_dir() else iter(())
    if not re.search(r"[*?\[\]{}]", str(curated)):
        return None if next(files, None) is None else _literal(f"{folder.as_posix()}/province=*/year=*/*.parquet")
    names = [_literal(_escape(path.as_posix())) for path in sorted(files)]
    return f"[{', '.join(names)}]" if names else None


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
