"""The schedules as data: `prefect.yaml` and `gongbao serve` have the same; entrypoints are there, times are valid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.flows import Flow, load_flow_from_entrypoint
from prefect.states import Pending, Running, Scheduled
from prefect.testing.utilities import prefect_test_harness

from flows import serve
from flows.schedules import DEPLOYMENTS, TIMEZONE, Deployment

ROOT = Path(__file__).parents[2]
WRITTEN: dict[str, Any] = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
BY_NAME: dict[str, Any] = {each["name"]: each for each in WRITTEN["deployments"]}


def there(each: Deployment) -> Deployment:
    if not each.is_there:
        pytest.skip(f"{each.module} is not part of this checkout")
    return each


def test_both_have_the_same() -> None:
    assert list(BY_NAME) == [each.name for each in DEPLOYMENTS]


@pytest.mark.parametrize("each", DEPLOYMENTS, ids=lambda each: each.name)
def test_in_step(each: Deployment) -> None:
    written = BY_NAME[each.name]
    assert written["entrypoint"] == each.entrypoint and written["description"] == each.words
    assert written["parameters"] == each.parameters
    times = [{"cron": each.cron, "timezone": TIMEZONE}] if each.cron else []
    assert written["schedules"] == times
    limit = {"limit": serve._ONE.limit, "collision_strategy": serve._ONE.collision_strategy.value}
    assert written.get("concurrency_limit") == (limit if each.cron else None)
    off = written["work_pool"]["job_variables"]["env"]
    assert off["DO_NOT_TRACK"] == "1" and off["GX_ANALYTICS_ENABLED"] == "false"


@pytest.mark.parametrize("each", DEPLOYMENTS, ids=lambda each: each.name)
def test_entrypoint(each: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a worker loads it, from the root; and its parameters are parameters of the flow."""
    monkeypatch.chdir(ROOT)
    there(each)
    loaded: Flow[..., Any] = load_flow_from_entrypoint(each.entrypoint, use_placeholder_flow=False)
    assert loaded.name == each.flow().name
    assert set(each.parameters) <= set(loaded.parameters.properties)
    required = set(loaded.parameters.required or ())
    assert required <= set(each.parameters)


@pytest.mark.parametrize("each", DEPLOYMENTS, ids=lambda each: each.name)
def test_what_the_runner_takes(each: Deployment, tmp_path: Path) -> None:
    there(each)
    made = serve.runner_deployment(each, sources=tmp_path / "s", raw=tmp_path / "r", curated=tmp_path / "c")
    assert made.entrypoint == f"{each.module}.{each.flow().__name__}"
    assert made.parameters["curated"] == str(tmp_path / "c")
    assert made.parameters.get("paths", [str(tmp_path / "r")]) == [str(tmp_path / "r")]
    assert [s.schedule.timezone for s in made.schedules or ()] == ([TIMEZONE] if each.cron else [])
    moment = serve.next_time(each)
    assert (moment is None) == (each.cron is None)
    if moment is not None:
        assert timedelta() < moment - datetime.now(UTC) <= timedelta(days=7) and moment.utcoffset() == timedelta(
            hours=8
        )


# --- what came due while nothing ran -------------------------------------------------------


@flow(name="quiet")
def quiet() -> None:
    """Does nothing."""


@pytest.fixture(scope="module")
def prefect() -> Iterator[None]:
    with prefect_test_harness(server_startup_timeout=None):
        yield


@pytest.fixture
def deployment(prefect: None, request: pytest.FixtureRequest) -> Any:
    return quiet.to_deployment(request.node.name.replace("[", "-").replace("]", "")).apply()


def test_missed_runs_are_left_to_the_latest(deployment: Any) -> None:
    now = datetime.now(UTC)
    with get_client(sync_client=True) as client:
        runs = [
            client.create_flow_run_from_deployment(
                deployment, state=Scheduled(scheduled_time=now - timedelta(days=days))
            )
            for days in (3, 1, 7, -1)
        ]
        told = serve.settle(client, {deployment: "watch-daily"}, ours=True)
        states = [client.read_flow_run(run.id).state_type for run in runs]
        assert states == [StateType.CANCELLED, StateType.SCHEDULED, StateType.CANCELLED, StateType.SCHEDULED]
        assert len(told) == 1 and told[0].endswith(": 2")
        assert serve.settle(client, {deployment: "watch-daily"}, ours=True) == []


@pytest.mark.parametrize("ours", [True, False])
def test_what_was_left_unfinished_is_begun_again(deployment: Any, ours: bool) -> None:
    with get_client(sync_client=True) as client:
        run = client.create_flow_run_from_deployment(deployment)
        for state in (Pending(), Running()):
            client.set_flow_run_state(run.id, state, force=True)
        told = serve.settle(client, {deployment: "watch-daily"}, ours=ours)
        assert client.read_flow_run(run.id).state_type == (StateType.CRASHED if ours else StateType.RUNNING)
        chosen = list(serve._runs(client, {deployment: ""}, [StateType.SCHEDULED]))
        assert len(chosen) == len(told) == ours, "one new run, due now"
