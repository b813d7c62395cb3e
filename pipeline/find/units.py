"""The lexicon of units: which unit of measure stands at a place of a text."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from pipeline.rules import load

_STROKES = "/／·•"
_JOINTS = _STROKES + "每"
_LATIN = re.compile(r"[A-Za-z]")
_BRACKETED = re.compile(r"[（(]([\u4e00-\u9fff]{1,2})[）)]")
_LONGEST_COMPOUND = 4


class Unit(NamedTuple):
    """A unit as printed, with its UCUM code (null where UCUM has none) and dimension."""

    printed: str
    code: str | None
    dimension: str
    name: str = ""  # the name it is published under: 百分点 for 个百分点
    rule: str = "units.simple"
    han_from: int = 1  # smallest number in Chinese characters that is a quantity without further signs
    blocked: str = ""  # characters that make a longer word of it


class _Lexicon(NamedTuple):
    units: dict[str, tuple[Unit, ...]]  # by first character, longest first
    denominators: dict[str, tuple[Unit, ...]]


@cache
def lexicon() -> _Lexicon:
    """The units of `rules/units.toml`, by first character."""
    data = load("units")
    known: dict[str, Unit] = {}
    for family in data["family"]:
        for unit in _family(family, data["not_before"], data["canonical"]):
            known.setdefault(unit.printed, unit)
    below = dict(known)
    for form in (f for d in data["denominator"] for f in d["forms"]):
        below.setdefault(form, Unit(form, None, "count", form))
    return _Lexicon(_by_first(known), _by_first(below))


def _family(family: dict[str, Any], not_before: dict[str, str], names: dict[str, str]) -> list[Unit]:
    han_from = 1 if family.get("han") else family.get("han_from", 10**12)
    coded = [(form, code) for code, forms in family.get("codes", {}).items() for form in forms]
    plain: list[tuple[str, str | None]] = [(form, None) for form in family.get("plain", [])]
    return [
        Unit(form, code, family["dimension"], names.get(form, form), "units.simple", han_from, not_before.get(form, ""))
        for form, code in [*coded, *plain]
    ]


def _by_first(units: dict[str, Unit]) -> dict[str, tuple[Unit, ...]]:
    found: dict[str, list[Unit]] = {}
    for form in sorted(units, key=len, reverse=True):
        found.setdefault(form[0], []).append(units[form])
    return {c: tuple(us) for c, us in found.items()}


def match_unit(text: str, at: int) -> tuple[Unit, int] | None:
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


def _longest(table: dict[str, tuple[Unit, ...]], text: str, at: int) -> Unit | None:
    for unit in table.get(text[at : at + 1], ()):
        form = unit.printed
        if not text.startswith(form, at):
            continue
        after = text[at + len(form) : at + len(form) + 1]
        if after and (after in unit.blocked or (form[-1].isascii() and form[-1].isalpha() and _LATIN.match(after))):
            continue
        return unit
    return None


def _compound(text: str, start: int, first: Unit, end: int, words: _Lexicon) -> tuple[Unit, int]:
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
    return Unit(printed, code, dimension, printed, "units.per", first.han_from), end


def _joined(codes: list[str | None], joints: list[str]) -> str | None:
    """UCUM of a compound; all parts after the first stroke divide, as bulletins mean it."""
    known = [c for c in codes if c is not None]
    if len(known) < len(codes) or joints[0] not in "/／每":
        return None
    return "/".join(known)


def _bracketed(text: str, start: int, first: Unit, end: int, words: _Lexicon) -> tuple[Unit, int]:
    inner = _BRACKETED.match(text, end)
    if inner is None:
        return first, end
    unit = _longest(words.units, text, inner.start(1))
    if unit is None or len(unit.printed) != len(inner[1]):
        return first, end
    printed = text[start : inner.end()]
    return first._replace(printed=printed, name=printed, rule="units.bracketed"), inner.end()
