"""parse, query, show, verify."""

from __future__ import annotations

import re
import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import cli_output
from pipeline.cli_errors import InputError, UsageError, need_dataset
from schemas import TABLES, table

if TYPE_CHECKING:
    from pipeline.show import Found


def parse(arguments: Namespace) -> int:
    """Parse one file and print a table of it, counts on standard error."""
    if arguments.table not in TABLES:
        raise UsageError(f"--table {arguments.table}: 可选 choose from {', '.join(TABLES)}")
    bulletin = _parsed(arguments)
    definition = table(arguments.table)
    if arguments.format == "parquet":
        cli_output.write_parquet(bulletin.tables()[arguments.table])
    else:
        rows = [{name: row.get(name) for name in definition.names} for row in bulletin.records.get(arguments.table, ())]
        titles = {column.name: column.title_zh for column in definition.columns}
        _write(rows, arguments.format, definition.names, definition.display, titles)
    numbers = [(name, len(bulletin.records.get(name, ()))) for name in TABLES if name != "checks"]
    # Below the table on a terminal; elsewhere standard output holds the rows alone.
    out = sys.stdout if arguments.format == "table" and sys.stdout.isatty() else sys.stderr
    print(cli_output.counts(numbers), file=out)
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
            lines.append(f"{label}: {cli_output.counts(ranked[:_MOST_REASONS])}{more}")
    return lines


def _parsed(arguments: Namespace) -> Any:
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


def query(arguments: Namespace) -> int:
    """Print the result of a statement over the views."""
    import duckdb

    from pipeline.query import query as run

    need_dataset(arguments.curated)
    try:
        result = run(arguments.curated, arguments.sql)
    except duckdb.Error as error:
        raise UsageError(f"SQL: {str(error).splitlines()[0]}") from error
    if result is None:
        return 0
    if arguments.format == "parquet":
        cli_output.write_parquet(result)
        return 0
    names = list(result.column_names)
    _write(result.to_pylist(), arguments.format, names, names, {})
    if arguments.format == "table":
        print(f"{result.num_rows} 行 rows", file=sys.stderr)
    return 0


def _write(rows: cli_output.Rows, form: str, columns: Any, display: Any, titles: dict[str, str]) -> None:
    if form == "json":
        cli_output.write_json(rows, sys.stdout)
    elif form == "csv":
        cli_output.write_csv(rows, columns, sys.stdout)
    elif rows:
        cli_output.write_table(rows, display, titles, sys.stdout)


def show(arguments: Namespace) -> int:
    """Print every record with the id."""
    from pipeline.show import describe, find
    from pipeline.terminal import wants_colour

    need_dataset(arguments.curated)
    found = find(arguments.curated, arguments.id)
    if not found:
        hint = '标识见 ids are in: gongbao query "SELECT task_id, action FROM tasks"'
        raise UsageError(f"{arguments.id}: 没有此标识 no such id in {arguments.curated}; {hint}")
    colour = wants_colour(sys.stdout)
    print("\n\n".join(describe(each, colour=colour) for each in found))
    return _show_image(arguments, found[0]) if arguments.image else 0


def _show_image(arguments: Namespace, found: Found) -> int:
    from pipeline.show_image import NoImageError, page_image

    try:
        picture = page_image(found.row, found.source, [arguments.raw, arguments.curated.parent / "raw"])
    except NoImageError as error:
        raise InputError(f"{arguments.id}: {error}") from None
    out = arguments.out or Path(re.sub(r"[^\w.-]+", "_", arguments.id) + ".png")
    picture.save(out, "PNG")
    print(f"图片 picture: {out}", file=sys.stderr)
    return 0


def verify(arguments: Namespace) -> int:
    """Print what is damaged; 1 if anything is."""
    from pipeline.verify import CLASSES
    from pipeline.verify import verify as run

    need_dataset(arguments.curated)
    result = run(arguments.curated)
    looked = f"{result.issues} 期 issues · {result.files} 个文件 files · {result.rows} 行 rows"
    if result.kind is None:
        print(f"完好 all good: {looked}")
        return 0
    print(f"{CLASSES[result.kind]}: {len(result.findings)}")
    for finding in result.findings:
        print(f"  {finding}")
    raise InputError(f"{arguments.curated}: 数据受损，请重新发布 damaged, publish again: gongbao ingest PATH --again")
