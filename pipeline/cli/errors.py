"""What a command can fail with; the message is one line that names the file and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from pipeline.storage import Location, is_remote, shown


class UsageError(Exception):
    """Wrong usage: exit code 2."""


class InputError(Exception):
    """Input that cannot be taken: exit code 1."""


@contextmanager
def reaching(curated: Location) -> Iterator[None]:
    """InputError, in one line, for what an object store refuses."""
    try:
        yield
    except OSError as error:
        if not is_remote(curated):
            raise
        raise InputError(error) from error


def need_dataset(curated: Location) -> None:
    """UsageError unless something is published in `curated`."""
    from pipeline.published import is_dataset

    with reaching(curated):
        found = is_dataset(curated)
    if not found:
        raise UsageError(f"{shown(curated)}: 尚无已发布的数据，先运行 nothing published yet, run: gongbao ingest PATH")


def nearest(name: str, there: Iterable[str]) -> str:
    """A hint at the nearest of the names that are there, to go before more words; empty where none is near."""
    near = difflib.get_close_matches(name.lower(), list(there), n=1, cutoff=0.5)
    return f"是不是 did you mean: {near[0]}; " if near else ""
