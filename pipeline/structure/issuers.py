"""Names of issuing bodies: short in the title and full in the signature, elided, several in a row."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from pipeline.structure.patterns import pattern

_PLACE = "[\u4e00-\u9fff]{1,7}?"


def is_elided(name: str | None) -> bool:
    """市财政局: the name of the place is left out."""
    return bool(name) and pattern("elided_issuer").match(name or "") is not None


def fuller(signed: str, named: str) -> bool:
    """Whether the signature has the full name of the body that the title names in short."""
    if "、" in named or len(signed) <= len(named):
        return False
    return is_elided(named) or signed[:2] == named[:2] and not signed.startswith(named)


def placed(name: str, titles: Iterable[str]) -> str | None:
    """市财政局 with the one place of its level that titles begin with; null where there is none or several."""
    begun = (re.match(_PLACE + name[0], title) for title in titles)
    places = {m[0] for m in begun if m and "关于" not in m[0]}
    return places.pop() + name[1:] if len(places) == 1 else None


def same_place(names: str) -> list[str]:
    """某市财政局某市审计局: the place printed again begins the next body."""
    place = re.match(_PLACE + "[省市县区州旗]", names)
    again = re.finditer(re.escape(place[0]), names) if place else ()
    cuts = [0, *(m.start() for m in again if m.start() > 3), len(names)]
    return [names[a:b] for a, b in pairwise(cuts)]


def published_by(line: str) -> str | None:
    """某市科学技术局 of a line 某市科学技术局2026年5月25日发布."""
    match = pattern("published_by").match(line)
    return (match["issuer"] or match["late"]) if match else None
