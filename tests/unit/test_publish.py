"""Ids, tables from records, and the replacement of an issue's files, whole or not at all."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import records as sample

import pipeline.replace as replacing
from pipeline import ids
from pipeline.publish import RecordError, decimal_value, publish, published, stage, to_tables
from schemas import TABLES, arrow_schema

NUMBERS = [
    ("云政〔2025〕7号", ("yunzheng-7", 2025), "the usual form"),
    ("云政办[2025]07 号", ("yunzhengban-7", 2025), "square brackets, a zero, a space"),
    ("云政办字〔2025〕7号", ("yunzhengbanzi-7", 2025), "字 keeps it apart from 云政办"),
    ("云海市人民政府令第61号", ("yunhaishirenminzhengfuling-61", None), "an order prints no year"),
    ("公告2024年第5号", ("gonggao-5", 2024), "year and number in words"),
    ("云政〔２０２５〕７号", ("yunzheng-7", 2025), "full-width digits"),
    ("云政〔2025〕号", None, "no number"),
    ("没有字号", None, "no 发文字号"),
    ("2024年第5号", None, "nothing before the year"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), NUMBERS, ids=[n[2] for n in NUMBERS])
def test_number_slug(text: str, expected: tuple[str, int | None] | None, reason: str) -> None:
    assert ids.number_slug(text) == expected


def test_issue_ids() -> None:
    digest = "0123456789abcdef" * 4
    assert ids.issue_id(digest, "990100", 2025, issue_no=3) == "990100-2025-03"
    assert ids.issue_id(digest, "990100", None, doc_number="云政〔2025〕7号") == "990100-2025-yunzheng-7"
    assert ids.issue_id(digest, "990100", 2024, doc_number="令第61号") == "990100-2024-ling-61"
    for known in (
        {"region_code": None, "year": 2025, "issue_no": 3},
        {"region_code": "990100", "year": None, "issue_no": 3},
        {"region_code": "990100", "year": 2025, "doc_number": "无号"},
        {"region_code": "990100", "year": 2025},
    ):
        assert ids.issue_id(digest, **known) == "0123456789ab"


def test_ids_of_parts() -> None:
    document = ids.document_id("990100-2025-03", 1)
    task = ids.task_id(ids.measure_id(document, "2.1"), 1)
    assert ids.part_id(task, 2) == "990100-2025-03/1/2.1#1~2"
    assert ids.table_id(document, 2) == "990100-2025-03/1/t2"
    assert ids.issue_of(ids.residual_id("990100-2025-03", 7)) == "990100-2025-03"
    assert [ids.province_of(c) for c in ("410800", "000000", None, "41")] == ["41", "00", "99", "99"]


def test_slug_is_ascii_and_apart() -> None:
    assert ids.slug("重庆") == "chongqing"
    assert ids.slug("厦府 A") == "xiafua"
    assert ids.slug("𠮷") != ids.slug("𠮸")
    assert all(c.isascii() for c in ids.slug("令（第）…Ω"))


def test_every_table_is_made() -> None:
    tables = to_tables(sample.records())
    assert list(tables) == list(TABLES)
    assert all(tables[name].schema.equals(arrow_schema(name), check_metadata=True) for name in TABLES)
    assert tables["checks"].num_rows == 0
    assert tables["organisations"]["issue_id"].to_pylist() == [sample.ISSUE] * 2, "the issue is filled in"
    assert tables["tasks"]["reasons"].to_pylist() == [[], ["时间不能计算"]], "lists that may not be null are empty"
    assert tables["tasks"]["task_id"].to_pylist() == [r["task_id"] for r in sample.records()["tasks"]]


def test_no_records_at_all() -> None:
    assert {t.num_rows for t in to_tables({}).values()} == {0}


BAD: list[tuple[dict[str, Any], str]] = [
    ({"nothing": []}, "no such table"),
    ({"tasks": [{"taks_id": "x"}]}, "no column taks_id"),
    ({"organisations": [{"issue_id": "x", "org_id": None}]}, "org_id is null"),
    ({"residuals": [{"residual_id": "r", "issue_id": "x", "kind": "time", "reason": 3}]}, "residuals.reason"),
]


@pytest.mark.parametrize(("rows", "message"), BAD)
def test_rows_that_do_not_fit(rows: dict[str, Any], message: str) -> None:
    with pytest.raises(RecordError, match=message):
        to_tables(rows)


def test_decimals() -> None:
    assert decimal_value(Decimal("40500")) == Decimal("40500.000000")
    assert decimal_value(Decimal(1) / 3) == Decimal("0.333333")
    assert decimal_value(0.1) == Decimal("0.1")
    assert decimal_value(Decimal("1e18")) is None
    assert decimal_value(Decimal("999999999999999999.9999999")) is None, "rounds over the edge"
    assert decimal_value(Decimal("NaN")) is None
    assert decimal_value(Decimal("12345678901234567.123456")) == Decimal("12345678901234567.123456")


# --- files ---------------------------------------------------------------------------


def staged(folder: Path, version: str = "0.0.1", *, without: tuple[str, ...] = ()) -> Path:
    rows = sample.records(version=version)
    stage(to_tables({k: v for k, v in rows.items() if k not in without}), sample.TEXT, folder)
    return folder


def contents(curated: Path) -> dict[str, bytes]:
    """Every published file but the one that tells when."""
    skipped = (curated / "runs.jsonl", curated / ".publishing" / "lock")
    return {
        p.relative_to(curated).as_posix(): p.read_bytes()
        for p in sorted(curated.rglob("*"))
        if p.is_file() and p not in skipped
    }


def test_what_is_written(tmp_path: Path) -> None:
    curated = tmp_path / "curated"
    manifest = publish(staged(tmp_path / "s"), curated, sample.ISSUE, "99", 2025, run={"run": "test"})
    path = "tasks/province=99/year=2025/990100-2025-03.parquet"
    assert manifest["files"][path]["rows"] == 2
    assert not any(p.startswith("checks/") for p in contents(curated)), "no file for an empty table"
    assert (curated / "text" / f"{sample.ISSUE}.txt").read_bytes().decode() == sample.TEXT
    schema = pq.read_schema(curated / path)
    assert schema.field("action").metadata[b"title_zh"].decode() == "动作"
    run = json.loads((curated / "runs.jsonl").read_text(encoding="utf-8"))
    assert (run["issue_id"], run["run"]) == (sample.ISSUE, "test")
    assert json.loads((curated / "datapackage.json").read_text(encoding="utf-8"))["name"] == "gongbao"
    assert published(curated) == {"a" * 64: (sample.ISSUE, "0.0.1")}


def test_published_of_nothing(tmp_path: Path) -> None:
    assert published(tmp_path / "none") == {}
    assert not (tmp_path / "none").exists()


def test_repetition_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        publish(staged(tmp_path / f"s-{name}"), tmp_path / name, sample.ISSUE, "99", 2025)
    first = contents(tmp_path / "one")
    assert first == contents(tmp_path / "two")
    publish(staged(tmp_path / "s-three"), tmp_path / "one", sample.ISSUE, "99", 2025)
    assert contents(tmp_path / "one") == first
    assert len((tmp_path / "one" / "runs.jsonl").read_text().splitlines()) == 2


def test_replacement_leaves_nothing_old(tmp_path: Path) -> None:
    curated = tmp_path / "curated"
    publish(staged(tmp_path / "s1"), curated, sample.ISSUE, "99", None)
    publish(staged(tmp_path / "s2", without=("tables", "table_cells")), curated, sample.ISSUE, "99", 2025)
    names = list(contents(curated))
    assert not any("year=0000" in n for n in names), "the other partition is gone"
    assert not any(n.startswith(("tables/", "table_cells/")) for n in names), "so is a table now empty"
    assert not (curated / "tables").exists()


def test_replacement_without_a_manifest_goes_by_name(tmp_path: Path) -> None:
    curated = tmp_path / "curated"
    publish(staged(tmp_path / "s1"), curated, sample.ISSUE, "99", 2024)
    (curated / "manifest" / f"{sample.ISSUE}.json").unlink()
    publish(staged(tmp_path / "s1"), curated, sample.ISSUE, "99", 2025)
    assert not any("year=2024" in n for n in contents(curated))


def test_an_earlier_id_of_the_same_source_is_superseded(tmp_path: Path) -> None:
    curated = tmp_path / "curated"
    publish(staged(tmp_path / "s1"), curated, "aaaaaaaaaaaa", "99", None)
    publish(staged(tmp_path / "s1"), curated, sample.ISSUE, "99", 2025, supersedes=["aaaaaaaaaaaa"])
    assert not any("aaaaaaaaaaaa" in n for n in contents(curated))
    assert published(curated)["a" * 64][0] == sample.ISSUE


@pytest.mark.parametrize("step", range(30))
def test_failure_at_any_step_leaves_the_earlier_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    curated = tmp_path / "curated"
    publish(staged(tmp_path / "s1"), curated, sample.ISSUE, "99", 2024)
    before = contents(curated)
    new = staged(tmp_path / "s2", "0.0.2", without=("tables",))
    _fail_at(monkeypatch, step)
    failed = False
    try:
        publish(new, curated, sample.ISSUE, "99", 2025)
    except OSError:
        failed = True
    monkeypatch.undo()
    version = published(curated)["a" * 64][1]
    if failed and version == "0.0.1":
        assert contents(curated) == before
    else:
        assert version == "0.0.2"
        assert step > 20, "an early failure cannot have published"


def _fail_at(monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    """The disk refuses the step-th file operation from now on, once."""
    count = iter(range(1000))

    def refusing(function: Any) -> Any:
        def wrapped(*arguments: Any, **options: Any) -> Any:
            if next(count) == step:
                raise OSError("disk full")
            return function(*arguments, **options)

        return wrapped

    for name in ("_write_synced", "_keep", "_move"):
        monkeypatch.setattr(replacing, name, refusing(getattr(replacing, name)))


def test_a_process_that_died_is_undone_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    curated = tmp_path / "curated"
    publish(staged(tmp_path / "s1"), curated, sample.ISSUE, "99", 2024)
    before = contents(curated)
    moves = iter(range(100))
    move = replacing._move

    def dying(*arguments: Any, **options: Any) -> None:
        if next(moves) >= 5:
            raise SystemExit  # neither the rest nor, as `_undo` is cut off too, any undoing
        move(*arguments, **options)

    monkeypatch.setattr(replacing, "_move", dying)
    with pytest.raises(SystemExit):
        publish(staged(tmp_path / "s2", "0.0.2"), curated, sample.ISSUE, "99", 2025)
    monkeypatch.undo()
    assert list((curated / ".publishing").glob("*.json")), "the journal stands"
    assert published(curated)["a" * 64][1] == "0.0.1"
    assert contents(curated) == before


def test_reading_does_not_disturb_a_publisher_at_work(tmp_path: Path) -> None:
    curated = tmp_path / "curated"
    publish(staged(tmp_path / "s1"), curated, sample.ISSUE, "99", 2025)
    journal = curated / ".publishing" / "other.json"
    with replacing.locked(curated):
        journal.write_text('{"touched": [], "had": []}')
        assert published(curated)
        assert journal.exists()
    assert published(curated)
    assert not journal.exists()
