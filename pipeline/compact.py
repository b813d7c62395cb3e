"""The small files of closed years merged: one file for each table, province and year.

A partition is replaced whole, as an issue is (`Place.replace`): a run that dies leaves it as it was or as it is to be,
and a query sees each row once. The same issues give the same bytes, whenever and in how many runs they were merged.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import merged as merging
from pipeline.merged import Change
from pipeline.published import Manifest, Partition, folder_of, manifest, manifests, partition
from pipeline.storage import Location, Place, View, place, steadily
from schemas import TABLES, arrow_schema

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Compacted:
    """What became of one partition. `left` are issues not merged, and why."""

    province: str
    year: int
    issues: int  # that are merged now
    files_before: int
    files_after: int
    left: Mapping[str, str]


def compact(curated: Location, before: int, tell: Callable[[Compacted], None] = lambda _: None) -> list[Compacted]:
    """Merge the files of all years before one; what became of each partition in which there was anything to do.

    Issues without a year stay as they are. An issue is left alone, and named, if a file of it is damaged or has the
    columns of an earlier version of the program.
    """
    root, done = place(curated), []
    for (province, year), issues in sorted(_partitions(steadily(curated, manifests), before).items()):
        with root.locked(), tempfile.TemporaryDirectory(prefix="gongbao-") as folder:
            found = _Merge(View(root), province, year, issues).run(root, Path(folder))
        if found is not None:
            tell(found)
            done.append(found)
    return done


def _partitions(entries: Iterable[Manifest], before: int) -> dict[tuple[str, int], list[str]]:
    found = defaultdict(list)
    for entry in entries:
        if entry["year"] and entry["year"] < before:
            found[entry["province"], entry["year"]].append(entry["issue_id"])
    return found


class _Merge:
    """One partition, while nobody else publishes."""

    def __init__(self, view: View, province: str, year: int, issues: Iterable[str]) -> None:
        self.view, self.province, self.year = view, province, year
        self.present = partition(view, province, year) or Partition(province, year, {}, {})
        alone = (i for i in issues if i not in self.present.issues)
        entries = {i: entry for i in alone if (entry := manifest(view, i)) is not None}
        here = {i: e for i, e in entries.items() if (e["province"], e["year"]) == (province, year)}
        self.left: dict[str, str] = {}
        self.new = here

    def run(self, root: Place, folder: Path) -> Compacted | None:
        """Merge, and put the result in place; null where there is nothing to do."""
        if not self.new:
            return None
        self._leave_misfits()
        if not self.new:
            return Compacted(self.province, self.year, len(self.present.issues), 0, 0, self.left)
        change, files = Change(), dict[str, Mapping[str, Any]]()
        for name in TABLES:
            files |= merging.add(self._table(name), f"{name}/{folder_of(self.province, self.year)}", folder, change)
        merged = Partition(self.province, self.year, files, dict(self.present.issues) | self.new)
        merging.record(merged, change)
        before = {path for entry in self.new.values() for path in _tables(entry)} | set(self.present.files)
        root.replace(f"compact-{self.province}-{self.year:04d}", change.new, before - set(change.new))
        return Compacted(self.province, self.year, len(merged.issues), len(before), len(files), self.left)

    def _leave_misfits(self) -> None:
        """Take damaged issues out of what is to be merged: all of them where the merged files are."""
        common = self._misfit(self.present.files)
        for issue_id, entry in list(self.new.items()):
            why = common or self._misfit({path: entry["files"][path] for path in _tables(entry)})
            if why is not None:
                self.left[issue_id] = why
                del self.new[issue_id]

    def _misfit(self, files: Mapping[str, Mapping[str, Any]]) -> str | None:
        """Why files cannot be merged, null for no reason."""

        def why(path: str) -> str | None:
            content = merging.whole_table(self.view, path, files[path]["sha256"])
            if content is None:
                return f"{path}: missing or changed"
            same = content.schema.equals(arrow_schema(path.partition("/")[0]))
            return None if same else f"{path}: columns of another version"

        return next((each for each in self.view.place.each(why, files) if each), None)

    def _table(self, name: str) -> pa.Table:
        """The rows of a table of all issues, in the order of issues."""
        import pyarrow as pa

        rows: dict[str, pa.Table] = {}
        for path in self.present.files:
            if path.startswith(f"{name}/"):
                rows |= merging.by_issue(self.view.table(path))
        paths = {i: path for i, entry in self.new.items() for path in _tables(entry) if path.startswith(f"{name}/")}
        rows |= dict(zip(paths, self.view.place.each(self.view.table, paths.values()), strict=True))
        whole = pa.concat_tables([rows[issue] for issue in sorted(rows)] or [arrow_schema(name).empty_table()])
        # Words about columns may differ from version to version, and must not depend on which issue comes first.
        return pa.Table.from_arrays(whole.columns, schema=arrow_schema(name))


def _tables(entry: Manifest) -> list[str]:
    """The Parquet files that a manifest names."""
    return [path for path in entry["files"] if path.endswith(".parquet")]
