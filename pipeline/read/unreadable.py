"""Which words of a page are characters, and whether a page has enough of them to be read as text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.read.layout import Word

#: What stands for a glyph whose character the file does not tell.
UNKNOWN = "\ufffd"
_GLYPH = re.compile(r"\(cid:\d+\)|[\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f]")
_CHINESE = re.compile(r"[\u3400-\u9fff]")

_COVERED = 0.4  # of the page under one picture: a scan
_FEW = 30  # words of a scan's stamp or of the program that made it
_LOST = 0.2  # of a page's characters unknown: not worth reading
_SHARE = 0.2  # of a recognised page's hidden text that is Chinese


def readable(words: list[Word]) -> tuple[list[Word], int]:
    """Words with unknown glyphs marked as such, and how many these are."""
    lost = 0
    for i, word in enumerate(words):
        if len(word.text) == 1 and word.text < "\ue000" and word.text >= " ":
            continue
        text, n = _GLYPH.subn(UNKNOWN, word.text)
        if n:
            words[i] = word._replace(text=text)
            lost += n
    return words, lost


def is_usable(words: Sequence[Word], lost: int, covered: float) -> str | None:
    """Null for a page to be read as text (or blank), else why it cannot be; `covered` is the share of its largest picture."""
    if covered >= _COVERED:
        chinese = sum(_CHINESE.search(w.text) is not None for w in words)
        if len(words) < _FEW or chinese < _SHARE * len(words):
            return "file.picture"
    if lost > _LOST * sum(len(w.text) for w in words):
        return "file.glyphs"
    return None
