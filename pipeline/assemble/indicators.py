"""What a number counts: the indicator, its scope, and pairs made by 分别."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipeline.model import Quantity
from pipeline.rules import load

_LIST = re.compile(r"[、，]|(?<=[\u4e00-\u9fff])(?:和|与|及|以及)(?=[\u4e00-\u9fffA-Z])")
_REGION = re.compile(r"^([\u4e00-\u9fff]{1,7}?(?:自治县|[县市区旗州]))(.*)$")
_EDGE = " 　、，,：:；;。“”\"'·-—"
_AFTER = re.compile(r"^[）)]?的?((?:[“《][^”》]{1,20}[”》]|[^，。；、（）()“”\d\s]){1,40})")
_STANDARD = re.compile(r"^的?(?:标准|比例|幅度|额度)(?:进行|予以|给予|分档)?")
_GENERIC = 4  # a counted noun this short (项目, 企业) is named better with the verb before it
COUNTED = frozenset({"count", "money"})


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is counted, the sub-group it is for, and the rule that found it."""

    name: str
    scope: str | None
    rule: str


@cache
def _words(key: str) -> str:
    words = sorted(load("indicators")[key].split(), key=len, reverse=True)
    return "|".join(map(re.escape, words))


@cache
def _pattern(key: str, left: bool) -> re.Pattern[str]:
    body = f"(?:{_words(key)})"
    return re.compile(rf"^{body}" if left else rf"{body}$")


def _strip(text: str, key: str, left: bool) -> str:
    """Takes words of a list off one end while something is left of at least two characters."""
    pattern = _pattern(key, left)
    while match := pattern.search(text):
        rest = (text[match.end() :] if left else text[: match.start()]).strip(_EDGE)
        if len(rest) < 2:
            return rest if left is False else text
        text = rest
    return text


def clean(before: str) -> tuple[str, str | None]:
    """(noun phrase, scope) of the words before a number."""
    text = _strip(before.strip(_EDGE), "tail", left=False)
    text = _strip(text, "lead", left=True)
    scope = None
    if match := _pattern("scope", True).match(text):
        rest = text[match.end() :].strip(_EDGE)
        scope = match.group()
        text = _strip(rest, "lead", left=True) if len(rest) >= 2 else text
    if "等" in text:
        head, _, rest = text.rpartition("等")
        if len(rest) >= 4 and rest[0] not in "级次":
            text, scope = rest, scope or head.strip(_EDGE) + "等"
    return text.strip(_EDGE), scope


def after_noun(after: str) -> str:
    """The noun phrase that follows a number, up to the next mark or number."""
    after = _STANDARD.sub("", after)
    match = _AFTER.match(after)
    if not match:
        return ""
    noun = _strip(match.group(1).strip(_EDGE), "lead", left=True)
    return noun if len(noun) >= 2 else ""


def indicator(before: str, after: str, quantity: Quantity, last: Indicator | None) -> Indicator:
    """The indicator of a number from the words around it; `last` is that of the number before it."""
    name, scope = clean(before)
    noun = after_noun(after)
    share_of = quantity.dimension in ("share", "ratio") and after.startswith("的")
    if noun and (quantity.dimension in COUNTED or share_of or len(name) < 2):
        if share_of or len(name) < 2 or len(noun) > _GENERIC or len(name) > 10:
            return Indicator(noun, scope, "indicator.after")
        return Indicator(name + noun, scope, "indicator.around")
    if last is not None and (len(name) < 2 or _is_place(name)):
        return Indicator(last.name, name if len(name) >= 2 else last.scope, "indicator.shared")
    return Indicator(name, scope, "indicator.before")


def _is_place(name: str) -> bool:
    match = _pattern("scope", True).match(name)
    return match is not None and match.end() == len(name) or (len(name) <= 6 and name[-1] in "县市区旗州镇乡")


def pairs(before: str, n: int) -> list[Indicator] | None:
    """The n indicators of a list before 分别, or null when it has not n items."""
    text, scope = clean(before)
    items = [i.strip(_EDGE) for i in _LIST.split(text)]
    items = [i for i in items if i]
    if len(items) != n or n < 2:
        return None
    region = _REGION.match(items[-1])
    if region and len(region.group(2)) >= 2 and all(_REGION.match(i) and len(i) <= 8 for i in items[:-1]):
        return [Indicator(region.group(2), place, "indicator.paired") for place in [*items[:-1], region.group(1)]]
    suffix = _shared_end(items)
    return [Indicator(i if k == n - 1 else i + suffix, scope, "indicator.paired") for k, i in enumerate(items)]


def _shared_end(items: list[str]) -> str:
    """What the last item adds for all: 排放浓度 in 甲、乙、丙排放浓度; empty when each has its own."""
    from pipeline.find.nlp import segmenter

    first, last = items[0], items[-1]
    if first[-1] == last[-1]:
        return ""
    words = segmenter()[1](last)
    return "".join(words[1:]) if len(words) > 1 else ""


@cache
def _change() -> re.Pattern[str]:
    increase, decrease = _words("increase"), _words("decrease")
    return re.compile(rf"(?:(?P<increase>{increase})|(?P<decrease>{decrease}))(?:约|近|超过?|不低于|不少于|至少|了)?$")


def change_of(before: str) -> str:
    """increase, decrease, or level when the number is the value itself."""
    match = _change().search(before.rstrip(_EDGE))
    return match.lastgroup or "level" if match else "level"
