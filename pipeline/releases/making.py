"""Making a release: the published dataset frozen under a version, whole or not at all.

    releases/<version>/<table>.parquet, text/<issue_id>.txt        what is published, all issues in one file per table
    releases/<version>/changes.parquet, CHANGES.md                 against the release before it
    releases/<version>/datapackage.json, data-dictionary.md, release.json, SHA256SUMS

Nothing in it depends on when or where it was made: made twice it is the same, byte for byte.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.parquet import write_parquet
from pipeline.published import state
from pipeline.query import reading
from pipeline.releases.changes import changes
from pipeline.releases.dataset import (
    SUMS,
    Dataset,
    Row,
    damaged,
    of_curated,
    of_release,
    select,
    sha256_of,
)
from pipeline.releases.names import DESCRIPTION, ReleaseError, previous
from pipeline.releases.report import report
from pipeline.storage import Location, View, shown, steadily
from pipeline.verify import CLASSES, verify
from schemas import TABLES, arrow_schema, datapackage, table
from schemas.definition import RELEASED
from schemas.dictionary import data_dictionary

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_GROUP = 65_536  # rows of a row group, the last one apart
_FORM = 1
_TEXTS = 256  # texts that are read at once


@dataclass(frozen=True, slots=True)
class Made:
    """A release: where it stands, whether it was there before, what changed since which."""

    folder: Path
    existed: bool
    previous: str | None
    rows: dict[str, int]
    changes: list[Row]


def release(version: str, curated: Location, out: Path) -> Made:
    """Freeze what is published as `out/version`. A release that is there already, just so, is left alone.

    ReleaseError for a name that is no version, for a dataset that is empty, damaged or being written, and where another
    release has the name. OSError where the disk refuses; nothing is left behind then.
    """
    before = previous(out, version)
    seen = _sound(curated)
    earlier = of_release(out / before) if before else None
    out.mkdir(parents=True, exist_ok=True)
    folder = out / f".making-{version}-{secrets.token_hex(4)}"
    try:
        folder.mkdir()
        rows, found = _write(version, curated, folder, earlier)
        if state(curated) != seen:
            raise ReleaseError(f"{shown(curated)}: 制作时数据有变 the dataset changed meanwhile: run it again")
        existed = _put(folder, out / version)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return Made(out / version, existed, before, rows, found)


def _sound(curated: Location) -> str:
    """What is published, as a hash; ReleaseError unless it is whole."""
    seen, result = state(curated), verify(curated)
    if result.kind is not None:
        raise ReleaseError(
            f"{shown(curated)}: 数据受损 damaged, {CLASSES[result.kind]}: {result.findings[0]}: gongbao verify"
        )
    if not result.issues:
        raise ReleaseError(f"{shown(curated)}: 尚无已发布的数据 nothing is published: gongbao ingest PATH")
    return seen


def _write(version: str, curated: Location, folder: Path, earlier: Dataset | None) -> tuple[dict[str, int], list[Row]]:
    def tables(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
        return {name: _write_table(connection, name, folder / f"{name}.parquet") for name in TABLES}

    rows, now = reading(curated, tables, views=()), of_curated(curated, version)
    (folder / "text").mkdir()
    steadily(curated, lambda view: _write_texts(view, sorted(now.issues), folder))
    found = changes(earlier, now) if earlier else []
    write_parquet(_changes_table(found), folder / "changes.parquet")
    _write_words(folder / "CHANGES.md", report(earlier, now, found, rows))
    _write_words(folder / "data-dictionary.md", data_dictionary())
    _write_json(folder / "datapackage.json", _package(version))
    _write_json(folder / DESCRIPTION, _description(version, earlier, now, rows))
    _write_words(folder / SUMS, "".join(_sums(folder)))
    return rows, found


def _write_table(connection: duckdb.DuckDBPyConnection, name: str, path: Path) -> int:
    """All rows of a table in one file, in the order of issues; how many."""
    import pyarrow.parquet as pq

    schema, count = arrow_schema(name), 0
    batches = connection.sql(select(name)).to_arrow_reader(_GROUP)
    with pq.ParquetWriter(
        path, schema, version="2.6", compression="zstd", compression_level=3, data_page_version="1.0"
    ) as writer:
        for group in _regrouped(batches):
            writer.write_table(group.cast(schema), row_group_size=_GROUP)
            count += group.num_rows
    return count


def _regrouped(batches: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """The rows in groups of one size, however the reader cuts them."""
    import pyarrow as pa

    held: list[pa.RecordBatch] = []
    size = 0
    for batch in batches:
        held.append(batch)
        size += batch.num_rows
        while size >= _GROUP:
            whole = pa.Table.from_batches(held)
            yield whole.slice(0, _GROUP)
            rest = whole.slice(_GROUP)
            held, size = rest.to_batches(), rest.num_rows
    if size:
        yield pa.Table.from_batches(held)


def _write_texts(view: View, issues: Sequence[str], folder: Path) -> None:
    for at in range(0, len(issues), _TEXTS):
        names = [f"text/{issue_id}.txt" for issue_id in issues[at : at + _TEXTS]]
        for name, content in zip(names, view.read_all(names), strict=True):
            (folder / name).write_bytes(content)


def _changes_table(rows: list[Row]) -> pa.Table:
    import pyarrow as pa

    return pa.Table.from_pylist(rows, schema=arrow_schema("changes"))


def _package(version: str) -> dict[str, Any]:
    """The descriptor, of one file for each table. What is as of a day (`continuity`) is no part of a release."""
    from schemas.datapackage import resource

    package = datapackage()
    resources = [r for r in package["resources"] if r["name"] in TABLES]
    resources += [resource(table(name)) for name in RELEASED]
    for one in resources:
        one["path"] = f"{one['name']}.parquet"
        one.pop("gongbao:partitions", None)
    return {**package, "version": version, "resources": resources}


def _description(version: str, earlier: Dataset | None, now: Dataset, rows: dict[str, int]) -> dict[str, Any]:
    return {
        "gongbao-release": _FORM,
        "version": version,
        "previous": earlier.name if earlier else None,
        "parser_versions": sorted({row["parser_version"] for row in now.issues.values()}),
        "issues": len(now.issues),
        "rows": rows,
    }


def _write_json(path: Path, content: dict[str, Any]) -> None:
    _write_words(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def _write_words(path: Path, words: str) -> None:
    path.write_bytes(words.encode("utf-8"))


def _sums(folder: Path) -> Iterator[str]:
    """Lines that `sha256sum -c` reads."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.name != SUMS):
        yield f"{sha256_of(path)}  {path.relative_to(folder).as_posix()}\n"


def _put(folder: Path, target: Path) -> bool:
    """Move the folder to its name; whether the same release stood there."""
    if not target.exists():
        try:
            os.rename(folder, target)  # noqa: PTH104
            return False
        except OSError:
            if not target.is_dir():  # else another process was quicker
                raise
    differing = _difference(folder, target)
    if differing is not None:
        raise ReleaseError(f"{target}: 已存在且内容不同 exists with other content ({differing}): give a new version")
    return True


def _difference(folder: Path, target: Path) -> str | None:
    if not (target / SUMS).is_file():
        return f"no {SUMS}"
    ours, theirs = ((f / SUMS).read_text("utf-8").splitlines() for f in (folder, target))
    different = sorted(set(ours) ^ set(theirs), key=lambda line: line.partition("  ")[2])
    if different:
        return different[0].partition("  ")[2]
    return next(damaged(target), None)
