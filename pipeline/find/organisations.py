"""Organisations named in running text: bodies, general forms, groups, with where they stand."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from pipeline.find.shapes import find_shapes
from pipeline.model import Territory
from pipeline.resolve import bodies
from pipeline.resolve.groups import find_groups, levels
from pipeline.resolve.groups import pattern as group_pattern
from pipeline.resolve.organisations import clean
from pipeline.resolve.regions import branch_heads, match_prefix

Kind = Literal["body", "general", "government", "group"]

#: Where a form may end.
_TAIL = re.compile(
    r"委员会|电视台|日报社|委|局|厅|办公室|办公厅|办|部门|机关|部|署|政府|中心|公司|集团|银行|分行|支行|工会|联会|协会|妇联|工商联|残联|科协|侨联"
    r"|法院|检察院|政协|人大|支队|大队|总队|合作社|总社|海关|科学院|研究室|督查室|参事室|公积金中心|党校|机构|证监会|保监会"
)
_SHAPE = re.compile(
    r"(?:局|委|委员会|厅|办|办公室|办公厅|部|署|政府|管委会|中心|公司|集团|银行|分行|支行|工会|妇联|工商联|残联|科协|侨联|联合会"
    r"|法院|检察院|政协|人大|支队|大队|总队|合作社|海关|研究院|科学院|大学|学院|学校|营业部|(?:司法|派出|财政|研究|管理|监测|执法)所|服务站|村委会|居委会|党支部|资本|指挥部|领导小组|专班|部门|办事处|协会|供电公司|街道|分局|总站|执委会)$"
)
_NOT_BODY = re.compile(r"[，。；：！？“”《》\d]|企业|项目|行为|除外|自行|社会资|社会力|群众|简称|统称")
#: What makes another word of the form before it: 局长, 委员, 办法, 部分.
_WORD_GOES_ON = re.compile(r"[长员法理事级位署件属队品委内网面限托派案税]|分(?!别|工|头|解)|落(?!实)")
_CARRIERS = ("国网", "南网")
_LEVELS_BEFORE = 7  # characters of the longest word for levels (县级以上地方)
_LEVEL = "省市县区州旗盟"
_LINKS = ("、", "和", "与", "及", "以及")
_COMMITTEE = re.compile("管委会|管理委员会")
_RUN = re.compile(r"[^\W\d_a-zA-Z]{0,13}\Z")
_OF_A_GOVERNMENT = re.compile(r"国务院|国家|当地|属地|同级|辖区|地方|[^\W\d_a-zA-Z]{1,8}?政府|(?:所在地)?[省市县区]级?")
_ATTRIBUTE = re.compile(
    r"(?:^|[，,。；;：:\n])([^\W\d_a-zA-Z的要应]{2,12}(?:区域|流域|地区|沿线)(?:、[^\W\d_a-zA-Z]{0,4}(?:区域|流域))?)$"
)
_TO_TOWNS = re.compile(r"(?<=[县区市])[、和及](?=(?:乡镇|镇街|镇|乡)(?:[（(]街道[^（）()]{0,3}[）)])?$)")
_OF_A_TRADE = ("主管", "行政主管", "行政管理", "监管")
_AND_OTHERS = re.compile(r"等?(?:监管|行政|行业|主管|相关|有关|职能|行政主管|行业主管)?部门")
#: A member of a list outside the vocabulary, from mark to mark.
_MEMBER = re.compile(r"(?:^|[、，,。；;\n])(?P<word>[^\W\d_a-zA-Z]{2,6})$")
#: Shapes that are as sure as a form of the vocabulary.
_SURE = ("bodies.unknown", "bodies_vertical.head", "bodies_party.league")
_NAMELESS = re.compile(r"部门|单位|机构|委办局")


class Mention(NamedTuple):
    """`text[start:end]` names an organisation. `stem` is set for members of 甲、乙等部门 (住房城乡建设).

    `level` are the governments that the first of a list names for all of it (各级 of 各级水利、财政部门).
    """

    start: int
    end: int
    printed: str
    kind: Kind
    rule: str
    stem: str = ""
    level: str = ""


@lru_cache(maxsize=8192)
def is_body(name: str) -> bool:
    """Whether a name has the shape of an organisation: a form of the vocabulary, a group, a known ending."""
    name = re.sub(r"（[^（）]{0,20}）", "", clean(name)) if not group_pattern().fullmatch(clean(name)) else clean(name)
    name = re.sub(r"等$|机关$", "", name)
    if len(name) < 2 or group_pattern().fullmatch(name):
        return len(name) >= 2
    if name in bodies.forms() or name[1:] in bodies.forms():
        return True
    return not _NOT_BODY.search(name) and len(name) <= 30 and bool(_SHAPE.search(name))


def find_organisations(
    text: str, start: int = 0, end: int | None = None, within: Territory | None = None
) -> list[Mention]:
    """Mentions in `text[start:end]` in order, without overlap; offsets are into `text`.

    `within` is the issuer's territory, inside whose province counties are known by their names.
    """
    stop = len(text) if end is None else end
    shapes = [
        Mention(a, b, text[a:b], _kind_of(rule), rule, s) for a, b, rule, s in find_shapes(text, start, stop, is_stem)
    ]
    offices = [m for m in shapes if m.rule in _SURE]
    kept = _apart(text, [*_groups(text, start, stop), *_bodies(text, start, stop, within), *offices], within)
    return _beside(kept, [m for m in shapes if m.rule not in _SURE])


def _kind_of(rule: str) -> Kind:
    return "body" if rule in _SURE else "government" if rule == "bodies_groups.committee" else "general"


def _beside(known: list[Mention], shapes: list[Mention]) -> list[Mention]:
    """With the shapes that no known mention touches; what is known is surer."""
    sure = set(known)
    out: list[Mention] = []
    for mention in sorted({(m.start, m.end): m for m in (*shapes, *known)}.values(), key=lambda m: (m.start, -m.end)):
        last = out[-1] if out else None
        if last is None or last.end <= mention.start:
            out.append(mention)
        elif last in sure and mention not in sure:
            continue
        elif mention in sure and last not in sure and not _longer(last, mention):
            out[-1] = mention
    return out


def _longer(shape: Mention, known: Mention) -> bool:
    """宣传教育部门 is no 教育部门; 县政府教育部门 is."""
    if (
        known.kind != "general"
        and not known.printed.startswith(_OF_A_TRADE)
        or shape.end != known.end
        or shape.start >= known.start
    ):
        return False
    return not _OF_A_GOVERNMENT.fullmatch(shape.printed[: known.start - shape.start])


def _apart(text: str, found: list[Mention], within: Territory | None) -> list[Mention]:
    """The mentions in order, without overlap, the longer of two that touch."""
    found.sort(key=lambda m: (m.start, -m.end))
    kept: list[Mention] = []
    for mention in found:
        if kept and _many(text, kept[-1], mention, within):
            first = kept[-1].start  # 各县（市、区）住建局: the bureaux of many governments
            kept[-1] = Mention(first, mention.end, text[first : mention.end], "group", "bodies_groups.bureaux")
        elif kept and _stem_of_many(kept[-1], mention):
            many = kept[-1]  # 各县（市、区）水利、财政部门: the level of all of them
            printed = text[many.start : mention.end]
            kept[-1] = mention._replace(start=many.start, printed=printed, kind="group", level=many.printed)
        elif kept and _shares_level(text, kept[-1], mention):
            kept.append(mention._replace(kind="group", level=kept[-1].level))
        elif kept and mention.start == kept[-1].end and kept[-1].printed in branch_heads():
            first = kept[-1].start  # 国家税务总局云海市税务局 is one body
            kept[-1] = Mention(first, mention.end, text[first : mention.end], "body", mention.rule)
        elif not kept or mention.start >= kept[-1].end:
            kept.append(mention)
        elif mention.end - mention.start > kept[-1].end - kept[-1].start:
            kept[-1] = mention
    return kept


def _many(text: str, governments: Mention, mention: Mention, within: Territory | None) -> bool:
    """各县（市、区）住建局 and 各市、州、县住建局, but not 各地各部门."""
    if governments.kind != "government" or mention.stem or mention.printed.startswith("各"):
        return False
    if governments.end < mention.start:  # a county's bureau in a list of levels is no bureau of the issuer's
        below = within is not None and within.level in ("national", "province", "city")
        listed = text[governments.end : mention.start] == "、" and governments.printed.startswith("各")
        return below and listed and mention.printed[0] in "县区旗" and not governments.printed.endswith("政府")
    return mention.start <= governments.end < mention.end


def _stem_of_many(governments: Mention, mention: Mention) -> bool:
    """各县（市、区） right before the bare name of a department, whose own the last level may seem (各市县水利)."""
    whole = governments.kind == "government" and governments.printed.startswith("各")
    return whole and bool(mention.stem) and mention.start <= governments.end < mention.end


def _shares_level(text: str, first: Mention, mention: Mention) -> bool:
    """财政部门 of 各级水利、财政部门: the list goes on, its level too."""
    listed = bool(first.level and first.stem) and mention.kind == "general" and mention.printed[0] not in _LEVEL
    return listed and text[first.end : mention.start] in _LINKS


def _groups(text: str, start: int, stop: int) -> list[Mention]:
    found = []
    for hit in find_groups(text, start, stop):
        printed = hit[0]
        if between := _TO_TOWNS.search(printed):  # 各区县、乡镇（街道） are two levels
            a, b, c = hit.start(), hit.start() + between.start(), hit.start() + between.end()
            found += [
                Mention(x, y, text[x:y], "government", "bodies_groups.governments") for x, y in ((a, b), (c, hit.end()))
            ]
            continue
        if printed.startswith("地方") and (more := _ATTRIBUTE.search(text[max(start, hit.start() - 24) : hit.start()])):
            first = hit.start() - len(more[1])
            found.append(Mention(first, hit.end(), text[first : hit.end()], "government", "bodies_groups.governments"))
            continue
        twin = re.search(r"[（(〔](管委会|管理委员会)[）)〕]$", printed)
        cut = hit.start() + twin.start() if twin else hit.end()
        local = not _NAMELESS.search(printed)
        rule = "bodies_groups.governments" if local else "bodies_groups.departments"
        found.append(Mention(hit.start(), cut, text[hit.start() : cut], "government" if local else "group", rule))
        if twin:
            at = hit.start() + twin.start(1)
            found.append(Mention(at, at + len(twin[1]), twin[1], "government", "bodies_groups.committee"))
    return found


def _bodies(text: str, start: int, stop: int, within: Territory | None) -> list[Mention]:
    known, found = bodies.forms(), []
    for hit in _TAIL.finditer(text, start, stop):
        at = hit.end()
        sizes = bodies.sizes().get(text[at - 1], ())
        size = next((n for n in sizes if n <= at - start and text[at - n : at] in known), 0)
        if not size:
            if hit[0] == "部门":
                found.extend(_listed(text, start, hit.start(), at, within))
            continue
        if at < stop and hit[0] not in ("部门", "机关") and _WORD_GOES_ON.match(text, at, stop):
            continue
        first = _with_territory(text, start, at - size, within)
        if text[first:at] in ("人民政府", "政府", "人大", "政协", "机构", "法院", "检察院"):  # anybody's
            continue
        general = hit[0] in ("部门", "机关")
        rule = "bodies.general" if general else "bodies.department"
        if general:
            found.extend(_listed(text, start, first, at, within, skip=True))
        several = _of_levels(text, start, first, at) or first < at - size and _of_levels(text, start, at - size, at)
        if (general or rule == "bodies.department") and (many := several):
            found.append(many)
            continue
        found.append(Mention(first, at, text[first:at], "general" if general else "body", rule))
    for hit in _COMMITTEE.finditer(text, start, stop):
        run = _RUN.search(text[max(start, hit.start() - 13) : hit.start()])
        first = hit.start() - len(run[0].lstrip("由向经报和与及对请的会同以") if run else "")
        found.append(Mention(first, hit.end(), text[first : hit.end()], "government", "bodies_groups.committee"))
    return found


def _of_levels(text: str, start: int, first: int, end: int) -> Mention | None:
    """各级生态环境部门: a department of every level, named in one."""
    low = max(start, first - _LEVELS_BEFORE)
    hits = (m for m in levels().finditer(text, low, first) if m.end() == first)
    found = next(hits, None)
    return Mention(found.start(), end, text[found.start() : end], "group", "bodies_groups.bureaux") if found else None


def _with_territory(text: str, start: int, at: int, within: Territory | None) -> int:
    """Where a name begins whose form begins at `at`: a level word or a division's name before it belongs to it."""
    if text[at] == "委" and at > start or at > start and text[at - 1] in _LEVEL:
        inner = at - 1
        back = _place_before(text, start, at, within)
        return back if back < inner else inner if text[inner] in _LEVEL else at
    first = _place_before(text, start, at, within)
    return first - 2 if first < at and text.startswith(_CARRIERS, max(start, first - 2)) else first


def _place_before(text: str, start: int, at: int, within: Territory | None) -> int:
    for size in range(min(12, at - start), 1, -1):
        place = match_prefix(text[at - size : at], within)
        if place and place[1] == size:
            return at - size
    return at


def _listed(
    text: str, start: int, before: int, end: int, within: Territory | None, skip: bool = False
) -> list[Mention]:
    """Members of 住房城乡建设、城管等部门: bare stems joined by 、 in front of the noun."""
    at = stop_at = before if skip else before - _others(text, start, before, end)
    found: list[Mention] = []
    unknown: list[Mention] = []
    while True:
        if skip or found or unknown:
            if stop_at - 1 < start or text[stop_at - 1] not in "、和与及":
                break
            stop_at -= 1
        size = next((n for n in range(min(14, stop_at - start), 1, -1) if is_stem(text[stop_at - n : stop_at])), 0)
        if size:
            word = text[stop_at - size : stop_at]
            first = _with_territory(text, start, stop_at - size, within)
            many = _of_levels(text, start, first, stop_at)  # 各级财政、税务部门
            first = many.start if many else first
            kind: Kind = "group" if many else "general"
            level = many.printed.removesuffix(word) if many else ""
            found.append(Mention(first, stop_at, text[first:stop_at], kind, "bodies.general", word, level))
        elif at < before and (
            run := _MEMBER.search(text[max(start, stop_at - 7) : stop_at])
        ):  # 供水 in 工商、供水等部门
            first, word = stop_at - len(run["word"]), run["word"]
            if is_body(word):
                break
            unknown.append(Mention(first, stop_at, word, "general", "bodies.general", word))
        else:
            break
        stop_at = first
    found += unknown if found else []
    found.sort(key=lambda m: -m.start)
    return found[::-1]


def _others(text: str, start: int, before: int, end: int) -> int:
    """Length of 等…监管 between the last stem and 部门."""
    window = text[max(start, before - 6) : end]
    hits = [m for m in _AND_OTHERS.finditer(window) if m.end() == len(window) and m[0].startswith("等")]
    return len(hits[0][0]) - (end - before) if hits else 0


@cache
def _vertical_stems() -> frozenset[str]:
    return frozenset(f[:-1] for f in bodies.forms() if f.endswith("局")) | frozenset(
        f[:-2] for f in bodies.forms() if f.endswith("部门")
    )


def is_stem(word: str) -> bool:
    """Whether a word is a department without its suffix (公安, 住房城乡建设), as 等部门 lists them."""
    return word in _vertical_stems()
