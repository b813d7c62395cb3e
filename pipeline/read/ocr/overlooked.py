"""Characters that stand alone, easily overlooked or mistaken: labels before a gap, figures and strokes in cells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

import numpy as np
import numpy.typing as npt

from pipeline.read.layout import Rule
from pipeline.read.ocr.engine import Corners, Picture, Seen, recognised
from pipeline.read.ocr.rules import Mask, ink, turned

_HEIGHT = (0.45, 1.4)  # of a character's, at least and at most
_WIDTH = 4.0
_TOUCH = 0.7  # ems between characters of one label
_AROUND = 0.25  # ems of paper left around it
_RULE = 6  # pixels to either side of a ruled line
_EDGE = 0.03  # of the page, where shadows and punched holes are
_MOST = 200  # of them: the page has a picture on it
_SURE = 0.8
_LINES = 1.3  # height of a line's box to its characters
_PAPER = 15  # pixels around a place by which ink is told from paper
_FEW = 12  # pixels that make no stroke
_UPRIGHT = frozenset("1lI|丨/")
_LEAN = (math.radians(10), math.radians(45))  # of a stroke that is a slash


def overlooked(
    picture: Picture, lines: Sequence[Corners], rules: Sequence[Rule], angle: float, scale: float
) -> list[Seen]:
    """Characters outside of all lines that were found; `rules` are those of the page made level by `angle`."""
    if not lines:
        return []
    height, width = picture.shape[:2]
    em = median(float(np.linalg.norm(c[0] - c[3])) for c in lines) / _LINES
    level = [turned(c, angle, width / 2, height / 2) for c in lines]
    found = _boxes(_outside(ink(picture, angle), level, rules, scale), em)
    if len(found) > _MOST:
        return []
    seen = recognised(picture, [turned(c, -angle, width / 2, height / 2) for c in found])
    return [s for s in with_slashes(picture, seen) if s.text == "/" or s.mean >= _SURE and _is_text(s.text)]


def _is_text(text: str) -> bool:
    return any(c.isalnum() or c in "/—" for c in text)


def _outside(dark: Mask, lines: Sequence[Corners], rules: Sequence[Rule], scale: float) -> Mask:
    """Ink that is in no line and no ruled line."""
    import cv2

    for rule in rules:
        x0, top, x1, bottom = (round(at * scale) for at in rule)
        dark[max(0, top - _RULE) : bottom + _RULE, max(0, x0 - _RULE) : x1 + _RULE] = 0
    for corners in lines:
        cv2.fillPoly(dark, [np.round(corners).astype(np.int32)], 0)
    y, x = (int(n * _EDGE) for n in dark.shape)
    dark[:y] = dark[-y:] = 0
    dark[:, :x] = dark[:, -x:] = 0
    return dark


def _boxes(dark: Mask, em: float) -> list[Corners]:
    import cv2

    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark)
    high = [
        i
        for i, s in enumerate(stats.tolist())
        if i and _HEIGHT[0] * em <= s[3] <= _HEIGHT[1] * em and s[2] <= _HEIGHT[1] * em
    ]
    if not high or len(high) > 4 * _MOST:
        return []
    kept = np.isin(labels, high).astype(np.uint8)
    joined = cv2.morphologyEx(kept, cv2.MORPH_CLOSE, np.ones((1, max(1, int(_TOUCH * em))), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    out = []
    for x, y, w, h, _ in stats[1:].tolist():
        if w <= _WIDTH * em and h <= _HEIGHT[1] * em:
            d = _AROUND * em
            a, b, c, e = x - d, y - d, x + w + d, y + h + d
            out.append(np.array([[a, b], [c, b], [c, e], [a, e]], dtype=np.float32))
    return out


def with_slashes(picture: Picture, seen: Sequence[Seen]) -> list[Seen]:
    """A stroke alone in its place is a slash where it leans, whatever it was taken for."""
    return [_slash(picture, s) if s.text in _UPRIGHT else s for s in seen]


def _stroke(dark: Mask) -> npt.NDArray[np.bool_]:
    """The highest piece of ink that reaches no side: beside it may stand a piece of a ruled line."""
    import cv2

    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark)
    width = dark.shape[1]
    inner = [(s[3], i) for i, s in enumerate(stats.tolist()) if i and s[0] > 0 and s[0] + s[2] < width]
    return np.asarray(labels == max(inner)[1] if inner else np.zeros_like(labels, dtype=bool))


def _slash(picture: Picture, seen: Seen) -> Seen:
    (x0, y0), (x1, y1) = seen.corners.min(axis=0).astype(int), seen.corners.max(axis=0).astype(int)
    y, x = max(0, y0 - _PAPER), max(0, x0 - _PAPER)
    dark = ink(picture[y : y1 + _PAPER, x : x1 + _PAPER])
    ys, xs = np.nonzero(_stroke(dark[max(0, y0) - y : y1 - y, max(0, x0) - x : x1 - x]))
    if len(ys) < _FEW:
        return seen
    # which way the ink runs from the foot to the top
    lean = math.atan2(-float(np.cov(xs, ys)[0, 1]), float(np.var(ys)))
    return replace(seen, text="/") if _LEAN[0] <= lean <= _LEAN[1] else seen
