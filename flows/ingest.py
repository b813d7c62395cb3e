"""The main job: bulletins in, validated tables published. One task each for parse, validate and publish of an issue.

A file that cannot be published is published as what it is: an issue without text, and one residual that says why.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact

from fetching.lock import BusyError
from flows import apart, locks, staging, versions
from flows.apart import Allowance
from flows.continuity import refresh_safely
from flows.environment import hush
from flows.inbox import Plan, Received, as_corrected, discard, plan, settled_meanwhile
from flows.reasons import RefusedError, flat, is_of_the_file, one_line
from flows.report import FlowError, Outcome, Progress, Report, markdown
from flows.steps import StagedIssue, Verdict, parse_issue, publish_issue, record_refusal, validate_issue
from pipeline.corrections import FOLDER
from pipeline.storage import Location, is_remote, place

_ALLOWANCE = Allowance()
_NONE: Mapping[str, Iterable[str]] = {}
_progress: ContextVar[Progress | None] = ContextVar("progress", default=None)
#: What has become of files so far: known also where Prefect fails before it hands the result over.
_settled: ContextVar[list[Outcome] | None] = ContextVar("settled", default=None)


@dataclass(frozen=True, slots=True)
class Job:
    """What is the same for all files of a run, and which ids it has published from which file name."""

    curated: Location
    raw: Location | None
    run_id: str
    again: bool
    allowance: Allowance = _ALLOWANCE
    corrections: Path = FOLDER
    published: dict[str, str] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)  # refusals of earlier runs: id → file name
    earlier: Mapping[str, Iterable[str]] = field(default_factory=dict)  # path → ids of its earlier bytes
    guarded: bool = False  # whether other runs may be at the same files and issues
    publish: Callable[..., dict[str, int]] | None = None  # in place of the task
    record: Callable[..., str] | None = None  # in place of the task

    def outdated(self, received: Received) -> tuple[str, ...]:
        """What a file which was read replaces: refusals of the same bytes, or of earlier ones of that name,
        and issues published from earlier bytes of that very file.
        """
        same = received.sha256[:12]
        refusals = (i for i, name in self.unread.items() if i == same or name == received.path.name)
        return (*refusals, *self.earlier.get(str(received.path), ()))


@flow(name="gongbao-ingest", flow_run_name="ingest {run_id}", validate_parameters=False)
def ingest(
    received: list[Received],
    curated: Location,
    raw: Location | None,
    run_id: str,
    *,
    again: bool = False,
    allowance: Allowance = _ALLOWANCE,
    earlier: Mapping[str, Iterable[str]] = _NONE,
    guarded: bool = False,
    corrections: Path = FOLDER,
) -> list[Outcome]:
    """Ingest files one after the other; a file that fails leaves the others alone.

    `earlier` has for a path the issues published from earlier bytes of that file; `guarded`: other runs may be at the
    same files, and nobody is to publish an issue while another does.
    """
    from pipeline.publish import unread

    logger = get_run_logger()
    job = Job(
        curated,
        raw,
        run_id,
        again,
        allowance,
        corrections,
        unread=unread(curated),
        earlier=earlier,
        guarded=guarded,
    )
    outcomes = _settled.get()
    outcomes = [] if outcomes is None else outcomes
    for number, each in enumerate(received, 1):
        folder = staging.folder(curated, run_id, number)
        outcome = _settle(job, each, folder)
        shutil.rmtree(folder, ignore_errors=True)
        logger.info("%s: %s%s", outcome.file, outcome.status, f" ({outcome.reason})" if outcome.reason else "")
        for note in outcome.notes:
            logger.warning("%s: %s", outcome.file, note)
        outcomes.append(outcome)
        tell = _progress.get()
        if tell:
            tell(number, len(received), outcome)
    create_markdown_artifact(markdown(outcomes), key="ingest-summary", description=f"Run {run_id}")
    return outcomes


def _settle(job: Job, received: Received, folder: Path) -> Outcome:
    """What becomes of one file; no exception leaves it, so that the others go on."""
    if not job.guarded:
        return _made(job, received, folder)
    try:
        with locks.file_alone(job.curated, received.path) as waited:
            done = settled_meanwhile(job.curated, received, job.corrections) if waited else None
            return done or _made(job, received, folder)
    except BusyError as error:
        return Outcome(received.shown, "refused", reason=f"{error}: the next run takes it")


def _made(job: Job, received: Received, folder: Path) -> Outcome:
    file, name, issue_id = received.shown, received.path.name, None
    try:
        issue = parse_issue(received, folder, job.allowance, job.corrections)
    except Exception as error:
        reason = one_line(error, name)
        issue_id = recorded(job, received, folder, reason) if is_of_the_file(error) else None
        return Outcome(file, "refused", issue_id, reason, recorded=issue_id is not None)
    try:
        issue_id = issue.issue_id
        with ExitStack() as stack:
            if job.guarded:
                stack.enter_context(locks.issue_alone(job.curated, issue_id))
            if job.guarded and _is_done(job, issue_id, received.sha256):
                return Outcome(file, "skipped", issue_id, "another run has published it meanwhile")
            refuse_collision(job, issue_id, name)
            refuse_loss(job, issue_id)
            return judge(job, received, issue)
    except Exception as error:
        return Outcome(file, "refused", issue_id, one_line(error, name))


def recorded(job: Job, received: Received, folder: Path, reason: str) -> str | None:
    """The id under which the refusal of a file is published; null where an earlier version of it stands."""
    if received.formerly is not None:
        return None
    try:
        issue_id: str = (job.record or record_refusal)(received, reason, folder, job.curated, job.run_id)
    except Exception as error:
        get_run_logger().error("%s: its refusal could not be recorded: %s", received.path.name, error)
        return None
    job.unread.pop(issue_id, None)  # as true now as before, whatever else has the name
    return issue_id


def judge(job: Job, received: Received, issue: StagedIssue, verdict: Verdict | None = None) -> Outcome:
    """Validate a staged issue that has no verdict yet, and publish it unless it is held back."""
    verdict = verdict or validate_issue(issue)
    counts: dict[str, int] = {}
    change = None
    # Before the issue: were it after, a run that dies between would leave it published without its pages for good.
    pages = staging.keep_data_docs(issue.folder, job.curated, issue.issue_id, held=bool(verdict.reason))
    if not verdict.reason:
        outdated = job.outdated(received)
        before = versions.editions(job.curated, (issue.issue_id, *outdated))
        publish = job.publish or publish_issue
        try:
            counts = publish(issue, received, job.curated, job.raw, job.run_id, outdated)
        except Exception:
            # The pages changed places with the earlier ones, which belong to what stands.
            staging.keep_data_docs(issue.folder, job.curated, issue.issue_id, held=False)
            raise
        job.published[issue.issue_id] = received.path.name
        after = versions.edition(job.curated, issue.issue_id) if before else None
        change = versions.change(received.path.name, before, after) if after else None
    return Outcome(
        file=received.shown,
        status="held" if verdict.reason else "published",
        issue_id=issue.issue_id,
        reason=f"held back: {verdict.reason}" if verdict.reason else None,
        counts=counts,
        refused_rows=verdict.refused_rows,
        warnings=verdict.warnings,
        data_docs=pages,
        change=change,
        notes=(*issue.notes, *_left_behind(job, received, issue.issue_id)),
    )


def refuse_collision(job: Job, issue_id: str, name: str) -> None:
    """Two sources of one id would overwrite each other; one of the same name is a new version.

    Refused within a run always, against what an earlier run published unless `again`.
    """
    from pipeline.published import source_of

    other, advice = job.published.get(issue_id), "give it that name if it is a newer version of it"
    if other is None and not job.again:
        other, advice = source_of(job.curated, issue_id), f"{advice}, or use --again"
    if other is not None and other != name:
        raise RefusedError(f"its id {issue_id} is already published from {other}: {advice}")


@contextmanager
def progress_to(tell: Progress | None) -> Iterator[None]:
    """Call `tell` after each file while the block runs."""
    token = _progress.set(tell)
    try:
        yield
    finally:
        _progress.reset(token)


def _is_done(job: Job, issue_id: str, sha256: str) -> bool:
    """Whether another run has published the issue from these bytes and with the corrections of this one."""
    from pipeline.published import correction_of

    same = versions.is_published(job.curated, issue_id, sha256)
    return same and as_corrected(issue_id, correction_of(job.curated, issue_id), job.corrections)


def _left_behind(job: Job, received: Received, issue_id: str) -> Iterable[str]:
    """Corrections that stand under an id which the issue had before, or which earlier bytes of the file had."""
    from pipeline.corrections.store import path_of

    for former in sorted({received.formerly or issue_id, *job.outdated(received)} - {issue_id}):
        path = path_of(job.corrections, former)
        if path.is_file():
            yield f"更正未用 not applied: the issue is {issue_id} now: gongbao correct {path} --issue {issue_id}"


def refuse_loss(job: Job, issue_id: str) -> None:
    """An issue published with corrections is not published without them because their folder is not at hand."""
    from pipeline.published import correction_of

    if not job.corrections.is_dir() and correction_of(job.curated, issue_id) is not None:
        raise RefusedError(
            f"{issue_id} is published with corrections and there is no folder {job.corrections}: pass --corrections DIR"
        )


def run(
    paths: Iterable[Location],
    *,
    curated: Location,
    raw: Location | None = None,
    again: bool = False,
    progress: Progress | None = None,
    debug: bool = False,
    seconds: float | None = None,
    sources: Path = Path("sources"),
    planned: Plan | None = None,
    corrections: Path = FOLDER,
) -> Report:
    """Ingest files and folders; what became of each. The flow starts only when there is something to do.

    Where anything was published, the table `continuity` is made anew from `curated`, `raw` (`raw/` where it is null)
    and `sources`. `corrections` is the folder of what reviewers have put right, `seconds` are allowed for one file,
    `debug` leaves Prefect's log on the terminal. `planned` is what `plan` made of the same paths. Addresses become
    places at once, which show no credentials. FlowError where Prefect cannot run.
    """
    run_id, curated = staging.new_run_id(), place(curated) if is_remote(curated) else curated
    raw = place(raw) if raw is not None and is_remote(raw) else raw
    planned = planned or plan(paths, curated, again=again, corrections=corrections)
    outcomes: list[Outcome] = []
    warnings: tuple[str, ...] = ()
    if planned.todo:
        kept = _settled.set(outcomes)
        if not debug:
            hush()
        try:
            allowance = Allowance(seconds) if seconds else _ALLOWANCE
            with progress_to(progress):
                ingest(
                    list(planned.todo), curated, raw, run_id, again=again, allowance=allowance, corrections=corrections
                )
        except Exception as error:  # all that a file can cause is an outcome already
            warnings = (_lost(error, len(outcomes), len(planned.todo)),)
        finally:
            _settled.reset(kept)
            apart.close()
            staging.clean(curated, run_id)
            discard(planned)
    if any(o.status == "published" or o.recorded for o in outcomes):
        # What is fetched stands on disk; an object store only keeps copies of what was ingested.
        fetched = Path("raw") if raw is None or is_remote(raw) else Path(str(raw))
        warnings += refresh_safely(curated, sources, fetched)
    return Report(run_id, (*outcomes, *planned.outcomes), warnings)


def _lost(error: Exception, done: int, of: int) -> str:
    """What is said where Prefect fails although all files were settled. FlowError where some were not."""
    why = f"{type(error).__name__}: {flat(error)[:200]}"
    if done < of:
        raise FlowError(
            f"Prefect could not run the flow, {done} of {of} files are done and stand ({why}): run it again, "
            "or with --debug"
        ) from error
    return (
        f"Prefect 中途失联，数据已全部写入 Prefect was lost, all data are written; its own record is not whole ({why})"
    )
