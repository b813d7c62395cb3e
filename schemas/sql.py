"""The tables and views as SQL of DuckDB: types, the select of a table, and the whole script."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.resources import files

from schemas.definition import DERIVED, TABLES, table
from schemas.types import PRECISION, SCALE, Type
from schemas.view import VIEWS, view

#: What read_parquet reads of a table, as an SQL expression; null where nothing of it is published.
Source = Callable[[str], str | None]

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


def create_views(source: Source, chosen: Iterable[str] = VIEWS, issues: Sequence[str] = ()) -> Iterator[str]:
    """A statement for each table, a view on its files, and then for each of the chosen views on these.

    Where `issues` are given, the tables have the rows of these alone, and the views count these alone.
    """
    listed = ", ".join("'" + issue.replace("'", "''") + "'" for issue in issues)
    for name in (*TABLES, *DERIVED):
        # Each body once is what is asked for; as published, once an issue, it has a name of its own.
        made = "organisations_by_issue" if name == "organisations" else name
        rows = select(name, source(name))
        yield f'CREATE OR REPLACE VIEW "{made}" AS {f"FROM ({rows}) WHERE issue_id IN ({listed})" if issues else rows}'
    bodies = files("schemas").joinpath("views", "organisations.sql").read_text(encoding="utf-8")
    yield f'CREATE OR REPLACE VIEW "organisations" AS\n{bodies.strip()}'
    for name in chosen:
        yield f'CREATE OR REPLACE VIEW "{name}" AS\n{view(name).sql.strip()}'


def script(present: Callable[[str], bool]) -> str:
    """`views.sql`: the statements, with paths from the folder of the tables. `present`: has the table files?"""
    return _HEAD + "".join(f"\n{statement};\n" for statement in create_views(lambda name: _glob(name, present)))


def _glob(name: str, present: Callable[[str], bool]) -> str | None:
    return f"'{name}/province=*/year=*/*.parquet'" if present(name) else None


def select(name: str, source: str | None) -> str:
    """The rows of a table with `province` and `year` of its partitions; none, of the same types, without a source.

    A column that an earlier version of the program did not publish is null.
    """
    columns = [f'CAST(NULL AS {sql_type(c.kind)}) AS "{c.name}"' for c in table(name).columns]
    have = set(table(name).names)
    partitions = [("province", "VARCHAR"), ("year", "INTEGER")]
    columns += [f"CAST(NULL AS {kind}) AS {part}" for part, kind in partitions if part not in have]
    none = f"SELECT {', '.join(columns)} WHERE false"
    if source is None:
        return none
    return (
        # Year 0 is the partition of issues that print no year.
        f"SELECT * REPLACE (nullif(year, 0) AS year) FROM read_parquet({source}, union_by_name = true, "  # noqa: S608
        "hive_partitioning = true, hive_types = {'province': VARCHAR, 'year': INTEGER}) "
        f"UNION ALL BY NAME {none}"
    )


def sql_type(kind: Type) -> str:
    """The type of DuckDB for a column type."""
    if kind.item is not None:
        return sql_type(kind.item) + "[]"
    if kind.fields:
        return "STRUCT(" + ", ".join(f'"{name}" {sql_type(inner)}' for name, inner in kind.fields) + ")"
    return _SCALARS[kind.name]
