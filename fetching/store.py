"""`raw/<source>/`: originals with their sidecars; nothing that was received is overwritten."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Literal
from urllib.parse import unquote

from fetching.files import write
from pipeline import sidecar
from pipeline.sidecar import EARLIER, Sidecar

Kept = Literal["new", "new version", "unchanged"]
_UNFIT = re.compile(r"[^\w.-]+")
_STEM = 60  # characters, of at most four bytes: names may have 255 bytes
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)")


def name_of(address: str, ending: str) -> str:
    """The name of a file in `raw/`: the last part of its address, and a hash of all of it.

    One address has one name, so that new bytes are a new version of the issue, not another issue.
    """
    last = PurePosixPath(unquote(address.split("?")[0])).name
    stem = last.rsplit(".", 1)[0] if "." in last else last
    stem = _UNFIT.sub("-", stem).strip("-._")[:_STEM] or "issue"
    stem = f"{stem}-" if _RESERVED.fullmatch(stem) else stem
    return f"{stem}-{hashlib.sha256(address.encode()).hexdigest()[:8]}{ending}"


def keep(folder: Path, name: str, content: bytes, record: Sidecar) -> Kept:
    """Store bytes under a name with their record; what stood there before moves to `.earlier`. OSError if it fails.

    At every moment a file stands under the name, whole, and its record is one of its bytes or says nothing.
    """
    path = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _place(path, content, record)
        return "new"
    before = path.read_bytes()
    if before == content:
        if not sidecar.load(path, record.sha256):
            write(sidecar.path_of(path), record.dumps())
        return "unchanged"
    _set_aside(path, before)
    _place(path, content, record)
    return "new version"


def _place(path: Path, content: bytes, record: Sidecar) -> None:
    write(path, content)
    write(sidecar.path_of(path), record.dumps())


def _set_aside(path: Path, content: bytes) -> None:
    earlier = path.parent / EARLIER / f"{hashlib.sha256(content).hexdigest()[:12]}-{path.name}"
    if earlier.exists():
        return
    earlier.parent.mkdir(exist_ok=True)
    with suppress(FileNotFoundError):
        write(sidecar.path_of(earlier), sidecar.path_of(path).read_bytes())
    write(earlier, content)


def is_present(folder: Path, name: str | None, digest: str | None, size: int) -> bool:
    """Whether a file stands under its name as the state has it: size and record, without reading all of it."""
    if not name or not digest:
        return False
    path = folder / name
    try:
        return path.stat().st_size == size and bool(sidecar.load(path, digest))
    except OSError:
        return False
