"""When the next issue should come, by the cadence of the source."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta

from pipeline.continuity.model import Absent, Cadence, Gazette, Status
from pipeline.continuity.numbering import PER_YEAR

#: Days beyond `expected_by` before it is called overdue: holidays, and the time from printing to the site.
GRACE: Mapping[str, int] = {"daily": 10, "weekly": 14, "monthly": 45, "quarterly": 60, "yearly": 120}
_MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}
_AHEAD = timedelta(days=31)  # an issue may be dated ahead of the day it is seen; not further


def next_of(gazette: Gazette, doubted: Mapping[str, tuple[str, str]], on: date) -> Absent | None:
    """The next issue; null where no cadence is known.

    Counted from the latest date of what is known. Overdue where `on` is past the grace; also where a source has been
    looked at and has given nothing at all.
    """
    if gazette.cadence is None:
        return None
    days = [k.seen_on for k in gazette.known if doubted.get(k.key, ("",))[0] != "date"]
    last = max((day for day in days if day and day <= on + _AHEAD), default=None)
    if last is None:
        nothing = gazette.looked_at and not gazette.known
        words = "来源已查看，没有取到任何一期 its lists were read and gave nothing" if nothing else None
        return Absent("overdue" if nothing else "expected", "cadence", *_number(gazette, None), reason=words)
    by = after(last, gazette.cadence)
    status: Status = "overdue" if on > by + timedelta(days=GRACE[gazette.cadence]) else "expected"
    words = f"此后没有新的一期 nothing since {last}" if on > by else None
    return Absent(status, "cadence", *_number(gazette, by), reason=words, expected_by=by)


def after(day: date, cadence: Cadence) -> date:
    """One interval after a day; the end of a month that has no such day."""
    if cadence in _MONTHS:
        months = day.month - 1 + _MONTHS[cadence]
        year, month = day.year + months // 12, months % 12 + 1
        return date(year, month, min(day.day, monthrange(year, month)[1]))
    return day + timedelta(days=7 if cadence == "weekly" else 1)


def _number(gazette: Gazette, by: date | None) -> tuple[int | None, int | None]:
    """Year and number that the next issue should have."""
    latest = by.year if by else 9999
    numbered = [(k.year, k.numbers[-1]) for k in gazette.known if k.year and k.numbers and k.year <= latest]
    if not numbered:
        return None, None
    year, number = max(numbered)
    size = PER_YEAR.get(gazette.cadence)
    ends = number >= size if size and number <= size else by is not None and by.year > year
    return (year + 1, 1) if ends else (year, number + 1)
