"""The list of attachments: 附件：1. … 2. … wherever a document prints it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pipeline.structure.head import is_tail
from pipeline.structure.lines import Row
from pipeline.structure.patterns import pattern, words

_LABEL = r"附(?:件|表|录)?[\d一二三四五六七八九十]{0,2}[：:．.、]\s*"
_ENTRY = re.compile(rf"(?:{_LABEL})?(?:\d{{1,2}}[.．、]\s*)?(.+?)[。；;]?$")
_NUMBERED = re.compile(r"(?<!\d)(\d{1,2})[.．、]")
_HEAD = re.compile(r"(?:相关)?附(?:件|表|录)?[：:]")
_FILE_TYPE = re.compile(r"\.(?:docx?|xlsx?|pdf|wps|et|zip|rar|ofd)$", re.I)
_NUM_RANK = 6
_LONGEST = 400
_ENTRY_MAX = 60


def opens_list(body: str, rows: list[Row], i: int) -> bool:
    """Whether row i begins the list: 附件：1. …, or 附件： on a line of its own above its entries."""
    row = rows[i]
    if body[row.start] != "附" or row.rank >= 0 or row.end - row.start > _LONGEST:
        return False
    return pattern("attachments").match(body[row.start : row.end]) is not None or lists(body, rows, i)


def lists(body: str, rows: list[Row], i: int) -> bool:
    """附件： on its own line above 1. …, 附件1： … or one title and the signature is no annex."""
    head = body[rows[i].start : rows[i].end]
    if i + 1 >= len(rows) or not _HEAD.fullmatch(head):
        return False
    row = rows[i + 1]
    if row.rank < 0 and pattern("attachments").match(body[row.start : row.end]):
        return True
    if row.end - row.start > _ENTRY_MAX or body[row.end - 1] in "。；：":
        return False
    if row.rank == _NUM_RANK:
        return row.value == 1
    return row.rank < 0 and i + 2 < len(rows) and is_tail(body[rows[i + 2].start : rows[i + 2].end])


def attachments(body: str, rows: list[Row]) -> tuple[str, ...]:
    """Titles of the first list in these rows, in order; file name endings are left out."""
    return listed(body, rows)[0]


def listed(body: str, rows: list[Row]) -> tuple[tuple[str, ...], int]:
    """Titles of the first list in these rows, and the index of the row after it (0 for no list)."""
    start = next((i for i in range(len(rows)) if opens_list(body, rows, i)), None)
    if start is None:
        return (), 0
    titles, count = _titles(body, rows[start:])
    return tuple(_FILE_TYPE.sub("", t) for t in titles), start + count


def _titles(body: str, rows: list[Row]) -> tuple[list[str], int]:
    out: list[str] = []
    for i, row in enumerate(rows):
        line = body[row.start : row.end]
        if line[0] == "附" and pattern("attachments").match(line):
            out += _entries(line)
        elif i == 0:
            continue  # 附件： alone
        elif row.rank == _NUM_RANK and len(line) <= 2 * _ENTRY_MAX:
            out += _entries(line)
        elif not out and row.rank < 0:
            out.append(attachment(line))
        elif row.rank < 0 and _continues(out[-1], line):
            out[-1] += line
        else:
            return out, i
    return out, len(rows)


def _continues(entry: str, line: str) -> bool:
    """The rest of an entry that was set on two lines."""
    return len(line) < 30 and line[-1] not in "。：；" and not is_tail(line) and line[0] != "附" and not _ends(entry)


def _ends(entry: str) -> bool:
    return _complete().search(entry) is not None


@cache
def _complete() -> re.Pattern[str]:
    kinds = "|".join([*words("doc_types"), *words("form_types")])
    return re.compile(rf"(?:{kinds})(?:[（(][^（）()]{{1,30}}[）)])?$")


def _entries(line: str) -> Iterator[str]:
    """The titles on the line 附件：1. … 2. …; numbers are taken as far as they count on."""
    starts: list[int] = []
    expected = 0
    for match in _NUMBERED.finditer(line):
        value = int(match[1])
        if value == expected + 1 if starts else value == 1 or not match.start():
            starts.append(match.start())
            expected = value
    starts = starts or [0]
    for a, b in zip(starts, [*starts[1:], len(line)], strict=True):
        if b - a > 3:
            yield attachment(line[a:b])


def attachment(line: str) -> str:
    """The title of an entry of the list of attachments."""
    match = _ENTRY.match(line)
    return match[1].strip() if match else line
