"""Which files a run takes: folders expanded, what is published already left out."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flows.report import Outcome
from pipeline import __version__, sidecar
from pipeline.sidecar import EARLIER


@dataclass(frozen=True, slots=True)
class Received:
    """A file to be ingested."""

    path: Path
    sha256: str
    formerly: str | None = None  # issue_id under which the same bytes are published


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done, and what is settled without doing anything."""

    todo: tuple[Received, ...]
    outcomes: tuple[Outcome, ...]


def plan(paths: Iterable[Path], curated: Path, *, again: bool = False) -> Plan:
    """Files to ingest, in the order given, folders sorted by name.

    Skipped are bytes that this version of the parser has published (unless `again`) and
    bytes that come twice; refused are paths that cannot be read. Imports neither Prefect
    nor Arrow.
    """
    from pipeline.publish import published

    known = published(curated)
    todo: dict[str, Received] = {}
    settled = []
    for path in _expanded(paths):
        try:
            digest = _digest(path)
        except OSError as error:
            why = error.strerror or type(error).__name__
            settled.append(Outcome(str(path), "refused", reason=f"cannot be read ({why}): check the path"))
            continue
        issue_id, version = known.get(digest, (None, None))
        if digest in todo:
            settled.append(Outcome(str(path), "skipped", reason=f"the same bytes as {todo[digest].path}"))
        elif version == __version__ and not again:
            reason = f"already published by parser {version}"
            settled.append(Outcome(str(path), "skipped", issue_id, reason))
        else:
            todo[digest] = Received(path, digest, issue_id)
    return Plan(tuple(todo.values()), tuple(settled))


def _expanded(paths: Iterable[Path]) -> Iterator[Path]:
    """Files as they are; folders as the files and links in them, without hidden ones; no sidecars."""
    for path in paths:
        if path.is_dir():
            files = (p for p in sorted(path.rglob("*")) if p.is_file() or _is_dangling(p))
            yield from (p for p in files if _is_bulletin(p.relative_to(path), path))
        elif not sidecar.is_sidecar(path):  # a shell names them too, for raw/source/*
            yield path


def _is_dangling(path: Path) -> bool:
    """A link to nothing, which is to be refused, not passed over."""
    return path.is_symlink() and not path.exists()


def _is_bulletin(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.parts)
    return not (hidden or sidecar.is_sidecar(folder / path) or path.name == "README.md")


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def keep(received: Received, raw: Path) -> None:
    """Copy bytes and sidecar into `raw` under their name; other bytes of that name move to `raw/.earlier`."""
    target = raw / received.path.name
    if raw.resolve() in received.path.resolve().parents:
        return
    raw.mkdir(parents=True, exist_ok=True)
    if target.exists():
        digest = _digest(target)
        if digest == received.sha256:
            return
        (raw / EARLIER).mkdir(exist_ok=True)
        earlier = raw / EARLIER / f"{digest[:12]}-{target.name}"
        target.replace(earlier)
        with suppress(FileNotFoundError):
            sidecar.path_of(target).replace(sidecar.path_of(earlier))
    _copy(received.path, target)
    if sidecar.load(received.path, received.sha256):
        _copy(sidecar.path_of(received.path), sidecar.path_of(target))


def _copy(path: Path, target: Path) -> None:
    """Copy a file whole: nobody sees half of it under its name."""
    beside = target.with_name(f".{target.name}.new")
    shutil.copyfile(path, beside)
    os.replace(beside, target)  # noqa: PTH105
