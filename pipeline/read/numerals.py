"""Numbers of list items in the formats of word processors (ST_NumberFormat of ECMA-376)."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_LEGAL_TRADITIONAL = "零壹貳參肆伍陸柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = {1000: "m", 900: "cm", 500: "d", 400: "cd", 100: "c", 90: "xc", 50: "l"}
_ROMAN |= {40: "xl", 10: "x", 9: "ix", 5: "v", 4: "iv", 1: "i"}


def formatted(n: int, form: str) -> str:
    """A number as a format prints it; decimal where the format is unknown or has no sign for it."""
    if form in ("none", "bullet"):
        return ""
    return _FORMATS[form](n) if form in _FORMATS else str(n)


def _counted(n: int, digits: str = _DIGITS, places: str = "十百千", zero: str = "零", ten: bool = True) -> str:
    """一, 十, 十一, 二十, 一百零一; `ten`: 10 to 19 without their 一."""
    if not 0 < n < 10000:
        return str(n)
    out = ""
    for place, digit in zip(range(len(str(n)) - 1, -1, -1), map(int, str(n)), strict=True):
        if digit:
            out += digits[digit] + (places[place - 1] if place else "")
        elif out and not out.endswith(zero) and n % 10**place:
            out += zero
    return out[1:] if ten and 10 <= n < 20 else out


def _by_digit(n: int) -> str:
    return "".join(_DIGITS[int(d)] for d in str(n)) if n >= 0 else str(n)


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda n: signs[n - 1] if 0 < n <= len(signs) else str(n)


def _letters(n: int) -> str:
    """a to z, then aa, bb, as word processors count."""
    return chr(ord("a") + (n - 1) % 26) * ((n - 1) // 26 + 1) if 0 < n <= 780 else str(n)


def _roman(n: int) -> str:
    out, left = "", n
    for size, sign in _ROMAN.items():
        while left >= size and n < 4000:
            out, left = out + sign, left - size
    return out or str(n)


def _circled(n: int) -> str:
    for first, start, end in ((0x2460, 1, 20), (0x3251, 21, 35), (0x32B1, 36, 50)):
        if start <= n <= end:
            return chr(first + n - start)
    return f"({n})"


def _sign(first: str) -> Callable[[int], str]:
    """One of twenty characters in a row: ⑴ to ⒇, ⒈ to ⒛."""
    wrapped = "{}." if first == "⒈" else "({})"
    return lambda n: chr(ord(first) + n - 1) if 0 < n <= 20 else wrapped.format(n)


def _legal(digits: str) -> Callable[[int], str]:
    return lambda n: _counted(n, digits, "拾佰仟", ten=False)


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda n: f"{n:02d}",
    "upperRoman": lambda n: _roman(n).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerLetter": _letters,
    "chineseCounting": _counted,
    "chineseCountingThousand": _counted,
    "taiwaneseCounting": _counted,
    "taiwaneseCountingThousand": _counted,
    "japaneseCounting": _counted,
    "ideographDigital": _by_digit,
    "japaneseDigitalTenThousand": _by_digit,
    "taiwaneseDigital": _by_digit,
    "chineseLegalSimplified": _legal(_LEGAL),
    "ideographLegalTraditional": _legal(_LEGAL_TRADITIONAL),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "ideographEnclosedCircle": lambda n: chr(0x3280 + n - 1) if 0 < n <= 10 else f"({n})",
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": _sign("⑴"),
    "decimalEnclosedFullstop": _sign("⒈"),
    "numberInDash": lambda n: f"-{n}-",
}
