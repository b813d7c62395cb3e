"""The body of a response: bounded, unpacked, whole."""

from __future__ import annotations

import zlib
from typing import Any

import httpcore
import httpx

from fetching.errors import FetchError, TransientError
from fetching.network import Stream

_PACKED = ("gzip", "x-gzip", "deflate")
_GZIP_OR_ZLIB = zlib.MAX_WBITS + 32


def read(response: httpcore.Response, headers: httpx.Headers, limit: int) -> bytes:
    """The unpacked bytes; FetchError where they are too many, packed in an unknown way or not what was announced."""
    announced = _length(headers)
    if announced is not None and announced > limit:
        raise FetchError(f"{_mb(announced)} announced, more than {_mb(limit)}")
    coding = headers.get("content-encoding", "").strip().lower()
    if coding in ("", "identity"):
        content, raw = _plain(response, limit)
    elif coding in _PACKED:
        content, raw = _unpacked(response, limit)
    else:
        raise FetchError(f"packed as {coding[:40]}, which was not asked for")
    stream: Any = response.extensions.get("network_stream")
    came = stream.body_received() if isinstance(stream, Stream) and announced is not None else None
    if came is not None and came > raw:
        raise TransientError("wrong length: more bytes came than Content-Length says")
    return content


def is_open_ended(headers: httpx.Headers) -> bool:
    """Whether the end of the body is just the end of the connection."""
    return "content-length" not in headers and "chunked" not in headers.get("transfer-encoding", "").lower()


def _length(headers: httpx.Headers) -> int | None:
    value = headers.get("content-length", "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else None


def _plain(response: httpcore.Response, limit: int) -> tuple[bytes, int]:
    content = bytearray()
    for chunk in response.iter_stream():
        content += chunk
        if len(content) > limit:
            raise FetchError(f"more than {_mb(limit)}")
    return bytes(content), len(content)


def _unpacked(response: httpcore.Response, limit: int) -> tuple[bytes, int]:
    unpacker, content, raw = zlib.decompressobj(_GZIP_OR_ZLIB), bytearray(), 0
    try:
        for chunk in response.iter_stream():
            raw += len(chunk)
            content += unpacker.decompress(chunk, limit - len(content) + 1)
            if len(content) > limit:
                raise FetchError(f"more than {_mb(limit)} unpacked")
    except zlib.error as error:
        raise TransientError(f"damaged: {error}") from None
    if not unpacker.eof or unpacker.unused_data:
        raise TransientError("cut off: the packed content has no end")
    return bytes(content), raw


def _mb(size: int) -> str:
    return f"{size / 1024 / 1024:.3g} MB"
