"""compact: the small files of closed years in one per table, province and year."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from typing import TYPE_CHECKING

from pipeline.cli.arguments import Commands, add_curated, as_year, command
from pipeline.cli.errors import InputError, need_dataset, reaching
from pipeline.storage import shown

if TYPE_CHECKING:
    from pipeline.compact import Compacted


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """The parser of `compact`."""
    words = "合并往年的小文件 merge the small files of closed years"
    made = command(commands, common, "compact", words)
    add_curated(made)
    before = "合并此年以前各年 merge the years before this one (default: this year)"
    made.add_argument("--before", type=as_year, metavar="YEAR", help=before)
    made.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Merge, a line for each partition; 1 if an issue could not be merged."""
    from pipeline.compact import compact

    need_dataset(arguments.curated)
    with reaching(arguments.curated):
        done = compact(arguments.curated, arguments.before or date.today().year, _tell)
    if not done:
        print(f"没有可合并的 nothing to merge in {shown(arguments.curated)}")
        return 0
    before, after = sum(d.files_before for d in done), sum(d.files_after for d in done)
    print(f"已合并 merged: {len(done)} 个分区 partitions · {before} → {after} 个文件 files")
    left = {issue: why for each in done for issue, why in each.left.items()}
    for issue, why in left.items():
        print(f"gongbao: {issue}: 未合并 not merged: {why}", file=sys.stderr)
    if left:
        raise InputError(
            f"{shown(arguments.curated)}: {len(left)} 期未合并，请重新发布后再试 issues not merged, "
            "publish them again first: gongbao ingest PATH --again"
        )
    return 0


def _tell(done: Compacted) -> None:
    where = f"province={done.province}/year={done.year:04d}"
    print(f"{where}: {done.issues} 期 issues · {done.files_before} → {done.files_after} 个文件 files", file=sys.stderr)
