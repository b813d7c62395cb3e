"""What bytes are, told by themselves: kind, whether whole, and which name and type fit."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath

from pipeline.read import ReadError
from pipeline.read.encoding import decode
from pipeline.read.plain import is_html

#: Kinds that may be taken, with their names' endings (the usual one first) and media type.
_KINDS = {
    "pdf": ((".pdf",), "application/pdf"),
    "docx": ((".docx",), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "doc": ((".doc", ".wps"), "application/msword"),
    "rtf": ((".rtf", ".doc"), "application/rtf"),
    "html": ((".html", ".htm", ".shtml", ".xhtml"), "text/html"),
    "text": ((".txt", ".md", ".markdown"), "text/plain"),
}
KINDS = tuple(_KINDS)
_DOCUMENTS = frozenset({".pdf", ".docx", ".doc", ".wps", ".rtf"})
_DOCUMENT_TYPES = ("application/pdf", "application/msword", "application/vnd.", "application/rtf")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"PK\x03\x04", "an archive"),
    (b"Rar!", "an archive"),
    (b"\x1f\x8b", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
)
_TAIL = 8 * 1024
_XML = re.compile(rb"\s{0,99}<\?xml\b")


def kind_of(content: bytes) -> str | None:
    """One of KINDS, null for anything else."""
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(_OLE):
        return "doc"
    if content.startswith(b"{\\rtf"):
        return "rtf"
    if content.startswith(b"PK\x03\x04"):
        return "docx" if _is_docx(content) else None
    if is_html(content[:16384]):
        return "html"
    return "text" if _is_text(content) else None


def name_of(content: bytes) -> str:
    """In words, what bytes are: for messages."""
    kind = kind_of(content)
    return kind or next((words for mark, words in _OTHER if content.startswith(mark)), "of unknown type")


def _is_docx(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "word/document.xml" in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return b"word/" in content[:65536]  # cut off: `fault` says so


def _is_text(content: bytes) -> bool:
    if any(content.startswith(mark) for mark, _ in _OTHER) or _XML.match(content) or not content.strip():
        return False
    try:
        return bool(decode(content))
    except ReadError:
        return False


def fault(content: bytes, kind: str, *, open_ended: bool) -> str | None:
    """Why bytes of a kind are not whole; `open_ended` where the server said nothing of their length."""
    if kind == "pdf" and b"%%EOF" not in content[-_TAIL:]:
        return "cut off: the PDF has no end"
    if kind == "docx" and not zipfile.is_zipfile(io.BytesIO(content)):
        return "cut off: the DOCX has no end"
    if kind == "html" and open_ended and b"<html" in content[:4096].lower() and b"</html" not in content.lower():
        return "cut off: the page has no end"
    return None


def contradiction(address: str, media_type: str, kind: str) -> str | None:
    """Where name or header promise a document and a page came: the error pages of sites come with status 200."""
    ending = PurePosixPath(address.split("?")[0]).suffix.lower()
    if kind in ("html", "text") and (ending in _DOCUMENTS or media_type.lower().startswith(_DOCUMENT_TYPES)):
        return f"wrong type: {ending or media_type} was promised, {kind} came"
    return None


def ending_of(address: str, kind: str) -> str:
    """The ending of the file's name: that of the address where it fits the kind."""
    endings = _KINDS[kind][0]
    own = PurePosixPath(address.split("?")[0]).suffix.lower()
    return own if own in endings else endings[0]


def media_type_of(kind: str) -> str:
    """The media type of a kind."""
    return _KINDS[kind][1]
