"""Numbers with a unit of measure, their comparison, and the lists and ranges they form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from pipeline.find import comparators
from pipeline.find.comparators import Cue
from pipeline.find.exclusions import excluded, stands
from pipeline.find.numbers import ARABIC, DIGIT, HAN, MULTIPLIER, normal, value_of
from pipeline.find.units import Unit, lexicon, match_unit
from pipeline.model import Quantity

_ANCHOR = re.compile(f"[{DIGIT}{HAN}翻减过]")
_ARABIC = re.compile(
    rf"(?P<number>{ARABIC})(?P<tail>[ \u3000]?(?P<i>[余多])?(?P<multiplier>{MULTIPLIER})?(?P<j>[余多来])?)"
)
_HAN = re.compile(rf"(?P<number>[{HAN}]{{1,14}})(?P<i>[余多来])?(?P<multiplier>万亿|[万亿])?")
_PART = rf"[{DIGIT}]{{1,7}}(?:[.．][{DIGIT}]{{1,4}})?"
_RATIO = re.compile(rf"(?P<a>{_PART}) ?[:：∶] ?(?P<b>{_PART})(?P<more>(?: ?[:：∶] ?[{DIGIT}])?)")
_RATIO_CONTEXT = re.compile("比例?|配套|按|置换|配比|控制|降|缩小|达")
_FRACTION = re.compile(rf"(?P<base>[百千万]|[{HAN}]{{1,3}})分之(?P<part>[{HAN}]{{1,6}}(?:点[{HAN}]{{1,4}})?|{ARABIC})")
_SLASHED = re.compile(r"(?P<part>[1-9])/(?P<base>[2-9]|10)(?=以上|以下|的|左右|，|。)")
_HALF = re.compile("一半|半数|过半数|减半")
_DOUBLED = re.compile(rf"翻(?P<n>[{HAN}]{{1,2}}|[{DIGIT}])?番")
_TENTH = re.compile("成(?=以|左右|多|的|至|到|或|及|[，。；、：）)》”\\s]|$)")
_SPLIT_MONEY = re.compile("(?:奖励|补助|补贴|资助|贴息|奖金|资金)元")

_RANGE = frozenset(["-", "－", "–", "—", "——", "--", "~", "～", "〜", "至", "到", "−", "‐", "∼"])
_LIST = frozenset(["、", "和", "与", "及", "或", "以及"])
_JOINT = re.compile("(?:[（(][^（）()\n]{0,16}[）)])?(?:、|以及|和|与|及|或)")
_LINE_START = frozenset("\n。；：:;")

_PERCENT = Unit("%", "%", "share", "%")
_PERMILLE = Unit("‰", "[ppth]", "share", "‰")
_PER_TEN_THOUSAND = Unit("‱", "10*-4", "share", "‱")
_TIMES = Unit("倍", None, "factor", "倍")
_RATIO_UNIT = Unit("比", "1", "ratio", "比")
_YUAN = Unit("元", None, "money", "元", "units.split_money")
_BASES = {"百": (_PERCENT, 100), "千": (_PERMILLE, 1000), "万": (_PER_TEN_THOUSAND, 10000)}


class _Number:
    """A number read at a place; `unit` is null where it still waits for that of its list."""

    __slots__ = ("end", "factor", "han", "infix", "printed", "start", "unit", "unit_end", "value")

    def __init__(self, start: int, end: int, printed: str, factor: str, value: Decimal) -> None:
        self.start, self.end, self.unit_end = start, end, end
        self.printed, self.factor, self.value = printed, factor, value
        self.unit: Unit | None = None
        self.infix, self.han = False, False


class _Draft:
    """A quantity in the making."""

    __slots__ = ("after", "before", "end", "group", "high", "infix", "low", "rule", "start", "unit")

    def __init__(self, start: int, end: int, low: Decimal, high: Decimal, unit: Unit, rule: str) -> None:
        self.start, self.end, self.low, self.high, self.unit, self.rule = start, end, low, high, unit, rule
        self.before: Cue | None = None
        self.after: Cue | None = None
        self.infix: Cue | None = None
        self.group: int | None = None


def find_quantities(text: str) -> list[Quantity]:
    """Every number with a unit, percentage, ratio or count of `text`, ascending and non-overlapping.

    Dates, ordinals, codes, names and counts that only enumerate are left out.
    Offsets are code points into `text`.
    """
    drafts = _joined_ranges(text, list(_drafts(text)))
    _group(text, drafts)
    return [_quantity(text, d) for d in drafts]


# --- reading ------------------------------------------------------------------------


def _drafts(text: str) -> Iterator[_Draft]:
    waiting: list[_Number] = []
    at = 0
    while (anchor := _ANCHOR.search(text, at)) is not None:
        at = anchor.start()
        special = _special(text, at)
        if special is not None:
            waiting, at = [], special.end
            if special.rule:
                yield special
            continue
        number = _number(text, at)
        if number is None:
            at += 1
        elif number.unit is None:
            waiting.append(number)
            at = number.end
        else:
            at = number.unit_end
            yield from _with_unit(text, _chain(text, waiting, number), number)
            waiting = []


def _number(text: str, at: int) -> _Number | None:
    """The number at `at` with its unit if one follows; null for what is no number."""
    found = _HAN.match(text, at)
    if found is not None:
        return _han(text, found)
    found = _ARABIC.match(text, at)
    return None if found is None else _arabic(text, found)


def _arabic(text: str, found: re.Match[str]) -> _Number | None:
    printed, factor = found["number"], found["multiplier"] or ""
    start, end = found.span("number")
    value = value_of(printed, factor)
    if value is None:
        return _Number(start, end, "", "", Decimal(0))
    number = _Number(start, found.end() if factor or found["i"] or found["j"] else end, printed, factor, value)
    number.infix = bool(found["i"] or found["j"])
    _take_unit(text, number)
    if number.unit is None and not factor and number.infix:
        number.end = end
    if number.unit is not None and number.unit.dimension == "count" and "." in printed and not factor:
        return _without_label(text, number)
    return number


def _take_unit(text: str, number: _Number) -> None:
    """Sets unit and unit_end; a space may stand before the unit except after a label at the start of a line."""
    end = number.end
    taken = match_unit(text, end)
    if taken is None and text[end : end + 1] in (" ", "\u3000") and not _starts_line(text, number.start):
        taken = match_unit(text, end + 1)
    if taken is None:
        taken = _odd_unit(text, number)
    if taken is not None:
        number.unit, number.unit_end = taken


def _odd_unit(text: str, number: _Number) -> tuple[Unit, int] | None:
    end = number.end
    if text[end : end + 1] == "成" and not number.factor and number.value <= 10 and _TENTH.match(text, end):
        number.value = normal(number.value * 10)
        return _PERCENT._replace(printed="成"), end + 1
    split = _SPLIT_MONEY.match(text, end) if number.factor else None
    return (_YUAN, split.end()) if split else None


def _without_label(text: str, number: _Number) -> _Number:
    """`3.20家` at the start of a line is item 3 with 20家, nothing has decimals there."""
    point = number.printed.replace("．", ".").index(".")
    value = value_of(number.printed[point + 1 :])
    if value is None or not _starts_line(text, number.start):
        return number
    kept = _Number(number.start + point + 1, number.end, number.printed[point + 1 :], "", value)
    kept.unit, kept.unit_end = number.unit, number.unit_end
    return kept


def _starts_line(text: str, at: int) -> bool:
    return at == 0 or text[at - 1] in _LINE_START


def _han(text: str, found: re.Match[str]) -> _Number | None:
    printed, factor, infix = found["number"], found["multiplier"] or "", bool(found["i"])
    start, end = found.start(), found.end()
    if not infix and printed[-1] in "千百" and end < len(text) and text[end] in "瓦克米卡伏分帕":
        printed, end = printed[:-1], end - 1
    if not _may_go_on(text, end) or (start and text[start - 1] in "数几好"):
        return _Number(start, found.end(), "", "", Decimal(0))
    value = value_of(printed, factor)
    if value is None:
        return _Number(start, found.end(), "", "", Decimal(0))
    number = _Number(start, end, printed, factor, value)
    number.han, number.infix = True, infix
    _take_unit(text, number)
    return number


def _may_go_on(text: str, end: int) -> bool:
    following = text[end : end + 1]
    return following in lexicon().units or following in _RANGE or following in ("成", " ")


def _special(text: str, at: int) -> _Draft | None:
    """Ratios, fractions, halves and doublings; a draft without a rule is a span to skip."""
    c = text[at]
    if c in "翻减过半":
        return _doubled(text, at) or _halved(text, at)
    if c in HAN:
        return _fraction(text, at, _FRACTION) or (_halved(text, at) if c == "一" else None)
    found = _RATIO.match(text, at)
    if found is not None and not (at and text[at - 1] in ".．:：∶" + DIGIT):
        return _ratio(text, found)
    return _fraction(text, at, _SLASHED) if text[at + 1 : at + 2] == "/" else None


def _ratio(text: str, found: re.Match[str]) -> _Draft | None:
    a, b = value_of(found["a"]), value_of(found["b"])
    if found["more"]:
        return _Draft(found.start(), found.end(), Decimal(0), Decimal(0), _RATIO_UNIT, "")
    if (
        not a
        or not b
        or match_unit(text, found.end()) is not None
        or text[found.end() : found.end() + 1] in "年月日时分"
    ):
        return None if found.end() < len(text) else _plain_ratio(text, found, a, b)
    return _plain_ratio(text, found, a, b)


def _plain_ratio(text: str, found: re.Match[str], a: Decimal | None, b: Decimal | None) -> _Draft | None:
    if not a or not b:
        return None
    around = text[max(0, found.start() - 8) : found.start()] + text[found.end() : found.end() + 4]
    clock = a < 25 and len(found["b"]) == 2 and b < 60
    plain = not clock and (a == 1 or b == 1 or "." in found["a"] + found["b"])
    if not (plain or (_RATIO_CONTEXT.search(around) and not (clock and found["b"][0] == "0"))):
        return None
    value = _quotient(a, b)
    draft = _Draft(found.start(), found.end(), value, value, _RATIO_UNIT, "quantities.ratio")
    draft.before, draft.after = (
        comparators.before(text, draft.start, "ratio"),
        comparators.after(text, draft.end, "ratio"),
    )
    return draft


def _quotient(a: Decimal, b: Decimal) -> Decimal:
    return normal((a / b).quantize(Decimal("0.000001")))


def _share(text: str, start: int, end: int, value: Decimal, unit: Unit, rule: str) -> _Draft:
    draft = _Draft(start, end, value, value, unit, rule)
    if excluded(text, start, end, text[start:end], unit, False):
        draft.rule = ""
    draft.before, draft.after = (
        comparators.before(text, start, unit.dimension),
        comparators.after(text, end, unit.dimension),
    )
    return draft


def _fraction(text: str, at: int, pattern: re.Pattern[str]) -> _Draft | None:
    found = pattern.match(text, at)
    if found is None:
        return None
    base, part = found["base"], value_of(found["part"])
    if part is None:
        return None
    if base in _BASES:
        return _share(text, at, found.end(), part, _BASES[base][0], "quantities.fraction")
    whole = value_of(base)
    if not whole or part > whole:
        return None
    return _share(text, at, found.end(), _quotient(part * 100, whole), _PERCENT, "quantities.fraction")


def _halved(text: str, at: int) -> _Draft | None:
    found = _HALF.match(text, at)
    return None if found is None else _share(text, at, found.end(), Decimal(50), _PERCENT, "quantities.half")


def _doubled(text: str, at: int) -> _Draft | None:
    found = _DOUBLED.match(text, at)
    times = value_of(found["n"] or "一") if found else None
    if found is None or times is None or times > 10 or times != int(times):
        return None
    return _share(text, at, found.end(), Decimal(2 ** int(times)), _TIMES, "quantities.doubling")


# --- lists and ranges ---------------------------------------------------------------


def _chain(text: str, waiting: list[_Number], last: _Number) -> list[_Number]:
    """The numbers before `last` that are joined to it and share its unit, in order."""
    chain: list[_Number] = []
    after = last
    for number in reversed(waiting):
        joint = text[number.end : after.start]
        ranged = joint in _RANGE
        if not number.printed or not (ranged or (joint in _LIST and not (number.han or last.han))):
            break
        chain.append(number)
        after = number
    chain.reverse()
    if chain and _is_label(text, chain[0]) and text[chain[0].end : chain[0].end + 1] == "、":
        del chain[0]
    return chain


def _is_label(text: str, number: _Number) -> bool:
    return _starts_line(text, number.start) and number.value <= 30 and "." not in number.printed


def _with_unit(text: str, chain: list[_Number], last: _Number) -> Iterator[_Draft]:
    assert last.unit is not None  # noqa: S101 (for the type checker)
    unit, first = last.unit, chain[0] if chain else last
    before = comparators.before(text, first.start, unit.dimension)
    after = comparators.after(text, last.unit_end, unit.dimension)
    compared = before is not None or after is not None
    if any(excluded(text, first.start, last.unit_end, n.printed, unit, compared) for n in (*chain, last)):
        return
    rule = "quantities.arabic"
    if last.han:
        rule = _han_rule(text, first, last, compared)
        if not rule:
            return
    if unit.printed == "成":
        unit, rule = _PERCENT, "quantities.tenths"
        for n in chain:
            n.value = normal(n.value * 10)
    drafts = _members(text, chain, last, unit, rule)
    drafts[0].before, drafts[-1].after = before, after
    yield from drafts


def _han_rule(text: str, first: _Number, last: _Number, compared: bool) -> str:
    """The rule by which a Chinese number is a quantity; empty where it only enumerates."""
    unit = last.unit
    assert unit is not None  # noqa: S101
    if compared or last.infix or first is not last or unit.printed == "成":
        return "quantities.han"
    bare = last.printed[0] in "百千万亿" and not last.factor
    measures = unit.dimension not in ("count", "time", "rank", "score")
    if unit.han_from == 1 and measures:
        many = last.value >= 10 or len(unit.printed) > 1 or unit.printed in "岁倍折吨亩"
        if many and not (bare and last.value < 10**4 and unit.dimension in ("length", "money")):
            return "quantities.han"
    elif last.value >= unit.han_from and not bare:
        return "quantities.han"
    return stands(text, last.start, last.unit_end, unit) or ""


def _members(text: str, chain: list[_Number], last: _Number, unit: Unit, rule: str) -> list[_Draft]:
    drafts: list[_Draft] = []
    numbers = [*chain, last]
    i = 0
    while i < len(numbers):
        n = numbers[i]
        following = numbers[i + 1] if i + 1 < len(numbers) else None
        if following is not None and text[n.end : following.start] in _RANGE:
            drafts.extend(_range(n, following, last, unit))
            i += 2
            continue
        end = last.unit_end if n is last else n.end
        value = n.value if n is last else _shared(n, last, list_of=numbers)
        drafts.append(_Draft(n.start, end, value, value, unit, rule if n is last else "quantities.list"))
        if n.infix:
            drafts[-1].infix = comparators.infix(n.printed, n.start, end)
        i += 1
    return drafts


def _shared(number: _Number, last: _Number, list_of: list[_Number]) -> Decimal:
    """The value of a member that leaves the multiplier to the last: 10、35万元."""
    if number.factor or not last.factor or any(n.factor for n in list_of[:-1]):
        return number.value
    return value_of(number.printed, last.factor) or number.value


def _range(low: _Number, high: _Number, last: _Number, unit: Unit) -> list[_Draft]:
    end = last.unit_end if high is last else high.end
    lower = low.value
    if high.factor and not low.factor:
        shared = value_of(low.printed, high.factor)
        lower = shared if shared is not None and shared <= high.value else lower
    if lower <= high.value:
        return [_Draft(low.start, end, lower, high.value, unit, "quantities.range")]
    return [_Draft(high.start, end, high.value, high.value, unit, "quantities.arabic")]


def _joined_ranges(text: str, drafts: list[_Draft]) -> list[_Draft]:
    """500万元至800万元: two quantities of one unit that bound a value become one."""
    kept: list[_Draft] = []
    for d in drafts:
        p = kept[-1] if kept else None
        if p is not None and _bounds(text, p, d):
            kept[-1] = _Draft(p.start, d.end, p.low, d.high, d.unit, "quantities.range")
            kept[-1].before, kept[-1].after = p.before, d.after
        else:
            kept.append(d)
    return kept


def _bounds(text: str, p: _Draft, d: _Draft) -> bool:
    if p.unit.name != d.unit.name or p.low != p.high or d.low != d.high or p.low > d.high:
        return False
    joint = text[p.end : d.start]
    return joint in _RANGE and not (joint == "到" and text[p.start - 1 : p.start] in ("从", "由"))


# --- comparison ---------------------------------------------------------------------


def _group(text: str, drafts: list[_Draft]) -> None:
    """Numbers the coordinated lists; carries 不高于 forward and 以上 back over their members."""
    count = 0
    for p, d in zip(drafts, drafts[1:], strict=False):
        own_end = p.after.end if p.after else p.end
        between = text[own_end : d.start] if d.start - own_end < 24 else ""
        if not (between and _JOINT.fullmatch(between)):
            continue
        if p.group is None:
            count += 1
            p.group = count
        d.group = p.group
        if d.before is None and p.before is not None and not p.after:
            d.before = p.before
    for p, d in zip(reversed(drafts[:-1]), reversed(drafts), strict=False):
        if p.group is not None and p.group == d.group and p.after is None and d.after is not None and p.infix is None:
            p.after = d.after if p.before is None or p.before is d.before else None


def _quantity(text: str, d: _Draft) -> Quantity:
    cue = d.after or d.before or d.infix
    ranged = d.low != d.high
    rules = [("unit", d.unit.rule)]
    if cue is not None and not ranged:
        rules.append(("op", cue.rule))
    return Quantity(
        start=d.start,
        end=d.end,
        op="range" if ranged else cue.op if cue else "=",
        low=d.low,
        high=d.high,
        unit=d.unit.name,
        printed=text[d.start : d.end],
        rule=d.rule,
        cue_start=min(d.start, d.before.start) if d.before and d.before.end == d.start else d.start,
        cue_end=max(d.end, d.after.end) if d.after and d.after.start == d.end else d.end,
        unit_code=d.unit.code,
        dimension=d.unit.dimension,
        group=d.group,
        rules=tuple(rules),
    )
