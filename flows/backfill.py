"""Many bulletins, years of them: parsed and validated by several processes or machines, published by one, in order.

What is published is what `flows.ingest` publishes of the same files in that order, byte for byte, but for Data Docs.
They are left out: they take longer than all else and are 26 files an issue. `gongbao ingest --again FILE` makes them.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact

from flows import staging
from flows.apart import Allowance
from flows.batches import Batch, Prepared, batches
from flows.continuity import refresh_safely
from flows.crew import Cluster, Pool, done, reached
from flows.environment import hush
from flows.inbox import Plan, Received, discard, plan
from flows.ingest import Job, judge, recorded, refuse_collision, refuse_loss
from flows.reasons import one_line
from flows.report import FlowError, Outcome, Progress, markdown
from flows.steps import publish_issue, record_refusal
from pipeline.corrections import FOLDER
from pipeline.storage import Location, is_remote, location, place, shown

__all__ = ["Summary", "backfill", "run"]

_PAUSES = (1, 4, 16)  # seconds, between tries of a disk that fails
_LISTED = 200  # files named in the summary that Prefect keeps


@dataclass
class _Call:
    """What a caller in this process hands to the flow beside its parameters, and hears back."""

    progress: Progress | None = None
    planned: Plan | None = None
    curated: Location | None = None  # as a parameter an address would show its credentials, or have none
    raw: Location | None = None
    quiet: bool = False
    interrupted: bool = False


_call: ContextVar[_Call | None] = ContextVar("call", default=None)


@dataclass
class Summary:
    """What a backfill came to. Of what was published only counts are kept, so that memory stays flat."""

    run_id: str
    published: int = 0
    rows: Counter[str] = field(default_factory=Counter)  # published, by table
    refused_rows: int = 0
    warnings: int = 0
    others: list[Outcome] = field(default_factory=list)  # skipped, refused and held back, in the order of the files
    notices: tuple[str, ...] = ()  # gaps and silences of gazettes, a line each

    def add(self, outcome: Outcome) -> None:
        """Count one more."""
        self.refused_rows += outcome.refused_rows
        self.warnings += outcome.warnings
        if outcome.status == "published":
            self.published += 1
            self.rows.update(outcome.counts)
        else:
            self.others.append(outcome)

    @property
    def refused(self) -> list[Outcome]:
        """Refused files and issues held back."""
        return [o for o in self.others if o.status in ("refused", "held")]


@flow(name="gongbao-backfill", flow_run_name="backfill {curated}", persist_result=False)
def backfill(
    paths: list[str],
    curated: str = "curated",
    raw: str | None = None,
    workers: int = 1,
    dask: str | None = None,
    again: bool = False,
    seconds: float | None = None,
    sources: str = "sources",
    corrections: str = str(FOLDER),
) -> Summary:
    """Ingest files and folders with several workers; what was published by this parser already is passed over.

    `workers` are processes of this machine, `dask` is the address of a scheduler that is used in their place. Where
    anything was published, the table `continuity` is made anew from `curated`, `raw` (`raw/` where it is null) and
    `sources`. `corrections` is the folder of what reviewers have put right, which dask workers must see as well.
    FlowError where the workers cannot do it; what was published until then stays, and the next run goes on from there.
    """
    # By name: what a flow says itself goes to the workers with each task, and not all that is here can be sent.
    crew = reached(dask) if dask else Pool(workers)
    return _ran(crew, paths, curated, raw, again, seconds, sources, corrections)


def _ran(
    crew: Cluster | Pool,
    paths: list[str],
    curated: str,
    raw: str | None,
    again: bool,
    seconds: float | None,
    sources: str,
    corrections: str,
) -> Summary:
    call = _call.get() or _Call()
    target, kept = call.curated or _location(curated), call.raw or (_location(raw) if raw else None)
    summary = _done(crew, [location(p) for p in paths], target, kept, again, seconds, Path(corrections).absolute())
    if summary.published or any(o.recorded for o in summary.others):
        # What is fetched stands on disk; an object store only keeps copies of what was ingested.
        fetched = Path("raw") if kept is None or is_remote(kept) else Path(str(kept))
        summary.notices = refresh_safely(target, Path(sources), fetched)
    return summary


def _location(named: Location) -> Location:
    """A folder, absolute, or the place of an address, which shows no credentials."""
    return place(named) if is_remote(named) else Path(str(named)).absolute()


def _done(
    crew: Cluster | Pool,
    paths: list[Location],
    curated: Location,
    raw: Location | None,
    again: bool,
    seconds: float | None,
    corrections: Path,
) -> Summary:
    call, run_id = _call.get() or _Call(), staging.new_run_id()
    given = call.planned or plan(paths, curated, again=again, corrections=corrections)
    summary = Summary(run_id)
    if given.todo:
        allowance = Allowance(seconds) if seconds else Allowance()
        job = _job(curated, raw, run_id, again, allowance, corrections)
        _work(crew, job, given.todo, summary, call)
    for outcome in given.outcomes:
        summary.add(outcome)
    create_markdown_artifact(_markdown(summary), key="backfill-summary", description=f"Run {run_id}")
    return summary


def _work(crew: Cluster | Pool, job: Job, files: Sequence[Received], summary: Summary, call: _Call) -> None:
    try:
        folder = staging.folder(job.curated, job.run_id, 0).parent
    except OSError as error:
        why = error.strerror or str(error)
        raise FlowError(f"{shown(job.curated)} cannot be written ({why}): check disk and permissions") from error
    try:
        with crew:
            quiet = call.quiet and isinstance(crew, Pool)
            for batch, made in done(
                crew, batches(files, folder, job.allowance, crew.size, corrections=job.corrections, quiet=quiet)
            ):
                _publish(job, batch, made, len(files), summary, call.progress)
    except KeyboardInterrupt:
        call.interrupted = True
        raise
    finally:
        staging.clean(job.curated, job.run_id)
        discard(Plan(tuple(files), ()))


def _job(
    curated: Location, raw: Location | None, run_id: str, again: bool, allowance: Allowance, corrections: Path
) -> Job:
    """As for `ingest`, without a task for each issue: they are part of the flow's own."""
    from pipeline.publish import unread

    record = record_refusal.fn
    refused = unread(curated)
    return Job(curated, raw, run_id, again, allowance, corrections, unread=refused, publish=_published, record=record)


def _published(*args: Any) -> dict[str, int]:
    """Publish an issue; try again what the disk refused, as the task of `ingest` does."""
    for pause in _PAUSES:
        try:
            return publish_issue.fn(*args)
        except OSError:
            time.sleep(pause)
    return publish_issue.fn(*args)


def _publish(
    job: Job, batch: Batch, made: Iterable[Prepared], total: int, summary: Summary, tell: Progress | None
) -> None:
    """Publish what came of a batch, in the order of its files."""
    logger, before = get_run_logger(), summary.published
    for position, (received, prepared) in enumerate(zip(batch.files, made, strict=True)):
        folder = batch.folder_of(position)
        outcome = _settled(job, received, prepared, folder)
        shutil.rmtree(folder, ignore_errors=True)
        summary.add(outcome)
        if outcome.reason:
            logger.warning("%s: %s (%s)", outcome.file, outcome.status, outcome.reason)
        if tell:
            tell(batch.number + position, total, outcome)
    logger.info("%d of %d files, %d published", batch.number + len(batch.files) - 1, total, summary.published - before)


def _settled(job: Job, received: Received, prepared: Prepared, folder: Path) -> Outcome:
    """What becomes of one file, by the rules of `ingest`; no exception leaves it, so that the others go on."""
    file, name, issue = received.shown, received.path.name, prepared.issue
    if issue is None:
        reason = prepared.reason or "no reason given"
        issue_id = recorded(job, received, folder, reason) if prepared.blamed else None
        return Outcome(file, "refused", issue_id, reason, recorded=issue_id is not None)
    try:
        refuse_collision(job, issue.issue_id, name)
        refuse_loss(job, issue.issue_id)
        if prepared.verdict is None:
            return Outcome(file, "refused", issue.issue_id, prepared.reason)
        if not prepared.verdict.reason:  # pages of the version before; as in `ingest`, before the issue is replaced
            staging.drop_data_docs(job.curated, issue.issue_id)
        return judge(job, received, issue, prepared.verdict)
    except Exception as error:
        return Outcome(file, "refused", issue.issue_id, one_line(error, name))


def _markdown(summary: Summary) -> str:
    lines = [f"{summary.published} published, {len(summary.refused)} refused", ""]
    return "\n".join(lines) + "\n" + markdown(summary.refused[:_LISTED])


def run(
    paths: Iterable[Location],
    *,
    curated: Location,
    raw: Location | None = None,
    workers: int = 1,
    dask: str | None = None,
    again: bool = False,
    progress: Progress | None = None,
    debug: bool = False,
    seconds: float | None = None,
    planned: Plan | None = None,
    sources: Path = Path("sources"),
    corrections: Path = FOLDER,
) -> Summary:
    """Run the flow; what became of the files. `planned` spares reading them all once more.

    FlowError where Prefect or the workers cannot run; `debug` leaves Prefect's log on the terminal.
    """
    given = planned or plan(paths, curated, again=again, corrections=corrections)
    if dask:
        reached(dask)  # before ten seconds are spent on Prefect's server
    if not debug:
        hush()
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what it says comes as an error as well
    call = _Call(progress, given, _location(curated), None if raw is None else _location(raw), quiet=not debug)
    names = [str(p) for p in paths], shown(curated), None if raw is None else shown(raw)
    token = _call.set(call)
    try:
        made: Summary = backfill(*names, workers, dask, again, seconds, str(sources), str(corrections))
        return made
    except FlowError:
        raise
    except Exception as error:
        if call.interrupted:  # Prefect's server is as well, and what it says of that is not the cause
            raise KeyboardInterrupt from None
        if not isinstance(error, RuntimeError):  # all that a file can cause is an outcome already
            raise
        raise FlowError(f"Prefect could not run the flow: {' '.join(str(error).split())}: run with --debug") from error
    finally:
        _call.reset(token)
