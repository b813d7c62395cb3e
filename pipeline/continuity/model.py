"""What is known of issues and sources, and what follows from it: plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Cadence = Literal["daily", "weekly", "monthly", "quarterly", "yearly", "irregular"]
#: Best first: of several files of one number, the first that is of the best kind stands for it.
#: `listed`: on the list of a source and not fetched. `notice`: a single notice, which has no number.
Kind = Literal["parsed", "without_tasks", "unreadable", "fetched", "listed", "notice"]
KINDS: tuple[Kind, ...] = ("parsed", "without_tasks", "unreadable", "fetched", "listed", "notice")
Status = Literal["missing", "doubtful", "earlier", "expected", "overdue"]
READ: frozenset[Kind] = frozenset(("parsed", "without_tasks"))


@dataclass(frozen=True, slots=True)
class Source:
    """A source as far as continuity asks: `looked_at` where its lists have been read."""

    name: str
    title: str
    division: str
    cadence: Cadence
    looked_at: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """An issue or file that is known. `key` tells it from all others; numbers are null where nothing prints them."""

    kind: Kind
    key: str
    gazette: str | None = None
    region_code: str | None = None
    source: str | None = None
    year: int | None = None
    first: int | None = None
    last: int | None = None  # of a combined issue
    total: int | None = None
    total_last: int | None = None
    dated: date | None = None
    issue_id: str | None = None
    file: str | None = None
    reason: str | None = None
    basis: str = "printed"

    @property
    def numbers(self) -> range:
        """The numbers that it is printed under; none without a first one."""
        return range(0) if self.first is None else range(self.first, (self.last or self.first) + 1)

    @property
    def has_one_total(self) -> bool:
        """A combined issue that the total number counts as one."""
        return self.total is not None and len(self.numbers) > 1 and self.total_last is None

    @property
    def printed_on(self) -> date | None:
        """The date of its masthead: that of a list may be the day on which a whole archive was put there."""
        return self.dated if self.basis == "printed" else None

    @property
    def seen_on(self) -> date | None:
        """A date by which it had come out, of the year it is numbered in."""
        fits = self.dated and (self.year is None or self.dated.year in (self.year, self.year + 1))
        return self.dated if fits else None

    def total_of(self, number: int) -> int | None:
        """The total number that goes with one of its numbers."""
        if self.total is None or self.has_one_total or self.first is None:
            return self.total
        return self.total + number - self.first

    def order(self) -> tuple[object, ...]:
        """Sorts issues alike, however they came."""
        return (self.year or 0, self.first or 0, self.total or 0, KINDS.index(self.kind), self.key)


@dataclass(frozen=True, slots=True)
class Gazette:
    """A gazette with all that is known of it; `name` null for files of which nothing is known."""

    name: str | None
    region_code: str | None
    sources: tuple[str, ...] = ()
    cadence: Cadence | None = None  # null: irregular, or no source says
    looked_at: bool = False
    known: tuple[Known, ...] = ()


@dataclass(frozen=True, slots=True)
class Absent:
    """A number that is not held."""

    status: Status
    basis: str
    year: int | None = None
    number: int | None = None
    total: int | None = None
    reason: str | None = None
    expected_by: date | None = None


@dataclass(slots=True)
class Findings:
    """Doubts by the key of an issue (kind of doubt, line for people), and the numbers that are not held.

    `strays` are issues of which the year may be misprinted.
    """

    doubts: dict[str, tuple[str, str]] = field(default_factory=dict)
    strays: list[Known] = field(default_factory=list)
    absent: list[Absent] = field(default_factory=list)

    def doubt(self, issue: Known, kind: str, reason: str) -> None:
        """Enter a doubt; the first one of an issue stands."""
        self.doubts.setdefault(issue.key, (kind, reason))
