"""ingest: what is new goes through the flow; nothing new needs no flow."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pipeline
from pipeline.cli_errors import UsageError
from pipeline.publish import published


def ingest(arguments: Namespace, flow: Callable[[], Callable[..., Any]]) -> int:
    """Publish the bulletins at `paths`; `flow` imports and gives `flows.ingest.run`. 1 if some were refused."""
    paths = _files(arguments.paths)
    if not arguments.again and not _is_any_new(paths, arguments.curated):
        print(f"没有新内容 nothing new: {len(paths)} 个文件已发布 files already published in {arguments.curated}")
        return 0
    report = flow()(
        paths, curated=arguments.curated, raw=arguments.raw, again=arguments.again, progress=_progress(len(paths))
    )
    return report_of(report)


def _files(paths: Iterable[Path]) -> list[Path]:
    """Files named, and the bulletins in folders named: no hidden files, sidecars or README."""
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path}: 没有这个文件或文件夹，请检查路径 no such file or folder, check the path")
        found += sorted(p for p in path.rglob("*") if _is_bulletin(p, path)) if path.is_dir() else [path]
    if not found:
        raise UsageError(f"{paths}: 文件夹里没有文件 no file in the folder")
    return list(dict.fromkeys(found))


def _is_bulletin(path: Path, root: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
    return path.is_file() and not hidden and path.suffix != ".json" and path.stem.upper() != "README"


def _is_any_new(paths: Iterable[Path], curated: Path) -> bool:
    """Whether any file holds bytes that this version of the parser has not published."""
    done = {digest for digest, (_, version) in published(curated).items() if version == pipeline.__version__}
    return not done or any(sha256(path.read_bytes()).hexdigest() not in done for path in paths)


def _progress(total: int) -> Callable[[int, str], None]:
    """A function to call with the number of files done and the name of the last: a bar on a terminal, else a line."""
    from pipeline.terminal import clip, columns_of

    bar = sys.stderr.isatty()

    def step(done: int, name: str) -> None:
        if not bar:
            print(f"[{done}/{total}] {name}", file=sys.stderr, flush=True)
            return
        filled = 20 * done // max(total, 1)
        line = clip(f"{'█' * filled}{'░' * (20 - filled)} {done}/{total} {name}", columns_of(sys.stderr) - 1)
        print(f"\r\x1b[K{line}", end="\n" if done == total else "", file=sys.stderr, flush=True)

    return step


def report_of(report: Any) -> int:
    """Print what the flow did; the exit code."""
    refused = list(report.refused.items() if isinstance(report.refused, dict) else report.refused)
    for name, reason in refused:
        print(f"gongbao: {name}: {reason}", file=sys.stderr)
    numbers = {"已发布 published": report.published, "未变 unchanged": report.skipped, "被拒 refused": refused}
    print(" · ".join(f"{words} {len(entries)}" for words, entries in numbers.items()))
    return 1 if refused else 0
