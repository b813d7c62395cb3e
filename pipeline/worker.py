"""A process that parses files for another one, which can end it: `python -m pipeline.worker MEGABYTES`.

A line of JSON on standard input names a file, a folder and where corrections stand; the line that answers says under
which id the file was staged there, or why not. Whoever asks holds the time limit, the process its memory.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

_TOO_LARGE = "needs more than {} MB of memory: split it and pass the parts"


def main(megabytes: int) -> None:
    """Answer until standard input ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    answers = _own_output()
    _load()
    _hold_memory(megabytes)
    _say(answers, {"ready": os.getpid()})
    for line in sys.stdin.buffer:
        request = json.loads(line)
        _say(answers, _answer(request, megabytes))


def _own_output() -> BinaryIO:
    """Standard output for answers alone: what a library prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _load() -> None:
    """Import what every file needs, before memory is counted."""
    import pyarrow.parquet  # noqa: F401

    from pipeline import bulletin, publish  # noqa: F401


def _hold_memory(megabytes: int) -> None:
    """Bound the address space to this much more than it is; only Linux tells and holds it."""
    statm = Path("/proc/self/statm")
    if sys.platform == "win32" or not statm.exists():
        return
    import resource

    present = int(statm.read_text().split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = present + megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def _answer(request: Mapping[str, str], megabytes: int) -> dict[str, Any]:
    from pipeline.read import ReadError

    path, corrections = Path(request["path"]), request.get("corrections")
    try:
        return _staged(path, Path(request["folder"]), Path(corrections) if corrections else None)
    except ReadError as error:
        return {"refused": str(error).removeprefix(f"{path.parent}/").removeprefix(f"{path.name}: ")}
    except MemoryError:
        return {"refused": _TOO_LARGE.format(megabytes), "memory": True}
    except (SystemExit, KeyboardInterrupt):
        raise
    except BaseException as error:  # a panic of a library in Rust is no Exception
        return {"fault": f"{type(error).__name__}: {error}", "traceback": traceback.format_exc()}


def _staged(path: Path, folder: Path, corrections: Path | None) -> dict[str, Any]:
    from pipeline import parse
    from pipeline.publish import stage, to_tables

    bulletin = parse(path)
    issue = bulletin.records["issues"][0]
    answer = {"issue_id": bulletin.issue_id, "region_code": issue.get("region_code"), "year": issue.get("year")}
    if corrections is None:
        stage(bulletin.tables(), bulletin.text.text, folder)
        return answer
    from pipeline.corrections.apply import corrected

    rows, digest, notes = corrected(bulletin.records, bulletin.text, corrections)
    stage(to_tables(rows), bulletin.text.text, folder, digest)
    return {**answer, "notes": notes}


def _say(answers: BinaryIO, answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer).encode() + b"\n")
    answers.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
