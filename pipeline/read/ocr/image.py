"""How a page lies in its picture, and the seals on it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from pipeline.read.ocr.engine import Corners, Picture, sample
from pipeline.read.ocr.rules import middle

_STANDING = 1.5  # times as high as wide: a line of a page turned by a quarter
_UPSIDE = 0.8  # sureness below which a page may stand on its head
_STEEP = math.radians(12)  # more is no skew
_SEAL = (0.09, 0.4)  # of the page's width
_ROUND = (0.75, 1.33)
_RED = 60  # by which red is brighter than the other colours


def quarter_turns(picture: Picture, lines: Sequence[Corners]) -> int:
    """By how many quarters against the clock a page is to be turned for its lines to be read."""
    sizes = [_size(c) for c in lines]
    standing = sum(max(w, h) for w, h in sizes if h > _STANDING * w)
    if 2 * standing <= sum(max(w, h) for w, h in sizes):
        return 0
    # as the recogniser turns single standing lines: read from below first
    up, down = (sample(np.ascontiguousarray(np.rot90(picture, k)), _turned(lines, picture, k)) for k in (1, 3))
    return 1 if up >= down else 3


def is_upside_down(picture: Picture, lines: Sequence[Corners]) -> bool:
    """Whether the lines are read better from the other side."""
    as_is = sample(picture, lines)
    if as_is >= _UPSIDE:
        return False
    return sample(np.ascontiguousarray(np.rot90(picture, 2)), _turned(lines, picture, 2)) > as_is + 0.1


def _turned(lines: Sequence[Corners], picture: Picture, quarters: int) -> list[Corners]:
    """Corners on the picture turned against the clock by quarters, each again from its top left."""
    height, width = picture.shape[:2]
    out = []
    for c in lines:
        x, y = c[:, 0], c[:, 1]
        if quarters == 1:
            moved = np.stack([y, width - x], axis=1)
        elif quarters == 2:
            moved = np.stack([width - x, height - y], axis=1)
        else:
            moved = np.stack([height - y, x], axis=1)
        out.append(_clockwise(moved.astype(np.float32)))
    return out


def _clockwise(c: Corners) -> Corners:
    by_height = c[np.argsort(c[:, 1], kind="stable")]
    top = by_height[:2][np.argsort(by_height[:2, 0], kind="stable")]
    foot = by_height[2:][np.argsort(by_height[2:, 0], kind="stable")]
    return np.array([top[0], top[1], foot[1], foot[0]], dtype=np.float32)


def _size(c: Corners) -> tuple[float, float]:
    return float(np.linalg.norm(c[0] - c[1])), float(np.linalg.norm(c[0] - c[3]))


def skew(lines: Sequence[Corners]) -> float:
    """The angle of the lines in radians, clockwise: the middle one by their lengths."""
    found = []
    for c in lines:
        (x0, y0), (x1, y1) = (c[0] + c[3]) / 2, (c[1] + c[2]) / 2
        angle = math.atan2(y1 - y0, x1 - x0)
        if x1 - x0 > 5 * _size(c)[1] and abs(angle) < _STEEP:
            found.append((angle, float(x1 - x0)))
    return middle(found)


def without_seals(picture: Picture) -> Picture:
    """The red of round stamps away, so that the black below them can be read; red titles stay."""
    import cv2

    blue, green, red = (picture[:, :, i].astype(np.int16) for i in range(3))
    mask = (red - np.maximum(blue, green) > _RED).astype(np.uint8)
    if mask.mean() < 0.0005:
        return picture
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((25, 25), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    out = picture
    for i, (_, _, width, height, _) in enumerate(stats[1:].tolist(), 1):
        if not (_SEAL[0] < width / picture.shape[1] < _SEAL[1] and _ROUND[0] < width / height < _ROUND[1]):
            continue
        if out is picture:
            out = picture.copy()
        inside = cv2.dilate((labels == i).astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
        # in red light a red stamp is as bright as the paper, and what is black stays so
        out[inside] = picture[inside][:, 2:3]
    return out
