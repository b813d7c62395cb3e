"""Pages per second of reading a PDF, beside `pdftotext -layout` and plain `pdfplumber.extract_text`, in the same run.

    python benchmarks/pdf.py                  # the typeset Jiaozuo issue of ../shared
    python benchmarks/pdf.py FILE --rounds 9

The three take turns, so that a busy machine slows all. Processor time, medians of the rounds; pdftotext
(poppler-utils) is left out where it is not installed.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pdfplumber

from pipeline.read import read

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("GONGBAO_SHARED", ROOT.parent / "shared"))


def plain(file: Path) -> None:
    """pdfplumber's text of every page, each page let go after it."""
    with pdfplumber.open(file) as content:
        for page in content.pages:
            page.extract_text()
            page.close()


def poppler(file: Path) -> None:
    """pdftotext, which keeps columns beside each other."""
    subprocess.run(["pdftotext", "-layout", str(file), "-"], check=True, stdout=subprocess.DEVNULL)


def seconds(call: Callable[[Path], object], file: Path) -> float:
    """Processor time of a call, its child processes included."""

    def used() -> float:
        own, children = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime

    start = used()
    call(file)
    return used() - start


def main() -> None:
    """Print pages per second of each and the ratios."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("file", nargs="?", type=Path, default=SHARED / "corpus" / "formats" / "jiaozuo-2024-04.pdf")
    arguments.add_argument("--rounds", type=int, default=5)
    given = arguments.parse_args()
    readers: dict[str, Callable[[Path], object]] = {"gongbao": read, "pdfplumber.extract_text": plain}
    if shutil.which("pdftotext"):
        readers["pdftotext -layout"] = poppler
    taken: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(given.rounds):
        for name, call in readers.items():
            taken[name].append(seconds(call, given.file))
    pages = read(given.file).pages or 0
    ours = median(taken["gongbao"])
    print(f"{given.file.name}, {pages} pages, medians of {given.rounds} rounds")
    for name, times in taken.items():
        ratio = f"   gongbao takes {ours / median(times):6.2f} times as long" if name != "gongbao" else ""
        print(f"  {name:<24}{pages / max(median(times), 1e-6):8.1f} pages/s{ratio}")
    print("  aim: at most 1.5 times as long as pdfplumber.extract_text")


if __name__ == "__main__":
    main()
