"""The parts of a word processing package (ECMA-376: DOCX, DOCM, DOTX), unpacked within limits.

zipfile and lxml are all it needs: a package library would load every part whole, pictures
too, before anything could be measured.
"""

from __future__ import annotations

import posixpath
import zipfile
from dataclasses import dataclass
from typing import Any

from lxml import etree

from pipeline.read import limits
from pipeline.read.containers import opened
from pipeline.read.errors import ReadError

Element = Any  # lxml has no types

_BROKEN = "the file is damaged: open it in a word processor, save it anew as .docx and pass that"
_ENTITIES = "declares XML entities, which no document needs: save it anew in a word processor and pass that"
#: Prefixes of names by namespace, transitional and strict alike; names of WordprocessingML have none.
_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m:",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m:",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc:",
    "urn:schemas-microsoft-com:vml": "v:",
}
_names: dict[str, str] = {}


def name(element: Element) -> str:
    """`p`, `tbl`, `m:oMath`, `mc:Choice`; names of other namespaces begin with `other:`; "" for comments."""
    tag = element.tag
    known = _names.get(tag)
    if known is None:
        if not isinstance(tag, str):
            return ""
        space, _, local = tag[1:].partition("}") if tag.startswith("{") else ("", "", tag)
        known = _names[tag] = _PREFIXES.get(space, "other:") + local
    return known


def child(element: Element | None, *path: str) -> Element | None:
    """The first element down a path of names; null where one is missing."""
    for step in path:
        if element is None:
            return None
        for inner in element:
            if name(inner) == step:
                element = inner
                break
        else:
            return None
    return element


def value(element: Element | None, attribute: str = "val") -> str | None:
    """An attribute by its local name; null without the element or the attribute."""
    if element is None:
        return None
    for key, content in element.attrib.items():
        if key.rpartition("}")[2] == attribute:
            return str(content)
    return None


def number(element: Element | None, attribute: str = "val") -> int | None:
    """An attribute that is a whole number; null where it is none."""
    text = value(element, attribute) or ""
    return int(text) if text.removeprefix("-").isdecimal() and len(text) < 10 else None


def is_on(element: Element | None) -> bool:
    """A switch: there, and not set to false."""
    return element is not None and value(element) not in ("0", "false", "off")


@dataclass(frozen=True, slots=True)
class Package:
    """Roots of the parts that hold text and its form; null for those the package lacks."""

    document: Element
    styles: Element | None
    numbering: Element | None
    footnotes: Element | None
    endnotes: Element | None
    has_foreign: bool  # whether the document includes chunks in other formats (altChunk)


def unpack(content: bytes) -> Package:
    """The package in a ZIP file; ReadError for what is damaged, locked or too large."""
    with opened(content) as archive:
        return _Unpacker(archive).package()


class _Unpacker:
    """Reads parts and keeps count of what they came to."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = {n.lower(): n for n in archive.namelist()}
        self.left = limits.UNPACKED_BYTES

    def package(self) -> Package:
        main = self.related("", "officeDocument").get("officeDocument", "word/document.xml")
        parts = self.related(main, "styles", "numbering", "footnotes", "endnotes", "aFChunk")
        document = self.part(main)
        if document is None or child(document, "body") is None:
            raise ReadError(_BROKEN)
        styles, numbering, footnotes, endnotes = (
            self.part(parts[kind]) if kind in parts else None
            for kind in ("styles", "numbering", "footnotes", "endnotes")
        )
        return Package(document, styles, numbering, footnotes, endnotes, has_foreign="aFChunk" in parts)

    def related(self, source: str, *kinds: str) -> dict[str, str]:
        """Names of the parts that a part refers to, by the kind of relation."""
        folder, file = posixpath.split(source)
        root = self.part(posixpath.join(folder, "_rels", f"{file}.rels"))
        found: dict[str, str] = {}
        for relation in root if root is not None else ():
            kind = (value(relation, "Type") or "").rpartition("/")[2]
            target = value(relation, "Target") or ""
            if kind in kinds and value(relation, "TargetMode") != "External":
                path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                found.setdefault(kind, posixpath.normpath(path))
        return found

    def part(self, path: str) -> Element | None:
        """The root of a part; null where the package has no such part."""
        entry = self.names.get(path.lower())
        return None if entry is None else parse(self.bytes_of(self.archive.getinfo(entry)))

    def bytes_of(self, info: zipfile.ZipInfo) -> bytes:
        with self.archive.open(info) as part:
            content = part.read(self.left + 1)
        packed = max(1, info.compress_size)
        if len(content) > self.left:
            limit = limits.UNPACKED_BYTES // (1024 * 1024)
            raise ReadError(f"more than the limit of {limit} MB when unpacked: split the document and pass the parts")
        if len(content) > limits.RATIO_FREE_BYTES and len(content) > limits.RATIO * packed:
            raise ReadError(
                f"unpacks to more than {limits.RATIO} times its size, as no document does: save it anew and pass that"
            )
        self.left -= len(content)
        return content


def parse(content: bytes) -> Element:
    """The root of an XML part: no entities, no document type, no network, no depth without end."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ReadError(_refusal(str(error))) from error
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        raise ReadError(_ENTITIES)
    return root


def _refusal(words: str) -> str:
    """What libxml2 stopped at; its own bounds are those of `limits.XML_DEPTH` and of entities that multiply."""
    if "depth" in words:
        return f"elements are nested more than {limits.XML_DEPTH} deep: save it anew in a word processor and pass that"
    return _ENTITIES if "entity" in words.lower() else _BROKEN
