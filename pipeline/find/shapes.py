"""Bodies outside the vocabulary, known by their shape and place: offices, departments by what they do, groups."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from pipeline.resolve.bodies import stems
from pipeline.rules import load

Found = tuple[int, int, str, str]  # start, end, rule, stem of a department printed without 部门

_HAN = r"[^\W\d_a-zA-Z]"
_NOT_BODY = re.compile(r"[，。；：！？《》\d]|企业|项目|行为|除外|自行|社会资|社会力|群众|简称|统称")
#: A body outside the vocabulary that a duty follows: 市蓝湾养护中心负责.
_ON_DUTY = re.compile(
    rf"(?:(?!强化|加强|发挥|压实|落实|明确|支持|配合|协助|督促){_HAN}{{1,4}}?[市县区州镇]|[市省县区州镇乡](?![域块场间民容值级直村]))(?:(?![的等由和与向及为对]){_HAN}){{2,16}}?"
    r"(?:中心|机构|管理站|服务站|工作站|总站|研究院|管理所|馆|公司|集团|大队|支队|总队|队|协会|学会|基金会|供销社|局|委|办|处|站|所)"
    r"(?=负责|牵头|承担|要(?!求|素|点|件)|应当|须|具体负责|统一|统筹|按照?|组织|每[年月季])"
)
_OFFICE_TAIL = re.compile(
    "办公室|领导小组|指挥部|专班|联席会议|专项工作组|"
    + "|".join(
        f"{tail}(?=[负牵承要应须具统按组每])" for tail in ("中心", "站", "院", "所", "馆", "公司", "集团", "机构")
    )
    + "|"
    + "|".join(f"{tail}(?=[负牵承要应须具组统])" for tail in ("队", "会", "社", "局", "委", "办", "处"))
)
_BOARD = re.compile(r"[（(〔][^（）()〔〕]{2,15}[局委办厅][）)〕]")
_TAIL = re.compile(r"部门|机关(?!事务)|机构|组(?![织成建合长员团委])")
#: Where a name may begin: after a mark, a word that gives work, or a word that joins.
_BOUNDARY = r"(?:^|[，,。；;：:、\n\s　（(“)）]|由|请|会同|联合|责成|交|和|及|与)"
_DUTIES_OF = re.compile(r"(?:其他|其它)?(?:负有|承担|具有)[^，。；、\n]{2,16}职[责能]的(?:部门|单位|机构)")
_LEAGUE = re.compile(r"(?:共青)?团[省市县区州旗盟]委(?!员)|共青团[^\W\d_a-zA-Z]{2,10}?委(?:员会)?")
_STEM = re.compile(r"由(?P<stem>[^\W\d_a-zA-Z]{2,8}?)(?=牵头|会同)")
_MONEY = re.compile(
    r"(?:(?:各级|[省市]、县(?:[（(]市、区[）)])?|市、区|[省市县区州镇乡]级?|本级|同级|地方)?财政)"
    r"(?=要|应|须|将|每年|对[^，。；\n]{2,40}?(?:给予|予以|安排|补)|按[^，。；\n]{2,30}?(?:给予|予以|安排|承担|补)|给予|予以|安排|承担|统筹安排|设立|负责|保障)"
)


@cache
def _words() -> dict[str, re.Pattern[str]]:
    """The vocabulary of shapes as patterns."""
    shapes = load("roles")["shapes"]
    either = {name: "|".join(sorted(words, key=len, reverse=True)) for name, words in shapes.items()}
    office = rf"(?:(?!{either['no_office']})(?:{_HAN}|[“”+＋]))"
    return {
        "office": re.compile(
            rf"{office}{{0,24}}?(?:{either['offices']})|[市省县区州镇乡]{_HAN}{{2,18}}?办公室|{office}{{3,18}}?级{_HAN}{{2,10}}办公室"
        ),
        "name": re.compile(
            rf"{_BOUNDARY}(?P<name>(?:(?![{either['function']}]|{either['no_office']}){_HAN}){{2,12}})$"
        ),
        "branch": re.compile(
            rf"(?:{'|'.join(load('bodies_vertical')['heads'])})(?!要){_HAN}{{2,10}}?(?:中心支行|分行|支行|营业管理部)"
        ),
        "zone": re.compile(
            rf"{_BOUNDARY}(?P<name>(?:(?![{either['function']}]|{either['no_office']}|融合|先行|试验|建设|打造|创|引领|示范){_HAN}){{0,4}}?(?:{either['zones']}))(?=[、，和及]|要|应|须|负责)"
        ),
        "zone_end": re.compile(rf"(?:{either['zones']})(?=[、，和及]|要|应|须|负责)"),
        "agency": re.compile(rf"(?:{either['agencies']})$"),
        "not": re.compile(either["not_department"]),
    }


def find_shapes(text: str, start: int, stop: int, is_stem: Callable[[str], bool]) -> Iterator[Found]:
    """Bodies by shape in `text[start:stop]`; they may overlap each other and those of the vocabulary."""
    yield from _offices(text, start, stop)
    yield from _functions(text, start, stop, is_stem)
    for hit in _hits(_DUTIES_OF, text, start, stop, "职责的", "职能的"):
        yield hit.start(), hit.end(), "bodies.general", ""
    for hit in _STEM.finditer(text, start, stop):
        if is_stem(hit["stem"]):
            yield hit.start("stem"), hit.end("stem"), "bodies.general", hit["stem"]
    for hit in _hits(_words()["branch"], text, start, stop, "支行", "分行", "营业管理部"):
        yield hit.start(), hit.end(), "bodies_vertical.head", ""
    for hit in _hits(_LEAGUE, text, start, stop, "团"):
        yield hit.start(), hit.end(), "bodies_party.league", ""
    if _words()["zone_end"].search(text, start, stop):
        for hit in _words()["zone"].finditer(text, start, stop):
            yield hit.start("name"), hit.end(), "bodies_groups.committee", ""
    for hit in _hits(_MONEY, text, start, stop, "财政"):
        yield hit.start(), hit.end(), "bodies.general", "财政"


def _hits(pattern: re.Pattern[str], text: str, start: int, stop: int, *needs: str) -> Iterator[re.Match[str]]:
    """What a pattern finds that can find nothing without one of the words of `needs`, which most texts lack."""
    if any(text.find(word, start, stop) >= 0 for word in needs):
        yield from pattern.finditer(text, start, stop)


def _offices(text: str, start: int, stop: int) -> Iterator[Found]:
    """Bodies that begin a clause, with their level, place or not (市…专班办公室, 领导小组)."""
    done = start
    for tail in _OFFICE_TAIL.finditer(text, start, stop):
        at = _clause_start(text, max(start, tail.start() - 26), tail.start())
        if at < done:
            continue
        hit = _words()["office"].match(text, at, stop) or _ON_DUTY.match(text, at, stop)
        if hit and not _NOT_BODY.search(hit[0]):
            board = _BOARD.match(text, hit.end(), stop)
            done = board.end() if board else hit.end()
            yield at, done, "bodies.unknown", ""


def _functions(text: str, start: int, stop: int, is_stem: Callable[[str], bool]) -> Iterator[Found]:
    """Departments and agencies by what they do (宣传教育部门, 社会保险经办机构), and groups at work (检查组)."""
    words = _words()
    for tail in _TAIL.finditer(text, start, stop):
        found = words["name"].search(text[max(start, tail.start() - 15) : tail.start()])
        if not found or words["not"].search(found["name"]):
            continue
        name = found["name"]
        if tail[0] == "机构" and not words["agency"].search(name):
            continue
        at = tail.start() - len(name)
        pair = next((n for n in range(2, len(name) - 1) if name[:n] in stems() and name[n:] in stems()), 0)
        if tail[0] == "部门" and pair and not is_stem(name):  # 财政体育部门 are two
            yield at, at + pair, "bodies.general", name[:pair]
            yield at + pair, tail.end(), "bodies.general", ""
        else:
            yield at, tail.end(), "bodies.general", ""


def _clause_start(text: str, low: int, end: int) -> int:
    """Where the clause before `end` begins, looking back to `low`; -1 where it began earlier."""
    cut = max(text.rfind(mark, low, end) for mark in "，。；;、\n　")
    given = text.rfind("由", low, end)
    if cut < 0 and given < 0 and low and text[low - 1] not in "，。；;、\n　":
        return low if end - low < 26 else -1
    joined = text.rfind("会同", low, end)  # 由市科技局会同市财政局负责: two bodies
    at = max(cut + 1, low, given, joined + 2 if joined >= 0 else 0)
    while at < end and text[at] in " \t　由请并经和及与":
        at += 1
    return at
