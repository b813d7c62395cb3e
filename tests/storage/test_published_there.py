"""What is published on an object store is what is published on disk, and is read from there."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import pytest
import records as sample
from published import contents, put

from pipeline.cli import main
from pipeline.publish import published
from pipeline.published import source_of
from pipeline.query import query
from pipeline.show import describe, find
from pipeline.storage import place
from pipeline.storage.remote import RemotePlace
from pipeline.verify import verify
from schemas import TABLES, VIEWS

ISSUES = (("990100-2025-03", "99", 2025), ("410100-2024-01", "41", 2024), ("aaaaaaaaaaaa", "99", None))


@pytest.fixture(scope="module", params=["memory", "s3"])
def address(request: pytest.FixtureRequest) -> str:
    if request.param == "memory":
        return f"memory://{secrets.token_hex(4)}/curated"
    request.getfixturevalue("s3_server")
    return f"s3://gongbao-test/{secrets.token_hex(4)}/curated"


@pytest.fixture(scope="module")
def both(address: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The same three issues there and on disk. Tests that change them come last."""
    tmp_path = tmp_path_factory.mktemp("both")
    for number, issue in enumerate(ISSUES):
        for where in (address, tmp_path / "curated"):
            put(where, tmp_path / f"{number}-{type(where).__name__}", *issue)
    return address, tmp_path / "curated"


def test_the_same_bytes(both: tuple[str, Path]) -> None:
    address, folder = both
    assert contents(address) == contents(folder)
    assert published(address) == published(folder)
    assert source_of(address, "410100-2024-01") == "410100-2024-01.md"
    assert len(place(address).read("runs.jsonl").splitlines()) == 3
    result = verify(address)
    assert (result.kind, result.rows) == (None, verify(folder).rows)


def test_the_same_answers(both: tuple[str, Path]) -> None:
    address, folder = both
    for sql in (
        *(f'SELECT * FROM "{name}" ORDER BY ALL' for name in (*TABLES, *VIEWS)),
        "SELECT province, year, count(*) AS n FROM tasks GROUP BY ALL ORDER BY ALL",
        "SELECT task_id FROM tasks WHERE year IS NULL ORDER BY ALL",
        "SELECT action, due_on FROM tasks WHERE year > 2024 AND province = '99' ORDER BY ALL",
        "SELECT count(*) FROM tasks JOIN deadlines USING (task_id) WHERE tasks.due_on > DATE '2025-01-01'",
    ):
        there, here = query(address, sql), query(folder, sql)
        assert there is not None and here is not None
        assert there.column_names == here.column_names, sql
        assert there.to_pylist() == here.to_pylist(), sql
    assert [describe(f) for f in find(address, f"{sample.ISSUE}/1/1#1")] == [
        describe(f) for f in find(folder, f"{sample.ISSUE}/1/1#1")
    ]


def test_only_what_a_filter_leaves_is_opened(both: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.storage import filesystems

    opened: list[str] = []
    whole = filesystems.read_whole

    def counted(filesystem: Any, path: str) -> bytes:
        opened.append(path)
        return whole(filesystem, path)

    monkeypatch.setattr(filesystems, "read_whole", counted)
    for where, wanted in (("province = '41'", 1), ("year IS NULL", 1), ("year = 2025 AND province = '99'", 1)):
        opened.clear()
        query(both[0], f"SELECT action FROM tasks WHERE {where}")
        assert len(opened) == wanted and all("/tasks/" in path for path in opened), (where, opened)
    opened.clear()
    query(both[0], "SELECT 1")
    assert opened == []


def test_the_command_line(both: tuple[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if both[0].startswith("memory"):
        pytest.skip("the memory of one process")
    address = ["--curated", both[0]]
    assert main(["verify", *address]) == 0
    assert main(["query", "SELECT count(*) AS n FROM issues", "--format", "csv", *address]) == 0
    assert main(["summary", *address]) == 0
    assert main(["doctor", *address]) == 0
    for out, where in ((tmp_path / "there.xlsx", both[0]), (tmp_path / "here.xlsx", str(both[1]))):
        assert main(["export", "--out", str(out), "--issue", "410100-2024-01", "--curated", where]) == 0
    assert (tmp_path / "there.xlsx").read_bytes() == (tmp_path / "here.xlsx").read_bytes()
    assert main(["show", f"{sample.ISSUE}/1/1#1", *address]) == 0
    out = capsys.readouterr().out
    assert "完好" in out and "n\n3\n" in out and f"gongbao verify --curated {both[0]}" in out
    assert main(["verify", "--curated", "s3://name:hidden@no-such-bucket/x"]) == 2
    assert main(["query", "SELECT 1", "--curated", f"{both[0]}-none"]) == 2
    error = capsys.readouterr().err
    assert "nothing published yet" in error and "hidden" not in error


def test_a_new_version_replaces_its_rows_only(both: tuple[str, Path], tmp_path: Path) -> None:
    address, folder = both
    for where in both:
        put(where, tmp_path / f"again-{type(where).__name__}", "aaaaaaaaaaaa", "99", 2023)
    assert contents(address) == contents(folder)
    assert not any("year=0000" in name for name in contents(address))


def test_damage_is_found(both: tuple[str, Path]) -> None:
    root = place(both[0])
    name = "tasks/province=41/year=2024/410100-2024-01.parquet"
    root.write(name, b"x")
    assert verify(root).findings == (f"{name}: SHA-256 is not the recorded one",)
    root.delete(name)
    assert verify(root).findings == (f"{name}: missing",)


def test_nothing_there_answers(s3: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """One line, and soon enough."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    assert main(["verify", "--curated", s3]) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and s3 in error and "credentials" in error and "NETWORK" in error


def test_lines_are_put_aside(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.storage import remote

    monkeypatch.setattr(remote, "_LONGEST", 5)
    root = RemotePlace(s3)
    for number in range(6):
        root.append("runs.jsonl", f"{number:03d}")
    assert root.names("") == ["runs.jsonl", "runs/00000.jsonl", "runs/00001.jsonl"]
    assert [root.read(n) for n in root.names("")] == [b"004\n005\n", b"000\n001\n", b"002\n003\n"]
