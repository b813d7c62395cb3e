"""What is done with one issue, a Prefect task for each step: parse, validate, publish; or record why not."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

from flows import apart, staging
from flows.apart import Allowance
from flows.inbox import Received, keep
from flows.reasons import RefusedError
from pipeline.corrections import FOLDER
from pipeline.storage import Location

_ALLOWANCE = Allowance()


@dataclass(frozen=True, slots=True)
class StagedIssue:
    """An issue in its staging folder: what one task hands to the next."""

    folder: Path
    issue_id: str
    region_code: str | None
    year: int | None
    notes: tuple[str, ...] = ()  # corrections without effect, a line each


@dataclass(frozen=True, slots=True)
class Verdict:
    """What validation found. `reason` is given where the issue is held back."""

    refused_rows: int
    warnings: int
    reason: str | None


@task(task_run_name="parse {received.path.name}", cache_policy=NO_CACHE)
def parse_issue(
    received: Received, folder: Path, allowance: Allowance = _ALLOWANCE, corrections: Path = FOLDER
) -> StagedIssue:
    """Parse a file in a process of its own and stage its tables, corrected, and text in `folder`.

    RefusedError for what cannot be read, takes too long or too much. No retries: the same bytes give the same answer.
    """
    try:
        issue = apart.stage(received.path, folder, allowance, corrections)
    except apart.UnreadableError as error:
        raise RefusedError(str(error)) from error
    return StagedIssue(
        folder,
        issue["issue_id"],
        issue["region_code"],
        issue["year"],
        tuple(issue.get("notes", ())),
    )


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
    issue: StagedIssue,
    received: Received,
    curated: Location,
    raw: Location | None,
    run_id: str,
    supersedes: tuple[str, ...] = (),
) -> dict[str, int]:
    """Replace the files of the issue by the staged ones; rows by table. OSError leaves the earlier version."""
    from pipeline.ids import province_of
    from pipeline.publish import publish

    if raw is not None:
        keep(received, raw)
    earlier = {received.formerly, *supersedes} - {None, issue.issue_id}
    manifest = publish(
        issue.folder,
        curated,
        issue.issue_id,
        province_of(issue.region_code),
        issue.year,
        supersedes=sorted(i for i in earlier if i),
        run={"run_id": run_id},
    )
    return {path.split("/")[0]: f["rows"] for path, f in manifest["files"].items() if "rows" in f}


@task(task_run_name="record {received.path.name}", cache_policy=NO_CACHE)
def record_refusal(received: Received, reason: str, folder: Path, curated: Location, run_id: str) -> str:
    """Publish why a file could not be read, in place of an issue; the id it has for that."""
    from pipeline import unread
    from pipeline.ids import province_of
    from pipeline.publish import publish, stage, to_tables

    shutil.rmtree(folder, ignore_errors=True)
    issue_id = unread.id_of(received.sha256)
    stage(to_tables(unread.records(received.path, received.sha256, reason)), "", folder)
    name = received.path.name
    publish(folder, curated, issue_id, province_of(None), None, run={"run_id": run_id}, unread=name)
    return issue_id
