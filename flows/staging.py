"""Folders of a run beside the published tables: staging and Data Docs."""

from __future__ import annotations

import secrets
import shutil
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

STAGING = ".staging"
DATA_DOCS = "data_docs"
HELD = "held-back"

#: A staging folder this old is of a run that died.
_STALE_SECONDS = 24 * 3600


def new_run_id() -> str:
    """Sorts by time; unique among runs of one second."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def folder(curated: Path, run_id: str, number: int) -> Path:
    """Where file `number` of a run is staged: on the disk of `curated`."""
    return curated / STAGING / run_id / str(number)


def clean(curated: Path, run_id: str) -> None:
    """Remove the staging of this run, and what runs that died have left."""
    root = curated / STAGING
    shutil.rmtree(root / run_id, ignore_errors=True)
    for left in root.glob("*"):
        if time.time() - left.stat().st_mtime > _STALE_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    with suppress(OSError):
        root.rmdir()


def keep_data_docs(staged: Path, curated: Path, issue_id: str, *, held: bool) -> str | None:
    """Move the staged pages to where people look for them; their start page, null where there are none.

    Those of an issue held back stand apart: the pages of its published version stay.
    """
    made = staged / DATA_DOCS
    if not made.is_dir():
        return None
    pages = curated / DATA_DOCS
    target = pages / HELD / issue_id if held else pages / issue_id
    for old in {target, pages / HELD / issue_id}:
        shutil.rmtree(old, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    made.replace(target)
    with suppress(OSError):
        (pages / HELD).rmdir()
    return str(target / "index.html")


def published_source(curated: Path, issue_id: str) -> str | None:
    """File name of the source that an issue was published from, null where it is not published."""
    import pyarrow.parquet as pq

    for path in (curated / "issues").glob(f"province=*/year=*/{issue_id}.parquet"):
        for name in pq.ParquetFile(path).read(columns=["source_file"])["source_file"].to_pylist():
            return str(name)
    return None
