"""The text of a paragraph: what a reader of the final version sees of its runs, fields and changes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.read.docx_styles import Styles
from pipeline.read.numerals import formatted
from pipeline.read.ooxml import Element, child, is_on, name, value
from pipeline.read.raised import raised as as_power

#: Looked through; what was deleted or moved away, properties and instructions are not.
_THROUGH = frozenset(
    {"hyperlink", "ins", "moveTo", "smartTag", "customXml", "sdtContent", "fldSimple", "dir", "bdo", "ruby", "rubyBase"}
)
_SIGNS = {"tab": "\t", "ptab": "\t", "noBreakHyphen": "-", "cr": "\n", "br": "\n"}
_IS_POWER = re.compile(r"[0-9+\-−]+")
#: Characters of the font Symbol that a sentence may turn on, by the low byte of their code.
_SYMBOL = {0x25: "%", 0x2B: "+", 0x2D: "−", 0x3C: "<", 0x3D: "=", 0x3E: ">", 0x57: "Ω", 0x61: "α", 0x62: "β"}
_SYMBOL |= {0x6D: "μ", 0x7E: "～", 0xA3: "≤", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "·", 0xB8: "÷"}
_SYMBOL |= {0xB9: "≠", 0xBB: "≈"}
_BOXES = {0xFE: "☑", 0x52: "☑", 0xA8: "□", 0x6F: "□", 0xA3: "□", 0xFC: "✓", 0x6C: "●", 0xD8: "", 0x6E: "■"}
_ENCLOSED = re.compile(r"\s{0,9}eq\s{0,9}\\o\s{0,3}\\ac\s{0,3}\([^,，]{1,3}[,，]\s{0,3}([^)\s]{1,4})\s{0,3}\)", re.I)


@dataclass(slots=True)
class _Field:
    """A field that is open: its instruction until the result begins."""

    instruction: str = ""
    shows: bool = False


@dataclass(slots=True)
class Fields:
    """The fields that are open; they may begin and end in different paragraphs."""

    stack: list[_Field] = field(default_factory=list)

    @property
    def is_text(self) -> bool:
        """Whether what comes is text, not an instruction."""
        return all(f.shows for f in self.stack)

    @property
    def in_contents(self) -> bool:
        """Inside a table of contents that the program made."""
        return any(f.instruction.lstrip()[:3].upper() == "TOC" for f in self.stack)

    def mark(self, element: Element, part: str) -> str:
        """Take a mark of a field or its instruction; the text of a field that has no result but a meaning (①)."""
        kind = value(element, "fldCharType")
        if part == "instrText":
            if self.stack:
                self.stack[-1].instruction += element.text or ""
        elif kind == "begin":
            self.stack.append(_Field())
        elif self.stack and kind == "separate":
            self.stack[-1].shows = True
        elif self.stack and kind == "end":
            closed = self.stack.pop()
            enclosed = None if closed.shows else _ENCLOSED.match(closed.instruction)
            return _circled(enclosed[1]) if enclosed else ""
        return ""


def _circled(sign: str) -> str:
    return formatted(int(sign), "decimalEnclosedCircle") if sign.isdecimal() else f"({sign})"


class Inline:
    """Collects the text of one paragraph, its notes and its text boxes."""

    def __init__(self, styles: Styles, fields: Fields, properties: Element | None) -> None:
        self.words: list[str] = []
        self.notes: list[tuple[str, str]] = []  # (footnote or endnote, id)
        self.boxes: list[Element] = []
        self.pictures = 0
        self._styles, self._fields, self._properties = styles, fields, properties
        self._hidden = self._raised = False

    def walk(self, parent: Element) -> None:
        """All that stands in a paragraph, or in what it holds."""
        for element in parent:
            kind = name(element)
            if kind == "r":
                self._run(element)
            elif kind == "m:t":
                self._put(element.text or "")
            elif kind == "m:f":
                self._fraction(element)
            elif kind == "sdt":
                self._sdt(element)
            elif kind == "mc:AlternateContent":
                self.walk(chosen(element))
            elif kind in _THROUGH or kind.startswith("m:"):
                raised, self._raised = self._raised, self._raised or kind == "m:sup"
                self.walk(element)
                self._raised = raised

    def _run(self, run: Element) -> None:
        properties = child(run, "rPr")
        self._hidden = self._styles.is_hidden(properties, self._properties)
        self._raised = value(child(properties, "vertAlign")) == "superscript"
        for element in run:
            self._part(element, name(element))
        self._hidden = self._raised = False

    def _part(self, element: Element, kind: str) -> None:
        if kind == "t":
            self._put(element.text or "")
        elif kind in _SIGNS:
            self._put(_SIGNS[kind])
        elif kind == "sym":
            self._put(_sign(element))
        elif kind in ("fldChar", "instrText"):
            self._put(self._fields.mark(element, kind))
        elif kind in ("footnoteReference", "endnoteReference") and not self._hidden:
            self.notes.append((kind.removesuffix("Reference"), value(element, "id") or ""))
        elif kind in ("drawing", "pict", "object", "mc:AlternateContent"):
            self._picture(element)
        elif kind == "ruby":
            self.walk(element)

    def _put(self, text: str) -> None:
        if self._hidden or not text or not self._fields.is_text:
            return
        if self._raised and _IS_POWER.fullmatch(text):
            text = as_power(text)
        self.words.append(text)

    def _fraction(self, element: Element) -> None:
        """a/b, with brackets around what is more than one word."""
        for part, sign in (("m:num", "/"), ("m:den", "")):
            before = len(self.words)
            found = child(element, part)
            self.walk(found if found is not None else ())
            text = "".join(self.words[before:])
            self.words[before:] = [text if text.isalnum() else f"({text})", sign]

    def _sdt(self, element: Element) -> None:
        """A control with what was entered; the prompt of an empty one is no text."""
        content = child(element, "sdtContent")
        if content is not None and not is_on(child(element, "sdtPr", "showingPlcHdr")):
            self.walk(content)

    def _picture(self, element: Element) -> None:
        self.pictures += 1
        if not self._hidden:
            self.boxes.extend(boxes(element))


def boxes(element: Element) -> list[Element]:
    """Text boxes in a drawing, each once where old and new readers get one each; WordArt as it is."""
    kind = name(element)
    if kind == "mc:AlternateContent":
        return boxes(chosen(element))
    if kind == "txbxContent" or kind == "v:textpath" and value(element, "string"):
        return [element]
    return [box for e in element for box in boxes(e)]


def chosen(alternate: Element) -> Element:
    """Of contents for newer and for older readers the first that has text; the last where none has."""
    options = [e for e in alternate if name(e) in ("mc:Choice", "mc:Fallback")]
    return next(
        (o for o in options if any(name(e) in ("t", "m:t") for e in o.iter())), options[-1] if options else alternate
    )


def _sign(element: Element) -> str:
    """A character given by font and code."""
    font, code = (value(element, "font") or "").lower(), value(element, "char") or ""
    try:
        byte = int(code, 16)
    except ValueError:
        return ""
    if font == "symbol":
        return _SYMBOL.get(byte & 0xFF, "")
    if "wingdings" in font:
        return _BOXES.get(byte & 0xFF, "")
    return chr(byte) if 0x20 <= byte < 0xD800 else ""
