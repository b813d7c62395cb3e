"""From the groups of a matched form to days: one reader per kind of form.

A reader takes the match and what the sentence has told so far (`Context`) and gives
drafts; none where the date is impossible.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from pipeline.model import Basis, Precision, TimeUse
from pipeline.resolve import calendar, dates

Groups = dict[str, str | None]


@dataclass(slots=True)
class Draft:
    """A time in the making. `traits` are the words that decide on its use (f 前, e edge, du 年度, p plan part)."""

    start: int
    end: int
    rule: str
    starts: date | None = None
    due: date | None = None
    precision: Precision | None = None
    recurrence: str | None = None
    basis: Basis = "explicit"
    use: TimeUse | None = None
    use_rule: str = ""
    group: int | None = None
    traits: str = ""
    span: tuple[int, str] | None = None  # 有效期 N 年: to be counted from the day of effect


@dataclass(slots=True)
class Context:
    """What yearless forms take their year from: the document and the words before them."""

    base: date | None
    year: int | None  # the year of the document
    said: int | None = None  # the last year said in the sentence
    exact: bool = False  # it was said with a month
    recurring: str | None = None  # the sentence is about every year
    since: date | None = None
    groups: int = 0

    @property
    def origin(self) -> date | None:
        """The day from which 'the next' is counted."""
        start = self.base or (date(self.year, 1, 1) if self.year else None)
        return max(start, self.since) if start and self.since else start


_RELATIVE = {"今": 0, "本": 0, "当": 0, "明": 1, "去": -1, "上": -1, "下": 1}


def groups_of(m: re.Match[str], suffix: str = "") -> Groups:
    """The groups with this suffix, under their plain names."""
    every = m.groupdict()
    if not suffix:
        return every
    return {k[: -len(suffix)]: v for k, v in every.items() if k.endswith(suffix)}


def year_of(g: Groups, c: Context) -> tuple[int | None, bool]:
    """The year of a match and whether it was inferred."""
    if g.get("y"):
        return dates.number(g["y"] or ""), False
    word = g.get("ry") or ""
    if word[:1] in ("次", "翌"):
        known = c.said or c.year
        return (known + 1 if known else None), True
    if word:
        return (c.year + _RELATIVE[word[0]] if c.year else None), True
    return (c.said or c.year), True


def traits_of(g: Groups) -> str:
    return "".join(k for k in ("y", "ry", "f", "e", "du", "x", "d", "m") if g.get(k))


def _late(due: date, c: Context, g: Groups, year: int) -> bool:
    """A yearless date long before the document means the next year (3月底前 in a notice of December)."""
    guessed = not g.get("ry") and bool(g.get("m")) and (not c.said or c.said == year and bool(g.get("f")))
    return not g.get("y") and guessed and c.base is not None and c.base.year == year and (c.base - due).days > 120


def point(m: re.Match[str], rule: str, c: Context) -> list[Draft]:
    """A day, month, quarter, half or year, or the end of one."""
    g = groups_of(m)
    if g.get("m") and not g.get("y") and not g.get("ry") and c.recurring == "yearly":
        return yearly(m, rule, c, g)
    year, inferred = year_of(g, c)
    draft = Draft(m.start(), m.end(), rule, traits=traits_of(g), basis="year_inferred" if inferred else "explicit")
    if year is None:
        return [draft]
    found = dates.period(year, g)
    if found and _late(found[1], c, g, year):
        found = dates.period(year + 1, g)
    if found is None:
        return []
    draft.due, draft.precision = found[1], found[2]
    if (g.get("e") or "").endswith("初"):  # 年初 has no settled end
        draft.starts, draft.due = found[0], None
    if m.string[m.end() : m.end() + 1] == "起" and m.string[m.end() : m.end() + 2] not in ("起草", "起步", "起降"):
        draft.starts, draft.due, c.since = found[0], None, found[0]
        draft.end += 1
    remember(g, c)
    return [draft]


def remember(g: Groups, c: Context) -> None:
    if g.get("y"):
        c.said, c.exact = dates.number(g["y"] or ""), bool(g.get("m") or g.get("q"))


def years(m: re.Match[str], rule: str, c: Context) -> list[Draft]:
    """2024、2025年: one draft per year, in one group."""
    out = []
    c.groups += 1
    for part in re.finditer(r"[\d一二三四五六七八九〇○零]{4}(?:[ ]?年度?)?", m["list"]):
        year = dates.number(part[0].rstrip("度").rstrip("年").strip())
        found = dates.period(year or 0, {})
        if found:
            at = m.start("list") + part.start()
            out.append(Draft(at, at + len(part[0]), rule, None, found[1], "year", group=c.groups, traits="y"))
    return _to_end(out, m)


def _to_end(out: list[Draft], m: re.Match[str]) -> list[Draft]:
    if out:
        out[-1].end = m.end()
        for d in out:
            d.traits += "f" * bool(m["f"])
    return out


_PAIRED = re.compile(r"[^，。；]{0,40}?分别[^，。；]{0,12}?(\d[^，。；]{0,60})")


def span_years(m: re.Match[str], rule: str, c: Context) -> list[Draft]:
    """2024—2026年; a list of years where 分别 pairs it with as many values."""
    first, last = dates.number(m["y"]) or 0, dates.number(m["y2"]) or 0
    if not first < last <= first + 100:
        return []
    n = last - first + 1
    traits = "y" + "du" * bool(m["du"]) + "e" * bool(m["e2"]) + "f" * bool(m["f2"])
    values = _PAIRED.match(m.string, m.end(), m.end() + 120)
    if values and n == len(re.split(r"[、和及与]", values[1])):
        return _each_of(m, rule, c, first, n)
    c.said, c.exact = None, False
    return [Draft(m.start(), m.end(), rule, date(first, 1, 1), date(last, 12, 31), "year", basis="span", traits=traits)]


def _each_of(m: re.Match[str], rule: str, c: Context, first: int, n: int) -> list[Draft]:
    c.groups += 1
    ends = [date(first + i, 12, 31) for i in range(n)]
    return [Draft(m.start(), m.end(), rule, None, end, "year", group=c.groups, traits="y") for end in ends]


def both_ends(m: re.Match[str]) -> tuple[Groups, Groups]:
    """The groups of both ends: 1-6月 lends its 月 to the first, 3月1日至15日 its month to the last."""
    g, h = groups_of(m), groups_of(m, "2")
    g["m"] = g.get("m") or g.get("ma")
    return g, {"m": g["m"], "d": g["d4"]} if g.get("d4") else h


def span_dates(m: re.Match[str], rule: str, c: Context) -> list[Draft]:
    """3月至12月, 2021年10月20日-11月30日, 10月15日至次年3月31日."""
    g, h = both_ends(m)
    year, inferred = year_of(g, c)
    draft = Draft(m.start(), m.end(), rule, basis="span", traits=traits_of(g) + "f" * bool(g.get("f2")))
    if year is None:
        return [draft]
    first = dates.period(year, g)
    c.said = c.said if inferred else year
    last_year = year if not h.get("y") and not h.get("ry") else year_of(h, _said(c, year))[0] or year
    last = dates.period(last_year, {**h, "f": None})
    if first and last and last[1] < first[0]:
        last = dates.period(last_year + 1, {**h, "f": None})
    if not first or not last or last[1] < first[0]:
        return []
    remember(g, c)
    draft.starts, draft.due, draft.precision = first[0], last[1], last[2]
    return [draft]


def _said(c: Context, year: int) -> Context:
    return Context(c.base, c.year, year)


def span_quarters(m: re.Match[str], rule: str, c: Context) -> list[Draft]:
    g = groups_of(m)
    year = year_of(g, c)[0]
    if year is None:
        return [Draft(m.start(), m.end(), rule, basis="span", traits=traits_of(g))]
    first, last = (dates.quarter(year, dates.number(g[k] or "") or 0) for k in ("q", "q2"))
    if not first or not last or last[1] < first[0]:
        return []
    remember(g, c)
    return [Draft(m.start(), m.end(), rule, first[0], last[1], "quarter", basis="span", traits=traits_of(g))]


def quarters(m: re.Match[str], rule: str, c: Context) -> list[Draft]:
    """2024年三、四季度: one draft per quarter, in one group."""
    g = groups_of(m)
    year, inferred = year_of(g, c)
    basis: Basis = "year_inferred" if inferred else "explicit"
    out: list[Draft] = []
    c.groups += 1
    for part in re.finditer(r"[一二三四1-4](?:季度)?", m["list"]):
        at = m.start() if not out else m.start("list") + part.start()
        draft = Draft(at, m.start("list") + part.end(), rule, group=c.groups, basis=basis, traits=traits_of(g))
        found = dates.quarter(year, dates.number(part[0][0]) or 0) if year else None
        if found:
            draft.due, draft.precision = found[1], found[2]
        out.append(draft)
    remember({**g, "q": "1"}, c)
    return _to_end(out, m)


def months(m: re.Match[str], rule: str, c: Context) -> list[Draft]:
    """2024年6月、9月底前: one draft per month, in one group."""
    g = groups_of(m)
    year, inferred = year_of(g, c)
    out: list[Draft] = []
    c.groups += 1
    for part in re.finditer(r"[^月份、和及与]+(?:月份?)?", m["list"]):
        shared = {"m": part[0].rstrip("份").rstrip("月"), "x": g.get("x"), "f": g.get("f")}
        found = dates.period(year, shared) if year else None
        if year and not found:
            return []
        at = m.start() if not out else m.start("list") + part.start()
        basis: Basis = "year_inferred" if inferred else "explicit"
        out.append(Draft(at, m.start("list") + part.end(), rule, group=c.groups, basis=basis, traits=traits_of(g)))
        if found:
            out[-1].due, out[-1].precision = found[1], found[2]
    remember(g, c)
    return _to_end(out, m)


def eve(name: str, year: int) -> date | None:
    day = calendar.festival(name, year)
    return dates.shift(day, days=-1) if day else None


def _next(c: Context, day: Callable[[int], date | None]) -> date | None:
    """The first of a yearly day that is not before the origin."""
    if not c.origin:
        return None
    options = (day(c.origin.year + k) for k in range(9))  # 2月29日 may need a leap year
    return next((d for d in options if d and d >= c.origin), None)


def yearly(m: re.Match[str], rule: str, c: Context, g: Groups) -> list[Draft]:
    draft = Draft(m.start(), m.end(), rule, recurrence="yearly", traits=traits_of(g))
    if g.get("fest"):
        draft.precision, draft.traits = "day", "f"
        draft.due = _next(c, lambda y: eve(g["fest"] or "", y))
        return [draft]
    probe = dates.period(2000, g)
    if probe is None:
        return []
    if (g.get("e") or "").endswith("初"):
        return [draft]
    draft.precision = probe[2]
    draft.due = _next(c, lambda y: (dates.period(y, g) or (None, None))[1])
    return [draft]
