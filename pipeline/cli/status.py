"""status: which issues of each gazette are held, missing or overdue."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.cli.arguments import Commands, add_curated, add_sources, as_day, command
from pipeline.cli.errors import UsageError
from pipeline.cli.output import write, write_table
from pipeline.terminal import columns_of, wrap

#: Short, so that a line holds a whole gazette; the legend below the table says what they are.
_TITLES = {
    "gazette": "公报 gazette",
    "span": "起讫",
    "parsed": "析",
    "without_tasks": "无",
    "unreadable": "损",
    "fetched": "待",
    "missing": "缺",
    "last_published_on": "最近 last",
    "next": "下期 next",
}
_LEGEND = (
    "起讫 年.期 from, to: year.number · 析 已解析 parsed · 无 已解析，无任务 parsed, without tasks · "
    "损 不能读 unreadable · 待 已取回未解析 fetched, not parsed · 缺 missing · ! 逾期 overdue"
)


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """The parser of `status`."""
    words = "各公报的期号：已有、缺期、逾期 issues of each gazette: held, missing, overdue; exit 1 if any is"
    made = command(commands, common, "status", words)
    add_curated(made)
    add_sources(made)
    raw = "原件所在文件夹 where originals are (default: raw)"
    made.add_argument("--raw", type=Path, default=Path("raw"), metavar="DIR", help=raw)
    day = "以此日判断是否逾期 judge what is overdue as of this day (default: today)"
    made.add_argument("--on", type=as_day, metavar="DATE", help=day)
    form = "输出格式 output format (default: table)"
    made.add_argument("--format", choices=("table", "json", "csv"), default="table", help=form)
    made.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """A line for each gazette, then gaps, silences, unreadable files and doubts; 1 if anything is not there."""
    from flows.continuity import compute
    from pipeline.continuity import report

    day = arguments.on or date.today()
    found = compute(arguments.curated, arguments.sources, arguments.raw, day)
    if not found.rows and not found.faults:
        places = f"{arguments.curated}, {arguments.raw}, {arguments.sources}"
        raise UsageError(f"{places}: 没有公报，也没有来源 no issue and no source: run: gongbao ingest PATH")
    gazettes, damaged = report.gazette_lines(found.rows), report.unread(found.rows)
    if arguments.format == "table":
        _print_table(gazettes)
        _print_lines("缺期与逾期 Missing and overdue", found.warnings)
        _print_lines("不能读 Unreadable", damaged)
        _print_lines("号码存疑 Numbers in doubt", report.doubts(found.rows))
    else:
        write(gazettes, arguments.format, list(gazettes[0]) if gazettes else [], (), {})
    for fault in found.faults:
        print(f"gongbao: {fault}", file=sys.stderr)
    return 1 if found.warnings or damaged or found.faults else 0


def _print_table(gazettes: Sequence[dict[str, Any]]) -> None:
    rows = [{**g, "gazette": g["gazette"] or "?", "span": _span(g), "next": _next(g)} for g in gazettes]
    if rows:
        write_table(rows, list(_TITLES), _TITLES, sys.stdout)
        print()
        print(wrap(_LEGEND, columns_of(sys.stdout)))


def _span(gazette: dict[str, Any]) -> str:
    first, last = gazette["first"], gazette["last"]
    if first == last:
        return first or "—"
    return f"{first}–{last.removeprefix('20') if '.' in last else last}"


def _next(gazette: dict[str, Any]) -> str:
    day = gazette["expected_by"]
    return f"{day or ''}{'!' if gazette['overdue'] else ''}"


def _print_lines(title: str, lines: Sequence[str]) -> None:
    if not lines:
        return
    print(f"\n{title}: {len(lines)}\n")
    for line in lines:
        print(wrap(f"  {line}", columns_of(sys.stdout), "    "))
