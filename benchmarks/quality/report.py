"""docs/quality.md and its plot, from the figures kept in tests/gold/baseline.json and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from string import Template
from typing import Any

from benchmarks.quality.plot import reliability_plot
from benchmarks.quality.texts import ROOT
from pipeline.rules import explain

TEMPLATE = Path(__file__).with_name("page.md")
PAGE, PLOT = ROOT / "docs" / "quality.md", ROOT / "docs" / "reliability.svg"
SHORT = {
    "documents": "documents",
    "measures": "measures",
    "departments": "bodies",
    "departments+role": "+ role",
    "quantities": "numbers",
    "goals": "goals",
    "timings": "times",
    "actions": "actions",
    "cells": "cells",
    "accuracy of op": "op",
    "accuracy of due": "due",
    "accuracy of kind": "kind",
    "accuracy of indicator": "indicator",
}
_REASONS = 12  # the reasons that hold most characters

Data = dict[str, Any]


def page(data: Data) -> str:
    """The whole of docs/quality.md."""
    parts = {
        "layers": _layers(data),
        "texts": _texts(data),
        "coverage": _coverage(data),
        "reasons": _reasons(data),
        "bins": _bins(data),
        "fields": _fields(data),
        "review": _review(data),
    }
    return Template(TEMPLATE.read_text("utf-8")).substitute(parts)


def write(data: Data) -> None:
    """Writes page and plot."""
    PAGE.write_text(page(data), encoding="utf-8")
    PLOT.write_text(reliability_plot(data["confidence"]), encoding="utf-8")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|---" + "|--:" * (len(head) - 1) + "|"]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def _layers(data: Data) -> str:
    first, second = data["groups"]["first"], data["groups"]["second"]
    rows = [
        [layer, *_figure(first.get(layer)), *_figure(second.get(layer))]
        for layer in SHORT
        if layer in first or layer in second
    ]
    head = ["layer", *(f"{name} {what}" for name in ("first", "second") for what in ("P", "R", "F1", "n"))]
    return _table(head, rows)


def _figure(figure: Data | None) -> list[str]:
    if figure is None:
        return ["–"] * 4
    both = [f"{figure[k]:.3f}" if k in figure else "" for k in ("p", "r")]
    return [*both, f"{figure['f1']:.3f}", str(figure["n"])]


def _texts(data: Data) -> str:
    rows = []
    for stem, text in data["texts"].items():
        figures = (text["figures"].get(layer) for layer in SHORT)
        rows.append([f"{text['group']} · {stem}", *(f"{f['f1']:.3f}" if f else "–" for f in figures)])
    return _table(["text", *SHORT.values()], rows)


def _coverage(data: Data) -> str:
    kinds = sorted({kind for text in data["texts"].values() for kind in text["coverage"]["rows"]})
    rows = []
    for stem, text in data["texts"].items():
        found = text["coverage"]
        whole = max(found["measures"], 1)
        shares = (f"{found[k] / whole:.1%}" for k in ("tasks", "brackets", "residuals"))
        rows.append([stem, str(found["measures"]), *shares, *(str(found["rows"].get(k, 0)) for k in kinds)])
    return _table(["text", "characters", "in tasks", "brackets", "residuals", *(f"{k} rows" for k in kinds)], rows)


def _reasons(data: Data) -> str:
    held: Counter[str] = Counter()
    texts: Counter[str] = Counter()
    for text in data["texts"].values():
        held.update(text["coverage"]["reasons"])
        texts.update(text["coverage"]["reasons"].keys())
    rows = []
    for reason, count in sorted(held.items(), key=lambda item: (-item[1], item[0]))[:_REASONS]:
        rule = explain(reason)
        rows.append([f"`{reason}` {rule['note'] if rule else ''}".strip(), str(count), str(texts[reason])])
    return _table(["reason", "characters", "texts"], rows)


def _bins(data: Data) -> str:
    first, second = (data["confidence"][g]["bins"] for g in ("first", "second"))
    rows = [
        [f"{a['from']:.2f} – {a['to']:.2f}", *_reliability(a), *_reliability(b)]
        for a, b in zip(first, second, strict=True)
        if a["n"] or b["n"]
    ]
    return _table(["confidence", *_twice("fields", "mean", "right")], rows)


def _fields(data: Data) -> str:
    first, second = (data["confidence"][g]["fields"] for g in ("first", "second"))
    rows = [[name, *_reliability(first[name]), *_reliability(second[name])] for name in first]
    return _table(["field", *_twice("fields", "mean", "right")], rows)


def _twice(*what: str) -> list[str]:
    return [f"{name} {w}" for name in ("first", "second") for w in what]


def _reliability(row: Data) -> list[str]:
    if not row["n"]:
        return ["0", "–", "–"]
    return [str(row["n"]), f"{row['confidence']:.3f}", f"{row['right'] / row['n']:.3f}"]


def _review(data: Data) -> str:
    rows = []
    for group, figures in data["confidence"].items():
        asked, other = figures["asked"], figures["not asked"]
        wrong = [f["n"] - f.get("right", 0) for f in (asked, other)]
        share = f"{wrong[0] / sum(wrong):.1%}" if sum(wrong) else "–"
        whole = asked["n"] + other["n"]
        row = [
            group,
            f"{asked['n'] / whole:.1%}",
            _right(asked),
            _right(other),
            f"{wrong[0]} of {sum(wrong)} ({share})",
        ]
        rows.append(row)
    return _table(["gold", "fields asked about", "right of these", "right of the rest", "wrong fields found"], rows)


def _right(figures: Data) -> str:
    return f"{figures['right'] / figures['n']:.3f}" if figures["n"] else "–"
