"""The record beside a file: what is taken from it, and what says nothing."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import pipeline
from flows.inbox import Received, keep, plan
from pipeline import sidecar, unread

TEXT = "云海市人民政府公报\n2025年第3期\n".encode()
DIGEST = hashlib.sha256(TEXT).hexdigest()
MOMENT = datetime(2025, 4, 30, 8, 15, 2, tzinfo=UTC)
RECORD = sidecar.Sidecar("yunhai", MOMENT, DIGEST, len(TEXT), address="https://www.yunhai.example/3.md")
WHOLE = {"source_url": "https://www.yunhai.example/3.md", "received_at": MOMENT}


def place(folder: Path, record: bytes | None = None) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "3.md"
    path.write_bytes(TEXT)
    sidecar.path_of(path).write_bytes(RECORD.dumps() if record is None else record)
    return path


def changed(**values: Any) -> bytes:
    return json.dumps({**json.loads(RECORD.dumps()), **values}).encode()


def test_issues_have_it(tmp_path: Path) -> None:
    issue = pipeline.parse(place(tmp_path)).tables()["issues"].to_pylist()[0]
    assert {k: issue[k] for k in WHOLE} == WHOLE
    alone = pipeline.parse(TEXT).tables()["issues"].to_pylist()[0]
    assert {k: alone[k] for k in WHOLE} == dict.fromkeys(WHOLE)


def test_unread_files_have_it(tmp_path: Path) -> None:
    issue = unread.records(place(tmp_path), DIGEST, "why")["issues"][0]
    assert {k: issue[k] for k in WHOLE} == WHOLE


CASES = [
    (changed(), WHOLE),
    (changed(received_at="2025-04-30T16:15:02+08:00"), WHOLE),
    (changed(received_at="2025-04-30T08:15:02"), {"source_url": WHOLE["source_url"]}),
    (changed(received_at="yesterday"), {"source_url": WHOLE["source_url"]}),
    (changed(address=None), {"received_at": MOMENT}),
    (changed(address=["x"], received_at=7), {}),
    (changed(sha256="0" * 64), {}),
    (json.dumps({"address": "https://x.example", "sha256": DIGEST}).encode(), {}),
    (b"", {}),
    (b"[" * 100_000, {}),
    (b"\xff\xfe", {}),
    (b"null", {}),
]


@pytest.mark.parametrize(("record", "expected"), CASES)
def test_what_is_taken(tmp_path: Path, record: bytes, expected: dict[str, Any]) -> None:
    assert sidecar.of_file(place(tmp_path, record), DIGEST) == expected


def test_the_same_record_has_the_same_bytes() -> None:
    assert RECORD.dumps() == RECORD.dumps()
    assert json.loads(RECORD.dumps())["received_at"] == "2025-04-30T08:15:02Z"


def test_ingest_passes_sidecars_over(tmp_path: Path) -> None:
    path = place(tmp_path / "raw")
    lone = tmp_path / "raw" / "lone.json"
    lone.write_text("{}")
    for paths in ([tmp_path / "raw"], sorted((tmp_path / "raw").iterdir())):
        made = plan(paths, tmp_path / "curated")
        assert [r.path for r in made.todo] == [path, lone]
        assert made.outcomes == ()


def test_it_goes_where_the_bytes_are_kept(tmp_path: Path) -> None:
    path, raw = place(tmp_path / "in"), tmp_path / "raw"
    keep(Received(path, DIGEST), raw)
    assert sidecar.of_file(raw / "3.md", DIGEST) == WHOLE
    path.write_bytes(b"other")
    keep(Received(path, hashlib.sha256(b"other").hexdigest()), raw)
    assert sidecar.of_file(raw / sidecar.EARLIER / f"{DIGEST[:12]}-3.md", DIGEST) == WHOLE
    assert not sidecar.path_of(raw / "3.md").exists(), "of other bytes it says nothing"
