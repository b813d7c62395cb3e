"""ingest: the main job; progress while the flow runs, and what it came to."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.cli.arguments import Commands, add_corrections, add_curated, add_sources, as_seconds, command
from pipeline.cli.errors import UsageError, reaching
from pipeline.storage import Location, location
from pipeline.terminal import clip, columns_of

STATUS = {
    "published": "已发布 published",
    "skipped": "未变 unchanged",
    "refused": "被拒 refused",
    "held": "暂缓 held back",
}
_BAR = 20
_MOST_WARNINGS = 20


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """The parser of `ingest`."""
    words = "解析、检验并发布公报 parse, check and publish bulletins"
    made = command(commands, common, "ingest", words)
    paths = "文件或文件夹，或 s3:// 等地址 files, folders or addresses"
    made.add_argument("paths", nargs="+", type=location, metavar="PATH", help=paths)
    add_curated(made)
    add_corrections(made)
    made.add_argument("--raw", type=location, metavar="DIR", help="把收到的文件另存于此 keep the received bytes here")
    again = "已发布的也重做 also what the same version has published already"
    made.add_argument("--again", action="store_true", help=again)
    seconds = "一个文件最多用时，秒 longest time for one file (default: 1800)"
    made.add_argument("--seconds", type=as_seconds, metavar="N", help=seconds)
    add_sources(made)
    made.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Plan, run the flow if there is anything to do, report; 1 if anything was refused."""
    from flows.inbox import plan

    curated, unread = arguments.curated, unreadable(arguments.corrections)
    with reaching(curated):
        planned = plan(arguments.paths, curated, again=arguments.again, corrections=arguments.corrections)
    if not planned.todo:
        return max(unread, report(planned.outcomes, curated))
    print("启动流程 starting the flow …", file=sys.stderr, flush=True)
    # Prefect takes seconds to import: only once there is something to do.
    from flows.ingest import run as ingest

    result = ingest(
        arguments.paths,
        curated=curated.absolute() if isinstance(curated, Path) else curated,
        raw=arguments.raw,
        again=arguments.again,
        progress=progress(),
        debug=arguments.debug,
        seconds=arguments.seconds,
        sources=arguments.sources,
        planned=planned,
        corrections=arguments.corrections,
    )
    code = report(result.outcomes, curated)
    warn(result.warnings)
    return max(unread, code)


def unreadable(corrections: Path) -> int:
    """Name each line of the folder that is no correction, on standard error; 1 if there is any."""
    from pipeline.corrections.store import load_all

    problems = [problem for _, found in load_all(corrections) for problem in found.problems]
    for problem in problems:
        print(f"gongbao: {problem}", file=sys.stderr)
    return 1 if problems else 0


def progress() -> Callable[[int, int, Any], None]:
    """A function for the flow to call after each file: a bar on a terminal, a line elsewhere."""
    bar = sys.stderr.isatty()

    def step(done: int, total: int, outcome: Any) -> None:
        name = Path(outcome.file).name
        if not bar:
            words = STATUS.get(outcome.status, outcome.status)
            print(f"[{done}/{total}] {name}: {words}", file=sys.stderr, flush=True)
            return
        filled = _BAR * done // max(total, 1)
        line = clip(f"{'█' * filled}{'░' * (_BAR - filled)} {done}/{total} {name}", columns_of(sys.stderr) - 1)
        print(f"\r\x1b[K{line}", end="\n" if done == total else "", file=sys.stderr, flush=True)

    return step


def report(outcomes: Sequence[Any], curated: Location) -> int:
    """Print what became of the files, the refused ones on standard error; the exit code."""
    if not outcomes:
        raise UsageError("文件夹里没有公报 no bulletin in the folder: pass files, or a folder that has some")
    refused = [o for o in outcomes if o.status in ("refused", "held")]
    for outcome in refused:
        print(f"gongbao: {outcome.file}: {outcome.reason}", file=sys.stderr)
    for outcome in outcomes:
        for note in outcome.notes:
            print(f"gongbao: {Path(outcome.file).name}: {note}", file=sys.stderr)
    if all(o.status == "skipped" for o in outcomes):
        print(f"没有新内容 nothing new: {len(outcomes)} 个文件已发布于 files already published in {curated}")
        return 0
    print_counts(Counter(o.status for o in outcomes), sum(o.refused_rows for o in outcomes), outcomes)
    return 1 if refused else 0


def print_counts(numbers: Mapping[str, int], refused_rows: int, outcomes: Iterable[Any]) -> None:
    """Print how many files became what, and where to look for what is not published."""
    print(" · ".join(f"{words} {numbers[status]}" for status, words in STATUS.items() if numbers.get(status)))
    if any(o.recorded for o in outcomes):
        print("未能读取的文件，见 files that could not be read, see: residuals (kind = 'file')")
    if refused_rows:
        print(f"{refused_rows} 行未通过检验，见 rows failed their checks, see: residuals (kind = 'row')")


def warn(lines: Sequence[str]) -> None:
    """Gaps and silences of gazettes on standard error; they are no failure of the run."""
    for line in lines[:_MOST_WARNINGS]:
        print(f"gongbao: {line}", file=sys.stderr)
    if len(lines) > _MOST_WARNINGS:
        print(f"gongbao: 另有 {len(lines) - _MOST_WARNINGS} 条，见 more, see: gongbao status", file=sys.stderr)
