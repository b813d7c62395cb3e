"""Pages of government sites: the document out of the page, tables with their spans, meta tags.

Parser and main-text extraction are resiliparse's (HTML5, lexbor). Its main text says in which
element of the page the document stands; that element is read whole, so that nothing of a
document is lost where the extraction is too strict. Line numbers count the blocks of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import ElementNode, HTMLTree

from pipeline.model import Block, Grid, Line
from pipeline.read import limits
from pipeline.read.encoding import decode
from pipeline.read.errors import ReadError
from pipeline.read.html_blocks import blocks_of
from pipeline.rules import load

_FRONT_MATTER = re.compile(r"\s{0,20}---[ \t]*\r?\n((?:[^\n]*\n){0,60}?)---[ \t]*\r?\n")
_MATTER_TITLE = re.compile(r"^title:[ \t]*[\"']?([^\n]{4,200}?)[\"']?[ \t]*\r?$", re.M)
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_SPACE = re.compile(r"\s+")
_LINE = 12  # characters of a line by which the element is found where no sentence ends in 。
_LINKED = 0.2  # share of words in links that the words of a document keep below
_METADATA = 120  # characters of the longest such line
_SITE = re.compile(r"[\s]*[-_|—–][\s]*[^-_|—–]{2,30}$")


def read(content: bytes) -> tuple[tuple[Block, ...], str]:
    """Blocks of the document in a page and the encoding; ReadError for what is no text."""
    text, encoding = decode(content)
    matter = _FRONT_MATTER.match(text)
    tree = HTMLTree.parse(text[matter.end() :] if matter else text)
    if tree.body and is_deep(tree.body):
        raise ReadError(
            f"elements are nested more than {limits.HTML_DEPTH} deep: save the text of the page and pass that"
        )
    main = extract_plain_text(tree, main_content=True, list_bullets=False, links=False, form_fields=False)
    _strip(tree)
    title = _title(tree, matter[1] if matter else "")
    root = _document(tree.body, main) if tree.body else None
    found = list(blocks_of(root)) if root else []
    around = _metadata(list(blocks_of(tree.body)), found) if tree.body else []
    return tuple(_numbered(_titled([*around, *found], title))), encoding


def is_deep(body: ElementNode) -> bool:
    """Whether elements are nested beyond the limit; what reads them goes down by calling itself."""
    node, depth = body, 0
    while depth <= limits.HTML_DEPTH:
        inner = node.first_element_child
        if inner is not None:
            node, depth = inner, depth + 1
            continue
        while node.next_element_sibling is None or not depth:
            parent = node.parent_element
            if parent is None or not depth:
                return False
            node, depth = parent, depth - 1
        node = node.next_element_sibling
    return True


def _strip(tree: HTMLTree) -> None:
    """Takes away what no reader sees or what is no part of any document: scripts, forms, navigation."""
    words = load("html")
    if tree.body is None:
        return
    for node in tree.body.query_selector_all(", ".join(words["hidden"].split())):
        node.decompose()
    whole = len(_SPACE.sub("", tree.body.text_content or ""))
    for selector in words["furniture"]:
        for node in tree.body.query_selector_all(selector):
            # a page whose document stands in an element named so keeps it
            if len(_SPACE.sub("", node.text_content or "")) < 0.3 * whole:
                node.decompose()


def _document(body: ElementNode, main: str) -> ElementNode:
    """The deepest element that holds all sentences of the main text, with what stands around it unlinked."""
    lines = [_SPACE.sub("", line) for line in main.split("\n")]
    pieces = [line for line in lines if "。" in line] or [line for line in lines if len(line) >= _LINE]
    at = body
    whole = sum(p in _squeezed(at) for p in pieces)
    while whole:
        inside = ((sum(p in _squeezed(c) for p in pieces), c) for c in at.children)
        best, child = max(inside, key=lambda found: found[0], default=(0, None))
        if child is None or best < whole or child.tag in ("table", "tbody", "tr"):
            break
        at = child
    while (parent := at.parent_element) is not None and parent.tag != "html" and _belongs(at, parent):
        at = parent
    return at


def _belongs(node: ElementNode, parent: ElementNode) -> bool:
    """Whether the words of an element beside a part of it are the document's: tables, annexes; no lists of links."""
    inside, links = len(_squeezed(node)), _linked(node)
    more = len(_squeezed(parent)) - inside
    return more <= inside and _linked(parent) - links <= _LINKED * more


def _linked(node: ElementNode) -> int:
    return sum(len(_squeezed(a)) for a in node.query_selector_all("a"))


def _metadata(page: list[Block], found: list[Block]) -> list[Block]:
    """Lines of data about the document (发文机关：…) that the page sets outside its element."""
    key = re.compile(rf"(?:{load('html')['metadata_key']})[：:].")
    printed = {b.text for b in found if isinstance(b, Line)}
    near = (b for b in page if isinstance(b, Line) and len(b.text) < _METADATA and b.text not in printed)
    return [b for b in near if key.match(_SPACE.sub("", b.text))]


def _squeezed(node: ElementNode) -> str:
    return _SPACE.sub("", node.text_content or "")


def _title(tree: HTMLTree, matter: str) -> str:
    """The title of the document by the meta tags of the page, its front matter or its <title>; "" without one."""
    head = tree.head
    for name in load("html")["title_meta"].split():
        node = head.query_selector(f'meta[name="{name}" i]') if head else None
        if node and (node.getattr("content") or "").strip():
            return _SPACE.sub(" ", node.getattr("content") or "").strip()
    found = _MATTER_TITLE.search(matter)
    if found:
        return found[1].strip()
    return _SITE.sub("", _SPACE.sub(" ", tree.title or "").strip())


def _titled(blocks: list[Block], title: str) -> Iterator[Block]:
    """The blocks, with the title of the page above them where they do not print it."""
    bare = re.sub(r"[\W_]", "", title)
    printed = re.sub(r"[\W_]", "", "".join(b.text for b in blocks[:20] if isinstance(b, Line)))
    if len(bare) >= 6 and bare not in printed and any(word in title for word in load("html")["titles"].split()):
        yield Line(title, 0, None, 1)
    yield from blocks


def _numbered(blocks: Iterator[Block]) -> Iterator[Block]:
    """Blocks with the numbers that their lines have in the page, from 1."""
    number = 0
    for block in blocks:
        if isinstance(block, Grid):
            yield Grid(block.rows, tuple(range(number + 1, number + 1 + len(block.rows))), block.page)
            number += len(block.rows)
        else:
            number += 1
            yield Line(block.text, number, block.page, block.heading)
