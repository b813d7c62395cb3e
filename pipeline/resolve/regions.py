"""Administrative divisions (GB/T 2260): names to codes, issuers to territories."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

from pipeline.model import Territory
from pipeline.rules import load

Level = Literal["national", "province", "city", "county", "town"]

NATION = Territory("000000", "", "national")
_MUNICIPALITIES = frozenset({"110000", "120000", "310000", "500000"})
_TOWN = re.compile(r"[^\W\d_a-zA-Z]{1,6}?(?:镇|乡|街道|苏木)(?=人民政府|政府|办事处|党|$)")
_NUMBER = re.compile(r"([^\W\d_a-zA-Z]{1,12})[\W\d_a-zA-Z]")
#: A place outside GB/T 2260 at the head of a name: 云海市 in 云海市人民政府, not 城市 in 城市管理局.
_PLACE = re.compile(
    r"(?![本全各我该某有相])[^\W\d_a-zA-Z]{2,7}?"
    r"(?P<kind>(?:省|市|县|区|旗|镇|乡|街道|苏木|州|盟)(?![场民容值级直辖内中长里镇乡村域际]))"
)
_BODY_NEXT = re.compile(
    r"人民政府|政府|党政|党委|委|人大|政协|管委会|办事处|[^\W\d_a-zA-Z]{2,14}?(?:局|厅|办公室|中心|法院|检察院)"
)
_KIND_LEVEL: dict[str, Level] = {
    "省": "province",
    "市": "city",
    "州": "city",
    "盟": "city",
    "县": "county",
    "区": "county",
    "旗": "county",
}
#: Words that end in 市, 县, 区 … as a place would, in a title and in any name.
_ACTS = re.compile(
    r"[于进强快化展善好高实施和与及的在为对促立完做持支印发布等关把以开工动管治理改更补提示核试产园新老旧社]"
)
_ORDINARY = re.compile(
    r"城市|农村|中心|街区|小区|小镇|景区|湾区|地区|城区|^(?:经济|技术|高新|产业|综合|保税|工业|国家|自[由贸])+"
)
_TOWN_OF_TITLE = re.compile(r"[^\W\d_a-zA-Z]{1,4}?(?:镇|乡|街道|苏木)(?=[^村镇域])")
_BRIEF = re.compile(r"(?<=..)(?:省|市|县|区|旗|镇|乡|街道|苏木|州|盟)$")


@cache
def _table() -> tuple[tuple[str, str, str], ...]:
    """(code, name, short name) of every division, in the order of the codes."""
    text = (files("pipeline.rules") / "regions.csv").read_text(encoding="utf-8")
    return tuple((code, name, brief) for code, name, brief in (line.split(",") for line in text.splitlines()[1:]))


@cache
def _names() -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """(code → name, full or short name → codes, higher level first)."""
    codes: dict[str, tuple[str, ...]] = {}
    for column in (1, 2):
        for row in _table():
            if name := row[column]:
                codes[name] = (*codes[name], row[0]) if name in codes else (row[0],)
    for code, name, brief in _table():  # 德宏州, 长阳县, 鄂伦春旗 are how texts print them
        short = brief + name[-1] if "自治" in name and brief and name[-1] in "州县旗" else ""
        if short and short not in codes:
            codes[short] = (code,)
    codes |= {alias: (code,) for alias, code in load("regions")["aliases"].items()}
    by_rank = {name: tuple(sorted(c, key=_rank)) if len(c) > 1 else c for name, c in codes.items()}
    return {code: name for code, name, _ in _table()}, by_rank


def _rank(code: str) -> int:
    return 0 if code.endswith("0000") else 1 if code.endswith("00") else 2


@cache
def territory(code: str) -> Territory | None:
    """The territory with this six-digit code; null for an unknown code."""
    name = _names()[0].get(code)
    if name is None:
        return NATION if code == "000000" else None
    level: Level = "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"
    return Territory(code, name, level, _names()[0].get(code[:2] + "0000", ""))


def parent(area: Territory) -> Territory | None:
    """The next territory up: county → city (or province where none), city → province; null above a province."""
    if area.level == "town":
        return territory(area.code)
    if area.level == "county":
        return territory(area.code[:4] + "00") or territory(area.code[:2] + "0000")
    if area.level == "city":
        return territory(area.code[:2] + "0000")
    return None


def official_prefix(area: Territory) -> str:
    """What stands before a body's name: 焦作市, 象州县, and 杭州市西湖区 for a district of a city."""
    above = parent(area)
    if above and area.level in ("county", "town") and (area.level == "town" or area.name.endswith("区")):
        return official_prefix(above) + area.name if above.level != "province" or _is_city(above) else area.name
    return area.name


def _is_city(area: Territory) -> bool:
    return area.code in _MUNICIPALITIES


def stem(area: Territory) -> str:
    """The name without its kind: 焦作市 → 焦作, 广西壮族自治区 → 广西; whole where nothing would be left."""
    if not area.code or area.level == "town":
        return _BRIEF.sub("", area.name)
    return _stems().get(area.code, area.name)


@cache
def _stems() -> dict[str, str]:
    return {code: brief for code, _, brief in _table() if brief}


def _inside(code: str, within: Territory | None) -> bool:
    if within is None or within.level == "national":
        return True
    digits = {"province": 2, "city": 4}.get(within.level, 6)
    return code[:digits] == within.code[:digits]


def _pick(codes: tuple[str, ...], within: Territory | None) -> str | None:
    """The one code meant: inside `within`, else inside its province, else the only one of the highest level."""
    for scope in (within, territory(within.code[:2] + "0000") if within else None, None):
        hits = [c for c in codes if scope is None or _inside(c, scope)]
        if hits:
            best = [c for c in hits if _rank(c) == _rank(hits[0])]
            return best[0] if len(best) == 1 else None
    return None


@lru_cache(maxsize=8192)
def match_prefix(text: str, within: Territory | None = None) -> tuple[Territory, int] | None:
    """The longest division named at the start of `text`, with the length of its name; null without one."""
    names = _names()[1]
    for size in range(min(15, len(text)), 1, -1):
        codes = names.get(text[:size])
        if codes:
            code = _pick(codes, within)
            found = territory(code) if code else None
            if found and _sure(found, size, within):
                return found, size
            break
    return _own_name(text, within)


def _own_name(text: str, within: Territory | None) -> tuple[Territory, int] | None:
    """The name of an issuer's place outside GB/T 2260 (or of a town), with or without its kind."""
    if within is None or within.code and within.level != "town" or len(within.name) < 2:
        return None
    size = next((len(n) for n in (within.name, stem(within)) if text.startswith(n)), 0)
    return (within, size) if size else None


def _sure(found: Territory, size: int, within: Territory | None) -> bool:
    """A county's name holds ordinary words (会同, 和平) unless the text is from its province."""
    if found.level != "county":
        return True
    if within is None or not within.code or within.level == "national":
        return size == len(found.name) and found.name not in load("regions")["national"]["words"]
    return found.code[:2] == within.code[:2]


@lru_cache(maxsize=1024)
def territory_of(text: str) -> Territory | None:
    """The territory an issuer answers for: 焦作市人民政府办公室 → 焦作市; null where no name leads.

    Source: GB/T 2260 names; ministries and the State Council answer for the nation. A place
    that stands in front of a body but not in GB/T 2260 (a town, a division made since) has the code "".
    """
    text = re.sub(r"\s+", "", text).removeprefix("中共")
    text = next((text[len(h) :] for h in branch_heads() if text.startswith(h) and match_prefix(text[len(h) :])), text)
    area, rest = _named(text)
    if area is None:
        return NATION if _national(text) else _unlisted(text, strict=True)
    town = _TOWN.match(rest) if area.level == "county" else None
    return Territory(area.code, town[0], "town", area.province) if town else area


@lru_cache(maxsize=1024)
def territory_of_title(title: str) -> Territory | None:
    """The place that a title begins with (象州县农村公路实施方案 → 象州县); null where none does."""
    title = re.sub(r"\s+", "", title).lstrip("《“")
    area, rest = _named(title)
    town = _TOWN_OF_TITLE.match(rest) if area and area.level == "county" else None
    if area and town:
        return Territory(area.code, town[0], "town", area.province)
    return area or _unlisted(title, strict=False)


def _named(text: str) -> tuple[Territory | None, str]:
    """The innermost of the divisions that lead a text, and what follows them."""
    area: Territory | None = None
    while hit := match_prefix(text, area):
        if area and not (_inside(hit[0].code, area) and hit[0].code != area.code):
            break
        area, text = hit[0], text[hit[1] :]
    return area, text


def _unlisted(text: str, strict: bool) -> Territory | None:
    """A place outside GB/T 2260 at the head; with `strict` only in front of a body."""
    found = _PLACE.match(text)
    if not found or strict and not _BODY_NEXT.match(text, found.end()):
        return None
    if _ORDINARY.search(found[0]) or not strict and _ACTS.search(found[0]):
        return None
    return Territory("", found[0], _KIND_LEVEL.get(found["kind"], "town"))


@cache
def branch_heads() -> tuple[str, ...]:
    """Heads of centrally managed bodies before the place they serve (国家税务总局, 中国人民银行)."""
    vertical = load("bodies_vertical")
    heads = {entry[0].split("{")[0] for entry in vertical["names"].values()} | set(vertical["heads"].values())
    return tuple(sorted((h for h in heads if len(h) > 3), key=len, reverse=True))


def _national(text: str) -> bool:
    if text.startswith(tuple(load("regions")["national"]["issuers"])):
        return True
    from pipeline.resolve.organisations import is_national  # the vocabulary stands above the regions

    return is_national(text)


@lru_cache(maxsize=1024)
def territory_of_doc_number(number: str) -> Territory | None:
    """焦政〔2024〕11号 → 焦作市, 国办发… → the nation; null where the head is ambiguous or unknown."""
    found = _NUMBER.match(number.strip())
    if not found:
        return None
    head, data = found[1], load("regions")["numbers"]
    if head in data["whole"]:
        return territory(data["whole"][head])
    if code := data["province"].get(head[:2]):
        return territory(code)
    if head[1:].startswith(tuple(data["departments"])) and (code := data["abbreviations"].get(head[0])):
        return territory(code)
    if head.startswith(tuple(data["national"])) and head[1:2] not in ("政", "府"):
        return NATION
    if head[1:2] in ("政", "府", "办") or head[1:3] in ("委办", "委发"):
        code = _city_of(head[0])
        return territory(code) if code else None
    for size in (4, 3, 2):  # 焦作政办…, 吉市政发: the name itself, its 市 left out or not
        hit = match_prefix(head[:size])
        if hit and hit[1] == size:
            return hit[0]
    return None


def _city_of(char: str) -> str | None:
    special: dict[str, str] = load("regions")["numbers"]["city"]
    if char in special:
        return special[char]
    by_code = _names()[0]
    hits = [c for c, name in by_code.items() if _rank(c) == 1 and name[0] == char]
    return hits[0] if len(hits) == 1 else None


def region_code(name: str, within: Territory) -> str | None:
    """Code of a division named inside `within` (沁阳市 or 沁阳 in 焦作市 → 410882); null for functional zones."""
    name = re.sub(r"\s+", "", name)
    codes = [c for c in _names()[1].get(name, ()) if _inside(c, within)]
    best = [c for c in codes if _rank(c) == _rank(codes[0])]
    return best[0] if len(best) == 1 else None
