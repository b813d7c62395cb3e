"""The page on which a record stands, as a picture with its evidence marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

_RESOLUTION = 150  # dots per inch
_SUFFIXES = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff"})
_FILL = (255, 214, 0, 90)
_EDGE = (220, 60, 0, 255)


class NoImageError(ValueError):
    """There is no picture of a record; the message says why and what to do."""


def page_image(row: Mapping[str, Any], source: Mapping[str, Any], folders: Sequence[Path]) -> Image:
    """The first page of a record's evidence with its boxes marked; NoImageError where there is none.

    `source` is the row of `issues`; its file is looked up by content in `folders`.
    """
    boxes = row.get("boxes") or ()
    if not boxes:
        raise NoImageError("其来源没有版面 its source has no pages, or the record no place in the text")
    path = find_source(source, folders)
    if path is None:
        looked = "、".join(str(f) for f in folders)
        raise NoImageError(f"找不到来源文件 not found in {looked}: {source['source_file']}; give its folder with --raw")
    page = boxes[0]["page"]
    is_image = str(source.get("media_type")).startswith("image/")
    picture, scale = _image_page(path, page) if is_image else _pdf_page(path, page)
    return _marked(picture, scale, [b for b in boxes if b["page"] == page])


def find_source(source: Mapping[str, Any], folders: Sequence[Path]) -> Path | None:
    """The file with the content that was published: under its own name first, then under any other."""
    for path in _candidates(str(source["source_file"]), folders):
        if path.is_file() and sha256(path.read_bytes()).hexdigest() == source["source_sha256"]:
            return path
    return None


def _candidates(name: str, folders: Sequence[Path]) -> Iterator[Path]:
    yield Path(name)
    for folder in folders:
        yield folder / Path(name).name
    for folder in folders:
        found = (p for p in folder.glob("**/*") if p.suffix.lower() in _SUFFIXES) if folder.is_dir() else ()
        yield from sorted(found)


def _marked(picture: Image, scale: float, boxes: Sequence[Mapping[str, float]]) -> Image:
    from PIL import Image, ImageDraw

    layer = Image.new("RGBA", picture.size)
    draw = ImageDraw.Draw(layer)
    for box in boxes:
        place = [box["x0"] * scale - 2, box["top"] * scale - 2, box["x1"] * scale + 2, box["bottom"] * scale + 2]
        draw.rectangle(place, fill=_FILL, outline=_EDGE, width=2)
    return Image.alpha_composite(picture, layer).convert("RGB")


def _image_page(path: Path, number: int) -> tuple[Image, float]:
    """A page of an image file as it was read, and its pixels to a point."""
    from pipeline.read.scans import frame

    picture, scale = frame(path.read_bytes(), number)
    return picture.convert("RGBA"), scale


def _pdf_page(path: Path, number: int) -> tuple[Image, float]:
    """A page of a PDF as it was read, and its pixels to a point."""
    import pdfplumber

    from pipeline.read.pdf import turns_of

    with pdfplumber.open(path) as file:
        page = file.pages[number - 1]
        # boxes count from the corner of the media box, and so does the picture
        shown = page.to_image(resolution=_RESOLUTION, force_mediabox=True).original.convert("RGBA")
        return shown.rotate(-90 * turns_of(page), expand=True), _RESOLUTION / 72
