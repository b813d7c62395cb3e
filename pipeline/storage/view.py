"""What is published at one moment, also while somebody publishes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from pipeline.storage.base import Location, Place
from pipeline.storage.choose import place

if TYPE_CHECKING:
    import pyarrow as pa

_Result = TypeVar("_Result")
_ATTEMPTS = 5


def steadily(where: Location, work: Callable[[View], _Result]) -> _Result:
    """The result of reading (`work`) at one moment: again with a new view while files are replaced meanwhile.

    On a place that is never still, the last attempt keeps publishers waiting.
    """
    root = place(where)
    if root.path is not None:  # elsewhere a view sees what is left half done as it will be when it is finished
        root.recover()
    for _ in range(_ATTEMPTS):
        view = View(root)
        try:
            result = work(view)
        except Exception:
            # What stood elsewhere while it was replaced may be gone for that reason.
            if not (view.changed() or view.is_amid):
                raise
            continue
        if not view.changed():
            return result
    with root.locked():
        return work(View(root))


class View:
    """The files of a place before or after each replacement, never between.

    What is just being replaced is read from where its valid content stands. Files that go later are missing
    (FileNotFoundError), and `changed` tells that something was replaced since.
    """

    def __init__(self, where: Location) -> None:
        self.place: Place = place(where)
        # In this order: who reads the later generation sees the journal that came before it.
        self._generation = self.place.generation()
        self._moved = self.place.pending()

    def names(self, *folders: str) -> list[list[str]]:
        """The files below each of the folders, sorted."""
        listed = self.place.each(self.place.names, folders)
        return [self._valid(names, folder) for names, folder in zip(listed, folders, strict=True)]

    @property
    def is_amid(self) -> bool:
        """Whether something was being replaced when the view was made."""
        return bool(self._moved)

    def changed(self) -> bool:
        """Whether a file has been replaced or removed since the view was made."""
        return self.place.generation() != self._generation

    def at(self, name: str) -> str:
        """Under which name the content of a file stands now. FileNotFoundError where it has none."""
        found = self._moved.get(name, name)
        if found is None:
            raise FileNotFoundError(f"{self.place}: {name}: 没有此文件 no such file")
        return found

    def read(self, name: str) -> bytes:
        """The bytes of a file. FileNotFoundError where there is none."""
        return self.place.read(self.at(name))

    def read_all(self, names: Iterable[str]) -> list[bytes]:
        """The bytes of several files, in their order."""
        return self.place.each(self.read, names)

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        found = self._moved.get(name, name)
        return found is not None and self.place.exists(found)

    def table(self, name: str) -> pa.Table:
        """The rows of a Parquet file."""
        return self.place.table(self.at(name))

    def _valid(self, names: list[str], folder: str) -> list[str]:
        if not self._moved:
            return names
        below = {name for name in self._moved if name.startswith(f"{folder}/")}
        return sorted((set(names) - below) | {name for name in below if self._moved[name] is not None})
