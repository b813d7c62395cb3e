"""The forms of time expressions, compiled from `rules/times.toml`.

One scanner finds where any form begins; the form's own expression, compiled when it is
first met, gives the groups. That keeps the scan free of capturing groups.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pipeline.rules import load, rules

_PIECE = re.compile(r"(?<!\(\?)(?<!\(\?P)<([A-Za-z_]+)(?::(\d))?>")
_GROUP = re.compile(r"\(\?P<(\w+)>")


@dataclass(frozen=True, slots=True)
class Form:
    """A form rule: what to look for and which reader makes a time of it."""

    id: str
    reader: str
    pattern: str
    lead: tuple[str, ...]


def expand(pattern: str, pieces: dict[str, str]) -> str:
    """`pattern` with <piece> and <piece:n> replaced, all the way down."""

    def put(m: re.Match[str]) -> str:
        body = expand(pieces[m[1]], pieces)
        return "(?:" + (_GROUP.sub(rf"(?P<\g<1>{m[2]}>", body) if m[2] else body) + ")"

    return _PIECE.sub(put, pattern)


@cache
def forms() -> tuple[Form, ...]:
    pieces: dict[str, str] = load("times")["pieces"]
    return tuple(
        Form(r["id"], r["reader"], expand(r["pattern"], pieces), tuple(r["lead"]))
        for r in rules("times")
        if "pattern" in r
    )


@cache
def _expression(index: int) -> re.Pattern[str]:
    return re.compile(forms()[index].pattern)


@cache
def _scanner() -> re.Pattern[str]:
    leads: dict[str, str] = load("times")["leads"]
    branches = []
    for name in list(leads)[1:]:
        ways = [f"(?P<{name}_{i}>{_GROUP.sub('(?:', f.pattern)})" for i, f in enumerate(forms()) if name in f.lead]
        branches.append(f"{leads[name]}(?:{'|'.join(ways)})")
    # A look-behind holds the trial so that the search itself can skip to the next first character.
    return re.compile(f"[{leads['first']}](?<=(?={'|'.join(branches)}).)")


def occurrences(text: str) -> Iterator[tuple[Form, re.Match[str]]]:
    """Every form in `text`, ascending, without overlap."""
    scanner, at = _scanner(), 0
    while m := scanner.search(text, at):
        index = int((m.lastgroup or "_0").rpartition("_")[2])
        found = _expression(index).match(text, m.start())
        at = max(found.end() if found else 0, m.end())
        if found:
            yield forms()[index], found
