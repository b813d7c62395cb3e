"""watch: what is new in sources is fetched and published, once, now."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from pipeline.cli.arguments import Commands, absolute, add_corrections, add_curated, add_sources, command
from pipeline.cli.errors import InputError, UsageError
from pipeline.terminal import wrapped


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """The parser of `watch`."""
    words = "取回并发布各来源的新公报 fetch and publish what is new in sources"
    made = command(commands, common, "watch", words)
    source = "来源名称或文件，默认全部 names of sources, or .toml files (default: all)"
    made.add_argument("names", nargs="*", metavar="SOURCE", help=source)
    raw = "存放原件的文件夹 where originals are kept (default: raw)"
    made.add_argument("--raw", type=Path, default=Path("raw"), metavar="DIR", help=raw)
    add_curated(made)
    add_sources(made)
    add_corrections(made)
    made.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Watch once; 1 if anything failed or was refused."""
    from flows import server
    from flows.report import FlowError
    from flows.watching import source_files

    files = source_files(arguments.names, arguments.sources)
    _need(files, arguments)
    print("启动流程 starting the flow …", file=sys.stderr, flush=True)
    try:
        if not server.is_set():
            server.start()
        # Prefect takes seconds to import, and finds the server in the environment then.
        from flows.watch import run as watch
        from pipeline.cli.ingest import progress

        report = watch(
            arguments.names,
            sources=arguments.sources.absolute(),
            raw=arguments.raw.absolute(),
            curated=absolute(arguments.curated),
            corrections=arguments.corrections.absolute(),
            progress=progress(),
            debug=arguments.debug,
        )
    except (server.ServerError, FlowError) as error:
        raise InputError(f"无法运行 cannot run: {error}") from None
    _print(report)
    return int(report.exit_code)


def _need(files: list[Path], arguments: argparse.Namespace) -> None:
    """UsageError where there is nothing to watch, or a source that was named does not exist or has faults."""
    if not files:
        missing = "没有来源文件，先建一个 no source file, make one"
        raise UsageError(f"{arguments.sources}: {missing}: gongbao source new NAME")
    if arguments.names:
        from fetching.commands import find

        for name in arguments.names:
            find(name, arguments.sources)


def _print(report: Any) -> None:
    from pipeline.cli.ingest import warn

    for failure in report.failures:
        print(f"gongbao: {failure['source']}: {failure['what']}: {failure['reason']}", file=sys.stderr)
    warn(report.warnings)
    lines = [each.line() for each in report.sources]
    lines += [f"新版 new version: {change.line()}" for change in report.changes]
    rows = sum(o.counts.get("tasks", 0) for o in report.published)
    if report.published:
        lines.append(f"已发布 published: {len(report.published)} 期 issues · {rows} 项任务 tasks")
    elif not report.failures:
        lines.append("没有新内容 nothing new")
    for line in wrapped(lines, sys.stdout):
        print(line)
