"""How a segment opens: with an action of its own, or leading up to one (rules/actions.toml)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from pipeline.assemble.words import Words, listed

# 一是/二是 count points as the printed labels do.
LABEL = re.compile(
    r"^(?:[（(][一二三四五六七八九十\d]{1,3}[）)]|[①-⑳]|\d{1,2}[.．、](?!\d)|[一二三四五六七八九十]{1,3}、"
    r"|第[一二三四五六七八九十百\d]{1,4}[条章节]|[一二三四五六七八九]是(?!否))\s*"
)
# Words that link clauses or bind them: no part of the action itself.
LINK = re.compile(
    r"^(?:并且|并(?!购|网|轨|联)|同时|其中|此外|另外|要(?!素|点|求)|应当|应(?![用急对届邀])|必须|(?:须|需(?!求))(?![^，]{2,24}的(?:，|[^，的]{1,6}[要应按可]))|均|都要?|力争|争取|努力|原则上"
    r"|确保)(?=[\u4e00-\u9fffA-Z“，])[，,]?"
)
# Characters that each of them begins with, any decimal digit beside them: most clauses begin with another.
_LABEL_FIRST = frozenset("（(一二三四五六七八九十第①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
_CONNECTIVE_FIRST = frozenset("或以并且及但而")
_LINK_FIRST = frozenset("并同其此另要应必须需均都力争努原确")
_HEADING = re.compile(r"^[^，。；：]{2,16}：(?=.)")
_OBJECT = re.compile("[对将把在]")  # of a verb that is still to come
_NO_SUBJECT = re.compile("[的，。；：]")
# 或者…的: goes on with the condition before it.
_CONNECTIVE = re.compile(r"(?:或者?(?!许)|以及|并且|且|及(?!时)|但是?|而(?!且))")
# 申请住房的家庭: to whom what follows applies.
_TOPIC = re.compile(
    r"^(?:申请|申报|符合|持有|参加|取得|获得|具有|具备|承租|领取|属于|通过|入选|从事|凡|未|已|经|拟)[^，]{1,60}的[^，的]{1,8}$"
)
# 对违反某项制度: against what.
_AGAINST = re.compile(
    r"对(?:违反|未按|未经|拒不|逾期|擅自|违规|违法|非法)(?:(?!要|应|依法|给予|予以|进行|实施|追究|处[以罚理])[^，])+"
)
# 经营单位, 在建项目: words that only begin like a preposition.
_NO_PREPOSITION = re.compile(
    "经(?:营|济|办|费|销|贸)|就(?:业|诊|医|餐|学)|在(?:建(?![立设成])|校|岗|职|线)|从业|对(?:象|口)|与会|以[上下及]"
)
_BY_MEANS = re.compile("通过|采用|采取|利用|以[^，]{2,20}(?:方式|形式)$")
_ADVERBS = 4  # 积极稳妥有序推进: no plan heaps up more
_AT_HEAD = (0,)
_REACH = 60  # characters from a preposition to its verb
_SUBJECT = 26  # characters of the longest subject


class Opening(NamedTuple):
    """`begins`: an action of its own stands at the head. `acts`: one is stated in full. `subject`: by a body.

    `leads`: it says when, where or to whom for what stands behind it, and does nothing itself.
    """

    begins: bool
    acts: bool
    subject: bool = False
    leads: bool = False


class _Lists(NamedTuple):
    """The lists of words of `rules/actions.toml`."""

    verbs: Words
    continuing: Words
    adverbs: Words
    prepositions: Words
    objects: Words
    predicates: Words
    causatives: Words
    causatives_of_things: Words
    pending: Words
    leading: Words
    leading_after_preposition: Words
    leading_around: Words
    means: Words
    subjects: Words


@cache
def _lists() -> _Lists:
    return _Lists(*(listed("actions", name) for name in _Lists._fields))


def opening(text: str) -> Opening:
    """How a segment opens.

    It acts with a verb of doing after at most four adverbs, a verb of result, a preposition
    and a predicate (对…开展…), or a body and a verb (水务局印发…); not where its end only
    leads up to an action (…的, …时), nor a causative without a second verb.
    """
    words = _lists()
    unlabelled = without_label(text)
    bare = without_link(unlabelled)
    heading = _HEADING.match(bare) if "：" in bare else None
    rest = without_link(bare[heading.end() :]) if heading else bare
    ends = rest.rstrip("）)”")
    if bare[:1] in _CONNECTIVE_FIRST and _CONNECTIVE.match(bare):
        return Opening(False, False)
    against = ends.startswith("对") and _AGAINST.fullmatch(ends)
    if words.leading.ending(ends) or ("的" in ends and _TOPIC.match(ends)) or against:
        return Opening(False, False, leads=True)
    places = _behind_adverbs(rest)
    if len(places) > 1 and (at := _first(words.objects, rest, places)) > 0:  # 定期对…进行审计
        rest = rest[at:]
        places = _behind_adverbs(rest)
    n = words.prepositions.at(rest)
    if n and not _NO_PREPOSITION.match(rest) and words.adverbs.at(rest) <= n:  # 按期 is an adverb, 按 a preposition
        acts = not _only_leads(rest, ends) and _predicate(rest, n)
        return Opening(acts and words.objects.at(rest) > 0, acts, leads=not acts)
    results = words.continuing
    continuing = results.at(unlabelled) > 0
    at = _first(words.verbs, rest, places)
    if at >= 0:
        return Opening(not continuing, _whole(rest, at))
    at = _first(results, rest, places)
    if continuing or (at > 0 and results.at(rest, at) > 1):  # 逐步实现…: a verb of result behind adverbs
        return Opening(False, True)
    by_body = _subject(rest)
    return Opening(by_body, by_body, by_body)


def without_label(text: str) -> str:
    """The text without the printed label that it begins with."""
    first = text[:1]
    found = LABEL.match(text) if first in _LABEL_FIRST or first.isdecimal() else None
    return text[found.end() :] if found else text


def without_link(text: str) -> str:
    """The text without a word that links it to what stands before."""
    found = LINK.match(text) if text[:1] in _LINK_FIRST else None
    return text[found.end() :] if found else text


def verb_at(text: str) -> int:
    """Where a verb of doing stands after at most four adverbs, -1 for none."""
    return _first(_lists().verbs, text, _behind_adverbs(text))


def _behind_adverbs(text: str) -> Sequence[int]:
    """Where a verb may stand: at the head, and behind each of at most four adverbs."""
    adverb_at = _lists().adverbs.at
    n = adverb_at(text, 0)
    if not n:
        return _AT_HEAD
    at, places = 0, [0]
    while n and len(places) <= _ADVERBS:
        at += n
        if text[at : at + 1] in ("地", "并", "、"):
            at += 1
        places.append(at)
        n = adverb_at(text, at)
    return places


def _first(words: Words, text: str, places: Sequence[int]) -> int:
    """The first of the places at which one of the words stands, -1 for none."""
    word_at = words.at
    for at in places:
        if word_at(text, at):
            return at
    return -1


def _whole(text: str, at: int) -> bool:
    """Whether the verb at `at` makes the segment complete: a causative needs a second one."""
    words = _lists()
    n = words.causatives.at(text, at)
    if not n:
        return True
    if words.means.ending(text) and _BY_MEANS.search(text, at + n):
        return False
    start, end = at + n + 2, at + _REACH
    if words.pending.within(text, start, end):
        return False
    if words.verbs.within(text, start, end) or words.continuing.find(text, start, end, 2) >= 0:
        return True
    return words.causatives_of_things.at(text, at) == n and not _OBJECT.search(text)


def _only_leads(text: str, ends: str) -> bool:
    """按照…原则, 围绕…领域: a preposition with a noun that no action follows."""
    words = _lists()
    if words.leading_after_preposition.ending(ends):
        return True
    return not words.objects.at(text) and words.leading_around.ending(ends) > 0


def _predicate(text: str, start: int) -> bool:
    """A predicate behind the last 的 that has words behind it."""
    end = min(len(text), _REACH * 2)
    cut = text.rfind("的", start, end - 2)
    start = max(start + 2, cut + 1) if cut >= 0 else start + 2
    end = min(end, len(text) - 2) if text.endswith("组织") else end  # a noun there
    return _lists().predicates.within(text, start, min(end, len(text) - 1))


def _does(text: str, start: int) -> bool:
    """A verb of doing behind a preposition and its words: 按各自职责做好…."""
    start = max(start + 2, text.rfind("的", start, _REACH) + 1)
    return _lists().verbs.within(text, start, _REACH)


def _subject(text: str) -> bool:
    """Whether a body and then a verb of doing stand at the head."""
    subjects = _lists().subjects
    stop = _NO_SUBJECT.search(text, 0, _SUBJECT)
    end = stop.start() if stop else _SUBJECT
    i = 0
    while (i := subjects.find(text, i, end)) >= 0:
        i += subjects.at(text, i)
        rest = text[i:]
        m = _lists().prepositions.at(rest)
        if verb_at(rest) >= 0 or (m and not _only_leads(rest, rest) and (_predicate(rest, m) or _does(rest, m))):
            return i >= 2
    return False
