"""CSS selectors on a page."""

from __future__ import annotations

from resiliparse.parse.html import ElementNode, HTMLTree


def is_selector(selector: str) -> bool:
    """Whether a text is a CSS selector that can be asked for."""
    try:
        selected(HTMLTree.parse("<p></p>"), selector)
    except Exception:
        return False
    return True


def selected(tree: HTMLTree, selector: str) -> list[ElementNode]:
    """The elements of a page that a selector fits, in the page's order."""
    return list(tree.document.query_selector_all(selector)) if tree.document else []


def words(element: ElementNode) -> str:
    """The text of an element on one line."""
    return " ".join((element.text or "").split())
