"""Readers for what comes back: 每年5月底前, 每季度末, 两周一调度, 按月通报.

A recurring date is the first one not before the document, or not before 起 in its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from pipeline.find.time_readers import Context, Draft, both_ends, yearly
from pipeline.resolve import dates


def each_date(m: re.Match[str], rule: str, c: Context) -> list[Draft]:
    """每年5月底前, 每年5月至9月: the first not before the document."""
    g, h = both_ends(m)
    c.recurring = "yearly"
    if not h.get("m"):
        return yearly(m, rule, c, g)
    out = yearly(m, rule, c, {**h, "f": None})
    first, last = dates.period(2000, g), dates.period(2000, h)
    if not out or not first or not last:
        return []
    out[0].basis = "span"
    if out[0].due:
        year = out[0].due.year - (last[1] < first[0])
        out[0].starts = (dates.period(year, g) or (None,))[0]
    return out


def each_quarter(m: re.Match[str], rule: str, c: Context) -> list[Draft]:
    """每季度末, 每季度首月10日前."""
    draft = Draft(
        m.start(), m.end(), rule, precision="day" if m["d"] else "quarter", recurrence="quarterly", traits="f"
    )
    if c.origin and not m["d"]:
        draft.due = dates.month_end(c.origin.year, (c.origin.month + 2) // 3 * 3)
    elif c.origin:
        which = {"首": 1, "次": 1, "末": 0, "最": 0}.get(m["k"][0], dates.number(m["k"][1:2]) or 0)
        draft.due = _monthly(c.origin, lambda y, mo: dates.day_of(y, mo, int(m["d"])) if mo % 3 == which % 3 else None)
    return [draft]


def _monthly(origin: date, day: Callable[[int, int], date | None]) -> date | None:
    """The first of a monthly day that is not before the origin."""
    for k in range(13):
        at = dates.shift(origin.replace(day=1), months=k)
        found = day(at.year, at.month) if at else None
        if found and found >= origin:
            return found
    return None


def each_month(m: re.Match[str], rule: str, c: Context) -> list[Draft]:
    """每月10日前, 每月底前."""
    day = (dates.number(m["d"]) or 0) if m["d"] else 0
    if m["d"] and not 1 <= day <= 31:
        return []
    draft = Draft(m.start(), m.end(), rule, recurrence="monthly", precision="day" if day else "month", traits="f")
    if c.origin:
        part = m["x"]
        draft.due = _monthly(
            c.origin, lambda y, mo: dates.day_of(y, mo, day) if day else dates.part_of_month(y, mo, part)[1]
        )
    return [draft]


_RHYTHM = {
    "半年": "half-yearly",
    "年": "yearly",
    "季": "quarterly",
    "月": "monthly",
    "旬": "every 10 days",
    "周": "weekly",
}
_RHYTHM |= {"星": "weekly", "日": "daily", "天": "daily", "工": "daily"}
_UNITS = {"半年": "half-years", "年": "years", "季": "quarters", "月": "months", "周": "weeks", "星": "weeks"}
_UNITS |= {"日": "days", "天": "days", "旬": "ten-day periods", "工": "working days"}


def rhythm(n: str, unit: str) -> str:
    """The recurrence in the words of the dataset: yearly, biweekly, every 2 years."""
    if unit in ("半月", "半个月"):
        return "biweekly"
    key = unit.removeprefix("个") if unit == "半年" else unit.removeprefix("个")[:1]
    count = dates.number(n) if n and n != "半" else 1
    if n == "半" and key == "年":
        return "half-yearly"
    if n == "半" and key == "月" or count == 2 and key in "周星":
        return "biweekly"
    if not count or count == 1:
        return _RHYTHM[key]
    return f"every {count} {_UNITS[key]}"


def each(m: re.Match[str], rule: str, c: Context) -> list[Draft]:
    g = m.groupdict()
    recurrence = rhythm(g.get("n") or "", g["u"] or "")
    c.recurring = recurrence
    return [Draft(m.start(), m.end(), rule, recurrence=recurrence, traits="r")]


def paced(m: re.Match[str], rule: str, c: Context) -> list[Draft]:
    return [Draft(m.start(), m.end(), rule, recurrence=rhythm(m["n"], m["u"]), traits="r")]


def end_of_month(m: re.Match[str], rule: str, c: Context) -> list[Draft]:
    """月底前, 下月10日前."""
    draft = Draft(m.start(), m.end(), rule, basis="year_inferred", precision="day" if m["d"] else "month", traits="f")
    if c.base and (at := dates.shift(c.base.replace(day=1), months=int((m["r"] or "")[:1] == "下"))):
        end = dates.month_end(at.year, at.month)
        draft.due = dates.day_of(at.year, at.month, int(m["d"])) if m["d"] else end
    return [draft]
