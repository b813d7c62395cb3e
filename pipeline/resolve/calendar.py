"""Calendars: working days, festivals, five-year plans.

Sources: working days from `chinesecalendar` (the State Council's yearly holiday notices);
dates of lunar festivals from the table in `rules/times.toml`; plan periods from their
first years (一五 1953-1957, 二五 1958-1962, from 三五 1966-1970 on without a gap).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from pipeline.rules import load


def is_workday(day: date) -> tuple[bool, bool]:
    """Whether `day` is worked, and whether the holiday notices cover its year (else Monday to Friday)."""
    import chinese_calendar  # 40 ms, needed by few texts

    try:
        return bool(chinese_calendar.is_workday(day)), True
    except NotImplementedError:
        return day.weekday() < 5, False


def add_workdays(day: date, n: int) -> tuple[date, bool]:
    """The `n`-th working day after `day`, and whether every day between was covered by a notice."""
    covered = True
    try:
        for _ in range(min(max(n, 0), 1000)):
            day += timedelta(days=1)
            while not (answer := is_workday(day))[0]:
                day += timedelta(days=1)
            covered = covered and answer[1]
    except OverflowError:
        return date.max, False
    return day, covered


@cache
def _table(name: str) -> tuple[int, dict[int, date]]:
    first: int = load("times")["festivals"]["first_year"]
    days = load("times")["festivals"][name].split()
    return first, {first + i: date(first + i, int(d[:2]), int(d[2:])) for i, d in enumerate(days)}


def qingming(year: int) -> date:
    """清明 by the usual approximation of the solar term, right for 2000-2099."""
    y = year % 100
    return date(year, 4, int(y * 0.2422 + 4.81) - y // 4)


def festival(name: str, year: int) -> date | None:
    """First day of a festival in `year`; null outside the table or for an unknown name."""
    fixed: dict[str, str] = load("times")["festivals"]["fixed"]
    if name in fixed:
        return date(year, int(fixed[name][:2]), int(fixed[name][2:]))
    if name == "清明":
        return qingming(year) if 2000 <= year <= 2099 else None
    if name == "元宵":
        spring = festival("春节", year)
        return spring + timedelta(days=14) if spring else None
    if name in load("times")["festivals"]:
        return _table(name)[1].get(year)
    return None


def plan_period(n: int) -> tuple[int, int] | None:
    """First and last year of the n-th five-year plan (14 -> 2021, 2025); null for n outside 1-40."""
    if not 1 <= n <= 40:
        return None
    first = 1953 + 5 * (n - 1) if n < 3 else 1966 + 5 * (n - 3)
    return first, first + 4
