"""The recogniser: lines of a picture with their characters, where each stands and how sure it is.

RapidOCR with the models of its own wheel, on one thread, so that one file gives one result; no model
is ever fetched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]  # rows, columns, blue-green-red
Corners = npt.NDArray[np.float32]  # 4 by 2, clockwise from the top left

_DETECT = 0.75  # of the picture's size: lines are found as well, in half the time
_TALL = 2.5  # times as high as wide: a line turned by a quarter
_SAMPLE = 6


@dataclass(frozen=True, slots=True)
class Seen:
    """A line: its characters without blanks, the middle of each from 0 to 1 along the line, how sure each is."""

    text: str
    corners: Corners
    places: tuple[float, ...]
    sure: tuple[float, ...]

    @property
    def mean(self) -> float:
        """How sure the line is."""
        return sum(self.sure) / len(self.sure) if self.sure else 0.0


def detected(picture: Picture) -> list[Corners]:
    """Corners of the lines of a picture, in its pixels."""
    import cv2
    from rapidocr.main import RapidOCRError

    small = cv2.resize(picture, None, fx=_DETECT, fy=_DETECT, interpolation=cv2.INTER_AREA)
    try:
        _, found = _engine().detect_and_crop(small, {})
    except RapidOCRError:  # a page without a line
        return []
    return [np.asarray(box, dtype=np.float32) / np.float32(_DETECT) for box in found.boxes]


def recognised(picture: Picture, lines: Sequence[Corners]) -> list[Seen]:
    """What stands in each of the lines; those with nothing in them are left out."""
    from rapidocr.main import RapidOCRError

    if not lines:
        return []
    try:
        found = _engine().recognize_txt([_cut(picture, corners) for corners in lines])
    except RapidOCRError:
        return []
    seen = (_seen(t, w, c) for t, w, c in zip(found.txts, found.word_results, lines, strict=True))
    return [s for s in seen if s.text]


def sample(picture: Picture, lines: Iterable[Corners]) -> float:
    """How sure the longest lines of a picture are read as it stands."""
    longest = sorted(lines, key=lambda c: float(np.linalg.norm(c[0] - c[1])), reverse=True)[:_SAMPLE]
    found = recognised(picture, longest)
    return sum(s.mean for s in found) / len(longest) if longest else 0.0


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    models = Path(str(find_spec("rapidocr").origin)).parent / "models"  # type: ignore[union-attr]
    one_thread = {f"EngineConfig.onnxruntime.{k}_op_num_threads": 1 for k in ("intra", "inter")}
    # A path given is a path used: without it a model that is not there would be downloaded.
    paths = {f"{part}.model_path": str(_model(models, part.lower())) for part in ("Det", "Rec")}
    quiet = {"Global.log_level": "critical", "Global.return_word_box": True}
    return RapidOCR(params={**quiet, **one_thread, **paths})


def _model(folder: Path, part: str) -> Path:
    found = sorted(folder.glob(f"*_{part}_*.onnx"))
    if not found:
        raise FileNotFoundError(f"no {part} model in {folder}: install gongbao[ocr] again")
    return found[-1]


def _cut(picture: Picture, corners: Corners) -> Picture:
    """A line made upright."""
    import cv2

    a, b, c, d = corners
    width = max(1, int(max(np.linalg.norm(a - b), np.linalg.norm(d - c))))
    height = max(1, int(max(np.linalg.norm(a - d), np.linalg.norm(b - c))))
    upright = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    way = cv2.getPerspectiveTransform(corners.astype(np.float32), upright)
    border, flags = cv2.BORDER_REPLICATE, cv2.INTER_CUBIC
    out: Picture = cv2.warpPerspective(picture, way, (width, height), borderMode=border, flags=flags)
    return np.rot90(out) if height > _TALL * width else out


def _seen(text: str, found: Any, corners: Corners) -> Seen:
    """The confidences count blanks, the columns do not."""
    columns = [column for word in found.word_cols for column in word]
    kept = [(char, sure) for char, sure in zip(text, found.confs, strict=False) if not char.isspace()]
    if len(kept) != len(columns) or not kept:
        return Seen("", corners, (), ())
    length = found.line_txt_len
    places = tuple((column + 0.5) / length for column in columns)
    return Seen("".join(c for c, _ in kept), corners, places, tuple(float(s) for _, s in kept))
