"""export: the tables in one file, for people without tools."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli import output
from pipeline.cli.arguments import Commands, add_curated, command
from pipeline.cli.errors import InputError, UsageError, nearest, need_dataset, reaching
from pipeline.terminal import WIDTH

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipeline.export.content import Part

_DEFAULT = {"xlsx": "gongbao.xlsx", "csv": "gongbao-csv", "sqlite": "gongbao.sqlite"}


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """The parser of `export`."""
    words = "导出为 Excel、CSV 或 SQLite the tables as one Excel or SQLite file, or as CSV"
    made = command(commands, common, "export", words)
    form = "导出格式 format (default: xlsx)"
    made.add_argument("--format", choices=tuple(_DEFAULT), default="xlsx", help=form)
    out = (
        "文件；csv 为文件夹，一张表可为 .csv file; for csv a folder, or FILE.csv for one table (default: gongbao.xlsx)"
    )
    made.add_argument("--out", type=Path, metavar="PATH", help=out)
    issue = "只导这些期 only these issues (default: all)"
    made.add_argument("--issue", nargs="+", action="extend", default=[], metavar="ID", help=issue)
    table = "只导这些表或视图 only these tables or views (default: all)"
    made.add_argument("--table", nargs="+", action="extend", default=[], metavar="NAME", help=table)
    add_curated(made)
    made.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the file or folder whole, and say what is in it."""
    need_dataset(arguments.curated)
    out = arguments.out or Path(_DEFAULT[arguments.format])
    one = arguments.format == "csv" and out.suffix.lower() == ".csv"
    _check(arguments, out, one)
    from pipeline.export.content import NAMES
    from pipeline.query import reading
    from schemas import VIEWS

    names = [name for name in NAMES if not arguments.table or name in arguments.table]
    views = [name for name in names if name in VIEWS]
    with reaching(arguments.curated), _beside(out) as made:

        def work(connection: DuckDBPyConnection) -> list[str]:
            shutil.rmtree(made.parent, ignore_errors=True)  # of an attempt while something was published
            made.parent.mkdir()
            return _write(arguments.format, _with_progress(connection, names), made, one)

        notices = reading(arguments.curated, work, views, arguments.issue)
        _put(made, out)
    counted, *more = notices
    print(out)
    print(*textwrap.wrap(counted, WIDTH, break_long_words=False), sep="\n")
    for notice in more:
        print(f"gongbao: {notice}", file=sys.stderr)
    return 0


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """Where to write what is then put in place of `out`; InputError where the disk refuses."""
    try:
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=".gongbao-") as folder:
            yield Path(folder) / "made" / out.name
    except OSError as error:
        raise InputError(f"{out}: 无法写入 cannot be written: {error.strerror or error}") from error


def _check(arguments: argparse.Namespace, out: Path, one: bool) -> None:
    from pipeline.export.content import NAMES

    _known("--table", arguments.table, NAMES, "gongbao query --views")
    if arguments.issue:
        from pipeline.query import query

        sql = "SELECT issue_id FROM issues"
        found = query(arguments.curated, sql)
        there = [str(row["issue_id"]) for row in found.to_pylist()] if found is not None else []
        _known("--issue", arguments.issue, there, f'gongbao query "{sql}"')
    if not out.parent.is_dir():
        raise UsageError(f"{out}: 没有文件夹 no folder {out.parent}")
    folder = arguments.format == "csv" and not one
    if out.is_dir() and not folder:
        raise UsageError(f"{out}: 是文件夹，请给出文件名 is a folder, name a file")
    if out.exists() and not out.is_dir() and folder:
        raise UsageError(f"{out}: 是文件 is a file: csv writes a folder, or FILE.csv with one --table")
    if one and len(set(arguments.table)) != 1:
        raise UsageError(f"{out}: 一个 .csv 只装一张表，请给出一个 --table one .csv holds one table: give one --table")


def _known(option: str, given: list[str], there: Sequence[str], where: str) -> None:
    for name in given:
        if name not in there:
            hint = nearest(name, there)
            raise UsageError(f"{option} {name}: 没有 not there; {hint}全部见 all are in: {where}")


def _write(form: str, parts: Iterator[Part], made: Path, one: bool) -> list[str]:
    """Write the parts; how many rows each has, and what else the user must know, a line each."""
    if form == "csv":
        return _write_csv(parts, made, one)
    if form == "sqlite":
        from pipeline.export.sqlite import write_sqlite

        return [output.counts(write_sqlite(parts, made).items())]
    from pipeline.export.xlsx import CELL, write_xlsx

    written = write_xlsx(parts, made)
    more = [
        f"{name}: 分在 {len(sheets)} 页 on {len(sheets)} sheets"
        for name, sheets in written.sheets.items()
        if len(sheets) > 1
    ]
    cut = [
        f"{name}: {number} 格超过 Excel 的 {CELL} 字，已截断 cells are cut; 全文用 whole in: --format csv, sqlite"
        for name, number in written.cut.items()
    ]
    return [output.counts(written.rows.items()), *more, *cut]


def _write_csv(parts: Iterator[Part], made: Path, one: bool) -> list[str]:
    from pipeline.export.delimited import COLUMNS, write_columns, write_csv

    counted, seen = {}, []
    if not one:
        made.mkdir()
    for part in parts:
        counted[part.name] = write_csv(part, made if one else made / f"{part.name}.csv")
        seen.append(part)
    if not one:
        write_columns(seen, made / COLUMNS)
    return [output.counts(counted.items())]


def _with_progress(connection: DuckDBPyConnection, names: Sequence[str]) -> Iterator[Part]:
    """The parts; on a terminal the one at work is named."""
    from pipeline.export.content import parts

    shows = sys.stderr.isatty()
    for number, part in enumerate(parts(connection, names), 1):
        if shows:
            print(f"\r\x1b[K[{number}/{len(names)}] {part.name}", end="", file=sys.stderr, flush=True)
        yield part
    if shows:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _put(made: Path, out: Path) -> None:
    """What was written in place of what stood there; of a folder, file by file, so that other files in it stay."""
    if not made.is_dir():
        made.replace(out)
        return
    out.mkdir(exist_ok=True)
    for file in sorted(made.iterdir()):
        shutil.move(file, out / file.name)
