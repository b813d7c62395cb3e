"""summary: what is published, on one screen."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.cli.arguments import Commands, add_curated, as_day, command
from pipeline.cli.errors import need_dataset
from pipeline.cli.output import write_table
from pipeline.rules import explain
from pipeline.storage import Location
from pipeline.terminal import WIDTH, clip, pad
from schemas import TABLES, table

_TASKS = 8  # rows shown
_NEAREST = """
SELECT task_id, due_on, action, array_to_string(list_concat(lead, responsible), '、') AS owners
FROM tasks AS t WHERE due_on IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM tasks AS said WHERE said.measure_id = t.repeats_measure_id AND said.due_on = t.due_on)
ORDER BY due_on < ?, abs(due_on - ?::DATE), task_id LIMIT ?
"""
_LEFT = "SELECT kind, reason, count(*) AS n FROM residuals GROUP BY ALL ORDER BY n DESC, kind, reason LIMIT 8"
_EXAMPLE = '"SELECT name, role FROM responsibilities LIMIT 10"'


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """The parser of `summary`."""
    words = "概览：临近时限、各表行数、遗留 nearest deadlines, counts, residuals"
    made = command(commands, common, "summary", words)
    add_curated(made)
    day = "从哪一日算起 deadlines from this day on (default: today)"
    made.add_argument("--on", type=as_day, metavar="DATE", help=day)
    made.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Nearest deadlines, counts per table, residuals, where the files are, what to try next."""
    need_dataset(arguments.curated)
    from pipeline.query import reading

    day = arguments.on or date.today()
    nearest, left, numbers = reading(arguments.curated, lambda connection: _read(connection, day), views=())
    _print_tasks(nearest, day)
    _print_counts(numbers)
    _print_residuals(left, numbers["residuals"])
    _print_next(arguments.curated, nearest)
    return 0


def _read(connection: Any, day: date) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, int]]:
    nearest = _rows(connection, _NEAREST, [day, day, _TASKS])
    numbers = {name: _rows(connection, f'SELECT count(*) AS n FROM "{name}"')[0]["n"] for name in TABLES}  # noqa: S608
    return nearest, _rows(connection, _LEFT), numbers


def _rows(connection: Any, sql: str, parameters: list[object] | None = None) -> list[dict[str, Any]]:
    relation = connection.sql(sql, params=parameters) if parameters else connection.sql(sql)
    return list(relation.to_arrow_table().to_pylist())


def _print_tasks(nearest: list[dict[str, Any]], day: date) -> None:
    print(f"临近时限的任务 Tasks with the nearest deadlines ({day})\n")
    titles = {"task_id": "任务 task", "due_on": "截止 due", "action": "动作 action", "owners": "牵头或负责 owners"}
    if nearest:
        write_table(nearest, list(titles), titles, sys.stdout)
    else:
        print("  （没有带截止日的任务 no task with a due date）")


def _print_counts(numbers: dict[str, int]) -> None:
    print("\n各表行数 Rows per table\n")
    cells = [_cell(f"{table(name).title_zh} {name}", numbers[name]) for name in TABLES]
    for left, right in zip(cells[::2], cells[1::2], strict=True):
        print(f"  {left}    {right}")


def _cell(name: str, number: int) -> str:
    return pad(name, 24) + pad(str(number), 8, right=True)


def _print_residuals(left: list[dict[str, Any]], total: int) -> None:
    print(f"\n遗留 Left in residuals: {total}\n")
    for row in left:
        note = (explain(row["reason"]) or {}).get("note", "")
        print(clip(f"  {row['n']:>6}  {row['kind']}: {row['reason']}{'  ' + note if note else ''}", WIDTH))


def _print_next(curated: Location, nearest: list[dict[str, Any]]) -> None:
    option = "" if curated == Path("curated") else f" --curated {curated}"
    any_id = nearest[0]["task_id"] if nearest else "ID"
    print(f"\n文件 Files: {curated}/<table>/province=…/year=…/<issue>.parquet")
    print(f"            {curated}/text/, {curated}/datapackage.json\n")
    print("接着试试 Try next:\n")
    print(f"  gongbao show '{any_id}'{option}")
    print(f"  gongbao query {_EXAMPLE}{option}")
    print(f"  gongbao verify{option}")
