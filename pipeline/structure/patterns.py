"""The patterns of `rules/structure.toml`, compiled, and what they are filled with."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from pipeline import rules

_RULE = re.compile(r"\{rule:(\w+)\}")
_NAME = re.compile(r"\(\?P<\w+>")
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "O": 0, "两": 2}
_SQUEEZED = str.maketrans("()[]〈〉<>", "（）〔〕《》《》", " \t\n\r\x0b\x0c\u3000\xa0.．…·—-–")
_STYLE_STARTS = ((0x3220, 1), (0x2460, 1), (0x3251, 21), (0x32B1, 36), (0x2474, 1), (0x2488, 1))


@cache
def source(name: str) -> str:
    """The pattern of `structure.<name>` with vocabulary and other patterns filled in."""
    text: str = next(r["pattern"] for r in rules.rules("structure") if r["id"] == f"structure.{name}")
    text = _RULE.sub(lambda m: ungrouped(source(m[1])), text)
    text = text.replace("{numerals}", rules.load("structure")["vocabulary"]["numerals"])
    for key in ("doc_types", "body_ends"):
        text = text.replace("{" + key + "}", "|".join(words(key)))
    return text


def ungrouped(regex: str) -> str:
    """A pattern without the names of its groups, to stand inside another."""
    return "(?:" + _NAME.sub("(?:", regex) + ")"


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Compiled pattern of `structure.<name>`."""
    return re.compile(source(name))


@cache
def words(name: str) -> tuple[str, ...]:
    """A vocabulary list, longest first."""
    return tuple(sorted(rules.load("structure")["vocabulary"][name], key=len, reverse=True))


def number(text: str) -> int:
    """Value of a numeral in figures or Chinese characters; 0 when it is none."""
    if text.isdecimal():
        return int(text)
    total, digit = 0, 0
    if len(text) > 1 and not any(c in "十百" for c in text):
        return int("".join(str(_DIGITS.get(c, 0)) for c in text))
    for char in text:
        if char == "十":
            total, digit = total + (digit or 1) * 10, 0
        elif char == "百":
            total, digit = total + (digit or 1) * 100, 0
        else:
            digit = _DIGITS.get(char, 0)
    return total + digit


def enclosed(char: str) -> int:
    """Value of an enclosed numeral: ①, ⑴, ㈠, ⒈."""
    code = ord(char)
    for start, first in _STYLE_STARTS:
        if start <= code < start + 20:
            return code - start + first
    return 0


def find_date(text: str) -> date | None:
    """The first full date in a text; null for none or for one no calendar has."""
    match = pattern("date").search(text)
    if match is None:
        return None
    try:
        return date(number(match["y"].replace("O", "〇").replace("○", "〇")), number(match["m"]), number(match["d"]))
    except ValueError:
        return None


def squeeze(text: str) -> str:
    """For comparing titles: no blanks, dots or width of brackets."""
    return text.translate(_SQUEEZED)
