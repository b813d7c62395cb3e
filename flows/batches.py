"""Batches of files, and what a worker makes of one: parsed and validated issues in staging folders.

A worker publishes nothing. What it hands back is small and names folders, which it and the flow must both see.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from multiprocessing.util import Finalize
from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

import expectations
from expectations import Validation
from flows import apart
from flows.apart import Allowance
from flows.environment import hush
from flows.inbox import Received
from flows.reasons import is_of_the_file, one_line
from flows.steps import StagedIssue, Verdict, parse_issue
from pipeline import __version__
from pipeline.corrections import FOLDER

#: A batch is bounded by both: a run of the suites costs seconds whatever the rows, and rows cost memory.
FILES = 32
BYTES = 6_000_000
#: Batches that each worker has at least, so that none stands idle while another has the last long one.
_EACH = 2


class UnfitWorkerError(RuntimeError):
    """A worker that cannot do what it is asked; the message is one line that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Files for one task. `number` counts the files of the run: where the first of these stands among them."""

    number: int
    files: tuple[Received, ...]
    folder: Path  # staging of the run
    allowance: Allowance
    corrections: Path = FOLDER
    quiet: bool = False  # whether Prefect is kept off the terminal of a worker
    version: str = __version__

    def halves(self) -> tuple[Batch, Batch]:
        """The batch as two; for one of at least two files."""
        middle = len(self.files) // 2
        return replace(self, files=self.files[:middle]), replace(
            self, number=self.number + middle, files=self.files[middle:]
        )

    def folder_of(self, position: int) -> Path:
        """Where a file of the batch is staged."""
        return self.folder / str(self.number + position)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a worker made of a file: an issue with its verdict, or why there is none."""

    issue: StagedIssue | None
    verdict: Verdict | None = None
    reason: str | None = None  # of a file that could not be parsed, or of an issue that could not be validated
    blamed: bool = True  # whether the file is to blame for that


def batches(
    files: Sequence[Received],
    folder: Path,
    allowance: Allowance,
    workers: int,
    *,
    corrections: Path = FOLDER,
    quiet: bool = False,
) -> Iterator[Batch]:
    """The files in order, in batches of bounded size; smaller ones where there would be too few for the workers."""
    most = min(FILES, max(1, len(files) // (workers * _EACH)))
    start, held = 0, 0
    for n, received in enumerate(files):
        size = _size(received.path)
        if n > start and (n - start >= most or held + size > BYTES):
            yield Batch(start + 1, tuple(files[start:n]), folder, allowance, corrections, quiet)
            start, held = n, 0
        held += size
    if files:
        yield Batch(start + 1, tuple(files[start:]), folder, allowance, corrections, quiet)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # gone since it was planned: the worker says so
        return 0


#: Great Expectations keeps the context in use for the whole process, and a dask worker may have several threads.
_alone = threading.Lock()


@task(task_run_name="prepare {batch.number}", cache_policy=NO_CACHE, persist_result=False)
def prepare_batch(batch: Batch) -> list[Prepared]:
    """Parse and validate the files of a batch; for each what came of it, in order.

    UnfitWorkerError where this is not the place to do it; no other exception.
    """
    _refuse_unfit(batch)
    return _prepared(batch)  # by name: what a task says itself is sent with it, and the lock cannot be


def _prepared(batch: Batch) -> list[Prepared]:
    if batch.quiet:
        hush()
    with _alone:
        parsed = [_parsed(batch, n, received) for n, received in enumerate(batch.files)]
        issues = [each.issue for each in parsed if each.issue is not None]
        verdicts = iter(_verdicts(issues))
        made = [each if each.issue is None else next(verdicts) for each in parsed]
        gc.collect()  # the library leaves cycles behind, a third of a worker's memory after some batches
        return made


def _refuse_unfit(batch: Batch) -> None:
    if batch.version != __version__:
        raise UnfitWorkerError(f"a worker has gongbao {__version__}, this is {batch.version}: install the same on all")
    for folder in (batch.folder, *{received.path.parent for received in batch.files}):
        if not folder.is_dir():
            raise UnfitWorkerError(f"a worker does not see {folder}: all need the same folders under the same paths")


def _parsed(batch: Batch, position: int, received: Received) -> Prepared:
    try:
        return Prepared(parse_issue.fn(received, batch.folder_of(position), batch.allowance, batch.corrections))
    except Exception as error:
        return Prepared(None, reason=one_line(error, received.path.name), blamed=is_of_the_file(error))


def _verdicts(issues: Sequence[StagedIssue]) -> list[Prepared]:
    return [_carried_out(issue, found) for issue, found in zip(issues, _validations(issues), strict=True)]


def _validations(issues: Sequence[StagedIssue]) -> list[Validation | Exception]:
    """All in one run; one by one where that fails, so that the fault of one is said of that one."""
    try:
        return [*expectations.validate_all([issue.folder for issue in issues])]
    except Exception:
        return [_validation(issue) for issue in issues]


def _validation(issue: StagedIssue) -> Validation | Exception:
    try:
        return expectations.validate(issue.folder)
    except Exception as error:
        return error


def _carried_out(issue: StagedIssue, found: Validation | Exception) -> Prepared:
    """Take refused rows out of the staged files, unless the issue is held back."""
    try:
        if isinstance(found, Exception):
            raise found
        if not found.held_back:
            expectations.apply(issue.folder, found)
    except Exception as error:
        return Prepared(issue, reason=one_line(error, issue.issue_id))
    return Prepared(issue, Verdict(found.n_refused, found.warnings, found.reason))


def end_with_parent() -> None:
    """Make this process of a pool end when the one that started it is gone: else it would wait for work for ever.

    Its own child, which reads the files, ends with it.
    """
    signal.signal(signal.SIGINT, lambda *_: _end())  # Ctrl-C reaches the whole group
    gc.set_threshold(50_000, 20, 100)  # as the command line does
    Finalize(None, apart.close, exitpriority=1)  # a process of a pool runs nothing that `atexit` has
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_wait_and_end, args=(parent.sentinel,), daemon=True).start()


def _wait_and_end(sentinel: int) -> None:
    wait([sentinel])
    _end()


def _end() -> None:
    apart.kill()
    os._exit(1)
