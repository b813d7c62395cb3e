"""Tables that are made of all issues together, replaced whole.

    curated/<table>/province=<2 digits>/year=<yyyy>/<table>.parquet   a file for each partition with rows
    curated/<table>.json                                             the day it was made for, SHA-256 of each file

Publishing an issue touches none of them. The bytes depend on the rows and the day alone.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipeline.ids import province_of
from pipeline.publish import descriptions, to_table, write_parquet
from pipeline.storage import Location, View, place

Row = Mapping[str, Any]


def publish_derived(curated: Location, name: str, rows: Iterable[Row], on: date) -> bool:
    """Replace the table `name` by these rows, all files or none; whether anything changed.

    Files that stay the same are not written. OSError where the disk refuses: the earlier table then stands.
    """
    parts: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        folder = f"province={province_of(row['region_code'])}/year={row['year'] or 0:04d}"
        parts[f"{name}/{folder}/{name}.parquet"].append(row)
    root = place(curated)
    with root.locked(), TemporaryDirectory(prefix="gongbao-") as folder:
        view, staged, files = View(root), Path(folder), {}
        for path in sorted(parts):
            (staged / path).parent.mkdir(parents=True)
            write_parquet(to_table(name, parts[path]), staged / path)
            digest = sha256((staged / path).read_bytes()).hexdigest()
            files[path] = {"sha256": digest, "rows": len(parts[path])}
        values = {"table": name, "on": on.isoformat(), "files": files}
        manifest = json.dumps(values, ensure_ascii=False, indent=1) + "\n"
        (staged / manifest_of(name)).write_text(manifest, encoding="utf-8")
        new: dict[str, Path | bytes] = {
            path: staged / path for path in (*files, manifest_of(name)) if _differs(staged / path, view, path)
        }
        (present,) = view.names(name)
        stale = set(present) - set(files)
        if new or stale:
            root.replace(name, new | descriptions(root, files, stale), stale)
    return bool(new or stale)


def _differs(staged: Path, view: View, path: str) -> bool:
    return not view.exists(path) or view.read(path) != staged.read_bytes()


def manifest_of(name: str) -> str:
    """The path under `curated` of the manifest of a derived table."""
    return f"{name}.json"
