"""Sets of words looked for at the ends of a text, faster than a long alternation."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from pipeline.rules import load

#: the printed label of an item or heading at the begin of a text
LABEL = re.compile(
    r"[ \u3000]*(?:[（(][一二三四五六七八九十\d]{1,3}[）)]|[①-⑳]|\d{1,2}[.．、](?!\d)|[一二三四五六七八九十]{1,3}、"
    r"|第[一二三四五六七八九十百\d]{1,4}[条章节])[ \u3000]*"
)


@dataclass(frozen=True, slots=True)
class Words:
    """A set of words; for each first and last character the lengths that occur, longest first."""

    words: frozenset[str]
    firsts: dict[str, tuple[int, ...]]
    lasts: dict[str, tuple[int, ...]]
    begins: re.Pattern[str]  # any of the first characters

    def at(self, text: str, start: int = 0) -> int:
        """Length of the longest word that begins at `start`, 0 for none."""
        lengths = self.firsts.get(text[start : start + 1])
        if lengths is not None:
            words = self.words
            for n in lengths:
                if text[start : start + n] in words:
                    return n
        return 0

    def find(self, text: str, start: int, end: int, shortest: int = 1) -> int:
        """Where in [start, end) the first word of at least `shortest` characters begins, -1 for none."""
        firsts, words = self.firsts, self.words
        for first in self.begins.finditer(text, start, end):
            i = first.start()
            for n in firsts[text[i]]:
                if n >= shortest and text[i : i + n] in words:
                    return i
        return -1

    def ending(self, text: str) -> int:
        """Length of the longest word that ends the text, 0 for none."""
        lengths = self.lasts.get(text[-1:])
        if lengths is not None:
            words = self.words
            for n in lengths:
                if text[-n:] in words:
                    return n
        return 0

    def within(self, text: str, start: int, end: int) -> bool:
        """Whether a word begins in [start, end)."""
        return self.find(text, start, end) >= 0


def words_of(words: Iterable[str]) -> Words:
    """The set of the given words."""
    found = frozenset(words)
    firsts = _lengths(found, 0)
    begins = re.compile(f"[{re.escape(''.join(sorted(firsts)))}]") if firsts else re.compile(r"(?!)")
    return Words(found, firsts, _lengths(found, -1), begins)


def _lengths(words: Iterable[str], at: int) -> dict[str, tuple[int, ...]]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for word in words:
        found[word[at]].add(len(word))
    return {char: tuple(sorted(lengths, reverse=True)) for char, lengths in found.items()}


@cache
def listed(subject: str, key: str) -> Words:
    """The blank-separated words under a key of a rule file."""
    return words_of(load(subject)[key].split())
