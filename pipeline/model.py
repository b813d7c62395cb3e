"""The types a bulletin passes through, from bytes to meaning.

Every type is immutable. Offsets are code points into the canonical text
(`Text.text`), end exclusive, unless a docstring says otherwise.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

Op = Literal["=", ">=", ">", "<=", "<", "~", "range"]
Role = Literal["lead", "support", "responsible", "implement"]
Match = Literal["exact", "alias", "elided", "corrected", "unknown"]
Precision = Literal["day", "month", "quarter", "half", "year", "period"]
Basis = Literal["explicit", "year_inferred", "plan_period", "relative", "span"]
#: What a time expression does in its sentence. Only `bound` and `validity`
#: bound work; the others are kept so that none is lost in silence.
TimeUse = Literal["bound", "validity", "permission", "baseline", "condition", "name", "citation"]


#: x0, top, x1, bottom in points from the top left corner of a page.
Box = tuple[float, float, float, float]
#: A place in a text and how sure the character there was recognised, 0 to 1.
Doubt = tuple[int, float]

# --- read: what stands in the source ------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the source as printed: no canonicalisation, no line end."""

    text: str
    number: int  # from 1, counted in the source (in the page where there are pages)
    page: int | None = None
    heading: int = 0  # the level the source claims (markdown #, HTML h1-h6), 0 for none
    box: Box | None = None  # where it stands on its page
    follows: bool | None = None  # continues the line before it, by the layout; null where that does not say
    doubts: tuple[Doubt, ...] = ()  # characters recognised in a picture that are less than sure


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of the source: rows of cells as printed, ragged rows allowed."""

    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]  # source line of each row
    page: int | None = None
    doubts: tuple[tuple[int, int, float], ...] = ()  # row, column, and how sure its least sure character is


Block = Line | Grid


@dataclass(frozen=True, slots=True)
class Note:
    """What of a page could not be read, and why; `lost` counts its characters."""

    page: int
    reason: str
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """A file as read: its identity and its blocks in reading order."""

    name: str
    sha256: str
    media_type: str
    blocks: tuple[Block, ...]
    encoding: str | None = None
    pages: int | None = None
    notes: tuple[Note, ...] = ()


# --- text: the canonical text and the way back --------------------------------------


@dataclass(frozen=True, slots=True)
class Segment:
    """`text[start:end]` of the canonical text was made from one place of the source."""

    start: int
    end: int
    page: int | None
    line: int
    column: int  # code points into the source line, from 0
    box: Box | None = None  # of these characters


def part_of(box: Box, text: str, start: int, end: int) -> Box:
    """The box of text[start:end] in a line whose box is known: ASCII is half as wide as other characters."""
    x0, top, x1, bottom = box
    em = (x1 - x0) / max(0.5, _ems(text))
    left = x0 + em * _ems(text[:start])
    return (left, top, left + em * _ems(text[start:end]), bottom)


def _ems(text: str) -> float:
    return len(text) - sum(map(str.isascii, text)) / 2


def _around(a: Box, b: Box) -> Box:
    return (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of the canonical text: `text.text[start:end]` has no line end."""

    start: int
    end: int
    heading: int = 0  # the level claimed by the source; structure may overrule it


@dataclass(frozen=True, slots=True)
class PlacedGrid:
    """A table cut out of the text; `at` is the offset where it stood."""

    grid: Grid
    at: int


@dataclass(frozen=True, slots=True)
class Text:
    """The canonical text of a source (CONTRACT: Grounding) with the map back to it."""

    text: str
    paragraphs: tuple[Paragraph, ...]
    grids: tuple[PlacedGrid, ...]
    segments: tuple[Segment, ...]  # ascending, without gaps except at line ends
    source: Source
    doubts: tuple[Doubt, ...] = ()  # ascending
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)
    boxed: bool = field(init=False, repr=False, compare=False)  # whether any line has a box

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", tuple(s.start for s in self.segments))
        object.__setattr__(self, "boxed", any(s.box is not None for s in self.segments))

    def segment_at(self, offset: int) -> Segment | None:
        """The segment that holds `offset`, or the nearest before it."""
        i = bisect_right(self._starts, offset) - 1
        return self.segments[i] if i >= 0 else None

    def sureness(self, start: int, end: int) -> float:
        """How sure the least sure character of text[start:end] was recognised; 1 where nothing had to be."""
        first = bisect_left(self.doubts, (start, 0.0))
        return min((sure for _, sure in self.doubts[first : bisect_left(self.doubts, (end, 0.0))]), default=1.0)

    def page_at(self, offset: int) -> int | None:
        """Page (from 1) of a character, null where the source has no pages."""
        segment = self.segment_at(offset)
        return segment.page if segment else None

    def boxes(self, start: int, end: int) -> tuple[tuple[int, Box], ...]:
        """(page, box) of each line of the source that text[start:end] stands on; empty where the source has none."""
        found: dict[tuple[int, int], Box] = {}
        low, high = max(0, bisect_right(self._starts, start) - 1), bisect_left(self._starts, end)
        for segment in self.segments[low:high] if self.boxed else ():
            if segment.box is None or segment.page is None or segment.end <= start:
                continue
            words = self.text[segment.start : segment.end]
            first, last = max(0, start - segment.start), min(end, segment.end) - segment.start
            box = part_of(segment.box, words, first, last)
            key = (segment.page, segment.line)
            found[key] = _around(found[key], box) if key in found else box
        return tuple((page, box) for (page, _), box in found.items())


# --- structure: the parts of an issue -----------------------------------------------


@dataclass(frozen=True, slots=True)
class Masthead:
    """What the head of a gazette issue prints; null where it prints nothing."""

    gazette: str | None = None
    publisher: str | None = None
    year: int | None = None
    issue_no: int | None = None
    total_no: int | None = None
    published_on: date | None = None
    issue_no_last: int | None = None  # of a combined issue (合刊)
    total_no_last: int | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A document that the text cites: 《title》 and its 发文字号 when printed."""

    title: str
    doc_number: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Item:
    """A labelled sub-item inside a measure: （1） …, ① …."""

    label: str
    start: int  # of the label
    end: int


@dataclass(frozen=True, slots=True)
class Measure:
    """The lowest numbered or headed item that states work, with all under it."""

    ordinal: int  # in its document, from 1
    label: str  # as printed: "4.", "（一）", "" for 前言 and 结语
    path: tuple[str, ...]  # headings above it, as printed
    title: str  # no number, no final 。
    key: str  # path of printed labels for measure_id: "2.1.3", repeats "-2"; in a text annex "a1.2.1"
    start: int  # of the label
    end: int
    body_start: int  # after label; after the title too where the title is a heading of its own
    items: tuple[Item, ...] = ()
    rule: str = ""

    @property
    def parent(self) -> str | None:
        return self.path[-1] if self.path else None

    @property
    def annexed(self) -> bool:
        """Whether it stands in an annex; the path begins with its title then."""
        return self.key.startswith("a")


@dataclass(frozen=True, slots=True)
class LeadIn:
    """A heading with items under it, and the text between both: 到2025年，实现以下目标：."""

    title: str
    start: int  # of the label
    end: int  # of its own text
    until: int  # end of the last item under it


@dataclass(frozen=True, slots=True)
class AnnexTable:
    """A table with the annex it stands in (null in the body)."""

    grid: PlacedGrid
    title: str | None
    annex_no: int | None
    labelled: bool = True  # false: no 附件N stands over it, the number is that of its title in the list of annexes


@dataclass(frozen=True, slots=True)
class Document:
    """A document of an issue (GB/T 9704): its head, its measures, its tables."""

    ordinal: int
    start: int  # of its first line
    end: int
    head_start: int  # the printed title(s): what grounds the document row
    head_end: int
    category: str | None = None
    doc_number: str | None = None
    notice_title: str | None = None
    title: str | None = None
    doc_type: str | None = None
    issuer: str | None = None  # full official name
    written_on: date | None = None
    addressees: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    cites: tuple[Citation, ...] = ()
    measures: tuple[Measure, ...] = ()
    tables: tuple[AnnexTable, ...] = ()
    rules: tuple[tuple[str, str], ...] = ()  # (field, rule id)
    lead_ins: tuple[LeadIn, ...] = ()  # ascending by start; they nest


@dataclass(frozen=True, slots=True)
class Outline:
    """The structure of one source: masthead (empty for a single notice), documents."""

    masthead: Masthead
    documents: tuple[Document, ...]


# --- find: spans with a type --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with a unit. Offsets into the text that was searched.

    `low` and `high` have multipliers in (4.05万亩: 40500 亩). `cue_start`/`cue_end`
    take in the words that make the comparison (不低于85%, 90%以上) too.
    """

    start: int
    end: int
    op: Op
    low: Decimal
    high: Decimal
    unit: str  # as printed without 万/亿; "比" for ratios
    printed: str
    rule: str
    cue_start: int
    cue_end: int
    unit_code: str | None = None  # UCUM
    dimension: str | None = None  # share, count, money, area, …
    group: int | None = None  # members of one coordinated list (10、35、50毫克/立方米) share it
    rules: tuple[tuple[str, str], ...] = ()  # further (field, rule id)


@dataclass(frozen=True, slots=True)
class Time:
    """A time expression. Offsets into the text that was searched.

    `starts_on`/`due_on` are the first and last day it admits; null where the text
    and `base` do not settle them.
    """

    start: int
    end: int
    starts_on: date | None
    due_on: date | None
    precision: Precision | None
    recurrence: str | None
    basis: Basis
    use: TimeUse
    printed: str
    rule: str
    group: int | None = None  # members of one list (2024、2025年) share it
    use_rule: str = ""  # id of the rule that decided `use`; "" for the ordinary use, bound


@dataclass(frozen=True, slots=True)
class Territory:
    """The area a body answers for (GB/T 2260)."""

    code: str  # six digits; "000000" national
    name: str  # 焦作市; "" national
    level: Literal["national", "province", "city", "county", "town"]
    province: str = ""  # name of the province, "" national


@dataclass(frozen=True, slots=True)
class Organisation:
    """A body with its full official name."""

    org_id: str
    name: str
    level: str  # national, province, city, county, town
    kind: str  # department, party, government, vertical, institution, enterprise, group
    region_code: str | None
    parent_org_id: str | None = None


@dataclass(frozen=True, slots=True)
class Responsibility:
    """An organisation answering for a measure. Offsets into the canonical text."""

    start: int
    end: int
    organisation: Organisation
    role: Role
    printed: str
    match: Match
    inherited: bool
    rule: str
    covers: tuple[int, int] | None = None  # the part of the measure it is for; null: all
