"""Each class of damage is found and named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import records as sample

from pipeline.publish import publish, stage, to_tables
from pipeline.verify import verify

TASKS = f"tasks/province=99/year=2025/{sample.ISSUE}.parquet"


def published(tmp_path: Path, change: Callable[[dict[str, list[dict[str, Any]]]], None] | None = None) -> Path:
    rows = sample.records()
    if change:
        change(rows)
    stage(to_tables(rows), sample.TEXT, tmp_path / "staged")
    publish(tmp_path / "staged", tmp_path / "curated", sample.ISSUE, "99", 2025)
    return tmp_path / "curated"


def test_nothing_damaged(tmp_path: Path) -> None:
    result = verify(published(tmp_path))
    assert (result.kind, result.findings, result.issues, result.files) == (None, (), 1, 12)
    assert result.rows == sum(map(len, sample.records().values()))


def test_nothing_published(tmp_path: Path) -> None:
    assert verify(tmp_path / "none").issues == 0


def _append(curated: Path) -> None:
    with (curated / TASKS).open("ab") as handle:
        handle.write(b"x")


def _text(curated: Path) -> None:
    (curated / "text" / f"{sample.ISSUE}.txt").write_text("x", encoding="utf-8")


def _stray(curated: Path) -> None:
    target = curated / "tasks" / "province=41" / "year=2025" / f"{sample.ISSUE}.parquet"
    target.parent.mkdir(parents=True)
    target.write_bytes((curated / TASKS).read_bytes())


def _manifest(curated: Path) -> None:
    (curated / "manifest" / f"{sample.ISSUE}.json").write_text("{", encoding="utf-8")


FILES: list[tuple[Callable[[Path], None], str, str]] = [
    (lambda c: (c / TASKS).unlink(), f"{TASKS}: missing", "a file is gone"),
    (_append, f"{TASKS}: SHA-256", "a file was changed"),
    (_text, "SHA-256", "the text was changed"),
    (_stray, "not in any manifest", "a file nobody published"),
    (_manifest, "not a manifest", "a broken manifest"),
]


@pytest.mark.parametrize(("damage", "words", "reason"), FILES, ids=[f[2] for f in FILES])
def test_damaged_files(tmp_path: Path, damage: Callable[[Path], None], words: str, reason: str) -> None:
    curated = published(tmp_path)
    damage(curated)
    result = verify(curated)
    assert result.kind == "files"
    assert any(words in finding for finding in result.findings)


def test_wrong_partition(tmp_path: Path) -> None:
    curated = published(tmp_path)
    path = curated / "manifest" / f"{sample.ISSUE}.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "province": "41"}), encoding="utf-8")
    result = verify(curated)
    assert result.kind == "places"
    assert "should be" in result.findings[0]


def _twice(rows: dict[str, list[dict[str, Any]]]) -> None:
    rows["tasks"].append(rows["tasks"][0])


def _orphan(rows: dict[str, list[dict[str, Any]]]) -> None:
    rows["deadlines"][0]["task_id"] = "nowhere#1"


def _no_body(rows: dict[str, list[dict[str, Any]]]) -> None:
    rows["organisations"] = []


def _shifted(rows: dict[str, list[dict[str, Any]]]) -> None:
    rows["targets"][0]["char_start"] += 1


def _beyond(rows: dict[str, list[dict[str, Any]]]) -> None:
    rows["targets"][0]["char_end"] = 10_000


ROWS = [
    (_twice, "keys", "stands twice"),
    (_orphan, "keys", "nowhere#1: not in tasks"),
    (_no_body, "keys", "not in organisations"),
    (_shifted, "quotes", "is not its quote"),
    (_beyond, "quotes", "is not its quote"),
]


@pytest.mark.parametrize(("change", "kind", "words"), ROWS)
def test_damaged_rows(
    tmp_path: Path, change: Callable[[dict[str, list[dict[str, Any]]]], None], kind: str, words: str
) -> None:
    result = verify(published(tmp_path, change))
    assert result.kind == kind
    assert any(words in finding for finding in result.findings)
