"""Carrying a validation out on the staged files: refused rows go to `residuals`, results to `checks`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from expectations.model import Refusal, Validation
from expectations.staged import Staged, read_staged

Row = dict[str, Any]


def apply(staged: Path, validation: Validation) -> None:
    """Rewrite the staged files: what is published is what stands in the folder afterwards.

    Tables that lose no row keep their bytes.
    """
    from pipeline.publish import to_tables, write_parquet

    content = read_staged(staged)
    refused = {table: {r.row for r in rows} for table, rows in validation.refused.items()}
    changed = {table: _kept(content, table, refused) for table in refused}
    if refused:
        changed["residuals"] = [*_kept(content, "residuals", refused), *_residuals(content, validation)]
    if "targets" in refused:
        lost = validation.refused["targets"]
        changed["tasks"] = [_without_targets(task, lost) for task in _kept(content, "tasks", refused)]
    changed["checks"] = [dict(c) for c in validation.checks]
    made = to_tables({"issues": content.tables["issues"].to_pylist(), **changed})
    for table in changed:
        write_parquet(made[table], staged / f"{table}.parquet")


def _kept(staged: Staged, table: str, refused: Mapping[str, set[int]]) -> list[Row]:
    gone = refused.get(table, set())
    return [row for n, row in enumerate(staged.tables[table].to_pylist()) if n not in gone]


def _residuals(staged: Staged, validation: Validation) -> Iterator[Row]:
    """A row for each refused one, with what it quotes where that is still in the text."""
    refused = {table: {r.row for r in rows} for table, rows in validation.refused.items()}
    measures = {row["measure_id"] for row in _kept(staged, "measures", refused)}
    number = 0
    for table, refusals in validation.refused.items():
        rows = staged.tables[table].to_pylist()
        for refusal in refusals:
            number += 1
            row = rows[refusal.row]
            measure = row.get("measure_id")
            yield {
                "residual_id": f"{validation.issue_id}/refused{number}",
                "issue_id": validation.issue_id,
                "measure_id": measure if measure in measures else None,
                "kind": "row",
                "reason": refusal.expectation,
                **_place(staged.text, row),
            }


def _place(text: str, row: Mapping[str, Any]) -> Row:
    """Offsets and quote as the text has them, whatever the refused row said; nulls for a row with no place in it."""
    start, end = row.get("char_start"), row.get("char_end")
    place = {"page": row.get("page"), "line": row.get("line")}
    if start is None or end is None or not 0 <= start < end <= len(text):
        return {"quote": None, "char_start": None, "char_end": None, **place}
    return {"quote": text[start:end], "char_start": start, "char_end": end, **place}


def _without_targets(task: Row, refused: tuple[Refusal, ...]) -> Row:
    """A task as it is without its refused numbers: to be looked at, its line of goals dropped."""
    gone = {r.key: r for r in refused}
    lost = [t["target_id"] for t in task["targets"] or () if t["target_id"] in gone]
    if not lost:
        return task
    reasons = [*(task["reasons"] or ()), *(f"refused {i}: {gone[i].expectation}" for i in lost)]
    targets = [t for t in task["targets"] if t["target_id"] not in gone]
    return {**task, "targets": targets, "target": None, "review": True, "reasons": reasons}
