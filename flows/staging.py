"""Folders of a run beside the published tables: staging and Data Docs."""

from __future__ import annotations

import secrets
import shutil
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO

from flows.environment import cache_folder
from pipeline.exchange import swap
from pipeline.storage import Location, Place, place

STAGING = ".staging"
DATA_DOCS = "data_docs"
HELD = "held-back"

#: A staging folder this old is of a run that died.
_STALE_SECONDS = 24 * 3600
_LOCK = ".lock"
_held: dict[Path, IO[str]] = {}


def new_run_id() -> str:
    """Sorts by time; unique among runs of one second."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def folder(curated: Location, run_id: str, number: int) -> Path:
    """Where file `number` of a run is staged: on the disk of `curated`, or on this machine's for an object store.

    No other run removes what is there while this process lives.
    """
    run = _root(curated) / run_id
    if run not in _held:
        run.mkdir(parents=True, exist_ok=True)
        handle = (run / _LOCK).open("a")
        _lock(handle, shared=True)
        _held[run] = handle
    return run / str(number)


def _root(curated: Location) -> Path:
    beside = place(curated).path
    return (cache_folder() if beside is None else beside) / STAGING


def clean(curated: Location, run_id: str) -> None:
    """Remove the staging of this run, and what runs that died have left."""
    for root in {_root(curated), cache_folder() / STAGING}:
        handle = _held.pop(root / run_id, None)
        if handle is not None:
            handle.close()
        shutil.rmtree(root / run_id, ignore_errors=True)
        for left in root.glob("*"):
            with suppress(OSError):  # another run may remove it first
                if time.time() - left.stat().st_mtime > _STALE_SECONDS and not _is_alive(left):
                    shutil.rmtree(left, ignore_errors=True)
        with suppress(OSError):
            root.rmdir()


def _is_alive(run: Path) -> bool:
    """Whether a process holds the folder of a run. Its age alone says nothing: clocks jump."""
    if not (run / _LOCK).exists():
        return False
    with (run / _LOCK).open("a") as handle:
        try:
            _lock(handle, shared=False)
        except BlockingIOError:
            return True
    return False


def _lock(handle: IO[str], *, shared: bool) -> None:
    try:
        import fcntl
    except ImportError:  # no such lock on this system: age alone must do
        return
    fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX | fcntl.LOCK_NB)


def keep_data_docs(staged: Path, curated: Location, issue_id: str, *, held: bool) -> str | None:
    """Move the staged pages to where people look for them; their start page, null where there are none.

    Those of an issue held back stand apart: the pages of its published version stay.
    """
    made, root = staged / DATA_DOCS, place(curated)
    if not made.is_dir():
        return None
    aside = f"{DATA_DOCS}/{HELD}/{issue_id}"
    target = aside if held else f"{DATA_DOCS}/{issue_id}"
    if root.path is None:
        _put_pages(made, root, target, {target, aside})
    else:
        _move_pages(made, root.path, target, {target, aside})
    return f"{root}/{target}/index.html"


def _move_pages(made: Path, root: Path, target: str, old: set[str]) -> None:
    (root / target).parent.mkdir(parents=True, exist_ok=True)
    if not swap(made, root / target):  # at once, so that a run that dies leaves the earlier pages
        shutil.rmtree(root / target, ignore_errors=True)
        made.replace(root / target)
    for each in old - {target}:
        shutil.rmtree(root / each, ignore_errors=True)
    with suppress(OSError):
        (root / DATA_DOCS / HELD).rmdir()


def _put_pages(made: Path, root: Place, target: str, old: set[str]) -> None:
    """Page by page, the start page last, then what is left of earlier ones."""
    pages = {f"{target}/{path.relative_to(made).as_posix()}": path for path in made.rglob("*") if path.is_file()}
    before = {name for each in old for name in root.names(each)}
    start = [name for name in pages if PurePosixPath(name).name == "index.html"]
    for names in ([name for name in pages if name not in start], start):
        root.each(lambda name: root.write(name, pages[name].read_bytes()), names)
    root.each(root.delete, sorted(before - set(pages)))


def drop_data_docs(curated: Location, issue_id: str) -> None:
    """Remove the pages of an issue: they are of a version that is published no more."""
    root = place(curated)
    for old in (f"{DATA_DOCS}/{issue_id}", f"{DATA_DOCS}/{HELD}/{issue_id}"):
        if root.path is not None:
            shutil.rmtree(root.path / old, ignore_errors=True)
        else:
            root.each(root.delete, root.names(old))
