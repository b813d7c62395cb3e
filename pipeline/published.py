"""What is published, by its manifests.

    manifest/<issue_id>.json                        an issue: source, version, SHA-256 and rows of each of its files
    manifest/province=<2 digits>/year=<yyyy>.json   a partition with merged issues: the merged files, and those issues

The Parquet files that the manifest of a merged issue names are gone; their rows are in those of the partition.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from pipeline.storage import Location, View, place, steadily
from schemas import TABLES

if TYPE_CHECKING:
    import pyarrow as pa

MANIFESTS = "manifest"
Manifest = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Partition:
    """A province and year of which the files of issues are merged."""

    province: str
    year: int
    files: Mapping[str, Mapping[str, Any]]  # path → SHA-256, rows
    issues: Mapping[str, Manifest]


def folder_of(province: str, year: int | None) -> str:
    """The folder of a partition, in each table."""
    return f"province={province}/year={year or 0:04d}"


def name_of(issue_id: str) -> str:
    """The manifest of an issue."""
    return f"{MANIFESTS}/{issue_id}.json"


def partition_name(province: str, year: int | None) -> str:
    """The manifest of a partition that is merged."""
    return f"{MANIFESTS}/{folder_of(province, year)}.json"


def published(curated: Location) -> dict[str, tuple[str, str]]:
    """What is published: SHA-256 of the source → (issue_id, parser_version). Reads the manifests only.

    Files that could not be read are not among them: `unread`.
    """
    entries = (e for e in steadily(curated, manifests) if "unread" not in e)
    return {e["source_sha256"]: (e["issue_id"], e["parser_version"]) for e in entries}


def unread(curated: Location) -> dict[str, str]:
    """Files of which only the refusal is published: issue_id → file name."""
    return {e["issue_id"]: e["unread"] for e in steadily(curated, manifests) if "unread" in e}


def state(curated: Location) -> str:
    """A hash of what is published, by the manifests: another one after any publication that changed anything."""
    return sha256(json.dumps(steadily(curated, manifests)).encode()).hexdigest()


def corrections_of(curated: Location) -> dict[str, str]:
    """Issues that are published with corrections: issue_id → digest of these."""
    return {e["issue_id"]: e["corrections"] for e in steadily(curated, manifests) if "corrections" in e}


def correction_of(curated: Location, issue_id: str) -> str | None:
    """Digest of the corrections that an issue is published with, null without any. Reads its manifest only."""
    entry = steadily(curated, lambda view: manifest(view, issue_id)) or {}
    return entry.get("corrections")


def is_dataset(curated: Location) -> bool:
    """Whether anything has been published there."""
    return place(curated).exists(MANIFESTS)


def manifests(view: View) -> list[Manifest]:
    """The manifests of all issues, sorted by issue."""
    (names,) = view.names(MANIFESTS)
    found = {issue: entry for each in partitions(view, names) for issue, entry in each.issues.items()}
    alone = [n for n in names if n.count("/") == 1 and PurePosixPath(n).stem not in found]
    found |= {PurePosixPath(n).stem: json.loads(c) for n, c in zip(alone, view.read_all(alone), strict=True)}
    return [found[issue] for issue in sorted(found)]


def partitions(view: View, names: list[str] | None = None) -> list[Partition]:
    """All merged partitions; `names` are the manifests, where they are known."""
    if names is None:
        (names,) = view.names(MANIFESTS)
    return [_partition(content) for content in view.read_all(n for n in names if n.count("/") == 2)]


def partition(view: View, province: str, year: int | None) -> Partition | None:
    """A merged partition; null where its issues are not merged."""
    try:
        return _partition(view.read(partition_name(province, year)))
    except FileNotFoundError:
        return None


def _partition(content: bytes) -> Partition:
    entry = json.loads(content)
    return Partition(entry["province"], entry["year"], entry["files"], entry["issues"])


def manifest(view: View, issue_id: str) -> Manifest | None:
    """The manifest of an issue, null where it is not published."""
    try:
        return dict(json.loads(view.read(name_of(issue_id))))
    except FileNotFoundError:
        return None


def files_of(view: View, issue_id: str) -> list[str]:
    """The files that an issue has for itself: by its manifest, or by name where it has none."""
    entry = manifest(view, issue_id)
    if entry is not None:
        merged = partition_of(view, entry)
        return [p for p in entry["files"] if merged is None or not p.endswith(".parquet")] + [name_of(issue_id)]
    root = view.place.path
    if root is None:  # what no manifest names is for `verify` to find: listing everything takes too long
        return []
    # By its name in each partition: to list all files for each new issue would take longer the more there are.
    found = [p for name in TABLES for p in sorted(root.glob(f"{name}/province=*/year=*/{issue_id}.parquet"))]
    found += [p for p in [root / "text" / f"{issue_id}.txt"] if p.exists()]
    return [p.relative_to(root).as_posix() for p in found]


def partition_of(view: View, entry: Manifest) -> Partition | None:
    """The merged partition that an issue is in, null where it has files of its own."""
    found = partition(view, entry["province"], entry["year"])
    return found if found is not None and entry["issue_id"] in found.issues else None


def tables_of(view: View, issue_id: str, *names: str) -> dict[str, pa.Table]:
    """The tables of an issue that have rows, all or those named. Nothing for an issue that is not published."""
    import pyarrow.compute as pc

    entry = manifest(view, issue_id)
    if entry is None:
        return {}
    merged = partition_of(view, entry)
    paths = {path.partition("/")[0]: path for path in entry["files"] if path.endswith(".parquet")}
    wanted = {name: path for name, path in paths.items() if not names or name in names}
    if merged is None:
        return {name: view.table(path) for name, path in wanted.items()}
    common = {path.partition("/")[0]: path for path in merged.files}
    return {name: view.table(common[name]).filter(pc.field("issue_id") == issue_id) for name in wanted}


def source_of(curated: Location, issue_id: str) -> str | None:
    """File name of the source that an issue was published from, null where it is not published."""
    tables = steadily(curated, lambda view: tables_of(view, issue_id, "issues"))
    names = tables["issues"]["source_file"].to_pylist() if "issues" in tables else []
    return str(names[0]) if names else None
