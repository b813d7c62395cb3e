"""What a number counts: the indicator, its scope, and pairs made by 分别."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.assemble.words import listed
from pipeline.model import Quantity

_LIST = re.compile(r"[、，]|(?<=[\u4e00-\u9fff])(?:和|与|及|以及)(?=[\u4e00-\u9fffA-Z])")
_ABOUT = re.compile(r"(?:约|近|超过?|不低于|不少于|至少|了)$")
_COMMA = re.compile(r"[、，]")
_EACH = re.compile(r"^([^，。；]*、[^，。；]*?)[均都]")
_REGION = re.compile(r"^([\u4e00-\u9fff]{1,7}?(?:自治县|[县市区旗州]))(.*)$")
_EDGE = " 　、，,：:；;。“”\"'·-—≤≥<>＜＞＝="
_FROM_TO = re.compile(r"[由从][^，。；由从]{0,8}\d[^，。；]*$")
_AFTER = re.compile(r"^[）)]?的?((?:[“《][^”》]{1,20}[”》]|[^，。；、（）()“”\d\s]){1,40})")
_NO_NOUN = re.compile(r"^的?(?:条件|情况|前提|部分|基础上|时|后|前)|^[，、]?[且并]")
_STANDARD = re.compile(r"^的?(?:标准|比例|幅度|额度)(?:进行|予以|给予|分档)?")
_GENERIC = 4  # a counted noun this short (项目, 企业) is named better with the verb before it
COUNTED = frozenset({"count", "money"})


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is counted, the sub-group it is for, and the rule that found it."""

    name: str
    scope: str | None
    rule: str


def _strip_tail(text: str) -> str:
    """Takes verbs of reaching and the like off the right end."""
    tail = listed("indicators", "tail")
    while n := tail.ending(text):
        text = text[:-n].strip(_EDGE)
    return text


def _strip_lead(text: str) -> str:
    """Takes verbs and links off the left end, whole words only (建成区 keeps its 建成)."""
    lead = listed("indicators", "lead")
    while (n := lead.at(text)) and _is_word(text, n):
        text = text[n:].strip(_EDGE)
    return text


def _is_word(text: str, end: int) -> bool:
    """Whether a word ends at `end`, by jieba."""
    from pipeline.find.nlp import segmenter

    at = 0
    for word in segmenter()[1](text[: end + 6]):
        at += len(word)
        if at >= end:
            break
    return at == end


def clean(before: str) -> tuple[str, str | None]:
    """(noun phrase, scope) of the words before a number."""
    text = _strip_lead(_strip_tail(_FROM_TO.sub("", before).strip(_EDGE)))
    scope = None
    if n := listed("indicators", "scope").at(text):
        rest = text[n:].strip(_EDGE)
        scope = text[:n]
        text = _strip_lead(rest) if len(rest) >= 2 else text
    if "等" in text:
        head, _, rest = text.rpartition("等")
        if len(rest) >= 4 and rest[0] not in "级次":
            text, scope = rest, scope or head.strip(_EDGE) + "等"
    return text.strip(_EDGE), scope


def after_noun(after: str) -> str:
    """The noun phrase that follows a number, up to the next mark or number."""
    if _NO_NOUN.match(after):
        return ""
    match = _AFTER.match(_STANDARD.sub("", after))
    if not match:
        return ""
    noun = _strip_lead(match.group(1).strip(_EDGE))
    return noun if len(noun) >= 2 else ""


def indicator(before: str, after: str, quantity: Quantity, last: Indicator | None) -> Indicator:
    """The indicator of a number from the words around it; `last` is that of the number before it."""
    name, scope = clean(before)
    noun = after_noun(after)
    if noun and _behind(before, after, name, noun, quantity):
        return Indicator(noun, scope, "indicator.after")
    if noun and quantity.dimension in COUNTED:
        return Indicator(name + noun, scope, "indicator.around")
    if last is not None and (len(name) <= 2 or _is_place(name)):
        return Indicator(last.name, name if _is_place(name) else last.scope, "indicator.shared")
    return Indicator(name, scope, "indicator.before")


def _behind(before: str, after: str, name: str, noun: str, quantity: Quantity) -> bool:
    """Whether the noun behind the number names it alone."""
    share_of = quantity.dimension in ("share", "ratio") and after.startswith("的")
    if len(name) < 2 or share_of or listed("indicators", "purposes").at(noun):
        return True
    if listed("indicators", "takes").ending(before.rstrip(_EDGE)) and len(noun) > _GENERIC:
        return True
    return quantity.dimension in COUNTED and (len(noun) > _GENERIC or len(name) > 10)


def _is_place(name: str) -> bool:
    if len(name) < 2:
        return False
    return name in listed("indicators", "scope").words or (len(name) <= 6 and name[-1] in "县市区旗州镇乡")


def pairs(before: str, n: int) -> list[Indicator] | None:
    """The n indicators of a list before 分别, or null when it has not n items.

    Where the list is longer its last n items are meant; those before them are the scope.
    """
    text, scope = clean(before)
    items = _items(text, n)
    if n < 2 or items is None:
        return None
    if len(items) > n:
        scope, items = "、".join(items[:-n]), items[-n:]
    region = _REGION.match(items[-1])
    if region and len(region.group(2)) >= 2 and all(_REGION.match(i) and len(i) <= 8 for i in items[:-1]):
        return [Indicator(region.group(2), place, "indicator.paired") for place in [*items[:-1], region.group(1)]]
    suffix = _shared_end(items)
    return [Indicator(i if k == n - 1 else i + suffix, scope, "indicator.paired") for k, i in enumerate(items)]


def each(before: str) -> list[Indicator] | None:
    """The indicators of 甲、乙均达到 N: one for each item; null without such a list."""
    match = _EACH.search(before)
    if not match:
        return None
    items = _items(clean(match.group(1))[0], 2)
    found = pairs(match.group(1), len(items)) if items else None
    return [Indicator(i.name, i.scope, "indicator.each") for i in found] if found else None


def _items(text: str, n: int) -> list[str] | None:
    """The items of a list: cut at 、 alone if that gives n, else at 和与及 too; null for fewer than n."""
    for cut in (_COMMA, _LIST):
        items = [i for i in (p.strip(_EDGE) for p in cut.split(text)) if i]
        if len(items) == n or (cut is _LIST and len(items) > n):
            return items
    return None


def _shared_end(items: list[str]) -> str:
    """What the last item adds for all: 排放浓度 in 甲、乙、丙排放浓度; empty when each has its own."""
    from pipeline.find.nlp import segmenter

    first, last = items[0], items[-1]
    if first[-1] == last[-1]:
        return ""
    words = segmenter()[1](last)
    return "".join(words[1:]) if len(words) > 1 else ""


def change_of(before: str) -> str:
    """increase, decrease, or level when the number is the value itself."""
    words = _ABOUT.sub("", before.rstrip(_EDGE))
    if listed("indicators", "increase").ending(words):
        return "increase"
    return "decrease" if listed("indicators", "decrease").ending(words) else "level"
