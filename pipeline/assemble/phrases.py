"""The noun phrases before and behind a number, without what only leads up to them."""

from __future__ import annotations

import re
from functools import cache

from pipeline.assemble.words import LABEL, listed
from pipeline.find.segmenter import segmenter
from pipeline.rules import rules

EDGE = " 　、，,：:；;。\"'·-—≤≥<>＜＞＝="
PLACES = frozenset("县市区旗州镇乡")
GENERIC = 4  # a counted noun this short (项目, 企业) is named better with the verb before it

CHANGES = re.compile(r"^[^，。；]{0,4}?(?:提高|提升|增加|增长|扩大|上升|下降|降低|减少|压减|缩短|降)[到至]")
_WORDS = r"(?:[“《][^”》]{1,20}[”》]|（[\u4e00-\u9fff]{1,3}）(?=[级建])|[^，。；、（）()“”\d\s])"
_NOUN = rf"(?:\d{{1,4}}[万亿]{{1,2}}元?级{_WORDS}{{0,40}}|{_WORDS}{{1,40}})"
_AFTER = re.compile(rf"^(?:[）)]|[（(][^（）()]{{0,8}}[）)])?的?({_NOUN})")
# 30%以上的市（地、州、盟）, 6家部、省级实验室: the levels of government make one noun
_PLACE = re.compile(r"^的?([\u4e00-\u9fff]{0,4}[市县区州旗盟镇乡]（[\u4e00-\u9fff、]{1,12}）)(?![级建])")
_LEVELS = re.compile(rf"^的?((?:[国部省市县区乡镇村州厅]、){{1,4}}{_NOUN})")
# 50个技术前沿、模式新颖的标杆项目: the noun stands behind all its attributes
_ATTRIBUTES = re.compile(
    r"^的?[^，。；、（）()\d]{1,16}(?:、(?![一二两三四五六七八九十])[^，。；、（）()\d]{1,16}){1,4}的([^，。；、（）()“”\d\s的]{2,16})(?=$|[，。；、（(])"
)
_PARTS = re.compile(r"^[（(][^（）()]{1,60}[）)](?=[\u4e00-\u9fff]{3})")  # 4名（…2名，…2名）管理人员
_WITHIN = re.compile(r"^(?:之内|以内|内)")
_LINK = re.compile(r"(?:以及|及|和|与|或|并)$")
_LINKED = re.compile(r"(?<=[\u4e00-\u9fff]{2})(?:以及|及|和|与)[^及和与]*$")
_AND_NOT = re.compile(
    r"(?<=[\u4e00-\u9fff]{2})[且并但](?=不|应|须|至少|最)[^，。；]*$"
)  # 不超过10个品目且不超过20个档次
_DIGITS = re.compile(r"\d[\d.,]*")
_MOST_DIGITS, _LONG, _LONGEST = 2, 36, 48  # a longer "name" is a table that lost its lines
_NO_NOUN = re.compile(
    r"^的?(?:条件|情况|前提|部分|基础上|时|后|前)|^[，、]?[且并]|^(?:或|和|与|及|以及)|^的(?:按|可|应|由|给予|予以|不|经|均)"
)
_STANDARD = re.compile(r"^的?(?:标准(?!化)|比例|幅度|额度)(?:进行|予以|给予|分档)?")
_NUMERAL = re.compile(r"[\d一二三四五六七八九十百千万亿%％]")
_BOUND = re.compile(r"以[上下内]|左右|[、，：；（）]")
_APART = frozenset("的对凡且了及")
# 五城区普及率: so many places are a scope as 全市 is
_PLACES = re.compile(r"[两二三四五六七八九十]{1,3}个?(?:主?城区|市辖区|县区|区县|县市|县(?:（市、区）|（市）|（区）)?)")
_EACH = re.compile(r"(?:每(?:[百千]|[百千]?万)?(?:平方米|立方米|公里|千瓦时|[人名户亩吨家辆台床生年月日天]))+$")
_LONGEST_EACH = 16
_MEASURED = 14  # characters that a property takes with what it is of


@cache
def _cuts() -> tuple[re.Pattern[str], ...]:
    """What is cut off the words before a number, in order."""
    return tuple(re.compile(r["cut"]) for r in rules("indicators") if "cut" in r)


def _strip_tail(text: str) -> str:
    """Takes verbs of reaching and the like off the right end."""
    tail = listed("indicators", "tail")
    while (n := tail.ending(text)) or (n := _each(text)):
        text = text[:-n].strip(EDGE)
    return text


def _each(text: str) -> int:
    """Length of a 每人每月 at the end: what a number is for one of names nothing."""
    found = _EACH.search(text, max(0, len(text) - _LONGEST_EACH))
    return len(found.group()) if found else 0


def strip_lead(text: str) -> str:
    """Takes verbs and links off the left end, whole words only (建成区 keeps its 建成)."""
    lead = listed("indicators", "lead")
    while (n := lead.at(text)) and _is_word(text, n):
        text = text[n:].strip(EDGE)
    return text


def _is_word(text: str, end: int) -> bool:
    """Whether a word ends at `end`, by jieba."""
    at = 0
    for word in words(text[: end + 6]):
        at += len(word)
        if at >= end:
            break
    return at == end


def words(text: str) -> list[str]:
    """The words of a short text, by jieba."""
    return segmenter()[1](text)


def clean(before: str) -> tuple[str, str | None]:
    """(noun phrase, scope) of the words before a number."""
    text = before
    for cut in _cuts():
        text = cut.sub("", text)
    label = LABEL.match(text)
    text = strip_lead(_strip_tail((text[label.end() :] if label else text).strip(EDGE)))
    scope = None
    counted = _PLACES.match(text)
    if n := counted.end() if counted else listed("indicators", "scope").at(text):
        rest = text[n:].strip(EDGE)
        scope = text[:n]
        text = strip_lead(rest) if len(rest) >= 2 else text
    if "等" in text:
        head, _, rest = text.rpartition("等")
        if len(rest) >= GENERIC and rest[0] not in "级次别于同待候额价":
            text, scope = rest, scope or head.strip(EDGE) + "等"
    text = unquoted(_shortened(text.strip(EDGE)))
    scope = scope if scope is None or len(scope) <= _LONGEST else None
    return ("", scope) if len(text) > _LONGEST or len(_DIGITS.findall(text)) > _MOST_DIGITS else (text, scope)


def _shortened(text: str) -> str:
    """A long name without its attributes: what stands behind the last 的, or behind a bracket opened earlier."""
    if text.count("）") > text.count("（"):
        text = text.rpartition("）")[2]
    if len(text) > _LONG and len(rest := text.rpartition("的")[2]) >= GENERIC:
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
    if _NO_NOUN.match(after) or CHANGES.match(after):
        return ""
    if (place := _PLACE.match(after)) is not None:
        return place.group(1)
    after = _WITHIN.sub("", _PARTS.sub("", after))
    match = _LEVELS.match(after) or _ATTRIBUTES.match(after) or _AFTER.match(_STANDARD.sub("", after))
    if not match:
        return ""
    noun = match.group(1)
    if after[match.end() : match.end() + 1].isdigit():  # 3%的费率上限及保费的80%: the last of these goes with the next
        noun = _LINKED.sub("", noun)
    noun = _LINK.sub("", unquoted(strip_lead(_AND_NOT.sub("", noun.strip(EDGE)))))
    if not _strip_tail(noun):
        return ""
    return noun if len(noun) >= 2 or noun in PLACES else ""


def reaches(noun: str) -> bool:
    """Whether a phrase ends with a verb of reaching: it names the number behind it."""
    return _strip_tail(noun) != noun


def property_of(before: str) -> str:
    """年营收 of 培育年营收超2000万元的企业: a property that the words before a number end with; empty for none."""
    text = _BOUND.split(_strip_tail(before.rstrip(EDGE)))[-1]
    if not listed("indicators", "properties").ending(text):
        return ""
    kept = ""
    verbs, lead = listed("actions", "verbs").words, listed("indicators", "lead").words
    for word in reversed(words(text[-_MEASURED:])):
        if kept and (word in _APART or word in lead or word in verbs or _NUMERAL.search(word)):
            break
        kept = word + kept
    return kept
