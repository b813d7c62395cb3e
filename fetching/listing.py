"""A list page: what its items lead to and where its next page is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from resiliparse.parse.html import ElementNode, HTMLTree

from fetching import addresses
from fetching.html import parsed, selected, words
from fetching.source import Source
from fetching.state import Link
from pipeline.read import ReadError
from pipeline.read.encoding import decode

_DATE = re.compile(r"((?:19|20)\d\d)\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})")
_LONGEST_TITLE = 300


@dataclass(slots=True)
class Found:
    """Links in the order of the page, and what was looked for and is not there."""

    links: list[Link] = field(default_factory=list)
    next: str | None = None
    missing: list[str] = field(default_factory=list)


def text_of(content: bytes, encoding: str | None) -> str:
    """The characters of a page: in the encoding that the source names, else judged by content. ReadError."""
    if encoding:
        return content.decode(encoding, "replace")
    return decode(content)[0]


def items(content: bytes, address: str, source: Source) -> Found:
    """The items of a list page; ReadError where it is no text."""
    tree = parsed(text_of(content, source.encoding))
    base, found, select = _base(tree, address), Found(), source.select
    elements = selected(tree, select.item or "a")
    if not elements:
        found.missing.append(f"select.item {select.item!r} fits nothing")
    for number, element in enumerate(elements, 1):
        link = _link(element, base, address, source, found)
        if isinstance(link, str):
            found.missing.append(f"item {number}: {link}")
        elif link.address not in {each.address for each in found.links}:
            found.links.append(link)
    if select.next:
        found.next = _next(tree, base, select.next)
    return found


def attachments(content: bytes, address: str, source: Source) -> Found:
    """The attachments that a page leads to; ReadError where it is no text."""
    tree = parsed(text_of(content, source.encoding))
    base, found = _base(tree, address), Found()
    selector = source.select.attachment or "a"
    for element in selected(tree, selector):
        anchor = _anchor(element)
        try:
            target = addresses.join(base, (anchor.getattr("href") or "") if anchor is not None else "")
        except addresses.AddressError as error:
            found.missing.append(f"attachment: {error}")
            continue
        if target not in {each.address for each in found.links}:
            found.links.append(Link(target, _words(element), None, addresses.masked(address), direct=True))
    if not found.links:
        found.missing.append(f"select.attachment {selector!r} fits nothing on the page")
    return found


def _base(tree: HTMLTree, address: str) -> str:
    """What links count from: <base href>, or the page itself."""
    for element in selected(tree, "base[href]"):
        try:
            return addresses.join(address, element.getattr("href") or "")
        except addresses.AddressError:
            break
    return address


def _anchor(element: ElementNode) -> ElementNode | None:
    return element if element.hasattr("href") else element.query_selector("a[href]")


def _link(element: ElementNode, base: str, page: str, source: Source, found: Found) -> Link | str:
    anchor = _anchor(element)
    if anchor is None:
        return "no link in it"
    try:
        target = addresses.join(base, anchor.getattr("href") or "")
    except addresses.AddressError as error:
        return str(error)
    select = source.select
    named = element.query_selector(select.title) if select.title else None
    dated = element.query_selector(select.date) if select.date else None
    day = day_of(words(dated) if dated is not None else "")
    for key, selector, value in (("title", select.title, named), ("date", select.date, day)):
        if selector and value is None:
            found.missing.append(f"{addresses.masked(target)}: select.{key} {selector!r} gives nothing")
    title = _words(named) if named is not None else anchor.getattr("title") or _words(anchor)
    return Link(target, title, day, addresses.masked(page))


def _words(element: ElementNode) -> str | None:
    return words(element)[:_LONGEST_TITLE] or None


def day_of(text: str) -> str | None:
    """The first date in a text, ISO 8601."""
    match = _DATE.search(text)
    try:
        return date(*map(int, match.groups())).isoformat() if match else None
    except ValueError:
        return None


def _next(tree: HTMLTree, base: str, selector: str) -> str | None:
    """The address of the next page; null on the last one, where the link is missing or leads nowhere."""
    for element in selected(tree, selector):
        anchor = _anchor(element)
        if anchor is None:
            continue
        try:
            return addresses.join(base, anchor.getattr("href") or "")
        except addresses.AddressError:
            continue
    return None


__all__ = ["Found", "ReadError", "attachments", "day_of", "items", "text_of"]
