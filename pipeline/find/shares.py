"""Values printed without a unit of their own: ratios a:b, 百分之八十, 三分之二, 一半, 翻一番, indices."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from pipeline.find import comparators
from pipeline.find.exclusions import excluded
from pipeline.find.figures import PERCENT, Draft
from pipeline.find.numbers import ARABIC, DIGIT, HAN, normal, value_of
from pipeline.resolve.units import UnitWord, match_unit
from pipeline.rules import rules

_PART = rf"[{DIGIT}]{{1,7}}(?:[.．][{DIGIT}]{{1,4}})?"
_RATIO = re.compile(rf"(?P<a>{_PART}) ?[:：∶] ?(?P<b>{_PART})(?P<more>(?: ?[:：∶] ?{_PART}){{0,6}})")
_RATIO_CONTEXT = re.compile("比例?|配套|按|置换|配比|控制|降|缩小|达")
_CLAUSE_END = re.compile("[，。；、\n]")
_FRACTION = re.compile(
    rf"(?P<base>[百千万仟佰]|[{HAN}]{{1,3}}|[{DIGIT}]{{1,3}})分之(?P<part>[{HAN}]{{1,6}}(?:点[{HAN}]{{1,4}})?|{ARABIC})"
)
_SLASHED = re.compile(r"(?P<part>[1-9])/(?P<base>[2-9]|10)(?=以上|以下|的|左右|，|。)")
_HALF = re.compile("一半|半数|过半数|减半")
_DOUBLED = re.compile(rf"翻(?P<n>[{HAN}]{{1,2}}|[{DIGIT}])?番")
_MOST_DOUBLINGS = 10
_BARE = re.compile(rf"(?P<low>{_PART})(?:[-－–—~～至到](?P<high>{_PART}))?")
_INDEX_REACH = 24
_YEARS = range(1900, 2100)

_PERMILLE = UnitWord("‰", "[ppth]", "share", "‰")
_PER_TEN_THOUSAND = UnitWord("‱", "10*-4", "share", "‱")
_TIMES = UnitWord("倍", None, "factor", "倍")
_RATIO_UNIT = UnitWord("比", "1", "ratio", "比")
_BASES = {"百": PERCENT, "佰": PERCENT, "千": _PERMILLE, "仟": _PERMILLE, "万": _PER_TEN_THOUSAND}


def read_share(text: str, at: int) -> Draft | None:
    """The relation printed at `at`; a draft with an empty rule is a span to skip. Null for none."""
    c = text[at]
    if c in "翻减过半":
        return _doubled(text, at) or _halved(text, at)
    if c in HAN:
        return _fraction(text, at, _FRACTION) or (_halved(text, at) if c == "一" else None)
    found = _RATIO.match(text, at)
    if found is not None and not (at and text[at - 1] in ".．:：∶" + DIGIT):
        return _ratio(text, found)
    if text.startswith("/", at + 1):
        return _fraction(text, at, _SLASHED)
    return _fraction(text, at, _FRACTION) or _index(text, at)


def _ratio(text: str, found: re.Match[str]) -> Draft | None:
    """1.5:1, but neither 8:30 nor 附件1：3个 nor a chain of more than two parts."""
    a, b = value_of(found["a"]), value_of(found["b"])
    if found["more"]:
        return Draft(found.start(), found.end(), Decimal(0), Decimal(0), _RATIO_UNIT, "")
    following = text[found.end() : found.end() + 1]
    goes_on = following and (following in "年月日时分" or match_unit(text, found.end()) is not None)
    if not a or not b or goes_on or not _is_ratio(text, found, a, b):
        return None
    return _draft(text, found.start(), found.end(), _quotient(a, b), _RATIO_UNIT, "quantities.ratio")


def _is_ratio(text: str, found: re.Match[str], a: Decimal, b: Decimal) -> bool:
    clock = a < 25 and len(found["b"]) == 2 and b < 60
    if not clock and (a == 1 or b == 1 or "." in found["a"] + found["b"]):
        return True
    before = _CLAUSE_END.split(text[max(0, found.start() - 8) : found.start()])[-1]
    after = _CLAUSE_END.split(text[found.end() : found.end() + 4])[0]
    return bool(_RATIO_CONTEXT.search(before + after)) and not (clock and found["b"][0] == "0")


def _index(text: str, at: int) -> Draft | None:
    """The bare number behind the name of an index: 发展指数达到65, 容积率1.2—2.5."""
    before, after = _index_rule()
    found = _BARE.match(text, at)
    if found is None or not after.match(text, found.end()):
        return None
    named = before.search(text[max(0, at - _INDEX_REACH) : at])
    low, high = value_of(found["low"]), value_of(found["high"] or found["low"])
    if named is None or low is None or high is None or low > high or (low == high and low in _YEARS):
        return None
    unit = UnitWord(named["unit"], "1", "index", named["unit"])
    draft = _draft(text, at, found.end(), low, unit, "quantities.index")
    draft.high = high
    return draft


@cache
def _index_rule() -> tuple[re.Pattern[str], re.Pattern[str]]:
    rule = next(r for r in rules("quantities") if r["id"] == "quantities.index")
    return re.compile(rule["before"]), re.compile(rule["after"])


def _fraction(text: str, at: int, pattern: re.Pattern[str]) -> Draft | None:
    found = pattern.match(text, at)
    part = value_of(found["part"]) if found else None
    if found is None or part is None:
        return None
    unit = _BASES.get(found["base"])
    if unit is not None:
        return _draft(text, at, found.end(), part, unit, "quantities.fraction")
    whole = value_of(found["base"])
    if not whole or part > whole:
        return None
    return _draft(text, at, found.end(), _quotient(part * 100, whole), PERCENT, "quantities.fraction")


def _halved(text: str, at: int) -> Draft | None:
    found = _HALF.match(text, at)
    return None if found is None else _draft(text, at, found.end(), Decimal(50), PERCENT, "quantities.half")


def _doubled(text: str, at: int) -> Draft | None:
    found = _DOUBLED.match(text, at)
    times = value_of(found["n"] or "一") if found else None
    if found is None or times is None or times > _MOST_DOUBLINGS or times != int(times):
        return None
    return _draft(text, at, found.end(), Decimal(2 ** int(times)), _TIMES, "quantities.doubling")


def _draft(text: str, start: int, end: int, value: Decimal, unit: UnitWord, rule: str) -> Draft:
    if excluded(text, start, end, text[start:end], unit):
        rule = ""
    draft = Draft(start, end, value, value, unit, rule)
    draft.before = comparators.before(text, start, unit.dimension)
    draft.after = comparators.after(text, end, unit.dimension)
    return draft


def _quotient(a: Decimal, b: Decimal) -> Decimal:
    return normal(a / b)
