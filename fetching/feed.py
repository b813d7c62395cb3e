"""RSS 1.0, RSS 2.0 and Atom: what their entries lead to."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parsedate_to_datetime

from lxml import etree

from fetching import addresses
from fetching.errors import FetchError
from fetching.listing import Found, text_of
from fetching.source import Source
from fetching.state import Link

_DECLARATION = re.compile(r"\s{0,99}<\?xml[^>]{0,400}\?>")
_ENTRIES = ("item", "entry")
_DATES = ("pubDate", "published", "date", "updated")
_LONGEST_TITLE = 300


def entries(content: bytes, address: str, source: Source) -> Found:
    """The entries of a feed in its order; ReadError for what is no text, FetchError for what is no feed."""
    root = _root(text_of(content, source.encoding))
    if _name(root) not in ("rss", "RDF", "feed"):
        raise FetchError(f"neither RSS nor Atom: the outermost element is {_name(root)}")
    found = Found()
    elements = [e for e in root.iter() if isinstance(e.tag, str) and _name(e) in _ENTRIES]
    if not elements:
        found.missing.append("the feed has no entry")
    for number, element in enumerate(elements, 1):
        links = _links(element, address, source)
        if not links:
            found.missing.append(f"entry {number}: no link in it")
        known = {each.address for each in found.links}
        found.links += [link for link in links if link.address not in known]
    return found


def _root(text: str) -> etree._Element:
    """The feed as a tree: no entities, nothing fetched, libxml2's own limits of depth and size."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, collect_ids=False
    )
    try:
        # The text is decoded already, whatever its declaration says.
        root = etree.fromstring(_DECLARATION.sub("", text, count=1).encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FetchError(f"no feed: {str(error)[:200]}") from None
    if root.getroottree().docinfo.internalDTD is not None and any(True for _ in root.iter(etree.Entity)):
        raise FetchError("the feed defines entities of its own, which are not followed")
    return root


def _name(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def _links(element: etree._Element, address: str, source: Source) -> list[Link]:
    """The page of an entry and its enclosures, as far as the source takes them."""
    pages, files = [], []
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name, target = _name(child), child.get("href") or child.get("url") or (child.text or "").strip()
        if name == "enclosure" or (name == "link" and child.get("rel") == "enclosure"):
            files.append(target)
        elif name == "link" and child.get("rel", "alternate") == "alternate":
            pages.append(target)
    if not pages and not files:
        pages = [_text(c) for c in element if isinstance(c.tag, str) and _is_permalink(c)]
    wanted = [(page, False) for page in pages[:1] if source.take != "attachments" or not files]
    wanted += [(file, True) for file in files if source.take != "page" or not pages]
    found = []
    for target, direct in wanted:
        try:
            link = addresses.join(_base(element, address), target) if target else ""
        except addresses.AddressError:
            continue
        if link:
            found.append(Link(link, _title(element), _day(element), addresses.masked(address), direct))
    return found


def _is_permalink(element: etree._Element) -> bool:
    return _name(element) == "guid" and element.get("isPermaLink", "true") == "true"


def _base(element: etree._Element, address: str) -> str:
    """What links count from: xml:base of the entry or of what it stands in."""
    bases = [e.get("{http://www.w3.org/XML/1998/namespace}base") for e in (*element.iterancestors(), element)]
    for base in filter(None, bases):
        address = addresses.join(address, base)
    return address


def _text(element: etree._Element) -> str:
    return " ".join("".join(str(t) for t in element.itertext()).split())


def _title(element: etree._Element) -> str | None:
    named = (c for c in element if isinstance(c.tag, str) and _name(c) == "title")
    return next((_text(c)[:_LONGEST_TITLE] or None for c in named), None)


def _day(element: etree._Element) -> str | None:
    children = {_name(c): _text(c) for c in element if isinstance(c.tag, str)}
    for name in _DATES:
        value = children.get(name)
        if value:
            return _parsed_day(value)
    return None


def _parsed_day(value: str) -> str | None:
    """The day as the feed's own time zone has it."""
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return parse(value).date().isoformat()
        except ValueError:
            continue
    return None
