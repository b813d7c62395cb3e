"""Issues published from the sample records, under any id, and what is published then."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import records as sample

from pipeline.publish import publish, stage, to_tables
from pipeline.storage import place


def put(
    where: Any,
    folder: Path,
    issue_id: str,
    province: str,
    year: int | None,
    *,
    tasks: bool = True,
    supersedes: Any = (),
    version: str = "0.0.1",
) -> None:
    """Publish the sample as an issue; without tasks, and what belongs to them, if so wanted."""
    stage_issue(folder, issue_id, year, tasks=tasks, version=version)
    publish(folder, where, issue_id, province, year, supersedes=supersedes)


def stage_issue(folder: Path, issue_id: str, year: int | None, *, tasks: bool = True, version: str = "0.0.1") -> None:
    """What `publish` takes."""
    rows = _renamed(sample.records(version=version), issue_id)
    rows["issues"][0] |= {"source_sha256": issue_id.ljust(64, "0"), "year": year, "source_file": f"{issue_id}.md"}
    left_out = () if tasks else ("tasks", "responsibilities", "deadlines", "targets")
    stage(to_tables({name: each for name, each in rows.items() if name not in left_out}), sample.TEXT, folder)


def _renamed(value: Any, issue_id: str) -> Any:
    if isinstance(value, str):
        return value.replace(sample.ISSUE, issue_id)
    if isinstance(value, dict):
        return {key: _renamed(each, issue_id) for key, each in value.items()}
    return [_renamed(each, issue_id) for each in value] if isinstance(value, list) else value


def contents(where: Any) -> dict[str, bytes]:
    """Every published file but the one that tells when."""
    root = place(where)
    names = (n for n in root.names("") if not n.startswith((".publishing", "runs")))
    return {name: root.read(name) for name in names}
