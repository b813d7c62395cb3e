"""`Text` to `Outline`: the parts of an issue, from what is printed."""

from __future__ import annotations

from pipeline.model import Outline, Text
from pipeline.structure.documents import document
from pipeline.structure.leftovers import leftovers
from pipeline.structure.lines import rows
from pipeline.structure.masthead import front
from pipeline.structure.split import split

__all__ = ["leftovers", "outline"]


def outline(text: Text) -> Outline:
    """Masthead, documents, measures and tables of a canonical text. Never fails on odd text."""
    lines = rows(text)
    head = front(text.text, lines)
    parts = split(text.text, lines[head.body :], head)
    documents = tuple(document(text, part, i) for i, part in enumerate(parts, 1))
    return Outline(head.masthead, documents)
