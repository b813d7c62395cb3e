"""parse: one file, printed and not published."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from pipeline.cli import output
from pipeline.cli.arguments import Commands, add_format, as_day, command
from pipeline.cli.errors import InputError, UsageError
from schemas import TABLES, table


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """The parser of `parse`."""
    words = "只解析并打印，不发布 parse and print, publish nothing"
    made = command(commands, common, "parse", words)
    made.add_argument("file", metavar="FILE", help="文件；- 为标准输入 a file; - reads standard input")
    made.add_argument("--table", default="tasks", metavar="NAME", help="表名 which table (default: tasks)")
    add_format(made)
    base = "以此日（而非成文日期）推算时间 count times from this day, not from the document's own date"
    made.add_argument("--base", type=as_day, metavar="DATE", help=base)
    made.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Parse one file and print a table of it, counts on standard error."""
    if arguments.table not in TABLES:
        raise UsageError(f"--table {arguments.table}: 可选 choose from {', '.join(TABLES)}")
    bulletin = _parsed(arguments)
    definition = table(arguments.table)
    if arguments.format == "parquet":
        output.write_parquet(bulletin.tables()[arguments.table])
    else:
        rows = [{name: row.get(name) for name in definition.names} for row in bulletin.records.get(arguments.table, ())]
        titles = {column.name: column.title_zh for column in definition.columns}
        output.write(rows, arguments.format, definition.names, definition.display, titles)
    numbers = [(name, len(bulletin.records.get(name, ()))) for name in TABLES if name != "checks"]
    # Below the table on a terminal; elsewhere standard output holds the rows alone.
    out = sys.stdout if arguments.format == "table" and sys.stdout.isatty() else sys.stderr
    print(output.counts(numbers), file=out)
    print(*_covered(bulletin.records), sep="\n", file=out)
    return 0


_MOST_REASONS = 6


def _covered(records: Any) -> list[str]:
    """Coverage and residuals in a line each."""
    from pipeline.assemble.coverage import coverage

    found = coverage(records)
    sentences = f"{found.tasked}/{found.cued} ({found.share:.0%})"
    lines = [f"覆盖 coverage: 有线索的句子 cued sentences {sentences} · 字符 characters {found.share_chars:.0%}"]
    for label, counted in (("未成任务 cued, no task", found.missed), ("残余 residuals", found.residuals)):
        if counted:
            ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
            more = f" · … {len(ranked) - _MOST_REASONS}" if len(ranked) > _MOST_REASONS else ""
            lines.append(f"{label}: {output.counts(ranked[:_MOST_REASONS])}{more}")
    return lines


def _parsed(arguments: argparse.Namespace) -> Any:
    import pipeline
    from pipeline.read import ReadError

    options = {"base": arguments.base} if arguments.base else {}
    try:
        if arguments.file == "-":
            return pipeline.parse(sys.stdin.buffer.read(), name="stdin", **options)
        if not Path(arguments.file).exists():
            raise UsageError(f"{arguments.file}: 没有这个文件，请检查路径 no such file, check the path")
        if Path(arguments.file).is_dir():
            raise UsageError(f"{arguments.file}: 是文件夹，请用 is a folder, use: gongbao ingest")
        return pipeline.parse(arguments.file, **options)
    except ReadError as error:
        raise InputError(error) from error
