"""Bodies that a document sets up: their short names, the work they are set up for, the sections that are theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.assemble.naming import Context
from pipeline.find.brackets import Bracket
from pipeline.find.organisations import Mention, is_body
from pipeline.model import Measure, Responsibility
from pipeline.resolve.organisations import clean

_NOUN = "(?:领导小组办公室|联席会议办公室|领导小组|工作专班|专班|指挥部|联席会议|委员会|办公室|工作组|协调小组|小组)"
_NAME = rf"[“\"]?(?P<who>[^，。；：（）()\n]{{2,36}}?{_NOUN})[”\"]?"
_SET_UP = re.compile(
    r"(?:成立|设立|组建|建立)(?:了)?(?:由[^，。；“”\n]{2,50}(?:的|组成的))?"
    + _NAME
    + r"(?:[（(][^（）()\n]{2,30}[）)])?(?:制度)?"
    r"(?:[，,](?:统筹|负责|承担|具体|组织|协调|统一)|(?P<ends>[，,。；;]))"
)
_SHORT = re.compile(r"[（(]以下(?:统?简称|称)[:：]?[“\"「]?(?P<short>[^（）()”\"」，。\n]{2,16})[”\"」]?[）)]")
_BEFORE_SHORT = re.compile(rf"(?P<who>[^，。；：（）()\n]{{2,40}}{_NOUN})[”\"]?$")
_FROM_MARK = re.compile(r"[^，。；：、（）()《》“”\n\s]{4,40}$")
_VERBS = re.compile(
    r"^.*(?:成立|设立|组建|建立|调整|充实|下设|由|以|经|为|对|向|报|是|在|请)(?=.{4})|^(?:市|县|区|省)?(?:政府|委)?决定"
)
_HEAD = re.compile(
    r"\s*(?:[（(]?[\d一二三四五六七八九十]{1,3}[）)．.、]\s*)?(?P<who>[^（）()：:。\n]{2,30}?)(?:职责|工作职责|主要职责)?[：:。]?\s*$"
)
_GROUP = re.compile(r"组$|办公室$|专班$|指挥部$")
_LATER = re.compile(r"(?:领导小组|联席会议|指挥部|专班)(?:办公室)?$")


def learn_names(context: Context) -> None:
    """Short names that the document defines or that can mean only the one body it sets up."""
    text, low, high = context.text, context.document.start, context.document.end
    for hit in _SHORT.finditer(text, low, high):
        named = _BEFORE_SHORT.search(text[max(low, hit.start() - 44) : hit.start()])
        if named is None:
            _learn_body(context, hit, low)
            continue
        whole, short = _bare(named["who"]), hit["short"]
        context.aliases.setdefault(short, whole)
        if _LATER.search(short) and not short.endswith("办公室"):
            context.aliases.setdefault(short + "办公室", whole + "办公室")
    for noun in ("领导小组", "联席会议", "指挥部"):
        names = {_bare(m["who"]) for m in _SET_UP.finditer(text, low, high) if m["who"].endswith(noun)}
        if len(names) == 1 and noun not in context.aliases and (whole := names.pop()) != noun:
            context.aliases |= {noun: whole, noun + "办公室": whole + "办公室"}


def _learn_body(context: Context, hit: re.Match[str], low: int) -> None:
    """云海市港口管理服务中心（以下简称市港管中心）: the words from the last mark to the bracket are the body."""
    words = _FROM_MARK.search(context.text[max(low, hit.start() - 44) : hit.start()])
    if words and len(hit["short"]) > 2 and len(words[0]) > len(hit["short"]) and is_body(words[0]):
        context.aliases.setdefault(hit["short"], words[0])
        context.short.append(hit["short"])


def named_short(context: Context, start: int, end: int) -> Iterator[Mention]:
    """Where the text calls a body by the short name that the document gave it."""
    for short in context.short:
        at = context.text.find(short, start, end)
        while at >= 0:
            if context.text[at - 1 : at] not in ("称", "“"):  # not where it is given
                yield Mention(at, at + len(short), short, "body", "roles.defined")
            at = context.text.find(short, at + len(short), end)


def _bare(name: str) -> str:
    return _VERBS.sub("", clean(name)).strip('“”"') if "“" not in name else _VERBS.sub("", clean(name))


def set_up(context: Context, measure: Measure, brackets: list[Bracket]) -> Iterator[Responsibility]:
    """成立…专班，统筹…: a body that is set up to do the work that follows."""
    for hit in _SET_UP.finditer(context.text, measure.body_start, measure.end):
        start, end = hit.span("who")
        if hit["ends"] or any(b.start < end and start < b.end for b in brackets):
            continue
        org, match, _ = context.resolve(hit["who"])
        yield Responsibility(start, end, org, "responsible", hit["who"], match, False, "roles.set_up")


def of_section(context: Context, measure: Measure) -> Responsibility | None:
    """The body whose section a measure stands in: its numbered items are the body's duties (（一）宣传组)."""
    head = _HEAD.match(measure.path[-1]) if measure.path else None
    name = head["who"] if head else ""
    if not name or not (_GROUP.search(name) and len(name) > 3 or is_body(name)) or name.endswith("领导小组"):
        return None
    at = context.text.rfind(name, context.document.start, measure.start)
    if at < 0:
        return None
    org, match, _ = context.resolve(name)
    return Responsibility(at, at + len(name), org, "responsible", name, match, True, "roles.section")
