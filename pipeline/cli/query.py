"""query: SQL over what is published."""

from __future__ import annotations

import argparse
import sys

from pipeline.cli import output
from pipeline.cli.arguments import Commands, add_curated, add_format, command
from pipeline.cli.errors import UsageError, need_dataset


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """The parser of `query`."""
    words = "用 SQL 查询已发布的表 SQL (DuckDB) over the published tables"
    made = command(commands, common, "query", words)
    made.add_argument("sql", metavar="SQL", help='如 e.g. "SELECT action, due_on FROM tasks LIMIT 5"')
    add_curated(made)
    add_format(made)
    made.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the result of a statement over the views."""
    import duckdb

    from pipeline.query import query

    need_dataset(arguments.curated)
    try:
        result = query(arguments.curated, arguments.sql)
    except duckdb.Error as error:
        raise UsageError(f"SQL: {str(error).splitlines()[0]}") from error
    if result is None:
        return 0
    if arguments.format == "parquet":
        output.write_parquet(result)
        return 0
    names = list(result.column_names)
    output.write(result.to_pylist(), arguments.format, names, names, {})
    if arguments.format == "table":
        print(f"{result.num_rows} 行 rows", file=sys.stderr)
    return 0
