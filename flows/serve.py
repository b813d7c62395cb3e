"""`gongbao serve`: the schedules on a server of our own, with no more set-up.

What came due while nothing ran is done once, not once for each day: runs that are late when the service starts give way
to the latest, and a run that the last service left unfinished is begun again.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
from prefect import Flow
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy, FlowRun, StateType
from prefect.runner import Runner
from prefect.schedules import Cron
from prefect.states import Cancelled, Crashed
from prefect.types.entrypoint import EntrypointType

from flows.masking import masked
from flows.report import FlowError
from flows.schedules import DEPLOYMENTS, TIMEZONE, Deployment
from pipeline.storage import Location

#: Runs of one deployment never overlap; one that comes while another runs is not kept for later.
_ONE = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
_BEGUN = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
_PAGE = 200


def served() -> list[Deployment]:
    """The deployments whose flows are there."""
    return [each for each in DEPLOYMENTS if each.is_there]


def runner_deployment(each: Deployment, **folders: Location) -> Any:
    """What Prefect's runner takes: the flow by its module, so that the working folder does not matter."""
    flow: Flow[..., Any] = each.flow()
    return flow.to_deployment(
        each.name,
        schedule=Cron(each.cron, timezone=TIMEZONE) if each.cron else None,
        concurrency_limit=_ONE if each.cron else None,
        parameters=each.parameters_in(**folders),
        description=each.words,
        tags=["gongbao"],
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def next_time(each: Deployment) -> datetime | None:
    """When it runs next, in Beijing; null for those started by hand."""
    if each.cron is None:
        return None
    from prefect.server.schemas.schedules import CronSchedule

    (moment,) = asyncio.run(CronSchedule(cron=each.cron, timezone=TIMEZONE).get_dates(n=1))
    return moment.astimezone(ZoneInfo(TIMEZONE))


def serve(
    *, sources: Location, raw: Location, curated: Location, ours: bool, ready: Callable[[list[str]], None]
) -> None:
    """Register the deployments, settle what is late, then run what comes due until the process is told to end.

    `ready` is called with a line for each run that was left out, once all is set; `ours`: nobody else runs these.
    FlowError where the server does not answer.
    """
    _need_server()
    runner = Runner(name="gongbao", pause_on_shutdown=False)
    ids: dict[UUID, Deployment] = {}
    for each in served():
        made = runner_deployment(each, sources=sources, raw=raw, curated=curated)
        ids[runner.add_deployment(made)] = each  # type: ignore[index]
    with get_client(sync_client=True) as client:
        told = settle(client, {key: each.name for key, each in ids.items() if each.cron}, ours=ours)
    ready(told)
    asyncio.run(runner.start())


def _need_server() -> None:
    with get_client(sync_client=True) as client:
        try:
            client.hello()
        except httpx.HTTPError as error:
            address = masked(str(client.api_url))
            raise FlowError(f"Prefect's server does not answer at {address}: {masked(str(error))}") from None


def settle(client: SyncPrefectClient, deployments: Mapping[UUID, str], *, ours: bool) -> list[str]:
    """Leave one run of what is late of each deployment, and begin again what was left unfinished; what was done."""
    told = []
    late = _by_deployment(r for r in _runs(client, deployments, [StateType.SCHEDULED]) if _is_due(r))
    for deployment, runs in late.items():
        *older, _ = sorted(runs, key=lambda run: run.next_scheduled_start_time or datetime.min.replace(tzinfo=UTC))
        for run in older:
            message = "missed while nothing ran: the latest missed run stands for it"
            client.set_flow_run_state(run.id, Cancelled(message=message), force=True)
        if older:
            told.append(f"{deployments[deployment]}: 合并错过的运行 missed runs left to the latest: {len(older)}")
    # Only where nobody else runs them is it known that what has begun is dead.
    begun = _by_deployment(_runs(client, deployments, _BEGUN)) if ours else {}
    for deployment, runs in begun.items():
        for run in runs:
            message = "the service ended while it ran; what it had published stands"
            client.set_flow_run_state(run.id, Crashed(message=message), force=True)
        if deployment not in late:
            client.create_flow_run_from_deployment(deployment)
        told.append(f"{deployments[deployment]}: 重新开始中断的运行 unfinished runs begun again: {len(runs)}")
    return told


def _is_due(run: FlowRun) -> bool:
    return run.next_scheduled_start_time is not None and run.next_scheduled_start_time <= datetime.now(UTC)


def _by_deployment(runs: Iterable[FlowRun]) -> dict[UUID, list[FlowRun]]:
    found: dict[UUID, list[FlowRun]] = defaultdict(list)
    for run in runs:
        if run.deployment_id is not None:
            found[run.deployment_id].append(run)
    return found


def _runs(client: SyncPrefectClient, deployments: Mapping[UUID, str], states: list[StateType]) -> Iterator[FlowRun]:
    chosen = FlowRunFilter(
        deployment_id=FlowRunFilterDeploymentId(any_=list(deployments)),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=states)),
    )
    offset = 0
    while page := client.read_flow_runs(flow_run_filter=chosen, limit=_PAGE, offset=offset):
        yield from page
        offset += len(page)
