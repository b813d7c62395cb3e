"""What a number counts: the indicator, its scope, and pairs made by 分别."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from pipeline.assemble.phrases import CHANGES, EDGE, GENERIC, PLACES, after_noun, clean, property_of, reaches, words
from pipeline.assemble.words import listed
from pipeline.model import Quantity
from pipeline.rules import rules

_LIST = re.compile(r"[、，]|(?<=[\u4e00-\u9fff])(?:和|与|及(?!以[上下内外])|以及)(?=[\u4e00-\u9fffA-Z])")
_COMMA = re.compile(r"[、，]")
_EACH = re.compile(r"^([^，。；]*、[^，。；]*?)(?:(?<![平人户亩])均|(?<![成首])都)(?![衡匀])")
_REGION = re.compile(r"^([\u4e00-\u9fff]{1,7}?(?:自治县|[县市区旗州]))(.*)$")
_FROM = re.compile(r"[由从][^，。；由从]{0,12}$")
_BRACKET = re.compile(r"[（(][^）)]{0,4}[）)]")
_DIGIT = re.compile(r"\d")
COUNTED = frozenset({"count", "money"})
_SHARES = frozenset({"share", "ratio", "percentage_point"})
_LONGEST_PLACE = 6
_PERSONS_WITHIN = 7
_EACH_ONE = frozenset({"每人", "每户", "每家", "每名", "单笔", "单项"})


class Indicator(NamedTuple):
    """What is counted, the sub-group it is for, and the rule that found it."""

    name: str
    scope: str | None
    rule: str


_SHARE = re.compile("(?:所占)?(?:比例|比率|占比)$")


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(next(r["pattern"] for r in rules("indicators") if r["id"] == f"indicator.{name}"))


def _of_persons(quantity: Quantity, after: str, noun: str, scope: str | None) -> Indicator | None:
    """Who is of an age, and what lasts a time."""
    if quantity.dimension == "age" and (aged := _aged(after)):
        return Indicator(aged, scope, "indicator.aged")
    if noun and quantity.dimension == "time" and (lasting := _lasting(noun)):
        return Indicator(lasting, scope, "indicator.after")
    return None


def indicator(
    before: str,
    after: str,
    quantity: Quantity,
    last: Indicator | None,
    previous: Quantity | None = None,
    *,
    part: bool = False,
) -> Indicator:
    """The indicator of a number from the words around it; `last` is that of the number before it, `previous`.

    `part`: 其中 makes the number a part of that before it.
    """
    name, scope = clean(_FROM.sub("", before) if CHANGES.match(after) else before)
    noun = after_noun(after)
    if said := _of_persons(quantity, after, noun, scope):
        return said
    if (noun or (previous is not None and previous.printed in name)) and (own := _own_property(before, noun, quantity)):
        return Indicator(own, scope, "indicator.property")
    if noun and _behind(before, after, name, noun, quantity):
        return Indicator(noun, scope, "indicator.after")
    if noun and quantity.dimension in COUNTED:
        return Indicator(name + noun, scope, "indicator.around")
    if last is not None and last.name:
        place = _is_place(name) and (previous is None or previous.unit == quantity.unit)
        if len(name) < 2 or place:
            return Indicator(_amount_of(last.name, quantity), name if place else last.scope, "indicator.shared")
        if part and previous is not None and previous.unit == quantity.unit and _is_verb(name):
            return Indicator(last.name, last.scope, "indicator.shared")  # 新增53家，其中两年分别创建35、18家
        if any(name in listed("indicators", key).words for key in ("increase", "decrease")):
            return Indicator(last.name + name, last.scope, "indicator.shared")  # 达到10%，较2020年提高3个百分点
        if _pattern("attribute").match(name):
            counted = last.name if previous is not None and previous.dimension == "count" else scope
            return Indicator(name, owner_of(last.name) or counted, "indicator.attribute")
    return Indicator(name, scope, "indicator.before")


def _amount_of(name: str, quantity: Quantity) -> str:
    """资助比例不超过30%，最高500万元: an amount is of the 资助, not of its share."""
    bare = _SHARE.sub("", name) if quantity.dimension == "money" else name
    return bare if len(bare) >= 2 else name


def _own_property(before: str, noun: str, quantity: Quantity) -> str:
    """年营收 in 年营收超2000万元的企业: the number is of the property before it, not of what has it; empty for none."""
    benefits = listed("indicators", "purposes")
    sized = quantity.dimension == "money" or quantity.op != "="
    given = noun and (benefits.at(noun) or benefits.ending(noun))
    if not sized or given or quantity.dimension in _SHARES:
        return ""
    return property_of(before)


def _aged(after: str) -> str:
    """失业青年 behind 16—24岁: the persons that an age is of; empty for none."""
    start = after.startswith("的")
    for at in range(start, min(len(after), _PERSONS_WITHIN)):
        if after[at] in "，。、；：":
            return ""
        if n := listed("indicators", "persons").at(after, at):
            return after[start : at + n]
    return ""


def _lasting(noun: str) -> str:
    """研发经历 in 研发经历的人才: what a span of time is the length of; empty for none."""
    lasting = listed("indicators", "lasting")
    return next((part for part in noun.split("的") if lasting.ending(part)), "")


def owner_of(name: str) -> str | None:
    """What an attribute is of: 柑橘 in 柑橘种植面积; null for a name that is an attribute alone."""
    match = _pattern("owner").match(name)
    return match.group(1) if match else None


def addressed(found: Indicator, before: str, after: str, last: Indicator | None) -> Indicator:
    """An amount for each addressee (单个项目最高10万元) counts the benefit that `before` or the last number names.

    One without any name (每平方米1000元) counts the benefit named behind it.
    """
    benefits = listed("indicators", "purposes")
    if not found.name:
        n, at = next(((n, i) for i in range(len(after)) if (n := benefits.at(after, i))), (0, 0))
        return Indicator(after[at : at + n], found.scope, "indicator.addressee") if n else found
    named = benefits.within(found.name, 0, len(found.name))
    base = found.rule == "indicator.shared" and not named  # 按投资额5%，最高50万元
    if not base and not _pattern("addressee").match(found.name):
        return found
    if found.name[:2] in _EACH_ONE and benefits.ending(found.name[2:]):
        return Indicator(found.name[2:], found.name[:2], "indicator.addressee")
    if n := benefits.ending(found.name):
        return Indicator(found.name[-n:], found.name[:-n], "indicator.addressee")
    if last is not None and benefits.ending(last.name):
        return Indicator(last.name, found.name, "indicator.addressee")
    for at in range(len(before) - 1, 0, -1):
        if n := benefits.at(before, at):
            return Indicator(before[at : at + n], None if base else found.name, "indicator.addressee")
    return found


def _behind(before: str, after: str, name: str, noun: str, quantity: Quantity) -> bool:
    """Whether the noun behind the number names it alone."""
    if not name or _is_verb(name):
        return True
    if quantity.dimension == "count" and before.rstrip(EDGE).endswith("的"):
        return True
    purposes = listed("indicators", "purposes")
    share_of = quantity.dimension in _SHARES and after.startswith("的")
    if len(name) < 2 or share_of or purposes.at(noun) or purposes.ending(noun):
        return True
    counted = quantity.dimension in COUNTED
    if listed("indicators", "takes").ending(before.rstrip(EDGE)) and (len(noun) > GENERIC or not counted):
        return True
    if not counted:
        return bool(_DIGIT.search(name)) and not reaches(noun)
    return len(noun) > GENERIC or len(name) > 10


def _is_verb(name: str) -> bool:
    """Whether a name is no more than the verb of its clause: 新（改）建, 一批."""
    bare = _BRACKET.sub("", name)
    return any(bare in listed(s, k).words for s, k in (("actions", "verbs"), ("indicators", "vague")))


def _is_place(name: str) -> bool:
    if len(name) < 2:
        return False
    if name in listed("indicators", "scope").words or name in listed("indicators", "groups").words:
        return True
    return len(name) <= _LONGEST_PLACE and name[-1] in PLACES and not listed("indicators", "no_places").ending(name)


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
    match = _EACH.search(before) if "、" in before else None
    if not match:
        return None
    text = clean(match.group(1))[0]
    items = _items(text, max(2, text.count("、") + 1))
    found = pairs(match.group(1), len(items)) if items else None
    return [Indicator(i.name, i.scope, "indicator.each") for i in found] if found else None


def _items(text: str, n: int) -> list[str] | None:
    """The items of a list: cut at 、 alone if that gives n, else at 和与及 too; null for fewer than n."""
    for cut in (_COMMA, _LIST):
        items = [i for i in (p.strip(EDGE) for p in cut.split(text)) if i]
        if len(items) == n or (cut is _LIST and len(items) > n):
            return items
    return None


def _shared_end(items: list[str]) -> str:
    """What the last item adds for all: 排放浓度 in 甲、乙、丙排放浓度; empty when each has its own."""
    first, last = items[0], items[-1]
    parts = words(last)
    own = 2 if len(parts[0]) == 1 else 1  # 大 is no name: 大|水面|养殖|面积
    return "" if first[-1] == last[-1] else "".join(parts[own:])
