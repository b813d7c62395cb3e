"""Bytes to characters, judged by content: UTF-8, GB18030, UTF-16 with a byte order mark."""

from __future__ import annotations

import codecs
import re

from pipeline.read.errors import ReadError

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_JUNK = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffd\ue000-\uf8ff]")
#: A cut-off last character or a slip of a converter is no reason to refuse an issue.
_TOLERATED = 0.001
_ADVICE = "not readable as text (neither UTF-8 nor GB18030): pass the bulletin as text, saved as UTF-8"


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding; ReadError when it is not text."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _accept(content[len(bom) :].decode(encoding, "replace")), encoding
    if b"\x00" in content:
        raise ReadError(_ADVICE)
    for encoding in ("utf-8", "gb18030"):
        text = content.decode(encoding, "replace")
        if text.count("\ufffd") <= max(1, len(text) * _TOLERATED):
            return _accept(text), encoding
    raise ReadError(_ADVICE)


def _accept(text: str) -> str:
    if len(_JUNK.findall(text)) > max(2, len(text) * 0.02):
        raise ReadError(_ADVICE)
    return text
