"""A disk that is full, a target that cannot be written, two writers at once, clocks that jump."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from published import contents, put, stage_issue

from flows import staging
from pipeline import publish as publishing
from pipeline.cli import main
from pipeline.compact import compact
from pipeline.publish import publish
from pipeline.query import query
from pipeline.verify import verify

A, B = "990100-2019-01", "990100-2019-02"
TESTS = Path(__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS.parent), str(TESTS)])}


def mounted(*arguments: str) -> None:
    """Mount something, or skip."""
    try:
        subprocess.run(["mount", *arguments], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("mounting needs root")


@pytest.fixture
def mount_point(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "mount").mkdir()
    yield tmp_path / "mount"
    subprocess.run(["umount", str(tmp_path / "mount")], check=False, capture_output=True)


@pytest.mark.parametrize("kilobytes", [4, 10, 20, 40])
def test_a_file_may_not_grow(tmp_path: Path, kilobytes: int) -> None:
    """A limit of the system on the size of files: the earlier version stands, then the new one is published."""
    resource = pytest.importorskip("resource")
    curated = tmp_path / "curated"
    put(curated, tmp_path / "one", A, "99", 2019)
    before = contents(curated)
    stage_issue(tmp_path / "two", A, 2019, version="0.0.2")
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, limit[1]))
    failed = False
    try:
        publish(tmp_path / "two", curated, A, "99", 2019)
    except OSError:
        failed = True
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert not failed or contents(curated) == before
    assert failed or kilobytes > 4
    publish(tmp_path / "two", curated, A, "99", 2019)
    assert verify(curated).kind is None
    put(tmp_path / "other", tmp_path / "three", A, "99", 2019, version="0.0.2")
    assert contents(curated) == contents(tmp_path / "other")


def test_a_disk_that_is_full(tmp_path: Path, mount_point: Path) -> None:
    mounted("-t", "tmpfs", "-o", "size=900k", "tmpfs", str(mount_point))
    curated = mount_point / "curated"
    put(curated, tmp_path / "one", A, "99", 2019)
    before, failures = contents(curated), 0
    (mount_point / "filler").write_bytes(b"")
    for kilobytes in range(350, 900, 50):
        with suppress(OSError), (mount_point / "filler").open("ab") as handle:
            handle.write(b"x" * max(0, kilobytes * 1024 - handle.tell()))
        try:
            put(curated, tmp_path / f"full-{kilobytes}", A, "99", 2019, version="0.0.2")
        except OSError:
            failures += 1
            assert {k: v for k, v in contents(curated).items() if k != "datapackage.json"} in (
                {k: v for k, v in before.items() if k != "datapackage.json"},
            )
            assert verify(curated).kind is None
            with suppress(OSError):
                compact(curated, 2020)
            before = contents(curated)
        else:
            put(curated, tmp_path / f"back-{kilobytes}", A, "99", 2019)
            before = contents(curated)
    assert failures
    (mount_point / "filler").unlink()
    put(curated, tmp_path / "again", A, "99", 2019, version="0.0.2")
    put(tmp_path / "other", tmp_path / "three", A, "99", 2019, version="0.0.2")
    compact(curated, 2020)
    compact(tmp_path / "other", 2020)
    assert contents(curated) == contents(tmp_path / "other")
    assert verify(curated).kind is None


def test_a_target_that_cannot_be_written(tmp_path: Path, mount_point: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing changes and one line says why; readers read, also what a publisher that died has left half done."""
    curated = tmp_path / "curated"
    put(curated, tmp_path / "one", A, "99", 2019)
    before = contents(curated)
    journal = {"touched": [f"text/{A}.txt"], "had": [f"text/{A}.txt"]}
    kept = curated / ".publishing" / "dead" / "old" / f"text/{A}.txt"
    kept.parent.mkdir(parents=True)
    os.link(curated / f"text/{A}.txt", kept)
    (curated / f"text/{A}.txt").unlink()
    (curated / f"text/{A}.txt").write_text("half done")
    (curated / ".publishing" / "dead.json").write_text(json.dumps(journal))
    mounted("--bind", str(curated), str(mount_point))
    mounted("-o", "remount,ro,bind", str(mount_point))
    with pytest.raises(OSError, match="Read-only"):
        put(mount_point, tmp_path / "two", A, "99", 2019, version="0.0.2")
    found = query(mount_point, "SELECT count(*) AS n FROM tasks")
    assert found is not None and found.to_pylist() == [{"n": 2}]
    assert verify(mount_point).kind is None
    capsys.readouterr()
    assert main(["compact", "--curated", str(mount_point)]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    put(curated, tmp_path / "three", B, "99", 2019)
    assert {name: content for name, content in contents(curated).items() if B not in name} == before


WRITER = """
import sys
from pathlib import Path
from published import stage_issue
from pipeline.publish import publish
folder, where, version, year = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
stage_issue(folder, "990100-2019-01", year, version=version, tasks=year == 2019)
print("ready", flush=True)
sys.stdin.readline()
for _ in range(5):
    publish(folder, where, "990100-2019-01", "99", year)
"""


def test_two_writers_on_one_issue(tmp_path: Path) -> None:
    """Each again and again, with other partitions and tables: what stands is one of both, whole."""
    curated, writers = tmp_path / "curated", []
    for version, year in (("0.0.1", 2019), ("0.0.2", 2020)):
        command = [sys.executable, "-c", WRITER, str(tmp_path / version), str(curated), version, str(year)]
        writers.append(
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT, text=True)
        )
    for each in writers:
        assert each.stdout is not None and each.stdout.readline() == "ready\n"
    for each in writers:
        each.communicate("\n")
        assert each.returncode == 0
    assert verify(curated).kind is None
    wanted = []
    for version, year in (("0.0.1", 2019), ("0.0.2", 2020)):
        other = tmp_path / f"only-{year}"
        put(other, tmp_path / f"s-{year}", A, "99", year, version=version, tasks=year == 2019)
        wanted.append(contents(other))
    assert contents(curated) in wanted
    assert len((curated / "runs.jsonl").read_text().splitlines()) == 10


def test_clocks_that_jump(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two years ahead, then back: the last one to publish counts, whatever time it is."""

    class Jumping(datetime):
        offset = timedelta(0)

        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(UTC) + cls.offset

    monkeypatch.setattr(publishing, "datetime", Jumping)
    curated, real = tmp_path / "curated", time.time
    for number, days in enumerate((0, 800, -800)):
        Jumping.offset = timedelta(days=days)
        monkeypatch.setattr(time, "time", lambda days=days: real() + days * 86400)
        put(curated, tmp_path / str(number), A, "99", 2019, version=f"0.0.{number}")
        for path in curated.rglob("*"):
            if path.is_file():
                os.utime(path, (real() + days * 86400,) * 2)
    put(tmp_path / "other", tmp_path / "still", A, "99", 2019, version="0.0.2")
    assert contents(curated) == contents(tmp_path / "other")
    assert verify(curated).kind is None


def test_staging_of_a_living_run_outlives_a_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that jumps ahead makes the folder of another run look old: it stays while that run lives."""
    holder = (
        "import sys; from pathlib import Path; from flows import staging;"
        "staging.folder(Path(sys.argv[1]), 'other', 1).mkdir(); print('ready', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", holder, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=ENVIRONMENT,
        text=True,
    )
    assert other.stdout is not None and other.stdout.readline() == "ready\n"
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 1_000_000)
    staging.clean(tmp_path, "mine")
    assert (tmp_path / staging.STAGING / "other" / "1").is_dir()
    other.communicate("")
    staging.clean(tmp_path, "mine")
    assert not (tmp_path / staging.STAGING).exists()
