"""Whether what is published is whole: every hash, place, key, offset and quote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from pipeline.merged import is_merged
from pipeline.publish_derived import manifest_of
from pipeline.published import MANIFESTS, folder_of, name_of, partition_name
from pipeline.storage import Location, View, place, steadily
from pipeline.verify_rows import key_faults, place_faults, quote_faults, repeated_keys
from schemas import DERIVED, TABLES, arrow_schema

if TYPE_CHECKING:
    import pyarrow as pa

#: Classes of damage in the order they are looked for: without one, the next can be trusted.
CLASSES = {
    "files": "文件缺失或被改动 files missing, changed or not recorded",
    "places": "分区或列不符 wrong partition, issue or columns",
    "keys": "主键重复或外键无着 keys not unique or not resolving",
    "quotes": "位置与原文不符 offsets that do not give the quote",
}


@dataclass(frozen=True, slots=True)
class Verification:
    """What was looked at, and the first class of damage (`kind` null: none) with every finding of it."""

    issues: int
    files: int
    rows: int
    kind: str | None = None
    findings: tuple[str, ...] = ()


@dataclass(slots=True)
class _Findings:
    """What is found, by class of damage, and which files are accounted for."""

    view: View
    by_kind: dict[str, list[str]] = field(default_factory=lambda: {kind: [] for kind in CLASSES})
    recorded: set[str] = field(default_factory=set)
    rows: int = 0


def verify(curated: Location) -> Verification:
    """Check everything under `curated` against its manifests and definitions."""
    place(curated).recover()
    return steadily(curated, _verified)


def _verified(view: View) -> Verification:
    found = _Findings(view)
    (names,) = view.names(MANIFESTS)
    found.recorded.update(names)
    issues = [name for name in names if name.count("/") == 1]
    alone = set(issues)
    for name in names:
        merged = _Merged.of(found, name) if name.count("/") > 1 else None
        for each in sorted(map(name_of, merged.issues if merged else ())):
            alone.discard(each)
            _issue(found, _manifest(found, each), merged)
    for name in sorted(alone):
        _issue(found, _manifest(found, name), None)
    for name in DERIVED:
        _derived(found, name)
    damage = found.by_kind["files"]
    damage += [f"{path}: not in any manifest" for path in _present(view, names) if path not in found.recorded]
    kind = next((k for k in CLASSES if found.by_kind[k]), None)
    files = len(found.recorded) - len(names)
    return Verification(len(issues), files, found.rows, kind, tuple(found.by_kind[kind]) if kind else ())


def _manifest(found: _Findings, name: str) -> dict[str, Any]:
    stem = PurePosixPath(name).stem
    try:
        manifest = json.loads(found.view.read(name))
        if manifest["issue_id"] == stem and isinstance(manifest["files"], dict):
            return dict(manifest)
    except (ValueError, KeyError, TypeError, FileNotFoundError):
        pass
    found.by_kind["files"].append(f"{name}: not a manifest of {stem}")
    return {}


def _present(view: View, manifests: list[str]) -> Iterator[str]:
    for names in view.names(*TABLES, *DERIVED, "text"):
        yield from names
    yield from manifests


class _Merged:
    """A partition of which the files are merged, with its tables read once."""

    @classmethod
    def of(cls, found: _Findings, name: str) -> _Merged | None:
        """What a manifest of a partition says; null where it is none."""
        try:
            entry = json.loads(found.view.read(name))
            if partition_name(entry["province"], entry["year"]) == name:
                return cls(found, name, entry)
        except (ValueError, KeyError, TypeError, AttributeError):
            pass
        found.by_kind["files"].append(f"{name}: not a manifest of a partition")
        return None

    def __init__(self, found: _Findings, name: str, entry: dict[str, Any]) -> None:
        self.name, self.issues = name, dict(entry["issues"])
        found.recorded.update(entry["files"])
        self.damage = list(_files(found.view, entry["files"]))
        found.by_kind["files"] += self.damage
        paths = [] if self.damage else [path for path in entry["files"] if path.endswith(".parquet")]
        self.paths = {path.partition("/")[0]: path for path in paths}
        self.tables = {table: found.view.table(path) for table, path in self.paths.items()}
        for path in paths:
            found.by_kind["places"] += _merged_place(path, entry, self)

    def table(self, name: str, issue_id: str) -> pa.Table:
        """The rows of an issue."""
        import pyarrow.compute as pc

        if name not in self.tables:
            return arrow_schema(name).empty_table()
        return self.tables[name].filter(pc.field("issue_id") == issue_id)


def _merged_place(path: str, entry: dict[str, Any], merged: _Merged) -> Iterator[str]:
    name = path.partition("/")[0]
    content = merged.tables[name]
    if not is_merged(path) or path.rpartition("/")[0] != f"{name}/{folder_of(entry['province'], entry['year'])}":
        yield f"{path}: should be in {name}/{folder_of(entry['province'], entry['year'])}"
    if name not in TABLES or not content.schema.equals(arrow_schema(name)):
        yield f"{path}: columns are not those of the definition"
    elif set(content["issue_id"].to_pylist()) - set(merged.issues):
        yield f"{path}: rows of another issue"
    elif content.num_rows != entry["files"][path].get("rows"):
        yield f"{path}: not the recorded number of rows"


def _issue(found: _Findings, manifest: dict[str, Any], merged: _Merged | None) -> None:
    """Count the rows of an issue; what is wrong with it goes to the findings."""
    files = manifest.get("files", {})
    own = {path: entry for path, entry in files.items() if merged is None or not path.endswith(".parquet")}
    found.recorded.update(own)
    damage = list(_files(found.view, own))
    if manifest and merged is not None and merged.issues[manifest["issue_id"]] != manifest:
        damage.append(f"{merged.name}: its copy of {name_of(manifest['issue_id'])} is another")
    found.by_kind["files"] += damage
    if damage or not manifest or (merged is not None and merged.damage):
        return
    tables = {}
    for path in files:
        if path.endswith(".parquet"):
            name = path.partition("/")[0]
            tables[name] = found.view.table(path) if merged is None else merged.table(name, manifest["issue_id"])
            found.by_kind["places"] += place_faults(path, manifest, tables[name])
    found.rows += sum(content.num_rows for content in tables.values())
    if not found.by_kind["places"]:
        _contents(found, manifest["issue_id"], tables)


def _contents(found: _Findings, issue_id: str, tables: dict[str, pa.Table]) -> None:
    text = found.view.read(f"text/{issue_id}.txt").decode("utf-8")
    for name, content in tables.items():
        found.by_kind["keys"] += key_faults(name, tables, issue_id)
        found.by_kind["quotes"] += quote_faults(name, content, text, issue_id)


def _files(view: View, files: dict[str, Any]) -> Iterator[str]:
    """What is wrong with files themselves."""
    for path, digest in zip(files, view.place.each(lambda path: _digest(view, path), files), strict=True):
        if digest is None:
            yield f"{path}: missing"
        elif digest != files[path].get("sha256"):
            yield f"{path}: SHA-256 is not the recorded one"


def _digest(view: View, path: str) -> str | None:
    try:
        return sha256(view.read(path)).hexdigest()
    except FileNotFoundError:
        return None


def _derived(found: _Findings, name: str) -> None:
    """A table made of all issues. It may be of an earlier day or of fewer issues: that is no damage."""
    files = _derived_files(found, name)
    found.recorded.update(files)
    damage = list(_files(found.view, files))
    found.by_kind["files"] += damage
    if damage or not files:
        return
    import pyarrow as pa

    parts = {path: found.view.table(path) for path in files}
    for path, content in parts.items():
        if not content.schema.equals(arrow_schema(name)):
            found.by_kind["places"].append(f"{path}: columns are not those of the definition")
    if not found.by_kind["places"]:
        found.by_kind["keys"] += repeated_keys(name, pa.concat_tables(parts.values()), name)
    found.rows += sum(content.num_rows for content in parts.values())


def _derived_files(found: _Findings, name: str) -> dict[str, Any]:
    try:
        manifest = json.loads(found.view.read(manifest_of(name)))
        if manifest["table"] == name and isinstance(manifest["files"], dict):
            return dict(manifest["files"])
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError):
        pass
    found.by_kind["files"].append(f"{manifest_of(name)}: not a manifest of the table {name}")
    return {}
