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

#: Characters that fill half of any official text.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行"
    "学法所民得经十三之进着等部度家力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外"
    "天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军"
    "市区县省农村政府人民办局委厅组织领导负责单位责任施策推支持企服务项目管理安全环境资金项设完善提升保障展加强深落促"
)
_ENOUGH = 80  # Chinese characters that show whether they make a text
_TOGETHER = 0.15  # of them common ones; a text has thrice that, a list of names and places twice

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


def _is_rubbish(chinese: Sequence[str]) -> bool:
    """Characters that make no text: what a poor recogniser hid behind a scan."""
    return len(chinese) >= _ENOUGH and sum(c in _COMMON for c in chinese) < _TOGETHER * len(chinese)


def is_usable(words: Sequence[Word], lost: int, covered: float) -> str | None:
    """Null for a page of text or a blank one, else why it is none; `covered`: the share of its largest picture."""
    if covered >= _COVERED:
        chinese = [c for w in words for c in w.text if _CHINESE.match(c)]
        if len(words) < _FEW or len(chinese) < _SHARE * len(words) or _is_rubbish(chinese):
            return "file.picture"
    if lost > _LOST * sum(len(w.text) for w in words):
        return "file.glyphs"
    return None
