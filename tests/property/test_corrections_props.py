"""Whatever reviewers say of the rows of an issue, the corrected rows are sound, and their order does not matter."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from corrected import correction, exported, hold

from pipeline import parse
from pipeline.corrections.apply import apply
from pipeline.corrections.line import Correction
from pipeline.corrections.match import KEYS

SAMPLE = parse(Path(__file__).parents[2] / "raw" / "yunhai-2025-03.md")
EDITS: dict[str, list[dict[str, Any]]] = {
    "tasks": [
        {"action": "另一动作"},
        {"due_on": "2031-12-31"},
        {"lead": ["市财政局"]},
        {"lead": [], "responsible": ["国家税务总局"], "support": []},
        {"deadline": None, "starts_on": None, "due_on": None, "recurrence": None},
        {"recurrence": "monthly"},
    ],
    "responsibilities": [{"role": "lead"}, {"name": "市水利局"}, {"name": "无人知晓的单位"}],
    "deadlines": [{"due_on": "2031-12-31"}, {"recurrence": "yearly"}],
    "targets": [{"low": "5"}, {"kind": "fact"}, {"op": "range", "low": "1", "high": "2"}, {"indicator": "另一指标"}],
}
ADDED: dict[str, dict[str, Any]] = {
    "tasks": {"action": "补上的动作", "due_on": "2031-12-31"},
    "responsibilities": {"name": "市财政局", "role": "support"},
    "deadlines": {"due_on": "2031-12-31"},
    "targets": {"kind": "goal", "op": ">=", "low": "3", "unit": "个"},
}


def any_correction(random: Random) -> Correction:
    name = random.choice(list(KEYS))
    row = random.choice(SAMPLE.records[name])
    action = random.choice(["edit", "edit", "wrong", "confirm", "add"])
    if action == "add":
        start = row["char_start"]
        place = {"char_start": start, "char_end": min(row["char_end"], start + random.randint(1, 12))}
        return correction(exported(SAMPLE, "add", name, place, **ADDED[name]))
    fields = random.choice(EDITS[name]) if action == "edit" else {}
    return correction(exported(SAMPLE, action, name, row, **fields))


@pytest.mark.parametrize("seed", range(12))
def test_any_corrections(seed: int) -> None:
    random = Random(seed)
    corrections = list({c.id: c for c in (any_correction(random) for _ in range(30))}.values())
    rows, findings = apply(SAMPLE.records, SAMPLE.text, corrections)
    hold(rows, SAMPLE)
    assert len(findings) == len(corrections)
    random.shuffle(corrections)
    assert apply(SAMPLE.records, SAMPLE.text, corrections)[0] == rows
