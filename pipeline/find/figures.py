"""One figure at a place of a text: an Arabic or Chinese number with the unit that follows it."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from pipeline.find.comparators import Cue
from pipeline.find.numbers import ARABIC, DIGIT, HAN, MIXED, POWER, normal, value_of
from pipeline.resolve.units import MULTIPLIER, UnitWord, lexicon, match_unit

_ARABIC = re.compile(
    rf"(?P<number>{POWER}|(?:{MIXED})(?![{DIGIT}.．亿万])|{ARABIC})"
    rf"(?P<tail>[ \u3000]?(?P<i>[余多])?(?P<multiplier>{MULTIPLIER})?(?P<j>[余多来])?)"
)
_HAN = re.compile(
    rf"(?P<number>[{HAN}]{{1,14}}(?:点[〇零一二三四五六七八九叁]{{1,4}})?)(?P<i>[余多来])?(?P<multiplier>万亿|[万亿])?"
)
_HAN_BEFORE_UNIT = {"千": "瓦克米卡伏帕", "百": "帕分"}  # 二百万千瓦: 千 belongs to the unit, in 三百米 百 does not
_VAGUE = "数几好"  # 数十家 is no number
_TENTH = re.compile("成(?=以|左右|多|的|至|到|或|及|[，。、；：）)》”,;\\s]|$)")
_SPLIT_MONEY = re.compile("(?:奖励|补助|补贴|资助|贴息|奖金|资金)元")
_TURNOVER = re.compile(
    r"(?:收入|营收|产值|销售额|成交额|交易额|投资额|税收|利润|注册资本|估值)(?:总额|规模)?(?:累计)?(?:超过?|突破|达到?|过|不低于|不少于|高于)$"
)
_ELIDED_END = re.compile(r"(?:以上)?(?:[的，。、；]|$)")
_AND_HALF = re.compile("半(?![年天日月夜数价径成导])")  # 三年半
_HALF = Decimal("0.5")
_LINE_START = frozenset("\n。；：:;")

#: Marks that join two numbers to a range, and those that join the members of a list.
RANGE = frozenset(["-", "－", "–", "—", "——", "--", "~", "～", "〜", "至", "到", "−", "‐", "∼"])
LIST = frozenset(["、", "和", "与", "及", "或", "以及"])

_AFTER_HAN = "".join(sorted({c for c in [*(j[0] for j in RANGE), *"余多来分成点 番"] if c not in HAN}))


@cache
def anchor() -> re.Pattern[str]:
    """Where a figure can begin: a digit, or Chinese numerals that a unit or a range mark may follow."""
    units = "".join(sorted(c for c in lexicon().units if c not in HAN and not c.isascii()))
    follow = re.escape(_AFTER_HAN + units)
    return re.compile(f"[{DIGIT}翻减]|[{HAN}]{{1,14}}(?=[{follow}%])|[十百千][万亿](?=的)|一半|半数|过半数")


PERCENT = UnitWord("%", "%", "share", "%")
_TENTHS = PERCENT._replace(printed="成")
_YUAN = UnitWord("元", None, "money", "元", "units.split_money")
_ELIDED = _YUAN._replace(rule="units.elided_money")


class Figure:
    """A number read at a place; `unit` is null where it waits for that of its list, `printed` empty for no number."""

    __slots__ = ("end", "factor", "han", "infix", "printed", "start", "unit", "unit_end", "value")

    def __init__(self, start: int, end: int, printed: str, factor: str, value: Decimal) -> None:
        self.start, self.end, self.unit_end = start, end, end
        self.printed, self.factor, self.value = printed, factor, value
        self.unit: UnitWord | None = None
        self.infix, self.han = False, False


class Draft:
    """A quantity in the making: its extent, values, unit, rule, and the comparisons found at it."""

    __slots__ = ("after", "before", "end", "group", "high", "infix", "low", "rule", "start", "unit")

    def __init__(self, start: int, end: int, low: Decimal, high: Decimal, unit: UnitWord, rule: str) -> None:
        self.start, self.end, self.low, self.high, self.unit, self.rule = start, end, low, high, unit, rule
        self.before: Cue | None = None
        self.after: Cue | None = None
        self.infix: Cue | None = None
        self.group: int | None = None


def read_figure(text: str, at: int) -> Figure | None:
    """The figure that begins at `at` with its unit if one follows; null for what is no number."""
    found = _HAN.match(text, at)
    if found is not None:
        return _han(text, found)
    found = _ARABIC.match(text, at)
    return None if found is None else _arabic(text, found)


def starts_line(text: str, at: int) -> bool:
    """Whether a list label could stand at `at`."""
    return at == 0 or text[at - 1] in _LINE_START


def _arabic(text: str, found: re.Match[str]) -> Figure:
    printed, factor = found["number"], found["multiplier"] or ""
    start, end = found.span("number")
    value = value_of(printed, factor)
    if value is None:
        return _none(start, end)
    infix = bool(found["i"] or found["j"])
    figure = Figure(start, found.end() if factor or infix else end, printed, factor, value)
    figure.infix = infix
    _take_unit(text, figure)
    if figure.unit is None:
        figure.end = end if infix and not factor else figure.end
    elif figure.unit.dimension == "count" and "." in printed and not factor:
        return _without_label(text, figure)
    return figure


def _han(text: str, found: re.Match[str]) -> Figure:
    printed, factor, infix = found["number"], found["multiplier"] or "", bool(found["i"])
    start, end = found.start(), found.end()
    if not infix and end < len(text) and text[end] in _HAN_BEFORE_UNIT.get(printed[-1], ""):
        printed, end = printed[:-1], end - 1
    vague = start > 0 and text[start - 1] in _VAGUE
    goes_on = _may_go_on(text, end) or _elides_money(text, start, found.end())
    value = value_of(printed, factor) if goes_on and not vague else None
    if value is None:
        return _none(start, found.end())
    figure = Figure(start, end, printed, factor, value)
    figure.han, figure.infix = True, infix
    _take_unit(text, figure)
    return figure


def _none(start: int, end: int) -> Figure:
    return Figure(start, end, "", "", Decimal(0))


def _may_go_on(text: str, end: int) -> bool:
    following = text[end : end + 1]
    return following in lexicon().units or following in RANGE or following in ("成", " ")


def _take_unit(text: str, figure: Figure) -> None:
    """Sets unit and unit_end. `1 个` at the start of a line is a label, `30 mg` is not."""
    end = figure.end
    taken = match_unit(text, end)
    if taken is None and text[end : end + 1] in (" ", "\u3000"):
        taken = match_unit(text, end + 1)
        if taken is not None and not taken[0].printed[0].isascii() and starts_line(text, figure.start):
            taken = None
    if taken is None:
        taken = _odd_unit(text, figure)
    if taken is not None:
        figure.unit, figure.unit_end = taken
        if figure.unit.dimension == "time" and _AND_HALF.match(text, figure.unit_end):
            figure.value, figure.unit_end = figure.value + _HALF, figure.unit_end + 1


def _odd_unit(text: str, figure: Figure) -> tuple[UnitWord, int] | None:
    end = figure.end
    if text[end : end + 1] == "成" and not figure.factor and figure.value <= 10 and _TENTH.match(text, end):
        figure.value = normal(figure.value * 10)
        return _TENTHS, end + 1
    split = _SPLIT_MONEY.match(text, end) if figure.factor else None
    if split is None and _elides_money(text, figure.start, end):
        return _ELIDED, end
    return (_YUAN, split.end()) if split else None


def _elides_money(text: str, start: int, end: int) -> bool:
    """年营收超5000万的企业: what is taken in is counted in yuan."""
    return bool(
        text[end - 1] in "万亿" and _ELIDED_END.match(text, end) and _TURNOVER.search(text, max(0, start - 14), start)
    )


def _without_label(text: str, figure: Figure) -> Figure:
    """`3.20家` at the start of a line is item 3 with 20家: what is counted has no decimals there."""
    fraction = figure.printed.replace("．", ".").partition(".")[2]
    value = value_of(fraction)
    if value is None or not starts_line(text, figure.start):
        return figure
    kept = Figure(figure.start + len(figure.printed) - len(fraction), figure.end, fraction, "", value)
    kept.unit, kept.unit_end = figure.unit, figure.unit_end
    return kept
