"""The tables and views as SQL of DuckDB: types, the select of a table, and the whole script."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.resources import files

from schemas.definition import DERIVED, TABLES, table
from schemas.types import PRECISION, SCALE, Type
from schemas.view import VIEWS, view

#: The rows of a table as a SELECT, with `province` and `year`; null where nothing of it is published.
Rows = Callable[[str], str | None]

_SCALARS = {
    "string": "VARCHAR",
    "int32": "INTEGER",
    "float64": "DOUBLE",
    "bool": "BOOLEAN",
    "date32": "DATE",
    "timestamp": "TIMESTAMPTZ",
    "decimal": f"DECIMAL({PRECISION}, {SCALE})",
}
_HEAD = """\
-- 已发布的表与视图，供在本文件夹中启动的任何 DuckDB 使用
-- The published tables and views, for any DuckDB started in this folder:
--   duckdb -init views.sql
-- 由发布程序生成，勿改。 Written when something is published; do not edit.
"""


def create_views(rows: Rows, chosen: Iterable[str] = VIEWS, issues: Sequence[str] = ()) -> Iterator[str]:
    """A statement for each table, a view on its files, and then for each of the chosen views on these.

    Where `issues` are given, the tables have the rows of these alone, and the views count these alone.
    """
    listed = ", ".join("'" + issue.replace("'", "''") + "'" for issue in issues)
    for name in (*TABLES, *DERIVED):
        # Each body once is what is asked for; as published, once an issue, it has a name of its own.
        made = "organisations_by_issue" if name == "organisations" else name
        found = rows(name) or _none_of(name)
        if issues:
            found = f"FROM ({found}) WHERE issue_id IN ({listed})"
        yield f'CREATE OR REPLACE VIEW "{made}" AS {found}'
    bodies = files("schemas").joinpath("views", "organisations.sql").read_text(encoding="utf-8")
    yield f'CREATE OR REPLACE VIEW "organisations" AS\n{bodies.strip()}'
    for name in chosen:
        yield f'CREATE OR REPLACE VIEW "{name}" AS\n{view(name).sql.strip()}'


def script(present: Callable[[str], bool]) -> str:
    """`views.sql`: the statements, with paths from the folder of the tables. `present`: has the table files?"""
    return _HEAD + "".join(f"\n{statement};\n" for statement in create_views(lambda name: _below(name, present)))


def _below(name: str, present: Callable[[str], bool]) -> str | None:
    return from_parquet(name, f"'{name}/province=*/year=*/*.parquet'") if present(name) else None


def from_parquet(name: str, files: str) -> str:
    """The rows of Parquet files, a glob or a list; a column that an earlier version did not publish is null."""
    return (
        # Year 0 is the partition of issues that print no year.
        f"SELECT * REPLACE (nullif(year, 0) AS year) FROM read_parquet({files}, union_by_name = true, "  # noqa: S608
        "hive_partitioning = true, hive_types = {'province': VARCHAR, 'year': INTEGER}) "
        f"UNION ALL BY NAME {_none_of(name)}"
    )


def _none_of(name: str) -> str:
    """No rows, of the columns and types that the table has."""
    columns = [f'CAST(NULL AS {sql_type(c.kind)}) AS "{c.name}"' for c in table(name).columns]
    have = set(table(name).names)
    partitions = [("province", "VARCHAR"), ("year", "INTEGER")]
    columns += [f"CAST(NULL AS {kind}) AS {part}" for part, kind in partitions if part not in have]
    return f"SELECT {', '.join(columns)} WHERE false"


def sql_type(kind: Type) -> str:
    """The type of DuckDB for a column type."""
    if kind.item is not None:
        return sql_type(kind.item) + "[]"
    if kind.fields:
        return "STRUCT(" + ", ".join(f'"{name}" {sql_type(inner)}' for name, inner in kind.fields) + ")"
    return _SCALARS[kind.name]
