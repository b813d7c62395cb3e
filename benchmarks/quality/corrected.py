"""Corrections as cases that the rules are tried on: does the parser by itself give what a reviewer said?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.quality.texts import ROOT
from pipeline import parse
from pipeline.bulletin import Bulletin
from pipeline.corrections import FOLDER
from pipeline.corrections.line import Correction
from pipeline.corrections.published import sources
from pipeline.corrections.regression import judge
from pipeline.corrections.store import load_all

_WORDS = {
    "met": "given by the parser itself",
    "unmet": "not yet given",
    "lost": "confirmed once, given no more",
    "gone": "words not in the text any more",
    "absent": "source not at hand",
}


@dataclass(frozen=True, slots=True)
class Case:
    """A correction with what the parser makes of it."""

    correction: Correction
    verdict: str


def cases(bulletins: Mapping[str, Bulletin], root: Path = ROOT) -> list[Case]:
    """Every correction of `corrections/`, on bulletins parsed already (by issue) or on their sources in `raw/`."""
    kept = {issue: read.corrections for issue, read in load_all(root / FOLDER) if read.corrections}
    files = sources(root / "curated", root / "raw", [i for i in kept if i not in bulletins])
    out: list[Case] = []
    for issue, corrections in kept.items():
        path = files.get(issue)
        bulletin = bulletins.get(issue) or (parse(path) if path else None)
        if bulletin is None or bulletin.issue_id != issue:
            out += [Case(c, "absent") for c in corrections]
        else:
            out += [Case(c, verdict) for c, verdict in judge(bulletin.records, bulletin.text, corrections)]
    return out


def problems(root: Path = ROOT) -> list[str]:
    """Lines of the folder that are no corrections."""
    return [problem for _, read in load_all(root / FOLDER) for problem in read.problems]


def lines(found: Iterable[Case]) -> Iterator[str]:
    """The counts, and a line for each case that is not met; none without corrections."""
    found = list(found)
    if not found:
        return
    counts = Counter(c.verdict for c in found)
    yield "\ncorrections"
    yield from (f"  {words:<36}{counts[verdict]}" for verdict, words in _WORDS.items() if counts[verdict])
    for case in (c for c in found if c.verdict != "met"):
        one = case.correction
        values = ", ".join(f"{column} = {value}" for column, value in one.fields.items())
        yield f"  {case.verdict}  {one.id}  {one.action} {one.row_id or one.table}  {values}\n    {one.quote[:100]}"


def lost(found: Iterable[Case]) -> int:
    """How many confirmed rows the parser does not give any more."""
    return sum(case.verdict == "lost" for case in found)
