"""What a number counts: the indicator, its scope, and pairs made by 分别."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipeline.assemble.words import LABEL, listed
from pipeline.model import Quantity
from pipeline.rules import rules

_LIST = re.compile(r"[、，]|(?<=[\u4e00-\u9fff])(?:和|与|及|以及)(?=[\u4e00-\u9fffA-Z])")
_ABOUT = re.compile(r"(?:约|近|超过?|不低于|不少于|至少|了)$")
_COMMA = re.compile(r"[、，]")
_EACH = re.compile(r"^([^，。；]*、[^，。；]*?)(?:(?<![平人户亩])均|(?<![成首])都)(?![衡匀])")
_REGION = re.compile(r"^([\u4e00-\u9fff]{1,7}?(?:自治县|[县市区旗州]))(.*)$")
_EDGE = " 　、，,：:；;。\"'·-—≤≥<>＜＞＝="
_FROM = re.compile(r"[由从][^，。；由从]{0,12}$")
_CHANGES = re.compile(r"^[^，。；]{0,4}?(?:提高|提升|增加|增长|扩大|上升|下降|降低|减少|压减|缩短|降)[到至]")
_AFTER = re.compile(
    r"^(?:[）)]|[（(][^（）()]{0,8}[）)])?的?((?:[“《][^”》]{1,20}[”》]|[^，。；、（）()“”\d\s]){1,40})"
)
# 50个技术前沿、模式新颖的标杆项目: the noun stands behind all its attributes
_ATTRIBUTES = re.compile(
    r"^的?[^，。；、（）()\d]{1,16}(?:、(?![一二两三四五六七八九十])[^，。；、（）()\d]{1,16}){1,4}的([^，。；、（）()“”\d\s的]{2,16})(?=$|[，。；、（(])"
)
_LINK = re.compile(r"(?:以及|及|和|与|或|并)$")
_BRACKET = re.compile(r"[（(][^）)]{0,4}[）)]")
_DIGITS = re.compile(r"\d[\d.,]*")
_MOST_DIGITS, _LONG, _LONGEST = 2, 36, 48  # a longer "name" is a table that lost its lines
_NO_NOUN = re.compile(r"^的?(?:条件|情况|前提|部分|基础上|时|后|前)|^[，、]?[且并]")
_STANDARD = re.compile(r"^的?(?:标准(?!化)|比例|幅度|额度)(?:进行|予以|给予|分档)?")
_GENERIC = 4  # a counted noun this short (项目, 企业) is named better with the verb before it
COUNTED = frozenset({"count", "money"})
_PLACES = frozenset("县市区旗州镇乡")
_LONGEST_PLACE = 6
_EACH_ONE = frozenset({"每人", "每户", "每家", "每名", "单笔", "单项"})


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is counted, the sub-group it is for, and the rule that found it."""

    name: str
    scope: str | None
    rule: str


@cache
def _cuts() -> tuple[re.Pattern[str], ...]:
    """What is cut off the words before a number, in order."""
    return tuple(re.compile(r["cut"]) for r in rules("indicators") if "cut" in r)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(next(r["pattern"] for r in rules("indicators") if r["id"] == f"indicator.{name}"))


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
    text = before
    for cut in _cuts():
        text = cut.sub("", text)
    label = LABEL.match(text)
    text = _strip_lead(_strip_tail((text[label.end() :] if label else text).strip(_EDGE)))
    scope = None
    if n := listed("indicators", "scope").at(text):
        rest = text[n:].strip(_EDGE)
        scope = text[:n]
        text = _strip_lead(rest) if len(rest) >= 2 else text
    if "等" in text:
        head, _, rest = text.rpartition("等")
        if len(rest) >= 4 and rest[0] not in "级次":
            text, scope = rest, scope or head.strip(_EDGE) + "等"
    text = unquoted(_shortened(text.strip(_EDGE)))
    scope = scope if scope is None or len(scope) <= _LONGEST else None
    return ("", scope) if len(text) > _LONGEST or len(_DIGITS.findall(text)) > _MOST_DIGITS else (text, scope)


def _shortened(text: str) -> str:
    """A long name without its attributes: what stands behind the last 的, or behind a bracket opened earlier."""
    if text.count("）") > text.count("（"):
        text = text.rpartition("）")[2]
    if len(text) > _LONG and len(rest := text.rpartition("的")[2]) >= _GENERIC:
        return rest
    return text


def unquoted(text: str) -> str:
    """The text without a quotation mark that has lost its partner, nor a pair around all of it."""
    opened, closed = text.count("“"), text.count("”")
    if opened == closed == 1 and text[0] == "“" and text[-1] == "”":
        return text[1:-1]
    if opened < closed:
        return text.strip("”")
    return text.strip("“") if opened > closed else text


def after_noun(after: str) -> str:
    """The noun phrase that follows a number, up to the next mark or number."""
    if _NO_NOUN.match(after) or _CHANGES.match(after):
        return ""
    match = _ATTRIBUTES.match(after) or _AFTER.match(_STANDARD.sub("", after))
    if not match:
        return ""
    noun = _LINK.sub("", unquoted(_strip_lead(match.group(1).strip(_EDGE))))
    return noun if len(noun) >= 2 or noun in _PLACES else ""


def indicator(
    before: str, after: str, quantity: Quantity, last: Indicator | None, previous: Quantity | None = None
) -> Indicator:
    """The indicator of a number from the words around it; `last` is that of the number before it, `previous`."""
    name, scope = clean(_FROM.sub("", before) if _CHANGES.match(after) else before)
    noun = after_noun(after)
    if noun and _behind(before, after, name, noun, quantity):
        return Indicator(noun, scope, "indicator.after")
    if noun and quantity.dimension in COUNTED:
        return Indicator(name + noun, scope, "indicator.around")
    if last is not None and last.name:
        place = _is_place(name) and (previous is None or previous.unit == quantity.unit)
        if len(name) < 2 or place:
            return Indicator(last.name, name if place else last.scope, "indicator.shared")
        if _pattern("attribute").match(name):
            counted = last.name if previous is not None and previous.dimension == "count" else scope
            return Indicator(name, owner_of(last.name) or counted, "indicator.attribute")
    return Indicator(name, scope, "indicator.before")


def owner_of(name: str) -> str | None:
    """What an attribute is of: 柑橘 in 柑橘种植面积; null for a name that is an attribute alone."""
    match = _pattern("owner").match(name)
    return match.group(1) if match else None


def addressed(found: Indicator, before: str, last: Indicator | None) -> Indicator:
    """An amount for each addressee (单个项目最高10万元) counts the benefit that `before` or the last number names."""
    match = _pattern("addressee").match(found.name)
    if not match:
        return found
    benefits = listed("indicators", "purposes")
    if found.name[:2] in _EACH_ONE and benefits.ending(found.name[2:]):
        return Indicator(found.name[2:], found.name[:2], "indicator.addressee")
    if n := benefits.ending(found.name):
        return Indicator(found.name[-n:], found.name[:-n], "indicator.addressee")
    if last is not None and benefits.ending(last.name):
        return Indicator(last.name, found.name, "indicator.addressee")
    for at in range(len(before) - 1, 0, -1):
        if n := benefits.at(before, at):
            return Indicator(before[at : at + n], found.name, "indicator.addressee")
    return found


def _behind(before: str, after: str, name: str, noun: str, quantity: Quantity) -> bool:
    """Whether the noun behind the number names it alone."""
    if not name or _is_verb(name):
        return True
    if quantity.dimension == "count" and before.rstrip(_EDGE).endswith("的"):
        return True
    purposes = listed("indicators", "purposes")
    share_of = quantity.dimension in ("share", "ratio") and after.startswith("的")
    if len(name) < 2 or share_of or purposes.at(noun) or purposes.ending(noun):
        return True
    if listed("indicators", "takes").ending(before.rstrip(_EDGE)) and len(noun) > _GENERIC:
        return True
    return quantity.dimension in COUNTED and (len(noun) > _GENERIC or len(name) > 10)


def _is_verb(name: str) -> bool:
    """Whether a name is no more than the verb of its clause: 新（改）建, 一批."""
    bare = _BRACKET.sub("", name)
    return any(bare in listed(s, k).words for s, k in (("actions", "verbs"), ("indicators", "vague")))


def _is_place(name: str) -> bool:
    if len(name) < 2:
        return False
    if name in listed("indicators", "scope").words or name in listed("indicators", "groups").words:
        return True
    return len(name) <= _LONGEST_PLACE and name[-1] in _PLACES and not listed("indicators", "no_places").ending(name)


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
