"""PDF files, page by page: characters as words, ruled lines, and which pages cannot be read as text.

pdfplumber opens the file and lays its pages out; the characters are taken from that layout as they
are, because its dictionaries of every property of every object cost more than the rest.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise

import pdfplumber
from pdfminer.layout import LTChar, LTContainer, LTCurve, LTImage, LTItem, LTLine, LTRect
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfplumber.page import Page as PlumberPage
from pdfplumber.utils.exceptions import PdfminerException

from pipeline.model import Block, Note
from pipeline.read import limits, ocr
from pipeline.read.errors import ReadError
from pipeline.read.layout import Page, Rule, Word, blocks
from pipeline.read.scans import NO_OCR, Scans
from pipeline.read.unreadable import is_usable, readable

_THIN = 3.0  # points: a filled box so thin is a line
_TWICE = 0.12  # ems between prints of one character that make it look bold
_TURNED = 0.1  # share of its size by which a slanted watermark leaves the line

_ENCRYPTED = "encrypted: remove its password and pass it again"
_BROKEN = "not a readable PDF (damaged or cut off): open it in a viewer, save it again and pass that"
_CIDS = f"its fonts do not say which characters they show; to have it recognised {ocr.INSTALL}, or pass its text"
_TOO_MANY = f"more than {limits.PAGES:,} pages: split it and pass the parts"


@dataclass(slots=True)
class _Shown:
    """What a page shows."""

    chars: list[LTChar]
    curves: list[LTCurve]
    pictures: list[LTImage]


def read(content: bytes) -> tuple[tuple[Block, ...], int, tuple[Note, ...]]:
    """Blocks, the number of pages, and what could not be read; ReadError where nothing can."""
    pages = _Pages(content)
    found = blocks(pages)
    if pages.count and pages.unusable and not any(pages.usable):
        raise ReadError(NO_OCR if all(n.reason == "file.picture" for n in pages.unusable) else _CIDS)
    notes = [*pages.unusable, *pages.notes]
    if pages.scans:
        found = pages.scans.corrected(found)
        notes += pages.scans.notes
    return found, pages.count, tuple(notes)


class _Pages:
    """Pages of a file one after the other; what each held is let go before the next."""

    def __init__(self, content: bytes) -> None:
        # pdfminer warns of every oddity of a font; none of them is news to anybody
        logging.getLogger("pdfminer").setLevel(logging.ERROR)
        self.content = content
        self.count = 0
        self.usable: list[bool] = []
        self.unusable: list[Note] = []
        self.notes: list[Note] = []
        self.scans: Scans | None = None

    def __iter__(self) -> Iterator[Page]:
        try:
            with pdfplumber.open(BytesIO(self.content)) as file:
                if len(file.pages) > limits.PAGES:
                    raise ReadError(_TOO_MANY)
                for page in file.pages:
                    self.count += 1
                    yield from self._page(page)
                    page.close()
        except PdfminerException as error:
            cause = error.args[0] if error.args else None
            locked = isinstance(cause, (PDFPasswordIncorrect, PDFEncryptionError))
            raise ReadError(_ENCRYPTED if locked else _BROKEN) from None
        except ReadError:
            raise
        except Exception:  # damage makes the parser fail in every way there is
            raise ReadError(_BROKEN) from None

    def _page(self, page: PlumberPage) -> Iterator[Page]:
        shown = _Shown([], [], [])
        _collect(page.layout, shown)
        width, height = float(page.width), float(page.height)
        words, turned = _upright(shown.chars, width, height)
        words, lost = readable(_visible(_once(words), page) if not turned else _once(words))
        covered = max((i.width * i.height for i in shown.pictures), default=0.0) / (width * height)
        reason = is_usable(words, lost, covered)
        if reason and ocr.available():
            self.scans = self.scans or Scans()
            self.usable.append(True)
            yield self.scans.pdf_page(page, self.count)
            return
        if reason:
            self.unusable.append(Note(self.count, reason, lost))
            self.usable.append(False)
            return
        if lost:
            self.notes.append(Note(self.count, "file.characters", lost))
        self.usable.append(bool(words))
        rules = [_turn(r, turned, width, height) for r in _rules(shown.curves, height)]
        if turned:
            width, height = height, width
        yield Page(self.count, width, height, words, rules)


def turns_of(page: PlumberPage) -> int:
    """By how many quarters clockwise a page is turned to be read."""
    shown = _Shown([], [], [])
    _collect(page.layout, shown)
    return _upright(shown.chars, float(page.width), float(page.height))[1]


def _collect(container: Iterable[LTItem], shown: _Shown) -> None:
    for item in container:
        if isinstance(item, LTChar):
            shown.chars.append(item)
        elif isinstance(item, LTCurve):
            shown.curves.append(item)
        elif isinstance(item, LTImage):
            shown.pictures.append(item)
        elif isinstance(item, LTContainer):
            _collect(item, shown)


def _upright(chars: Sequence[LTChar], width: float, height: float) -> tuple[list[Word], int]:
    """Words with the page turned so that most of them stand upright, and by how many quarters clockwise."""
    turns = [0, 0, 0, 0]
    placed: list[tuple[int, LTChar]] = []
    for char in chars:
        text = char.get_text()
        if not text or text.isspace():
            continue
        a, b, _, d, _, _ = char.matrix
        if abs(b) <= _TURNED * abs(a):
            way = 0 if d >= 0 else 2
        elif abs(a) <= _TURNED * abs(b):
            way = 1 if b > 0 else 3
        else:
            continue  # a watermark across the page
        turns[way] += 1
        placed.append((way, char))
    turned = turns.index(max(turns)) if placed else 0
    words = []
    for _, char in placed:
        x0, top, x1, bottom = _turn(Rule(char.x0, height - char.y1, char.x1, height - char.y0), turned, width, height)
        words.append(Word(char.get_text(), x0, top, x1, bottom, round(char.size, 1)))
    return words, turned


def _turn(box: Rule, turned: int, width: float, height: float) -> Rule:
    """A box on the page turned clockwise by quarters."""
    x0, top, x1, bottom = box
    if turned == 1:
        return Rule(height - bottom, x0, height - top, x1)
    if turned == 2:
        return Rule(width - x1, height - bottom, width - x0, height - top)
    if turned == 3:
        return Rule(top, width - x1, bottom, width - x0)
    return box


def _once(words: list[Word]) -> list[Word]:
    """Words without those printed again a hair's breadth away, in the given order."""
    order = sorted(range(len(words)), key=lambda i: words[i][:3])
    again: set[int] = set()
    for n, i in enumerate(order):
        if i in again:
            continue
        word = words[i]
        near = _TWICE * word.size
        for j in order[n + 1 :]:
            other = words[j]
            if other.text != word.text or other.x0 - word.x0 > near:
                break
            if abs(other.top - word.top) <= near:
                again.add(j)
    return [w for i, w in enumerate(words) if i not in again] if again else words


def _visible(words: list[Word], page: PlumberPage) -> list[Word]:
    """Words inside the part of the page that is shown."""
    left, above = page.mediabox[:2]
    x0, top, x1, bottom = (float(v) for v in page.cropbox)
    x0, x1, top, bottom = x0 - left, x1 - left, top - above, bottom - above
    return [w for w in words if x0 <= (w.x0 + w.x1) / 2 <= x1 and top <= (w.top + w.bottom) / 2 <= bottom]


def _rules(curves: Sequence[LTCurve], height: float) -> Iterator[Rule]:
    """Straight lines of a page: drawn as such, as thin boxes, as borders of boxes."""
    for curve in curves:
        x0, x1, top, bottom = curve.x0, curve.x1, height - curve.y1, height - curve.y0
        thin = x1 - x0 <= _THIN or bottom - top <= _THIN
        if not _has_ink(curve, thin):
            continue
        if thin:
            yield Rule(x0, top, x1, bottom)
        elif isinstance(curve, LTRect):
            yield from (Rule(x0, top, x1, top), Rule(x0, bottom, x1, bottom))
            yield from (Rule(x0, top, x0, bottom), Rule(x1, top, x1, bottom))
        elif not isinstance(curve, LTLine):
            for (ax, ay), (bx, by) in pairwise(curve.pts):
                if abs(ax - bx) < 1 or abs(ay - by) < 1:
                    yield Rule(min(ax, bx), height - max(ay, by), max(ax, bx), height - min(ay, by))


def _has_ink(curve: LTCurve, thin: bool) -> bool:
    """Stroked, or filled where the fill is the line; white is no ink."""
    if curve.stroke and not _is_white(curve.stroking_color):
        return True
    return thin and bool(curve.fill) and not _is_white(curve.non_stroking_color)


def _is_white(colour: object) -> bool:
    values = colour if isinstance(colour, (tuple, list)) else (colour,)
    numbers = [v for v in values if isinstance(v, (int, float))]
    if len(numbers) == 4:
        return not any(numbers)
    return bool(numbers) and all(v >= 0.99 for v in numbers)
