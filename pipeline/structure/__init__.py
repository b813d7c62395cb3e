"""`Text` to `Outline`: the parts of an issue, from what is printed."""

from __future__ import annotations

from pipeline.model import Document, Outline, Text
from pipeline.structure.documents import documents
from pipeline.structure.leftovers import leftovers
from pipeline.structure.lines import rows
from pipeline.structure.masthead import front
from pipeline.structure.split import split

__all__ = ["leftovers", "outline"]


def outline(text: Text) -> Outline:
    """Masthead, documents, measures and tables of a canonical text. Never fails on odd text."""
    lines = rows(text)
    head = front(text.text, lines)
    found: list[Document] = []
    for part in split(text.text, lines[head.body :], head):
        found += documents(text, part, len(found) + 1)
    return Outline(head.masthead, tuple(found))
