"""Lines as recognised to words as laid out: level, of few sizes, cut where columns and cells are."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from pipeline.read.layout import Rule, Word
from pipeline.read.ocr.corrections import corrected
from pipeline.read.ocr.engine import Seen
from pipeline.read.ocr.rules import turned

_DOUBT = 0.95  # of a character's sureness: less is kept in mind
_NOISE = 0.5  # of a line's sureness: less is no text
_HEIGHT = 1.3  # of a line's box to its characters, where the page does not tell
_SAME = 0.09  # sizes so near are one
_VAGUE = 0.16  # the same for lines too short to measure
_ENOUGH = 3  # distances of wide characters that make a line's size certain
_LIKE = (0.72, 1.36)  # of a size by height: a few characters of it, whose boxes are often too high
_HIGH = 1.18  # by which a line's height and the distance of its characters may differ
_NEXT = 1.5  # heights from one line to the next
_ODD = 0.4  # of the usual distance: not two neighbours
_WIDE = 1.25  # of what the height says: characters set apart, as in 通 知
_GAP = 1.3  # ems between characters of different words
_DIGIT_GAP = 0.9  # the same beside digits: cells stand closer than words of a text do
_RIGHT_HALF = frozenset("（〔《〈“‘【")
_LEFT_HALF = frozenset("，。、；：）〕》〉”’】")
_RULE = "|丨｜│"


@dataclass(frozen=True, slots=True)
class _Level:
    """A line after the page is made level, in points."""

    text: str
    sure: tuple[float, ...]
    middles: tuple[float, ...]
    y: float
    height: float
    pitch: float | None  # from one wide character to the next


class Sizes:
    """Sizes of characters met in a file: what is measured is never quite the same twice."""

    def __init__(self) -> None:
        self._known: dict[float, int] = {}  # with how many characters have it
        self.height = _HEIGHT

    def of(self, em: float, tolerance: float, characters: int) -> float:
        """The most usual of the known sizes near to a measured one, which is a new one if none is near."""
        near = [known for known in self._known if abs(known - em) <= tolerance * em]
        size = max(near, key=lambda known: self._known[known], default=round(em, 1))
        self._known[size] = self._known.get(size, 0) + characters
        return size

    def of_few(self, em: float, beside: Sequence[float]) -> float:
        """The size of few characters, which only their height tells: that of the lines beside them, or the body's."""
        body = max(self._known, key=lambda size: self._known[size], default=em)
        like = [size for size in (*beside, body) if _LIKE[0] * size < em < _LIKE[1] * size]
        return min(like, key=lambda size: abs(size - em)) if like else self.of(em, _VAGUE, 0)


def words(
    seen: Sequence[Seen], turn: tuple[float, float, float], scale: float, rules: Sequence[Rule], sizes: Sizes
) -> tuple[list[Word], int]:
    """Words of a page and how many characters were too unsure to be one.

    `turn` is the angle of the lines and the middle of the page in pixels, `scale` pixels to a point.
    """
    kept = [s for s in seen if s.mean >= _NOISE]
    lost = sum(len(s.text) for s in seen if s.mean < _NOISE)
    level = [_level(s, turn, scale) for s in kept]
    measured = [line.height / line.pitch for line in level if line.pitch]
    if len(measured) >= 3:
        sizes.height = median(measured)
    upright = [r for r in rules if r.x0 == r.x1]
    ems = _ems(level, sizes)
    return [w for line, em in zip(level, ems, strict=True) for w in _cut(line, em, upright)], lost


def _level(seen: Seen, turn: tuple[float, float, float], scale: float) -> _Level:
    points = turned(seen.corners, *turn).tolist()
    left = (points[0][0] + points[3][0]) / 2 / scale
    right = (points[1][0] + points[2][0]) / 2 / scale
    height = (points[3][1] + points[2][1] - points[0][1] - points[1][1]) / 2 / scale
    middles = tuple(left + place * (right - left) for place in seen.places)
    at = sum(p[1] for p in points) / 4 / scale
    return _Level(corrected(seen.text), seen.sure, middles, at, max(height, 1.0), _pitch(seen.text, middles))


def _pitch(text: str, middles: Sequence[float]) -> float | None:
    """From one wide character to the next; places come in steps of a sixth of that, so many are taken together."""
    steps = [
        b - a
        for (a, p), (b, q) in pairwise(zip(middles, text, strict=True))
        if unicodedata.category(p) == unicodedata.category(q) == "Lo"
    ]
    if len(steps) < _ENOUGH:
        return None
    middle = median(steps)
    usual = [step for step in steps if abs(step - middle) < _ODD * middle]
    return sum(usual) / len(usual)


def _ems(level: Sequence[_Level], sizes: Sizes) -> list[float]:
    """Sizes of lines: by the distance of their characters unless set wide, by their height where they are few."""
    out = [0.0] * len(level)
    few = []
    for i in sorted(range(len(level)), key=lambda i: (-len(level[i].text), i)):
        line, by_height = level[i], level[i].height / sizes.height
        if line.pitch and line.pitch < _WIDE * by_height:
            # a subscript makes a line higher, not its characters
            both = (line.pitch + by_height) / 2 if by_height < _HIGH * line.pitch else line.pitch
            out[i] = sizes.of(both, _SAME, len(line.text))
        else:
            few.append(i)
    for i in few:
        beside = [em for em, other in zip(out, level, strict=True) if em and _is_beside(level[i], other)]
        out[i] = sizes.of_few(level[i].height / sizes.height, beside)
    return out


def _is_beside(a: _Level, b: _Level) -> bool:
    """Whether the next line up or down of the same column."""
    return abs(a.y - b.y) < _NEXT * a.height and a.middles[0] < b.middles[-1] and b.middles[0] < a.middles[-1]


def _cut(line: _Level, em: float, rules: Sequence[Rule]) -> Iterator[Word]:
    """The words of a line: cut at wide gaps and at ruled lines."""
    crossing = [r.x0 for r in rules if r.top < line.y < r.bottom and line.middles[0] < r.x0 < line.middles[-1]]
    first = 0
    for i in range(1, len(line.text) + 1):
        if i < len(line.text) and not _parted(line, i, em, crossing):
            continue
        if word := _word(line, first, i, em, crossing):
            yield word
        first = i


def _parted(line: _Level, i: int, em: float, crossing: Sequence[float]) -> bool:
    a, b = line.middles[i - 1], line.middles[i]
    gap = b - a - (_width(line.text[i - 1], em) + _width(line.text[i], em)) / 2
    digits = line.text[i - 1].isdigit() and line.text[i].isdigit()
    return gap > (_DIGIT_GAP if digits else _GAP) * em or any(a < x <= b for x in crossing)


def _width(char: str, em: float) -> float:
    return em if unicodedata.east_asian_width(char) in "WF" else em / 2


def _word(line: _Level, first: int, end: int, em: float, crossing: Sequence[float]) -> Word | None:
    """Characters first to end; a ruled line that was read as a character is none."""
    while first < end and _is_rule(line, first, em, crossing):
        first += 1
    while end > first and _is_rule(line, end - 1, em, crossing):
        end -= 1
    if first == end:
        return None
    text = line.text[first:end]
    # the ink of a bracket or stop stands in one half of its place
    x0 = line.middles[first] - _width(text[0], em) * (0.75 if text[0] in _RIGHT_HALF else 0.5)
    x1 = max(line.middles[end - 1] + _width(text[-1], em) * (0.75 if text[-1] in _LEFT_HALF else 0.5), x0 + 0.1)
    # which bracket or stop it is, the rules know as well; what is counted are letters and digits
    doubts = tuple(
        (i, s) for i, (c, s) in enumerate(zip(text, line.sure[first:end], strict=True)) if s < _DOUBT and c.isalnum()
    )
    return Word(text, x0, line.y - em / 2, x1, line.y + em / 2, em, doubts)


def _is_rule(line: _Level, i: int, em: float, crossing: Sequence[float]) -> bool:
    return line.text[i] in _RULE and any(abs(x - line.middles[i]) < em / 2 for x in crossing)
