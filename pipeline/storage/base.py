"""What every place can do."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

if TYPE_CHECKING:
    import pyarrow as pa

_In = TypeVar("_In")
_Out = TypeVar("_Out")

#: Folder of a place for what is under way; hidden, so that no reader takes it for published.
WORK = ".publishing"


class PlaceError(OSError):
    """A place that cannot be named or reached; the message is one line, without credentials."""


class Place(ABC):
    """A folder of files. Names are relative to it, with `/` between parts. Printed, it shows no secrets."""

    # No __dict__: Prefect would take a flow's parameters apart, credentials with them.
    __slots__ = ()

    #: How many requests at once are worth while.
    width: ClassVar[int] = 1

    @property
    def path(self) -> Path | None:
        """The folder on this machine's disk; null for all others."""
        return None

    @abstractmethod
    def read(self, name: str) -> bytes:
        """The bytes of a file. FileNotFoundError where there is none."""

    @abstractmethod
    def write(self, name: str, content: bytes) -> None:
        """Write one file: a reader sees the old or the new content, nothing between."""

    @abstractmethod
    def delete(self, name: str) -> None:
        """Remove a file, if it is there."""

    @abstractmethod
    def exists(self, name: str) -> bool:
        """Whether there is a file or folder of that name."""

    @abstractmethod
    def names(self, folder: str) -> list[str]:
        """All files below a folder, sorted; none where there is no such folder."""

    @abstractmethod
    def locked(self, *, wait: bool = True) -> AbstractContextManager[None]:
        """One writer at a time. What an earlier one left half done is settled first. BlockingIOError without `wait`."""

    @abstractmethod
    def replace(self, name: str, new: Mapping[str, Path | bytes], stale: Iterable[str] = ()) -> None:
        """Put `new` in place and remove `stale`, all or nothing, while `locked`. OSError: the earlier files stand."""

    @abstractmethod
    def append(self, name: str, line: str) -> None:
        """Add a line to a file, while `locked`."""

    @abstractmethod
    def recover(self) -> None:
        """Settle what a process that died left half done; nothing while another one is at work."""

    @abstractmethod
    def generation(self) -> str:
        """Changes before a file that was there changes or goes."""

    @abstractmethod
    def pending(self) -> dict[str, str | None]:
        """Names that are just being replaced → where their valid content stands now, null for no such file."""

    @abstractmethod
    def table(self, name: str) -> pa.Table:
        """The rows of a Parquet file."""

    def each(self, work: Callable[[_In], _Out], items: Iterable[_In]) -> list[_Out]:
        """`work` on each item, as many at once as this place bears; the first error is raised when all have ended."""
        todo = list(items)
        if self.width == 1 or len(todo) < 2:
            return [work(item) for item in todo]
        with ThreadPoolExecutor(min(self.width, len(todo))) as pool:
            return list(pool.map(work, todo))


#: What a user names: a path, an address such as `s3://bucket/prefix`, or a place.
Location = str | os.PathLike[Any] | Place


def content_of(source: Path | bytes) -> bytes:
    """The bytes of what is to be written."""
    return source if isinstance(source, bytes) else source.read_bytes()
