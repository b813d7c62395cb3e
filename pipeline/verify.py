"""Whether what is published is whole: every hash, place, key, offset and quote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.publish_derived import manifest_of
from pipeline.replace import recover
from schemas import DERIVED, TABLES, arrow_schema, table

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


def verify(curated: Path) -> Verification:
    """Check everything under `curated` against its manifests and definitions."""
    recover(curated)
    findings: dict[str, list[str]] = {kind: [] for kind in CLASSES}
    manifests = sorted((curated / "manifest").glob("*.json"))
    recorded: set[str] = set()
    rows = files = 0
    for path in manifests:
        manifest = _manifest(path, findings["files"])
        recorded.add(path.relative_to(curated).as_posix())
        recorded.update(manifest.get("files", ()))
        files += len(manifest.get("files", ()))
        rows += _issue(curated, manifest, findings)
    for name in DERIVED:
        manifest = _derived_manifest(curated, name, findings["files"])
        recorded.update(manifest.get("files", ()))
        files += len(manifest.get("files", ()))
        rows += _derived(curated, name, manifest, findings)
    findings["files"] += [f"{path}: not in any manifest" for path in _present(curated) if path not in recorded]
    kind = next((k for k in CLASSES if findings[k]), None)
    return Verification(len(manifests), files, rows, kind, tuple(findings[kind]) if kind else ())


def _manifest(path: Path, damage: list[str]) -> dict[str, Any]:
    try:
        manifest = json.loads(path.read_bytes())
        if manifest["issue_id"] == path.stem and isinstance(manifest["files"], dict):
            return dict(manifest)
    except (ValueError, KeyError, TypeError):
        pass
    damage.append(f"manifest/{path.name}: not a manifest of {path.stem}")
    return {}


def _present(curated: Path) -> Iterator[str]:
    for name in (*TABLES, *DERIVED, "text", "manifest"):
        for path in sorted((curated / name).rglob("*")):
            if path.is_file():
                yield path.relative_to(curated).as_posix()


def _derived_manifest(curated: Path, name: str, damage: list[str]) -> dict[str, Any]:
    path = curated / manifest_of(name)
    try:
        manifest = json.loads(path.read_bytes())
        if manifest["table"] == name and isinstance(manifest["files"], dict):
            return dict(manifest)
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError):
        pass
    damage.append(f"{path.name}: not a manifest of the table {name}")
    return {}


def _derived(curated: Path, name: str, manifest: dict[str, Any], findings: dict[str, list[str]]) -> int:
    """Rows of a table made of all issues. It may be of an earlier day or of fewer issues: that is no damage."""
    damage = list(_files(curated, manifest))
    findings["files"] += damage
    if damage or not manifest:
        return 0
    import pyarrow as pa
    import pyarrow.parquet as pq

    parts = {path: pq.ParquetFile(curated / path).read() for path in manifest["files"]}
    for path, content in parts.items():
        if not content.schema.equals(arrow_schema(name)):
            findings["places"].append(f"{path}: columns are not those of the definition")
    if parts and not findings["places"]:
        findings["keys"] += _repeated(name, pa.concat_tables(parts.values()), name)
    return sum(content.num_rows for content in parts.values())


def _issue(curated: Path, manifest: dict[str, Any], findings: dict[str, list[str]]) -> int:
    """Rows of an issue; what is wrong with it goes to `findings`."""
    damage = list(_files(curated, manifest))
    findings["files"] += damage
    if damage or not manifest:
        return 0
    import pyarrow.parquet as pq

    issue_id, tables = manifest["issue_id"], {}
    for path in manifest["files"]:
        if path.endswith(".parquet"):
            name = path.partition("/")[0]
            tables[name] = pq.ParquetFile(curated / path).read()
            findings["places"] += _place(path, manifest, tables[name])
    if not findings["places"]:
        text = (curated / "text" / f"{issue_id}.txt").read_bytes().decode("utf-8")
        for name, content in tables.items():
            findings["keys"] += _keys(name, tables, issue_id)
            findings["quotes"] += _quotes(name, content, text, issue_id)
    return sum(content.num_rows for content in tables.values())


def _files(curated: Path, manifest: dict[str, Any]) -> Iterator[str]:
    for path, entry in manifest.get("files", {}).items():
        try:
            digest = sha256((curated / path).read_bytes()).hexdigest()
        except OSError:
            yield f"{path}: missing"
            continue
        if digest != entry.get("sha256"):
            yield f"{path}: SHA-256 is not the recorded one"


def _place(path: str, manifest: dict[str, Any], content: pa.Table) -> Iterator[str]:
    name, issue_id = path.partition("/")[0], manifest["issue_id"]
    expected = f"{name}/province={manifest['province']}/year={manifest['year'] or 0:04d}/{issue_id}.parquet"
    if path != expected:
        yield f"{path}: should be {expected}"
    if name not in TABLES or not content.schema.equals(arrow_schema(name)):
        yield f"{path}: columns are not those of the definition"
    elif set(content["issue_id"].to_pylist()) - {issue_id}:
        yield f"{path}: rows of another issue"


def _keys(name: str, tables: dict[str, pa.Table], issue_id: str) -> Iterator[str]:
    yield from _repeated(name, tables[name], f"{issue_id} {name}")
    for foreign in table(name).foreign_keys:
        known = set(_tuples(tables[foreign.table], foreign.references)) if foreign.table in tables else set()
        for key in sorted(set(_tuples(tables[name], foreign.columns)) - known, key=str):
            if None not in key:
                yield f"{issue_id} {name}.{foreign.columns[0]} {_shown(key)}: not in {foreign.table}"


def _repeated(name: str, content: pa.Table, words: str) -> Iterator[str]:
    key_columns, seen = table(name).primary_key, set()
    for key in _tuples(content, key_columns) if key_columns else ():
        if key in seen:
            yield f"{words} {_shown(key)}: key stands twice"
        seen.add(key)


def _tuples(content: pa.Table, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    return zip(*(content[c].to_pylist() for c in columns), strict=True)


def _shown(key: tuple[Any, ...]) -> str:
    return " ".join(map(str, key))


def _quotes(name: str, content: pa.Table, text: str, issue_id: str) -> Iterator[str]:
    names = table(name).names
    if "quote" not in names:
        return
    places = zip(*(content[c].to_pylist() for c in ("char_start", "char_end", "quote", names[0])), strict=True)
    for start, end, quote, key in places:
        if start is None and end is None:
            continue
        if start is None or end is None or not 0 <= start <= end <= len(text) or text[start:end] != quote:
            yield f"{issue_id} {name} {key}: text[{start}:{end}] is not its quote"
