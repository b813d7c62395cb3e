"""Sentences with marked numbers (⟦⟧) through the work on targets, for the examples of rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from unittest.mock import patch

from pipeline.assemble import targets as module
from pipeline.assemble.kinds import Context, kind_of
from pipeline.assemble.targets import Target, targets
from pipeline.assemble.timing import Timeline
from pipeline.assemble.work import Found, bench
from pipeline.find.nlp import annotate
from pipeline.model import Measure

_MARKED = re.compile(r"⟦(.+?)⟧")
_BASE = date(2024, 3, 1)


@dataclass(frozen=True)
class Seen:
    """A marked number: what stands around it, and what became of it."""

    context: Context
    target: Target


def seen(marked: str) -> list[Seen]:
    """The marked numbers of a measure; its title stands before " / "."""
    title, _, body = marked.rpartition(" / ")
    text = _MARKED.sub(r"\1", body)
    data = annotate(text, _BASE, _BASE.year).user_data
    measure = Measure(1, "", (), title, "1", 0, len(text), 0)
    work = bench(text, measure, Found(data["times"], data["quantities"], data["modality"]), (), ())
    contexts: list[Context] = []

    def record(context: Context) -> tuple[str, str]:
        contexts.append(context)
        return kind_of(context)

    with patch.object(module, "kind_of", record):
        found = targets(work, Timeline(work))
    pairs = [Seen(c, t) for c, t in zip(contexts, found, strict=True)]
    places = [(m.start() - 2 * k, m.end() - 2 * k - 2) for k, m in enumerate(_MARKED.finditer(body))]
    out = [next((p for p in pairs if a <= p.target.quantity.start < b), None) for a, b in places]
    assert out and all(out), f"a marked number is no quantity: {marked}"
    return [p for p in out if p]
