"""What looks like a quantity and is none, and Chinese numbers that are: the rules of `quantities.toml`."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from pipeline.find.numbers import NARROW
from pipeline.resolve.units import UnitWord
from pipeline.rules import rules

_REACH = 12
_QUOTE_REACH = 80
_TITLE_REACH = 120
_CLAUSE_REACH = 40
_CLAUSE_END = re.compile("[，。；：\n](?=[^，。；：\n]*$)")


class _Exclusion(NamedTuple):
    rule: str  # empty: the group of the regular expression that matched names it
    number: re.Pattern[str] | None
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    unless: re.Pattern[str] | None


class _Contexts(NamedTuple):
    rank: re.Pattern[str]
    rank_units: frozenset[str]
    period: re.Pattern[str]
    period_units: frozenset[str]
    once: re.Pattern[str]
    span: re.Pattern[str]
    done: re.Pattern[str]
    round: re.Pattern[str]
    longest_slogan: int


def excluded(text: str, start: int, end: int, number: str, unit: UnitWord) -> str | None:
    """The rule that says that `text[start:end]` is no quantity, compared or not; null where none does."""
    return _first_rule(text, start, end, number, _exclusions(unit.printed, unit.dimension)[0]) or _enclosed(
        text, start, end, number
    )


def excluded_uncompared(text: str, start: int, end: int, number: str, unit: UnitWord) -> str | None:
    """The rule that says that `text[start:end]`, with no comparator at it, is no quantity."""
    return _first_rule(text, start, end, number, _exclusions(unit.printed, unit.dimension)[1])


def _first_rule(text: str, start: int, end: int, number: str, rules_: tuple[_Exclusion, ...]) -> str | None:
    if not rules_:
        return None
    window = text[max(0, start - _REACH) : start]
    number = number if number.isascii() else number.translate(NARROW)
    for e in rules_:
        if e.number is not None and not e.number.fullmatch(number):
            continue
        found = e.before.search(window) if e.before is not None else None
        if e.before is not None and found is None:
            continue
        if e.after is not None and not e.after.match(text, end):
            continue
        if e.unless is None or not e.unless.search(window):
            return e.rule or f"quantities.{found.lastgroup if found else None}"
    return None


def _enclosed(text: str, start: int, end: int, number: str) -> str | None:
    """In the title of a document, or in a quotation short enough for a slogan."""
    title = text.rfind("《", max(0, start - _TITLE_REACH), start)
    if title >= 0 and text.find("》", title, start) < 0 and text.find("》", end, end + _TITLE_REACH) >= 0:
        return "quantities.not_title"
    quotation = _quoted(text, start, end)
    if quotation is None:
        return None
    if "、" not in quotation and _contexts().done.match(text, end):
        return None
    long = len(quotation) > _contexts().longest_slogan and number[0].isdigit()
    return None if long else "quantities.not_slogan"


def _quoted(text: str, start: int, end: int) -> str | None:
    """The quotation around `text[start:end]`; null outside one. Straight marks pair up in their line."""
    floor, ceiling = max(0, start - _QUOTE_REACH), end + _QUOTE_REACH
    opening = text.rfind("“", floor, start)
    if opening >= 0 and text.find("”", opening, start) < 0:
        closing = text.find("”", end, ceiling)
    else:
        opening = text.rfind('"', floor, start)
        if opening < 0 or text.count('"', max(floor, text.rfind("\n", floor, start)), start) % 2 == 0:
            return None
        closing = text.find('"', end, ceiling)
    return None if closing < 0 or "\n" in text[opening:closing] else text[opening:closing]


def stands(text: str, start: int, end: int, unit: UnitWord) -> str | None:
    """The rule by which a small number in Chinese characters is a quantity here; null where it enumerates."""
    c = _contexts()
    window = text[max(0, start - _REACH) : start]
    if unit.printed in c.rank_units and c.rank.search(window):
        return "quantities.rank"
    if unit.dimension == "time" and (c.span.search(window) or c.done.match(text, end)):
        return "quantities.span"
    if unit.dimension == "count" and text[start] in "百千万" and c.round.search(window):
        return "quantities.round"
    if unit.printed in c.period_units:
        clause = text[max(0, start - _CLAUSE_REACH) : start]
        last = _CLAUSE_END.search(clause)
        if c.period.search(clause, last.end() if last else 0):
            return "quantities.frequency"
        if c.once.search(clause):
            return "quantities.once"
    return None


@cache
def _exclusions(unit: str, dimension: str) -> tuple[tuple[_Exclusion, ...], tuple[_Exclusion, ...]]:
    """The exclusions that a unit is subject to: those that always hold, those that a comparator lifts."""
    fit = [
        r
        for r in rules("quantities")
        if r["kind"] == "exclude"
        and ("before" in r or "after" in r or "number" in r)
        and dimension in r.get("dimensions", [dimension])
        and unit in r.get("units", [unit])
    ]
    lifted = [r for r in fit if r.get("unless_compared", False)]
    simple = [r for r in fit if r not in lifted and not r.keys() & {"after", "number", "unless"}]
    rest = [r for r in fit if r not in lifted and r not in simple]
    return (*_together(simple), *map(_exclusion, rest)), tuple(map(_exclusion, lifted))


def _together(fit: list[dict[str, Any]]) -> tuple[_Exclusion, ...]:
    """Rules that look only before the number, as one search."""
    parts = [f"(?P<{r['id'].partition('.')[2]}>{r['before']})" for r in fit]
    return (_Exclusion("", None, _compiled("|".join(parts)), None, None),) if parts else ()


def _exclusion(rule: dict[str, Any]) -> _Exclusion:
    def pattern(key: str) -> re.Pattern[str] | None:
        return _compiled(rule[key]) if key in rule else None

    return _Exclusion(rule["id"], pattern("number"), pattern("before"), pattern("after"), pattern("unless"))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@cache
def _contexts() -> _Contexts:
    of = {r["id"]: r for r in rules("quantities")}.__getitem__
    rank, often, span = of("quantities.rank"), of("quantities.frequency"), of("quantities.span")
    return _Contexts(
        rank=re.compile(rank["before"]),
        rank_units=frozenset(rank["units"]),
        period=re.compile(often["clause"]),
        period_units=frozenset(often["units"]),
        once=re.compile(of("quantities.once")["clause"]),
        span=re.compile(span["before"]),
        done=re.compile(span["after"]),
        round=re.compile(of("quantities.round")["before"]),
        longest_slogan=of("quantities.not_slogan")["longest"],
    )
