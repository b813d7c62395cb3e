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
    r"|街道办事处|(?:村[（(]居[）)]|村|居|社区居)民委员会|村[（(]居[）)]委会"
)

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
    places = r"各地区?(?!块|方|段|址|级|类|点|层)"
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
def anchor() -> re.Pattern[str]:
    """The first character of every group (and of some that are none): a literal, so that the search is fast."""
    shapes = load("bodies_groups")["shapes"]
    heads = {*shapes["counts"], *shapes["heads"], *shapes["qualifiers"], *shapes["bare"]}
    goes_on = {w[0] for key in ("units", "qualifiers", "nouns") for w in shapes[key]} | set("级地（(各党人政")
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
    if not governments.fullmatch(name):
        return None
    full = re.sub(r"(?<!人民)政府", "人民政府", name).replace("管委会", "管理委员会")
    full = re.sub(r"(?<=乡镇人民政府)（街道(?:办)?）", "（街道办事处）", full)
    if not re.search(r"政府|管理委员会|行署|街道办事处|党|民委员会|委会", full):
        full += "人民政府"
    return full, "bodies_groups.governments"


def bureaux(name: str, area: Territory, on: date | None) -> tuple[str, str] | None:
    """各县（市、区）住建局: the bureaux of many governments, with the bureau's official name."""
    found = levels().match(name) or _patterns()[0].match(name)
    if not found or found.end() == len(name):
        return None
    body = bodies.body_of(name[found.end() :], area, on)
    if body is None or "{" in body.template and not body.template.startswith("{p}"):
        return None
    if body.rule == "bodies.general" or found[0].endswith("政府"):  # the departments of many levels have many names
        return name, "bodies_groups.bureaux"
    return found[0] + body.template.removeprefix("{p}"), "bodies_groups.bureaux"
