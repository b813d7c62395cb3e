"""Groups of bodies: local governments of a kind, nameless departments, bureaux of many governments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

from pipeline.model import Territory
from pipeline.resolve import bodies
from pipeline.rules import load

#: What may follow a level that a list goes on with: no bureau of that level (各县、市财政局).
_GOES_ON = r"(?=[^\u4e00-\u9fff]|$|人民政府|政府|管委会|管理委员会|党委|行署|要|应|须|均|负责|落实|按|牵头|配合|和|及)"
_TOWNS = (
    r"(?:乡镇|镇街|镇乡|乡（镇）)(?:人民)?政府(?:[（(〔\[]街道(?:办事处|办)?[）)〕\]])?"
    r"|街道办事处|(?:村[（(]居[）)]|村|居|社区居)民委员会|(?:村[（(]居[）)]|村居|村|居|社区)委会|村两委"
)

#: Places that say which governments are meant: 重点区域、流域地方人民政府.
_ATTRIBUTE = re.compile(r"[^\W\d_a-zA-Z、]{2,12}(?:区域|流域|地区|沿线)(?:、[^\W\d_a-zA-Z]{0,4}(?:区域|流域))?(?=地方)")
_OFFICE = "街道办事处"
#: 各镇街, 各乡镇（街道）: the governments of towns and the offices of streets.
_TOWN_AND_STREET = re.compile(
    r"(?P<head>.{0,4}?(?:乡镇|镇乡|乡（镇）|镇|乡))(?:、?街道?|(?P<open>（)街道（?(?:办事处|办)?）)(?:办事处|办)?(?:人民政府|政府)?"
)
_STREETS = re.compile(r"(?<![镇乡）])(?:街道(?:办事处|办)?|街)$")
_EVERYWHERE = re.compile(r"各地区?")

#: Where the first of several levels begins: not inside a name (示范区、县政府).
_BOUNDARY = r"(?:(?<![^\W\d_a-zA-Z])|(?<=[由和及与请]))"


def _either(words: Iterable[str]) -> str:
    return "(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + ")"


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Local governments, nameless departments, places: over cleaned names and over running text alike."""
    shapes = load("bodies_groups")["shapes"]
    units, organs, opened, closed = _either(shapes["units"]), _either(shapes["organs"]), "[（(〔\\[]", "[）)〕\\]]"
    one = rf"{units}(?:{opened}\s?{units}(?:[、,，/和]{units}){{0,4}}\s?{closed})?"
    organ = rf"{organs}(?:{opened}(?:{organs}|街道办事处|街道){closed})?"
    several = rf"{units}(?:{opened}{units}(?:[、,，/和]{units}){{0,4}}{closed})"  # 县（市、区）, no word that counts
    joined = rf"{one}(?:[、和及]{one}){{1,3}}(?:人民)?政府"
    bare = rf"{_either(shapes['bare'])}(?:党委[和、]?)?(?:人民)?政府"
    counts = rf"{_either(shapes['counts'])}{one}(?:[、,，和及]{one}{_GOES_ON}){{0,4}}\s?(?:{organ})?"
    governments = rf"(?:{counts}|{_TOWNS}|{bare}|{_BOUNDARY}(?:{joined}|{several}{organs}?))"
    qualified = rf"{_either(shapes['heads'])}?各?{_either(shapes['qualifiers'])}"
    counted = rf"{_either(shapes['heads'])}各|各级各|各级?"
    departments = rf"(?:{qualified}|{counted}){_either(shapes['nouns'])}"
    villages = rf"(?:村|社区){opened}(?:社区|村居|村|居){closed}"
    places = (
        r"各(?:地区?|省份)(?!块|方|段|址|级|类|点|层)"
        rf"|(?:各(?:{villages}|村居|村、社区|社区、村|社区|行政村|村)|{villages})(?![居村民干工委文庄镇落寨屯域级组务])"
    )
    return re.compile(governments), re.compile(departments), re.compile(places)


@cache
def pattern() -> re.Pattern[str]:
    """One pattern for every group, for running text (brackets of any kind inside)."""
    return re.compile("|".join(p.pattern for p in _patterns()))


@cache
def levels() -> re.Pattern[str]:
    """各级, 县级以上 … before a department that each of them has."""
    return re.compile(_either(load("bodies_groups")["shapes"]["levels"]))


@cache
def _more() -> re.Pattern[str]:
    """A further level of a list: 、县 in 各市、州、县住建局."""
    return re.compile(rf"(?:[、和及]{_either(load('bodies_groups')['shapes']['units'])})+(?!人民|政府)")


@cache
def anchor() -> re.Pattern[str]:
    """The first character of every group (and of some that are none): a literal, so that the search is fast."""
    shapes = load("bodies_groups")["shapes"]
    heads = {*shapes["counts"], *shapes["heads"], *shapes["qualifiers"], *shapes["bare"]}
    goes_on = {w[0] for key in ("units", "qualifiers", "nouns") for w in shapes[key]} | set("级地（(各党人政社村行")
    rests: dict[str, set[str]] = {}
    for head in heads:
        rests.setdefault(head[0], set()).add(head[1:])
    kinds = [
        f"{c}(?={_either(r)}[{''.join(sorted(goes_on))}])"
        for c, r in sorted(rests.items())
        if c not in "乡镇" or r != {""}
    ]
    first = "".join(sorted({w[0] for w in shapes["units"]}))
    several = [f"{c}(?=[（(〔、和及][{first}])" for c in first]  # 县（市、区）, 市、县; each begins with a literal
    towns = ["乡(?=镇|（镇）|级)", "镇(?=街|乡)", "街(?=道办事处)", *(f"{c}(?=[（(民区])" for c in "村居社")]
    return re.compile("|".join([*kinds, *towns, *several]))


def find_groups(text: str, start: int, stop: int) -> Iterator[re.Match[str]]:
    """Groups in `text[start:stop]`, in order, without overlap."""
    at = start
    for head in anchor().finditer(text, start, stop):
        if head.start() >= at and (found := pattern().match(text, head.start(), stop)):
            at = found.end()
            yield found


def group(name: str) -> tuple[str, str] | None:
    """Canonical form of a cleaned group name and its rule; null for a single body."""
    governments, departments, places = _patterns()
    if departments.fullmatch(name):
        return name, "bodies_groups.departments"
    if places.fullmatch(name):
        return name, "bodies_groups.places"
    if not governments.fullmatch(_ATTRIBUTE.sub("", name)):
        return None
    attribute = _ATTRIBUTE.match(name)
    if attribute:
        rest = group(name[attribute.end() :])
        return (attribute[0] + rest[0], rest[1]) if rest else None
    if towns := _TOWN_AND_STREET.fullmatch(name):
        brackets = f"（{_OFFICE}）" if towns["open"] else f"、{_OFFICE}"
        return towns["head"] + "人民政府" + brackets, "bodies_groups.governments"
    if _STREETS.search(name):
        return _STREETS.sub(_OFFICE, name), "bodies_groups.governments"
    full = re.sub(r"(?<!人民)政府", "人民政府", name).replace("管委会", "管理委员会")
    full = re.sub(r"(?<=乡镇人民政府)（街道(?:办)?）", "（街道办事处）", full)
    if not re.search(r"政府|管理委员会|行署|街道办事处|党|民委员会|委会", full):
        full += "人民政府"
    return full, "bodies_groups.governments"


def bureaux(name: str, area: Territory, on: date | None) -> tuple[str, str] | None:
    """各县（市、区）住建局: the bureaux of many governments, with the bureau's official name."""
    found = levels().match(name) or _patterns()[0].match(name) or _EVERYWHERE.match(name)
    if not found or found.end() == len(name):
        return None
    head = found[0] + (more[0] if (more := _more().match(name, found.end())) else "")
    body = bodies.body_of(name[len(head) :], area, on)
    if body is None or "{" in body.template and not body.template.startswith("{p}"):
        return None
    if body.rule == "bodies.general" or head.endswith("政府"):  # the departments of many levels have many names
        return re.sub("(?<!人民)政府", "人民政府", name), "bodies_groups.bureaux"
    return head + body.template.removeprefix("{p}"), "bodies_groups.bureaux"
