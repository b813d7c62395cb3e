"""tests/gold/baseline.json: the figures kept, and what has changed since.

Of the annotated fields only the wrong ones are kept, by a hash of what the annotation
says; the words and their sentences are read from the texts when they are printed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.quality.learn import cases, figures, held_out
from benchmarks.quality.texts import ROOT, GoldText, referee
from benchmarks.quality.verdicts import Judged, Verdict

PATH = ROOT / "tests" / "gold" / "baseline.json"
ALLOWED = 0.003  # a layer of a gold may fall by so much
_WIDTH = 160  # characters of a sentence that are printed

Data = dict[str, Any]


def measure(judged: Sequence[Judged]) -> Data:
    """All that is kept."""
    return {
        "groups": {group: _total([j for j in judged if j.text.group == group]) for group in _groups(judged)},
        "texts": {j.text.stem: _of_text(j) for j in judged},
        "confidence": figures(held_out(cases(judged))),
    }


def _groups(judged: Sequence[Judged]) -> list[str]:
    return list(dict.fromkeys(j.text.group for j in judged))


def _total(judged: Sequence[Judged]) -> Data:
    total = referee().Tally()
    for one in judged:
        total += one.tally
    return dict(total.figures())


def _of_text(judged: Judged) -> Data:
    wrong = sorted(v.key for v in judged.verdicts if not v.right and not v.extra)
    extra = sorted(v.key for v in judged.verdicts if v.extra)
    return {
        "group": judged.text.group,
        "figures": judged.tally.figures(),
        "coverage": coverage(judged.text),
        "wrong": " ".join(wrong),
        "extra": " ".join(extra),
    }


def coverage(text: GoldText) -> Data:
    """Where the words of a text went: characters of its measures, in tasks, in the ledger; rows of the ledger."""
    inside = _offsets(text.rows("measures"))
    tasks = inside & _offsets(text.rows("tasks"))
    words = [r for r in text.rows("residuals") if r["measure_id"] and r["kind"] == "text"]
    rest = (inside & _offsets(words)) - tasks
    reasons: Counter[str] = Counter()
    for row in words:
        reasons[row["reason"]] += row["char_end"] - row["char_start"]
    kinds = Counter(r["kind"] for r in text.rows("residuals"))
    return {
        "measures": len(inside),
        "tasks": len(tasks),
        "residuals": len(rest),
        "brackets": len(inside) - len(tasks) - len(rest),
        "rows": dict(sorted(kinds.items())),
        "reasons": dict(sorted(reasons.items())),
    }


def _offsets(rows: Sequence[Data]) -> set[int]:
    return {i for row in rows if row["char_start"] is not None for i in range(row["char_start"], row["char_end"])}


def load() -> Data:
    """The figures kept."""
    return dict(json.loads(PATH.read_text("utf-8")))


def save(data: Data, path: Path = PATH) -> None:
    """Writes the figures, one short object a line."""
    path.write_text(_lines(data, 0) + "\n", encoding="utf-8")


def _lines(value: Any, depth: int) -> str:
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict) or (len(flat) < 120 and depth > 1):
        return flat
    inner = (f"{' ' * (depth + 1)}{json.dumps(k)}: {_lines(v, depth + 1)}" for k, v in value.items())
    return "{\n" + ",\n".join(inner) + "\n" + " " * depth + "}"


def drops(kept: Data, now: Data) -> list[str]:
    """Layers of a gold that fell by more than is allowed, in words."""
    out = []
    for group, layers in kept["groups"].items():
        for layer, figure in layers.items():
            value = now["groups"].get(group, {}).get(layer, {"f1": 0.0})["f1"]
            if value < figure["f1"] - ALLOWED:
                out.append(f"{group} gold, {layer}: {figure['f1']:.4f} → {value:.4f}")
    return out


def changes(kept: Data, judged: Judged) -> tuple[list[Verdict], list[Verdict]]:
    """(gained, lost) fields of a text; a new row that the gold does not have is lost."""
    before = kept["texts"].get(judged.text.stem, {"wrong": "", "extra": ""})
    wrong, extra = set(before["wrong"].split()), set(before["extra"].split())
    gained = [v for v in judged.verdicts if v.right and v.key in wrong]
    lost = [v for v in judged.verdicts if not v.right and v.key not in (extra if v.extra else wrong)]
    return gained, lost


def sentence(text: GoldText, verdict: Verdict) -> str:
    """The sentence that the words of a verdict stand in, from the text; empty where they are not found."""
    whole = text.text
    start, end = verdict.span or (0, len(whole))
    at = whole.find(verdict.quote, start, end) if verdict.quote else -1
    at = whole.find(verdict.quote) if at < 0 and verdict.quote else at
    if at < 0:
        return ""
    left = max(whole.rfind(mark, 0, at) for mark in "。\n；") + 1
    ends = [i for mark in "。\n；" if (i := whole.find(mark, at + len(verdict.quote))) >= 0]
    found = whole[left : min(ends, default=len(whole))]
    low = max(0, min(at - left - _WIDTH // 2, len(found) - _WIDTH))
    return ("…" if low else "") + found[low : low + _WIDTH] + ("…" if len(found) > low + _WIDTH else "")
