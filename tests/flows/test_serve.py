"""`gongbao serve` as a process, with the server it starts itself: one life of it, with a sudden death in the middle."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import watches
from site_on_loopback import serve as serve_site

from pipeline.verify import verify

TIMEOUT = 300
#: Runs are processes of their own, which have the real parser.
NOTICES = ("云海市人民政府办公室关于第一件事的通知", "云海市人民政府办公室关于第二件事的通知")


class Service:
    """A `gongbao serve` and what it prints."""

    def __init__(self, folder: Path, home: Path, port: int) -> None:
        self.process = watches.start(folder, home, "serve", "--port", str(port))
        self.api = f"http://127.0.0.1:{port}/api"
        self.lines: list[str] = []
        assert self.process.stdout is not None
        self.reader = threading.Thread(target=lambda: self.lines.extend(self.process.stdout or ()), daemon=True)
        self.reader.start()

    def wait(self, holds: Callable[[], bool], what: str) -> None:
        """Until something holds."""
        ends = time.monotonic() + TIMEOUT
        while not holds():
            assert time.monotonic() < ends, f"{what}: {''.join(self.lines)}"
            assert self.process.poll() is None, (self.lines, self.process.stderr.read() if self.process.stderr else "")
            time.sleep(0.2)

    def ready(self) -> None:
        """Until it says how to end it."""
        self.wait(lambda: any("Ctrl-C" in line for line in self.lines), "ready")

    def post(self, path: str, **content: Any) -> Any:
        """What the server answers."""
        answer = httpx.post(f"{self.api}{path}", json=content, timeout=60)
        assert answer.is_success, answer.text
        return answer.json()

    def deployments(self) -> dict[str, Any]:
        """Deployments by name."""
        return {each["name"]: each for each in self.post("/deployments/filter")}

    def states(self, deployment: str) -> list[str]:
        """States of the runs of a deployment that are not to come."""
        chosen = {"deployments": {"id": {"any_": [deployment]}}}
        runs = self.post("/flow_runs/filter", sort="START_TIME_ASC", **chosen)
        soon = f"{datetime.now(UTC) + timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}"
        return sorted(r["state_name"] for r in runs if r["expected_start_time"] < soon)


@pytest.fixture
def port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
def services() -> Iterator[list[Service]]:
    started: list[Service] = []
    yield started
    for each in started:
        if each.process.poll() is None:
            each.process.kill()
        each.process.wait(60)


def test_a_life(tmp_path: Path, port: int, services: list[Service]) -> None:
    home, folder = tmp_path / "home", tmp_path / "place"
    home.mkdir()
    with serve_site() as site:
        watches.source(folder / "sources", "yunhai", f"{site.root}/yunhai")
        watches.put(site, "yunhai", NOTICES[0])
        services.append(first := Service(folder, home, port))
        first.ready()
        said = "".join(first.lines)
        assert "watch-daily: 下次 next 20" in said and "02:30 北京时间" in said and f"http://127.0.0.1:{port}" in said
        assert f"日志 log: {home / 'serve.log'}" in said.replace("\n  ", "")

        # Another one: on this port, and beside it.
        other = watches.start(folder, tmp_path / "other", "serve", "--port", str(port))
        out, err = other.communicate(timeout=TIMEOUT)
        assert other.returncode == 2 and "--port N" in err and not out
        other = watches.start(folder, home, "serve", "--port", str(port + 1))
        assert "running already" in other.communicate(timeout=TIMEOUT)[1] and other.returncode == 2

        # A run that comes due is run, with the folders of the command.
        daily, flow = (first.deployments()["watch-daily"][key] for key in ("id", "flow_id"))
        first.post(f"/deployments/{daily}/create_flow_run")
        first.wait(lambda: first.states(daily) == ["Completed"], "a run")
        assert len(watches.issues(folder / "curated")) == 1

        # It dies in the middle of a run, and days go by.
        hanging = threading.Event()
        watches.put(site, "yunhai", *NOTICES)
        whole = site.routes["/yunhai/2.html"]
        site.routes["/yunhai/2.html"] = lambda _: hanging.set() or time.sleep(30)
        first.post(f"/deployments/{daily}/create_flow_run")
        assert hanging.wait(TIMEOUT)
        for days in (3, 2, 1):
            due = (datetime.now(UTC) - timedelta(days=days)).isoformat()
            state = {"type": "SCHEDULED", "state_details": {"scheduled_time": due}}
            first.post("/flow_runs/", flow_id=flow, deployment_id=daily, state=state)
        first.process.kill()
        site.routes["/yunhai/2.html"] = whole

        # The next one makes up for all of it with one run.
        services.append(second := Service(folder, home, port))
        second.ready()
        assert any("unfinished runs begun again: 1" in line for line in second.lines)
        # The run that was left alone may have gone on, and come to its end on the new server.
        final = {"Cancelled", "Completed", "Crashed"}
        second.wait(lambda: set(second.states(daily)) <= final, "the missed runs")
        states = second.states(daily)
        # Where the first one had still seen them, all three gave way to the run that it had begun.
        assert states.count("Cancelled") >= 2 and 2 <= states.count("Completed") <= 3
        assert len(watches.issues(folder / "curated")) == 2
        assert verify(folder / "curated").kind is None

        # prefect.yaml is deployed to a server of one's own; this one stands for it.
        pool(folder, home, second.api)
        second.process.send_signal(signal.SIGINT)
        assert second.process.wait(TIMEOUT) == 0
        second.reader.join(60)
        assert "".join(second.lines).endswith("已停止 stopped\n")
    with socket.socket() as freed:
        freed.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        freed.bind(("127.0.0.1", port))


def pool(folder: Path, home: Path, api: str) -> None:
    """Deploy what prefect.yaml says, as docs/flows.md does."""
    env = watches.environment(home, PREFECT_API_URL=api)
    for words in (
        ["work-pool", "create", "--type", "process", "gongbao"],
        ["--no-prompt", "deploy", "--name", "watch-daily", "--name", "verify-weekly"],
    ):
        command = [sys.executable, "-m", "prefect", *words]
        done = subprocess.run(command, cwd=watches.ROOT, env=env, capture_output=True, text=True, timeout=TIMEOUT)
        assert done.returncode == 0, done.stdout + done.stderr
    found = {d["name"]: d for d in httpx.post(f"{api}/deployments/filter", json={}, timeout=60).json()}
    daily = found["watch-daily"]
    assert daily["work_pool_name"] == "gongbao" and daily["entrypoint"] == "flows/watch.py:watch"
    assert [s["schedule"]["timezone"] for s in daily["schedules"]] == ["Asia/Shanghai"]


@pytest.mark.parametrize("arguments", [["--port", "0"], ["--port", "x"], ["--port", "70000"], ["extra"]])
def test_wrong_usage(tmp_path: Path, arguments: list[str]) -> None:
    process = watches.start(tmp_path, tmp_path, "serve", *arguments)
    assert "usage" in process.communicate(timeout=TIMEOUT)[1] and process.returncode == 2


def test_no_sources(tmp_path: Path) -> None:
    process = watches.start(tmp_path, tmp_path / "home", "serve")
    assert "gongbao source new NAME" in process.communicate(timeout=TIMEOUT)[1] and process.returncode == 2


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    """What is printed goes to the log, but not the reason why nothing is served."""
    (tmp_path / "sources").mkdir()
    process = watches.start(tmp_path, tmp_path, "serve", PREFECT_API_URL="http://127.0.0.1:1/api")
    out, err = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 1 and "http://127.0.0.1:1/api" in err.splitlines()[-1] and "Traceback" not in err
    assert "stopped" not in out
