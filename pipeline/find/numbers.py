"""Numbers as Chinese bulletins print them: 1,200  ４.05  一千二百  3亿  百分之八十."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from pipeline.resolve.units import factor_of

DIGIT = "0-9０-９"
#: One Arabic number: thousands separators, a decimal part, half or full width.
ARABIC = rf"(?:[{DIGIT}]{{1,3}}(?:,[{DIGIT}]{{3}}){{1,6}}(?![{DIGIT}])|[{DIGIT}]+)(?:[.．][{DIGIT}]+)?"
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
#: A power of ten with or without a number before it: 10⁴, 1.5×10⁶.
POWER = rf"(?:{ARABIC} ?[×xX✕] ?)?10⁻?[{_RAISED}]{{1,2}}"
_POWER = re.compile(f"(?:(?P<number>[0-9.]+) ?[×xX✕] ?)?10(?P<power>⁻?[{_RAISED}]{{1,2}})")
_LOWERED = str.maketrans(_RAISED + "⁻", "0123456789-")
#: Characters of Chinese numbers, small and large (financial) forms.
HAN = "〇零一二两三四五六七八九十百千万亿半壹贰叁肆伍陆柒捌玖拾佰仟"

_BIG = f"[{DIGIT}]{{1,4}}(?:[千百]?[万亿]|[千百])"
#: 5万4千6百, 3亿5千万, 3万4000: Arabic digits between the units of a Chinese number.
MIXED = f"{_BIG}(?:(?:零?{_BIG}){{1,3}}(?:零[{DIGIT}]{{1,3}})?|零[{DIGIT}]{{1,3}}|[{DIGIT}]{{3,4}})"
_MIXED = re.compile(MIXED)
_PART = re.compile("零?([0-9]{0,4})([亿万千百])?")

_LONGEST = 24  # characters
_LARGEST = Decimal(10) ** 18  # numbers are published as decimal128(24, 6)
_LEAST = Decimal("0.000001")

NARROW = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
_DIGITS = (
    {c: i for i, c in enumerate("〇一二三四五六七八九")}
    | {"零": 0, "两": 2}
    | {c: i for i, c in enumerate("壹贰叁肆伍陆柒捌玖", 1)}
)
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_SECTIONS = {"万": 10**4, "亿": 10**8}
_HALF = Decimal("0.5")


@lru_cache(maxsize=4096)
def value_of(printed: str, multiplier: str = "") -> Decimal | None:
    """The value of an Arabic or Chinese number times its multiplier; null for no number or too long a one."""
    if not printed or len(printed) > _LONGEST:
        return None
    plain = printed.translate(NARROW).replace(",", "")
    if not (plain[0].isdigit() and plain[0].isascii()):
        value = _han_value(plain)
    elif _MIXED.fullmatch(plain):
        value = _mixed_value(plain)
    elif plain.isascii() and plain.count(".") <= 1 and plain.replace(".", "").isdigit():
        value = Decimal(plain)
    elif (power := _POWER.fullmatch(plain)) is not None:
        value = _power_value(power)
    else:
        value = None
    value = None if value is None else value * factor_of(multiplier)
    return None if value is None or value >= _LARGEST else normal(value)


def normal(value: Decimal) -> Decimal:
    """The value to the sixth decimal, without trailing zeros and without exponent: 40500.00 is 40500."""
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1)) if whole == value else value.quantize(_LEAST).normalize() + 0


def _power_value(found: re.Match[str]) -> Decimal | None:
    """Null for what has more than six decimals: it cannot be published as it is."""
    printed = found["number"] or "1"
    if printed.count(".") > 1:
        return None
    value = Decimal(printed).scaleb(int(found["power"].translate(_LOWERED)))
    return value if value == value.quantize(_LEAST) else None


def _mixed_value(printed: str) -> Decimal | None:
    """5万4千 as 五万四千; what has no unit counts ones (3万4000)."""
    total, section, last = 0, 0, 10**9
    for digits, unit in _PART.findall(printed):
        section += int(digits or 0) * _TENS.get(unit, 1)
        if unit in _SECTIONS:
            if _SECTIONS[unit] >= last:
                return None
            last = _SECTIONS[unit]
            total, section = total + section * last, 0
    return Decimal(total + section)


def _han_value(printed: str) -> Decimal | None:
    head, point, tail = printed.partition("点")
    if point:
        return _with_point(head, tail)
    if printed == "半":
        return _HALF
    if "半" in printed:
        return None
    if all(c in _DIGITS for c in printed):
        return _positional(printed)
    total = _sections(printed)
    return None if total is None else Decimal(total)


def _with_point(head: str, tail: str) -> Decimal | None:
    whole = _han_value(head) if head and "点" not in tail else None
    if whole is None or not tail or any(c not in _DIGITS for c in tail):
        return None
    return whole + Decimal("0." + "".join(str(_DIGITS[c]) for c in tail))


def _positional(printed: str) -> Decimal | None:
    """二〇二五 is 2025; 七八 (seven or eight) is not one number."""
    if len(printed) > 1 and not any(c in "〇零" for c in printed) and len(printed) < 4:
        return None
    return Decimal("".join(str(_DIGITS[c]) for c in printed))


def _sections(printed: str) -> int | None:
    """一亿二千万, 三十, 百, 十五; null where the order is wrong (十百, 一二百)."""
    total = section = digit = 0
    last_unit, pending, seen = 10**9, False, False
    for c in printed:
        if c in _DIGITS:
            if pending and digit:
                return None
            digit, pending, seen = _DIGITS[c], True, True
        elif c in _TENS:
            unit = _TENS[c]
            if unit >= last_unit:
                return None
            section += (digit or 1) * unit  # 一万零十二: no digit, or a 零, before 十 counts once
            last_unit, digit, pending, seen = unit, 0, False, True
        else:
            section += digit
            if not seen and total == 0:
                section = 1
            total = (total + section) * _SECTIONS[c] if c == "亿" or total == 0 else total + section * _SECTIONS[c]
            section = digit = 0
            last_unit, pending, seen = 10**9, False, True
    return total + section + digit
