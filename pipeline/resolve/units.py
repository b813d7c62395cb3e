"""Units of measure: the lexicon, which unit stands at a place of a text, what a printed unit means."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any, NamedTuple

from pipeline.rules import load

#: Multipliers after an Arabic number. 千 and 百 that begin a unit (千瓦, 千克, 百分点) are not.
MULTIPLIER = "万亿|千亿|百亿|亿|千万|百万|十万|万|(?:[千百](?!瓦|克|米|卡|伏|分|帕|赫|焦|字|牛|安))"

_FACTORS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_WRAPPED = re.compile(r"^[（(\[](?P<inner>.*)[）)\]]$")
_LEAD = re.compile(r"^(?:计量)?单位(?:为|[：:])?")
_LONGEST = 24
_FACTOR = re.compile(f"^({MULTIPLIER}|十)")
_STROKES = "/／·•"
_JOINTS = _STROKES + "每"
_LATIN = re.compile(r"[A-Za-z]")
_BRACKETED = re.compile(r"[（(]([\u4e00-\u9fff]{1,2})[）)]")
_LONGEST_COMPOUND = 4


def factor_of(multiplier: str) -> int:
    """The product of multiplier characters: 万 10000, 百万 1000000; 1 for none."""
    factor = 1
    for c in multiplier:
        factor *= _FACTORS.get(c, 1)
    return factor


class Unit(NamedTuple):
    """A unit with the multiplier taken out: 万元 is 元 with factor 10000."""

    printed: str
    code: str | None  # UCUM, null where it has none
    dimension: str
    factor: int = 1


@lru_cache(maxsize=1024)
def unit_of(printed: str) -> Unit | None:
    """The unit that `printed` is as a whole: 万元, 毫克/立方米, （单位：万人）, μg/m³; null for anything else."""
    text = "".join(unicodedata.normalize("NFC", printed).split())
    wrapped = _WRAPPED.match(text)
    text = _LEAD.sub("", wrapped["inner"] if wrapped else text)
    if not 0 < len(text) <= _LONGEST:
        return None
    if _ratio(text):
        return Unit("比", "1", "ratio")
    return _whole(text, 1) or _multiplied(text)


def _whole(text: str, factor: int) -> Unit | None:
    found = match_unit(text, 0)
    if found is None or found[1] != len(text):
        return None
    unit = found[0]
    return Unit(unit.name, unit.code, unit.dimension, factor)


def _multiplied(text: str) -> Unit | None:
    factor = _FACTOR.match(text)
    return _whole(text[factor.end() :], factor_of(factor[0])) if factor else None


def _ratio(text: str) -> bool:
    return text in ("比", "：", ":", "比值")


class UnitWord(NamedTuple):
    """A unit of the lexicon as printed, with its UCUM code (null where UCUM has none) and dimension."""

    printed: str
    code: str | None
    dimension: str
    name: str = ""  # the name it is published under: 百分点 for 个百分点
    rule: str = "units.simple"
    han_from: int = 1  # smallest number in Chinese characters that is a quantity without further signs
    blocked: str = ""  # characters that make a longer word of it


class _Lexicon(NamedTuple):
    units: dict[str, tuple[UnitWord, ...]]  # by first character, longest first
    denominators: dict[str, tuple[UnitWord, ...]]


@cache
def lexicon() -> _Lexicon:
    """The units of `rules/units.toml`, by first character."""
    data = load("units")
    known: dict[str, UnitWord] = {}
    for family in data["family"]:
        for unit in _family(family, data["not_before"], data["canonical"]):
            known.setdefault(unit.printed, unit)
    below = dict(known)
    for form in (f for d in data["denominator"] for f in d["forms"]):
        below.setdefault(form, UnitWord(form, None, "count", form))
    return _Lexicon(_by_first(known), _by_first(below))


def _family(family: dict[str, Any], not_before: dict[str, str], names: dict[str, str]) -> list[UnitWord]:
    han_from = 1 if family.get("han") else family.get("han_from", 10**12)
    coded = [(form, code) for code, forms in family.get("codes", {}).items() for form in forms]
    plain: list[tuple[str, str | None]] = [(form, None) for form in family.get("plain", [])]
    return [
        UnitWord(
            form, code, family["dimension"], names.get(form, form), "units.simple", han_from, not_before.get(form, "")
        )
        for form, code in [*coded, *plain]
    ]


def _by_first(units: dict[str, UnitWord]) -> dict[str, tuple[UnitWord, ...]]:
    found: dict[str, list[UnitWord]] = {}
    for form in sorted(units, key=len, reverse=True):
        found.setdefault(form[0], []).append(units[form])
    return {c: tuple(us) for c, us in found.items()}


def match_unit(text: str, at: int) -> tuple[UnitWord, int] | None:
    """The unit that begins at `at`, with its end; simple (公里) or compound (毫克/立方米, 套（次）)."""
    words = lexicon()
    first = _longest(words.units, text, at)
    if first is None:
        return None
    end = at + len(first.printed)
    joint = text[end : end + 1]
    if joint and (joint in _STROKES or (joint == "每" and first.dimension in ("money", "mass"))):
        return _compound(text, at, first, end, words)
    if joint and joint in "（(" and first.dimension == "count":
        return _bracketed(text, at, first, end, words)
    return first, end


def _longest(table: dict[str, tuple[UnitWord, ...]], text: str, at: int) -> UnitWord | None:
    for unit in table.get(text[at : at + 1], ()):
        form = unit.printed
        if not text.startswith(form, at):
            continue
        after = text[at + len(form) : at + len(form) + 1]
        if after and (after in unit.blocked or (form[-1].isascii() and form[-1].isalpha() and _LATIN.match(after))):
            continue
        return unit
    return None


def _compound(text: str, start: int, first: UnitWord, end: int, words: _Lexicon) -> tuple[UnitWord, int]:
    codes, joints = [first.code], []
    last = first
    for _ in range(_LONGEST_COMPOUND):
        joint = text[end : end + 1]
        below = _longest(words.denominators, text, end + 1) if joint and joint in _JOINTS else None
        if below is None:
            break
        joints.append(joint)
        codes.append(below.code)
        end += 1 + len(below.printed)
        last = below
    if not joints:
        return first, end
    code = _joined(codes, joints)
    dimension = "concentration" if first.dimension == "mass" and last.dimension == "volume" else "rate"
    printed = text[start:end]
    return UnitWord(printed, code, dimension, printed, "units.per", first.han_from), end


def _joined(codes: list[str | None], joints: list[str]) -> str | None:
    """UCUM of a compound; all parts after the first stroke divide, as bulletins mean it."""
    known = [c for c in codes if c is not None]
    if len(known) < len(codes) or joints[0] not in "/／每":
        return None
    return "/".join(known)


def _bracketed(text: str, start: int, first: UnitWord, end: int, words: _Lexicon) -> tuple[UnitWord, int]:
    inner = _BRACKETED.match(text, end)
    if inner is None:
        return first, end
    unit = _longest(words.units, text, inner.start(1))
    if unit is None or len(unit.printed) != len(inner[1]):
        return first, end
    printed = text[start : inner.end()]
    return first._replace(printed=printed, name=printed, rule="units.bracketed"), inner.end()
