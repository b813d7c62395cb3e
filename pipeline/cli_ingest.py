"""ingest: progress while the flow runs, and what it came to."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pipeline.cli_errors import UsageError
from pipeline.terminal import clip, columns_of

_STATUS = {
    "published": "已发布 published",
    "skipped": "未变 unchanged",
    "refused": "被拒 refused",
    "held": "暂缓 held back",
}
_BAR = 20


def progress() -> Callable[[int, int, Any], None]:
    """A function for the flow to call after each file: a bar on a terminal, a line elsewhere."""
    bar = sys.stderr.isatty()

    def step(done: int, total: int, outcome: Any) -> None:
        name = Path(outcome.file).name
        if not bar:
            words = _STATUS.get(outcome.status, outcome.status)
            print(f"[{done}/{total}] {name}: {words}", file=sys.stderr, flush=True)
            return
        filled = _BAR * done // max(total, 1)
        line = clip(f"{'█' * filled}{'░' * (_BAR - filled)} {done}/{total} {name}", columns_of(sys.stderr) - 1)
        print(f"\r\x1b[K{line}", end="\n" if done == total else "", file=sys.stderr, flush=True)

    return step


def report(outcomes: Sequence[Any], curated: Path) -> int:
    """Print what became of the files, the refused ones on standard error; the exit code."""
    if not outcomes:
        raise UsageError("文件夹里没有公报 no bulletin in the folder: pass files, or a folder that has some")
    refused = [o for o in outcomes if o.status in ("refused", "held")]
    for outcome in refused:
        print(f"gongbao: {outcome.file}: {outcome.reason}", file=sys.stderr)
    if all(o.status == "skipped" for o in outcomes):
        print(f"没有新内容 nothing new: {len(outcomes)} 个文件已发布于 files already published in {curated}")
        return 0
    numbers = {words: sum(o.status == status for o in outcomes) for status, words in _STATUS.items()}
    print(" · ".join(f"{words} {n}" for words, n in numbers.items() if n))
    if any(o.recorded for o in outcomes):
        print("未能读取的文件，见 files that could not be read, see: residuals (kind = 'file')")
    left = sum(o.refused_rows for o in outcomes)
    if left:
        print(f"{left} 行未通过检验，见 rows failed their checks, see: residuals (kind = 'row')")
    return 1 if refused else 0
