"""Files of word processors told from others, by content: ZIP, OLE (Office before 2007), RTF, Word's XML."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from struct import unpack_from

from pipeline.read.errors import ReadError

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
RTF_MARK = b"{\\rtf"
_WORD_XML = (
    b"http://schemas.microsoft.com/office/word/2003/wordml",
    b"http://schemas.microsoft.com/office/2006/xmlPackage",
)

_AS_DOCX = "save it as .docx or PDF and pass that"
#: Main parts of packages, by the end of their content type.
_PACKAGES = (
    ("wordprocessingml.document.main+xml", "docx"),
    ("wordprocessingml.template.main+xml", "docx"),
    ("ms-word.document.macroEnabled.main+xml", "docx"),
    ("ms-word.template.macroEnabledTemplate.main+xml", "docx"),
    ("spreadsheetml.sheet.main+xml", "a workbook (.xlsx), no bulletin: pass the document it belongs to"),
    ("presentationml.presentation.main+xml", f"a presentation (.pptx) is not read: {_AS_DOCX}"),
)
#: Other kinds of ZIP files, by a member they must have.
_MEMBERS = (
    ("OFD.xml", "OFD is not read: save it as PDF in an OFD reader and pass that"),
    ("META-INF/container.xml", f"an e-book (.epub) is not read: {_AS_DOCX}"),
    ("AndroidManifest.xml", "a program (.apk), no bulletin: pass a document"),
    ("META-INF/MANIFEST.MF", "a program (.jar), no bulletin: pass a document"),
    ("content.xml", f"OpenDocument is not read: {_AS_DOCX}"),
)
_ARCHIVE = "a ZIP archive: unpack it and pass the files inside"

#: Streams of OLE files.
_STREAMS = (
    ("EncryptedPackage", "locked by a password: remove it in a word processor and save anew"),
    ("WordDocument", "doc"),
    ("Workbook", "a workbook (.xls), no bulletin: pass the document it belongs to"),
    ("Book", "a workbook (.xls), no bulletin: pass the document it belongs to"),
    ("PowerPoint Document", f"a presentation (.ppt) is not read: {_AS_DOCX}"),
    ("__properties_version1.0", "a mail (.msg), no bulletin: pass the file attached to it"),
    ("MatOST", f"a file of Works (.wps) is not read: {_AS_DOCX}"),
)
_ENTRY = 128
_FREE = 0xFFFFFFFA  # sector numbers from here on are marks, not sectors


def is_office(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a word processor's file, or of another in its containers."""
    if head.startswith((ZIP, b"PK\x05\x06", OLE, RTF_MARK)):
        return True
    return b"<?xml" in head[:100] and any(mark in head for mark in _WORD_XML)


@contextmanager
def opened(content: bytes) -> Iterator[zipfile.ZipFile]:
    """A ZIP file; ReadError where it, or what is read of it meanwhile, is damaged or locked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield archive
    except ReadError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise ReadError("the file is damaged or cut off: fetch it again, or save it anew as .docx") from error
    except RuntimeError as error:  # what zipfile says of a part that is encrypted
        raise ReadError("locked by a password: remove it in a word processor and save anew") from error


def zip_kind(content: bytes) -> str:
    """`docx`; ReadError, with advice, for every other ZIP file."""
    with opened(content) as archive:
        members = frozenset(archive.namelist())
        types = archive.open("[Content_Types].xml").read(1 << 20) if "[Content_Types].xml" in members else b""
    for ending, kind in _PACKAGES:
        if ending.encode() in types:
            return _accepted(kind)
    if "word/document.xml" in members:
        return "docx"
    for member, advice in _MEMBERS:
        if any(m == member or m.endswith("/" + member) and member == "OFD.xml" for m in members):
            raise ReadError(advice)
    raise ReadError(_ARCHIVE)


def ole_kind(content: bytes) -> str:
    """`doc` (Word, WPS Writer); ReadError, with advice, for every other OLE file."""
    names = frozenset(_root_entries(content))
    for stream, kind in _STREAMS:
        if stream in names:
            return _accepted(kind)
    raise ReadError(f"no document of a word processor: {_AS_DOCX}")


def _accepted(kind: str) -> str:
    if " " in kind:
        raise ReadError(kind)
    return kind


def _root_entries(content: bytes) -> Iterator[str]:
    """Names of what stands directly in the root: what an embedded document has does not count."""
    entries = list(_directory(content))
    todo, seen = [entries[0][3]] if entries else [], set()
    while todo:
        n = todo.pop()
        if n in seen or not 0 <= n < len(entries):
            continue
        seen.add(n)
        name, left, right, _ = entries[n]
        yield name
        todo += [left, right]


def _directory(content: bytes) -> Iterator[tuple[str, int, int, int]]:
    """(name, left, right, child) of the entries; those up to where a damaged file breaks off."""
    if len(content) < 512:
        return
    size = 1 << min(content[30], 16)
    sectors = unpack_from("<109I", content, 76)
    at, steps = unpack_from("<I", content, 48)[0], 0
    while at < _FREE and steps <= len(content) // size:
        sector = content[(at + 1) * size : (at + 2) * size]
        for start in range(0, len(sector) - _ENTRY + 1, _ENTRY):
            length = min(unpack_from("<H", sector, start + 64)[0], 64)
            name = sector[start : start + max(0, length - 2)].decode("utf-16-le", "replace")
            yield (name, *unpack_from("<III", sector, start + 68))
        at, steps = _next(content, sectors, at, size), steps + 1


def _next(content: bytes, sectors: tuple[int, ...], at: int, size: int) -> int:
    """The sector that follows in the chain, by the allocation table; the end of the chain where it is damaged."""
    block, place = divmod(at, size // 4)
    if block >= len(sectors) or sectors[block] >= _FREE:
        return _FREE
    offset = (sectors[block] + 1) * size + 4 * place
    return int(unpack_from("<I", content, offset)[0]) if offset + 4 <= len(content) else _FREE
