"""Corrections are cases of `make quality`; without any nothing is printed and nothing changes."""

from __future__ import annotations

from pathlib import Path

from corrected import WORDS, bulletin, correction, exported

from benchmarks.quality import corrected
from pipeline.corrections import store
from pipeline.publish import publish, stage

HERE = bulletin()
TASKS = HERE.records["tasks"]


def test_none(tmp_path: Path) -> None:
    assert corrected.cases({}, tmp_path) == []
    assert list(corrected.lines([])) == []
    assert corrected.problems(tmp_path) == []


def test_counted_and_listed(tmp_path: Path) -> None:
    """On a bulletin of the gold by its id, on others by the source that is published; else said to be absent."""
    entries = [
        exported(HERE, "edit", "tasks", TASKS[2], due_on="2026-09-30"),
        exported(HERE, "confirm", "tasks", TASKS[3]),
        {**exported(HERE, "confirm", "tasks", TASKS[0]), "quote": "另一句", "char_end": TASKS[0]["char_start"] + 3},
    ]
    store.keep([correction(e) for e in entries], tmp_path / "corrections")
    found = corrected.cases({HERE.issue_id: HERE}, tmp_path)
    assert sorted(c.verdict for c in found) == ["gone", "met", "unmet"]
    shown = "\n".join(corrected.lines(found))
    assert "due_on = 2026-09-30" in shown and "given by the parser itself          1" in shown
    assert {c.verdict for c in corrected.cases({}, tmp_path)} == {"absent"}

    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "yunhai.md").write_text(WORDS)
    stage(HERE.tables(), HERE.text.text, tmp_path / "staged")
    publish(tmp_path / "staged", tmp_path / "curated", HERE.issue_id, "99", 2025)
    assert corrected.cases({}, tmp_path) == found


def test_a_confirmed_row_that_is_lost(tmp_path: Path) -> None:
    was = {"action": "别的动作", "starts_on": None, "due_on": None, "recurrence": None, "table_row": None}
    store.keep([correction({**exported(HERE, "confirm", "tasks", TASKS[2]), "was": was})], tmp_path / "corrections")
    assert corrected.lost(corrected.cases({HERE.issue_id: HERE}, tmp_path)) == 1
