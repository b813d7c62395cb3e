"""How long `pipeline.parse` takes, beside JioNLP's times and money alone, on the same file in the same run.

    make benchmark                            # the Jiaozuo issue of ../shared, else the sample
    benchmarks/run FILE --rounds 15

The two take turns, so that a busy machine slows both. Medians of warm rounds, in milliseconds.
JioNLP gets the file's text as it is; `parse` reads the file from disk and does everything else too.
"""

from __future__ import annotations

import argparse
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("GONGBAO_SHARED", ROOT.parent / "shared"))
BASE = {"year": 2024, "month": 8, "day": 20}  # the 成文日期, for times without a year


def default_file() -> Path:
    """The real issue where it is at hand, else the sample of the repository."""
    real = SHARED / "corpus" / "jiaozuo-2024-04.md"
    return real if real.is_file() else ROOT / "raw" / "yunhai-2025-03.md"


def jionlp_reader(file: Path) -> Callable[[], object]:
    """JioNLP's extraction of times and of money, without its log of failures."""
    import jionlp

    logging.disable(logging.CRITICAL)
    text = file.read_text(encoding="utf-8")
    return lambda: (jionlp.ner.extract_time(text, time_base=BASE), jionlp.ner.extract_money(text))


def gongbao_reader(file: Path) -> Callable[[], object]:
    """`pipeline.parse`: all records of the file."""
    from pipeline import parse

    return lambda: parse(file)


def milliseconds(call: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def compare(readers: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Name -> median of `rounds` warm calls, taken in turn."""
    taken: dict[str, list[float]] = {name: [] for name in readers}
    for call in readers.values():
        call()
    for _ in range(rounds):
        for name, call in readers.items():
            taken[name].append(milliseconds(call))
    return {name: median(times) for name, times in taken.items()}


def cold(file: Path) -> float:
    """Wall time of `gongbao parse FILE` in a new process."""
    command = [sys.executable, "-m", "pipeline.cli", "parse", str(file)]
    return milliseconds(lambda: subprocess.run(command, check=True, capture_output=True, cwd=ROOT))


def main() -> int:
    """Print medians and their ratio."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("file", nargs="?", type=Path, default=default_file())
    arguments.add_argument("--rounds", type=int, default=9)
    given = arguments.parse_args()
    result = compare({"gongbao": gongbao_reader(given.file), "jionlp": jionlp_reader(given.file)}, given.rounds)
    print(f"{given.file.name}, medians of {given.rounds} warm rounds")
    print(f"  pipeline.parse, everything    {result['gongbao']:8.1f} ms")
    print(f"  JioNLP, times and money only  {result['jionlp']:8.1f} ms")
    print(f"  ratio                         {result['gongbao'] / result['jionlp']:8.2f}   (aim: at most 0.33)")
    print(f"  gongbao parse FILE, cold      {median(cold(given.file) for _ in range(3)):8.1f} ms   (aim: at most 2000)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
