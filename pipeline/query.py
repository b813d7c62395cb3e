"""The published tables as DuckDB views, one per table, partitions as columns, and the views over them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.replace import recover
from schemas import VIEWS
from schemas.sql import create_views

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


def connect(curated: Path, views: Iterable[str] = VIEWS, issues: Sequence[str] = ()) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection in memory with a view for each table of CONTRACT, and those of `schemas.VIEWS` over them.

    A table without files is an empty view of the right types. Each table has `province` and `year` of the
    partition; `organisations` gives each body once, `organisations_by_issue` as published. With `issues`, these only.
    """
    import duckdb

    recover(curated)
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    for statement in create_views(lambda name: _source(curated, name), views, issues):
        connection.execute(statement)
    return connection


def query(curated: Path, sql: str, parameters: Sequence[object] | None = None) -> pa.Table | None:
    """The result of a statement over the views; null for one that returns no rows. duckdb.Error for bad SQL."""
    # Making a view reads the head of every file of its tables: only those that are asked for.
    with connect(curated, [name for name in VIEWS if name in sql.lower()]) as connection:
        relation = connection.sql(sql, params=list(parameters)) if parameters else connection.sql(sql)
        result: pa.Table | None = None if relation is None else relation.to_arrow_table()
        return result


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
