"""Replacing files of a folder on disk whole: all of them, or none.

New files are written beside (`.publishing/<name>/new`), the old ones kept by hard link
(`old`), and an undo journal (`.publishing/<name>.json`) stands while files are renamed into
place. Removing the journal is the commit: whatever fails before it is undone, in the same
process or by the next one that looks. Whoever reads meanwhile goes by `pending` and `generation`.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.exchange import exchange
from pipeline.storage.base import WORK, content_of


def replace(root: Path, name: str, new: Mapping[str, Path | bytes], stale: Iterable[str] = ()) -> None:
    """Put `new` (path under `root` → content, or a file to copy) in place and remove `stale`, all or nothing.

    For whoever holds the lock. OSError where the disk refuses; the earlier files then stand as before.
    """
    journal, work = root / WORK / f"{name}.json", root / WORK / name
    touched = sorted({*new, *stale})
    try:
        had = _prepare(root, work, new, touched)
        write_whole(journal, json.dumps({"touched": touched, "had": had}, ensure_ascii=False).encode())
        if had:
            _new_generation(root)
        _put_in_place(root, work, new, touched)
        _sync_folders({(root / path).parent for path in touched})
        journal.unlink()
    except BaseException:
        if journal.exists():
            _undo(root, journal)
        raise
    finally:
        if not journal.exists():  # else the undo failed too, and what it needs must stay
            shutil.rmtree(work, ignore_errors=True)
    _drop_empty(root, touched)


def generation(root: Path) -> str:
    """A mark that changes before a file that was there is replaced or removed."""
    try:
        return (root / WORK / "lock").read_text(encoding="ascii")
    except FileNotFoundError:
        return ""


def _new_generation(root: Path) -> None:
    """In the file of the lock, which is never replaced; always the same length, so that nobody reads a part."""
    handle = os.open(root / WORK / "lock", os.O_RDWR)
    try:
        os.write(handle, secrets.token_hex(8).encode())
    finally:
        os.close(handle)


def pending(root: Path) -> dict[str, str | None]:
    """Paths that are just being replaced → where the valid file stands meanwhile, null for none."""
    moved: dict[str, str | None] = {}
    for journal in sorted((root / WORK).glob("*.json")):
        try:
            entry = json.loads(journal.read_bytes())
        except FileNotFoundError:  # settled since
            continue
        had = frozenset(entry["had"])
        moved |= {path: f"{WORK}/{journal.stem}/old/{path}" if path in had else None for path in entry["touched"]}
    return moved


#: A reader that may not write leaves the undoing to the next writer.
_NOT_OURS = (errno.EACCES, errno.EPERM, errno.EROFS)


def recover(root: Path) -> None:
    """Undo what a process that died left half done; nothing while another one is publishing."""
    work = root / WORK
    if not work.is_dir() or not any(p.suffix == ".json" for p in work.iterdir()):
        return
    try:
        with locked(root, wait=False):
            undo_all(root)
    except BlockingIOError:
        return
    except OSError as error:
        if error.errno not in _NOT_OURS:
            raise


@contextmanager
def locked(root: Path, *, wait: bool = True) -> Iterator[None]:
    """One publisher at a time for this folder; BlockingIOError if there is one and `wait` is false."""
    (root / WORK).mkdir(parents=True, exist_ok=True)
    with (root / WORK / "lock").open("a") as handle:
        try:
            import fcntl
        except ImportError:  # no such lock on this system: one process is assumed
            yield
            return
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield


def write_whole(path: Path, content: bytes) -> None:
    """Write a single file so that a reader sees the old or the new content, nothing between."""
    beside = path.with_name(f".{path.name}.new")
    _write_synced(beside, content)
    beside.replace(path)


def _prepare(root: Path, work: Path, new: Mapping[str, Path | bytes], touched: Iterable[str]) -> list[str]:
    """Write the new files, keep the old ones; the paths that had an old one."""
    for path, source in new.items():
        _write_synced(work / "new" / path, content_of(source))
    had = [path for path in touched if (root / path).exists()]
    for path in had:
        _keep(root / path, work / "old" / path)
    _sync_folders({p for p in work.rglob("*") if p.is_dir()} | {work})
    return had


def _keep(present: Path, kept: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(present, kept)
    except OSError:  # a file system without hard links
        shutil.copy2(present, kept)


def _put_in_place(root: Path, work: Path, new: Mapping[str, Path | bytes], touched: Iterable[str]) -> None:
    """New files in, stale ones out: folder by folder, manifests last; in one step where a folder has several."""
    folders: dict[str, list[str]] = {}
    for path in touched:
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    for folder, paths in sorted(folders.items(), key=lambda item: (item[0].startswith("manifest"), item[0])):
        if len(paths) > 1 and "/year=" in folder and exchange(root, work, folder, paths, new):
            continue
        for path in sorted(paths, key=lambda path: (path not in new, path)):
            _move(work / "new" / path, root / path, present=path in new)


def _move(source: Path, target: Path, *, present: bool) -> None:
    if present:
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
    else:
        target.unlink(missing_ok=True)


def undo_all(root: Path) -> None:
    """Undo what writers that died left half done, for whoever holds the lock."""
    for journal in sorted((root / WORK).glob("*.json")):
        _undo(root, journal)
    for left in (root / WORK).iterdir():
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)


def _undo(root: Path, journal: Path) -> None:
    """Every touched path as it was before; may itself be cut short and done again."""
    kept = journal.with_suffix("") / "old"
    entry = json.loads(journal.read_bytes())
    touched, had = entry["touched"], frozenset(entry["had"])
    for path in touched:
        # Kept no more: an undo that was cut short has put it back already. A rename onto
        # another link of the same file does nothing, which is right as well.
        if path not in had or (kept / path).exists():
            _move(kept / path, root / path, present=path in had)
    _sync_folders({(root / path).parent for path in touched})
    journal.unlink()
    _drop_empty(root, touched)


def _drop_empty(root: Path, paths: Iterable[str]) -> None:
    """Remove partition folders that hold nothing any more."""
    for folder in {root / path for path in paths}:
        for parent in folder.parents:
            if parent == root:
                break
            with suppress(OSError):  # not empty, or gone already
                parent.rmdir()


def _write_synced(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())


def _sync_folders(folders: Iterable[Path]) -> None:
    """Make renames durable; a system that cannot open folders does it its own way."""
    if os.name == "nt":
        return
    for folder in folders:
        if folder.is_dir():
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
