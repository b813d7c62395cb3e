"""Pages that are pictures: of a PDF whose text cannot be used, or of an image file."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any

from pipeline.model import Block, Note
from pipeline.read import limits, ocr
from pipeline.read.errors import ReadError
from pipeline.read.layout import Page, blocks

if TYPE_CHECKING:
    from PIL.Image import Image

_POINTS = 72
_FEWEST_DPI = 100  # less is what a program wrote that did not know
_A4 = 842.0  # points: the longer side of a page that does not say how large it is

NO_OCR = f"scanned: its pages are pictures; to have them recognised {ocr.INSTALL}, or pass its text"
_BROKEN = "not a readable image (damaged or cut off): open it in a viewer, save it again as PNG and pass that"
_TOO_LARGE = f"more than {limits.PIXELS // 1_000_000} million pixels: save it at 200 to 300 dots per inch and pass that"
_TOO_MANY = f"more than {limits.PAGES} pages: split it and pass the parts"
MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "MPO": "image/jpeg", "TIFF": "image/tiff"}


class Scans:
    """Recognises the pages of one file; what it learns of its sizes on one page it uses on the next."""

    def __init__(self) -> None:
        from pipeline.read.ocr.words import Sizes

        self._sizes = Sizes()
        self.notes: list[Note] = []
        self._numbers: set[int | None] = set()

    def pdf_page(self, page: Any, number: int) -> Page:
        """A page of pdfplumber's, by how it looks."""
        resolution = min(ocr.RESOLUTION, ocr.LONGEST * _POINTS / float(max(page.width, page.height)))
        picture = page.to_image(resolution=resolution, antialias=True, force_mediabox=True).original
        return self.page(picture, number, resolution / _POINTS)

    def page(self, picture: Image, number: int, scale: float) -> Page:
        """A page of its picture; `scale` is pixels to a point."""
        import numpy as np

        pixels = np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:, :, ::-1])
        self._numbers.add(number)
        page, lost = ocr.page_of(pixels, number, scale, self._sizes)
        if lost:
            self.notes.append(Note(number, "file.unsure", lost))
        return page

    def corrected(self, found: tuple[Block, ...]) -> tuple[Block, ...]:
        """Blocks of the file, those of recognised pages with what recognition confuses put right."""
        from pipeline.read.ocr.corrections import corrected_blocks

        return corrected_blocks(found, self._numbers)


def read(content: bytes) -> tuple[tuple[Block, ...], int, tuple[Note, ...], str]:
    """Blocks of an image file, its pages, what could not be read, and its media type."""
    if not ocr.available():
        raise ReadError(NO_OCR)
    file = _opened(content)
    scans = Scans()
    count = 0

    def pages() -> Iterator[Page]:
        nonlocal count
        for picture, scale in _frames(file):
            count += 1
            yield scans.page(picture, count, scale)

    found = scans.corrected(blocks(pages()))
    return found, count, tuple(scans.notes), MEDIA_TYPES[str(file.format)]


def frame(content: bytes, number: int) -> tuple[Image, float]:
    """A page of an image file as it is recognised, and its pixels to a point."""
    return next(islice(_frames(_opened(content)), number - 1, None))


def _opened(content: bytes) -> Image:
    from PIL import Image

    try:
        return Image.open(BytesIO(content), formats=("PNG", "JPEG", "TIFF"))
    except Image.DecompressionBombError:
        raise ReadError(_TOO_LARGE) from None
    except Exception:  # damage makes the decoders fail in every way there is
        raise ReadError(_BROKEN) from None


def _frames(file: Image) -> Iterator[tuple[Image, float]]:
    """Each page of an image file at the resolution that is recognised best, and its pixels to a point."""
    from PIL import Image, ImageOps

    frames = getattr(file, "n_frames", 1) if file.format == "TIFF" else 1
    if frames > limits.PAGES:
        raise ReadError(_TOO_MANY)
    for i in range(frames):
        try:
            file.seek(i)
            if file.width * file.height > limits.PIXELS:
                raise ReadError(_TOO_LARGE)
            picture = _on_white(ImageOps.exif_transpose(file))
        except ReadError:
            raise
        except Exception:
            raise ReadError(_BROKEN) from None
        longer = max(picture.size)
        points = longer * _POINTS / dpi if (dpi := _dpi(file)) else _A4
        scale = min(ocr.RESOLUTION / _POINTS, ocr.LONGEST / points)
        size = _scaled(picture.size, scale * points / longer)
        yield (picture if size == picture.size else picture.resize(size, Image.Resampling.LANCZOS)), scale


def _scaled(size: tuple[int, int], factor: float) -> tuple[int, int]:
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def _dpi(file: Image) -> float | None:
    """Dots to the inch, where the file says so and may be believed."""
    told = file.info.get("dpi")
    dpi = float(told[0]) if isinstance(told, tuple) and told else 0.0
    return dpi if _FEWEST_DPI <= dpi <= 1200 else None


def _on_white(picture: Image) -> Image:
    from PIL import Image

    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(paper, picture).convert("RGB")
    if picture.mode.startswith("I"):  # 16 bits of grey
        picture = picture.point(lambda v: v / 256).convert("L") if picture.mode != "I" else picture.convert("L")
    return picture.convert("RGB")
