"""What a page shows: words, ruled lines, and the strips and tables that are made of them.

Points from the top left corner. Nothing here knows where a page came from: a PDF's characters
and the lines that character recognition finds are words alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.model import Box, Doubt


class Word(NamedTuple):
    """Characters that stand together, upright: one of them or many."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    doubts: tuple[Doubt, ...] = ()  # characters recognised in a picture that are less than sure


class Rule(NamedTuple):
    """A ruled line, horizontal or vertical, or a thin filled box."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Page:
    """A page as shown: rotation is undone, nothing is printed twice."""

    number: int  # from 1
    width: float
    height: float
    words: Sequence[Word]
    rules: Sequence[Rule] = ()


@dataclass(slots=True)
class Strip:
    """Words that touch on one line: a line of a column, a cell of a table without rules."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    doubts: tuple[Doubt, ...] = ()

    @property
    def box(self) -> Box:
        """Where it stands."""
        return (self.x0, self.top, self.x1, self.bottom)


@dataclass(slots=True)
class Table:
    """Rows of cells; a cell over several places has its text in the first of them."""

    rows: list[list[str]]
    x0: float
    top: float
    x1: float
    bottom: float
    edges: list[float] = field(default_factory=list)  # x of the column borders, left to right
    size: float = 0.0
    doubts: dict[tuple[int, int], float] = field(default_factory=dict)  # by row and column

    @property
    def box(self) -> Box:
        """Where it stands."""
        return (self.x0, self.top, self.x1, self.bottom)


Element = Strip | Table


def same_row(a: Element, b: Element) -> bool:
    """Whether two elements stand beside each other: half of the lower one's height is shared."""
    shared = min(a.bottom, b.bottom) - max(a.top, b.top)
    return shared > 0.5 * min(a.bottom - a.top, b.bottom - b.top)
