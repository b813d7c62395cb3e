"""Small PDF files for tests: text and lines set where a test wants them, in a font every reader has."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from io import BytesIO
from typing import Any

FONT = "STSong-Light"
WIDTH, HEIGHT = 595.0, 842.0
LEADING = 1.7
MARGIN = 70.0


@cache
def _registered() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    pdfmetrics.registerFont(UnicodeCIDFont(FONT))


class Sheet:
    """A page to draw on, in points from its top left corner."""

    def __init__(self, canvas: Any) -> None:
        self.canvas = canvas

    def text(self, x: float, top: float, words: str, size: float = 10.5) -> None:
        """Words on one line, each character in a box of `size` (half of it for ASCII)."""
        self.canvas.setFont(FONT, size)
        for part in re.findall(r"[^ -~]+|[ -~]", words):
            self.canvas.drawString(x, HEIGHT - top - 0.88 * size, part)
            x += size * (0.5 if part.isascii() else len(part))

    def lines(self, x: float, top: float, found: Sequence[str], size: float = 10.5) -> float:
        """Lines below each other; where the next one would stand."""
        for words in found:
            self.text(x, top, words, size)
            top += LEADING * size
        return top

    def paragraph(self, x: float, top: float, words: str, across: int, size: float = 10.5) -> float:
        """A paragraph of `across` characters a line, indented by two; where the next line would stand."""
        found, line = [], "\u3000\u3000"
        for char in words:
            if len(line) == across:
                found.append(line)
                line = ""
            line += char
        return self.lines(x, top, [*found, line], size)

    def rule(self, x0: float, top: float, x1: float, bottom: float) -> None:
        """A straight line."""
        self.canvas.setLineWidth(0.5)
        self.canvas.line(x0, HEIGHT - top, x1, HEIGHT - bottom)

    def table(
        self, x: float, top: float, rows: Sequence[Sequence[str]], widths: Sequence[float], high: float = 20
    ) -> float:
        """A fully ruled table; its lower end."""
        right, bottom = x + sum(widths), top + high * len(rows)
        for i in range(len(rows) + 1):
            self.rule(x, top + i * high, right, top + i * high)
        at = x
        for width in [*widths, 0.0]:
            self.rule(at, top, at, bottom)
            at += width
        for i, row in enumerate(rows):
            at = x
            for words, width in zip(row, widths, strict=True):
                for n, line in enumerate(words.split("\n")):
                    self.text(at + 3, top + i * high + 4 + 11 * n, line, 9)
                at += width
        return bottom


def pdf(*pages: Callable[[Sheet], None], rotate: int = 0, password: str | None = None) -> bytes:
    """A file of the pages that the functions draw."""
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    _registered()
    out = BytesIO()
    canvas = Canvas(
        out, (WIDTH, HEIGHT), encrypt=StandardEncryption(password) if password else None, invariant=1, pageCompression=1
    )
    for draw in pages:
        if rotate:
            canvas.setPageRotation(rotate)
        draw(Sheet(canvas))
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def raw(*objects: bytes) -> bytes:
    """A file of numbered objects as they are, the first of them its catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for n, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % at for at in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def stream(content: bytes, more: bytes = b"") -> bytes:
    """A stream object."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), more, content)
