"""Which words of a page are characters, and whether a page has enough of them to be read as text.

What some programs write instead of the character they show is put right: radicals of the same shape,
a soft hyphen that is printed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from pipeline.read.layout import Word

#: What stands for a glyph whose character the file does not tell.
UNKNOWN = "\ufffd"
_GLYPH = re.compile(r"\(cid:\d+\)|[\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f]")
#: Bullets and signs of symbol fonts: they stand for no character.
_PLAIN = re.compile(r"[ -~¢-¬®-\u2e7f\u3000-\udfff\uf900-\ufffc]")
_SYMBOL = re.compile(r"[\uf020-\uf0ff]")
_SHOWN = {0xAD: "-", **{c: unicodedata.normalize("NFKC", chr(c)) for c in range(0x2F00, 0x2FD6)}}
_SHOWN |= {
    ord(radical): character
    for radical, character in zip(
        "⺠⺟⺩⺮⺼⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
        "民母王竹月虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
        strict=True,
    )
}
_CHINESE = re.compile(r"[\u3400-\u9fff]")

_COVERED = 0.4  # of the page under one picture: a scan
_FEW = 30  # words of a scan's stamp or of the program that made it
_LOST = 0.2  # of a page's characters unknown: not worth reading
_SHARE = 0.2  # of a recognised page's hidden text that is Chinese


def readable(words: list[Word]) -> tuple[list[Word], int]:
    """Words with unknown glyphs marked as such, and how many these are."""
    lost = 0
    out = []
    for word in words:
        text = word.text
        if not _PLAIN.fullmatch(text):
            text, n = _GLYPH.subn(UNKNOWN, _SYMBOL.sub("", text.translate(_SHOWN)))
            lost += n
            if not text:
                continue
            word = word._replace(text=text)
        out.append(word)
    return out, lost


def is_usable(words: Sequence[Word], lost: int, covered: float) -> str | None:
    """Null for a page of text or a blank one, else why it is none; `covered`: the share of its largest picture."""
    if covered >= _COVERED:
        chinese = sum(_CHINESE.search(w.text) is not None for w in words)
        if len(words) < _FEW or chinese < _SHARE * len(words):
            return "file.picture"
    if lost > _LOST * sum(len(w.text) for w in words):
        return "file.glyphs"
    return None
