"""What a time does in its sentence: bound work, limit validity, permit, compare, condition, name, cite.

The rules with `use` in `rules/times.toml`, tried in file order; the first that fits wins.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import chain

from pipeline.find.time_forms import expand
from pipeline.find.time_readers import Context, Draft
from pipeline.model import TimeUse
from pipeline.rules import load, rules

BEFORE, AFTER = 10, 64  # characters looked at on each side
_TITLE = re.compile(r"《[^《》]{0,150}》")
_QUOTED = re.compile(r"“[^“”\n]{1,40}”")
_VERB_AFTER = re.compile(
    r"(?:新增|新建|完成|实现|力争|争取|确保|培育|建成|达到|引进|招引|开展|累计|组织|举办|发展|建设|认定|遴选|，|[底末])"
)


@dataclass(frozen=True, slots=True)
class Use:
    """A use rule: the words before and after that settle it, and a test by name."""

    id: str
    use: TimeUse
    forms: frozenset[str]
    check: str
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None


class Enclosed:
    """Whether an offset lies within one of the spans of a pattern."""

    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        self.bounds = list(chain.from_iterable(m.span() for m in pattern.finditer(text)))

    def __contains__(self, offset: int) -> bool:
        return bisect_right(self.bounds, offset) % 2 == 1


@dataclass(slots=True)
class Surroundings:
    text: str
    titles: Enclosed
    quotes: Enclosed
    context: Context

    @classmethod
    def of(cls, text: str, context: Context) -> Surroundings:
        return cls(text, Enclosed(_TITLE, text), Enclosed(_QUOTED, text), context)


def _past(d: Draft, s: Surroundings) -> bool:
    """Ended in a year before the document's, and not in the last weeks of it."""
    base = s.context.base
    if d.due is None or d.recurrence or d.basis in ("relative", "year_inferred"):
        return False
    if base is None:
        return False
    return d.due.year < base.year and d.due < base - timedelta(days=45)


def _in_quotes(d: Draft, s: Surroundings) -> bool:
    return "f" not in d.traits and "e" not in d.traits and "y" in d.traits and d.start in s.quotes


def _year_adjective(d: Draft, s: Surroundings) -> bool:
    printed = s.text[d.start : d.end]
    return "y" in d.traits and printed.endswith("年度") and not _VERB_AFTER.match(s.text, d.end)


def _bare(d: Draft, s: Surroundings) -> bool:
    return "f" not in d.traits and (d.traits[:1] == "p" or "e" not in d.traits or d.rule == "times.whole_year")


def _own_date(d: Draft, s: Surroundings) -> bool:
    base = s.context.base
    return "f" not in d.traits and d.basis == "explicit" and None not in (d.due, base) and d.due <= base  # type: ignore[operator]


def _last_year(d: Draft, s: Surroundings) -> bool:
    return "ry" in d.traits and s.text[d.start] in "去上"


def _loose_year(d: Draft, s: Surroundings) -> bool:
    return d.rule == "times.year" and "ry" in d.traits and s.text[d.start] in "当次翌下"


def _plan_name(d: Draft, s: Surroundings) -> bool:
    return d.rule == "times.plan" and d.traits in ("p:", "p:时期")


def _headline(d: Draft, s: Surroundings) -> bool:
    """Bare, in a line that ends soon."""
    return _bare(d, s) and (d.end + AFTER > len(s.text) or s.text.find("\n", d.end, d.end + AFTER) >= 0)


def _unmarked(d: Draft, s: Surroundings) -> bool:
    """No 前; at the end of a line only with something on an earlier line."""
    if "f" in d.traits:
        return False
    if s.text.startswith("\n", d.end) or d.end == len(s.text):
        line = s.text.rfind("\n", 0, d.start)
        return line >= 0 and not re.search("[，。；：]", s.text[line : d.start])
    return True


_CHECKS: dict[str, Callable[[Draft, Surroundings], bool]] = {
    "in_title": lambda d, s: d.start in s.titles,
    "in_quotes": _in_quotes,
    "past": _past,
    "year_adjective": _year_adjective,
    "bare": _bare,
    "headline": _headline,
    "plan_name": _plan_name,
    "annex_ahead": lambda d, s: s.text.find("附", d.end, d.end + AFTER) >= 0,
    "own_date": _own_date,
    "last_year": _last_year,
    "loose_year": _loose_year,
    "unmarked": _unmarked,
    "": lambda d, s: True,
}


@cache
def uses() -> tuple[Use, ...]:
    pieces: dict[str, str] = load("times")["pieces"]
    return tuple(
        Use(
            r["id"],
            r["use"],
            frozenset(r.get("forms", ())),
            r.get("check", ""),
            re.compile(f"(?:{expand(r['before'], pieces)})$") if "before" in r else None,
            re.compile(expand(r["after"], pieces)) if "after" in r else None,
        )
        for r in rules("times")
        if "use" in r
    )


@cache
def _for_form(form: str) -> tuple[Use, ...]:
    return tuple(u for u in uses() if not u.forms or form in u.forms)


@cache
def _any_before() -> re.Pattern[str]:
    """Any `before` at all: most times stand after none, and one search says so."""
    return re.compile("(?:" + "|".join(u.before.pattern[:-1] for u in uses() if u.before) + ")$")


def decide(d: Draft, s: Surroundings) -> tuple[TimeUse, str]:
    """The use of a draft and the id of the rule that says so ("" for the ordinary use, bound)."""
    head, tail = s.text[max(0, d.start - BEFORE) : d.start], s.text[d.end : d.end + AFTER]
    led = _any_before().search(head)
    for u in _for_form(d.rule):
        if u.before and not (led and u.before.search(head)):
            continue
        if u.check and not _CHECKS[u.check](d, s):
            continue
        if u.after and not u.after.match(tail) and not (u.id == "times.use_plan_name" and d.traits == "p:"):
            continue
        return u.use, u.id
    return "bound", ""
