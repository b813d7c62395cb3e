"""How often a field was right by the marks it bore, and whether that holds on texts left out."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.quality.texts import OWNED, Row
from benchmarks.quality.verdicts import Judged
from pipeline.assemble.confidence import Reliability, asks, marked, sure

#: A case of the first gold counts half: the rules were written against it, and on it they are right too often.
WEIGHT = {"first": 0.5, "second": 1.0}
BINS = (0.0, 0.7, 0.85, 0.9, 0.95, 0.98, 1.0)
FIELDS = ("action", "owner", "due", "value", "op", "kind", "indicator")


@dataclass(frozen=True, slots=True)
class Case:
    """A field that the gold settles, with its marks."""

    group: str
    stem: str
    field: str
    marks: tuple[str, ...]
    right: bool

    @property
    def weight(self) -> float:
        return WEIGHT[self.group]


@dataclass(frozen=True, slots=True)
class Tried:
    """A case with the confidence that was learned without its text."""

    case: Case
    confidence: float
    asked: bool


def cases(judged: Iterable[Judged]) -> list[Case]:
    """All fields of all texts that can be learned from."""
    out = []
    for one in judged:
        groups: defaultdict[str, dict[str, list[Row]]] = defaultdict(lambda: {t: [] for t in OWNED})
        for table in OWNED:
            for row in one.text.rows(table):
                groups[row["measure_id"]][table].append(row)
        marks = {(id(row), field): m for rows in groups.values() for row, field, _, m in marked(rows)}
        for label in one.labels:
            found = marks[id(label.row), label.name]
            out.append(Case(one.text.group, one.text.stem, label.name, found, label.right))
    return out


@cache
def _read() -> dict[str, dict[str, list[int]]]:
    return tomllib.loads((Path(__file__).parent / "read.toml").read_text("utf-8"))


def learn(known: Sequence[Case]) -> dict[str, dict[str, Any]]:
    """Field → its share right on the second gold (`base`), and of each mark the cases right and seen on both."""
    out: dict[str, dict[str, Any]] = {}
    for name in FIELDS:
        mine = [c for c in known if c.field == name]
        counts: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        counts.update((mark, [float(a), float(b)]) for mark, (a, b) in _read().get(name, {}).items())
        unseen = [sum(c) for c in zip(*counts.values(), strict=True)] or [0.0, 0.0]
        for case in mine:
            for mark in set(case.marks):
                counts[mark][0] += case.weight * case.right
                counts[mark][1] += case.weight
        later = [c.right for c in mine if c.group == "second"]
        right, seen = unseen[0] + sum(later), unseen[1] + len(later)
        base = round((right + 3.6) / (seen + 4), 4)  # nine of ten where nothing is known
        out[name] = {"base": base, "marks": dict(sorted(counts.items()))}
    return out


def held_out(known: Sequence[Case]) -> list[Tried]:
    """Every case by what the other texts teach."""
    out = []
    for stem in dict.fromkeys(c.stem for c in known):
        reliability: Reliability = learn([c for c in known if c.stem != stem])
        for case in (c for c in known if c.stem == stem):
            value, _ = sure(reliability, case.field, case.marks)
            out.append(Tried(case, value, bool(asks(value, case.marks))))
    return out


def figures(tried: Sequence[Tried]) -> dict[str, Any]:
    """What docs/quality.md tells of confidence, for each gold."""
    out: dict[str, Any] = {}
    for group in WEIGHT:
        mine = [t for t in tried if t.case.group == group]
        out[group] = {
            "fields": {f: _row([t for t in mine if t.case.field == f]) for f in FIELDS},
            "bins": [
                {"from": low, "to": high, **_row([t for t in mine if _within(t.confidence, low, high)])}
                for low, high in pairwise(BINS)
            ],
            "asked": _row([t for t in mine if t.asked]),
            "not asked": _row([t for t in mine if not t.asked]),
        }
    return out


def _within(value: float, low: float, high: float) -> bool:
    return low <= value < high or high == BINS[-1] <= value


def _row(tried: Sequence[Tried]) -> dict[str, float]:
    n = len(tried)
    if not n:
        return {"n": 0}
    right = sum(t.case.right for t in tried)
    return {"n": n, "right": right, "confidence": round(sum(t.confidence for t in tried) / n, 4)}


def toml(reliability: Reliability) -> str:
    """pipeline/rules/reliability.toml."""
    lines = [
        "# How often a field was right on the annotated texts by each of its marks: [right, seen], a case of the first",
        "# gold counting half; `base` is the field's share on the second. Made by `make quality UPDATE=1`.",
    ]
    for name, learned in reliability.items():
        lines += ["", f"[{name}]", f"base = {learned['base']}", "", f"[{name}.marks]"]
        lines += [f'"{mark}" = [{right}, {seen}]' for mark, (right, seen) in learned["marks"].items()]
    return "\n".join(lines) + "\n"
