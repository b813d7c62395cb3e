"""Annexes: which table stands in which, with its title."""

from __future__ import annotations

from pipeline.model import AnnexTable, PlacedGrid, Text
from pipeline.structure.lines import Row
from pipeline.structure.patterns import number, pattern, squeeze


def annexes(text: Text, rows: list[Row], first: int, attachments: tuple[str, ...]) -> tuple[AnnexTable, ...]:
    """Tables of a document; the title is the line above, the number the label above that."""
    start, end = rows[0].start, rows[-1].end
    annex_start = rows[first].start if first < len(rows) else end + 1
    known = {squeeze(a): i for i, a in enumerate(attachments, 1)}
    out = []
    previous = start
    for grid in text.grids:
        if not start < grid.at <= end + 1:
            continue
        above = [r for r in rows if previous <= r.start < grid.at]
        out.append(_table(text.text, grid, above, grid.at > annex_start, known))
        previous = grid.at
    return tuple(out)


def _table(body: str, grid: PlacedGrid, above: list[Row], in_annex: bool, known: dict[str, int]) -> AnnexTable:
    lines = [body[r.start : r.end] for r in above][-6:]
    label = next((m for line in reversed(lines) if (m := pattern("annex_heading").match(line))), None)
    titles = lines if label is None else lines[_after_label(lines) :]
    title = _title(titles)
    number_printed = number(label["v"]) if label and label["v"] else None
    if not in_annex:
        return AnnexTable(grid, title, None)
    return AnnexTable(grid, title, number_printed or known.get(squeeze(title or "")))


def _after_label(lines: list[str]) -> int:
    return max(i for i, line in enumerate(lines) if pattern("annex_heading").match(line)) + 1


def _title(lines: list[str]) -> str | None:
    """The last short line without a stop above the table; unit lines (单位：万元) are none."""
    for line in reversed(lines):
        if len(line) <= 60 and line[-1] not in "。；：" and not line.startswith(("单位", "填表", "（单位", "(单位")):
            return line
    return None
