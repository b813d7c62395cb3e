"""The flow on tiny bulletins: what is published, skipped, refused and held back."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from prefect.testing.utilities import prefect_test_harness
from records import ISSUE

from flows import apart, staging
from flows import ingest as flow
from flows.inbox import Received, plan
from flows.ingest import run
from flows.reasons import RefusedError
from flows.report import FlowError, Outcome, Report
from flows.steps import StagedIssue, parse_issue, publish_issue, record_refusal, validate_issue
from pipeline.publish import unread
from pipeline.verify import verify


@pytest.fixture(autouse=True)
def parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "COMMAND", (sys.executable, str(Path(__file__).with_name("stand_in.py"))))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))


@pytest.fixture(scope="module", autouse=True)
def no_process_left() -> Iterator[None]:
    yield
    apart.close()


@pytest.fixture(scope="module")
def prefect() -> Iterator[None]:
    """One server for all tests that run the flow: it takes ten seconds to start."""
    with prefect_test_harness(server_startup_timeout=None):
        yield


def file(folder: Path, name: str, words: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(words)
    return folder / name


def received(path: Path) -> Received:
    return Received(path, sha256(path.read_bytes()).hexdigest())


def published_bytes(curated: Path) -> dict[str, bytes]:
    """Everything under `curated` that an identical run must give again."""
    files = (p.relative_to(curated) for p in curated.rglob("*") if p.is_file())
    kept = (p for p in files if p.parts[0] not in (".publishing", "runs.jsonl"))
    return {p.as_posix(): (curated / p).read_bytes() for p in kept}


def rows_of(curated: Path, table: str) -> list[dict[str, Any]]:
    found = sorted(curated.glob(f"{table}/province=*/year=*/*.parquet"))
    return [row for path in found for row in pq.ParquetFile(path).read().to_pylist()]


# --- the flow -------------------------------------------------------------------------


def test_a_folder_with_bad_files(prefect: None, tmp_path: Path) -> None:
    inbox, curated, raw = tmp_path / "inbox", tmp_path / "curated", tmp_path / "raw"
    file(inbox, "1-good.md", "fault")
    file(inbox, "2-bad.md", "bad")
    file(inbox, "3-crash.md", "crash")
    file(inbox, "4-short.md", "short id=990100-2025-04")
    file(inbox, "5-same-id.md", "other")
    file(inbox, "6-same-bytes.md", "fault")
    file(inbox / "later", "7-good.md", "id=990100-2025-05")
    file(inbox, ".hidden", "bad")
    seen: list[tuple[int, int, str]] = []
    report = run([inbox], curated=curated, raw=raw, progress=lambda n, of, o: seen.append((n, of, o.status)))
    by_name = {Path(o.file).name: o for o in report.outcomes}
    assert {name: o.status for name, o in by_name.items()} == {
        "1-good.md": "published",
        "2-bad.md": "refused",
        "3-crash.md": "refused",
        "4-short.md": "held",
        "5-same-id.md": "refused",
        "6-same-bytes.md": "skipped",
        "7-good.md": "published",
    }
    assert report.exit_code == 1
    assert by_name["2-bad.md"].reason == "not a bulletin: pass one"
    assert "KeyError" in str(by_name["3-crash.md"].reason)
    assert "issue.length" in str(by_name["4-short.md"].reason)
    assert "already published from 1-good.md" in str(by_name["5-same-id.md"].reason)
    assert all("\n" not in (o.reason or "") for o in report.outcomes)

    # What could not be read is a residual, each file its own; what is whole in the dataset stays so.
    refused = {r["issue_id"]: r["reason"] for r in rows_of(curated, "residuals") if r["kind"] == "file"}
    assert refused == {str(by_name[n].issue_id): by_name[n].reason for n in ("2-bad.md", "3-crash.md")}
    files = {i["issue_id"]: i["source_file"] for i in rows_of(curated, "issues")}
    assert {files[i] for i in refused} == {"2-bad.md", "3-crash.md"}
    assert verify(curated).kind is None
    assert [n for n, _, _ in seen] == [1, 2, 3, 4, 5, 6] and {of for _, of, _ in seen} == {6}

    # A row that an expectation refuses is a residual; the rest of the issue is there.
    good = by_name["1-good.md"]
    assert good.refused_rows == 1 and good.counts["tasks"] == 1
    left = [r for r in rows_of(curated, "residuals") if r["kind"] == "row"]
    assert [(r["issue_id"], r["reason"], r["quote"]) for r in left] == [
        (ISSUE, "task.has_action", "每年汛期前检查闸门")
    ]
    failed = [c for c in rows_of(curated, "checks") if not c["success"] and c["severity"] == "error"]
    assert [(c["expectation"], c["unexpected_ids"]) for c in failed] == [("task.has_action", [f"{ISSUE}/1/1#2"])]

    # Nothing of the issue held back is published, but its Data Docs say why.
    assert not list(curated.glob("*/province=*/year=*/990100-2025-04.parquet"))
    assert Path(str(by_name["4-short.md"].data_docs)).is_file()
    assert Path(str(good.data_docs)).is_file()
    assert not (curated / staging.STAGING).exists()
    assert sorted(p.name for p in raw.iterdir()) == ["1-good.md", "7-good.md"]
    assert {json.loads(line)["run_id"] for line in (curated / "runs.jsonl").read_text().splitlines()} == {report.run_id}

    # The second call has nothing to do but the refused ones; with `again` it gives the same bytes.
    before = published_bytes(curated)
    assert [o.status for o in run([inbox / "1-good.md"], curated=curated).outcomes] == ["skipped"]
    once_more = run([inbox / "1-good.md", inbox / "later"], curated=curated, again=True)
    assert [o.status for o in once_more.outcomes] == ["published", "published"]
    assert published_bytes(curated) == before
    assert len((curated / "runs.jsonl").read_text().splitlines()) == 6


def test_a_disk_that_fails(prefect: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Publishing is tried again after a failure of the disk; when it fails for good, the earlier version stands."""
    curated, path = tmp_path / "curated", file(tmp_path, "a.md", "first")
    attempts: list[int] = []

    def failing(times: int) -> Any:
        from pipeline import replace as module

        whole = module.replace

        def replace(*args: Any, **kwargs: Any) -> None:
            attempts.append(1) if args[1] != "continuity" else None
            if len(attempts) <= times:
                raise OSError(28, "No space left on device")
            whole(*args, **kwargs)

        return replace

    monkeypatch.setattr(flow, "publish_issue", publish_issue.with_options(retry_delay_seconds=0))
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.replace.replace", failing(2))
        assert [o.status for o in run([path], curated=curated).outcomes] == ["published"]
    assert len(attempts) == 3
    before = published_bytes(curated)
    file(tmp_path, "a.md", "second version of the same file")
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.replace.replace", failing(1000))
        (outcome,) = run([path], curated=curated).outcomes
    assert outcome.status == "refused" and "the earlier version stands" in str(outcome.reason)
    assert published_bytes(curated) == before
    assert [o.status for o in run([path], curated=curated).outcomes] == ["published"]
    assert published_bytes(curated) != before


# --- its tasks, without a server ----------------------------------------------------------


def test_tasks_hand_on_paths(tmp_path: Path) -> None:
    source = received(file(tmp_path, "a.md", "fault"))
    issue = parse_issue.fn(source, tmp_path / "staged")
    assert issue == StagedIssue(tmp_path / "staged", ISSUE, "990100", 2025)
    verdict = validate_issue.fn(issue)
    assert (verdict.refused_rows, verdict.reason) == (1, None)
    counts = publish_issue.fn(issue, source, tmp_path / "curated", None, "run")
    assert counts["tasks"] == 1 and counts["checks"] > 100
    assert (tmp_path / "curated/tasks/province=99/year=2025" / f"{ISSUE}.parquet").is_file()


def test_run_names_say_which_issue() -> None:
    assert parse_issue.task_run_name == "parse {received.path.name}"
    assert validate_issue.task_run_name == "validate {issue.issue_id}"
    assert publish_issue.task_run_name == "publish {issue.issue_id}"
    assert (parse_issue.retries, validate_issue.retries, publish_issue.retries) == (0, 0, 3)


def test_the_same_source_under_a_new_id_replaces_the_old(tmp_path: Path) -> None:
    curated, path = tmp_path / "curated", file(tmp_path, "a.md", "id=990100-2025-09")
    issue = parse_issue.fn(received(path), tmp_path / "1")
    publish_issue.fn(issue, received(path), curated, None, "run")
    formerly = Received(path, received(path).sha256, formerly="990100-2025-09")
    renamed = StagedIssue(tmp_path / "2", ISSUE, "990100", 2025)
    file(tmp_path, "b.md", "x")
    parse_issue.fn(received(tmp_path / "b.md"), renamed.folder)
    publish_issue.fn(renamed, formerly, curated, None, "run")
    assert {r["issue_id"] for r in rows_of(curated, "issues")} == {ISSUE}


def test_a_good_version_replaces_the_refusal_of_a_file(tmp_path: Path) -> None:
    """Of the same bytes, once they can be read, and of other bytes under the same name; not of other files."""
    curated, path = tmp_path / "curated", file(tmp_path, "a.md", "bad")
    other = record_refusal.fn(received(file(tmp_path, "b.md", "bad too")), "why", tmp_path / "0", curated, "run")
    refusal = record_refusal.fn(received(path), "why", tmp_path / "1", curated, "run")
    assert unread(curated) == {other: "b.md", refusal: "a.md"}
    assert verify(curated).kind is None
    assert plan([path], curated).todo == (received(path),), "it is tried again, whatever the version"
    file(tmp_path, "a.md", "good")
    job = flow.Job(curated, None, "run", False, unread=unread(curated))
    assert job.outdated(received(path)) == (refusal,)
    issue = parse_issue.fn(received(path), tmp_path / "2")
    publish_issue.fn(issue, received(path), curated, None, "run", job.outdated(received(path)))
    assert unread(curated) == {other: "b.md"}
    assert [r["issue_id"] for r in rows_of(curated, "residuals") if r["kind"] == "file"] == [other]
    assert verify(curated).kind is None


def test_a_refusal_leaves_the_published_version_alone(tmp_path: Path) -> None:
    """Bytes that were read once and now are not: what is published of them stands."""
    again = Received(file(tmp_path, "a.md", "bad"), "0" * 64, formerly="000000000000")
    job = flow.Job(tmp_path / "curated", None, "run", False)
    assert flow.recorded(job, again, tmp_path / "1", "why") is None
    assert not (tmp_path / "curated").exists()


@pytest.mark.parametrize(
    ("first", "second", "again", "refused"),
    [
        ("a.md", "b.md", False, True),  # another source of the same id
        ("a.md", "a.md", False, False),  # a new version of the same file
        ("a.md", "b.md", True, False),  # the user insists
    ],
)
def test_collision_with_an_earlier_run(tmp_path: Path, first: str, second: str, again: bool, refused: bool) -> None:
    curated, source = tmp_path / "curated", received(file(tmp_path, first, "first"))
    publish_issue.fn(parse_issue.fn(source, tmp_path / "1"), source, curated, None, "run")
    job = flow.Job(curated, None, "run", again)
    if not refused:
        flow.refuse_collision(job, ISSUE, second)
        return
    with pytest.raises(RefusedError, match=r"already published from a\.md.*--again"):
        flow.refuse_collision(job, ISSUE, second)


def test_received_bytes_are_kept(tmp_path: Path) -> None:
    raw, curated = tmp_path / "raw", tmp_path / "curated"
    for words in ("first", "second"):
        source = received(file(tmp_path / "in", "a.md", words))
        publish_issue.fn(parse_issue.fn(source, tmp_path / words), source, curated, raw, "run")
    assert (raw / "a.md").read_text() == "second"
    assert [p.read_text() for p in (raw / ".earlier").iterdir()] == ["first"]
    inside = received(raw / "a.md")
    publish_issue.fn(parse_issue.fn(inside, tmp_path / "3"), inside, curated, raw, "run")
    assert [p.name for p in raw.iterdir() if p.is_file()] == ["a.md"], "what lies in raw already is not copied"


def test_plan(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    file(inbox, "b.md", "b")
    file(inbox, "a.md", "a")
    file(inbox, "a.md.json", "{}")  # a sidecar
    file(inbox, "README.md", "about this folder")
    file(inbox / ".earlier", "c.md", "c")
    (inbox / "gone.md").symlink_to(tmp_path / "nothing.md")
    (inbox / "linked.md").symlink_to(file(tmp_path, "c.md", "c"))
    made = plan([inbox, tmp_path / "none.md"], tmp_path / "curated")
    assert [r.path.name for r in made.todo] == ["a.md", "b.md", "linked.md"]
    refused = [("gone.md", "refused"), ("none.md", "refused")]
    assert [(Path(o.file).name, o.status) for o in made.outcomes] == refused


def test_report() -> None:
    done = Outcome("a.md", "published", "x", counts={"tasks": 2})
    assert Report("r", (done, done)).counts == {"tasks": 4}
    assert Report("r", (done,)).exit_code == 0
    assert Report("r", (done, Outcome("b.md", "held", reason="why"))).exit_code == 1


def test_prefect_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server goes while a run ends: the outcomes are known all the same, and a line says what is not whole."""

    def lost(received: list[Received], *_: Any, **__: Any) -> None:
        settled = flow._settled.get()
        assert settled is not None
        settled += [Outcome(str(each.path), "published", "x") for each in received[:done]]
        raise ConnectionError("refused")

    monkeypatch.setattr(flow, "ingest", lost)
    monkeypatch.setattr(flow, "refresh_safely", lambda *_: ("a gap",))
    paths = [file(tmp_path / "in", name, name) for name in ("a.md", "b.md")]
    done = 2
    report = run(paths, curated=tmp_path / "curated")
    assert [o.status for o in report.outcomes] == ["published", "published"]
    assert "Prefect was lost" in report.warnings[0] and report.warnings[1:] == ("a gap",)
    done = 1
    with pytest.raises(FlowError, match=r"1 of 2 files are done and stand \(ConnectionError: refused\): run it again"):
        run(paths, curated=tmp_path / "curated")
