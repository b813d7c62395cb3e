"""Documents that a text cites: 《title》 and the number printed after it."""

from __future__ import annotations

import re
from functools import cache

from pipeline.model import Citation
from pipeline.structure.patterns import source

_TITLE = re.compile(r"《([^《》\n]{2,120}(?:《[^《》\n]{2,80}》[^《》\n]{0,60})?)》")


@cache
def _number() -> re.Pattern[str]:
    return re.compile(rf"[（(](?P<n>{source('doc_number')})[）)]")


def citations(text: str, start: int, end: int) -> tuple[Citation, ...]:
    """Citations in text[start:end]; offsets take in the number."""
    out = []
    for match in _TITLE.finditer(text, start, end):
        number = _number().match(text, match.end(), end)
        out.append(
            Citation(match[1], number["n"] if number else None, match.start(), number.end() if number else match.end())
        )
    return tuple(out)
