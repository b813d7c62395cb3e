"""Annexes: which table stands in which, with its title."""

from __future__ import annotations

from pipeline.model import AnnexTable, PlacedGrid, Text
from pipeline.structure.lines import Row
from pipeline.structure.patterns import number, pattern, squeeze

_TITLE_MAX = 60
_UNITS = ("单位", "填表", "（单位", "(单位")


def annexes(text: Text, rows: list[Row], lists: tuple[tuple[str, ...], ...]) -> tuple[AnnexTable, ...]:
    """Tables of a document; the title is the line above, the number the label above or in that
    line, else the place of the title in a list of attachments.
    """
    start, end = rows[0].start, rows[-1].end
    known = {squeeze(title): i for titles in lists for i, title in enumerate(titles, 1)}
    out = []
    previous = start
    for grid in text.grids:
        if not start < grid.at <= end + 1:
            continue
        above = [r for r in rows if previous <= r.start < grid.at]
        out.append(_table(grid, [text.text[r.start : r.end] for r in above[-6:]], known))
        previous = grid.at
    return tuple(out)


def _table(grid: PlacedGrid, lines: list[str], known: dict[str, int]) -> AnnexTable:
    labels = [i for i, line in enumerate(lines) if pattern("annex_heading").match(line)]
    label = pattern("annex_heading").match(lines[labels[-1]]) if labels else None
    title = _title(lines[labels[-1] + 1 :] if labels else lines)
    printed = number(label["v"]) if label and label["v"] else None
    if title and (titled := pattern("annex_titled").match(title)):
        title, printed = titled["title"], number(titled["v"])
    listed = known.get(squeeze(title or ""))
    return AnnexTable(grid, title, printed or listed, labelled=listed is None or bool(label or printed))


def _title(lines: list[str]) -> str | None:
    """The last short line without a stop above the table; unit lines (单位：万元) are none."""
    for line in reversed(lines):
        if len(line) <= _TITLE_MAX and line[-1] not in "。；：" and not line.startswith(_UNITS):
            return line
    return None
