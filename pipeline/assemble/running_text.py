"""Bodies that the running text tells to act (GUIDELINES: departments)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from pipeline.assemble.established import named_short, set_up
from pipeline.assemble.naming import COMMITTEE, Context, Resolved, Rows, Span, enter
from pipeline.find.actors import Listed, part_of
from pipeline.find.brackets import Bracket
from pipeline.find.organisations import Mention, find_organisations, is_body
from pipeline.model import Measure, Organisation, Responsibility, Role
from pipeline.resolve.organisations import clean

_JOINT = re.compile(
    r"[（(〔]|[）)〕]?\s*(?:[、，,]?(?:以及|并会同|和|与|及|或)|[、，,]|等"
    r"|[、，,]?(?:应当|应|要|须|必须|负责|可|积极|将|共同|并)?(?:牵头)?(?:会同|联合|商))?\s*"
)
_TOLD = re.compile(r"[应要须将责导](?:当)?.{0,2}(?:会同|联合)|会同|联合|商")
_HELPED = re.compile(r"(?:应当|应|要|须|负责)?牵头[，,]?(?:会同|联合|商)")
_COLON = re.compile("[：:]")
_DUTY = re.compile(
    r"\s*[（(]?(?:第?[（(]?[\d一二三四五六七八九十]{1,3}[）)．.、条])?\s*(?P<who>[^，,。；;：:\n\d（）()]{2,60})[：:](?=[^\s\d])"
)
_PERSONS = re.compile(r"单位|组长|成员|地址|电话|领导|[主附]任|名单|联系|抄送|发送|负责人|依据|政府部门")
_OTHERS = re.compile(r"^等(?:监管|主管|相关|有关|职能|行政)?(?:部门|单位)")
_OF_LEVEL = re.compile(
    r"(?P<level>各?(?:[省市县区州旗镇乡]{1,3}（[省市县区州旗、]{1,8}）|(?<=各)[市县区州旗]{1,3}|市县|县区|区县|各级|[省市县]级以上))"
    r"(?!政府|人民|[和、])[^，。；：、（）要应须]{2,10}部门(?![、和与及以会])"
)
_NAMELESS = re.compile(r"各|[省市县区州]?[级直]|国务院|^[省市县区州](?:政府)?")


def from_text(context: Context, measure: Measure, brackets: list[Bracket], rows: Rows) -> None:
    """Bodies of the running text that are told to act; with a bracket only those it does not name, or leaders."""
    named = {name for name, _ in rows}
    for row in (*_duties(context, measure, brackets), *set_up(context, measure, brackets)):
        enter(rows, row)
    for start, end in _between(context.text, measure, brackets):
        for chain in _chains(context.text, _mentions(context, start, end), end):
            role = _role(context.text, chain, (start, end), bool(brackets))
            if role:
                for mention, part in _parts(context.text, chain, role):
                    _add_mention(context, mention, part, bool(brackets), named, rows)


def _mentions(context: Context, start: int, end: int) -> list[Mention]:
    """Bodies of the vocabulary and by shape, and those the document names in short (以下简称市港管中心)."""
    found = find_organisations(context.text, start, end, context.area)
    short = list(named_short(context, start, end))
    apart = [m for m in found if not any(s.start < m.end and m.start < s.end for s in short)]
    return sorted([*apart, *short], key=lambda m: m.start) if short else found


def _role(text: str, chain: list[Mention], span: Span, beside: bool) -> str:
    """What the words around a list make of it; 甲应当会同乙 is told before its second body."""

    def part(some: list[Mention]) -> str:
        listed = Listed(text, some[0].start, some[-1].end, *span, some[-1].kind, len(some) > 1)
        return part_of(listed, plainly=not beside)

    told = [n for n, (a, b) in enumerate(pairwise(chain), 1) if _TOLD.search(text[a.end : b.start])]
    return part(chain) or (part(chain[: told[0]]) if told else "")


def _parts(text: str, chain: list[Mention], role: str) -> Iterator[tuple[Mention, str]]:
    """The role of each body of a list: those after 甲牵头会同 help the one before."""
    gaps = (text[a.end : b.start] for a, b in pairwise(chain))
    leads = next((n for n, gap in enumerate(gaps, 1) if _HELPED.fullmatch(gap)), 0)
    for n, mention in enumerate(chain):
        yield mention, role if not leads else "lead" if n < leads else "support"


def _duties(context: Context, measure: Measure, brackets: list[Bracket]) -> Iterator[Responsibility]:
    """Lists of duties: a line that names a body and, after a colon, what it does (县财政局：落实资金)."""
    text = context.text
    for colon in _COLON.finditer(text, measure.start, measure.end):
        low = max(measure.start, 1 + max(text.rfind(mark, measure.start, colon.start()) for mark in "。；\n"))
        line = _DUTY.match(text, low, colon.end() + 1) if colon.start() - low < 70 else None
        if line is None:
            continue
        start, end = line.span("who")
        if any(b.start < end and start < b.end for b in brackets) or not _all_bodies(line["who"]):
            continue
        for part in re.finditer(r"[^、和]+(?:和[^、]{2,}?(?:办|局)$)?", line["who"]) if "、" in line["who"] else [None]:
            a, b = (start + part.start(), start + part.end()) if part else (start, end)
            org, match, _ = context.resolve(text[a:b])
            role: Role = "implement" if org.kind in ("government", "group") else "responsible"
            yield Responsibility(a, b, org, role, text[a:b], match, False, "roles.duties")


def _all_bodies(names: str) -> bool:
    return all(is_body(n) and not _PERSONS.search(n) for n in names.split("、"))


def _between(text: str, measure: Measure, brackets: list[Bracket]) -> list[Span]:
    begin = measure.body_start
    if text[measure.start : begin].rstrip().endswith(("。", "；", "：")):  # the title is a sentence that may give work
        begin = measure.start + len(measure.label) if text.startswith(measure.label, measure.start) else measure.start
    cuts = [begin, *(x for b in brackets for x in (b.start, b.end)), measure.end]
    return [(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=True) if a < b]


def _chains(text: str, mentions: list[Mention], end: int) -> list[list[Mention]]:
    """Mentions joined by 、 and 和 in one list."""
    chains: list[list[Mention]] = []
    for mention in mentions:
        if chains:
            gap = text[chains[-1][-1].end : mention.start]
            joint = _JOINT.fullmatch(_OTHERS.sub("", gap)) if len(gap) < 12 else None
            if joint:
                chains[-1].append(mention)
                continue
        chains.append([mention])
    return chains


def _add_mention(
    context: Context,
    mention: Mention,
    role: str,
    beside: bool,
    named: set[str],
    rows: Rows,
) -> None:
    if beside and mention.kind == "group":
        return
    org, match, _ = _meant(context, mention)
    acts: Role = "implement" if mention.kind == "government" else "responsible"
    gives: Role = "lead" if role == "lead" else "support" if role == "support" else acts
    told = rows.get((org.name, gives))
    if told is not None and not beside and told.start != mention.start:
        partners = mention.kind == "group" and _TOLD.search(context.text, mention.start - 2, mention.start)
        if not partners:  # 要联合有关部门…: the subject is another
            context.again.append(replace(told, start=mention.start, end=mention.end, printed=mention.printed))
        return
    if mention.kind == "group" and any(_same_group(org.name, name) for name, _ in rows):
        return
    if org.name in named and gives != "lead" or _nameless_committee(context, mention, org, match):
        return
    found = "roles.text_leads" if gives == "lead" else "roles.text_acts"
    enter(rows, Responsibility(mention.start, mention.end, org, gives, mention.printed, match, False, found))


def _nameless_committee(context: Context, mention: Mention, org: Organisation, match: str) -> bool:
    """管委会 alone, where the document names no committee that it could be."""
    nameless = org.name.endswith(COMMITTEE) and clean(mention.printed) == "管委会"
    return nameless and match == "alias" and org.name not in context.committees


def _same_group(one: str, other: str) -> bool:
    """市直有关部门 and 各相关部门 of one measure are the same departments; 各部门 are all of them."""
    bare, also = (_NAMELESS.sub("", name.replace("相关", "有关")) for name in (one, other))
    return bare == also and bare.endswith("部门") and len(bare) <= 4


def _level_before(text: str, at: int) -> str:
    """县（区） where the sentence named 县（区）水利部门 before: a department without a level is of that one too."""
    low = max(text.rfind("。", 0, at), text.rfind("\n", 0, at)) + 1
    found = _OF_LEVEL.search(text, low, at) if text[at] not in "省市县区州旗国" else None
    return found["level"] if found else ""


def _meant(context: Context, mention: Mention) -> Resolved:
    """The body a mention means; a general form means the body of the brackets that has its words."""
    level = mention.level or (_level_before(context.text, mention.start) if mention.kind == "general" else "")
    printed = level * (not mention.printed.startswith(level)) + mention.printed
    printed += "部门" if mention.stem else ""
    org, match, rule = context.resolve(printed)
    if mention.kind == "general" and org.name not in context.known:
        stem = mention.stem or re.sub(r"(?:行政)?(?:主管|监管)?(?:部门|机关)$", "", clean(mention.printed))
        same = [o for name, o in context.known.items() if stem in name or name.endswith(org.name)]
        if len(same) == 1:
            return same[0], "alias", "bodies.general"
    return org, match, rule
