"""Issues validated in one run: of each is said what is said of it alone."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from records import ISSUE, TEXT, records, renamed

import expectations
from expectations import together, validation
from pipeline.publish import stage, to_tables

Records = dict[str, list[dict[str, Any]]]


def nothing(rows: Records) -> None:
    """A sound issue."""


def of_rows(rows: Records) -> None:
    rows["targets"][0]["low"] = Decimal(99)
    rows["tasks"][1]["char_end"] += 1
    rows["responsibilities"][1]["org_id"] = "990100:nowhere"
    rows["deadlines"][0]["due_on"] = rows["documents"][0]["written_on"].replace(year=2020)
    rows["table_cells"][0] |= {"suspect": True, "reason": "小数点存疑"}


def of_the_issue(rows: Records) -> None:
    rows["issues"][0]["chars"] -= 1


def twice(rows: Records) -> None:
    rows["tasks"].append(dict(rows["tasks"][0]))


def two_issues(rows: Records) -> None:
    rows["issues"].append({**rows["issues"][0], "issue_id": "990100-2020-01"})


def few_tables(rows: Records) -> None:
    for table in ("tables", "table_cells", "targets", "deadlines"):
        rows[table] = []


def no_documents(rows: Records) -> None:
    for document in rows["documents"]:
        document["char_end"] = document["char_start"]


CHANGES = (nothing, of_rows, of_the_issue, nothing, twice, two_issues, few_tables, no_documents)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    root = tmp_path_factory.mktemp("staged")
    return [staged(root / str(n), change, f"990100-2025-{n + 1:02}") for n, change in enumerate(CHANGES)]


def staged(folder: Path, change: Callable[[Records], None], issue_id: str) -> Path:
    rows: Records = renamed(records(), issue_id)
    change(rows)
    stage(to_tables(rows), TEXT, folder)
    return folder


def test_the_same_as_alone(folders: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    alone = [expectations.validate(folder) for folder in folders]
    sizes: list[int] = []
    whole = validation._validated
    monkeypatch.setattr(validation, "_validated", lambda e, issues, n: sizes.append(len(issues)) or whole(e, issues, n))
    found = expectations.validate_all(folders)
    assert found == alone
    assert [f.held_back for f in found] == [False, False, True, False, False, True, False, True]
    assert any(f.n_refused for f in found)
    assert sizes == [8, 1, 7], "only the issue with a key that comes twice is asked alone"


def test_two_of_one_id(tmp_path: Path) -> None:
    """Keys that two issues share break no key of either."""
    pair = [staged(tmp_path / name, nothing, ISSUE) for name in ("one", "two")]
    assert expectations.validate_all(pair) == [expectations.validate(pair[0])] * 2


def test_a_table_of_other_types(tmp_path: Path, folders: list[Path]) -> None:
    """What one issue was written wrong is not said of the others."""
    odd = staged(tmp_path / "odd", nothing, "990100-2025-11")
    (odd / "targets.parquet").unlink()
    found = expectations.validate_all([folders[0], odd])
    assert found == [expectations.validate(folders[0]), expectations.validate(odd)]


def test_counts_that_differ_from_the_librarys(folders: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """A count that does not add up is not published: the issues are asked alone."""
    monkeypatch.setattr(together, "_asked", lambda check, frame: (frame["row_no"] < 0).to_numpy())
    assert expectations.validate_all(folders[:2]) == [expectations.validate(f) for f in folders[:2]]


def test_none() -> None:
    assert expectations.validate_all([]) == []
