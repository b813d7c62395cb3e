"""CSS selectors on a page."""

from __future__ import annotations

from resiliparse.parse.html import ElementNode, HTMLTree

from pipeline.read import ReadError, limits
from pipeline.read.html import is_deep


def is_selector(selector: str) -> bool:
    """Whether a text is a CSS selector that can be asked for."""
    try:
        selected(HTMLTree.parse("<p></p>"), selector)
    except Exception:
        return False
    return True


def parsed(text: str) -> HTMLTree:
    """The page; ReadError where elements lie so deep in each other that selectors would take minutes."""
    tree = HTMLTree.parse(text)
    if tree.body and is_deep(tree.body):
        raise ReadError(f"elements are nested more than {limits.HTML_DEPTH} deep")
    return tree


def selected(tree: HTMLTree, selector: str) -> list[ElementNode]:
    """The elements of a page that a selector fits, in the page's order."""
    return list(tree.document.query_selector_all(selector)) if tree.document else []


def words(element: ElementNode) -> str:
    """The text of an element on one line."""
    return " ".join((element.text or "").split())
