"""How fast `gongbao backfill` is: issues made from ../shared/corpus, with one process and with two.

    python -m benchmarks.backfill                     # 1,000 issues, 1 and 2 processes: a quarter of an hour
    python -m benchmarks.backfill --issues 60 --workers 2

Wall time is from the start of the command to its end, the start of Prefect included; processor time is that of all its
processes, which a busy machine changes less. Memory is the most that a worker and its parser had while the first and
the last tenth of the issues were published: it should be the same. Run it on a machine with nothing else to do.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.issues import ROOT, write

SHARED = Path(os.environ.get("GONGBAO_SHARED", ROOT.parent / "shared"))


@dataclass
class Measured:
    """One run."""

    seconds: float
    processor: float
    first: float  # megabytes of a worker while the first tenth was published
    last: float
    parent: float  # megabytes of the process that publishes, at most


def measure(inbox: Path, curated: Path, workers: int, issues: int) -> Measured:
    """Run the command on the made issues and look at its processes twice a second."""
    command = [sys.executable, "-m", "pipeline.cli", "backfill", str(inbox), "--curated", str(curated)]
    started, before = time.monotonic(), _children_seconds()
    with (curated.parent / f"{curated.name}.log").open("w") as log:
        process = subprocess.Popen([*command, "--workers", str(workers)], cwd=ROOT, stdout=log, stderr=log)
        seen: dict[int, float] = defaultdict(float)
        parent = 0.0
        while process.poll() is None:
            tenth = _published(curated) * 10 // issues
            with suppress(psutil.Error):
                root = psutil.Process(process.pid)
                parent = max(parent, _megabytes(root))
                seen[tenth] = max([seen[tenth], *map(_with_parser, _workers(root))])
            time.sleep(0.5)
    seconds = time.monotonic() - started
    if process.returncode or _published(curated) != issues:
        raise SystemExit(f"exit code {process.returncode}, {_published(curated)} issues: see {log.name}")
    return Measured(seconds, _children_seconds() - before, seen[0], max(seen[9], seen[10]), parent)


def _published(curated: Path) -> int:
    with suppress(FileNotFoundError):
        return sum(1 for _ in (curated / "manifest").iterdir())
    return 0


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _workers(root: psutil.Process) -> list[psutil.Process]:
    return [c for c in root.children() if "spawn_main" in " ".join(c.cmdline())]


def _with_parser(worker: psutil.Process) -> float:
    return _megabytes(worker) + sum(map(_megabytes, worker.children()))


def _megabytes(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 1e6


def _size(curated: Path) -> tuple[int, int]:
    """Files, and bytes in them."""
    sizes = [p.stat().st_size for p in curated.rglob("*") if p.is_file()]
    return len(sizes), sum(sizes)


def main() -> int:
    """Print a line for each number of workers, and what the published issues take on disk."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--issues", type=int, default=1000)
    arguments.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    arguments.add_argument("--folder", type=Path, help="where to work (default: a temporary folder)")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        inbox = Path(folder) / "inbox"
        characters = write(SHARED / "corpus", inbox, given.issues)
        print(f"{given.issues} issues, {characters:,} characters")
        taken = {}
        for workers in given.workers:
            curated = Path(folder) / f"curated-{workers}"
            m = taken[workers] = measure(inbox, curated, workers, given.issues)
            rates = f"{given.issues / m.seconds:.2f} issues/s, {characters / m.seconds:,.0f} characters/s"
            print(
                f"{workers} workers: {m.seconds:.1f} s, {rates}, {m.processor / given.issues:.2f} CPU s/issue",
                flush=True,
            )
            print(
                f"  worker {m.first:.0f} MB at first, {m.last:.0f} MB at last; publisher {m.parent:.0f} MB", flush=True
            )
        files, size = _size(curated)
        print(f"published: {files / given.issues:.1f} files and {size / given.issues / 1000:.0f} kB an issue")
        if {1, 2} <= set(taken):
            print(f"two workers against one: {taken[1].seconds / taken[2].seconds:.2f} times   (aim: at least 1.7)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
