"""A parser for files of words, in place of the real one in the process that reads files.

`bad` is refused, `crash` is a fault, `panic` one that is no Exception, `hang` never ends, `die` ends the process,
`greedy` wants all memory; `fault` breaks a row, `short` the issue, `id=…` sets the id.
"""

from __future__ import annotations

import os
import sys
import time
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from records import ISSUE, TEXT, records, renamed

import pipeline
from pipeline import worker
from pipeline.publish import to_tables
from pipeline.read import ReadError


def parse(path: Path) -> Any:
    words = Path(path).read_text().split()
    _misbehave(words, path)
    rows = records(sha256(Path(path).read_bytes()).hexdigest(), pipeline.__version__)
    rows["issues"][0]["source_file"] = Path(path).name
    if "fault" in words:
        rows["tasks"][1]["action"] = "x"
    if "short" in words:
        rows["issues"][0]["chars"] -= 1
    issue_id = next((w.removeprefix("id=") for w in words if w.startswith("id=")), ISSUE)
    if issue_id != ISSUE:
        rows = {table: [renamed(row, issue_id) for row in content] for table, content in rows.items()}
    text = SimpleNamespace(text=TEXT)
    return SimpleNamespace(records=rows, issue_id=issue_id, text=text, tables=lambda: to_tables(rows))


def _misbehave(words: list[str], path: Path) -> None:
    if "bad" in words:
        raise ReadError(f"{path}: not a bulletin: pass one")
    if "crash" in words:
        raise KeyError("a fault of the parser")
    if "panic" in words:
        raise BaseException("a panic")
    if "hang" in words:
        time.sleep(600)
    if "die" in words:
        os.kill(os.getpid(), 9)
    if "greedy" in words:
        bytearray(1 << 46)


if __name__ == "__main__":
    pipeline.parse = parse  # type: ignore[attr-defined]
    worker.main(int(sys.argv[1]))
