"""Words to strips: what touches on one line, subscripts and superscripts in their places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from pipeline.model import Doubt
from pipeline.read.layout.geometry import Strip, Word
from pipeline.read.raised import raised

#: In ems: the widest gap inside a strip (a blank of full width is 1), and the deepest overlap by kerning.
_GAP = 0.9
_KERN = -0.6
_BLANK = 0.18
_WIDE_BLANK = 0.7
_SMALL = 0.9  # of the size of its line: raised, if it stands high
_LESS = 0.96  # of the size of its line: a subscript, if it touches
_MARK = re.compile(r"[①-⑳*＊※†]|[\[〔]\d{1,2}[\]〕]")  # of a note
_BAND = 6.0  # points of the bands in which neighbours are looked up


class _Run:
    """Words that follow each other; height and size are those of its largest words."""

    __slots__ = ("bottom", "size", "top", "words", "x0", "x1")

    def __init__(self, word: Word) -> None:
        self.words = [word]
        self.x0, self.x1 = word.x0, word.x1
        self.top, self.bottom, self.size = word.top, word.bottom, word.size

    def takes(self, x0: float, top: float, bottom: float, size: float) -> bool:
        em = self.size if self.size > size else size
        gap = x0 - self.x1
        if gap > _GAP * em or gap < _KERN * em:
            return False
        shared = min(self.bottom, bottom) - max(self.top, top)
        small = min(self.bottom - self.top, bottom - top)
        if shared > 0.6 * small:
            return True
        # a subscript may hang half below its line
        return shared > 0.25 * small and min(self.size, size) < _LESS * em and abs(gap) < 0.3 * em

    def add(self, other: _Run) -> None:
        self.words += other.words
        self.x0, self.x1 = min(self.x0, other.x0), max(self.x1, other.x1)
        if other.size > 1.05 * self.size:
            self.top, self.bottom, self.size = other.top, other.bottom, other.size
        elif other.size > 0.95 * self.size:
            self.top, self.bottom = min(self.top, other.top), max(self.bottom, other.bottom)


def strips(words: Iterable[Word]) -> list[Strip]:
    """Strips of all words, in no order."""
    return [_strip(run) for run in _merged(_runs(words))]


def _runs(words: Iterable[Word]) -> list[_Run]:
    """Words in their given order, which in most files is the order of reading: one pass joins nearly all."""
    runs: list[_Run] = []
    last: _Run | None = None
    for word in words:
        if last is not None and word.size == last.size and last.takes(word.x0, word.top, word.bottom, word.size):
            last.words.append(word)
            last.x1 = max(last.x1, word.x1)
        else:
            last = _Run(word)
            runs.append(last)
    return runs


def _merged(runs: list[_Run]) -> list[_Run]:
    """Runs joined to those they follow, whatever their order in the file."""
    kept: list[_Run] = []
    bands: dict[int, list[_Run]] = {}
    for run in sorted(runs, key=lambda r: r.x0):
        near = range(int(run.top // _BAND), int(run.bottom // _BAND) + 1)
        found = None
        for band in near:
            for left in reversed(bands.get(band, ())):
                better = found is None or left.x1 > found.x1
                if better and left.takes(run.x0, run.top, run.bottom, run.size):
                    found = left
        if found is None:
            kept.append(run)
            target = run
        else:
            found.add(run)
            target = found
        for band in near:
            held = bands.setdefault(band, [])
            if target not in held[-4:]:
                held.append(target)
    return kept


def _strip(run: _Run) -> Strip:
    words = run.words
    if any(b.x0 < a.x0 for a, b in pairwise(words)):
        words = sorted(words, key=lambda w: w.x0)
    text = _text(words, run)
    doubts = _doubts(words, text) if any(w.doubts for w in words) else ()
    return Strip(text, run.x0, run.top, run.x1, run.bottom, run.size, doubts)


def _doubts(words: Sequence[Word], text: str) -> tuple[Doubt, ...]:
    """Doubts of words at their places in the text that was made of them."""
    out: list[Doubt] = []
    at = 0
    for word in words:
        found = text.find(word.text, at)
        if found >= 0:  # raised characters are not found again
            out += [(found + i, sure) for i, sure in word.doubts]
            at = found + len(word.text)
    return tuple(out)


def _text(words: Sequence[Word], run: _Run) -> str:
    middle = (run.top + run.bottom) / 2
    small = _SMALL * run.size
    out: list[str] = []
    end = words[0].x0
    lifted = ""
    for word in words:
        gap = word.x0 - end
        high = word.size < small and word.bottom < middle + 0.2 * run.size and word.top < middle - 0.2 * run.size
        if lifted and not (high and gap < _BLANK * run.size):
            out.append(_raised(lifted))
            lifted = ""
        if gap > _BLANK * run.size:
            out.append("\u3000" if gap > _WIDE_BLANK * run.size else " ")
        if high:
            lifted += word.text
        else:
            out.append(word.text)
        end = word.x1
    if lifted:
        out.append(_raised(lifted))
    return "".join(out)


def _raised(text: str) -> str:
    return "" if _MARK.fullmatch(text) else raised(text)
