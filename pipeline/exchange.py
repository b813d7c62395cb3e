"""Several files of one folder replaced in one step, where the system can exchange two folders (Linux).

Whoever lists the folder then sees the files of before or of after; a file that it listed and that is gone is an
error when it is opened, never a row too few or twice.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_MOST = 20_000  # files of the folder, each of which gets a link


def exchange(root: Path, work: Path, folder: str, paths: Collection[str], new: Mapping[str, Any]) -> bool:
    """Put the files `work/new/<path>` of a folder in place and take out its other `paths`; false: nothing was done."""
    target, made = root / folder, work / "folders" / folder
    if _renameat2() is None or not target.is_dir():
        return False
    try:
        _fill(made, target, {Path(path).name for path in paths})
        for path in paths:
            if path in new:
                os.link(work / "new" / path, made / Path(path).name)
        _sync(made)
    except OSError:
        return False
    return swap(made, target)


def swap(one: Path, other: Path) -> bool:
    """Let two folders that are there change places; false: nothing was done."""
    rename = _renameat2()
    if rename is None:
        return False
    return bool(rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0)


def _fill(made: Path, target: Path, without: Collection[str]) -> None:
    """A folder with links to the files of another one but some. OSError where links are not to be had."""
    made.mkdir(parents=True)
    for number, entry in enumerate(os.scandir(target)):
        if number > _MOST or not entry.is_file(follow_symlinks=False):
            raise OSError("not a folder of a few files")
        if entry.name not in without:
            os.link(entry.path, made / entry.name)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@cache
def _renameat2() -> Any:
    """The function of the C library; null where there is none."""
    if sys.platform != "linux":
        return None
    try:
        function = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return None
    function.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    return function
