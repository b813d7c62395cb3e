"""What a number is relative to: its form, what it is for each of, what a change starts from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from pipeline.assemble.words import listed
from pipeline.model import Quantity, Time
from pipeline.rules import rules

_EACH = re.compile(r"每个?")
_PERIODS = frozenset("年月季日天周次") | {"季度", "学期"}
_STROKE = re.compile(r"[/／]|(?<=.)每")
_COMPARED = re.compile(r"(?:较|比|相比|对比|在|以|与)$")
_FORMS = {"share": "share", "ratio": "ratio", "factor": "multiple"}
_EDGE = " 　、，,：:"


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a change is counted from: as printed, its value and the end of its period, where printed."""

    printed: str
    value: Decimal | None
    on: date | None
    rule: str


def change_of(before: str) -> str:
    """increase, decrease, or level when the number is the value itself."""
    linking = listed("algebra", "linking")
    words = before.rstrip(_EDGE)
    while n := linking.ending(words):
        words = words[:-n].rstrip(_EDGE)
    if listed("indicators", "increase").ending(words):
        return "increase"
    return "decrease" if listed("indicators", "decrease").ending(words) else "level"


def form_of(quantity: Quantity, change: str) -> str:
    """level, change, share, ratio or multiple (翻一番 is a multiple, 增长1倍 a change)."""
    if change == "level" and quantity.unit == "折":  # 8折 is 80 % of the price
        return "share"
    return "change" if change != "level" else _FORMS.get(quantity.dimension or "", "level")


def per_of(quantity: Quantity, before: str) -> tuple[str, str] | None:
    """(what the number is for each of, rule): 人·月 of 元/人·月 or 每人每月; null for a number as it is."""
    parts = _STROKE.split(quantity.unit, maxsplit=1)
    if len(parts) == 2:
        return parts[1], "algebra.unit"
    each, mean = _pattern("algebra.each"), _pattern("algebra.mean")
    found = [m for m in each.finditer(before) if m.end() - m.start() > 1]
    if found:
        members = [p for p in _EACH.split(found[-1].group()) if p]
        if quantity.dimension == "money" or not _PERIODS.issuperset(members):
            return "·".join(members), "algebra.each"
        return None
    one = mean.search(before) if quantity.dimension != "ratio" else None
    return (one["per"], "algebra.mean") if one else None


def baseline_of(
    text: str, quantity: Quantity, before: str, change: str, previous: Quantity | None, times: Sequence[Time]
) -> Baseline | None:
    """What a number starts from: the number before it (由65%提高到75%) or the time of a comparison before it.

    `times` are those of the sentence up to the number.
    """
    start = previous is not None and previous.unit == quantity.unit and _pattern("algebra.from").search(before)
    if previous is not None and start:
        period = _last(t for t in times if t.end <= previous.start < t.end + 3)
        printed = text[period.start : previous.end] if period else previous.printed
        return Baseline(printed, previous.low, period.due_on if period else None, "algebra.from")
    period = _last(t for t in times if t.use == "baseline")
    if period is None or (change == "level" and quantity.dimension != "factor"):
        return None
    compared = _COMPARED.search(text[max(0, period.start - 2) : period.start])
    return Baseline((compared.group() if compared else "") + period.printed, None, period.due_on, "algebra.since")


def _last(times: Iterable[Time]) -> Time | None:
    return max(times, key=lambda t: t.start, default=None)


@cache
def _pattern(rule_id: str) -> re.Pattern[str]:
    return re.compile(next(r["pattern"] for r in rules("algebra") if r["id"] == rule_id))
