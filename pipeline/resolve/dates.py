"""Arithmetic of printed dates: numerals, months, quarters, parts of months.

A period is `(first, last, precision)` with both days inclusive. Impossible dates (13月,
2月30日) give null, never an error.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta

from pipeline.model import Precision

Period = tuple[date, date, Precision]

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2, "半": 0}


def number(text: str) -> int | None:
    """An integer printed in digits (any width) or in Chinese numerals below a hundred; null for others."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if any(c not in _DIGITS for c in tens + ones):
        return None
    if not ten and len(ones) != 1:
        return int("".join(str(_DIGITS[c]) for c in ones)) if ones else None
    return (_DIGITS[tens[-1]] if tens else 1) * 10 * bool(ten) + (_DIGITS[ones[-1]] if ones else 0)


def day_of(year: int, month: int, day: int) -> date | None:
    """The date, or null where the calendar has none."""
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def shift(day: date, *, years: int = 0, months: int = 0, days: int = 0) -> date | None:
    """`day` moved; the day of the month is cut to the month's length; null outside the calendar."""
    index = day.year * 12 + day.month - 1 + years * 12 + months
    try:
        moved = date(index // 12, index % 12 + 1, 1)
        moved = moved.replace(day=min(day.day, monthrange(moved.year, moved.month)[1]))
        return moved + timedelta(days=days)
    except (ValueError, OverflowError):
        return None


#: Last day of a named part of a month; 0 stands for the month's own.
PARTS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 0), "初": (1, 10), "中": (11, 20), "底": (1, 0), "末": (1, 0)}


def part_of_month(year: int, month: int, part: str) -> Period:
    first, last = PARTS[part if len(part) == 2 and part in PARTS else part[-1]]
    end = month_end(year, month)
    return date(year, month, first), end.replace(day=last) if last else end, "month"


def quarter(year: int, q: int, from_first: bool = False) -> Period | None:
    """A quarter; with `from_first` all up to it (前三季度)."""
    if not 1 <= q <= 4:
        return None
    return date(year, 1 if from_first else 3 * q - 2, 1), month_end(year, 3 * q), "quarter"


def half(year: int, which: str) -> Period:
    first = 1 if which == "上" else 7
    return date(year, first, 1), month_end(year, first + 5), "half"


def period(year: int, g: Mapping[str, str | None]) -> Period | None:
    """The period named by the groups of a match (m, d, x, q, h, e) in `year`; null when impossible.

    Group names as in `rules/times.toml`: month, day, part of month, quarter, half, edge of year.
    """
    if not 1 <= year <= 9998:
        return None
    if g.get("m"):
        return _in_month(year, number(g["m"] or "") or 0, g)
    if g.get("q"):
        return quarter(year, number(g["q"] or "") or 0, bool(g.get("qa")))
    if g.get("h"):
        return half(year, g["h"] or "")
    edge = (g.get("e") or "")[-1:]
    if edge == "中":
        return date(year, 1, 1), date(year, 6, 30), "half"
    return date(year, 1, 1), date(year, 12, 31), "year"


def _in_month(year: int, month: int, g: Mapping[str, str | None]) -> Period | None:
    if not 1 <= month <= 12:
        return None
    if g.get("d"):
        day = day_of(year, month, number(g["d"] or "") or 0)
        return (day, day, "day") if day else None
    if g.get("x"):
        return part_of_month(year, month, g["x"] or "")
    last = month_end(year, month)
    if g.get("f"):  # 6月前 ends with May; 6月底前 and 6月30日前 take the named day in
        last = date(year, month, 1) - timedelta(days=1)
    return date(year, month, 1), last, "month"
