"""What the words of a task tell besides its action: conditions, and stock phrases (rules/wording.toml)."""

from __future__ import annotations

import re
from functools import cache

from pipeline.assemble.words import listed
from pipeline.rules import rules

_SLACK = 2  # characters beside stock words of four and more
_CHARGED = re.compile(r"[^，；]{2,24}?(?:(?<![主重需纲摘必])要|应当?|必?须)(?=[^，；]{4})")
_FOR = re.compile(r"^对[^，；]{1,24}的")


@cache
def _patterns(gives: str, commas: bool = True) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The patterns of a kind; without `commas` none that ends where a comma follows."""
    made = (r for r in rules("wording") if r["gives"] == gives and "pattern" in r)
    return tuple((r["id"], re.compile(r["pattern"])) for r in made if commas or not r["pattern"].endswith("(?=，)"))


def conditions(action: str) -> tuple[str | None, tuple[str, ...]]:
    """To whom, when and with which exceptions an action applies, as printed; and the rules that found it."""
    found: list[tuple[int, int, str]] = []
    for rule, pattern in _patterns("condition", "，" in action):
        for match in pattern.finditer(action):
            if not any(a < match.end(1) and match.start(1) < b for a, b, _ in found):
                found.append((*match.span(1), rule))
    found.sort()
    text = "；".join(action[a:b] for a, b, _ in found)
    return text or None, tuple(dict.fromkeys(r for _, _, r in found))


def is_boilerplate(action: str) -> bool:
    """Stock phrases that say how to go about the work: all clauses are, or tell only what comes of it."""
    first, *rest = (_bare(s) for s in action.split("，"))
    return _is_stock(first) and all(_is_stock(s) or listed("actions", "continuing").at(s) > 1 for s in rest)


def _bare(segment: str) -> str:
    """A clause without the body that it charges and its adverbs."""
    charged = _CHARGED.match(segment)
    segment = segment[charged.end() :] if charged else segment
    adverbs = listed("wording", "adverbs")
    while (n := adverbs.at(segment)) and n < len(segment):
        segment = segment[n:]
    return segment


def _is_stock(segment: str) -> bool:
    if any(pattern.match(segment) for _, pattern in _patterns("boilerplate")):
        return True
    rest = _FOR.sub("", segment[listed("wording", "stock_verbs").at(segment) :])
    return _only_stock(rest) or _only_stock(segment)


def _only_stock(words: str) -> bool:
    n = listed("wording", "stock").at(words)
    return n > 0 and len(words) - n <= (_SLACK if n >= 4 else 0)
