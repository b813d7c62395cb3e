"""Ruled lines to tables: where horizontal and vertical lines meet, the cells between them, their spans."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.read.layout.cells import cell_text
from pipeline.read.layout.geometry import Rule, Table, Word

_SNAP = 3.0  # points: lines this near are one, lines this near meet
_OPEN = 8.0  # points by which lines stand out of a table whose side has no line
_SHORT = 4.0  # points: no border of a cell
_MOST = 6000  # lines of a drawing, not of a table
_LONG = 200  # characters of a cell that is a frame around running text
_FEW = 4

Line = tuple[float, float, float]  # position, start, end


@dataclass(slots=True)
class Lattice:
    """The lines of one table: where its columns and rows begin and end, and what is drawn at each place."""

    xs: list[float]
    ys: list[float]
    down: list[list[Line]] = field(default_factory=list)  # by column border
    across: list[list[Line]] = field(default_factory=list)  # by row border

    def holds(self, word: Word) -> bool:
        """Whether the middle of a word is inside."""
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]


def lattices(rules: Sequence[Rule]) -> list[Lattice]:
    """Every set of lines that makes at least two columns; frames and drawings are none."""
    if len(rules) > _MOST:
        return []
    across = _merged(((r.top + r.bottom) / 2, r.x0, r.x1) for r in rules if _is_across(r))
    down = _merged(((r.x0 + r.x1) / 2, r.top, r.bottom) for r in rules if _is_down(r))
    found = [_lattice(hs, vs) for hs, vs in _components(across, down)]
    return sorted((x for x in found if x is not None), key=lambda x: (x.ys[0], x.xs[0]))


def _is_across(rule: Rule) -> bool:
    return rule.x1 - rule.x0 > _SHORT and rule.bottom - rule.top <= _SNAP


def _is_down(rule: Rule) -> bool:
    return rule.bottom - rule.top > _SHORT and rule.x1 - rule.x0 <= _SNAP


def _merged(lines: Iterable[Line]) -> list[Line]:
    """Lines at one position joined where they touch."""
    out: list[Line] = []
    group: list[Line] = []
    for line in sorted(lines):
        if group and line[0] - group[0][0] > _SNAP:
            out += _touching(group)
            group = []
        group.append(line)
    return out + _touching(group)


def _touching(group: list[Line]) -> list[Line]:
    out: list[Line] = []
    for at, start, end in sorted(group, key=lambda line: line[1]):
        if out and start <= out[-1][2] + _SNAP:
            out[-1] = (out[-1][0], out[-1][1], max(out[-1][2], end))
        else:
            out.append((at, start, end))
    return out


def _components(across: list[Line], down: list[Line]) -> list[tuple[list[Line], list[Line]]]:
    """Lines that meet, directly or through others."""
    parent = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, (y, x0, x1) in enumerate(across):
        for j, (x, top, bottom) in enumerate(down, len(across)):
            if x0 - _SNAP <= x <= x1 + _SNAP and top - _SNAP <= y <= bottom + _SNAP:
                parent[root(i)] = root(j)
    groups: dict[int, tuple[list[Line], list[Line]]] = {}
    for i, line in enumerate(across):
        groups.setdefault(root(i), ([], []))[0].append(line)
    for j, line in enumerate(down, len(across)):
        groups.setdefault(root(j), ([], []))[1].append(line)
    return list(groups.values())


def _lattice(across: list[Line], down: list[Line]) -> Lattice | None:
    if len(across) < 2 or not down:
        return None
    xs = _borders([x for x, *_ in down], [e for _, *ends in across for e in ends])
    ys = _borders([y for y, *_ in across], [e for _, *ends in down for e in ends])
    if len(xs) < 3 or len(ys) < 2:
        return None
    found = Lattice(xs, ys, [[] for _ in xs], [[] for _ in ys])
    for line in down:
        found.down[_nearest(xs, line[0])].append(line)
    for line in across:
        found.across[_nearest(ys, line[0])].append(line)
    return found


def _borders(positions: list[float], ends: list[float]) -> list[float]:
    """Places of the lines, and the ends of the crossing ones where a side is open."""
    out: list[float] = []
    for at in sorted(positions):
        if not out or at - out[-1] > _SNAP:
            out.append(at)
    if min(ends) < out[0] - _OPEN:
        out.insert(0, min(ends))
    if max(ends) > out[-1] + _OPEN:
        out.append(max(ends))
    return out


def _nearest(places: list[float], at: float) -> int:
    i = bisect_right(places, at)
    return min((j for j in (i - 1, i) if 0 <= j < len(places)), key=lambda j: abs(places[j] - at))


def table(lattice: Lattice, words: Sequence[Word]) -> Table | None:
    """The table of a lattice with its words; null for a frame around running text."""
    spans = _spans(lattice)
    place = {
        (r, c): (i, j) for (i, j), (high, wide) in spans.items() for r in range(i, i + high) for c in range(j, j + wide)
    }
    held: dict[tuple[int, int], list[Word]] = {}
    for word in words:
        row = bisect_right(lattice.ys, (word.top + word.bottom) / 2) - 1
        column = bisect_right(lattice.xs, (word.x0 + word.x1) / 2) - 1
        at = place[min(max(row, 0), len(lattice.ys) - 2), min(max(column, 0), len(lattice.xs) - 2)]
        held.setdefault(at, []).append(word)
    if len(spans) <= _FEW and any(sum(len(w.text) for w in ws) > _LONG for ws in held.values()):
        return None
    rows = [[""] * (len(lattice.xs) - 1) for _ in lattice.ys[1:]]
    for (i, j), inside in held.items():
        rows[i][j] = cell_text(inside, lattice.xs[j], lattice.xs[j + spans[i, j][1]])
    doubts = {at: min(s for w in ws for _, s in w.doubts) for at, ws in held.items() if any(w.doubts for w in ws)}
    size = sorted(w.size for w in words)[len(words) // 2] if words else 0.0
    return Table(rows, lattice.xs[0], lattice.ys[0], lattice.xs[-1], lattice.ys[-1], lattice.xs, size, doubts)


def _spans(lattice: Lattice) -> dict[tuple[int, int], tuple[int, int]]:
    """First place of each cell → how many rows and columns it takes."""
    n, m = len(lattice.ys) - 1, len(lattice.xs) - 1
    middles_y = [(a + b) / 2 for a, b in pairwise(lattice.ys)]
    middles_x = [(a + b) / 2 for a, b in pairwise(lattice.xs)]
    right = [[j == m - 1 or _drawn(lattice.down[j + 1], y) for j in range(m)] for y in middles_y]
    below = [[i == n - 1 or _drawn(lattice.across[i + 1], x) for x in middles_x] for i in range(n)]
    taken: set[tuple[int, int]] = set()
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    for i in range(n):
        for j in range(m):
            if (i, j) in taken:
                continue
            last = j
            while not right[i][last] and (i, last + 1) not in taken:
                last += 1
            end = i
            while not any(below[end][j : last + 1]) and _same_width(right[end + 1], j, last):
                end += 1
            spans[i, j] = (end - i + 1, last - j + 1)
            taken.update((a, b) for a in range(i, end + 1) for b in range(j, last + 1))
    return spans


def _same_width(right: list[bool], first: int, last: int) -> bool:
    return right[last] and not any(right[first:last])


def _drawn(lines: list[Line], at: float) -> bool:
    return any(start - _SNAP <= at <= end + _SNAP for _, start, end in lines)
