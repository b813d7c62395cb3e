"""What a responsibility bracket says: bodies with their roles, conventions, work given to all later items."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Literal, NamedTuple

from pipeline.assemble.pieces import BLANK, names_in
from pipeline.find.brackets import Bracket, label_pattern, role_of
from pipeline.model import Role
from pipeline.resolve.groups import anchor
from pipeline.resolve.groups import pattern as group_pattern
from pipeline.resolve.organisations import clean, prefix_of

Convention = Literal["", "first", "comma"]

_FIRST = re.compile(
    r"(?:列|排|排名|排序|排列)?在?(?:第一(?!个逗)(?:位|名|个)?|首位|首个|最前面?|前面)(?:单位|部门)?[者的]*(?:单位|部门)?(?:作为|为|是|系)(?:总?牵头|主责|主办)"
)
_COMMA = re.compile(r"第一个逗号[前之以面的]*(?:单位|部门)?[者的]*(?:单位|部门)?(?:作为|为|是)牵头")
_LATER = re.compile(
    r"^(?P<own>(?:本|此)(?:条|项|款)(?:及|和|、|以及))?(?:以下|下列|以上各?项?及以下|后续)[^，,]{0,12}?(?:均|都|各)?(?:"
    r"(?:需要?|由|须|应)(?P<who>.+?)(?P<verb>负责落实|贯彻落实|组织实施|落实|负责|实施|配合|参与)"
    r"|(?:包括|包含|含)(?P<also>.+?)(?=[，,；;](?:不再|下同)|$))"
)
_NO_BODIES = re.compile(r"下同|不再|职责分工(?!负责)|^\s*(?:多个|长期|持续|全年|常年|立即|每[年月季]|年底|\d)")
_OF_A_BODY = re.compile(r"(?!.{0,20}(?:推进|坚持|完成|实施|负责|落实|整改|长期|持续|其他|[年月日按前]))[^\W\d_]{3,20}")
#: What a name takes in or means: 各区人民政府（含开发区管委会，下同）.
_REMARK = re.compile(
    r"\s*[（(〔\[【〈](?:含|包括|不含|不包括|除|下同|以下简?称)[^（(〔\[【〈）)〕\]】〉\n]{0,80}[）)〕\]】〉]\s*$"
)
_LOCAL = re.compile(r"政府|管委会|管理委员会|办事处|行署|执委会|^各(?!.*(?:部门|单位))")
_SPLIT, _SPLIT_OR_BRACKET = re.compile(r"[。；;\n]"), re.compile(r"[。；;\n（(〔\[【〈）)〕\]】〉]")
_OPEN, _CLOSE = "（(〔[【〈", "）)〕]】〉"


class Named(NamedTuple):
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
    if "第" not in text and "首" not in text and "前" not in text:
        return ""
    return "comma" if _COMMA.search(text) else "first" if _FIRST.search(text) else ""


def read(text: str, bracket: Bracket) -> Reading:
    """Bodies and roles of a bracket; `unread` are pieces that name nobody known."""
    out = Reading()
    state = _State(bracket.rule)
    for start, end in _pieces(text, bracket.inner_start, bracket.inner_end):
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
    who = "who" if later["who"] else "also"  # 以下责任单位均包括各区政府
    start, end = at + later.start(who), at + later.end(who)
    inner = Reading()
    _read_part(text, start, end, _State("roles.all_later", carried=state.carried), inner)
    works, also = later["verb"] not in ("配合", "参与"), who == "also"
    for n in inner.named:
        role: Role = ("implement" if _local(n.printed) and not also else "responsible") if works else "support"
        out.later.append(n._replace(role=role, plain=False, rule="roles.all_later"))
    if later["own"] or also:
        out.named.extend(n for n in out.later)


@dataclass
class _Part:
    """Bodies of a part that wait for the verb that follows them."""

    waiting: list[tuple[int, int, str, int]] = field(default_factory=list)  # start, end, carried, commas
    lead: bool = False

    def settle(self, text: str, state: _State, verb: str, out: Reading) -> None:
        """The waiting bodies get the role of a verb, or of the label before them where `verb` is empty."""
        role: Role = state.role or ("support" if self.lead else "responsible")
        for s, e, carried, commas in self.waiting:
            printed = text[s:e]
            given = _given(printed, verb) if verb else role
            out.named.append(Named(s, e, printed, given, carried, commas, state.rule, given == "responsible"))
        self.lead = self.lead or verb == "lead"
        self.waiting = []


def _given(printed: str, verb: str) -> Role:
    if verb == "implement":
        return "implement" if _local(printed) else "responsible"
    return "lead" if verb == "lead" else "support" if verb == "support" else "responsible"


def _read_part(text: str, start: int, end: int, state: _State, out: Reading, skip: bool = False) -> None:
    """One part between 。 and ；: waiting names get the role of the verb or the label that follows them."""
    part = _Part()
    for a, b, mark, label in _segments(text, start, end):
        if label:
            part.settle(text, state, "", out)
            state.off, state.commas = label == "off", 0
            state.role = None if label == "off" else label  # type: ignore[assignment]
        elif mark == "，":
            state.commas += 1
        piece = _REMARK.sub("", text[a:b])
        if state.off or skip and convention_of(piece) or _NO_BODIES.search(piece):
            continue
        names, verb, lost = names_in(piece)
        part.waiting.extend((a + s, a + e, _carry(piece[s:e], state), state.commas) for s, e in names)
        if lost and state.role and not verb:  # what a label lists is a body, of whatever name
            names = tuple(s for s in lost if _OF_A_BODY.fullmatch(piece, *s))
            lost = tuple(s for s in lost if s not in names)
            part.waiting.extend((a + s, a + e, _carry(piece[s:e], state), state.commas) for s, e in names)
        out.unread.extend((a + s, a + e) for s, e in lost)
        if verb:
            part.settle(text, state, verb, out)
    part.settle(text, state, "", out)


def _local(printed: str) -> bool:
    """A local government or the administrative committee of a zone."""
    return bool(_LOCAL.search(clean(printed)))


def _carry(printed: str, state: _State) -> str:
    """The level word that a list carries on to a name without one; a group of governments ends it."""
    if _LOCAL.search(printed) and group_pattern().fullmatch(printed):
        state.carried = ""
        return ""
    word = prefix_of(printed)
    if word:
        state.carried = word
        return ""
    return state.carried


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """[start, end) cut at 。；; and line ends outside brackets."""
    if not _SPLIT.search(text, start, end):
        return [(start, end)] if text[start:end].strip() else []
    out, depth, at = [], 0, start
    for hit in _SPLIT_OR_BRACKET.finditer(text, start, end):
        char = hit[0]
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth -= 1
        elif depth <= 0:
            out.append((at, hit.start()))
            at, depth = hit.end(), 0
    out.append((at, end))
    return [(a, b) for a, b in out if text[a:b].strip()]


@cache
def _marks() -> re.Pattern[str]:
    blank = r"(?<=[局委厅办部会院府])[ \u3000]+(?=[省市县区州各国])"  # bodies with a blank between them
    return re.compile(
        rf"[、，,/]|(?P<open>[（(〔\[【〈])|(?P<close>[）)〕\]】〉])|{blank}|(?P<group>{anchor().pattern})"
    )


def _segments(text: str, start: int, end: int) -> Iterator[tuple[int, int, str, str]]:
    """(start, end, mark before, role of the label before) of the pieces between 、 and ，, groups whole."""
    if text.find("：", start, end) >= 0 or text.find(":", start, end) >= 0:
        cuts = [start, *(m.start() for m in label_pattern().finditer(text, start, end) if m.start() > start), end]
        for a, b in pairwise(cuts):
            yield from _between_marks(text, a, b, labelled=True)
    else:
        yield from _between_marks(text, start, end, labelled=False)


def _between_marks(text: str, start: int, end: int, labelled: bool) -> Iterator[tuple[int, int, str, str]]:
    """Pieces of a stretch that begins with its label, if any."""
    mark, depth, skip = "", 0, start
    at, label = _after_label(text, start, end) if labelled else (start, "")
    for hit in _marks().finditer(text, at, end):
        kind = hit.lastgroup
        if hit.start() < skip:
            continue
        if kind == "group":
            group = group_pattern().match(text, hit.start(), end) if depth == 0 else None
            skip = group.end() if group and len(group[0]) > 2 else skip
        elif kind:
            depth += 1 if kind == "open" else -1
        elif depth <= 0:
            if text[at : hit.start()].strip() or label:
                yield at, hit.start(), mark, label
            mark, depth = "，" if hit[0] in "，," else "、", 0
            at, label = _after_label(text, hit.end(), end) if labelled else (hit.end(), "")
    if text[at:end].strip() or label:
        yield at, end, mark, label


def _after_label(text: str, start: int, end: int) -> tuple[int, str]:
    """Where a piece begins after its label, and the label's role; `start` and empty without a label."""
    while start < end and text[start] in BLANK:
        start += 1
    label = label_pattern().match(text, start, end)
    return (label.end(), role_of(label) or "off") if label else (start, "")
