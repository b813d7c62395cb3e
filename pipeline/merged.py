"""The rows of several issues of one province and year in one file per table.

A merged file is named by its content (`compacted-<12 digits of its SHA-256>.parquet`), so it never changes: when an
issue is taken out, another file takes its place. Rows stand in the order of issues, and those of one issue as before.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.parquet import MERGED_GROUP, write_parquet
from pipeline.published import Partition, manifest, partition_name, partition_of
from pipeline.storage import View

if TYPE_CHECKING:
    import pyarrow as pa

PREFIX = "compacted-"


@dataclass(slots=True)
class Change:
    """Files to put in place and files to remove, for `Place.replace`."""

    new: dict[str, Path | bytes] = field(default_factory=dict)
    stale: set[str] = field(default_factory=set)


def take_out(view: View, issues: Iterable[str], folder: Path) -> Change:
    """What makes merged files be without some issues; new files are written to `folder`."""
    change = Change()
    found: dict[tuple[str, int], tuple[Partition, set[str]]] = {}
    for issue_id in issues:
        entry = manifest(view, issue_id)
        merged = partition_of(view, entry) if entry else None
        if merged is not None:
            found.setdefault((merged.province, merged.year), (merged, set()))[1].add(issue_id)
    for merged, gone in found.values():
        _without(view, merged, gone, folder, change)
    return change


def _without(view: View, merged: Partition, gone: Collection[str], folder: Path, change: Change) -> None:
    import pyarrow as pa
    import pyarrow.compute as pc

    left = {issue: entry for issue, entry in merged.issues.items() if issue not in gone}
    files = dict(merged.files)
    for path, entry in merged.files.items() if left else ():
        content = whole_table(view, path, entry["sha256"])
        if content is None:  # damaged: stays as it is, for `verify` to name, until all of its issues are taken out
            continue
        rest = content.filter(pc.invert(pc.is_in(content["issue_id"], pa.array(sorted(gone)))))
        if rest.num_rows < content.num_rows:
            del files[path]
            change.stale.add(path)
            files |= add(rest, path.rpartition("/")[0], folder, change)
    if not left:
        change.stale.update(files)
    record(Partition(merged.province, merged.year, files, left), change)


def whole_table(view: View, path: str, digest: str) -> pa.Table | None:
    """The rows of a Parquet file, null where it is not there or its SHA-256 is another."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        content = view.read(path)
    except FileNotFoundError:
        return None
    if sha256(content).hexdigest() != digest:
        return None
    return pq.ParquetFile(pa.BufferReader(content)).read()


def by_issue(content: pa.Table) -> dict[str, pa.Table]:
    """The rows of each issue of a merged file."""
    import pyarrow.compute as pc

    found: dict[str, pa.Table] = {}
    start = 0
    for chunk in pc.call_function("run_end_encode", [content["issue_id"]]).chunks:
        for issue_id, end in zip(chunk.values.to_pylist(), chunk.run_ends.to_pylist(), strict=True):
            found[issue_id] = content.slice(start, end - start)
            start = end
    return found


def add(content: pa.Table, place: str, folder: Path, change: Change) -> dict[str, Mapping[str, Any]]:
    """Write a merged file to `folder`, to be put at `place`; its entry in the manifest, nothing for no rows."""
    if not content.num_rows:
        return {}
    written = folder / f"{place.replace('/', '-')}.parquet"
    write_parquet(content.combine_chunks(), written, group=MERGED_GROUP)
    digest = sha256(written.read_bytes()).hexdigest()
    path = f"{place}/{PREFIX}{digest[:12]}.parquet"
    change.new[path] = written
    return {path: {"sha256": digest, "rows": content.num_rows}}


def record(merged: Partition, change: Change) -> None:
    """The manifest of a partition as it will be; none where nothing is merged any more."""
    name = partition_name(merged.province, merged.year)
    if not merged.issues:
        change.stale.add(name)
        return
    entry = {"province": merged.province, "year": merged.year}
    parts = {"files": dict(sorted(merged.files.items())), "issues": dict(sorted(merged.issues.items()))}
    change.new[name] = encode(entry | parts)


def encode(content: Any) -> bytes:
    """JSON as all manifests have it."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def is_merged(path: str) -> bool:
    """Whether a path is that of a merged file."""
    return path.rpartition("/")[2].startswith(PREFIX)
