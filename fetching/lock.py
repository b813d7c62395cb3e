"""A lock on this machine that ends with its process, however that ends."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_STEP = 0.2  # seconds between two looks


class BusyError(RuntimeError):
    """Somebody else has the lock, and had it for as long as we wait."""


@contextmanager
def held(path: Path, patience: float = float("inf")) -> Iterator[bool]:
    """Hold the lock of this name; whether it had to be waited for. BusyError after `patience` seconds.

    The file is there only while somebody holds it or waits.
    """
    try:
        import fcntl
    except ImportError:  # no such lock on this system: one process is assumed
        yield False
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    ends, waited = time.monotonic() + patience, False
    while True:
        with path.open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waited = True
            else:
                if _is_at(path, handle.fileno()):
                    try:
                        yield waited
                    finally:
                        path.unlink(missing_ok=True)
                    return
                continue  # it was removed by the one who had it: there is another one
        if time.monotonic() >= ends:
            raise BusyError(f"another run has it, and had it for {patience:.0f} s")
        time.sleep(_STEP)


def _is_at(path: Path, number: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(number))
    except FileNotFoundError:
        return False
