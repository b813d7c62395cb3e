"""The published tables as DuckDB views, one per table, partitions as columns, and the views over them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pipeline.sources import Files, dataset, files_by_table
from pipeline.storage import Location, View, steadily
from pipeline.storage.remote import RemotePlace
from schemas import VIEWS, table
from schemas.sql import create_views, from_parquet, sql_type

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_Result = TypeVar("_Result")


def connect(curated: Location, views: Iterable[str] = VIEWS, issues: Sequence[str] = ()) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection in memory with a view for each table, and those of `schemas.VIEWS` over them.

    A table without files is an empty view of the right types. Each table has `province` and `year` of the
    partition; `organisations` gives each body once, `organisations_by_issue` as published. The views are of this
    moment: what is published later is seen by a new connection, and a file replaced since is an error (`reading`).
    Where `issues` are given, there are only these.
    `changes` has the changes of all releases that stand in `releases` beside a folder `curated`.
    """
    return steadily(curated, lambda view: _connected(view, views, issues))


def reading(
    curated: Location,
    work: Callable[[duckdb.DuckDBPyConnection], _Result],
    views: Iterable[str] = VIEWS,
    issues: Sequence[str] = (),
) -> _Result:
    """The result of `work` on a connection, all of it as of one moment: done again if files were replaced meanwhile."""

    def once(view: View) -> _Result:
        with _connected(view, views, issues) as connection:
            return work(connection)

    return steadily(curated, once)


def query(curated: Location, sql: str, parameters: Sequence[object] | None = None) -> pa.Table | None:
    """The result of a statement over the views; null for one that returns no rows. duckdb.Error for bad SQL."""

    def work(connection: duckdb.DuckDBPyConnection) -> pa.Table | None:
        relation = connection.sql(sql, params=list(parameters)) if parameters else connection.sql(sql)
        result: pa.Table | None = None if relation is None else relation.to_arrow_table()
        return result

    # Making a view reads the head of every file of its tables: only those that are asked for.
    return reading(curated, work, [name for name in VIEWS if name in sql.lower()])


def _connected(view: View, views: Iterable[str], issues: Sequence[str]) -> duckdb.DuckDBPyConnection:
    import duckdb

    connection, files = duckdb.connect(), files_by_table(view)
    connection.execute("SET TimeZone = 'UTC'")
    for statement in create_views(lambda name: _rows(connection, view, name, files[name]), views, issues):
        connection.execute(statement)
    _add_changes(connection, view.place.path)
    return connection


def _add_changes(connection: duckdb.DuckDBPyConnection, curated: Path | None) -> None:
    """The view `changes`. A release that cannot be read is an error of who asks for it, not of every other query."""
    import duckdb

    columns = (f'CAST(NULL AS {sql_type(c.kind)}) AS "{c.name}"' for c in table("changes").columns)
    nothing = f"SELECT {', '.join(columns)} WHERE"
    found = sorted(curated.parent.glob("releases/[0-9]*/changes.parquet")) if curated is not None else []
    files = ", ".join(_literal(_escape(path.as_posix())) for path in found)
    rows = f"SELECT * FROM read_parquet([{files}], union_by_name = true)" if found else f"{nothing} false"  # noqa: S608
    try:
        connection.execute(f"CREATE VIEW changes AS {rows}")
    except duckdb.Error as error:
        why = _literal(f"changes: {str(error).splitlines()[0]}")
        connection.execute(f"CREATE VIEW changes AS {nothing} CAST(error({why}) AS BOOLEAN)")


def _rows(connection: duckdb.DuckDBPyConnection, view: View, name: str, files: Files) -> str | None:
    if not files:
        return None
    if isinstance(view.place, RemotePlace):
        connection.register(f"{name} files", dataset(view.place, name, files))
        return f'SELECT * FROM "{name} files"'  # noqa: S608
    paths = ", ".join(_literal(_escape((_root(view) / at).as_posix())) for at in files.values())
    return from_parquet(name, f"[{paths}]")


def _root(view: View) -> Path:
    assert view.place.path is not None
    return view.place.path


def _escape(path: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", path)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
