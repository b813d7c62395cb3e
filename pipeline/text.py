"""`Source` to `Text`: the canonical text, and the way back kept while it is built.

Canonical means: NFC; markup resolved (`PM<sub>2.5</sub>` is PM2.5); blanks dropped, one kept
between Latin words; full-width digits and letters narrow, punctuation as printed; page numbers
gone; a line for each heading and paragraph, lines that a page or a column
broke joined; tables cut out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from pipeline import rules
from pipeline.joining import Layout, joins, layout
from pipeline.model import Doubt, Grid, Line, Paragraph, PlacedGrid, Segment, Source, Text, part_of

#: Only these formats write markup into their lines.
_MARKUP_TYPES = frozenset({"text/plain", "text/markdown"})
_BLANK = r"\s\u00ad\u180e\u200b-\u200f\u2028-\u202f\u2060\ufeff\x00-\x1f\x7f-\x9f"
_TAG = r"</?(?:sub|sup|b|i|u|em|strong|span|font|br|center|p|div)\b[^<>]{0,60}>"
_NOISE = re.compile(rf"(?:[{_BLANK}]|\*\*|{_TAG})+", re.I)
_BLANKS = re.compile(rf"[{_BLANK}]+")
_PREFIX = re.compile(rf"[ \t\u3000\xa0]*(?:(?:#{{1,6}}|>)[ \t\u3000\xa0]+|[-*+][ \t\u3000\xa0]+(?=[^-\d{_BLANK}]))?")
_HAS_BLANK = re.compile(rf"[{_BLANK}]")
# A first-line indent (two ideographic blanks) in mid-line: its line end was lost.
_INDENT = re.compile("\u3000{2,}")
_INDENT_LINE = 40
_WIDE = {ord("０") + i: ord("0") + i for i in range(10)}
_WIDE |= {ord("Ａ") + i: ord("A") + i for i in range(26)} | {ord("ａ") + i: ord("a") + i for i in range(26)}
_HAS_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_LATIN = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_LATIN_LEFT = _LATIN | frozenset(".,;:)")

#: (offset in the piece, line, column) where a run of one-to-one characters begins
Run = tuple[int, Line, int]


class Piece:
    """A cleaned line, or the part of one up to a lost line end."""

    __slots__ = ("follows", "grid", "heading", "number", "runs", "text")

    def __init__(
        self,
        text: str,
        runs: list[Run],
        heading: int,
        number: int,
        grid: Grid | None = None,
        follows: bool | None = None,
    ) -> None:
        self.text = text
        self.runs = runs
        self.heading = heading
        self.number = number
        self.grid = grid
        self.follows = follows


def canonical(source: Source) -> Text:
    """The canonical text of a source with its map; never fails on odd content."""
    pieces = list(_pieces(source))
    form = layout([(p.text, p.number) for p in pieces if p.grid is None])
    return _emit(source, list(_paragraphs(pieces, form)))


@cache
def _page_number() -> re.Pattern[str]:
    rule = next(r for r in rules.rules("structure") if r["id"] == "structure.page_number")
    return re.compile(rule["pattern"])


def _pieces(source: Source) -> Iterator[Piece]:
    markup = source.media_type in _MARKUP_TYPES
    for block in source.blocks:
        if isinstance(block, Grid):
            yield Piece("", [], 0, block.numbers[-1] if block.numbers else 0, block)
        elif not _is_furniture(block):
            yield from _line(block, markup)


def _is_furniture(line: Line) -> bool:
    """A page number on a line of its own; where a page's layout is known, it has taken all of them off."""
    text = line.text
    return line.box is None and len(text) <= 60 and _page_number().match(text.strip()) is not None


def _line(line: Line, markup: bool) -> Iterator[Piece]:
    text = line.text
    start = _PREFIX.match(text).end() if markup else 0  # type: ignore[union-attr]
    for begin, end in _parts(text, start):
        cleaned, runs = _clean(text, begin, end, line, markup)
        if cleaned:
            yield Piece(cleaned, runs, line.heading, line.number, None, line.follows if begin == start else None)


def _parts(text: str, start: int) -> list[tuple[int, int]]:
    """Split a long line where indents show that line ends were lost; 目　　录 stays whole."""
    if len(text) < _INDENT_LINE or "\u3000\u3000" not in text:
        return [(start, len(text))]
    cuts = [start]
    cuts += [m.end() for m in _INDENT.finditer(text, start) if len(text[cuts[-1] : m.start()].strip()) > 2]
    return list(zip(cuts, [*cuts[1:], len(text)], strict=True))


def _clean(text: str, begin: int, end: int, line: Line, markup: bool) -> tuple[str, list[Run]]:
    """The characters of text[begin:end] that are kept, with where each run of them stood."""
    out: list[str] = []
    runs: list[Run] = []
    size, at = 0, begin
    # A class of characters alone is searched several times faster than with its alternatives.
    noise = _NOISE if markup and ("<" in text or "**" in text) else _BLANKS
    for match in noise.finditer(text, begin, end):
        a, b = match.span()
        if a > at:
            out.append(text[at:a])
            runs.append((size, line, at))
            size += a - at
        if (
            size
            and b < end
            and text[b] in _LATIN
            and text[a - 1] in _LATIN_LEFT
            and (blank := _HAS_BLANK.search(text, a, b))
        ):
            out.append(" ")
            runs.append((size, line, blank.start()))
            size += 1
        at = b
    if at < end:
        out.append(text[at:end])
        runs.append((size, line, at))
    return "".join(out), runs


def _paragraphs(pieces: list[Piece], form: Layout) -> Iterator[Piece]:
    """Pieces joined to paragraphs; grids pass through."""
    open_piece: Piece | None = None
    for piece in pieces:
        if open_piece is None or piece.grid or open_piece.grid:
            pass
        elif _goes_on(open_piece, piece, form):
            size = len(open_piece.text)
            open_piece.runs += [(size + o, line, c) for o, line, c in piece.runs]
            open_piece.text += piece.text
            open_piece.number = piece.number
            continue
        if open_piece is not None:
            yield open_piece
        open_piece = piece
    if open_piece is not None:
        yield open_piece


def _goes_on(a: Piece, b: Piece, form: Layout) -> bool:
    """By the layout of the page where it says, by the words where it does not."""
    if b.follows is not None:
        return b.follows
    return joins(a.text, a.heading, b.text, b.heading, b.number - a.number, form)


def _emit(source: Source, pieces: list[Piece]) -> Text:
    texts: list[str] = []
    paragraphs: list[Paragraph] = []
    segments: list[Segment] = []
    grids: list[Grid] = []
    placed: list[PlacedGrid] = []
    doubts: list[Doubt] = []
    at = 0
    for piece in pieces:
        if piece.grid is not None:
            grids.append(piece.grid)
            continue
        body, runs = _composed(piece)
        placed += [PlacedGrid(g, at) for g in grids]
        grids.clear()
        texts.append(body)
        paragraphs.append(Paragraph(at, at + len(body), piece.heading))
        ends = [r[0] for r in runs[1:]] + [len(body)]
        segments += [
            Segment(at + o, at + e, line.page, line.number, c, line.box and part_of(line.box, line.text, c, c + e - o))
            for (o, line, c), e in zip(runs, ends, strict=True)
        ]
        for (o, line, c), e in zip(runs, ends, strict=True):
            doubts += [(at + o + i - c, sure) for i, sure in line.doubts if c <= i < c + e - o]
        at += len(body) + 1
    text = "\n".join(texts)
    placed += [PlacedGrid(g, len(text)) for g in grids]
    return Text(text, tuple(paragraphs), tuple(placed), tuple(segments), source, tuple(doubts))


def _composed(piece: Piece) -> tuple[str, list[Run]]:
    """NFC and narrow digits; the map follows where composing makes characters fewer."""
    text = piece.text
    if text.isascii():
        return text, piece.runs
    if unicodedata.is_normalized("NFC", text):
        return _narrow(text), piece.runs
    out, runs = "", []
    starts = {o: i for i, (o, *_) in enumerate(piece.runs)}
    run: Run = piece.runs[0]
    cluster = 0
    for i, char in enumerate(text):
        if i in starts:
            run = piece.runs[starts[i]]
        if (
            i
            and unicodedata.normalize("NFC", text[cluster : i + 1])
            != unicodedata.normalize("NFC", text[cluster:i]) + char
        ):
            continue
        if i:
            out += unicodedata.normalize("NFC", text[cluster:i])
        cluster = i
        runs.append((len(out), run[1], run[2] + i - run[0]))
    return _narrow(out + unicodedata.normalize("NFC", text[cluster:])), runs


def _narrow(text: str) -> str:
    return text.translate(_WIDE) if _HAS_WIDE.search(text) else text
