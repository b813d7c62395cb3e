"""The main job: bulletins in, validated tables published. One task each for parse, validate and publish of an issue."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from flows import staging
from flows.environment import hush
from flows.inbox import Received, keep, plan
from flows.report import FlowError, Outcome, Progress, Report, markdown

__all__ = ["RefusedError", "ingest", "parse_issue", "publish_issue", "run", "validate_issue"]

_progress: ContextVar[Progress | None] = ContextVar("progress", default=None)


class RefusedError(ValueError):
    """A file or an issue that is not published; the message is one line that says why."""


@dataclass(frozen=True, slots=True)
class StagedIssue:
    """An issue in its staging folder: what one task hands to the next."""

    folder: Path
    issue_id: str
    region_code: str | None
    year: int | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What validation found. `reason` is given where the issue is held back."""

    refused_rows: int
    warnings: int
    reason: str | None


@task(task_run_name="parse {received.path.name}", cache_policy=NO_CACHE)
def parse_issue(received: Received, folder: Path) -> StagedIssue:
    """Parse a file and stage its tables and text in `folder`. RefusedError for what cannot be read.

    No retries: the same bytes give the same answer.
    """
    from pipeline import parse
    from pipeline.publish import stage
    from pipeline.read import ReadError

    try:
        bulletin = parse(received.path)
    except ReadError as error:
        raise RefusedError(str(error).removeprefix(f"{received.path.parent}/")) from error
    stage(bulletin.tables(), bulletin.text.text, folder)
    issue: dict[str, Any] = bulletin.records["issues"][0]
    return StagedIssue(folder, bulletin.issue_id, issue.get("region_code"), issue.get("year"))


@task(task_run_name="validate {issue.issue_id}", cache_policy=NO_CACHE)
def validate_issue(issue: StagedIssue) -> Verdict:
    """Try all expectations, take refused rows out of the staged files, write Data Docs beside them."""
    import expectations

    outcome = expectations.validate(issue.folder, data_docs=issue.folder / staging.DATA_DOCS)
    if not outcome.held_back:
        expectations.apply(issue.folder, outcome)
    return Verdict(outcome.n_refused, outcome.warnings, outcome.reason)


def _is_of_disk(_task: object, _run: object, state: Any) -> bool:
    """Whether trying again may help: a full or absent disk, a lock; not a fault of the data."""
    return isinstance(state.result(raise_on_failure=False), OSError)


@task(
    task_run_name="publish {issue.issue_id}",
    cache_policy=NO_CACHE,
    retries=3,
    retry_delay_seconds=[1, 4, 16],
    retry_condition_fn=_is_of_disk,
)
def publish_issue(
    issue: StagedIssue, received: Received, curated: Path, raw: Path | None, run_id: str
) -> dict[str, int]:
    """Replace the files of the issue by the staged ones; rows by table. OSError leaves the earlier version."""
    from pipeline.ids import province_of
    from pipeline.publish import publish

    if raw is not None:
        keep(received, raw)
    formerly = [received.formerly] if received.formerly not in (None, issue.issue_id) else []
    manifest = publish(
        issue.folder,
        curated,
        issue.issue_id,
        province_of(issue.region_code),
        issue.year,
        supersedes=[i for i in formerly if i],
        run={"run_id": run_id},
    )
    return {path.split("/")[0]: f["rows"] for path, f in manifest["files"].items() if "rows" in f}


@dataclass(frozen=True, slots=True)
class _Job:
    """What is the same for all files of a run, and which ids it has published from which file name."""

    curated: Path
    raw: Path | None
    run_id: str
    again: bool
    published: dict[str, str] = field(default_factory=dict)


@flow(name="gongbao-ingest", flow_run_name="ingest {run_id}", validate_parameters=False)
def ingest(
    received: list[Received], curated: Path, raw: Path | None, run_id: str, *, again: bool = False
) -> list[Outcome]:
    """Ingest files one after the other; a file that fails leaves the others alone."""
    logger, job = get_run_logger(), _Job(curated, raw, run_id, again)
    outcomes: list[Outcome] = []
    for number, each in enumerate(received, 1):
        folder = staging.folder(curated, run_id, number)
        outcome = _settle(job, each, folder)
        shutil.rmtree(folder, ignore_errors=True)
        logger.info("%s: %s%s", outcome.file, outcome.status, f" ({outcome.reason})" if outcome.reason else "")
        outcomes.append(outcome)
        tell = _progress.get()
        if tell:
            tell(number, len(received), outcome)
    create_markdown_artifact(markdown(outcomes), key="ingest-summary", description=f"Run {run_id}")
    return outcomes


def _settle(job: _Job, received: Received, folder: Path) -> Outcome:
    """What becomes of one file; no exception leaves it, so that the others go on."""
    file, issue_id = str(received.path), None
    try:
        issue = parse_issue(received, folder)
        issue_id = issue.issue_id
        _refuse_collision(job, issue_id, received.path.name)
        return _judge(job, received, issue)
    except Exception as error:
        return Outcome(file, "refused", issue_id, _one_line(error, received.path.name))


def _judge(job: _Job, received: Received, issue: StagedIssue) -> Outcome:
    """Validate a staged issue and publish it, unless it is held back."""
    verdict = validate_issue(issue)
    counts: dict[str, int] = {}
    if not verdict.reason:
        counts = publish_issue(issue, received, job.curated, job.raw, job.run_id)
        job.published[issue.issue_id] = received.path.name
    pages = staging.keep_data_docs(issue.folder, job.curated, issue.issue_id, held=bool(verdict.reason))
    return Outcome(
        file=str(received.path),
        status="held" if verdict.reason else "published",
        issue_id=issue.issue_id,
        reason=f"held back: {verdict.reason}" if verdict.reason else None,
        counts=counts,
        refused_rows=verdict.refused_rows,
        warnings=verdict.warnings,
        data_docs=pages,
    )


def _refuse_collision(job: _Job, issue_id: str, name: str) -> None:
    """Two sources of one id would overwrite each other; one of the same name is a new version.

    Refused within a run always, against what an earlier run published unless `again`.
    """
    other, advice = job.published.get(issue_id), "give it that name if it is a newer version of it"
    if other is None and not job.again:
        other, advice = staging.published_source(job.curated, issue_id), f"{advice}, or use --again"
    if other is not None and other != name:
        raise RefusedError(f"its id {issue_id} is already published from {other}: {advice}")


def _one_line(error: Exception, name: str) -> str:
    message = _flat(error)
    if isinstance(error, RefusedError):
        return message.removeprefix(f"{name}: ")
    if isinstance(error, OSError):
        return f"could not be published, the earlier version stands ({message}): check the disk and try again"
    return f"a fault of gongbao, {type(error).__name__}: {message[:200]}: run with --debug and report it"


def _flat(error: Exception) -> str:
    return " ".join(str(error).split())


def run(
    paths: Iterable[Path],
    *,
    curated: Path,
    raw: Path | None = None,
    again: bool = False,
    progress: Progress | None = None,
    debug: bool = False,
) -> Report:
    """Ingest files and folders; what became of each. The flow starts only when there is something to do.

    FlowError where Prefect cannot run; `debug` leaves its log on the terminal.
    """
    run_id, planned = staging.new_run_id(), plan(paths, curated, again=again)
    outcomes: list[Outcome] = []
    if planned.todo:
        token = _progress.set(progress)
        if not debug:
            hush()
        try:
            outcomes = ingest(list(planned.todo), curated, raw, run_id, again=again)
        except RuntimeError as error:  # all that a file can cause is an outcome already
            raise FlowError(f"Prefect could not run the flow: {_flat(error)}: run with --debug") from error
        finally:
            _progress.reset(token)
            staging.clean(curated, run_id)
    return Report(run_id, (*outcomes, *planned.outcomes))
