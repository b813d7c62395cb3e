"""Labels of list items (一、 （一） 1.1), which a document counts instead of writing them down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.read.docx_styles import ListItem, Styles
from pipeline.read.numerals import formatted
from pipeline.read.ooxml import Element, child, is_on, name, number, value

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    text: str
    start: int = 1
    restart: int | None = None  # after which level (from 1) it begins anew; 0 never, null after any above it
    legal: bool = False  # all its numbers in Arabic digits
    close: bool = False  # nothing between label and text
    style: str | None = None


_NONE = _Level("none", "")


@dataclass(slots=True)
class _List:
    """A list (w:num): its levels, what it overrides, and the counters it shares with lists of the same definition."""

    levels: dict[int, _Level]
    counters: list[int | None]
    anew: set[int]  # levels that begin anew with their first item in this list

    def tied(self) -> Iterator[tuple[int, str]]:
        """Levels that a style of paragraphs stands for, with its id."""
        return ((n, level.style) for n, level in self.levels.items() if level.style)


class Numbering:
    """The lists of a document. `label` is asked once for each item, in the order of the text."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._lists: dict[int, _List] = {}
        if root is not None:
            self._load(root, styles)
        #: (list, style) → level, for styles that a level of a list is tied to
        self.levels_of_styles = {
            (num_id, style): n for num_id, found in self._lists.items() for n, style in found.tied()
        }

    def label(self, item: ListItem) -> str:
        """The label of the next item, with a blank where one stands behind it; "" for bullets."""
        found = self._lists.get(item.num_id)
        if found is None:
            return ""
        n, counters = item.level, found.counters
        level = found.levels.get(n, _NONE)
        before = None if n in found.anew else counters[n]
        found.anew.discard(n)
        counters[n] = level.start if before is None else before + 1
        for deeper in range(n + 1, _LEVELS):
            restart = found.levels.get(deeper, _NONE).restart
            if restart is None or n < restart:
                counters[deeper] = None
        return self._printed(found, level)

    def _printed(self, found: _List, level: _Level) -> str:
        if level.form == "bullet":
            return ""

        def number_at(match: re.Match[str]) -> str:
            n = int(match[1]) - 1
            other, count = found.levels.get(n, _NONE), found.counters[n]
            return formatted(other.start if count is None else count, "decimal" if level.legal else other.form)

        text = _PLACE.sub(number_at, level.text)
        return text if level.close or not text else f"{text} "

    def _load(self, root: Element, styles: Styles) -> None:
        abstract = {number(e, "abstractNumId"): e for e in root if name(e) == "abstractNum"}
        nums = {number(e, "numId"): e for e in root if name(e) == "num"}
        counters: dict[int | None, list[int | None]] = {}
        for num_id, num in nums.items():
            key = _definition(number(child(num, "abstractNumId")), abstract, nums, styles)
            if num_id is None or key not in abstract:
                continue
            levels = dict(_levels(abstract[key]))
            anew = _override(levels, num)
            shared = counters.setdefault(key, [None] * _LEVELS)
            self._lists[num_id] = _List(levels, shared, anew)


def _definition(
    key: int | None, abstract: dict[int | None, Element], nums: dict[int | None, Element], styles: Styles
) -> int | None:
    """The definition that has the levels: one may only name a list style, which names a list of another."""
    link = value(child(abstract.get(key), "numStyleLink"))
    style = styles.of_key(link) if link else None
    num = nums.get(number(child(style, "pPr", "numPr", "numId"))) if style is not None else None
    return key if num is None else number(child(num, "abstractNumId"))


def _override(levels: dict[int, _Level], num: Element) -> set[int]:
    """Changes levels to what a list overrides; the levels that it begins anew."""
    anew = set()
    for override in (e for e in num if name(e) == "lvlOverride"):
        levels.update(_levels(override))
        n, start = number(override, "ilvl"), number(child(override, "startOverride"))
        if n in levels and start is not None:
            levels[n] = replace(levels[n], start=start)
            anew.add(n)
    return anew


def _levels(parent: Element) -> Iterator[tuple[int, _Level]]:
    for element in parent:
        n = number(element, "ilvl")
        if name(element) == "lvl" and n is not None and 0 <= n < _LEVELS:
            yield n, _level(element)


def _level(element: Element) -> _Level:
    form = value(_format(element)) or "decimal"
    text = value(child(element, "lvlText")) or ""
    start = number(child(element, "start"))
    return _Level(
        form,
        "" if is_on(child(element, "rPr", "vanish")) else text,
        1 if start is None else start,
        number(child(element, "lvlRestart")),
        is_on(child(element, "isLgl")),
        value(child(element, "suff")) == "nothing",
        value(child(element, "pStyle")),
    )


def _format(level: Element) -> Element | None:
    """w:numFmt, also where newer formats stand beside an older one for older readers."""
    found = child(level, "numFmt")
    return found if found is not None else child(level, "mc:AlternateContent", "mc:Fallback", "numFmt")
