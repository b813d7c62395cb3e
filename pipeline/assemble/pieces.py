"""A piece of a responsibility bracket, from one 、 to the next: the bodies in it and the verb after them."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.find.brackets import verb_pattern
from pipeline.find.organisations import is_body, is_stem
from pipeline.resolve import bodies
from pipeline.resolve.groups import pattern as group_pattern
from pipeline.resolve.organisations import ZONE, clean
from pipeline.resolve.regions import match_prefix

Span = tuple[int, int]
BLANK = " \t\n　·*"

_GIVEN_BY = re.compile(r"(?:[并]?由|请|其中|以及)(?=.{2})")
_LEAD_IN = re.compile(r"^(?:并?由|请|其中|以及|及|和|与|会同|联合|商|同时|以|会|、)+(?=.{2})")
_OTHERS = re.compile(
    r"等(?=(?:国务院|中央|省|市|县|区)?[直级]?(?:政府)?(?:有关|相关|责任)(?:职能|行业|主管)?(?:部门|单位))"
)
_ETC = re.compile(r"等(?:[^，、；]{0,6}(?:部门|单位|机构|公司|企业|组织|团体|院校|银行))?$")
_JOINTS = re.compile(r"会同|以及|联合|(?<!部门)[和及](?=单位)|[和及](?!单位)|与|商")
#: What may stand before a verb in place of a body.
_NOBODY = re.compile(r"(?:[\s，,等并要应由]|共同|分别|各自|统一|具体|联合|主要|持续|扎实|有序|[相有]关(?:工作)?|做好)*")
_TWIN = re.compile(r"[（(〔](管委会|管理委员会)[）)〕]$")
_LONGEST = 300  # characters; no piece of names is longer, a bracket that was never closed is


@lru_cache(maxsize=8192)
def names_in(piece: str) -> tuple[tuple[Span, ...], str, tuple[Span, ...]]:
    """Spans of the bodies in a piece, the role of its verb (empty without), and spans that name nobody known."""
    if len(piece) > _LONGEST:
        return (), "", ((0, len(piece)),)
    names: list[Span] = []
    lost: list[Span] = []
    role, at, end = "", 0, len(piece)
    for verb in verb_pattern().finditer(piece):
        found = _bodies(piece, at, verb.start())
        names += found
        if not found and not _NOBODY.fullmatch(piece, at, verb.start()):
            lost.append(_trim(piece, at, verb.start()))
        role = role if role == "lead" and names and at > 0 else verb.lastgroup or ""
        at = verb.end()
    if piece[at:end].strip(" 　。等)）"):
        names += _bodies(piece, at, end)
        if not names and not role:
            lost.append(_trim(piece, at, end))
    return tuple(names), role, tuple(lost)


def _bodies(text: str, start: int, end: int) -> list[Span]:
    """Spans of one body, or of several joined by 和, 及, 会同; empty where nothing has a body's shape."""
    start, end = _trim(text, start, end)
    given = _GIVEN_BY.match(text, start, end)
    start = given.end() if given else start
    lead_in = _LEAD_IN.match(text[start:end])
    if lead_in and not is_body(text[start:end]):
        start += lead_in.end()
    others = _OTHERS.search(text, start, end)
    if others:
        return _bodies(text, start, others.start()) + _bodies(text, others.end(), end)
    etc = _ETC.search(text[start:end])
    if etc:
        end = start + etc.start()
    start, end = _trim(text, start, end)
    name = text[start:end]
    if len(clean(name)) < 2:
        return []
    known = clean(name) in bodies.forms() or bool(group_pattern().fullmatch(name))
    if not known:
        for joint in _JOINTS.finditer(name):
            left, right = name[: joint.start()], name[joint.end() :]
            if is_body(left) and (is_body(right) or _JOINTS.search(right)) and not _whole(name, left, right):
                return _bodies(text, start, start + joint.start()) + _bodies(text, start + joint.end(), end)
    twin = _TWIN.search(name)
    if twin:
        return [(start, start + twin.start()), (start + twin.start(1), start + twin.end(1))]
    return [(start, end)] if is_body(name) or ZONE.search(name) or _place(name) or is_stem(clean(name)) else []


def _whole(name: str, left: str, right: str) -> bool:
    """工业和信息化局 is one body although 和 stands in it: its left part is no body of the vocabulary."""
    bare = clean(left)
    return not (
        bare in bodies.forms()
        or any(bare[n:] in bodies.forms() for n in range(1, min(8, len(bare))))
        or group_pattern().fullmatch(left)
    )


def _place(name: str) -> bool:
    place = match_prefix(clean(name))
    return bool(place and place[1] == len(clean(name)))


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start] in BLANK:
        start += 1
    while end > start and text[end - 1] in " \t\n　。.*":
        end -= 1
    return start, end
