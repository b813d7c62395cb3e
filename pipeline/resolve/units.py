"""What a printed unit means: UCUM code, dimension and the multiplier in it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from pipeline.find.numbers import MULTIPLIER, factor_of
from pipeline.find.units import match_unit

_WRAPPED = re.compile(r"^[（(\[](?P<inner>.*)[）)\]]$")
_LEAD = re.compile(r"^(?:计量)?单位(?:为|[：:])?")
_LONGEST = 24
_FACTOR = re.compile(f"^({MULTIPLIER}|十)")


class Unit(NamedTuple):
    """A unit with the multiplier taken out: 万元 is 元 with factor 10000."""

    printed: str
    code: str | None  # UCUM, null where it has none
    dimension: str
    factor: int = 1


@lru_cache(maxsize=1024)
def unit_of(printed: str) -> Unit | None:
    """The unit that `printed` is as a whole: 万元, 毫克/立方米, （单位：万人）, μg/m³; null for anything else."""
    text = "".join(unicodedata.normalize("NFC", printed).split())
    wrapped = _WRAPPED.match(text)
    text = _LEAD.sub("", wrapped["inner"] if wrapped else text)
    if not 0 < len(text) <= _LONGEST:
        return None
    if _ratio(text):
        return Unit("比", "1", "ratio")
    return _whole(text, 1) or _multiplied(text)


def _whole(text: str, factor: int) -> Unit | None:
    found = match_unit(text, 0)
    if found is None or found[1] != len(text):
        return None
    unit = found[0]
    return Unit(unit.name, unit.code, unit.dimension, factor)


def _multiplied(text: str) -> Unit | None:
    factor = _FACTOR.match(text)
    return _whole(text[factor.end() :], factor_of(factor[0])) if factor else None


def _ratio(text: str) -> bool:
    return text in ("比", "：", ":", "比值")
