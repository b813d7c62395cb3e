"""The header of a table: its rows, what spans what, units and periods of columns."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from pipeline.assemble.table_text import is_unit, name_of, read_cell, words

_YEAR = r"(?:19|20)\d\d"
_PERIOD = re.compile(
    rf"(?<![A-Za-z\d]){_YEAR}(?:年?[-—–~至]{_YEAR})?年(?:度|底|末|上半年|下半年|第?[一二三四]季度|1?\d月)?"
    r"|[“\"]?十[一二三四五六七八九]五[”\"]?(?:期间|末|时期)?"
)
_BARE_YEAR = re.compile(rf"{_YEAR}(?:[-—–~]{_YEAR})?")
_BRACKET = re.compile(r"[(（](?:单位[:：])?([^()（）]{1,14})[)）]$")
_STROKE = re.compile(r"/([^/()（）]{1,6}(?:/[^/()（）]{1,4})?)$")
_SIGN = re.compile(r"[%‰]$")
_CAPTION_UNIT = re.compile(r"单位[:：]([^\s，,；;。)）]{1,12})")
_DASHES = re.compile(r":?-{2,}:?")

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its header, from the top down."""

    path: Path
    period: str | None
    unit: str | None
    indicator: str | None
    rate: bool
    lost: bool = False  # printed nowhere: known from the columns parallel to it


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a table: one path for each column, and what had to be mended."""

    paths: tuple[Path, ...]
    height: int
    lost: int = 0  # columns at the right end that the print has lost
    notes: tuple[str, ...] = ()


@lru_cache(maxsize=1024)
def period_of(text: str) -> str | None:
    """The period a header prints (rule tables.period)."""
    found = _PERIOD.search(text)
    return found[0].strip('“”"') if found else (text + "年" if _BARE_YEAR.fullmatch(text) else None)


@lru_cache(maxsize=1024)
def without_period(text: str) -> str:
    """The header without its period: what parallel columns have in common."""
    return "" if _BARE_YEAR.fullmatch(text) else _PERIOD.sub("", text, count=1)


@lru_cache(maxsize=1024)
def split_unit(text: str) -> tuple[str, str | None]:
    """A header and the unit it prints (rule tables.unit): 车辆总数/辆 -> (车辆总数, 辆)."""
    for pattern in (_BRACKET, _STROKE):
        found = pattern.search(text)
        if found and is_unit(found[1].strip()):
            return text[: found.start()], found[1].strip()
    if _SIGN.search(text) and len(text) > 1:
        return text[:-1].rstrip("(（/"), text[-1]
    return text, None


@lru_cache(maxsize=1024)
def unit_noun(text: str) -> str | None:
    """The unit implied by a counted noun (rule tables.unit_noun): 入户数 -> 户."""
    return text[-2] if len(text) > 2 and text[-1] == "数" and text[-2] in words("count_nouns") else None


@lru_cache(maxsize=1024)
def is_rate(text: str) -> bool:
    """Whether a header names a rate (rule tables.rate)."""
    bare, unit = split_unit(text)
    return bare.endswith(words("rate_endings")) or unit in ("%", "‰")


def is_year(text: str) -> bool:
    """Whether a cell is a year or span of years and no other number."""
    return bool(_BARE_YEAR.fullmatch(text))


def caption_unit(text: str) -> str | None:
    """The unit a caption sets for the whole table (单位：万元)."""
    found = _CAPTION_UNIT.search(text)
    return found[1] if found and is_unit(found[1]) else None


@lru_cache(maxsize=1024)
def column_of(path: Path, default_unit: str | None = None, lost: bool = False) -> Column:
    """Period, unit and indicator of a column from its path of headers."""
    period = next((p for p in map(period_of, reversed(path)) if p), None)
    unit, names = None, []
    for text in path:
        bare, printed = split_unit(text)
        unit = printed or unit
        bare = without_period(bare).strip("的、，:：")
        if bare and bare not in words("generic"):
            names.append(bare)
    rate = bool(path) and is_rate(path[-1])
    if unit is None and path:
        unit = unit_noun(split_unit(path[-1])[0]) or (None if rate else default_unit)
    return Column(path, period, unit, "".join(names) or (path[-1] if path else None), rate, lost)


def rows_of_names(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The rows as names, of equal width, without rulings (|---|) and empty columns at the right."""
    names = [[name_of(c) for c in row] for row in rows]
    width = max((i + 1 for row in names for i, c in enumerate(row) if c), default=0)
    return [(row + [""] * width)[:width] for row in names]


def is_ruling(row: Sequence[str]) -> bool:
    """Whether the row is a ruling of a pipe table."""
    return any(row) and all(not c or _DASHES.fullmatch(c) for c in row)


def header_height(rows: Sequence[Sequence[str]]) -> int:
    """How many leading rows are the header (rule tables.header_rows); 0 for none."""
    if len(rows) < 2 or not _may_be_header(rows[0]):
        return 0
    height = 1
    while height < min(len(rows) - 1, 4) and _completes(rows[height - 1], rows[height]):
        height += 1
    return height


def _may_be_header(row: Sequence[str]) -> bool:
    numbers = [c for c in row if c and not is_year(c) and read_cell(c).kind == "number"]
    return not numbers and any(row)


def _completes(above: Sequence[str], row: Sequence[str]) -> bool:
    """A second header row has no label of its own and stands under spans.

    A reader that repeats merged cells gives it the label above, and spans the same words in neighbouring columns.
    """
    if not _may_be_header(row) or row[0] not in ("", above[0]) or row == above:
        return False
    under = list(zip(above[1:], row[1:], strict=True))
    spans = any(not a and b for a, b in under)
    repeats = any(a and a == c and a != b for (a, b), (c, _) in pairwise(under))
    return (repeats if row[0] else spans or repeats) and sum(map(bool, row)) >= 2


def read_header(rows: Sequence[Sequence[str]], height: int) -> Header:
    """Paths of all columns of a header of `height` rows; spans fill the blanks to their right."""
    if not height:
        return Header(tuple(() for _ in rows[0]) if rows else (), 0)
    levels = [list(row) for row in rows[:height]]
    notes: tuple[str, ...] = ()
    lost: list[str] = []
    if height == 2:
        levels, lost = _mend(levels)
        if levels[0] != list(rows[0]):
            notes = ("header spans stood one column left of their columns; put back so that the year groups agree",)
    width = len(levels[0])
    filled = [_fill(levels, i) for i in range(height)]
    paths = [tuple(dict.fromkeys(level[j] for level in filled if level[j])) for j in range(width)]
    return Header(tuple(paths), height, len(lost), notes)


def _fill(levels: list[list[str]], i: int) -> list[str]:
    """Row `i` with each span carried over the columns it covers: those named below it, or all in a single row."""
    out: list[str] = []
    current = ""
    for j, text in enumerate(levels[i]):
        spans = len(levels) == 1 or any(level[j] for level in levels[i + 1 :])
        if text or not spans or (i > 0 and levels[i - 1][j]):
            current = text if spans else ""
            out.append(text)
        else:
            out.append(current)
    return out


def _spans(top: Sequence[str], sub: Sequence[str]) -> list[tuple[int, int]]:
    """Start and end of each spanning header: those with columns named below."""
    starts = [j for j, t in enumerate(top) if t]
    out = []
    for k, start in enumerate(starts):
        end = starts[k + 1] if k + 1 < len(starts) else len(top)
        if any(sub[start:end]):
            out.append((start, end))
    return out


def _mend(levels: list[list[str]]) -> tuple[list[list[str]], list[str]]:
    """Put year groups back over their columns (rule tables.parallel_headers); the names of lost columns."""
    top, sub = levels
    groups = [(a, b) for a, b in _spans(top, sub) if period_of(top[a])]
    if len(groups) < 2 or len({without_period(top[a]) for a, _ in groups}) != 1:
        return levels, []
    if any(groups[k][1] != groups[k + 1][0] for k in range(len(groups) - 1)) or groups[-1][1] != len(top):
        return levels, []
    members = [tuple(sub[a:b]) for a, b in groups]
    if len(set(members)) == 1:
        return levels, []
    first = groups[0][0]
    moved = [tuple(sub[a + 1 : b + 1]) for a, b in groups]
    whole = max(moved, key=len)
    if moved[:-1] != [whole] * (len(moved) - 1) or whole[: len(moved[-1])] != moved[-1] or len(set(whole)) < len(whole):
        return levels, []
    lost = list(whole[len(moved[-1]) :])
    new_top = [*top[:first], "", *top[first:]]
    new_top = (new_top + [""] * len(lost))[: len(top) + len(lost)]
    new_sub = list(sub) + lost
    # The freed column has a name of its own: it is a header over both rows.
    new_top[first], new_sub[first] = sub[first], ""
    return [new_top, new_sub], lost


def next_periods(columns: Iterable[tuple[int, Path, str | None]]) -> dict[int, int]:
    """For each column (index, path, period) of a period, the one of the same name in the next period printed."""
    groups: dict[Path, list[tuple[int, str]]] = defaultdict(list)
    for j, path, period in columns:
        if period:
            groups[tuple(filter(None, map(without_period, path)))].append((j, period))
    out: dict[int, int] = {}
    for members in groups.values():
        if len({period for _, period in members}) == len(members):
            out.update(pairwise(j for j, _ in members))
    return out
