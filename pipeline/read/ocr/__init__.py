"""Pages of pictures to pages of words: the extra `ocr`. Nothing of it is loaded before a page needs it."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from pipeline.read.layout import Page

if TYPE_CHECKING:
    from pipeline.read.ocr.engine import Picture
    from pipeline.read.ocr.words import Sizes

#: What to do without it, for the end of a message.
INSTALL = 'pip install "gongbao[ocr]" (in a checkout: make install-ocr)'
RESOLUTION = 200  # dots to the inch
LONGEST = 3400  # pixels of a page's longer side


def available() -> bool:
    """Whether the extra is installed."""
    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "cv2"))


def page_of(picture: Picture, number: int, scale: float, sizes: Sizes) -> tuple[Page, int]:
    """A page of its picture, and how many of its characters were too unsure; `scale` is pixels to a point."""
    import numpy as np

    from pipeline.read.ocr import engine, image
    from pipeline.read.ocr.overlooked import overlooked, with_slashes
    from pipeline.read.ocr.rules import off_level, ruled_lines
    from pipeline.read.ocr.words import words

    picture = image.without_seals(picture)
    lines = engine.detected(picture)
    turns = image.quarter_turns(picture, lines)
    if not turns and image.is_upside_down(picture, lines):
        turns = 2
    if turns:
        picture = np.ascontiguousarray(np.rot90(picture, turns))
        lines = engine.detected(picture)
    height, width = picture.shape[:2]
    angle = image.skew(lines)
    angle += off_level(picture, angle)
    rules = ruled_lines(picture, lines, angle, scale)
    seen = with_slashes(picture, engine.recognised(picture, lines))
    seen += overlooked(picture, lines, rules, angle, scale)
    found, lost = words(seen, (angle, width / 2, height / 2), scale, rules, sizes)
    return Page(number, width / scale, height / scale, found, rules), lost
