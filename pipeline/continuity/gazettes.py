"""Which issues and sources belong to one gazette."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from pipeline.continuity.model import Cadence, Gazette, Known, Source

#: Slowest first: of sources that disagree the slowest is believed, so that no silence is cried too early.
_SLOWEST: tuple[Cadence, ...] = ("irregular", "yearly", "quarterly", "monthly", "weekly", "daily")
_ASIDE = re.compile(r"[（(【\[][^（）()【】\[\]]{0,60}[）)】\]]|[\s《》“”\"·]")
_Key = tuple[str | None, str | None]  # region code, name to compare


def gazettes(known: Iterable[Known], sources: Iterable[Source]) -> list[Gazette]:
    """Gazettes by region and name, sorted; each source in the gazettes that it gave issues of, else in one of its own.

    Issues are of one gazette where region and name agree. A file that prints no name belongs to the gazette of its
    source; single notices belong to none, and are kept only with a source that gives nothing else.
    """
    by_name = {source.name: source for source in sources}
    grouped: dict[_Key, list[Known]] = defaultdict(list)
    named: list[Known] = []
    other: list[Known] = []
    for each in known:
        (named if each.gazette and each.kind != "notice" and not _is_guess(each) else other).append(each)
    given: dict[str, set[_Key]] = defaultdict(set)
    for each in named:
        key = (each.region_code, plain(each.gazette))
        grouped[key].append(each)
        if each.source:
            given[each.source].add(key)
    for source in by_name.values():
        if not given[source.name]:
            key = (source.division, plain(source.title))
            grouped[key] += []
            given[source.name].add(key)
    own = {name: _own(keys, by_name.get(name)) for name, keys in given.items()}
    for each in other:
        if each.kind != "notice":
            grouped[_key_of(each, own, given)].append(each)
    # Whether a source gives more than notices is known when all else has its place.
    alone = {name for name in by_name if not _has_gazette(given.get(name), grouped)}
    for each in other:
        if each.kind == "notice" and each.source in alone:
            grouped[_key_of(each, own, given)].append(each)
    linked = _linked(given, by_name)
    return [_gazette(key, grouped[key], linked.get(key, ())) for key in sorted(grouped, key=_sortable)]


def plain(name: str | None) -> str | None:
    """A name to compare: no blanks, title marks or remarks in brackets."""
    return _ASIDE.sub("", name) or None if name else None


def _is_guess(each: Known) -> bool:
    """Whether the name comes from a title, and may be less than what the masthead prints."""
    return each.basis != "printed"


def _own(keys: set[_Key], source: Source | None) -> _Key | None:
    """The one gazette of a source: its only one, or the one that its title names."""
    titled = [key for key in keys if source and key[1] == plain(source.title)]
    return next(iter(keys)) if len(keys) == 1 else titled[0] if len(titled) == 1 else None


def _has_gazette(keys: set[_Key] | None, grouped: Mapping[_Key, list[Known]]) -> bool:
    return any(k.first is not None or k.total is not None for key in keys or () for k in grouped[key])


def _key_of(each: Known, own: Mapping[str, _Key | None], given: Mapping[str, set[_Key]]) -> _Key:
    """The gazette of a file that prints no name."""
    name, candidates = plain(each.gazette), given.get(each.source or "", set())
    fitting = [key for key in candidates if name and key[1] == name]
    if len(fitting) == 1:
        return fitting[0]
    settled = own.get(each.source or "")
    return settled or (each.region_code, name)


def _linked(given: Mapping[str, set[_Key]], by_name: Mapping[str, Source]) -> dict[_Key, list[Source]]:
    linked: dict[_Key, list[Source]] = defaultdict(list)
    for name in sorted(given):
        for key in given[name]:
            if name in by_name:
                linked[key].append(by_name[name])
    return linked


def _gazette(key: _Key, known: list[Known], sources: Iterable[Source]) -> Gazette:
    sources = list(sources)
    names = sorted({k.gazette for k in known if k.gazette and not _is_guess(k)}) or [s.title for s in sources]
    cadences = {s.cadence for s in sources}
    slowest = next((c for c in _SLOWEST if c in cadences), None)
    return Gazette(
        name=names[0] if names else key[1],
        region_code=key[0],
        sources=tuple(s.name for s in sources),
        cadence=None if slowest == "irregular" else slowest,
        looked_at=any(s.looked_at for s in sources),
        known=tuple(sorted(known, key=Known.order)),
    )


def _sortable(key: _Key) -> tuple[str, str]:
    return key[0] or "~", key[1] or "~"
