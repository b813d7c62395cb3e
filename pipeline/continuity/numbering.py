"""Gaps in 期 within a year and in 总期 across years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.continuity import doubts
from pipeline.continuity.model import Absent, Cadence, Findings, Known, Status

#: Issues of a year; a daily or weekly gazette has no set number.
PER_YEAR: Mapping[str | None, int] = {"monthly": 12, "quarterly": 4, "yearly": 1}
#: A gap that is wider needs two issues beyond it: a single one may be a misprint.
_FAR, _FAR_DAILY = 12, 60
_WEEKS = 53
#: Doubts about the number itself, not about what is printed beside it.
_NO_VOUCHER = frozenset(("date", "order", "jump", "total_no"))


@dataclass(slots=True)
class _Year:
    """A year of a gazette: issues by number, those that are believed, bases of the total numbers that agree."""

    year: int
    held: dict[int, list[Known]]
    solid: list[int]
    bases: list[tuple[int, int]]
    unsettled: bool  # one of the issues held may in truth be one that is not

    @property
    def merged(self) -> int:
        """Numbers that the total does not count."""
        issues = {i.key: i for several in self.held.values() for i in several if i.has_one_total}
        return sum(len(i.numbers) - 1 for i in issues.values())

    @property
    def last_total(self) -> int:
        """The total number of the last issue that is believed; there are bases."""
        return self.bases[-1][1] + self.solid[-1] - self.merged

    def total(self, number: int) -> int | None:
        """The total number of an issue that is not held, where those before and after it agree."""
        before = [base for at, base in self.bases if at < number]
        after = [base for at, base in self.bases if at > number]
        sides = {*before[-1:], *after[:1]}
        return number + sides.pop() if len(sides) == 1 and not self.merged else None


def examine(known: Sequence[Known], cadence: Cadence | None) -> Findings:
    """Doubts and absent numbers of one gazette; the order of `known` does not matter."""
    found = Findings()
    issues = sorted((k for k in known if k.kind != "notice"), key=Known.order)
    numbered = [i for i in issues if i.first is not None and i.year is not None]
    years: dict[int, list[Known]] = defaultdict(list)
    for issue in numbered:
        years[issue.year or 0].append(issue)
    doubts.misdated(numbered, found)
    if runs_on(years, cadence):
        _series([(n, i) for i in numbered for n in i.numbers], "number", found)
    elif numbered:
        found.absent += _of_years(years, cadence, found)
    elif totalled := [(t, i) for i in issues if i.total is not None for t in _totals(i)]:
        _series(totalled, "total_no", found)
    _settle(issues, found)
    return found


def runs_on(years: Mapping[int, Sequence[Known]], cadence: Cadence | None) -> bool:
    """Whether 期 is counted on from year to year: what the totals say, else whether years join without a gap."""
    spans = [(min(n), max(n)) for n in ([x for i in years[y] for x in i.numbers] for y in sorted(years))]
    if spans and cadence != "daily" and min(low for low, _ in spans) > _WEEKS:
        return True
    if len(spans) < 2 or any(before[1] >= after[0] for before, after in pairwise(spans)):
        return False
    firsts = [next((i for i in years[y] if i.total is not None), None) for y in sorted(years)]
    pairs = [(i.total - i.first) for i in firsts if i and i.total is not None and i.first is not None]
    if len(pairs) > 1:
        return len(set(pairs)) == 1
    ends = pairwise(zip(sorted(years), spans, strict=True))
    return any(y + 1 == later and before[1] + 1 == after[0] for (y, before), (later, after) in ends)


def _totals(issue: Known) -> range:
    return range(issue.total or 0, (issue.total_last or issue.total or 0) + 1)


def _far(cadence: Cadence | None) -> int:
    return _FAR_DAILY if cadence == "daily" else _FAR


def _series(points: list[tuple[int, Known]], basis: str, found: Findings) -> None:
    """Gaps in one series of numbers that does not begin anew: what stands between two that are believed."""
    held: dict[int, list[Known]] = defaultdict(list)
    for number, issue in sorted(points, key=lambda each: (each[0], each[1].order())):
        held[number].append(issue)
    word = "第" if basis == "number" else "总第"
    unsettled = doubts.duplicated(held, found, word)
    doubts.out_of_order([(n, i) for n, several in held.items() for i in several], found)
    solid, uncertain = _believed(held, found, _FAR, None)
    for before, after in pairwise(solid):
        ends = {i.year for n in (before, after) for i in held[n]}
        year = ends.pop() if len(ends) == 1 else None
        for number in range(before + 1, after):
            if number not in held:
                status: Status = "doubtful" if unsettled or uncertain else "missing"
                own, total = (number, None) if basis == "number" else (None, number)
                found.absent.append(Absent(status, basis, year, own, total))


def _believed(
    held: Mapping[int, Sequence[Known]], found: Findings, far: int, start: int | None
) -> tuple[list[int], bool]:
    """Numbers that may prove others missing, in order, and whether a number was not believed."""

    def doubted(number: int) -> bool:
        return all(found.doubts.get(i.key, ("",))[0] in _NO_VOUCHER for i in held[number])

    good = [n for n in held if not doubted(n)]
    for number in doubts.alone(good, far, start):
        for issue in held[number]:
            words = (
                f"与其他各期相距过远，缺期或误印 far from all other numbers: many missing, or {number} is a misprint"
            )
            found.doubt(issue, "jump", words)
    solid = sorted(n for n in held if not doubted(n))
    kinds = {found.doubts[i.key][0] for several in held.values() for i in several if i.key in found.doubts}
    return solid, bool(kinds & {"date", "order", "jump"})


def _of_years(years: Mapping[int, list[Known]], cadence: Cadence | None, found: Findings) -> Iterator[Absent]:
    """What is absent in each year, and between one and the next."""
    first = min(years)
    each = [_year(y, years[y], cadence, found, is_first=y == first) for y in sorted(years)]
    each = _together([y for y in each if y.solid], found, _far(cadence))
    for at, year in enumerate(each):
        yield from _within(year, is_first=at == 0)
        if at + 1 < len(each):
            yield from _between(year, each[at + 1], cadence, found, years)


def _together(years: list[_Year], found: Findings, far: int) -> list[_Year]:
    """The years without a first or last one that has a single issue, whole years apart from the others."""
    while len(years) > 1:
        ends = ((years[0], years[:2], years[1:]), (years[-1], years[-2:], years[:-1]))
        for end, (before, after), others in ends:
            issue = _lonely(end)
            if issue and after.year > before.year + 1 and not _is_counted(before, after, far):
                words = "与其他各期相隔整年，缺期或误印 whole years apart from all others: many missing, or a misprint"
                found.doubt(issue, "jump", words)
                found.strays.append(issue)
                years = others
                break
        else:
            return years
    return years


def _lonely(year: _Year) -> Known | None:
    """The only issue of a year."""
    issues = {i.key: i for several in year.held.values() for i in several}
    return next(iter(issues.values())) if len(issues) == 1 else None


def _is_counted(year: _Year, later: _Year, far: int) -> bool:
    """Whether the totals say how many issues stand between two years, and the answer can be believed."""
    if not (year.bases and later.bases):
        return False
    top, end = year.last_total, later.bases[0][1]
    return top <= end <= top + far or top < end and len(later.bases) > 1 and len(year.bases) > 1


def _year(year: int, issues: list[Known], cadence: Cadence | None, found: Findings, *, is_first: bool) -> _Year:
    held = doubts.by_number(issues)
    points = [(n, i) for n, several in held.items() for i in several]
    bases = doubts.bases(points, found)
    unsettled = doubts.duplicated(held, found, "第")
    doubts.out_of_order(points, found)
    solid, uncertain = _believed(held, found, _far(cadence), None if is_first else 0)
    if not bases:  # totals that all contradict each other say nothing of the numbers
        totals_only = [n for n in held if any(found.doubts.get(i.key, ("",))[0] == "total_no" for i in held[n])]
        solid = sorted({*solid, *totals_only})
    return _Year(year, held, solid, bases, unsettled or uncertain)


def _within(year: _Year, *, is_first: bool) -> Iterator[Absent]:
    """Numbers below the highest one; before the first issue that is held, nothing was asked for."""
    status: Status = "doubtful" if year.unsettled else "missing"
    low = year.solid[0]
    if not is_first or low <= _FAR or len(year.solid) > 1:
        for number in range(1, low):
            if number not in year.held:
                yield Absent("earlier" if is_first else status, "number", year.year, number, year.total(number))
    for number in range(low + 1, year.solid[-1]):
        if number not in year.held:
            yield Absent(status, "number", year.year, number, year.total(number))


def _between(
    year: _Year, later: _Year, cadence: Cadence | None, found: Findings, held: Collection[int]
) -> Iterator[Absent]:
    """What the end of a year and the years up to the next one lack; nothing of a year that has issues in `held`."""
    if _is_counted(year, later, _far(cadence)):
        yield from _by_totals(year, later)
        return
    if year.bases and later.bases:
        top, end = year.last_total, later.bases[0][1]
        words = f"上年最末总第{top}期，据本期应为 the year before ends with {top}, by this issue with {end}"
        found.doubt(later.held[later.bases[0][0]][0], "jump" if end > top else "total_no", words)
        return
    size = PER_YEAR.get(cadence)
    empty = [y for y in range(year.year + 1, later.year) if y not in held]
    if size is None:
        yield from (Absent("missing", "year", each) for each in empty)
        return
    for each in (year.year, *empty):
        for number in range(year.solid[-1] + 1 if each == year.year else 1, size + 1):
            if each != year.year or number not in year.held:
                yield Absent("missing", "cadence", each, number)


def _by_totals(year: _Year, later: _Year) -> Iterator[Absent]:
    """The totals after the last one of a year up to the end of the year before the next known one."""
    next_door = later.year == year.year + 1
    for step, total in enumerate(range(year.last_total + 1, later.bases[0][1] + 1), 1):
        number = year.solid[-1] + step
        if not next_door:
            yield Absent("missing", "total_no", total=total)
        elif number not in year.held:
            status: Status = "doubtful" if year.unsettled else "missing"
            yield Absent(status, "total_no", year.year, number, total)


def _settle(issues: Iterable[Known], found: Findings) -> None:
    """A number that an issue in doubt may have in truth is doubtful, not missing.

    One whose total is held under another number; one that an issue of another year, doubted for it, is printed with.
    """
    by_total: dict[int, Known] = {}
    strays = {number: issue for issue in reversed(found.strays) for number in issue.numbers}
    for issue in issues:
        for total in _totals(issue) if issue.total is not None else ():
            by_total.setdefault(total, issue)
    settled = []
    for each in found.absent:
        holder = by_total.get(each.total) if each.total is not None else None
        if holder and each.number is None:
            continue
        holder = holder or strays.get(each.number or -1)
        if holder and each.status != "earlier":
            words = f"或即印为{doubts.shown(holder)}者 may be {holder.issue_id or holder.file or holder.key}"
            each = Absent("doubtful", each.basis, each.year, each.number, each.total, words)
        settled.append(each)
    found.absent = settled
