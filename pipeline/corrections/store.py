"""The folder `corrections/`: a file of lines for each issue, each line and the order of lines in one form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline.corrections.columns import TABLES
from pipeline.corrections.line import Correction, CorrectionError, loads
from pipeline.replace import locked, write_whole

_SUFFIX = ".jsonl"


@dataclass(frozen=True, slots=True)
class Read:
    """What stands in a file: the corrections in its order, and a line `file:number: why` for each that is none."""

    corrections: tuple[Correction, ...]
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class Kept:
    """What became of the lines of a file."""

    new: int = 0
    replaced: int = 0
    same: int = 0
    older: int = 0  # than what is stored of the same row, and so left out
    issues: set[str] = field(default_factory=set)  # whose corrections are others now
    problems: list[str] = field(default_factory=list)  # files that could not be added to


#: What tells the row of a correction from others of its evidence (`columns.identity`), null where that is not known.
Lookup = Callable[[Correction], Mapping[str, Any] | None]


def read(path: Path) -> Read:
    """The lines of a file. OSError where it cannot be read."""
    return read_bytes(path.read_bytes(), str(path))


def read_bytes(content: bytes, name: str) -> Read:
    """The lines of a file with this content and name."""
    found, problems = [], []
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            found.append(loads(line.decode("utf-8")))
        except UnicodeDecodeError:
            problems.append(f"{name}:{number}: not UTF-8")
        except CorrectionError as error:
            problems.append(f"{name}:{number}: {' '.join(str(error).split())}")
    return Read(tuple(found), tuple(problems))


def load(folder: Path, issue_id: str) -> Read:
    """The corrections of an issue; none where it has no file."""
    path = path_of(folder, issue_id)
    if not path.is_file():
        return Read(())
    found = read(path)
    strays = tuple(f"{path}: a correction of {c.issue_id}" for c in found.corrections if c.issue_id != issue_id)
    own = (c for c in found.corrections if c.issue_id == issue_id)
    return Read(tuple(_latest(own).values()), (*found.problems, *strays))


def load_all(folder: Path) -> Iterator[tuple[str, Read]]:
    """(issue, its corrections) for each file of the folder, by name."""
    for path in sorted(folder.glob(f"*{_SUFFIX}")):
        if path.is_file():
            yield path.stem, load(folder, path.stem)


def path_of(folder: Path, issue_id: str) -> Path:
    """The file of an issue."""
    return folder / f"{issue_id}{_SUFFIX}"


def digest(corrections: Iterable[Correction]) -> str | None:
    """What stands for a set of corrections in the manifest of an issue; null for none."""
    lines = dumps(corrections)
    return sha256(lines.encode()).hexdigest()[:16] if lines else None


def dumps(corrections: Iterable[Correction]) -> str:
    """The content of a file: sorted by table and place, one line for each row that is corrected."""
    ordered = sorted(_latest(corrections).values(), key=_place)
    return "".join(f"{c.dumps()}\n" for c in ordered)


def _place(correction: Correction) -> tuple[int, int, int, str]:
    return TABLES.index(correction.table), correction.char_start, correction.char_end, correction.id


def keep(corrections: Iterable[Correction], folder: Path, lookup: Lookup = lambda _: None) -> Kept:
    """Add corrections to the files of their issues; the later one of the same row stays.

    `lookup` tells what the row was, by which it is known when ids are renumbered. OSError where the disk refuses.
    """
    by_issue: defaultdict[str, list[Correction]] = defaultdict(list)
    for correction in corrections:
        by_issue[correction.issue_id].append(correction)
    kept = Kept()
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        for issue_id, more in sorted(by_issue.items()):
            _keep(folder, issue_id, more, lookup, kept)
    return kept


def _keep(folder: Path, issue_id: str, more: Iterable[Correction], lookup: Lookup, kept: Kept) -> None:
    present = load(folder, issue_id)
    if present.problems:  # to write the file anew would lose these lines
        kept.problems += present.problems
        return
    stored = _latest(present.corrections)
    before = dumps(stored.values())
    for correction in more:
        _enter(stored, correction, lookup, kept)
    after = dumps(stored.values())
    if after != before:
        write_whole(path_of(folder, issue_id), after.encode())
        kept.issues.add(issue_id)


def _enter(stored: dict[str, Correction], correction: Correction, lookup: Lookup, kept: Kept) -> None:
    earlier = stored.get(correction.id)
    if earlier is not None and correction.at < earlier.at:
        kept.older += 1
        return
    if earlier is not None:
        correction = _joined(earlier, correction)
    if earlier is not None and earlier.was is not None:
        correction = replace(correction, was=earlier.was)  # what is published is corrected already
    elif correction.was is None and correction.row_id is not None:
        correction = replace(correction, was=lookup(correction))
    kept.new += earlier is None
    kept.same += earlier == correction
    kept.replaced += earlier is not None and earlier != correction
    stored[correction.id] = correction


def _joined(earlier: Correction, later: Correction) -> Correction:
    """The later one, with what the earlier says of other columns: whoever made it saw the row as it was corrected."""
    if earlier.action != "edit" or later.action not in ("edit", "confirm"):
        return later
    return replace(later, action="edit", fields={**earlier.fields, **later.fields})


def _latest(corrections: Iterable[Correction]) -> dict[str, Correction]:
    """By id; of two of the same row the later, by time and then by line."""
    found: dict[str, Correction] = {}
    for correction in corrections:
        if correction.id not in found or found[correction.id].at <= correction.at:
            found[correction.id] = correction
    return found
