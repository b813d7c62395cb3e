"""A source that is a folder: somebody else puts files there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from fetching.errors import FetchError
from fetching.source import Source
from pipeline import sidecar


def files(source: Source) -> Iterator[tuple[str, Path]]:
    """Place in the folder and path of each file that fits a pattern, by name; no hidden ones, no sidecars."""
    for path in sorted(source.root.rglob("*")):
        place = path.relative_to(source.root)
        if any(part.startswith(".") for part in place.parts) or sidecar.is_sidecar(path):
            continue
        if any(place.match(pattern) for pattern in source.patterns) and (path.is_file() or path.is_symlink()):
            yield place.as_posix(), path


def read(source: Source, path: Path) -> bytes:
    """The bytes of a file; FetchError for one outside the folder, too large, or still being written."""
    if source.root not in path.resolve().parents:
        raise FetchError("a link that leads out of the folder")
    limit = int(source.limits.megabytes * 1024 * 1024)
    try:
        with path.open("rb") as handle:
            before = os.fstat(handle.fileno())
            content = handle.read(limit + 1)
            after = path.stat()
    except OSError as error:
        raise FetchError(f"cannot be read ({error.strerror})") from None
    if len(content) > limit:
        raise FetchError(f"more than {source.limits.megabytes:g} MB")
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(content) != after.st_size:
        raise FetchError("changes while it is read: the next run takes it")
    if not content:
        raise FetchError("empty")
    return content
