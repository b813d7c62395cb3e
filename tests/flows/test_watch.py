"""The watch on a real Prefect server, in this process: what is new, what changed, what fails."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import watches
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey, LogFilter, LogFilterFlowRunId
from prefect.testing.utilities import prefect_test_harness
from site_on_loopback import Site, serve

from flows import apart, hooks, ingest, locks, masking, server, watching
from flows.report import Outcome
from flows.steps import record_refusal
from flows.watch import run
from flows.watched import Watched, WatchReport
from pipeline.published import published
from pipeline.storage import location
from pipeline.verify import verify

MAY, JUNE = "990100-2025-05", "990100-2025-06"
PASSWORD = "hunter2-in-the-address"
TOKEN = "t0ken-of-a-parameter"


@pytest.fixture(scope="module")
def prefect() -> Iterator[None]:
    """One server for all tests that run the flow."""
    with prefect_test_harness(server_startup_timeout=None):
        yield


@pytest.fixture(scope="module", autouse=True)
def parser() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(apart, "COMMAND", (sys.executable, str(watches.STAND_IN)))
        patch.setenv("PYTHONPATH", str(watches.ROOT / "tests"))
        yield
        apart.close()


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))  # where runs for an object store are staged
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "home"))  # of the locks; the server has its own
    for name in (hooks.VARIABLE, "PREFECT_API_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as running:
        yield running


def watch(folder: Path, *names: str) -> WatchReport:
    return run(names, sources=folder / "sources", raw=folder / "raw", curated=folder / "curated")


def statuses(report: WatchReport) -> dict[str, list[str]]:
    return {each.name: [o.status for o in (*each.fetched, *each.files)] for each in report.sources}


def test_new_then_nothing_then_a_new_version(
    prefect: None, tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    curated = tmp_path / "curated"
    watches.source(tmp_path / "sources", "yunhai", f"{site.root}/yunhai")
    watches.put(site, "yunhai", f"id={MAY}", f"id={JUNE}", "bad")
    first = watch(tmp_path)
    assert statuses(first) == {"yunhai": ["new"] * 3 + ["published", "published", "refused"]}
    assert set(watches.issues(curated)) >= {MAY, JUNE} and verify(curated).kind is None
    assert first.exit_code == 1 and first.failures[0]["reason"].endswith("not a bulletin: pass one")

    # Nothing new: no file is parsed again, not even the one that could not be read.
    monkeypatch.setattr(watching, "_has_its_turn", lambda _: False)
    before = watches.published_bytes(curated)
    second = watch(tmp_path)
    assert statuses(second) == {"yunhai": ["unchanged"] * 3}
    assert second.exit_code == 0 and second.sources[0].unreadable == 1 and second.sources[0].known == 2
    assert watches.published_bytes(curated) == before and len(watches.publications(curated)) == 3

    # A week late: a new version of one issue, in which a row is refused, and an issue that came meanwhile.
    watches.put(site, "yunhai", f"id={MAY} fault", f"id={JUNE}", "bad", "id=990100-2025-07")
    third = watch(tmp_path)
    assert statuses(third)["yunhai"][-2:] == ["published", "published"] and third.exit_code == 0
    (change,) = third.changes
    assert change.issue_ids == (MAY,) and change.before != change.after
    assert (change.added, change.changed, change.withdrawn) == (0, 0, 1)
    assert change.rows["tasks"] == (2, 1)
    assert f"{MAY}: {change.before[:12]} → {change.after[:12]} · tasks +0 ~0 -1 · tasks 2 → 1" in change.line()
    with get_client(sync_client=True) as client:
        kept = client.read_artifacts(artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=["watch-summary"])))
    assert any(change.line() in str(each.data) for each in kept)


def test_a_new_version_under_another_id_replaces_the_old(prefect: None, tmp_path: Path, site: Site) -> None:
    """Also where the run that fetched it died before it published."""
    watches.source(tmp_path / "sources", "yunhai", f"{site.root}/yunhai")
    watches.put(site, "yunhai", f"id={MAY}", f"id={JUNE}")
    watch(tmp_path)
    watches.put(site, "yunhai", "id=990100-2025-08", f"id={JUNE}")
    from fetching.fetch import fetch
    from fetching.source import load

    list(fetch(load(tmp_path / "sources" / "yunhai.toml"), tmp_path / "raw"))
    report = watch(tmp_path)
    assert set(watches.issues(tmp_path / "curated")) == {"990100-2025-08", JUNE}
    assert [change.issue_ids for change in report.changes] == [("990100-2025-08", MAY)]


def test_a_dataset_in_an_object_store(prefect: None, tmp_path: Path, site: Site) -> None:
    curated = location("memory://watched")
    watches.source(tmp_path / "sources", "yunhai", f"{site.root}/yunhai")
    for words, expected in ((f"id={MAY}", []), (f"id={MAY} fault", [(MAY,)])):
        watches.put(site, "yunhai", words)
        report = run((), sources=tmp_path / "sources", raw=tmp_path / "raw", curated=curated)
        assert (report.exit_code, [change.issue_ids for change in report.changes]) == (0, expected)
    assert verify(curated).kind is None and [issue for issue, _ in published(curated).values()] == [MAY]


def test_what_fails_is_told_and_leaves_the_others_alone(
    prefect: None, tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("YUNHAI_PASSWORD", PASSWORD)
    monkeypatch.setenv("YUNHAI_TOKEN", TOKEN)
    secret = f"http://reader:${{YUNHAI_PASSWORD}}@{site.host}/closed?page=1&x=${{YUNHAI_TOKEN}}"
    watches.source(tmp_path / "sources", "closed", secret)
    (tmp_path / "sources" / "faulty.toml").write_text('kind = "list"\n', encoding="utf-8")
    watches.source(tmp_path / "sources", "invented", "https://www.yunhai.example/list")
    watches.source(tmp_path / "sources", "yunhai", f"{site.root}/yunhai")
    watches.put(site, "yunhai", f"id={MAY}", "short")
    with watches.receiver() as (address, came), caplog.at_level(logging.DEBUG):
        monkeypatch.setenv(hooks.VARIABLE, address)
        report = watch(tmp_path)
    assert statuses(report) == {
        "closed": ["failed"],
        "faulty": [],
        "invented": [],
        "yunhai": ["new", "new", "published", "held"],
    }
    assert [f["source"] for f in report.failures] == ["closed", "faulty", "yunhai"]
    (message,) = came
    assert message["flow"] == "gongbao-watch" and message["run"].startswith("watch ") and message["state"] == "Failed"
    assert [f["source"] for f in message["failures"]] == ["closed", "faulty", "yunhai"] and message["failed"] == 3

    # No secret in the log of the run, in its state, in its report, in what was posted.
    run_id = message["run_id"]
    with get_client(sync_client=True) as client:
        state = client.read_flow_run(run_id).state
        artifacts = client.read_artifacts()
        logs: list[Any] = []
        for _ in range(50):  # they are sent from a thread
            logs = client.read_logs(LogFilter(flow_run_id=LogFilterFlowRunId(any_=[run_id])), limit=200)
            if any("held back" in log.message for log in logs):
                break
            server.time.sleep(0.2)
    told = [log.message for log in logs]
    assert any(line.startswith("closed: http://") and "/closed" in line for line in told)
    everything = json.dumps([*told, str(state), [str(a.data) for a in artifacts], message, caplog.text])
    for word in (PASSWORD, TOKEN, "s3cret-path"):
        assert word not in everything, word
    kept = "".join(p.read_text(errors="replace") for p in (tmp_path / "raw").rglob("*") if p.is_file())
    assert PASSWORD not in kept


@pytest.mark.parametrize("kind", ["refuses", "nobody"])
def test_a_webhook_that_fails_fails_nothing(
    prefect: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(hooks, "_WAITS", (0.0,))
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "faulty.toml").write_text('kind = "list"\n', encoding="utf-8")
    with watches.receiver(status=403) as (address, came):
        monkeypatch.setenv(hooks.VARIABLE, address if kind == "refuses" else "http://127.0.0.1:1/s3cret-path")
        report = watch(tmp_path)
    assert report.exit_code == 1 and len(came) == (kind == "refuses")
    assert "the webhook (GONGBAO_WEBHOOK) was not told: " in caplog.text and "s3cret-path" not in caplog.text


def test_no_source_is_no_success(prefect: None, tmp_path: Path) -> None:
    report = watch(tmp_path)
    assert report.exit_code == 1 and "gongbao source new NAME" in report.failures[0]["reason"]
    assert not (tmp_path / "curated").exists()


def test_a_webhook_in_a_block(prefect: None, tmp_path: Path) -> None:
    from prefect.blocks.system import Secret

    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "faulty.toml").write_text('kind = "list"\n', encoding="utf-8")
    with watches.receiver() as (address, came):
        Secret(value=address).save(hooks.BLOCK)  # type: ignore[unused-coroutine]
        try:
            watch(tmp_path)
        finally:
            with get_client(sync_client=True) as client:
                block = client.read_block_document_by_name(hooks.BLOCK, "secret")
                client.delete_block_document(block.id)
    assert len(came) == 1


def test_a_slot_of_a_dead_run_does_not_block(prefect: None, tmp_path: Path) -> None:
    """A slot that nobody gives back: on a server of our own whoever has the kernel's lock knows that it is stale."""
    name = locks.name_of("curated", MAY)
    locks._make(name)
    with get_client(sync_client=True) as client:
        client.increment_concurrency_slots_with_lease([name], 1, mode="concurrency", lease_duration=60)
        assert client.read_global_concurrency_limit_by_name(name).active_slots == 1
        with locks.issue_alone("curated", MAY, patience=30):
            assert client.read_global_concurrency_limit_by_name(name).active_slots == 1
        assert client.read_global_concurrency_limit_by_name(name).active_slots == 0


def test_on_a_server_of_others_a_slot_is_waited_for(
    prefect: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = locks.name_of("curated", JUNE)
    locks._make(name)
    monkeypatch.setattr(server, "is_ours", lambda: False)
    with get_client(sync_client=True) as client:
        client.increment_concurrency_slots_with_lease([name], 1, mode="concurrency", lease_duration=60)
        with pytest.raises(locks.BusyError), locks.issue_alone("curated", JUNE, patience=1):
            raise AssertionError
        client.update_global_concurrency_limit(name, locks.GlobalConcurrencyLimitUpdate(active_slots=0))


def test_a_file_that_could_not_be_read_is_tried_again_once_a_week(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw, curated = tmp_path / "raw", tmp_path / "curated"
    raw.mkdir()
    (raw / "a.md").write_text("bad")
    (received,) = watching.newest(raw, curated, {}).todo
    record_refusal.fn(received, "why", tmp_path / "staged", curated, "run")
    tried = []
    for day in range(7):
        monkeypatch.setattr(watching, "today", lambda day=day: date(2025, 5, 1) + timedelta(days=day))
        new = watching.newest(raw, curated, {})
        assert len(new.todo) + new.unreadable == 1
        tried += new.todo
    assert tried == [received]


def test_what_is_not_the_fault_of_the_file_is_not_recorded_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prefect's server gone, a full disk: the next run takes the file, as if it had just come."""
    (tmp_path / "a.md").write_text("good")
    (received,) = watching.newest(tmp_path, tmp_path / "curated", {}).todo

    def gone(*_: object) -> None:
        raise ConnectionError("all connection attempts failed")

    monkeypatch.setattr(ingest, "parse_issue", gone)
    job = ingest.Job(tmp_path / "curated", None, "run", again=False)
    outcome = ingest._settle(job, received, tmp_path / "staged")
    assert outcome.status == "refused" and not outcome.recorded and not (tmp_path / "curated").exists()


def test_lines() -> None:
    assert Watched("a").line() == "a: 没有可取的 nothing to take"
    assert Watched("a", files=(Outcome("f", "held", reason="why"),), unreadable=2).line() == (
        "a: 暂缓 held back 1 · 仍不可读 still unreadable 2"
    )


def test_masking(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('pages = ["https://${LOGIN}@x.example/?q=${WORD}"]', encoding="utf-8")
    monkeypatch.setenv("LOGIN", "reader:secret")
    monkeypatch.setenv("WORD", "abc")  # too short to be told from words
    masking.learn([tmp_path / "a.toml", tmp_path / "none.toml"])
    assert (
        masking.masked("GET https://a:b@x.example/?token=1 as reader:secret")
        == "GET https://***@x.example/?token=*** as ***"
    )
    try:
        raise ValueError("reader:secret")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 1, "%s", ("reader:secret",), sys.exc_info())
    assert masking.Masking().filter(record)
    assert "reader" not in logging.Formatter().format(record)
