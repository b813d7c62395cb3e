"""What a paragraph is by its own properties and its styles: level of heading, list, hidden or not."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.read.ooxml import Element, child, is_on, name, number, value

_BODY_LEVEL = 9
_DEEPEST = 20  # styles based on each other


@dataclass(frozen=True, slots=True)
class ListItem:
    """The place of a paragraph in the lists of its document."""

    num_id: int
    level: int


class Styles:
    """The styles of a document, with what they inherit."""

    def __init__(self, root: Element | None) -> None:
        self._by_id: dict[str, Element] = {}
        self._default: dict[str, str] = {}
        self._chains: dict[str | None, list[tuple[str, Element]]] = {}
        for style in root if root is not None else ():
            key = value(style, "styleId")
            if name(style) == "style" and key:
                self._by_id[key] = style
                if value(style, "default") in ("1", "true", "on"):
                    self._default[value(style, "type") or ""] = key

    def chain(self, properties: Element | None, kind: str) -> list[tuple[str, Element]]:
        """(id, style) from the nearest to the farthest that properties of a paragraph or a run name."""
        key = value(child(properties, "pStyle" if kind == "paragraph" else "rStyle"))
        if key is None:
            key = self._default.get(kind) if kind == "paragraph" else None
        if key not in self._chains:
            self._chains[key] = self._chain(key)
        return self._chains[key]

    def _chain(self, key: str | None) -> list[tuple[str, Element]]:
        found: list[tuple[str, Element]] = []
        while key in self._by_id and len(found) < _DEEPEST:
            found.append((key, self._by_id[key]))
            key = value(child(self._by_id[key], "basedOn"))
        return found

    def of_key(self, key: str) -> Element | None:
        """A style by its id."""
        return self._by_id.get(key)

    def heading(self, properties: Element | None) -> int:
        """Level of heading from 1, 0 for running text."""
        level = number(child(properties, "outlineLvl"))
        for _, style in self.chain(properties, "paragraph") if level is None else ():
            level = number(child(style, "pPr", "outlineLvl"))
            if level is not None:
                break
        return level + 1 if level is not None and 0 <= level < _BODY_LEVEL else 0

    def is_contents(self, properties: Element | None) -> bool:
        """Whether a paragraph is an entry of the contents by its style (TOC 1 to TOC 9)."""
        chain = self.chain(properties, "paragraph")
        return any((value(child(style, "name")) or "").lower().startswith("toc ") for _, style in chain)

    def list_item(self, properties: Element | None, levels: dict[tuple[int, str], int]) -> ListItem | None:
        """The list that a paragraph belongs to; `levels` gives the level of a list that a style is tied to."""
        chain = self.chain(properties, "paragraph")
        lists = [child(properties, "numPr"), *(child(style, "pPr", "numPr") for _, style in chain)]
        found = next((e for e in lists if child(e, "numId") is not None), None)
        num_id = number(child(found, "numId"))
        if not num_id:  # 0 takes a paragraph out of the list of its style
            return None
        level = number(child(lists[0], "ilvl"))
        tied = (levels[num_id, key] for key, _ in chain if (num_id, key) in levels)
        if level is None:
            level = next(tied, number(child(found, "ilvl")) or 0)
        return ListItem(num_id, min(max(level, 0), 8))

    def is_hidden(self, run: Element | None, paragraph: Element | None) -> bool:
        """Whether the text of a run is hidden, by itself or by a style."""
        own = child(run, "vanish")
        if own is not None:
            return is_on(own)
        for kind, properties in (("character", run), ("paragraph", paragraph)):
            for _, style in self.chain(properties, kind):
                by_style = child(style, "rPr", "vanish")
                if by_style is not None:
                    return is_on(by_style)
        return False
