"""Numbers with a unit of measure, their comparison, and the lists and ranges they form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from pipeline.find import comparators
from pipeline.find.exclusions import excluded, excluded_uncompared, stands
from pipeline.find.figures import LIST, PERCENT, RANGE, Draft, Figure, anchor, read_figure, starts_line
from pipeline.find.numbers import normal, value_of
from pipeline.find.shares import read_share
from pipeline.model import Quantity
from pipeline.resolve.units import UnitWord

_JOINT = re.compile("(?:[（(][^（）()\n]{0,16}[）)])?(?:、|以及|和|与|及|或)")
_LONGEST_JOINT = 22
_CLAUSE_END = frozenset("，。；、：）)》”,;\n 的")
_MARKS = RANGE | LIST
_LONGEST_MARK = max(map(len, _MARKS))
_LONGEST_LABEL = 30
_ONE_CHARACTER_MEASURES = "岁倍折吨亩"
_LEAST_BARE = 10**4
_SIGNED = ("share", "percentage_point", "temperature")
_LONGEST_SIGN = 4
_MINUS = re.compile(
    r"(?:^|[\s，。；、：（(]|增长|增速|[为达率至到在])(?P<sign>[-－−])$|(?<![正肩担抱背胜欺辜自])(?P<sign2>负)$|(?P<sign3>零下)$"
)


def find_quantities(text: str) -> list[Quantity]:
    """Every number with a unit, percentage, ratio or count of `text`, ascending and non-overlapping.

    Dates, ordinals, codes, names and counts that only enumerate are left out. Offsets are
    code points into `text`; any text is accepted, whole issues too, in linear time.
    """
    return scan_quantities(text)


def scan_quantities(text: str, at: int = 0) -> list[Quantity]:
    """What `find_quantities` gives, with offsets counted from `at`."""
    drafts = _joined_ranges(text, list(_drafts(text)))
    drafts = comparators.without_repeats(text, drafts)
    _group(text, drafts)
    return [_quantity(text, d, at) for d in drafts]


def _drafts(text: str) -> Iterator[Draft]:
    waiting: list[Figure] = []
    at = 0
    next_anchor = anchor().search
    while (found := next_anchor(text, at)) is not None:
        at = found.start()
        share = read_share(text, at)
        if share is not None:
            waiting, at = [], share.end
            if share.rule:
                yield share
            continue
        figure = read_figure(text, at)
        if figure is None:
            at += 1
        elif figure.unit is None:
            if not _joined(text, waiting, figure):
                waiting = []
            waiting.append(figure)
            at = figure.end
        else:
            at = figure.unit_end
            yield from _with_unit(text, _chain(text, waiting, figure) if waiting else waiting, figure, figure.unit)
            waiting = []


# --- lists and ranges ---------------------------------------------------------------


def _joined(text: str, waiting: list[Figure], figure: Figure) -> bool:
    """Whether `figure` goes on the list or range that waits for its unit."""
    gap = figure.start - waiting[-1].end if waiting and figure.printed else _LONGEST_MARK + 1
    return gap <= _LONGEST_MARK and text[waiting[-1].end : figure.start] in _MARKS


def _chain(text: str, waiting: list[Figure], last: Figure) -> list[Figure]:
    """The figures before `last` that are joined to it and share its unit, in order."""
    chain: list[Figure] = []
    following = last
    for figure in reversed(waiting):
        joint = text[figure.end : following.start] if following.start - figure.end <= _LONGEST_MARK else ""
        listed = joint in LIST and not (figure.han or last.han)
        if not figure.printed or not (listed or joint in RANGE):
            break
        chain.append(figure)
        following = figure
    chain.reverse()
    if chain and _is_label(text, chain[0]):
        del chain[0]
    return chain


def _is_label(text: str, figure: Figure) -> bool:
    """`1、5家企业` at the start of a line is item 1."""
    whole = "." not in figure.printed and figure.value <= _LONGEST_LABEL
    return whole and starts_line(text, figure.start) and text.startswith("、", figure.end)


def _with_unit(text: str, chain: list[Figure], last: Figure, unit: UnitWord) -> list[Draft]:
    figures = [*chain, last]
    first, end = figures[0], last.unit_end
    if any(excluded(text, first.start, end, n.printed, unit) for n in figures):
        return []
    before = comparators.before(text, first.start, unit.dimension)
    after = comparators.after(text, end, unit.dimension)
    compared = before is not None or after is not None
    if not compared and any(excluded_uncompared(text, first.start, end, n.printed, unit) for n in figures):
        return []
    rule = _han_rule(text, first, last, unit, compared) if last.han else "quantities.arabic"
    if not rule:
        return []
    if unit.printed == "成":
        unit, rule = PERCENT, "quantities.tenths"
        for n in chain:
            n.value = normal(n.value * 10)
    drafts = _members(text, figures, unit, rule)
    drafts[0].before, drafts[-1].after = before, after
    if len(figures) == 1 and unit.dimension in _SIGNED:
        _sign(text, drafts[0])
    return drafts


def _sign(text: str, d: Draft) -> None:
    """-0.3%, 负3.9%, 零下5℃: a rate of change or a temperature may be negative, nothing else that is counted."""
    found = _MINUS.search(text[max(0, d.start - _LONGEST_SIGN) : d.start])
    if found is not None:
        d.start -= len(found[found.lastgroup or 0])
        d.low = d.high = -d.low


def _han_rule(text: str, first: Figure, last: Figure, unit: UnitWord, compared: bool) -> str:
    """The rule by which a Chinese number is a quantity; empty where it only enumerates."""
    if compared or last.infix or first is not last or unit.printed == "成":
        return "quantities.han"
    bare = last.printed[0] in "百千万亿"
    if unit.han_from == 1 and _measures(last, unit, bare):
        return "quantities.han"
    if unit.han_from > 1 and last.value >= unit.han_from and not bare:
        return "quantities.han"
    return stands(text, last.start, last.unit_end, unit) or ""


def _measures(last: Figure, unit: UnitWord, bare: bool) -> bool:
    """三百亩 and 百万吨 measure; 万元 alone is the unit of a rate (万元GDP), 一元 part of a word."""
    if bare:
        return len(last.printed) > 1 and last.value >= _LEAST_BARE
    return last.value >= 10 or len(unit.printed) > 1 or unit.printed in _ONE_CHARACTER_MEASURES


def _members(text: str, figures: list[Figure], unit: UnitWord, rule: str) -> list[Draft]:
    drafts: list[Draft] = []
    last = figures[-1]
    i = 0
    while i < len(figures):
        n = figures[i]
        following = figures[i + 1] if i + 1 < len(figures) else None
        if following is not None and text[n.end : following.start] in RANGE:
            drafts.append(_range(n, following, last, unit))
            i += 2
            continue
        end = last.unit_end if n is last else n.end
        value = n.value if n is last else _shared(n, last, figures)
        drafts.append(Draft(n.start, end, value, value, unit, rule if n is last else "quantities.list"))
        if n.infix:
            drafts[-1].infix = comparators.infix(n.start, end)
        i += 1
    return drafts


def _shared(figure: Figure, last: Figure, figures: list[Figure]) -> Decimal:
    """The value of a member that leaves the multiplier to the last: 10、35万元."""
    if not last.factor or any(n.factor for n in figures[:-1]):
        return figure.value
    return value_of(figure.printed, last.factor) or figure.value


def _range(low: Figure, high: Figure, last: Figure, unit: UnitWord) -> Draft:
    """3-5家, 500至800万元; where the first is the larger it does not belong here."""
    end = last.unit_end if high is last else high.end
    lower = low.value
    if high.factor and not low.factor:
        shared = value_of(low.printed, high.factor)
        lower = shared if shared is not None and shared <= high.value else lower
    if lower <= high.value:
        return Draft(low.start, end, lower, high.value, unit, "quantities.range")
    return Draft(high.start, end, high.value, high.value, unit, "quantities.arabic")


def _joined_ranges(text: str, drafts: list[Draft]) -> list[Draft]:
    """500万元至800万元: two quantities of one unit that bound a value become one."""
    kept: list[Draft] = []
    for d in drafts:
        p = kept[-1] if kept else None
        if p is not None and d.start - p.end <= _LONGEST_MARK and _bounds(text, p, d):
            kept[-1] = Draft(p.start, d.end, p.low, d.high, d.unit, "quantities.range")
            kept[-1].before, kept[-1].after = p.before, d.after
        else:
            kept.append(d)
    return kept


def _bounds(text: str, p: Draft, d: Draft) -> bool:
    if p.unit.name != d.unit.name or p.low != p.high or d.low != d.high or p.low > d.high:
        return False
    joint = text[p.end : d.start]
    return joint in RANGE and not (joint == "到" and text[p.start - 1 : p.start] in ("从", "由"))


# --- comparison ---------------------------------------------------------------------


def _group(text: str, drafts: list[Draft]) -> None:
    """Numbers the coordinated lists; carries 不高于 forward and 以上 back over their members."""
    count = 0
    for p, d in pairwise(drafts):
        own_end = p.after.end if p.after else p.end
        between = text[own_end : d.start] if d.start - own_end < _LONGEST_JOINT else ""
        if not (between and _JOINT.fullmatch(between)):
            continue
        if p.group is None:
            count += 1
            p.group = count
        d.group = p.group
        if p.unit.printed == "个" and d.unit.printed.startswith("个"):
            p.unit = d.unit  # 1个和0.5个百分点
        if d.before is None and p.after is None:
            d.before = p.before
    for d, p in pairwise(reversed(drafts)):
        if d.after is None or (p.unit.name != d.unit.name and not _ends_clause(text, d.after.end)):
            continue
        open_ended = p.after is None and p.infix is None and (p.before is None or p.before is d.before)
        if open_ended and p.group is not None and p.group == d.group:
            p.after = d.after


def _ends_clause(text: str, at: int) -> bool:
    """新建3座、220千伏以上线路: 以上 that goes on into a noun is of its own number only."""
    return at >= len(text) or text[at] in _CLAUSE_END


def _quantity(text: str, d: Draft, at: int) -> Quantity:
    cue = d.after or d.before or d.infix
    ranged = d.low != d.high
    own_before = d.before is not None and d.before.end == d.start
    own_after = d.after is not None and d.after.start == d.end
    unit_rule = ("unit", d.unit.rule)
    return Quantity(
        start=d.start + at,
        end=d.end + at,
        op="range" if ranged else cue.op if cue else "=",
        low=d.low,
        high=d.high,
        unit=d.unit.name,
        printed=text[d.start : d.end],
        rule=d.rule,
        cue_start=at + (d.before.start if d.before is not None and own_before else d.start),
        cue_end=at + (d.after.end if d.after is not None and own_after else d.end),
        unit_code=d.unit.code,
        dimension=d.unit.dimension,
        group=d.group,
        rules=(unit_rule,) if cue is None or ranged else (unit_rule, ("op", cue.rule)),
    )
