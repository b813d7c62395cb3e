"""query: SQL over what is published."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from pipeline.cli import output
from pipeline.cli.arguments import Commands, add_curated, add_format, command
from pipeline.cli.errors import UsageError, nearest, need_dataset

_LIST = "全部表和视图 all tables and views: gongbao query --views"
_NO_TABLE = re.compile(r"Table with name \"?([^\s\"]+)\"? does not exist")


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """The parser of `query`."""
    words = "用 SQL 查询已发布的表和视图 SQL (DuckDB) over the published tables and views"
    made = command(commands, common, "query", words)
    example = (
        '如 e.g. "SELECT action, due_on FROM due_list LIMIT 5"; - 或省略则读标准输入 - or nothing reads standard input'
    )
    made.add_argument("sql", metavar="SQL", nargs="?", help=example)
    made.add_argument("-f", "--file", type=Path, metavar="FILE", help="从文件读取 SQL read the SQL from a file")
    listed = "列出表和视图，或其一的各列 list tables and views, or the columns of one"
    made.add_argument("--views", nargs="?", const="", metavar="NAME", help=listed)
    add_curated(made)
    add_format(made)
    made.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the result of a statement over the views, or what there is to ask."""
    if arguments.views is not None:
        return _list(arguments.views, arguments.format)
    sql = _statement(arguments)
    need_dataset(arguments.curated)
    import duckdb

    from pipeline.query import query

    try:
        result = query(arguments.curated, sql)
    except duckdb.Error as error:
        raise UsageError(f"SQL: {_explained(str(error))}") from error
    if result is None:
        return 0
    result = output.distinct(result)
    if arguments.format == "parquet":
        output.write_parquet(result)
        return 0
    names = list(result.column_names)
    output.write(result.to_pylist(), arguments.format, names, names, {})
    if arguments.format == "table":
        print(f"{result.num_rows} 行 rows", file=sys.stderr)
    return 0


def _statement(arguments: argparse.Namespace) -> str:
    """The SQL: of the argument, of the file, or of standard input."""
    if arguments.file and arguments.sql:
        raise UsageError("SQL 与 -f 只能给一个 give either SQL or -f FILE")
    if arguments.sql is None and not arguments.file and sys.stdin.isatty():
        raise UsageError(f"没有 SQL，请写在命令后或用 -f no SQL: write it after the command or use -f; {_LIST}")
    try:
        if arguments.file and str(arguments.file) != "-":
            sql = arguments.file.read_text(encoding="utf-8-sig")
        elif arguments.sql in (None, "-"):
            sql = _stdin()
        else:
            sql = arguments.sql
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "不是 UTF-8 文本 not text in UTF-8"
        raise UsageError(f"{arguments.file or 'stdin'}: 无法读取 cannot be read: {reason}") from None
    if not sql.strip(" \t\r\n;"):
        raise UsageError(f"SQL 为空 the SQL is empty; {_LIST}")
    return str(sql)


def _stdin() -> str:
    raw = getattr(sys.stdin, "buffer", None)  # its own encoding is the system's, which need not be that of the text
    return raw.read().decode("utf-8-sig") if raw is not None else sys.stdin.read()


def _explained(message: str) -> str:
    """What DuckDB says on one line; for a name that is not there, the nearest that is."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    missing = _NO_TABLE.search(message)
    if missing:
        from schemas import NAMES

        return f"没有表 no table {missing[1]}; {nearest(missing[1], NAMES)}{_LIST}"
    hints = [line for line in lines[1:] if line.startswith(("Candidate", "Did you mean"))]
    return " ".join([*lines[:1], *hints[:1]])


def _list(name: str, form: str) -> int:
    """Tables and views with their titles; the columns of the one that is named."""
    from schemas import NAMES, definition, tables, views

    if name and name not in NAMES:
        raise UsageError(f"--views {name}: 没有这张表 no such table; {nearest(name, NAMES)}{_LIST}")
    if form == "parquet":
        raise UsageError("--views: 请用 use --format table, json, csv, md")
    if name:
        columns = definition(name).columns
        rows = [{"name": c.name, "type": c.type, "zh": c.title_zh, "en": c.title_en} for c in columns]
        titles = {"name": "列 column", "type": "类型 type", "zh": "含义", "en": "meaning"}
    else:
        kinds = [("表 table", each) for each in tables()] + [("视图 view", each) for each in views()]
        rows = [{"name": each.name, "kind": kind, "zh": each.title_zh, "en": each.title_en} for kind, each in kinds]
        titles = {"name": "名称 name", "kind": "种类 kind", "zh": "含义", "en": "meaning"}
    output.write(rows, form, list(titles), list(titles), titles)
    return 0
