"""backfill: ingest for years of bulletins, by several processes or on a cluster; progress with its rate."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pipeline.cli.arguments import Commands, add_corrections, add_curated, add_sources, as_count, as_seconds, command
from pipeline.cli.errors import InputError, UsageError, reaching
from pipeline.cli.ingest import STATUS, print_counts, report, warn
from pipeline.storage import location
from pipeline.terminal import clip, columns_of

_BAR = 20
_EVERY = 10  # seconds between lines where there is no terminal


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """The parser of `backfill`."""
    words = "多进程或在集群上成批处理历年公报 ingest years of bulletins with several processes or on a cluster"
    made = command(commands, common, "backfill", words)
    paths = "文件或文件夹，或 s3:// 等地址 files, folders or addresses"
    made.add_argument("paths", nargs="+", type=location, metavar="PATH", help=paths)
    add_curated(made)
    made.add_argument("--raw", type=location, metavar="DIR", help="把收到的文件另存于此 keep the received bytes here")
    workers = "进程数 processes of this machine (default: one for each processor)"
    made.add_argument("--workers", type=as_count, metavar="N", help=workers)
    dask = "改用此 dask 调度器 use the workers of this dask scheduler instead, tcp://HOST:8786"
    made.add_argument("--dask", metavar="ADDRESS", help=dask)
    again = "已发布的也重做 also what the same version has published already"
    made.add_argument("--again", action="store_true", help=again)
    seconds = "一个文件最多用时，秒 longest time for one file (default: 1800)"
    made.add_argument("--seconds", type=as_seconds, metavar="N", help=seconds)
    add_sources(made)
    add_corrections(made)
    made.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Plan, run the flow if there is anything to do, report; 1 if anything was refused."""
    from flows.inbox import plan
    from flows.report import FlowError

    if arguments.dask and arguments.workers:
        raise UsageError("--workers 与 --dask 只能用一个 pass one of --workers and --dask")
    if arguments.dask and find_spec("prefect_dask") is None:
        raise UsageError('--dask 需要附加组件 needs an extra: pip install "gongbao[dask]"')
    with reaching(arguments.curated):
        planned = plan(arguments.paths, arguments.curated, again=arguments.again, corrections=arguments.corrections)
    if not planned.todo:
        return report(planned.outcomes, arguments.curated)
    print("启动流程 starting the flow …", file=sys.stderr, flush=True)
    # Prefect takes seconds to import: only once there is something to do.
    from flows.backfill import run as backfill

    try:
        summary = backfill(
            arguments.paths,
            curated=arguments.curated,
            raw=arguments.raw,
            workers=arguments.workers or _processors(),
            dask=arguments.dask,
            again=arguments.again,
            progress=progress(),
            debug=arguments.debug,
            seconds=arguments.seconds,
            planned=planned,
            sources=arguments.sources,
            corrections=arguments.corrections,
        )
    except FlowError as error:
        if arguments.debug:
            raise
        raise InputError(f"处理中断 stopped: {error}") from error
    code = _report(summary)
    warn(summary.notices)
    return code


def _processors() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _report(summary: Any) -> int:
    """Print what became of the files, as `ingest` does; the exit code."""
    for outcome in summary.refused:
        print(f"gongbao: {outcome.file}: {outcome.reason}", file=sys.stderr)
    numbers = Counter(o.status for o in summary.others) + Counter(published=summary.published)
    print_counts(numbers, summary.refused_rows, summary.refused)
    return 1 if summary.refused else 0


def progress() -> Callable[[int, int, Any], None]:
    """A function for the flow to call after each file: a bar on a terminal; elsewhere a line now and then."""
    bar, started, said = sys.stderr.isatty(), time.monotonic(), [0.0]

    def step(done: int, total: int, outcome: Any) -> None:
        now = time.monotonic()
        words = f"{done}/{total} {pace(done, total, now - started)}"
        name = Path(outcome.file).name
        if bar:
            filled = _BAR * done // max(total, 1)
            line = clip(f"{'█' * filled}{'░' * (_BAR - filled)} {words} {name}", columns_of(sys.stderr) - 1)
            print(f"\r\x1b[K{line}", end="\n" if done == total else "", file=sys.stderr, flush=True)
        elif done == total or outcome.status != "published" or now - said[0] >= _EVERY:
            said[0] = now
            status = STATUS.get(outcome.status, outcome.status)
            print(f"[{words}] {name}: {status}", file=sys.stderr, flush=True)

    return step


def pace(done: int, total: int, seconds: float) -> str:
    """How many files a second, and how long the rest will take at that: 3.9/s 余 left 0:02:56."""
    rate = done / seconds if seconds > 0 else 0.0
    left = f" 余 left {_clock((total - done) / rate)}" if rate and done < total else ""
    return f"{rate:.{1 if rate >= 1 else 2}f}/s{left}"


def _clock(seconds: float) -> str:
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}"
