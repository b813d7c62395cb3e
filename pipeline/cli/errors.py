"""What a command can fail with; the message is one line that names the file and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path


class UsageError(Exception):
    """Wrong usage: exit code 2."""


class InputError(Exception):
    """Input that cannot be taken: exit code 1."""


def need_dataset(curated: Path) -> None:
    """UsageError unless something is published under `curated`."""
    if not (curated / "manifest").is_dir():
        raise UsageError(f"{curated}: 尚无已发布的数据，先运行 nothing published yet, run: gongbao ingest PATH")


def nearest(name: str, there: Iterable[str]) -> str:
    """A hint at the nearest of the names that are there, to go before more words; empty where none is near."""
    near = difflib.get_close_matches(name.lower(), list(there), n=1, cutoff=0.5)
    return f"是不是 did you mean: {near[0]}; " if near else ""
