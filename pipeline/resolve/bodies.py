"""The vocabulary of Chinese government bodies: forms as printed to official names without territory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from pipeline.model import Territory
from pipeline.rules import load

#: Suffix as printed → as official names write it; longer first where one ends in another.
SUFFIXES = {"委员会": "委员会", "办公室": "办公室", "委": "委员会", "厅": "厅", "局": "局", "办": "办公室", "室": "室"}
#: Words that make the general form of a department (生态环境部门, 公安机关).
GENERAL = ("行政主管部门", "监督管理部门", "行政部门", "主管部门", "监管部门", "行政机关", "部门", "机关")
_LEVELS = {"province": 0, "city": 1, "county": 2, "town": 2}
_LONGEST_FORM = 18  # characters of a form that is looked for in running text


@dataclass(frozen=True, slots=True)
class Body:
    """What a form stands for. `template` holds {p} (焦作市) and {s} (焦作) or neither (then {p} leads)."""

    template: str
    kind: str
    rule: str


@cache
def stems() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Stem as printed → (official stem, suffixes at province, city, county level)."""
    table: dict[str, tuple[str, tuple[str, ...]]] = {}
    entries = load("bodies")["departments"]
    for official, (short, levels) in entries.items():
        suffixes = tuple(levels.split())
        for form in short.split():
            table.setdefault(form, (official, suffixes))
    for official, (_, levels) in entries.items():  # an official stem is never another's short form
        table[official] = (official, tuple(levels.split()))
    return table


@cache
def _fixed() -> dict[str, Body]:
    """Forms with a body of their own, by their printed form without territory."""
    bodies, party, vertical = load("bodies"), load("bodies_party"), load("bodies_vertical")
    table = {f: Body(name, "institution", "bodies.institution") for f, name in bodies["institutions"].items()}
    for form, name in bodies["forms"].items():
        table[form] = Body(
            name,
            "government" if name in ("人民政府", "人民政府办公室", "人民政府办公厅") else "department",
            "bodies.form",
        )
    for form, (template, kind) in party["others"].items():
        table[form] = Body(template, kind, "bodies_party.other")
    for form in party["bare"]["forms"]:
        organ = party["organs"].get(form, form)
        table[form] = Body("中共{p}委" + organ, "party", "bodies_party.organ")
    for form, entry in vertical["names"].items():
        table[form] = Body(entry[0], "vertical", "bodies_vertical.name")
    return table


@lru_cache(maxsize=4096)
def body_of(form: str, area: Territory, on: date | None = None) -> Body | None:
    """The body that `form` (no territory in it) names in `area`; null for none in the vocabulary."""
    regional = load("bodies")["regional"].get(area.code[:2] + "0000", {})
    if form in regional:
        return Body(regional[form], "department", "bodies.department")
    fixed = _by_level(form, area) or _fixed().get(form)
    if fixed and not (area.level == "national" and form.endswith(GENERAL)):  # 税务部门 of every level
        return _in_force(form, fixed, on) if fixed.kind == "vertical" else fixed
    return _department(form, area, on)


def _by_level(form: str, area: Territory) -> Body | None:
    """A body whose name differs with the level (省法院, 市法院); null for others and where the level is not sure."""
    if not area.code or area.level not in _LEVELS:
        return None
    for subject, kind, rule in (
        ("bodies_party", "government", "bodies_party.other"),
        ("bodies_vertical", "vertical", "bodies_vertical.name"),
    ):
        templates: list[str] | None = load(subject)["by_level"].get(form)
        if templates:
            return Body(templates[_LEVELS[area.level]], kind, rule)
    return None


def _in_force(form: str, body: Body, on: date | None) -> Body:
    """The template of a centrally managed body on the day of the text; today's where the day is not known."""
    vertical = load("bodies_vertical")
    later, entry = vertical["later"].get(form), vertical["names"].get(form, ())
    last = entry[2] if len(entry) > 2 else ""
    if later and last and (on is None or on.isoformat() > last):
        return Body(later, "vertical", "bodies_vertical.name")
    return body


def _department(form: str, area: Territory, on: date | None) -> Body | None:
    table = stems()
    for printed, official in SUFFIXES.items():
        if form.endswith(printed):
            entry = table.get(form[: -len(printed)])
            if entry:
                stem, suffixes = _heir(entry, on)
                if stem != entry[0] and official == "办公室":  # 扶贫办 became a bureau
                    official = SUFFIXES[suffixes[_LEVELS.get(area.level, 1)]]
                return Body(stem + official, "department", "bodies.department")
    for word in GENERAL:
        if form.endswith(word) and (body := general(form[: -len(word)], area, on, word)):
            return body
    return general(form, area, on)  # a member of 公安、城管等部门


def _heir(entry: tuple[str, tuple[str, ...]], on: date | None) -> tuple[str, tuple[str, ...]]:
    """The department in force on the day of the text; the printed one where the day is not known."""
    later: list[str] | None = load("bodies")["heirs"].get(entry[0])
    return stems()[later[1]] if later and on and on.isoformat() > later[0] else entry


def general(stem: str, area: Territory, on: date | None = None, word: str = "部门") -> Body | None:
    """The department of `area` that a bare stem (住房城乡建设, 城管) means in front of 等部门."""
    if area.level == "national":  # 卫生健康部门 of the nation are those of every level
        known = stem in stems() or stem + "部门" in _fixed() or stem + "局" in _fixed()
        return Body("{p}" + stem + word, "group", "bodies.general") if known else None
    for form in (stem + word, stem + "部门", stem + "局"):
        fixed = _by_level(form, area) or _fixed().get(form)
        if fixed and fixed.kind == "vertical":
            return _in_force(form, fixed, on)
    entry = stems().get(stem)
    if entry is None:
        return None
    official, suffixes = _heir(entry, on)
    return Body(official + SUFFIXES[suffixes[_LEVELS.get(area.level, 1)]], "department", "bodies.general")


@cache
def national() -> dict[str, tuple[tuple[str, int, int], ...]]:
    """Form → (official name, first year, last year), the latest first."""
    table: dict[str, list[tuple[str, int, int]]] = {}
    for name, entry in load("bodies_national")["names"].items():
        first, last = (int(entry[1]) if len(entry) > 1 else 0), (int(entry[2]) if len(entry) > 2 else 9999)
        for form in (name, *entry[0].split()):
            table.setdefault(form, []).append((name, first, last))
    return {f: tuple(sorted(v, key=lambda e: -e[1])) for f, v in table.items()}


_NATIONAL_HEADS = ("国家", "国务院", "中央", "中国", "全国", "中华", "最高", "中共中央")
_NATIONAL_TAILS = ("部", "总局", "总署", "署", "总社", "监会", "总台")


def national_name(form: str, on: date | None, strict: bool) -> str | None:
    """Official name of a national body; with `strict` only by forms that no local body has."""
    hits = national().get(form)
    if not hits or strict and not (form.startswith(_NATIONAL_HEADS) or form.endswith(_NATIONAL_TAILS)):
        return None
    year = on.year if on else 9999
    return next((name for name, first, last in hits if first <= year <= last), hits[0][0])


@cache
def national_forms() -> dict[str, tuple[str, ...]]:
    """Official name of a national body → the forms that stand for it."""
    table: dict[str, list[str]] = {}
    for form, entries in national().items():
        for name, _, _ in entries:
            table.setdefault(name, []).append(form)
    return {name: tuple(forms) for name, forms in table.items()}


@cache
def _short_stems() -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for printed, (official, _) in stems().items():
        table.setdefault(official, []).append(printed)
    return {official: tuple(printed) for official, printed in table.items()}


def short_forms(official: str) -> list[str]:
    """Forms of a department by its official name without territory (发展和改革委员会: 发改委, 发展改革委 …)."""
    tail = next((t for t in SUFFIXES if official.endswith(t)), "")
    brief = next((s for s, full in SUFFIXES.items() if len(s) == 1 and full == tail), tail)
    found = [s + brief for s in _short_stems().get(official.removesuffix(tail), ())] if tail else []
    return [*found, *template_forms().get(official, ())]


@cache
def template_forms() -> dict[str, tuple[str, ...]]:
    """Template of a body with a form of its own → its forms."""
    table: dict[str, list[str]] = {}
    for form, body in _fixed().items():
        table.setdefault(body.template, []).append(form)
    return {template: tuple(forms) for template, forms in table.items()}


@cache
def long_forms() -> tuple[str, ...]:
    """Forms of five characters or more, against which misprints are measured."""
    forms = {stem + s for stem in stems() for s in ("委员会", "委", "厅", "局") if len(stem) + len(s) >= 5}
    return tuple(sorted(forms | {f for f in _fixed() if len(f) >= 5}))


@lru_cache(maxsize=2048)
def corrected(form: str) -> str | None:
    """The one form of the vocabulary that `form` misprints; null for none or more than one."""
    if len(form) < 5:
        return None
    key = sorted(form)
    near = [f for f in long_forms() if abs(len(f) - len(form)) <= 1 and f[-1] == form[-1]]
    hits = [f for f in near if len(f) == len(form) and sorted(f) == key]
    if not hits and not form.endswith(GENERAL):  # 路政管理部门 is no misprint of 邮政管理部门
        hits = [f for f in near if _one_edit(f, form)]
    return hits[0] if len(hits) == 1 else None


def _one_edit(right: str, printed: str) -> bool:
    """One character too many, too few or wrong; a wrong one only in six characters or more."""
    i = 0
    while i < min(len(right), len(printed)) and right[i] == printed[i]:
        i += 1
    if len(right) == len(printed):
        return len(right) >= 6 and right[i + 1 :] == printed[i + 1 :]
    longer, shorter = (right, printed) if len(right) > len(printed) else (printed, right)
    return longer[i + 1 :] == shorter[i:]


@cache
def forms() -> frozenset[str]:
    """Every form without territory: local, national, party."""
    party = load("bodies_party")
    local = {stem + s for stem in stems() for s in ("委员会", "委", "厅", "局", "办", "办公室", *GENERAL)}
    levels = set(party["by_level"]) | set(load("bodies_vertical")["by_level"])
    return frozenset(local | levels | set(_fixed()) | set(national()) | {"委" + f for f in party["organs"]} - {"委"})


def words() -> Iterator[str]:
    """Names and short forms worth a dictionary entry."""
    for stem, (official, levels) in stems().items():
        yield from (stem + s for s in dict.fromkeys((*levels, "局", "部门")))
        yield from (official + SUFFIXES.get(s, s) for s in dict.fromkeys(levels))
    yield from _fixed()
    yield from national()


@cache
def sizes() -> dict[str, list[int]]:
    """For each last character of a form the lengths of the forms that end with it, longest first."""
    found: dict[str, set[int]] = {}
    for form in forms():
        if 2 <= len(form) <= _LONGEST_FORM:
            found.setdefault(form[-1], set()).add(len(form))
    return {char: sorted(lengths, reverse=True) for char, lengths in found.items()}
