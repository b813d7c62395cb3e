"""The weekly look at everything that is published: every hash, key, offset and quote."""

from __future__ import annotations

from typing import Any

from prefect import flow, get_run_logger, runtime, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed, Failed

from flows import hooks, masking, staging
from flows.watching import dataset
from pipeline.published import is_dataset
from pipeline.storage import Location
from pipeline.verify import CLASSES, Verification
from pipeline.verify import verify as look

_MOST = 100  # findings in the log and in the message


@task(task_run_name="verify {curated}", cache_policy=NO_CACHE)
def verify_dataset(curated: Location) -> Verification:
    """Check everything under `curated` against its manifests and definitions."""
    return look(curated)


@flow(
    name="gongbao-verify",
    flow_run_name=lambda: f"verify {staging.new_run_id()}",
    validate_parameters=False,
    on_failure=[hooks.tell_failure],
    on_crashed=[hooks.tell_failure],
)
def verify(curated: str = "curated") -> Any:
    """Verify a published dataset; fails where anything is damaged, with the list. An absent one is not."""
    masking.mask_logs()
    logger, place = get_run_logger(), dataset(curated)
    if not is_dataset(place):
        return Completed(message=f"{curated}: nothing published yet")
    result = verify_dataset(place)
    looked = f"{result.issues} issues, {result.files} files, {result.rows} rows"
    lines = [f"{curated}: {looked}."]
    if result.kind is not None:
        lines += [f"**{CLASSES[result.kind]}**: {len(result.findings)}", ""]
        lines += [f"* {finding}" for finding in result.findings[:_MOST]]
    create_markdown_artifact("\n".join(lines), key="verify-summary", description=f"Verification of {curated}")
    if result.kind is None:
        return Completed(message=f"all good: {looked}")
    for finding in result.findings[:_MOST]:
        logger.error("%s", finding)
    found = [{"source": curated, "what": result.kind, "reason": finding} for finding in result.findings]
    hooks.remember(str(runtime.flow_run.id), found)
    return Failed(
        message=f"{len(found)} damaged ({result.kind}) of {looked}: publish again: gongbao ingest PATH --again"
    )
