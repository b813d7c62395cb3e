"""diff: what changed between two releases, or since one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.cli import output
from pipeline.cli.arguments import Commands, add_curated, command
from pipeline.cli.errors import UsageError
from schemas import table

_FORMS = ("table", "json", "csv")


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """The parser of `diff`."""
    words = "两个版本之间任务的变化 what tasks changed between two releases"
    made = command(commands, common, "diff", words)
    either = "版本号，或 curated 为现有数据 a version, or curated for what is published now"
    made.add_argument("before", metavar="A", help=either)
    made.add_argument("after", metavar="B", help=either)
    add_curated(made)
    folder = "各版本所在文件夹 folder of releases (default: releases)"
    made.add_argument("--releases", type=Path, default=Path("releases"), metavar="DIR", help=folder)
    made.add_argument("--format", choices=_FORMS, default="table", help="输出格式 output format (default: table)")
    made.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the changes, counts on standard error."""
    from pipeline.releases.changes import changes
    from pipeline.releases.dataset import opened
    from pipeline.releases.names import ReleaseError

    try:
        before, after = (opened(n, arguments.releases, arguments.curated) for n in (arguments.before, arguments.after))
    except ReleaseError as error:
        raise UsageError(error) from None
    rows = changes(before, after)
    if arguments.format == "table":
        _print(rows)
    else:
        output.write(rows, arguments.format, table("changes").names, (), {})
    print(_counted(rows, before.name, after.name), file=sys.stderr)
    return 0


def _counted(rows: Sequence[dict[str, Any]], before: str, after: str) -> str:
    from pipeline.releases.report import tasks_by

    found = tasks_by(rows)
    if not found:
        return f"任务无变化 no task differs: {before} → {after}"
    return output.counts((f"{cause} {change}", n) for (cause, change), n in sorted(found.items()))


def _print(rows: Sequence[dict[str, Any]]) -> None:
    """A line for each task, one for each column that changed, and the words of both sides."""
    from pipeline.releases.report import blocks
    from pipeline.terminal import clip, columns_of

    width = columns_of(sys.stdout)
    for line in blocks(rows):
        print(clip(line, width))
