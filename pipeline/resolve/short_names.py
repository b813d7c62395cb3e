"""The shorter forms of an official name."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.model import Organisation, Territory
from pipeline.resolve import bodies
from pipeline.resolve.regions import official_prefix, stem, territory

_UNLISTED = re.compile(r"[^\W\d_a-zA-Z]{2,6}?[省市县区旗镇乡]")


@lru_cache(maxsize=4096)
def _short_names(name: str, region: str) -> tuple[str, ...]:
    found = set(bodies.national_forms().get(name, ()))
    area = territory(region)
    if area is None:
        unlisted = _UNLISTED.match(name)
        area = Territory("", unlisted[0], "city") if unlisted else None
    if area and area.level != "national":
        prefix, short = official_prefix(area), stem(area)
        found.update(bodies.short_forms(name.removeprefix(prefix)))
        for template in (name.replace(prefix, "{p}"), name.replace(short, "{s}")):
            found.update(bodies.template_forms().get(template, ()))
    return tuple(sorted((f for f in found if f != name and "部门" not in f), key=lambda f: (-len(f), f)))


def short_names(org: Organisation) -> list[str]:
    """Shorter forms of an official name that texts print, longest first; empty where the vocabulary has none."""
    return list(_short_names(org.name, org.region_code or ""))
