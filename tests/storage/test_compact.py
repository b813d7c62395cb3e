"""Files of closed years merged: each row once, before, during and after; an issue taken out; whole when it dies."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import pytest
import records as sample
from published import contents, put

from pipeline.cli import main
from pipeline.compact import Compacted, compact
from pipeline.publish import published, unread
from pipeline.published import source_of
from pipeline.query import query
from pipeline.show import describe, find
from pipeline.storage import View, place
from pipeline.storage.remote import RemotePlace
from pipeline.verify import verify
from schemas import TABLES

A, B, C = "990100-2019-01", "990100-2019-02", "410100-2019-01"
FIRST = [(A, "99", 2019), (B, "99", 2019), (C, "41", 2019)]
ISSUES = [*FIRST, ("990100-2025-03", "99", 2025), ("aaaaaaaaaaaa", "99", None)]
PARTITION = "province=99/year=2019"


@pytest.fixture(params=["folder", "s3"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    if request.param == "folder":
        return tmp_path / "curated"
    return place(request.getfixturevalue("s3"))


def fill(root: Any, folder: Path, issues: Any = None) -> None:
    for number, issue in enumerate(ISSUES if issues is None else issues):
        put(root, folder / f"{number}-{secrets.token_hex(2)}", *issue)


def rows(root: Any) -> dict[str, list[dict[str, Any]]]:
    found = {}
    for name in TABLES:
        result = query(root, f'SELECT * FROM "{name}" ORDER BY ALL')
        found[name] = result.to_pylist() if result is not None else []
    return found


def test_everything_is_read_as_before(root: Any, tmp_path: Path) -> None:
    fill(root, tmp_path)
    seen = rows(root)
    shown = [describe(each) for each in find(root, f"{A}/1/1#1")]
    before, known = len(contents(root)), verify(root)
    told: list[Compacted] = []
    done = compact(root, 2025, told.append)
    assert told == done
    assert [(d.province, d.year, d.issues, d.files_before, d.files_after) for d in done] == [
        ("41", 2019, 1, 11, 11),
        ("99", 2019, 2, 22, 11),
    ]
    assert len(contents(root)) == before - 11 + 2, "eleven files less, and a manifest for each partition"
    assert rows(root) == seen
    assert shown and [describe(each) for each in find(root, f"{A}/1/1#1")] == shown
    assert {issue for issue, _ in published(root).values()} == {issue for issue, *_ in ISSUES}
    assert unread(root) == {}
    assert source_of(root, B) == f"{B}.md"
    assert verify(root) == known.__class__(5, known.files - 11, known.rows)
    assert compact(root, 2025) == [], "there is nothing more to do"
    assert not any("year=0000/compacted" in name or "year=2025/compacted" in name for name in contents(root))


def test_the_same_issues_give_the_same_bytes(root: Any, tmp_path: Path) -> None:
    """In whatever order and in however many runs they were published and merged."""
    fill(root, tmp_path, ISSUES[:1])
    compact(root, 2025)
    fill(root, tmp_path, reversed(ISSUES))
    compact(root, 2025)
    compact(root, 2026)
    other = tmp_path / "other"
    fill(other, tmp_path)
    compact(other, 2026)
    assert contents(root) == contents(other)


def test_an_issue_published_again_leaves_the_merged_files(root: Any, tmp_path: Path) -> None:
    fill(root, tmp_path)
    compact(root, 2025)
    put(root, tmp_path / "again", A, "99", 2019, tasks=False)
    names = contents(root)
    assert f"issues/{PARTITION}/{A}.parquet" in names
    result = query(root, f"SELECT issue_id, count(*) AS n FROM tasks WHERE {'year = 2019'} GROUP BY ALL ORDER BY ALL")
    assert result is not None
    assert result.to_pylist() == [{"issue_id": C, "n": 2}, {"issue_id": B, "n": 2}]
    assert verify(root).kind is None
    put(root, tmp_path / "moved", B, "99", 2018)
    names = contents(root)
    assert not any(PARTITION in name and "compacted" in name for name in names), "nothing is merged there any more"
    assert f"manifest/{PARTITION}.json" not in names
    assert verify(root).kind is None
    # The other way round gives the same.
    other = tmp_path / "other"
    fill(other, tmp_path, [ISSUES[2], ISSUES[3], ISSUES[4], (B, "99", 2018)])
    put(other, tmp_path / "last", A, "99", 2019, tasks=False)
    for each in (root, other):
        compact(each, 2025)
    assert contents(root) == contents(other)


def test_an_issue_under_another_id(root: Any, tmp_path: Path) -> None:
    fill(root, tmp_path)
    compact(root, 2025)
    put(root, tmp_path / "new-id", "990100-2019-77", "99", 2019, supersedes=[A])
    assert not any(A in name for name in contents(root))
    found = query(root, "SELECT issue_id FROM issues WHERE year = 2019 ORDER BY ALL")
    assert found is not None and found["issue_id"].to_pylist() == [C, B, "990100-2019-77"]
    assert verify(root).kind is None


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda root, name: root.write(name, b"x"), "SHA-256 is not the recorded one"),
        (lambda root, name: root.delete(name), "missing"),
        (lambda root, name: root.write(name.replace("compacted-", "compacted-x"), b"x"), "not in any manifest"),
        (lambda root, name: root.write(f"manifest/{PARTITION}.json", b"{}"), "not a manifest of a partition"),
        (lambda root, name: root.write(f"manifest/{A}.json", root.read(f"manifest/{A}.json") + b" "), None),
        (
            lambda root, name: root.write(
                f"manifest/{A}.json", root.read(f"manifest/{A}.json").replace(b'"rows": 2', b'"rows": 1')
            ),
            "its copy of",
        ),
    ],
)
def test_damage_is_found(tmp_path: Path, damage: Callable[[Any, str], None], words: str | None) -> None:
    root = place(tmp_path / "curated")
    fill(root, tmp_path)
    compact(root, 2025)
    damage(root, next(name for name in root.names("tasks") if "compacted" in name and "=99" in name))
    result = verify(root)
    assert (result.kind, any(words in f for f in result.findings)) == ("files", True) if words else not result.kind


def test_a_damaged_file_is_not_merged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = place(tmp_path / "curated")
    fill(root, tmp_path)
    root.write(f"tasks/{PARTITION}/{A}.parquet", b"x")
    arguments = ["compact", "--curated", str(root), "--before", "2025"]
    assert main(arguments) == 1
    out, error = capsys.readouterr()
    assert f"{A}: 未合并 not merged: tasks/{PARTITION}/{A}.parquet: missing or changed" in error
    assert "2 个分区 partitions · 22 → 22 个文件 files" in out
    put(root, tmp_path / "again", A, "99", 2019)
    assert main(arguments) == 0
    assert main(arguments) == 0
    assert "没有可合并的 nothing to merge" in capsys.readouterr().out
    # Damage of the merged file: its issues are published again, one after the other.
    merged = next(name for name in root.names("tasks") if "compacted" in name and "=99" in name)
    whole = root.read(merged)
    root.write(merged, b"x")
    put(root, tmp_path / "a", A, "99", 2019)
    assert verify(root).findings == (f"{merged}: SHA-256 is not the recorded one",)
    assert main(arguments) == 1
    put(root, tmp_path / "b", B, "99", 2019)
    assert verify(root).kind is None
    assert main(arguments) == 0
    assert root.read(merged) == whole


class _Dead(BaseException):
    """In the place of the death of the process."""


@pytest.mark.parametrize("step", [0, 8, 14, 15, 16, 20, 28, 40, 50, 52])
def test_queries_see_each_row_once_at_each_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    root = RemotePlace(f"memory://{secrets.token_hex(4)}/curated")
    fill(root, tmp_path, ISSUES[:2])
    sql = "SELECT issue_id, count(*) AS n FROM tasks GROUP BY ALL ORDER BY ALL"
    whole, count = query(root, sql), 0
    assert whole is not None

    def counted(function: Any) -> Any:
        def wrapped(self: RemotePlace, *arguments: object) -> object:
            nonlocal count
            if count >= step:
                raise _Dead
            count += 1
            return function(self, *arguments)

        return wrapped

    with monkeypatch.context() as patched, suppress(_Dead):
        patched.setattr(RemotePlace, "width", 1)
        with root.locked():
            for name in ("write", "delete", "_copy"):
                patched.setattr(RemotePlace, name, counted(getattr(RemotePlace, name)))
        compact(root, 2025)
    for name in root.names(".publishing/claims"):  # as the next writer would: the process that died is this one
        root.delete(name)
    for _ in range(2):
        view = View(root)
        seen = query(view.place, sql)
        assert seen is not None and seen.to_pylist() == whole.to_pylist()
        root.recover()
    compact(root, 2025)
    other = tmp_path / "other"
    fill(other, tmp_path, ISSUES[:2])
    compact(other, 2025)
    assert contents(root) == contents(other)
    assert verify(root).kind is None


def test_readers_at_work(tmp_path: Path) -> None:
    """While files are merged and taken out again, `query` is right always; a plain glob is right, or an error."""
    root = tmp_path / "curated"
    fill(root, tmp_path, ISSUES[:2])
    stop, wrong, looks = threading.Event(), [], [0, 0]

    def by_query() -> None:
        while not stop.is_set():
            found = query(root, "SELECT count(*) AS n, count(DISTINCT task_id) AS ids FROM tasks")
            looks[0] += 1
            if found is None or found.to_pylist() != [{"n": 4, "ids": 4}]:
                wrong.append(found)

    def by_glob() -> None:
        connection = duckdb.connect()
        while not stop.is_set():
            glob = f"{root}/tasks/province=*/year=*/*.parquet"
            with suppress(duckdb.IOException):
                found = connection.sql(f"SELECT count(*), count(DISTINCT task_id) FROM '{glob}'").fetchall()
                looks[1] += 1
                if found != [(4, 4)]:
                    wrong.append(found)

    threads = [threading.Thread(target=work) for work in (by_query, by_glob)]
    for thread in threads:
        thread.start()
    for number in range(6):
        compact(root, 2025)
        put(root, tmp_path / str(number), A, "99", 2019)
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert min(looks) > 3
    assert sample.ISSUE not in published(root)
