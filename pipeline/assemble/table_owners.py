"""Bodies in the columns of a table of work, with the roles that the heads or their own words give them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipeline.assemble.naming import Context, Rows, enter
from pipeline.assemble.roles import read
from pipeline.assemble.table_text import clean, read_cell
from pipeline.assemble.table_work import parts_of
from pipeline.find.brackets import Bracket, label_pattern
from pipeline.find.organisations import is_body
from pipeline.model import Document, Organisation, Responsibility, Territory
from pipeline.resolve.organisations import NOWHERE

_BREAK = re.compile(r"<br\s*/?>|\s{1,20}")
_STOPS = re.compile(r"[、，,；;。:：/]$")
_RULE = "table_work.owner"


class Owners:
    """Reads the cells of owners of one table; `heads` are the heads of all its columns."""

    def __init__(self, territory: Territory | None, document: Document, heads: Sequence[str]) -> None:
        self._context = Context("", territory or NOWHERE, document, {})
        self._labels = [_label(h) for h in heads]
        self.bodies: dict[str, Organisation] = {}
        self.unread: list[str] = []

    def of(self, cells: Iterable[tuple[int, str]]) -> list[Responsibility]:
        """The bodies of a row; each column is read as a bracket that opens with its head."""
        rows: Rows = {}
        for j, cell in cells:
            if read_cell(cell).kind in ("null", "blank"):
                continue
            self._read(self._labels[j], joined(cell), rows)
        return list(rows.values())

    def _read(self, label: str, words: str, rows: Rows) -> None:
        text = words if label_pattern().match(words) else label + words
        reading = read(text, Bracket(0, len(text), 0, len(text), _RULE))
        for named in reading.named:
            org, match, rule = self._context.resolve(named.printed, named.carried)
            self.bodies[org.org_id] = org
            given = rule if match != "unknown" else _RULE
            enter(rows, Responsibility(0, 0, org, named.role, named.printed, match, False, given))
        self.unread += [text[a:b] for a, b in reading.unread]


def _label(head: str) -> str:
    """A head as the label of a bracket; 责任单位 where it is none of the known ones."""
    bare = re.sub(r"[(（][^()（）]{0,20}[)）]", "", head)
    parts = [f"{part}：" for part in parts_of(bare)]
    return next((part for part in parts if label_pattern().match(part)), "责任单位：")


def joined(cell: str) -> str:
    """The words of a cell on one line: names one below the other are a list, broken ones are one name."""
    pieces = [p for p in _BREAK.split(cell) if p]
    names = [re.split(r"[、，,；;]", p.rstrip("、，,；;"))[-1] for p in pieces]
    if len(pieces) > 1 and all(is_body(clean(n)) for n in names):
        return "".join(p if _STOPS.search(p) or k == len(pieces) - 1 else p + "、" for k, p in enumerate(pieces))
    return "".join(clean(p) for p in pieces)
