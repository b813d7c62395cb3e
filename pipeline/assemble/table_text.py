"""What one cell of a table says: its text without markup, its number, its unit."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

from pipeline.resolve.units import unit_of
from pipeline.rules import load

_TAG = re.compile(r"</?[A-Za-z][^<>]{0,40}>|\*\*")
_BREAK = re.compile(r"<br\s{0,3}/?>", re.I)
_SPACE = re.compile(r"\s+")
# A space is kept only between two Latin words: a printed cell breaks Chinese words at its line ends.
_INNER_SPACE = re.compile(r"(?<![A-Za-z])\s+|\s+(?![A-Za-z])")
_WIDE = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F) if chr(c).isalnum() or chr(c) in "％．＋－／＜＞"}
_NUMBER = re.compile(
    r"(?:[≥≤≧≦><~约近超]|不低于|不少于|不超过|不高于)?"
    r"(?P<number>[-+−]?(?:\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?|\d{1,3},\d{3}\.\d+|\d+[.,]\d+|\d+))"
    r"(?P<unit>[^\d\s,.\-—~至]{1,12})?"
)
_DATE = re.compile(r"(?:19|20)\d\d年.{0,4}|\d{1,2}[月日号].{0,4}")
_RATIO = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)[:：∶]1")
# [85] is a sum over several years.
_CUMULATED = re.compile(r"[\[【〔]([^\[\]【】〔〕]{1,20})[\]】〕]")
_TAIL = re.compile(r"(?:以上|以下|以内|左右)$")


Kind = Literal["number", "null", "blank", "text"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as read. `value` is null for text and for no value."""

    printed: str
    kind: Kind
    value: Decimal | None = None
    unit: str | None = None
    comma: bool = False  # a decimal comma was read as a point
    places: int = 0  # decimals printed


@cache
def words(name: str) -> tuple[str, ...]:
    """A list of words of tables.toml."""
    return tuple(load("tables")[name])


@cache
def _word_set(name: str) -> frozenset[str]:
    return frozenset(words(name))


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """The text of a cell: NFC, no markup, full-width ASCII narrowed, one space where lines broke."""
    text = _BREAK.sub(" ", text) if "<" in text else text
    return _SPACE.sub(" ", _TAG.sub("", unicodedata.normalize("NFC", text))).strip().translate(_WIDE)


@lru_cache(maxsize=4096)
def name_of(text: str) -> str:
    """A label or header without the spaces that justify it in print (温 县, 2024 年)."""
    return _INNER_SPACE.sub("", clean(text))


@lru_cache(maxsize=1024)
def is_unit(text: str) -> bool:
    """Whether `text` is a unit of measure, with or without 万/亿 before it."""
    return len(text) <= 12 and (unit_of(text) or unit_of(text.lstrip("十百千万亿"))) is not None


def split_multiplier(unit: str) -> tuple[Decimal, str]:
    """万户 -> (10000, 户)."""
    factor = Decimal(1)
    rest = unit
    for sign, size in (("万亿", 10**12), ("亿", 10**8), ("百万", 10**6), ("十万", 10**5), ("万", 10**4), ("千", 1000)):
        if unit.startswith(sign) and len(unit) > len(sign) and unit not in ("千瓦", "千瓦时", "千米", "千克"):
            factor, rest = Decimal(size), unit[len(sign) :]
            break
    return factor, rest


@lru_cache(maxsize=8192)
def read_cell(text: str) -> Cell:
    """A cell of the body.

    A comma before other than three digits is a decimal comma; before three digits it separates
    thousands until the column says otherwise (`as_decimal`).
    """
    printed = clean(text)
    if not printed:
        return Cell(printed, "blank")
    if printed in _word_set("nulls"):
        return Cell(printed, "null")
    bare = _TAIL.sub("", printed.replace(" ", "").replace("，", ","))
    if cumulated := _CUMULATED.fullmatch(bare):
        bare = cumulated[1]
    if ratio := _RATIO.fullmatch(bare):
        return Cell(printed, "number", Decimal(ratio[1]), "比", places=len(ratio[1].partition(".")[2]))
    found = _NUMBER.fullmatch(bare)
    if not found or _DATE.fullmatch(bare) or (found["unit"] and not is_unit(found["unit"])):
        return Cell(printed, "text")
    number = found["number"].replace("−", "-")
    comma = _is_decimal_comma(number)
    number = number.replace(",", "." if comma else "")
    unit = found["unit"].strip("()（）") if found["unit"] else None
    return Cell(printed, "number", Decimal(number), unit, comma, len(number.partition(".")[2]))


def _is_decimal_comma(number: str) -> bool:
    head, comma, tail = number.lstrip("+-").partition(",")
    return bool(comma) and "," not in tail and "." not in tail and (len(tail) != 3 or head == "0")


def ambiguous_comma(cell: Cell) -> bool:
    """Whether the one comma of the cell could be of either kind (1,588)."""
    return (
        cell.kind == "number"
        and not cell.comma
        and sum(map(cell.printed.count, ",，")) == 1
        and "." not in cell.printed
    )


def as_decimal(cell: Cell) -> Cell:
    """The cell with its ambiguous comma read as a decimal point."""
    if cell.value is None:
        return cell
    return Cell(cell.printed, "number", cell.value.scaleb(-3), cell.unit, comma=True, places=3)
