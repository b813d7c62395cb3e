"""Readers for times that run from an event: 印发之日起30日内, 自…起施行，有效期5年."""

from __future__ import annotations

import re
from datetime import date, timedelta

from pipeline.find.time_readers import Context, Draft, Groups, year_of
from pipeline.model import Precision
from pipeline.resolve import calendar, dates

_PAPER = r"(?:通知|意见|方案|办法|措施|文件|规定|细则|计划|公告|决定|政策|规划|通告|条例)"
_FROM_BASE = re.compile(
    rf"(?:(?<![^，。；：、（(\s自从在于])|本?{_PAPER})(?:正式)?(?:印发|发布|公布|下发|出台|颁布|施行|实施|发文)"
    r"(?:之?日起?|当日起?|之?后|以后)(?:的|，)?$"
)
_FROM_EVENT = re.compile(r"(?:之日起?|当日起?|日起|次日起|(?<![今之以])后|之后|以后)(?:的|，|计算)?$")
_AIM = re.compile(r"(?:力争|争取|确保|计划|用|未来|今后|利用)$")
_CLAUSE_HEAD = re.compile(r"(?:^|[，。；：\n在])$")
_RULE_AFTER = re.compile(r"，?(?:不|累计|计分|未|连续|有|受|发生|无|曾|多次|再次)")


def within(m: re.Match[str], rule: str, c: Context) -> list[Draft]:
    """N days, months or years from an event. A span with no event and no aim is a quantity, not a time."""
    g, head = m.groupdict(), m.string[max(0, m.start() - 40) : m.start()]
    n, unit = (1 if g["n"] == "半" else dates.number(g["n"])), g["u"]
    if not n:
        return []
    start = m.start() - _reach(head)
    draft = Draft(start, m.end(), rule, basis="relative", traits="f", precision=_precision(unit))
    if _FROM_BASE.search(head) or _aim(m, head, unit):
        if c.base:
            draft.due = _after(c.base, n, unit, draft, half=g["n"] == "半")
        return [draft]
    return [draft] if _FROM_EVENT.search(head) else []


def over(m: re.Match[str], rule: str, c: Context) -> list[Draft]:
    """用3年时间, 今后五年: counted from the document."""
    n = dates.number(m["n"] or m["ahead"])
    if not n:
        return []
    lead = re.search(r"(?:今后|未来|通过|经过|利?用)$", m.string[max(0, m.start() - 2) : m.start()])
    start = m.start() - len(lead[0] if lead else "")
    draft = Draft(start, m.end(), rule, basis="relative", traits="f", precision="year")
    if c.base:
        draft.starts = c.base if m["ahead"] else None
        draft.due = dates.shift(c.base, **{"months" if m["u"] == "个月" else "years": n})
    return [draft]


def _aim(m: re.Match[str], head: str, unit: str) -> bool:
    """力争3个月内…, 3年内…, but not 1年内不…: months need a word of aim to stand without an event."""
    if unit not in ("年", "月") or _RULE_AFTER.match(m.string, m.end()):
        return False
    return bool(_AIM.search(head) or (unit == "年" and _CLAUSE_HEAD.search(head)))


def _reach(head: str) -> int:
    """How far back the words of the event go: to 自 or 从 in the same clause."""
    clause = re.split(r"[，。；：\n]", head)[-1]
    at = max(clause.rfind("自"), clause.rfind("从"))
    if at >= 0 and (_FROM_EVENT.search(clause) or _FROM_BASE.search(clause)):
        return len(clause) - at
    base = re.search(r"(?:印发|发布|公布|下发|出台|颁布)(?:之?日起?|之?后|以后)(?:的)?$", clause)
    return len(clause) - base.start() if base else 0


def _precision(unit: str) -> Precision:
    return "month" if unit == "月" else "year" if unit == "年" else "day"


def _after(base: date, n: int, unit: str, draft: Draft, half: bool = False) -> date | None:
    if unit == "工作日":
        due, covered = calendar.add_workdays(base, n)
        if not covered:
            draft.rule = "times.within_workdays_plain"
        return due
    if unit == "年":
        return dates.shift(base, months=6) if half else dates.shift(base, years=n)
    if unit == "月":
        return dates.shift(base, days=15) if half else dates.shift(base, months=n)
    if unit == "小时":
        return dates.shift(base, days=n // 24)
    return dates.shift(base, days=n * (7 if unit == "周" else 1))


def _period(g: Groups, c: Context) -> dates.Period | None:
    year = year_of(g, c)[0]
    return dates.period(year, g) if year else None


def valid_until(m: re.Match[str], rule: str, c: Context) -> list[Draft]:
    """有效期至…: the named day, or the last of the named month or year."""
    found = _period(m.groupdict(), c)
    if not found:
        return []
    return [Draft(m.start(), m.end(), rule, None, found[1], found[2], use="validity", use_rule=rule)]


def valid_for(m: re.Match[str], rule: str, c: Context) -> list[Draft]:
    """有效期N年: counted later from the day of effect; of something other than a document it is no time."""
    head = m.string[max(0, m.start() - 10) : m.start()]
    if not re.search(rf"(?:^|[，。；：\n（(]|{_PAPER}|其|期)$", head):
        return []
    n = dates.number(m["n"])
    if not n:
        return []
    return [Draft(m.start(), m.end(), rule, basis="relative", use="validity", use_rule=rule, span=(n, m["u"]))]


def effective(m: re.Match[str], rule: str, c: Context) -> list[Draft]:
    """自印发之日起施行, 自发布之日起30日后施行."""
    draft = Draft(m.start(), m.end(), rule, precision="day", basis="relative", use="validity", use_rule=rule)
    if c.base:
        n = dates.number(m["n"] or "")
        draft.starts = _after(c.base, n, m["u"].removeprefix("个"), draft) if n else c.base
        draft.rule = rule
    if m["vn"] and draft.starts and (end := dates.shift(draft.starts, years=dates.number(m["vn"]) or 0)):
        draft.due = end - timedelta(days=1)
    return [draft]


def from_now(m: re.Match[str], rule: str, c: Context) -> list[Draft]:
    """即日起至6月30日."""
    draft = Draft(m.start(), m.end(), rule, c.base, basis="relative", traits="f")
    g = m.groupdict()
    if any(g.get(k) for k in ("y", "ry", "m", "e")):
        found = _period(g, c)
        if not found:
            return []
        draft.due, draft.precision, draft.basis = found[1], found[2], "span"
    return [draft]


def settle(pair: tuple[Draft | None, Draft], c: Context) -> Draft:
    """A day of effect and a length or end of validity as one time.

    The last day of 有效期N年 is the day before the N-th anniversary of the day of effect.
    """
    effect, length = pair
    start = effect.starts if effect else c.base if length.span else None
    if length.span and start:
        n, unit = length.span
        end = dates.shift(start, **{"years" if unit == "年" else "months": n})
        length.due, length.precision = (end - timedelta(days=1) if end else None), "day"
    if effect:
        length.start, length.end = min(effect.start, length.start), max(effect.end, length.end)
    if effect or length.span:
        length.starts = start
    return length
