"""Annexes that are text: 附件 / 云海市基地申请程序 / 一、… are measures of the document they follow.

Forms to fill in, notes, catalogues and bare lists of names state no work and give none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.model import LeadIn, Measure
from pipeline.structure.attachments import lists, opens_list
from pipeline.structure.head import is_tail
from pipeline.structure.lines import ITEM_RANK, Row
from pipeline.structure.measures import measures
from pipeline.structure.patterns import number, pattern, squeeze

_TITLE_MAX = 60
_TITLE_LINES = 3
_HEADING = 12  # characters of the longest line that is only 附件 3
_ITEM = 15  # of an item with a comma: shorter ones list names
_SENTENCE = 9  # of an item that is a sentence


@dataclass(frozen=True, slots=True)
class AnnexText:
    """The rows of an annex, its title as printed, its number (from 1)."""

    title: str
    value: int
    rows: list[Row]


def heads_annex(body: str, rows: list[Row], i: int, titles: frozenset[str]) -> bool:
    """附件 3 alone, or the title of a listed attachment printed again, with or without its label."""
    row = rows[i]
    line = body[row.start : row.end]
    if row.rank >= 0 or len(line) > _TITLE_MAX + _HEADING:
        return False
    if len(line) < _HEADING and line[0] == "附" and pattern("annex_heading").match(line):
        return not lists(body, rows, i)
    titled = pattern("annex_titled").match(line) if line[0] == "附" else None
    return squeeze(titled["title"] if titled else line) in titles


def annex_texts(body: str, rows: list[Row], titles: frozenset[str]) -> tuple[list[Measure], list[LeadIn]]:
    """Measures of the text annexes in these rows, the first of which heads one; keys begin with a1, a2 …"""
    found: list[Measure] = []
    leads: list[LeadIn] = []
    for annex in _annexes(body, rows, titles):
        if pattern("annex_form").search(annex.title):
            continue
        fold_lists(body, annex.rows)
        items, above = measures(body, annex.rows)
        if not _is_text(body, items):
            continue
        own = [m for m in items if m.label or _states(body, m)]
        found += (replace(m, path=(annex.title, *m.path), key=f"a{annex.value}.{m.key}") for m in own)
        leads += above
    return found, leads


def states_items(body: str, rows: list[Row]) -> bool:
    """Whether labelled rows say something: at least half of them are no bare names and no definitions."""
    said = [_says(body[r.body : r.end]) for r in rows if 0 <= r.rank < ITEM_RANK]
    below = [_says(body[r.start : r.end]) for r in rows if r.rank < 0]
    return bool(said) and 2 * (sum(said) + sum(below)) >= len(said)


def fold_lists(body: str, rows: list[Row]) -> None:
    """What is to be handed in (申请材料如下：1. … 2. …) stays inside the item that asks for it."""
    for i, row in enumerate(rows):
        if not pattern("material_list").search(body, max(row.start, row.end - 60), row.end):
            continue
        first = rows[i + 1] if i + 1 < len(rows) else row
        if not max(row.rank, 0) < first.rank < ITEM_RANK or first.value != 1:
            continue
        for below in rows[i + 1 :]:
            if 0 <= below.rank < first.rank or below.rank == first.rank and below is not first and below.value == 1:
                break
            if below.rank == first.rank and below is not first:
                below.rank = ITEM_RANK
        first.rank = ITEM_RANK


def _annexes(body: str, rows: list[Row], titles: frozenset[str]) -> Iterator[AnnexText]:
    starts = [i for i in range(len(rows)) if heads_annex(body, rows, i, titles)]
    starts = [i for n, i in enumerate(starts) if not n or starts[n - 1] < i - 1]  # the title below 附件 3 is its own
    for n, (start, end) in enumerate(pairwise([*starts, len(rows)]), 1):
        line = body[rows[start].start : rows[start].end]
        label = pattern("annex_heading").match(line)
        titled = pattern("annex_titled").match(line)
        if label:
            title, at = _title(body, rows[start + 1 : end])
        else:
            title, at = titled["title"] if titled else line, 0
        printed = label["v"] if label else titled["v"] if titled else None
        own = rows[start + 1 + at : end]
        if title:
            yield AnnexText(title, number(printed) if printed else n, own[: _length(body, own)])


def _title(body: str, rows: list[Row]) -> tuple[str, int]:
    """The lines above the text of an annex, joined; how many they are."""
    lines: list[str] = []
    for row in rows[:_TITLE_LINES]:
        line = body[row.start : row.end]
        if row.rank >= 0 or len(line) > _TITLE_MAX or any(c in line for c in "。；：:，"):
            break
        if lines and pattern("plan_title").match("".join(lines)) and line[0] not in "（(":
            break  # a heading below a title that is whole
        lines.append(line)
    return "".join(lines), len(lines)


def _length(body: str, rows: list[Row]) -> int:
    """Rows up to the notes, the list of forms or the signature below the text."""
    for i, row in enumerate(rows):
        line = body[row.start : min(row.end, row.start + 80)]
        if row.rank < 0 and (pattern("annex_notes").match(line) or opens_list(body, rows, i)):
            return i
        if row.rank < 0 and i and is_tail(body[row.start : row.end]) and not _goes_on(rows, i):
            return i
    return len(rows)


def _goes_on(rows: list[Row], i: int) -> bool:
    return any(0 <= r.rank < ITEM_RANK for r in rows[i + 1 :])


def _is_text(body: str, items: tuple[Measure, ...]) -> bool:
    """Two or more labelled items, at least half of which say something."""
    labelled = [m for m in items if m.label]
    said = sum(_states(body, m) for m in labelled)
    return len(labelled) > 1 and 2 * said >= len(labelled)


def _states(body: str, measure: Measure) -> bool:
    return _says(body[measure.start + len(measure.label) : measure.end])


def _says(words: str) -> bool:
    """More than a name or a heading, and not what a word means."""
    if pattern("blank").search(words) or pattern("lead_in_definition").search(words.partition("。")[0]):
        return False
    stop = words.find("。")
    return stop >= _SENTENCE or 0 <= stop < len(words) - 1 or len(words) >= _ITEM and any(c in words for c in "；，")
