"""Backfill with one process, with two, on a cluster, killed and started again: what `ingest` publishes, to the byte."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import psutil
import pytest
from prefect.testing.utilities import prefect_test_harness

from flows import apart, staging
from flows.backfill import run
from flows.crew import reached
from flows.ingest import run as ingest
from flows.report import FlowError, Outcome
from pipeline import unread
from pipeline.publish import published
from pipeline.verify import verify

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
#: On the path of every process: the parser of `stand_in`, also in the workers of workers.
PATHS = os.pathsep.join(map(str, (HERE / "everywhere", HERE, HERE.parent, ROOT)))
FILES = {
    "01-good.md": "fault id=990100-2025-01",
    "02-bad.md": "bad",
    "03-good.md": "id=990100-2025-03",
    "04-die.md": "die",
    "05-same-id.md": "other bytes id=990100-2025-03",
    "06-short.md": "short id=990100-2025-06",
    "07-same-bytes.md": "id=990100-2025-03",
    "08-crash.md": "crash",
    "09-good.md": "id=990100-2024-09",
    "later/10-same-id.md": "more bytes id=990100-2025-01",
    "later/11-good.md": "id=990100-2025-11",
}
DEADLY = "id=990199-2025-01"


@pytest.fixture(scope="module", autouse=True)
def everywhere() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", PATHS)
        yield
    apart.close()


@pytest.fixture(scope="module")
def prefect(everywhere: None) -> Iterator[None]:
    """One server for all tests that run the flow here: it takes ten seconds to start."""
    with prefect_test_harness(server_startup_timeout=None):
        yield


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inbox")
    for name, words in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(words)
    return folder


@pytest.fixture(scope="module")
def ingested(prefect: None, inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Outcome]]:
    """The same files by `ingest`."""
    curated = tmp_path_factory.mktemp("ingested")
    return curated, list(ingest([inbox], curated=curated, raw=curated / "raw").outcomes)


def files_of(curated: Path) -> dict[str, bytes]:
    """All that two runs must publish alike: what `backfill` leaves out are Data Docs."""
    left_out = (".publishing", "runs.jsonl", staging.DATA_DOCS, staging.STAGING)
    files = (p.relative_to(curated) for p in curated.rglob("*") if p.is_file())
    return {p.as_posix(): (curated / p).read_bytes() for p in files if p.parts[0] not in left_out}


def without_continuity(files: dict[str, bytes]) -> dict[str, bytes]:
    """Files but those of the table that has a row for the one more file."""
    return {name: content for name, content in files.items() if not name.startswith("continuity")}


def not_published(outcomes: list[Outcome]) -> list[tuple[Any, ...]]:
    left = (o for o in outcomes if o.status != "published")
    return [(Path(o.file).name, o.status, o.issue_id, o.reason, o.recorded) for o in left]


def test_one_process_and_a_file_that_ends_it(ingested: tuple[Path, list[Outcome]], inbox: Path, tmp_path: Path) -> None:
    """A file that no worker survives is refused, and nothing else is different."""
    deadly = inbox / "05-and-deadly.md"
    deadly.write_text(DEADLY)
    pages = tmp_path / staging.DATA_DOCS / "990100-2025-11" / "index.html"
    pages.parent.mkdir(parents=True)
    pages.write_text("of an earlier version")
    seen: list[int] = []
    try:
        made = run(
            [inbox],
            curated=tmp_path,
            raw=tmp_path / "raw",
            workers=1,
            progress=lambda n, of, o: seen.append(n),
        )
    finally:
        deadly.unlink()
    issue_id = unread.id_of(sha256(DEADLY.encode()).hexdigest())
    assert not_published([o for o in made.others if o.issue_id != issue_id]) == not_published(ingested[1])
    (refused,) = (o for o in made.others if o.issue_id == issue_id)
    assert refused.status == "refused" and refused.recorded and "process that handled it ended" in str(refused.reason)
    found = {name: content for name, content in files_of(tmp_path).items() if issue_id not in name}
    assert without_continuity(found) == without_continuity(files_of(ingested[0]))
    assert made.published == 4 and made.refused_rows == 1 and made.rows["tasks"] == 7
    assert seen == list(range(1, 12))
    assert not pages.exists(), "pages of a version that is published no more"
    assert not (tmp_path / staging.STAGING).exists()
    assert verify(tmp_path).kind is None


def test_killed_and_started_again(ingested: tuple[Path, list[Outcome]], inbox: Path, tmp_path: Path) -> None:
    """Two processes. After kill -9 the workers end by themselves, and the next run does what is left."""
    curated = tmp_path / "curated"
    environ = {**os.environ, "PREFECT_HOME": str(tmp_path), "PREFECT_API_URL": "", "PYTHONUNBUFFERED": "1"}
    environ |= {"COLUMNS": "80", "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "pipeline.cli", "backfill", str(inbox), "--curated", str(curated)]
    command += ["--raw", str(curated / "raw"), "--workers", "2"]
    killed = subprocess.Popen(command, env=environ, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True)
    children: list[psutil.Process] = []
    try:
        assert killed.stderr is not None
        for line in killed.stderr:
            if line.startswith("["):
                break
        children = [c for c in psutil.Process(killed.pid).children(recursive=True) if _is_worker(c)]
        killed.kill()
        killed.wait()
        gone, alive = psutil.wait_procs(children, timeout=120)
        assert len(gone) >= 2 and not alive
    finally:
        with suppress(ProcessLookupError):  # the server that Prefect started
            os.killpg(killed.pid, signal.SIGKILL)
    before = len(published(curated)) if curated.exists() else 0
    assert before < 4, "killed in the middle"
    again = subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert again.returncode == 1, again.stderr
    assert f"已发布 published {4 - before}" in again.stdout and "被拒 refused" in again.stdout
    assert "02-bad.md: not a bulletin: pass one" in again.stderr and "Traceback" not in again.stderr
    assert files_of(curated) == files_of(ingested[0])
    assert verify(curated).kind is None


def _is_worker(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return any(word in " ".join(process.cmdline()) for word in ("spawn_main", "pipeline.worker"))
    return False


def test_a_cluster(ingested: tuple[Path, list[Outcome]], inbox: Path, tmp_path: Path) -> None:
    """A scheduler with two worker processes."""
    distributed = pytest.importorskip("distributed", reason="needs the extra dask")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        made = run([inbox], curated=tmp_path, raw=tmp_path / "raw", dask=cluster.scheduler_address)
    assert not_published(made.others) == not_published(ingested[1])
    assert files_of(tmp_path) == files_of(ingested[0])
    # No flow starts where there is nothing left to do but what was refused.
    assert made.published == 4


def test_no_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="needs the extra dask")
    monkeypatch.setattr("flows.crew.PATIENCE", 1)
    started = time.monotonic()
    with pytest.raises(FlowError, match=r"no dask scheduler at tcp://127\.0\.0\.1:9 .*: check the address") as error:
        reached("tcp://127.0.0.1:9")
    assert "\n" not in str(error.value) and time.monotonic() - started < 60
    with pytest.raises(FlowError, match="no dask scheduler at nonsense://x"):
        reached("nonsense://x")


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[Any] = ["prefect_dask", "distributed"]
    for name in names:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(FlowError, match=r'pip install "gongbao\[dask\]"'):
        reached("tcp://127.0.0.1:9")
