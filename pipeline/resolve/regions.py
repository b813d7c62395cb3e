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
_TOWN = re.compile(r"[\u4e00-\u9fff]{1,6}?(?:镇|乡|街道|苏木)(?=人民政府|政府|办事处|党|$)")
_NUMBER = re.compile(r"([\u4e00-\u9fff]{1,12})[^\u4e00-\u9fff]")


@cache
def _names() -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """(code → name, full or short name → codes, higher level first)."""
    by_code: dict[str, str] = {}
    full: dict[str, list[str]] = {}
    short: dict[str, list[str]] = {}
    text = (files("pipeline.rules") / "regions.csv").read_text(encoding="utf-8")
    for line in text.splitlines()[1:]:
        code, name, brief = line.split(",")
        by_code[code] = name
        full.setdefault(name, []).append(code)
        if brief:
            short.setdefault(brief, []).append(code)
    for brief, codes in short.items():
        full.setdefault(brief, []).extend(codes)
    return by_code, {name: tuple(sorted(codes, key=_rank)) for name, codes in full.items()}


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
    return _stems().get(area.code, area.name)


@cache
def _stems() -> dict[str, str]:
    text = (files("pipeline.rules") / "regions.csv").read_text(encoding="utf-8")
    cells = (line.split(",") for line in text.splitlines()[1:])
    return {code: brief for code, _, brief in cells if brief}


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
            return (found, size) if found and _sure(found, size, within) else None
    return None


def _sure(found: Territory, size: int, within: Territory | None) -> bool:
    """A county's name holds ordinary words (会同, 和平) unless the text is from its province."""
    if found.level != "county":
        return True
    if within is None or not within.code or within.level == "national":
        return size == len(found.name)
    return found.code[:2] == within.code[:2]


@lru_cache(maxsize=1024)
def territory_of(text: str) -> Territory | None:
    """The territory an issuer answers for: 焦作市人民政府办公室 → 焦作市; null where no name leads.

    Source: GB/T 2260 names; ministries and the State Council answer for the nation.
    """
    text = re.sub(r"\s+", "", text).removeprefix("中共")
    area: Territory | None = None
    rest = text
    while hit := match_prefix(rest, area):
        if area and not (_inside(hit[0].code, area) and hit[0].code != area.code):
            break
        area, rest = hit[0], rest[hit[1] :]
    if area is None:
        return NATION if _national(text) else None
    town = _TOWN.match(rest) if area.level == "county" else None
    return Territory(area.code, town[0], "town", area.province) if town else area


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
    if code := data["province"].get(head[:2]):
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
