"""Releases as a flow, for those who make them by schedule: `release` runs what `gongbao release` runs."""

from __future__ import annotations

from pathlib import Path

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from pipeline.releases.making import Made
from pipeline.releases.making import release as make
from pipeline.storage import Location

__all__ = ["make_release", "release"]


@task(task_run_name="release {version}", cache_policy=NO_CACHE)
def make_release(version: str, curated: Location, out: Path) -> Made:
    """Freeze the published dataset; see `pipeline.releases.making`. No retries: the same data give the same answer."""
    return make(version, curated, out)


@flow(name="gongbao-release", flow_run_name="release {version}", validate_parameters=False)
def release(version: str, curated: Location, out: Path) -> Path:
    """Make a release and keep its CHANGES.md as an artifact of the run; its folder. ReleaseError where none can be."""
    made = make_release(version, curated, out)
    words = (made.folder / "CHANGES.md").read_text("utf-8")
    create_markdown_artifact(words, key="release-changes", description=f"Release {version}")
    return made.folder
