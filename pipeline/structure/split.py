"""Where one document of an issue ends and the next begins."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.structure.head import is_date, is_number
from pipeline.structure.lines import Row
from pipeline.structure.masthead import Front, category
from pipeline.structure.patterns import pattern, squeeze
from pipeline.structure.titles import is_title

_PAGE_ROWS = 80


@dataclass(slots=True)
class Part:
    """The rows of one document."""

    rows: list[Row]
    category: str | None


def split(text: str, rows: list[Row], front: Front) -> list[Part]:
    """The documents' rows, in order; a text without a title is one document."""
    if not rows:
        return []
    current: str | None = None
    parts: list[Part] = []
    for i, row in enumerate(rows):
        line = text[row.start : min(row.end, row.start + 200)]
        name = category(line) or (line if line in front.categories else None)
        if name:
            current = name
        elif not parts or not _is_menu(text, parts) and _begins(text, rows, i, line, front, parts):
            known = front.titles.get(squeeze(line))
            parts.append(Part([], known or current))
            parts[-1].rows.append(row)
        else:
            parts[-1].rows.append(row)
    return parts


def _is_menu(text: str, parts: list[Part]) -> bool:
    """What stands above the first title of a page copied whole: no sentence, no label, no title."""
    if len(parts) > 1 or len(parts[0].rows) > _PAGE_ROWS:
        return False
    return not any(r.rank >= 0 or text[r.end - 1] in "。；：" or is_title(text[r.start : r.end]) for r in parts[0].rows)


def _begins(text: str, rows: list[Row], i: int, line: str, front: Front, parts: list[Part]) -> bool:
    if rows[i].rank >= 0 or len(line) > 130 or not line:
        return False
    if front.titles and line[0] in front.initials and squeeze(line) in front.titles:
        return len(parts[-1].rows) > 2
    if not is_title(line) or "关于" not in line:
        return False
    above = text[rows[i - 1].start : rows[i - 1].end]
    if len(parts[-1].rows) < 8 and not (len(parts[-1].rows) > 3 and (is_date(above) or pattern("footer").match(above))):
        return False
    near = [text[r.start : r.end] for r in rows[i + 1 : i + 4]]
    first = text[parts[-1].rows[0].start : parts[-1].rows[0].end]
    return any(is_number(x) for x in near) and squeeze(first) != squeeze(line)
