"""What of a text belongs to no heading, measure, head or annex: nothing is lost in silence."""

from __future__ import annotations

from pipeline.model import Outline, Text


def leftovers(text: Text, outline: Outline) -> list[tuple[int, int, str]]:
    """Spans (start, end, reason) of lines outside all measures and document heads."""
    out: list[tuple[int, int, str]] = []
    for p in text.paragraphs:
        if not any(m.start < p.end and p.start < m.end for d in outline.documents for m in d.measures):
            out.append((p.start, p.end, "outside"))
    return out
