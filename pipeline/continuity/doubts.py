"""Which printed numbers cannot all be right.

An issue in doubt is held all the same; what it alone would prove (how far a year goes, that others are missing) is
not believed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

from pipeline.continuity.model import Findings, Known

#: Unnumbered extra issues (增刊) that may stand between two issues of a year and be counted in the total.
_EXTRA = 3


def shown(issue: Known) -> str:
    """An issue in a sentence: 2025年第3期."""
    last = f"–{issue.last}" if issue.last else ""
    number = f"第{issue.first}{last}期" if issue.first is not None else f"总第{issue.total}期"
    return f"{issue.year}年{number}" if issue.year else number


def misdated(issues: Sequence[Known], found: Findings) -> None:
    """Dated neither in the year printed nor in the next one (a December issue may come out in January)."""
    for issue in issues:
        if issue.printed_on and issue.year and issue.printed_on.year not in (issue.year, issue.year + 1):
            found.doubt(issue, "date", f"印为{issue.year}年，日期为 printed {issue.year}, dated {issue.dated}")
            found.strays.append(issue)


def duplicated(held: Mapping[int, Sequence[Known]], found: Findings, word: str) -> bool:
    """Doubt issues of one number; whether one of them may in truth have another number."""
    unsettled = False
    for number, several in held.items():
        if len(several) < 2:
            continue
        for issue in several:
            others = "、".join(o.issue_id or o.file or o.key for o in several if o is not issue)
            found.doubt(issue, "duplicate", f"{word}{number}期另见 the same number: {others}")
        alike = {(i.total, i.dated) for i in several}
        unsettled |= len(alike) > 1 or alike == {(None, None)}
    return unsettled


def out_of_order(issues: Sequence[tuple[int, Known]], found: Findings) -> None:
    """Doubt issues without which dates rise with numbers; `issues` are (number, issue).

    Believed are those that stand in every longest run of rising dates: of two that are just exchanged, neither.
    """
    dated = [(n, i.printed_on.toordinal(), i.key, i) for n, i in issues if i.printed_on]
    dated.sort(key=lambda each: each[:3])
    days = [day for _, day, _, _ in dated]
    up_to = _rising(days)
    onwards = _rising([-day for day in reversed(days)])[::-1]
    longest = max(up_to, default=0)
    places = Counter(a for a, b in zip(up_to, onwards, strict=True) if a + b - 1 == longest)
    for (_, _, _, issue), a, b in zip(dated, up_to, onwards, strict=True):
        if a + b - 1 < longest or places[a] > 1:
            found.doubt(issue, "order", f"日期 {issue.dated} 与期号次序不合 dated out of the order of numbers")


def _rising(days: Sequence[int]) -> list[int]:
    """How long the longest run of days is that ends with each and never falls."""
    lengths, ends = [], list[int]()
    for day in days:
        at = bisect_right(ends, day)
        ends[at : at + 1] = [day]
        lengths.append(at + 1)
    return lengths


def alone(numbers: Sequence[int], far: int, solid: int | None = None) -> set[int]:
    """Numbers beyond a gap of more than `far` on each side that nothing else vouches for; `solid` needs no voucher."""
    islands: list[list[int]] = []
    for number in sorted({*numbers, *([solid] if solid is not None else [])}):
        if islands and number - islands[-1][-1] - 1 <= far:
            islands[-1].append(number)
        else:
            islands.append([number])
    if len(islands) < 2:
        return set()
    return {island[0] for island in islands if len(island) == 1 and island[0] != solid}


def bases(issues: Sequence[tuple[int, Known]], found: Findings) -> list[tuple[int, int]]:
    """(number, total − number) of the issues of a year whose totals agree, in order; the others are doubted.

    The difference is the total at the end of the year before. It may rise by a little where an extra issue is
    counted. A combined issue that is counted once lowers what comes after, so it is counted out.
    """
    points = []
    merged = 0
    for number, issue in sorted(issues, key=lambda each: (each[0], each[1].key)):
        if issue.total is not None and number == issue.first:
            points.append((number, issue.total - number + merged, issue))
        merged += len(issue.numbers) - 1 if issue.has_one_total and number == issue.first else 0
    good = _agreeing([(number, base) for number, base, _ in points])
    for number, base, issue in points:
        if (number, base) not in good:
            found.doubt(issue, "total_no", f"总第{issue.total}期与前后各期不合 contradicts its neighbours")
    return sorted(good)


def _agreeing(points: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """Points whose bases can all be right: near the most common one, rising slowly, agreeing with both neighbours."""
    distinct = sorted(set(points))
    counted = Counter(base for _, base in distinct)
    common = [base for base, n in counted.items() if n == max(counted.values())]
    near = [p for p in distinct if abs(p[1] - common[0]) <= _EXTRA] if len(common) == 1 else distinct
    near = [p for k, p in enumerate(near) if not (0 < k < len(near) - 1 and near[k - 1][1] == near[k + 1][1] != p[1])]
    rises = [b[1] - a[1] for a, b in pairwise(near)]
    if all(0 <= rise <= _EXTRA for rise in rises):
        return set(near)
    return {p for p in near if p[1] == common[0]} if len(common) == 1 else set()


def by_number(issues: Sequence[Known]) -> dict[int, list[Known]]:
    """Issues by each number that they are printed under, in order."""
    held: dict[int, list[Known]] = defaultdict(list)
    for issue in issues:
        for number in issue.numbers:
            held[number].append(issue)
    return dict(sorted(held.items()))
