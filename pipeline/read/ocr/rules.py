"""Ruled lines of a page's picture, and by how much they are off the level."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipeline.read.layout import Rule
from pipeline.read.ocr.engine import Corners, Picture

Mask = npt.NDArray[np.uint8]
_Piece = tuple[int, int, int, int]  # x, y, width, height

_ACROSS, _DOWN = 56, 44  # pixels of the shortest lines, at 200 to the inch: more than a stroke of a title
_BETWEEN = 18  # the same where both ends meet lines across: a table of one row
_MEETS = 5
_BREAK = 3  # pixels of a gap in a line; more, and the strokes of characters make lines too
_THICK = 14
_INNER = 0.12  # of a line's height: the border of a cell may be as near to its text
_LONG = 250  # of a line whose slope can be told
_LEVEL = math.radians(3)  # beyond, no line of a page made level


def ink(picture: Picture, angle: float = 0.0) -> Mask:
    """What is darker than the paper around it, the picture turned back by `angle`."""
    import cv2

    gray = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    if angle:
        height, width = gray.shape
        way = cv2.getRotationMatrix2D((width / 2, height / 2), math.degrees(angle), 1)
        gray = cv2.warpAffine(gray, way, (width, height), borderMode=cv2.BORDER_REPLICATE)
    gray = cv2.GaussianBlur(gray, (3, 3), 0)
    out: Mask = cv2.adaptiveThreshold(gray, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 20)
    return out


def long_runs(dark: Mask, length: int, across: bool) -> Mask:
    """What of the ink stands in straight runs of a length."""
    import cv2

    def bar(n: int) -> Mask:
        return np.ones((1, n) if across else (n, 1), np.uint8)

    # what is left of a skew makes a line step from one row of pixels to the next
    thick = cv2.dilate(dark, np.ones((3, 1) if across else (1, 3), np.uint8))
    closed = cv2.morphologyEx(thick, cv2.MORPH_CLOSE, bar(_BREAK))
    out: Mask = cv2.morphologyEx(closed, cv2.MORPH_OPEN, bar(length))
    return out


def off_level(picture: Picture, angle: float) -> float:
    """By how much more the page is to be turned for its long ruled lines to be level; 0 without any."""
    import cv2

    _, labels, stats, _ = cv2.connectedComponentsWithStats(long_runs(ink(picture, angle), _ACROSS, across=True))
    found = []
    for i, (x, y, w, h, _) in enumerate(stats[1:].tolist(), 1):
        if w < _LONG or h > _THICK + w * math.tan(_LEVEL):
            continue
        part = labels[y : y + h, x : x + w] == i
        ends = [float(np.nonzero(part[:, side])[0].mean()) for side in (slice(0, w // 8), slice(w - w // 8, w))]
        found.append((math.atan2(ends[1] - ends[0], w * 7 / 8), w))
    return middle(found)


def turned(points: Corners, angle: float, x: float, y: float) -> Corners:
    """Points of a picture after it is turned back by an angle around (x, y)."""
    cos, sin = math.cos(angle), math.sin(angle)
    dx, dy = points[:, 0] - x, points[:, 1] - y
    return np.stack([dx * cos + dy * sin + x, dy * cos - dx * sin + y], axis=1).astype(np.float32)


def middle(found: Sequence[tuple[float, float]]) -> float:
    """The middle one of values by their weights; 0 of none."""
    half = sum(weight for _, weight in found) / 2
    for value, weight in sorted(found):
        half -= weight
        if half <= 0:
            return value
    return 0.0


def ruled_lines(picture: Picture, lines: Sequence[Corners], angle: float, scale: float) -> list[Rule]:
    """Straight lines of a picture made level, in points; `lines` are those of text, `scale` is pixels to a point."""
    dark = ink(picture, angle)
    height, width = dark.shape
    texts = [turned(c, angle, width / 2, height / 2) for c in lines]
    boxes = np.array([[*c.min(axis=0), *c.max(axis=0)] for c in texts], dtype=np.float32).reshape(-1, 4)
    across = [p for p in _pieces(long_runs(dark, _ACROSS, across=True), across=True) if not _is_text(p, boxes)]
    down = _pieces(long_runs(dark, _BETWEEN, across=False), across=False)
    down = [p for p in down if p[3] >= _DOWN or _is_between(p, across)]
    return sorted([*(_rule(p, True, scale) for p in across), *(_rule(p, False, scale) for p in down)])


def _pieces(mask: Mask, across: bool) -> list[_Piece]:
    import cv2

    _, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    return [(x, y, w, h) for x, y, w, h, _ in stats[1:].tolist() if (h if across else w) <= _THICK]


def _is_text(piece: _Piece, boxes: Corners) -> bool:
    """Whether a line across is the foot or head of a row of figures: no longer, and not at the edge of its box."""
    x, y, w, h = piece
    at, edge = y + h / 2, _INNER * (boxes[:, 3] - boxes[:, 1])
    within = (boxes[:, 1] + edge < at) & (at < boxes[:, 3] - edge)
    return bool(np.any(within & (boxes[:, 0] - edge < x) & (x + w < boxes[:, 2] + edge)))


def _is_between(piece: _Piece, across: Sequence[_Piece]) -> bool:
    """Whether both ends meet lines across."""
    x, y, w, h = piece
    at = x + w / 2
    lines = [p for p in across if p[0] - _MEETS <= at <= p[0] + p[2] + _MEETS]
    return all(any(p[1] - _MEETS <= end <= p[1] + p[3] + _MEETS for p in lines) for end in (y, y + h))


def _rule(piece: _Piece, across: bool, scale: float) -> Rule:
    x, y, w, h = piece
    if across:
        at = (y + h / 2) / scale
        return Rule(x / scale, at, (x + w) / scale, at)
    at = (x + w / 2) / scale
    return Rule(at, y / scale, at, (y + h) / scale)
