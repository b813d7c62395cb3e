"""A folder on disk: files are replaced by renaming, with a journal to undo (`pipeline.replace`)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import replace as disk
from pipeline.storage.base import Place

if TYPE_CHECKING:
    import pyarrow as pa


class LocalPlace(Place):
    """A folder of this machine; made when the first file is written."""

    __slots__ = ("_path",)

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def path(self) -> Path:
        return self._path

    def __str__(self) -> str:
        return str(self.path)

    def __repr__(self) -> str:
        return f"LocalPlace({str(self)!r})"

    def read(self, name: str) -> bytes:
        return (self.path / name).read_bytes()

    def write(self, name: str, content: bytes) -> None:
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        disk.write_whole(target, content)

    def delete(self, name: str) -> None:
        (self.path / name).unlink(missing_ok=True)

    def exists(self, name: str) -> bool:
        return (self.path / name).exists()

    def names(self, folder: str) -> list[str]:
        return sorted(_walk(str(self.path / folder), folder))

    @contextmanager
    def locked(self, *, wait: bool = True) -> Iterator[None]:
        with disk.locked(self.path, wait=wait):
            disk.undo_all(self.path)
            yield

    def replace(self, name: str, new: Mapping[str, Path | bytes], stale: Iterable[str] = ()) -> None:
        disk.replace(self.path, name, new, stale)

    def append(self, name: str, line: str) -> None:
        with (self.path / name).open("a", encoding="utf-8") as handle:
            handle.write(line + "\n")

    def recover(self) -> None:
        disk.recover(self.path)

    def generation(self) -> str:
        return disk.generation(self.path)

    def pending(self) -> dict[str, str | None]:
        return disk.pending(self.path)

    def table(self, name: str) -> pa.Table:
        import pyarrow.parquet as pq

        return pq.ParquetFile(self.path / name).read()


def _walk(folder: str, name: str) -> Iterator[str]:
    try:
        entries = list(os.scandir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        below = f"{name}/{entry.name}" if name else entry.name
        if entry.is_dir(follow_symlinks=True):
            yield from _walk(entry.path, below)
        elif entry.is_file():
            yield below
