"""Bytes to `Source`: what stands in a file, in reading order, nothing interpreted.

One module per format. The format is found from the content, never from the name;
`register` is how a format is added.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.model import Block, Note, Source
from pipeline.read import limits, plain
from pipeline.read.containers import is_office
from pipeline.read.errors import ReadError

__all__ = ["MAX_BYTES", "ReadError", "Reading", "read", "register"]

MAX_BYTES = limits.BYTES


@dataclass(frozen=True, slots=True)
class Reading:
    """What a format module gives back."""

    blocks: tuple[Block, ...]
    encoding: str | None = None
    pages: int | None = None
    notes: tuple[Note, ...] = ()


#: How much of a file its format is judged by.
_HEAD = 16 * 1024

Sniff = Callable[[bytes], bool]
Reader = Callable[[bytes], Reading]

_FORMATS: dict[str, tuple[Sniff, Reader]] = {}

_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*")  # PNG, JPEG, TIFF

# Known by their first bytes and refused with advice until a module reads them.
_UNREAD = (
    (b"\x1f\x8b", "compressed: unpack it and pass the file inside"),
    (b"Rar!", "compressed: unpack it and pass the file inside"),
    (b"7z\xbc\xaf\x27\x1c", "compressed: unpack it and pass the file inside"),
    (b"MIME-Version:", "a web archive (.mht): open it in a browser or word processor, save it as .docx and pass that"),
)


def register(media_type: str, sniff: Sniff, reader: Reader) -> None:
    """Add a format: `sniff` sees the first bytes, `reader` all of them."""
    _FORMATS[media_type] = (sniff, reader)


def read(data: bytes | str | Path, *, name: str | None = None, media_type: str | None = None) -> Source:
    """Read a file (a path, or its bytes) into a `Source`.

    `name` is what the source is called (default: the file's name), `media_type` forces a
    format instead of finding it from the content. Raises ReadError, one line that says what
    to do, for what cannot be read; TypeError for other types of `data`.
    """
    content = data if isinstance(data, bytes) else _load(data)
    name = name or ("bytes" if isinstance(data, bytes) else Path(data).name)
    _check(content, name)
    kind, reading = _dispatch(content, name, media_type)
    digest = hashlib.sha256(content).hexdigest()
    return Source(name, digest, kind, reading.blocks, reading.encoding, reading.pages, reading.notes)


def _load(path: str | Path) -> bytes:
    if not isinstance(path, (str, Path)):
        raise TypeError(f"read() takes bytes, a path as str or a Path, not {type(path).__name__}")
    path = Path(path)
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MAX_BYTES else b""
    except FileNotFoundError:
        raise ReadError(f"{path}: no such file: check the path") from None
    except OSError as error:
        raise ReadError(f"{path}: cannot be read ({error.strerror}): check the path and its permissions") from None
    except ValueError:  # a path with a NUL in it
        raise ReadError("not a path: pass the content as bytes, or the path of a file") from None
    if size > MAX_BYTES:
        raise ReadError(f"{path.name}: {_too_large(size)}")
    return content


def _too_large(size: int, limit: int = MAX_BYTES) -> str:
    megabytes = f"{size / 1024 / 1024:.0f} MB is more than the limit of {limit // (1024 * 1024)} MB"
    return f"{megabytes}: split it and pass the parts"


def _check(content: bytes, name: str) -> None:
    if len(content) > MAX_BYTES:
        raise ReadError(f"{name}: {_too_large(len(content))}")
    if not content.strip(b" \t\r\n\xef\xbb\xbf"):
        raise ReadError(f"{name}: empty file: pass a file with the text of a bulletin")


def _dispatch(content: bytes, name: str, media_type: str | None) -> tuple[str, Reading]:
    if media_type in _FORMATS:
        return media_type, _FORMATS[media_type][1](content)
    for kind, (sniff, reader) in _FORMATS.items():
        if sniff(content[:_HEAD]):
            return kind, reader(content)
    for magic, advice in _UNREAD:
        if content.startswith(magic):
            raise ReadError(f"{name}: {advice}")
    try:
        return _by_content(content, media_type == "text/markdown" or name.endswith((".md", ".markdown")))
    except ReadError as error:
        raise ReadError(f"{name}: {error}") from None


def _by_content(content: bytes, markdown: bool) -> tuple[str, Reading]:
    """A format's modules are loaded where a file of it is read."""
    if is_office(content[:_HEAD]):
        return _of_office(content)
    if b"%PDF-" in content[:1024]:
        from pipeline.read import pdf

        found, pages, notes = pdf.read(content)
        return "application/pdf", Reading(found, None, pages, notes)
    if content.startswith(_IMAGES):
        from pipeline.read import scans

        blocks, pages, notes, kind = scans.read(content)
        return kind, Reading(blocks, None, pages, notes)
    if len(content) > limits.TEXT_BYTES:
        raise ReadError(_too_large(len(content), limits.TEXT_BYTES))
    if plain.is_html(content[:_HEAD]):
        from pipeline.read import html

        return "text/html", Reading(*html.read(content))
    return "text/markdown" if markdown else "text/plain", Reading(*plain.read(content))


def _of_office(content: bytes) -> tuple[str, Reading]:
    from pipeline.read import office

    media_type, blocks = office.read(content)
    return media_type, Reading(blocks)
