"""Readers for periods that have a name: five-year plans, seasons, festivals, decades."""

from __future__ import annotations

import re
from datetime import date

from pipeline.find.time_readers import Context, Draft, eve, groups_of, remember, traits_of, year_of
from pipeline.resolve import calendar, dates


def season(m: re.Match[str], rule: str, c: Context) -> list[Draft]:
    """2024年秋季, 2024年秋季开学前."""
    g = groups_of(m)
    year, inferred = year_of(g, c)
    draft = Draft(m.start(), m.end(), rule, traits=traits_of(g), basis="year_inferred" if inferred else "explicit")
    if year and 1 <= year <= 9998:
        month = {"春": 5, "夏": 8, "秋": 11, "冬": 12}[m["s"]]
        if m["f"]:
            month = {"春": 2, "秋": 8}.get(m["s"], month)
        draft.due, draft.precision = dates.month_end(year, month), "quarter"
    remember(g, c)
    return [draft]


def festival(m: re.Match[str], rule: str, c: Context) -> list[Draft]:
    """春节前: the day before; a festival already past means the next one."""
    g = groups_of(m)
    year, inferred = year_of(g, c)
    draft = Draft(
        m.start(), m.end(), rule, traits=traits_of(g) + "f", basis="year_inferred" if inferred else "explicit"
    )
    due = eve(g["fest"] or "", year) if year else None
    if due and year and not g.get("y") and not g.get("ry") and not c.said and c.base and due < c.base:
        due = eve(g["fest"] or "", year + 1)
    if due:
        draft.due, draft.precision = due, "day"
    return [draft]


def season_edge(m: re.Match[str], rule: str, c: Context) -> list[Draft]:
    """汛期前, 采暖季前: bounds work, on a day that no calendar settles."""
    return [Draft(m.start(), m.end(), rule, traits="f", basis="relative")]


def ahead(m: re.Match[str], rule: str, c: Context) -> list[Draft]:
    """期满3个月前: counted back from an event, whose day is not known; the event is part of it."""
    return [Draft(m.start() - 2, m.end(), rule, traits="f", basis="relative")]


def plan(m: re.Match[str], rule: str, c: Context) -> list[Draft]:
    """“十四五”期间, “十四五”末; without such a word it is a name (see the use rules)."""
    n = dates.number(m["n"] or m["n2"])
    part = m["p"] or ""
    found = calendar.plan_period(n or 0)
    if found is None:
        return []
    first, last = date(found[0], 1, 1), date(found[1], 12, 31)
    draft = Draft(m.start(), m.end(), rule, None, last, "period", basis="plan_period", traits="p:" + part)
    if part in ("期间", "时期", "规划期", "规划期间", ""):
        draft.starts = first
    if part == "中期":
        draft.due = date(found[0] + 2, 12, 31)
    return [draft]


def decade(m: re.Match[str], rule: str, c: Context) -> list[Draft]:
    """20世纪80年代, 上世纪九十年代."""
    now = (c.year or 2000) // 100 + 1
    century = {"上": now - 1, "本": now}.get(m["c"]) or dates.number(m["c"])
    tens = dates.number(m["n"])
    if not century or not tens:
        return []
    first = (century - 1) * 100 + tens
    return [Draft(m.start(), m.end(), rule, date(first, 1, 1), date(first + 9, 12, 31), "period")]
