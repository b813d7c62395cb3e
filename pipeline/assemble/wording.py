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
def _conditions() -> tuple[tuple[str, str, re.Pattern[str], re.Pattern[str]], ...]:
    """(rule, a word and a pattern without which it finds nothing, its pattern)."""
    made = (r for r in rules("wording") if r["gives"] == "condition")
    return tuple((r["id"], r["needs"], re.compile(r["words"]), re.compile(r["pattern"])) for r in made)


@cache
def _boilerplate() -> re.Pattern[str]:
    """The patterns of stock clauses as one."""
    made = (r["pattern"] for r in rules("wording") if r["gives"] == "boilerplate" and "pattern" in r)
    return re.compile("|".join(f"(?:{pattern})" for pattern in made))


def conditions(action: str) -> tuple[str | None, tuple[str, ...]]:
    """To whom, when and with which exceptions an action applies, as printed; and the rules that found it."""
    found: list[tuple[int, int, str]] = []
    for rule, needs, words, pattern in _conditions():
        if needs not in action or not words.search(action):
            continue
        for match in pattern.finditer(action):
            if not any(a < match.end(1) and match.start(1) < b for a, b, _ in found):
                found.append((*match.span(1), rule))
    if not found:
        return None, ()
    found.sort()
    text = "；".join(action[a:b] for a, b, _ in found)
    return text or None, tuple(dict.fromkeys(r for _, _, r in found))


def is_boilerplate(action: str) -> bool:
    """Stock phrases that say how to go about the work: all clauses are, or tell only what comes of it."""
    first, comma, rest = action.partition("，")
    if not _is_stock(_bare(first)):
        return False
    more = map(_bare, rest.split("，")) if comma else ()
    return all(_is_stock(s) or listed("actions", "continuing").at(s) > 1 for s in more)


def _bare(segment: str) -> str:
    """A clause without the body that it charges and its adverbs."""
    charged = _CHARGED.match(segment) if "要" in segment or "应" in segment or "须" in segment else None
    segment = segment[charged.end() :] if charged else segment
    at = listed("wording", "adverbs").at
    while (n := at(segment)) and n < len(segment):
        segment = segment[n:]
    return segment


def _is_stock(segment: str) -> bool:
    if _boilerplate().match(segment):
        return True
    rest = segment[listed("wording", "stock_verbs").at(segment) :]
    if rest.startswith("对"):
        rest = _FOR.sub("", rest)
    return _only_stock(rest) or rest != segment and _only_stock(segment)


def _only_stock(words: str) -> bool:
    n = listed("wording", "stock").at(words)
    return n > 0 and len(words) - n <= (_SLACK if n >= 4 else 0)
