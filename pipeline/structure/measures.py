"""From labelled lines to measures: the hierarchy is read from the labels' own styles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.model import Item, LeadIn, Measure
from pipeline.structure.lead_ins import states_work
from pipeline.structure.lines import ITEM_RANK, Row
from pipeline.structure.patterns import pattern, words

_ARTICLE = 3
_TITLE_MAX = 40
_FIRST_STOP = re.compile("[。；！？]")
_CLAUSE = re.compile("[。；！？：，]")
_ITEM_INSIDE = re.compile(r"[（(]\d{1,2}[)）]|[①-⑳]")
_FIRST_ITEMS = ("（1）", "(1)", "①")
#: 受理机构：某市某中心（以下简称市中心）: the body is what the item says.
_OF_BODIES = ("机构", "部门", "单位")
_NAMED_MAX = 50
_SHORT_NAME = re.compile(r"[（(]以下(?:简)?称[^（）()]{1,20}[）)]$")
_BEFORE_ITEM = frozenset("。；：;:，）")
_RUN_IN = 25
_RUN_IN_RANK = 6


class Node:
    """A labelled (or headed) line with the lines under it."""

    __slots__ = ("children", "head", "items", "parent", "rest", "title")

    def __init__(self, head: Row | None, parent: Node | None) -> None:
        self.head = head
        self.parent = parent
        self.rest: list[Row] = []  # lines of its own after the first
        self.items: list[Row] = []
        self.children: list[Node] = []
        self.title: tuple[str, int] | None = None  # read once, its children's paths need it too

    @property
    def rank(self) -> int:
        return self.head.rank if self.head else -1

    @property
    def order(self) -> tuple[int, int]:
        """Width of its label: 1.1 holds 1.1.1."""
        return (self.head.rank, self.head.depth) if self.head else (-1, 0)


def measures(body: str, rows: list[Row]) -> tuple[tuple[Measure, ...], tuple[LeadIn, ...]]:
    """Measures of a document from the lines of its body, ascending, without overlap; and what leads in to them."""
    if all(r.rank < 0 for r in rows):
        rows = _run_in(body, rows)
    root, closing = _tree(body, rows)
    closing = closing or _unlabelled_close(body, root)
    found: list[Measure] = []
    if root.rest:
        only = not root.children
        found.append(_plain(body, root.rest, "正文" if only else "前言", "0", "plain_body" if only else "preamble"))
    for node in _walk(root):
        if node.head is not None and (measure := _measure(body, node, node.head)):
            found.append(measure)
    if closing:
        found.append(_plain(body, closing, "结语", "end", "closing_measure"))
    return tuple(numbered(found)), tuple(_lead_ins(body, root))


def _lead_ins(body: str, root: Node) -> Iterator[LeadIn]:
    for node in _walk(root):
        if node.head is not None and node.children:
            end = node.rest[-1].end if node.rest else node.head.end
            yield LeadIn(_titled(body, node, node.head)[0], node.head.start, end, _last_end(node))


def _last_end(node: Node) -> int:
    while node.children:
        node = node.children[-1]
    return node.rest[-1].end if node.rest else node.head.end if node.head else 0


def _run_in(body: str, rows: list[Row]) -> list[Row]:
    """Without any label: three or more paragraphs that begin with a short sentence are headed by it."""
    headed = []
    for row in rows:
        stop = body.find("。", row.start, row.end)
        if 3 < stop - row.start <= _RUN_IN and stop + 1 < row.end and not _closes(body, row):
            headed.append(row)
    if len(headed) >= 3:
        for row in headed:
            row.rank, row.rule = _RUN_IN_RANK, "structure.run_in_heading"
    return rows


def _tree(body: str, rows: list[Row]) -> tuple[Node, list[Row]]:
    root = Node(None, None)
    node = root
    closing: list[Row] = []
    narrow = all(r.rank < 0 or r.rank >= ITEM_RANK for r in rows)
    for i, row in enumerate(rows):
        if closing:
            closing.append(row)
        elif row.rank < 0 and not _heads(body, rows, i):
            if node.rank >= 0 and _closes(body, row):
                closing.append(row)
            else:
                node.rest.append(row)
        elif _is_item(row, node, narrow):
            node.items.append(row)
            node.rest.append(row)
        else:
            node = _place(root, node, row)
    return root, closing


def _unlabelled_close(body: str, root: Node) -> list[Row]:
    """The last paragraph, when it charges bodies and no other item has as many paragraphs as the last one."""
    leaves = [n for n in _walk(root) if not n.children and n.head is not None]
    if not leaves or not leaves[-1].rest or leaves[-1].rest[-1].rank >= 0:
        return []
    last = leaves[-1]
    others = [len(n.rest) for n in leaves[:-1] if n.rank == last.rank]
    if not others or len(last.rest) <= max(others):
        return []
    row = last.rest[-1]
    if not pattern("charge").search(body, row.start, row.end):
        return []
    last.rest.pop()
    return [row]


def _heads(body: str, rows: list[Row], i: int) -> bool:
    """A heading of the source without a label, followed by text."""
    row = rows[i]
    if i + 1 >= len(rows) or row.end - row.start > 30 or _FIRST_STOP.search(body, row.start, row.end):
        return False
    if row.heading:
        return True
    bare = body[row.start : row.end]
    return bare in words("sections") and rows[i + 1].end - rows[i + 1].start >= 20


def _closes(body: str, row: Row) -> bool:
    return pattern("closing").match(body[row.start : min(row.end, row.start + 80)]) is not None


def _is_item(row: Row, node: Node, narrow: bool) -> bool:
    """（1） and ① stay inside; under an article every label does."""
    if row.rank >= ITEM_RANK and not narrow:
        return node.head is not None
    at: Node | None = node
    while at is not None and at.head is not None:
        if at.rank == _ARTICLE and row.rank > _ARTICLE:
            return True
        at = at.parent
    return False


def _place(root: Node, node: Node, row: Row) -> Node:
    """Hang a row under the nearest open node of a wider style."""
    at = node
    while at.parent is not None and (row.rank < 0 or at.rank < 0 or at.order >= (row.rank, row.depth)):
        at = at.parent
    child = Node(row, at)
    at.children.append(child)
    return child


def _walk(node: Node) -> Iterator[Node]:
    for child in node.children:
        yield child
        yield from _walk(child)


def _measure(body: str, node: Node, head: Row) -> Measure | None:
    """The measure of a node; null for a heading with nothing of its own but a lead-in."""
    end = node.rest[-1].end if node.rest else head.end
    title, body_start = _titled(body, node, head)
    if node.children and not _states(body, head, node.rest, title):
        return None
    path = tuple(reversed(list(_path(body, node.parent))))
    return Measure(
        0,
        head.label,
        path,
        title,
        _key(node),
        head.start,
        end,
        body_start,
        tuple(_items(body, node, end)),
        head.rule or "structure.plain_heading",
    )


def _states(body: str, head: Row, rest: list[Row], title: str) -> bool:
    """A heading with children is a measure itself when the text under it assigns work."""
    end = rest[-1].end if rest else head.end
    return states_work(body[head.body + len(title) : end].lstrip("。：: \n"))


def _path(body: str, node: Node | None) -> Iterator[str]:
    while node is not None and node.head is not None:
        yield node.head.label + _titled(body, node, node.head)[0]
        node = node.parent


def _titled(body: str, node: Node, head: Row) -> tuple[str, int]:
    if node.title is None:
        node.title = _title(body, head, node.rest)
    return node.title


def _title(body: str, head: Row, rest: list[Row]) -> tuple[str, int]:
    """Title of a labelled line, and where its text begins."""
    if head.title_end > head.body:
        return body[head.body : head.title_end], head.title_end
    line = body[head.body : head.end]
    if line[-1:] in "。：" and 0 < line.find("：") <= 25:
        return first_sentence(line), head.body
    whole = line.rstrip("。：:")
    if not _FIRST_STOP.search(whole) and (len(whole) <= _TITLE_MAX or rest):
        own = rest and len(whole) <= 2 * _TITLE_MAX
        return whole.strip(), rest[0].start if own else head.body
    return first_sentence(line), head.body


def first_sentence(line: str) -> str:
    """The first sentence, or its first clause when the sentence is long."""
    stop = _FIRST_STOP.search(line)
    sentence = line[: stop.start()] if stop else line
    colon = sentence.find("：")
    if 0 < colon <= 25:
        whole = sentence[:colon].endswith(_OF_BODIES) and len(sentence) <= _NAMED_MAX and "，" not in sentence
        return (_SHORT_NAME.sub("", sentence) if whole else sentence[:colon]).strip()
    return (_first_clause(sentence) if len(sentence) > _TITLE_MAX else sentence).strip()


def _first_clause(sentence: str) -> str:
    """Up to the first comma outside quotation marks and brackets."""
    for clause in _CLAUSE.finditer(sentence):
        before = sentence[: clause.start()]
        if all(before.count(a) <= before.count(b) for a, b in ("“”", "（）", "《》", "()")):
            return before
    return sentence


def _items(body: str, node: Node, end: int) -> list[Item]:
    starts = [(r.start, r.label) for r in node.items]
    if node.head is not None and any(body.find(first, node.head.body, end) >= 0 for first in _FIRST_ITEMS):
        for row in (node.head, *node.rest):
            starts += [
                (m.start(), m[0])
                for m in _ITEM_INSIDE.finditer(body, row.body, row.end)
                if body[m.start() - 1 - (body[m.start() - 1] == " ")] in _BEFORE_ITEM
            ]
    if not starts:
        return []
    starts.sort()
    ends = [s for s, _ in starts[1:]] + [end]
    return [Item(label, s, len(body[s:e].rstrip()) + s) for (s, label), e in zip(starts, ends, strict=True)]


def _key(node: Node) -> str:
    parts: list[str] = []
    at: Node | None = node
    while at is not None and at.head is not None:
        parts.append(str(at.head.value) if at.head.label else "x")
        at = at.parent
    return ".".join(reversed(parts))


def _plain(body: str, rows: list[Row], title: str, key: str, rule: str) -> Measure:
    return Measure(0, "", (), title, key, rows[0].start, rows[-1].end, rows[0].start, (), f"structure.{rule}")


def numbered(found: list[Measure]) -> Iterator[Measure]:
    """Ordinals from 1; a key printed again gets -2."""
    seen: dict[str, int] = {}
    for i, m in enumerate(found, 1):
        seen[m.key] = n = seen.get(m.key, 0) + 1
        key = m.key if n == 1 else f"{m.key}-{n}"
        yield Measure(i, m.label, m.path, m.title, key, m.start, m.end, m.body_start, m.items, m.rule)
