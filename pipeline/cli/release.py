"""release: the published dataset frozen under a version."""

from __future__ import annotations

import argparse
from pathlib import Path

from pipeline.cli.arguments import Commands, add_curated, command
from pipeline.cli.errors import InputError, UsageError, need_dataset, reaching
from pipeline.cli.output import counts


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """The parser of `release`."""
    words = "把已发布的数据冻结为一个版本 freeze the published dataset as a version"
    made = command(commands, common, "release", words)
    made.add_argument("version", metavar="VERSION", help="版本号 1.2.0, 1.2.0-rc.1, 2026.11")
    add_curated(made)
    out = "各版本所在文件夹 folder of releases (default: releases)"
    made.add_argument("--out", type=Path, default=Path("releases"), metavar="DIR", help=out)
    made.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Make the release and say what is in it; 1 where the dataset or an earlier release is in the way."""
    from pipeline.releases.making import release
    from pipeline.releases.names import ReleaseError, version_of

    try:
        version_of(arguments.version)
    except ReleaseError as error:
        raise UsageError(error) from None
    need_dataset(arguments.curated)
    try:
        with reaching(arguments.curated):
            made = release(arguments.version, arguments.curated, arguments.out)
    except ReleaseError as error:
        raise InputError(error) from None
    except OSError as error:
        raise InputError(f"{arguments.out}: 无法写入 cannot be written ({error.strerror or error})") from error
    print(f"{made.folder}: {'已有，内容相同 there already, the same' if made.existed else '已制作 made'}")
    print(counts((name, made.rows[name]) for name in ("issues", "tasks", "targets", "deadlines")))
    print(_compared(made.previous, made.changes))
    print(f"核对 check: (cd '{made.folder}' && sha256sum -c --quiet SHA256SUMS)")
    return 0


def _compared(previous: str | None, rows: list[dict[str, object]]) -> str:
    from pipeline.releases.report import tasks_by

    if previous is None:
        return "首个版本 the first release"
    found = tasks_by(rows)
    lines = [f"与 {previous} 相比，任务 tasks compared with {previous}:"]
    lines += [f"  {cause}: {change} {n}" for (cause, change), n in sorted(found.items())]
    return "\n".join(lines if found else [f"任务与 {previous} 无异 no task differs from {previous}"])
