"""A table made of all issues: where it stands, that it is replaced whole, and what verify says of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import records as sample

from pipeline import publish_derived as module
from pipeline.publish import publish, stage, to_tables
from pipeline.publish_derived import publish_derived
from pipeline.query import query
from pipeline.verify import verify
from schemas import arrow_schema

DAY = date(2025, 6, 1)
FILES = ["continuity/province=99/year=0000/continuity.parquet", "continuity/province=99/year=2025/continuity.parquet"]


def rows(*numbers: int | None) -> list[dict[str, Any]]:
    return [
        {
            "continuity_id": f"990100:x/{n}",
            "gazette_id": "990100:x",
            "gazette": "云海市人民政府公报",
            "region_code": "990100",
            "year": 2025 if n else None,
            "issue_no": n,
            "status": "parsed" if n else "fetched",
            "basis": "printed",
        }
        for n in numbers
    ]


def held(curated: Path) -> dict[str, bytes]:
    """The files but for the descriptions of the whole, which name the tables that are there."""
    files = (p for p in curated.rglob("*") if p.is_file() and ".publishing" not in p.parts)
    files = (p for p in files if p.name not in ("datapackage.json", "views.sql"))
    return {p.relative_to(curated).as_posix(): p.read_bytes() for p in files}


def test_where_it_stands_and_how_it_is_read(tmp_path: Path) -> None:
    assert publish_derived(tmp_path, "continuity", rows(None, 1, 2), DAY)
    assert sorted(held(tmp_path)) == ["continuity.json", *FILES]
    assert pq.read_schema(tmp_path / FILES[1]).equals(arrow_schema("continuity"), check_metadata=True)
    entry = json.loads((tmp_path / "continuity.json").read_bytes())
    assert entry["on"] == "2025-06-01" and [f["rows"] for f in entry["files"].values()] == [1, 2]
    assert "'continuity/province=*" in (tmp_path / "views.sql").read_text(encoding="utf-8")
    found = query(tmp_path, "SELECT province, year, issue_no FROM continuity ORDER BY issue_no")
    assert found is not None
    assert [tuple(r.values()) for r in found.to_pylist()] == [("99", 2025, 1), ("99", 2025, 2), ("99", None, None)]


def test_the_same_rows_and_day_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        publish_derived(tmp_path / name, "continuity", rows(None, 1), DAY)
    assert held(tmp_path / "one") == held(tmp_path / "two")
    before = (tmp_path / "one" / "continuity.json").stat()
    assert not publish_derived(tmp_path / "one", "continuity", rows(None, 1), DAY), "nothing is written"
    assert (tmp_path / "one" / "continuity.json").stat().st_ino == before.st_ino


def test_only_what_changed_is_written_and_what_is_gone_goes(tmp_path: Path) -> None:
    publish_derived(tmp_path, "continuity", rows(None, 1), DAY)
    kept = (tmp_path / FILES[1]).stat().st_ino
    publish_derived(tmp_path, "continuity", rows(1), date(2025, 6, 2))
    assert sorted(held(tmp_path)) == ["continuity.json", FILES[1]]
    assert (tmp_path / FILES[1]).stat().st_ino == kept
    publish_derived(tmp_path, "continuity", [], DAY)
    assert sorted(held(tmp_path)) == ["continuity.json"] and verify(tmp_path).kind is None


def test_an_issue_does_not_disturb_it(tmp_path: Path) -> None:
    curated = tmp_path / "curated"
    publish_derived(curated, "continuity", rows(1), DAY)
    before = held(curated)
    stage(to_tables(sample.records()), sample.TEXT, tmp_path / "staged")
    publish(tmp_path / "staged", curated, sample.ISSUE, "99", 2025)
    assert {k: v for k, v in held(curated).items() if k in before} == before
    found = verify(curated)
    assert found.kind is None and found.issues == 1


def test_a_failure_leaves_the_earlier_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline import replace

    publish_derived(tmp_path, "continuity", rows(None, 1), DAY)
    before, moved = held(tmp_path), []

    def move(source: Path, target: Path, *, present: bool) -> None:
        moved.append(target)
        if len(moved) == 2:
            raise OSError(28, "No space left on device")
        real(source, target, present=present)

    real = replace._move
    monkeypatch.setattr(replace, "_move", move)
    with pytest.raises(OSError, match="No space"):
        publish_derived(tmp_path, "continuity", rows(2), date(2025, 6, 2))
    assert held(tmp_path) == before


DAMAGE: list[tuple[str, Callable[[Path], Any], str]] = [
    ("a changed file", lambda c: (c / FILES[1]).write_bytes(b"x"), "SHA-256 is not the recorded one"),
    ("a file gone", lambda c: (c / FILES[1]).unlink(), "missing"),
    ("a file too many", lambda c: (c / "continuity" / "more.parquet").write_bytes(b""), "not in any manifest"),
    ("no manifest", lambda c: (c / "continuity.json").unlink(), "not in any manifest"),
    ("another manifest", lambda c: (c / "continuity.json").write_text("{}"), "not a manifest"),
]


@pytest.mark.parametrize(("reason", "harm", "words"), DAMAGE, ids=[d[0] for d in DAMAGE])
def test_damage_is_found_and_mended_by_the_next_run(
    tmp_path: Path, reason: str, harm: Callable[[Path], Any], words: str
) -> None:
    publish_derived(tmp_path, "continuity", rows(1), DAY)
    whole = held(tmp_path)
    harm(tmp_path)
    found = verify(tmp_path)
    assert found.kind == "files" and any(words in line for line in found.findings)
    if reason != "a file too many":
        publish_derived(tmp_path, "continuity", rows(1), DAY)
        assert held(tmp_path) == whole and verify(tmp_path).kind is None


def test_keys_and_columns_are_checked(tmp_path: Path) -> None:
    publish_derived(tmp_path, "continuity", rows(1, 1), DAY)
    found = verify(tmp_path)
    assert found.kind == "keys" and found.findings == ("continuity 990100:x/1: key stands twice",)


def test_other_columns_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = module.to_table("continuity", rows(1)).drop_columns(["doubt"])
    monkeypatch.setattr(module, "to_table", lambda *_: made)
    publish_derived(tmp_path, "continuity", rows(1), DAY)
    assert verify(tmp_path).kind == "places"
