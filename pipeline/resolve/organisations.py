"""Organisations: names as printed to full official names and stable ids."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from pipeline.model import Match, Organisation, Territory
from pipeline.resolve import bodies, groups
from pipeline.resolve.identity import kind_of, made, national_kind
from pipeline.resolve.regions import NATION, Level, branch_heads, match_prefix, official_prefix, parent, stem, territory
from pipeline.resolve.short_names import short_names as short_names
from pipeline.rules import load

#: Where the issuer is not known: names are completed without a territory.
NOWHERE = Territory("", "", "city")

Resolved = tuple[Organisation, Match, str]

_LEVEL = re.compile(r"自治区|自治州|地区(?=.{2})|全[省市县区州](?=各)|[省市县区州旗盟地镇乡](?![级域场容块])")
_LEVEL_OF: dict[str, Level] = {"省": "province", "自治区": "province"} | dict.fromkeys("市州盟", "city")  # type: ignore[assignment]
_LEVEL_OF |= dict.fromkeys(("镇", "乡"), "town")
_OWN_LEVEL = re.compile(r"([省市县区])级(?=[^，]{2,14}(?:部门|机关|局|厅)$)(?!有关|相关|各|部门|行业|主管|职能)")
_LEAGUE = re.compile(r"(?:共青)?团([省市县区州旗盟])委$|共青团(.{2,12})委(?:员会)?$")
_TWOFOLD = re.compile(r"^([^（]{2,20}?)（([^（）]{2,20})）$")
_BRANCH = re.compile(
    r"^(.{3,20}?(?:局|委|厅|法院|检察院))(.{0,8}(?:分局|支局|支队|大队|总队|监察室|管理处|管理所|服务站))$"
)
_ENTERPRISE = re.compile(
    r"公司|集团$|银行|分行|支行|合作社$|营业部|保险$|信托|证券|资本$|电力$|运营商|企业$|^国网|^中石|^中铁"
)
_STATE_GROUP = re.compile(r"(?:省|市|县|区|州)?[^省市县区州]{2,12}集团$")
_SPACE = re.compile(r"\s+")
_BRACKETS = str.maketrans("()[]〔〕［］【】〈〉,", "（）（）（）（）（）（）、")
#: A zone that is named as responsible is its administrative committee.
ZONE = re.compile(r"(?:示范区|开发区|高新区|经开区|合作区|度假区|保税区|新区|产业园区|功能区)$")
_OF_THE_NATION = ("中国", "国家", "国网", "中石", "中铁")
_TOWN = re.compile(r"(?!各|有关|相关)[^\W\d_a-zA-Z]{2,5}(?<![城集乡村])(?:镇|乡|街道)")
_COMMITTEES = (("管委会", "管理委员会"), ("执委会", "执行委员会"))


@lru_cache(maxsize=8192)
def clean(printed: str) -> str:
    """A printed name without spaces and line ends, with full-width brackets."""
    return _SPACE.sub("", printed).translate(_BRACKETS)


def is_national(text: str) -> bool:
    """Whether an issuer's name begins with a national body's (财政部 税务总局)."""
    return any(bodies.national_name(text[:n], None, True) for n in range(2, min(16, len(text)) + 1))


def level_area(word: str, area: Territory) -> Territory | None:
    """The territory that 省, 市, 县, 区 … means in a document of `area`; null where it names none."""
    if not area.code:  # a nameless 市 stays 市
        return (
            area
            if len(area.name) > 1 and area.name.endswith(word)
            else Territory("", word, _LEVEL_OF.get(word, "county"))
        )
    if word in ("自治区", "省") and area.level != "national":
        return territory(area.code[:2] + "0000")
    step: Territory | None = None if area.level == "national" else area
    while step:
        name = step.name
        if (
            name.endswith(word)
            or word in ("地", "地区")
            and name.endswith("地区")
            or word == "自治州"
            and name.endswith("州")
        ):
            return step
        step = parent(step)
    return None


def prefix_of(printed: str) -> str:
    """The word for a level that a printed name begins with (市科技局 → 市), what a list carries over; else empty."""
    name = clean(printed)
    found = _LEVEL.match(name)
    if not found or name in bodies.forms():
        return ""
    return found[0]


def canonical(printed: str, territory: Territory, on: date | None = None, carried: str = "") -> Resolved:
    """The organisation a printed name stands for, how it matched and by which rule.

    `territory` is the issuer's; `on` the day of the text (official names change with reforms);
    `carried` the level word that a list printed before (市工业和信息化局、财政局: 市). Never raises
    on text: a name outside the vocabulary comes back as printed with match "unknown".
    """
    return _canonical(clean(printed), territory, on, carried)


@lru_cache(maxsize=8192)
def _canonical(name: str, area: Territory, on: date | None, carried: str) -> Resolved:
    if (own := _OWN_LEVEL.match(name)) and _LEVEL_OF.get(own[1], "county") == area.level and area.code:
        name = own[1] + name[own.end() :]  # 省级生态环境部门 of a province is its one department
    group = groups.group(name) or groups.bureaux(name, area, on)
    if group:
        return made(group[0], "group", area, None), "exact" if group[0] == name else "alias", group[1]
    base, rule = _board(name)
    found = _known(base, area, on, carried)
    if found:
        return found[0], found[1], rule or found[2]
    return _government(base, area) or _corrected(base, area, on, carried) or _unknown(base, area, carried)


def _board(name: str) -> tuple[str, str]:
    """财政局（国资委） → (财政局, rule): one body with two name boards; 机关 after a people's organisation goes."""
    name = re.sub(r"(?<=工会|市委|县委|省委|区委|妇联)机关$", "", name)
    found = _TWOFOLD.match(name)
    return (found[1], "bodies.twofold") if found else (name, "")


def _known(name: str, area: Territory, on: date | None, carried: str) -> Resolved | None:
    """The body by vocabulary: whole, after a level word, after a division's name."""
    if area.level == "national" or bodies.national_name(name, on, True):
        official = bodies.national_name(name, on, area.level != "national")
        if official:
            how: Match = "exact" if official == name else "alias"
            return made(official, national_kind(official), NATION, None), how, "bodies_national.name"
    for where, form, shown in _splits(name, area, carried):
        hit = _party(form, where, shown) or _plain(form, where, on, shown)
        if hit:
            return _filled(hit, where, name, shown)
    return _league(name, area) or _whole(name, area, on) or _branch(name, area, on, carried)


def _whole(name: str, area: Territory, on: date | None) -> Resolved | None:
    """国家税务总局云海市税务局: the full name of a body managed from the centre, head and all."""
    for head in branch_heads():
        if name.startswith(head) and len(name) > len(head):
            found = _known(name[len(head) :], area, on, "")
            if found and found[0].name == name:
                return found[0], "exact", found[2]
    return None


def _splits(name: str, area: Territory, carried: str) -> Iterable[tuple[Territory, str, str]]:
    """Readings of a name as (territory, form, how the territory is printed: "", level, name or stem)."""
    home = (level_area(carried, area) if carried else None) or area
    if name.endswith("厅") and home.level in ("city", "county", "town"):  # only provinces have 厅
        home = territory(home.code[:2] + "0000") or home
    yield home, name, ""
    level = _LEVEL.match(name)
    where = level_area(level[0], area) if level else None
    if level and where:
        yield where, name[level.end() :], "level"
    rest, inner = name.removeprefix("中共"), area
    shown, place = "", match_prefix(rest, inner)
    while place:
        inner, size = place
        shown = "stem" if rest[:size] == stem(inner) else "name"
        rest = rest[size:]
        yield inner, rest, shown
        place = match_prefix(rest, inner) if shown == "name" else None


def _plain(form: str, where: Territory, on: date | None, shown: str) -> bodies.Body | None:
    body = bodies.body_of(form, where, on)
    if body and shown == "stem" and body.template == "生态环境局" and where.level == "county":
        above = parent(where)  # a city's bureau in the county: 来宾市象州生态环境局
        return bodies.Body((official_prefix(above) if above else "") + "{s}生态环境局", "vertical", body.rule)
    if shown == "stem" and form in (
        "金融监管局",
        "监管局",
    ):  # 广东金融监管局 is the national body's, 省金融监管局 is not
        return bodies.Body("国家金融监督管理总局{s}监管局", "vertical", "bodies_vertical.name")
    return body


def _party(form: str, where: Territory, shown: str) -> bodies.Body | None:
    if not shown or not form.startswith(("委", "党委")):
        return None
    organs: dict[str, str] = load("bodies_party")["organs"]
    organ = form.removeprefix("党").removeprefix("委").removeprefix("员会")
    if organ not in organs:
        return None
    long = form.startswith("党") or not organ
    return bodies.Body("中共{p}委" + ("员会" if long else "") + organs[organ], "party", "bodies_party.organ")


def _filled(body: bodies.Body, where: Territory, printed: str, shown: str) -> Resolved:
    template = body.template if "{" in body.template else "{p}" + body.template
    short = stem(where)
    above = parent(where)
    name = template.format(p=official_prefix(where), s=short, above=official_prefix(above) if above else "")
    how: Match = "exact" if name == printed else "alias" if shown else "elided"
    owner = (
        None if body.kind == "vertical" or body.rule == "bodies_party.organ" else official_prefix(where) + "人民政府"
    )
    return made(name, body.kind, where, owner if owner != name else None), how, body.rule


def _league(name: str, area: Territory) -> Resolved | None:
    found = _LEAGUE.match(name)
    if not found:
        return None
    place = match_prefix(found[2], area) if found[2] else None
    where = place[0] if place else level_area(found[1], area) if found[1] else None
    if where is None:
        return None
    full = f"共青团{official_prefix(where)}委员会"
    return made(full, "group", where, None), "exact" if full == name else "alias", "bodies_party.league"


def _branch(name: str, area: Territory, on: date | None, carried: str) -> Resolved | None:
    """A bank's branch by its head (人行焦作市分行); a bureau's own branch (市生态环境局武陟分局) by the bureau."""
    for head, full in load("bodies_vertical")["heads"].items():
        if name.startswith(head) and name != head and not name.startswith("人行道"):
            tail = name[len(head) :]
            how: Match = "exact" if head == full else "alias"
            return made(full + tail, "vertical", area, None), how, "bodies_vertical.head"
    found = _BRANCH.match(name)
    owner = _known(found[1], area, on, carried) if found and found[1] != name else None
    if not found or not owner:
        return None
    where = territory(owner[0].region_code or "") or area
    return made(owner[0].name + found[2], owner[0].kind, where, owner[0].name), owner[1], owner[2]


def _government(name: str, area: Territory) -> Resolved | None:
    """A division that a list of bodies names (广州、深圳市政府) is its government."""
    place = match_prefix(name, area)
    if not place or place[1] != len(name):
        return None
    full = official_prefix(place[0]) + "人民政府"
    return made(full, "government", place[0], None), "alias", "bodies_groups.government"


def _corrected(name: str, area: Territory, on: date | None, carried: str) -> Resolved | None:
    for _, form, shown in _splits(name, area, carried):
        right = bodies.corrected(form)
        if right:
            found = _known(name[: len(name) - len(form)] + right, area, on, carried if not shown else "")
            if found:
                return found[0], "corrected", "bodies.corrected"
    return None


def _unknown(name: str, area: Territory, carried: str) -> Resolved:
    """A name outside the vocabulary: as printed, with the territory that is printed or carried over."""
    level, enterprise = _LEVEL.match(name), _ENTERPRISE.search(name)
    where = level_area(level[0], area) if level else None
    rest = name[level.end() :] if level and where else name
    placed = None if where else match_prefix(name, area)
    if (
        not where
        and not placed
        and carried
        and area.name
        and not name.endswith("政府")
        and not _placed_inside(name, area)
        and not name.startswith(_OF_THE_NATION)
    ):
        where = level_area(carried, area)
    full = (official_prefix(where) if where else "") + rest
    if not where and (town := _TOWN.fullmatch(name)) and not placed:  # a town among bodies is its government
        full += "街道办事处" if town[0].endswith("街道") else "人民政府"
        full = full.replace("街道街道", "街道")
        return made(full, "government", area, None), "alias", "bodies_groups.government"
    if enterprise:
        state = where is not None and _STATE_GROUP.fullmatch(rest)
        full += "有限公司" if state else ""
        return (
            made(full, "enterprise", where or (placed[0] if placed else area), None),
            "unknown",
            "bodies_groups.enterprise",
        )
    for short, whole in (*_COMMITTEES, *((z, z + "管理委员会") for z in ZONE.findall(full))):
        if full.endswith(short):
            full = full.removesuffix(short) + whole
            return made(full, "government", where or area, None), "alias", "bodies_groups.committee"
    return made(full, kind_of(full), where or (placed[0] if placed else area), None), "unknown", "bodies.unknown"


def _placed_inside(name: str, area: Territory) -> bool:
    return len(stem(area)) >= 2 and stem(area) in name


def user_words() -> Iterable[tuple[str, int, str]]:
    """(word, frequency, "nt") for a segmenter's user dictionary: body names and their short forms."""
    for word in dict.fromkeys(bodies.words()):
        if len(word) >= 3:
            yield word, 1000, "nt"
