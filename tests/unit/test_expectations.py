"""Suites as data, what they refuse, and what becomes of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from records import ISSUE, TEXT, records

import expectations
from expectations import suites
from expectations.engine import Engine
from expectations.frames import flatten
from expectations.suites import Check
from pipeline.publish import stage, to_tables
from schemas import TABLES

ALL = [check for name in suites.names() for check in suites.load(name)]
MEASURE = f"{ISSUE}/1/1"
Records = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


def staged(folder: Path, change: Callable[[Records], None] = lambda rows: None) -> Path:
    """The tiny issue in a staging folder, with a fault in it."""
    rows = records()
    for target in rows["targets"]:
        target["dimension"] = "share"
    change(rows)
    stage(to_tables(rows), TEXT, folder)
    return folder


def failed(found: expectations.Validation, severity: str = "error") -> dict[str, list[str]]:
    """Failed expectations with the ids that fail them."""
    return {
        c["expectation"]: c["unexpected_ids"] for c in found.checks if not c["success"] and c["severity"] == severity
    }


def read(folder: Path, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.ParquetFile(folder / f"{table}.parquet").read().to_pylist()
    return rows


def test_every_check_is_described_once() -> None:
    names = [c.name for c in ALL]
    assert len(names) == len(set(names))
    for check in ALL:
        assert check.zh and check.en, check.name
        assert check.severity in ("error", "warning") and check.scope in ("row", "issue"), check.name
        assert check.table in TABLES or check.table.startswith("*"), check.name
        assert not re.search(r"[一-鿿]", check.en), check.name


def frame_of(check: Check) -> Any:
    """The examples of a check as a frame; `<column>_missing` gives the column without a value."""
    examples = [*check.holds, *check.breaks]
    given = {key.removesuffix("_missing") for row in examples for key in row}
    columns = {name: [row.get(name) for row in examples] for name in sorted({*check.columns, *given})}
    return flatten({**columns, "row_no": list(range(len(examples))), "row_key": ["x"] * len(examples)})


@pytest.mark.parametrize("check", [c for c in ALL if c.columns], ids=lambda c: c.name)
def test_examples(engine: Engine, check: Check) -> None:
    assert check.holds and check.breaks
    (result,) = engine.run(f"example {check.name}", [check], frame_of(check), "examples")
    assert result.trouble is None
    assert result.rows == tuple(range(len(check.holds), len(check.holds) + len(check.breaks)))


def test_checks_without_columns_count_rows() -> None:
    assert {c.type for c in ALL if not c.columns} == {"expect_table_row_count_to_equal"}


def test_a_sound_issue(tmp_path: Path) -> None:
    folder = staged(tmp_path / "staged")
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    found = expectations.validate(folder, data_docs=tmp_path / "docs")
    assert failed(found) == {} and not found.held_back and found.n_refused == 0
    expectations.apply(folder, found)
    assert {p.name for p in folder.iterdir() if p.read_bytes() != before[p.name]} == {"checks.parquet"}
    assert len(read(folder, "checks")) == len(found.checks) > 100
    again = expectations.validate(folder)
    assert again.checks == found.checks, "the same rows of checks for the same issue"


def test_data_docs_are_whole_without_a_network_and_the_same_again(tmp_path: Path) -> None:
    pages = []
    for name in ("one", "two"):
        folder = staged(tmp_path / name, faults)
        expectations.validate(folder, data_docs=tmp_path / name / "docs")
        made = (tmp_path / name / "docs").rglob("*")
        pages.append({p.relative_to(tmp_path / name).as_posix(): p.read_text("utf-8") for p in made if p.is_file()})
    assert pages[0] == pages[1]
    start = pages[0]["docs/index.html"]
    assert "target.low_not_above_high" in start and f"{MEASURE}#1~1" in start
    links = re.findall(r'href="([^"]+)"', start)
    assert {f"docs/{link}" for link in links} == set(pages[0]) - {"docs/index.html"} and len(links) > 20
    for name, page in pages[0].items():
        assert not re.search(r"https?://|<script|<link|<img", page), name


def faults(rows: Records) -> None:
    rows["targets"][0]["low"] = Decimal(99)
    rows["tasks"][1]["char_end"] += 1
    rows["responsibilities"][1]["org_id"] = "990100:nowhere"
    rows["deadlines"][0]["due_on"] = rows["documents"][0]["written_on"].replace(year=2020)
    rows["table_cells"][0] |= {"suspect": True, "reason": "小数点存疑"}


def test_refused_rows_become_residuals(tmp_path: Path) -> None:
    folder = staged(tmp_path, faults)
    found = expectations.validate(folder)
    assert not found.held_back
    assert failed(found) == {
        "target.low_not_above_high": [f"{MEASURE}#1~1"],
        "tasks.quote_is_text": [f"{MEASURE}#2"],
        "responsibilities.org_id.in_organisations": [f"{MEASURE}~2"],
    }
    warned = failed(found, "warning")
    assert warned["deadline.due_after_document"] == [f"{MEASURE}#1~1"]
    assert warned["cell.not_suspect"] == [f"{ISSUE}/1/t1:0:1"]
    expectations.apply(folder, found)
    assert [t["task_id"] for t in read(folder, "tasks")] == [f"{MEASURE}#1"]
    left = [r for r in read(folder, "residuals") if r["kind"] == "row"]
    assert sorted(r["reason"] for r in left) == sorted(failed(found))
    for row in left:
        assert row["quote"] == TEXT[row["char_start"] : row["char_end"]]
    task = read(folder, "tasks")[0]
    assert [t["target_id"] for t in task["targets"]] == [f"{MEASURE}#1~2"]
    assert task["review"] and task["target"] is None, "what it said of the refused number is gone"
    assert failed(expectations.validate(folder)) == {}, "what is left is sound"


def test_dependants_go_with_a_refused_row(tmp_path: Path) -> None:
    def fault(rows: Records) -> None:
        rows["tasks"][0]["action"] = "x"

    found = expectations.validate(staged(tmp_path, fault))
    assert {t: [r.key for r in rows] for t, rows in found.refused.items()} == {
        "tasks": [f"{MEASURE}#1"],
        "deadlines": [f"{MEASURE}#1~1"],
        "targets": [f"{MEASURE}#1~1", f"{MEASURE}#1~2"],
    }
    assert {r.via for r in found.refused["targets"]} == {f"{MEASURE}#1"}


def wrong_length(rows: Records) -> None:
    rows["issues"][0]["chars"] += 1


def no_document(rows: Records) -> None:
    rows["documents"][0]["quote"] = "not in the text"


@pytest.mark.parametrize(
    ("change", "reason"),
    [(wrong_length, "issue.length"), (no_document, "volume.most_rows_kept")],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_an_issue_is_held_back(tmp_path: Path, change: Callable[[Records], None], reason: str) -> None:
    found = expectations.validate(staged(tmp_path, change))
    assert found.held_back and str(found.reason).startswith(reason)


def test_figures_that_do_not_add_up_are_warned_of(tmp_path: Path) -> None:
    def fault(rows: Records) -> None:
        cell = rows["table_cells"][0]
        values = [("上游", 2), ("中游", 3), ("下游", 4), ("支流", 5), ("合计", 15)]
        rows["table_cells"] = [
            cell | {"row": n, "row_label": label, "value": Decimal(v), "printed": str(v), "is_total": label == "合计"}
            for n, (label, v) in enumerate(values)
        ]

    found = expectations.validate(staged(tmp_path, fault))
    (total,) = [c for c in found.checks if c["expectation"] == "arithmetic.column_total"]
    assert not total["success"] and total["severity"] == "warning" and not found.held_back
    assert total["observed"] == "15" and "14" in total["message"] and "合计" in total["message"]
    assert total["unexpected_ids"] == [f"{ISSUE}/1/t1"]


def test_a_folder_without_text(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no canonical text"):
        expectations.validate(tmp_path)


def test_usage_statistics_are_off_unless_wanted() -> None:
    code = "from expectations.engine import _library; _library(); import os; print(os.environ['GX_ANALYTICS_ENABLED'])"
    env = {k: v for k, v in os.environ.items() if k != "GX_ANALYTICS_ENABLED"}
    for extra, expected in [({}, "false"), ({"GX_ANALYTICS_ENABLED": "true"}, "true")]:
        # A stand-in for the library, so that nothing is sent and nothing slow is imported.
        stub = "import sys, types; sys.modules['great_expectations'] = types.ModuleType('great_expectations')\n"
        done = subprocess.run(
            [sys.executable, "-c", stub + code], env={**env, **extra}, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == expected
