"""What a responsibility bracket says: bodies with their roles, conventions, work given to all later items."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Literal

from pipeline.find.brackets import Bracket, label_pattern, verb_pattern
from pipeline.find.organisations import is_body
from pipeline.model import Role
from pipeline.resolve import bodies
from pipeline.resolve.groups import pattern as group_pattern
from pipeline.resolve.organisations import clean, prefix_of

Convention = Literal["", "first", "comma"]

_FIRST = re.compile(
    r"(?:列|排|排名|排序|排列)?在?(?:第一(?!个逗)(?:位|名|个)?|首位|首个|最前面?|前面)(?:单位|部门)?[者的]*(?:单位|部门)?(?:作为|为|是|系)(?:总?牵头|主责|主办)"
)
_COMMA = re.compile(r"第一个逗号[前之以面的]*(?:单位|部门)?[者的]*(?:单位|部门)?(?:作为|为|是)牵头")
_LATER = re.compile(
    r"^(?P<own>(?:本|此)(?:条|项|款)(?:及|和|、|以及))?(?:以下|下列|以上各?项?及以下|后续)[^，,]{0,12}?(?:均|都|各)?(?:需要?|由|须|应)(?P<who>.+?)(?P<verb>负责落实|贯彻落实|组织实施|落实|负责|实施|配合|参与)"
)
_LEAD_IN = re.compile(r"^(?:并?由|请|其中|以及|及|和|与|会同|联合|商|同时|以|会|、)+(?=.{2})")
_OTHERS = re.compile(
    r"等(?=(?:国务院|中央|省|市|县|区)?[直级]?(?:政府)?(?:有关|相关|责任)(?:职能|行业|主管)?(?:部门|单位))"
)
_ETC = re.compile(r"等(?:[^，、；]{0,6}(?:部门|单位|机构|公司|企业))?$")
_JOINTS = re.compile(r"会同|以及|联合|和|及|与|商")
_OPEN, _CLOSE = "（(〔[【〈", "）)〕]】〉"


@dataclass(frozen=True, slots=True)
class Named:
    """A body named in a bracket, `text[start:end]`, with the role that the words give it."""

    start: int
    end: int
    printed: str
    role: Role
    carried: str
    commas: int  # how many commas stand before it since its label
    rule: str
    plain: bool = True  # no lead or support was printed: a convention may say who leads


@dataclass
class Reading:
    """What one bracket says."""

    named: list[Named] = field(default_factory=list)
    later: list[Named] = field(default_factory=list)  # for all later measures too
    convention: Convention = ""
    lasting: bool = False
    unread: list[tuple[int, int]] = field(default_factory=list)


def convention_of(text: str) -> Convention:
    """The convention that a clause states; empty for none."""
    return "comma" if _COMMA.search(text) else "first" if _FIRST.search(text) else ""


def read(text: str, bracket: Bracket) -> Reading:
    """Bodies and roles of a bracket; `unread` are pieces that name nobody known."""
    out = Reading()
    state = _State(bracket.rule)
    for start, end in _pieces(text, bracket.inner_start, bracket.inner_end, "。；;\n"):
        part = text[start:end]
        convention = convention_of(part)
        if convention:
            out.convention, out.lasting = convention, "下同" in part
        later = _LATER.match(part.lstrip())
        if later:
            at = start + len(part) - len(part.lstrip())
            _read_later(text, at, later, state, out)
        else:
            _read_part(text, start, end, state, out, skip=bool(convention))
    return out


@dataclass
class _State:
    rule: str
    role: Role | None = None
    off: bool = False
    carried: str = ""
    commas: int = 0


def _read_later(text: str, at: int, later: re.Match[str], state: _State, out: Reading) -> None:
    start, end = at + later.start("who"), at + later.end("who")
    inner = Reading()
    _read_part(text, start, end, _State("roles.all_later", carried=state.carried), inner)
    works = later["verb"] not in ("配合", "参与")
    for n in inner.named:
        role: Role = ("implement" if _local(n.printed) else "responsible") if works else "support"
        out.later.append(replace(n, role=role, plain=False, rule="roles.all_later"))
    if later["own"]:
        out.named.extend(n for n in out.later)


def _read_part(text: str, start: int, end: int, state: _State, out: Reading, skip: bool = False) -> None:
    """One part between 。 and ；: pending names get the role of the verb that follows them."""
    pending: list[Named] = []
    lead = False
    for a, b, mark in _segments(text, start, end, state):
        if mark == "，":
            state.commas += 1
        if (
            state.off
            or skip
            and convention_of(text[a:b])
            or re.search(r"下同|不再|职责分工(?!负责)|^\s*多个", text[a:b])
        ):
            continue
        names, verb, rest = _names(text, a, b)
        pending.extend(
            Named(s, e, text[s:e], "responsible", _carry(text[s:e], state), state.commas, state.rule) for s, e in names
        )
        if rest and not names:
            out.unread.append(rest)
        if verb:
            lead = lead or verb == "lead"
            out.named.extend(_settled(n, verb) for n in pending)
            pending = []
    last: Role = state.role or ("support" if lead else "responsible")
    out.named.extend(replace(n, role=last, plain=last == "responsible") for n in pending)


def _settled(named: Named, verb: str) -> Named:
    if verb == "implement":
        return replace(named, role="implement" if _local(named.printed) else "responsible")
    role: Role = "lead" if verb == "lead" else "support" if verb == "support" else "responsible"
    return replace(named, role=role, plain=role == "responsible")


def _local(printed: str) -> bool:
    """A local government or the administrative committee of a zone."""
    return bool(re.search(r"政府|管委会|管理委员会|办事处|行署|执委会|^各(?!.*(?:部门|单位))", clean(printed)))


def _carry(printed: str, state: _State) -> str:
    word = prefix_of(printed)
    if word:
        state.carried = word
        return ""
    return state.carried


def _pieces(text: str, start: int, end: int, marks: str) -> list[tuple[int, int]]:
    """[start, end) cut at `marks` outside brackets."""
    out, depth, at = [], 0, start
    for i in range(start, end):
        char = text[i]
        depth += (char in _OPEN) - (char in _CLOSE)
        if char in marks and depth <= 0:
            out.append((at, i))
            at, depth = i + 1, 0
    out.append((at, end))
    return [(a, b) for a, b in out if text[a:b].strip()]


def _segments(text: str, start: int, end: int, state: _State) -> list[tuple[int, int, str]]:
    """(start, end, mark before) of the pieces between 、 and ，, groups whole; labels set the state's role."""
    out: list[tuple[int, int, str]] = []
    at, mark, depth, i = start, "", 0, start
    while i < end:
        label = label_pattern().match(text, i, end) if i == at or not text[at:i].strip() else None
        if label:
            role = label.lastgroup
            state.off, state.commas = role == "off", 0
            state.role = None if role == "off" else role  # type: ignore[assignment]
            at = i = label.end()
            mark = ""
            continue
        group = group_pattern().match(text, i, end) if depth == 0 and text[i] in _GROUP_HEADS else None
        if group and group.end() - i > 2:
            i = group.end()
            continue
        char = text[i]
        depth += (char in _OPEN) - (char in _CLOSE)
        if depth <= 0 and char in "、，,/":
            out.append((at, i, mark))
            at, mark, depth = i + 1, "，" if char in "，," else "、", 0
        i += 1
    out.append((at, end, mark))
    return [(a, b, m) for a, b, m in out if text[a:b].strip() and not _muted(state, out)]


_GROUP_HEADS = frozenset("各有相沿全所两二三四五六七八九十乡镇市省县国区")


def _muted(state: _State, out: list[tuple[int, int, str]]) -> bool:
    return state.off and len(out) == 1


def _names(text: str, start: int, end: int) -> tuple[list[tuple[int, int]], str, tuple[int, int] | None]:
    """Spans of the bodies in a piece, the role of its verb (empty without), and what could not be read."""
    names: list[tuple[int, int]] = []
    role = ""
    at = start
    for verb in verb_pattern().finditer(text[start:end]):
        names += _bodies(text, at, start + verb.start())
        role = role if role == "lead" and names and at > start else verb.lastgroup or ""
        at = start + verb.end()
    tail = _bodies(text, at, end) if text[at:end].strip(" 　。等)）") else []
    names += tail
    return names, role, None if names or role else (start, end)


def _bodies(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of one body, or of several joined by 和, 及, 会同; empty where nothing has a body's shape."""
    start, end = _trim(text, start, end)
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
    twin = re.search(r"[（(〔](管委会|管理委员会)[）)〕]$", name)
    if twin:
        return [(start, start + twin.start()), (start + twin.start(1), start + twin.end(1))]
    return [(start, end)] if is_body(name) or _place(name) else []


def _whole(name: str, left: str, right: str) -> bool:
    """工业和信息化局 is one body although 和 stands in it: its left part is no body of the vocabulary."""
    bare = clean(left)
    return not (
        bare in bodies.forms()
        or any(bare[n:] in bodies.forms() for n in range(1, min(8, len(bare))))
        or group_pattern().fullmatch(left)
    )


def _place(name: str) -> bool:
    from pipeline.resolve.regions import match_prefix

    place = match_prefix(clean(name))
    return bool(place and place[1] == len(clean(name)))


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " \t\n　·*":
        start += 1
    while end > start and text[end - 1] in " \t\n　。.*":
        end -= 1
    return start, end
