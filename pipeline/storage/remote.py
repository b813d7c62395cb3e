"""A prefix of an object store, or a folder of any file system that fsspec knows.

One object is put whole, a set of them is not. So a set is first put under names that nobody reads
(`.publishing/staged/`), then a journal (`.publishing/journals/`) that says what goes where: with it the set is
published, for it holds all that is needed to finish. Then objects are copied to their names, manifests last, stale ones
removed, and the journal. Whoever comes upon a journal finishes what it says.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.addresses import masked
from pipeline.storage.base import WORK, Place, content_of
from pipeline.storage.claims import Claim, held
from pipeline.storage.filesystems import WholeFiles, open_filesystem, read_whole, telling

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow import fs

_GENERATION = f"{WORK}/generation"
_JOURNALS = f"{WORK}/journals"
_STAGED = f"{WORK}/staged"  # one flat folder: deleting an object leaves an empty one for the folder it was in
_LONGEST = 1024 * 1024  # bytes of a file that lines are added to


class RemotePlace(Place):
    """What an address leads to. Credentials come from the environment, or stand in the address and are never shown."""

    __slots__ = ("_address", "_base", "_claim", "_filesystem")
    width = 16

    def __init__(self, address: str) -> None:
        self._address = address
        self._filesystem, self._base = open_filesystem(address)
        self._claim: Claim | None = None

    def __reduce__(self) -> tuple[type[RemotePlace], tuple[str]]:
        return RemotePlace, (self._address,)

    def __str__(self) -> str:
        return masked(self._address).partition("?")[0].rstrip("/")

    def __repr__(self) -> str:
        return f"RemotePlace({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RemotePlace) and other._address == self._address

    def __hash__(self) -> int:
        return hash(self._address)

    def parent(self) -> tuple[RemotePlace, str]:
        """The folder that this is in, and its name there."""
        path, mark, options = self._address.partition("?")
        folder, _, name = path.rstrip("/").rpartition("/")
        return RemotePlace(folder + mark + options), name

    def at(self, name: str) -> str:
        """The path of a file in its file system."""
        return f"{self._base}/{name}" if name else self._base

    def filesystem(self) -> fs.FileSystem:
        """The file system, for reading tables: small files come whole, so that none is read half old and half new."""
        return WholeFiles.over(self._filesystem)

    def read(self, name: str) -> bytes:
        with telling(self, name):
            return read_whole(self._filesystem, self.at(name))

    def write(self, name: str, content: bytes) -> None:
        with telling(self, name), self._filesystem.open_output_stream(self.at(name)) as handle:
            handle.write(content)

    def delete(self, name: str) -> None:
        with suppress(FileNotFoundError), telling(self, name):
            self._filesystem.delete_file(self.at(name))

    def exists(self, name: str) -> bool:
        from pyarrow.fs import FileType

        with telling(self, name):
            return bool(self._filesystem.get_file_info(self.at(name)).type != FileType.NotFound)

    def names(self, folder: str) -> list[str]:
        from pyarrow.fs import FileSelector

        with telling(self, folder):
            found = self._filesystem.get_file_info(FileSelector(self.at(folder), allow_not_found=True, recursive=True))
        start = len(self._base) + 1
        return sorted(info.path[start:] for info in found if info.is_file)

    def table(self, name: str) -> pa.Table:
        import pyarrow as pa
        import pyarrow.parquet as pq

        return pq.ParquetFile(pa.BufferReader(self.read(name))).read()

    @contextmanager
    def locked(self, *, wait: bool = True) -> Iterator[None]:
        with held(self, wait=wait) as claim:
            self._claim = claim
            self._finish_all()
            yield

    def replace(self, name: str, new: Mapping[str, Path | bytes], stale: Iterable[str] = ()) -> None:
        staged = {path: f"{_STAGED}/{name}.{number:05d}" for number, path in enumerate(sorted(new))}
        entry: dict[str, Any] = {"new": staged, "stale": sorted(set(stale) - set(new))}
        journal = f"{_JOURNALS}/{name}.json"
        try:
            self.each(lambda path: self.write(staged[path], content_of(new[path])), staged)
            entry["had"] = any(self.each(self.exists, [*new, *entry["stale"]]))
        except BaseException:
            with suppress(OSError):
                self._remove(staged.values())
            raise
        self._hold()
        self.write(journal, json.dumps(entry, ensure_ascii=False).encode())
        self._finish(journal, entry)

    def append(self, name: str, line: str) -> None:
        """The whole file is written anew; one that has grown large is put aside as `runs/00000.jsonl` first."""
        try:
            before = self.read(name)
        except FileNotFoundError:
            before = b""
        if len(before) > _LONGEST:
            stem, _, suffix = name.partition(".")
            self.write(f"{stem}/{len(self.names(stem)):05d}.{suffix}", before)
            before = b""
        self.write(name, before + line.encode() + b"\n")

    def recover(self) -> None:
        if self.names(_JOURNALS) or self.names(_STAGED):
            with suppress(BlockingIOError, PermissionError), self.locked(wait=False):
                pass

    def generation(self) -> str:
        try:
            return self.read(_GENERATION).decode()
        except FileNotFoundError:
            return ""

    def pending(self) -> dict[str, str | None]:
        moved: dict[str, str | None] = {}
        for _, entry in self._entries():
            moved |= entry["new"] | dict.fromkeys(entry["stale"])
        return moved

    def _finish_all(self) -> None:
        """Finish what journals say, and remove what was put beside by a writer that died before it wrote one."""
        for journal, entry in self._entries():
            self._finish(journal, entry)
        self._remove(self.names(_STAGED))

    def _finish(self, journal: str, entry: Mapping[str, Any]) -> None:
        """Do what a journal says; may be cut short at any point and done again."""
        staged = entry["new"]
        self._hold()
        if entry["had"]:
            self.write(_GENERATION, secrets.token_hex(8).encode())
        manifests = {path for path in staged if path.startswith("manifest/")}
        self._copy_out({path: at for path, at in staged.items() if path not in manifests})
        self._hold()
        self._remove(entry["stale"])
        self._copy_out({path: staged[path] for path in sorted(manifests)})
        self.delete(journal)  # before its objects: without them it could not be finished
        self._remove(staged.values())

    def _copy_out(self, staged: Mapping[str, str]) -> None:
        self._hold()
        self.each(lambda path: self._copy(staged[path], path), staged)

    def _copy(self, source: str, target: str) -> None:
        with telling(self, target):
            self._filesystem.copy_file(self.at(source), self.at(target))

    def _remove(self, names: Iterable[str]) -> None:
        self.each(self.delete, names)

    def _hold(self) -> None:
        if self._claim is not None:
            self._claim.hold()

    def _entries(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for journal in self.names(_JOURNALS):
            with suppress(FileNotFoundError):  # finished since
                yield journal, dict(json.loads(self.read(journal)))
