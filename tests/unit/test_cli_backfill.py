"""gongbao backfill: its arguments, its progress and its report. The flow has tests of its own."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from flows.report import FlowError, Outcome
from pipeline import terminal
from pipeline.cli import backfill, main

REFUSED = Outcome("b.md", "refused", "0123456789ab", "empty file: pass another", recorded=True)
HELD = Outcome("c.md", "held", "990100-2025-03", "held back: issue.length")


@pytest.fixture
def flow(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Stands in for `flows.backfill`, which needs Prefect; its calls."""
    calls: list[Any] = []

    def run(paths: list[Path], **options: Any) -> SimpleNamespace:
        calls.append(options)
        if options["dask"] == "tcp://none":
            raise FlowError("no dask scheduler at tcp://none (timed out): check the address")
        others = [REFUSED, HELD] if len(options["planned"].todo) > 1 else []
        for n, outcome in enumerate([Outcome("a.md", "published"), *others], 1):
            options["progress"](n, len(others) + 1, outcome)
        refused = list(others)
        return SimpleNamespace(
            published=1,
            refused_rows=2,
            rows=Counter(),
            others=others,
            refused=refused,
            notices=("云海市人民政府公报: 缺第2期 no. 2 is missing",),
        )

    module = ModuleType("flows.backfill")
    module.run = run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "flows.backfill", module)
    return calls


def bulletins(folder: Path, names: str) -> list[str]:
    for name in names:
        (folder / f"{name}.md").write_text(name)
    return ["backfill", str(folder), "--curated", str(folder / "c")]


def test_what_was_refused(flow: list[Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*bulletins(tmp_path, "abc"), "--workers", "3", "--raw", str(tmp_path / "r"), "--seconds", "60"]) == 1
    (options,) = flow
    assert (options["workers"], options["raw"], options["seconds"], options["dask"]) == (3, tmp_path / "r", 60, None)
    assert options["curated"].is_absolute() and [r.path.name for r in options["planned"].todo] == [
        "a.md",
        "b.md",
        "c.md",
    ]
    captured = capsys.readouterr()
    assert "已发布 published 1 · 被拒 refused 1 · 暂缓 held back 1" in captured.out
    assert "kind = 'file'" in captured.out and "2 行未通过检验" in captured.out
    assert "gongbao: b.md: empty file: pass another\ngongbao: c.md: held back: issue.length" in captured.err
    assert "b.md: 被拒 refused" in captured.err and "[3/3 " in captured.err
    assert max(map(terminal.width, [*captured.out.splitlines(), *captured.err.splitlines()])) <= 80


def test_all_was_taken(flow: list[Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(bulletins(tmp_path, "a")) == 0
    assert flow[0]["workers"] >= 1
    captured = capsys.readouterr()
    assert "已发布 published 1\n" in captured.out and "gongbao: 云海市人民政府公报: 缺第2期" in captured.err


def test_nothing_to_do(flow: list[Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(bulletins(tmp_path, "")) == 2
    assert main(["backfill", str(tmp_path / "none.md"), "--curated", str(tmp_path / "c")]) == 1
    assert "none.md: cannot be read" in capsys.readouterr().err
    assert not flow


def test_no_cluster(
    flow: list[Any], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = bulletins(tmp_path, "a")
    monkeypatch.setattr(backfill, "find_spec", lambda name: object())
    assert main([*command, "--dask", "tcp://none"]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == (
        "gongbao: 处理中断 stopped: no dask scheduler at tcp://none (timed out): check the address"
    )
    assert main([*command, "--dask", "tcp://none", "--workers", "2"]) == 2
    monkeypatch.setattr(backfill, "find_spec", lambda name: None)
    assert main([*command, "--dask", "tcp://none"]) == 2
    assert 'pip install "gongbao[dask]"' in capsys.readouterr().err
    assert len(flow) == 1


@pytest.mark.parametrize("workers", ["0", "-1", "two", ""])
def test_workers_are_a_number(workers: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["backfill", "a.md", "--workers", workers])
    assert ended.value.code == 2


def test_pace() -> None:
    assert backfill.pace(0, 1000, 5.0) == "0.00/s"
    assert backfill.pace(0, 1000, 0.0) == "0.00/s"
    assert backfill.pace(390, 1000, 100.0) == "3.9/s 余 left 0:02:36"
    assert backfill.pace(1, 768_000, 4.0) == "0.25/s 余 left 853:19:56"
    assert backfill.pace(1000, 1000, 250.0) == "4.0/s"


def test_lines_now_and_then(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere than on a terminal: a line every ten seconds, for what is refused, and at the end."""
    now = [0.0]
    monkeypatch.setattr(backfill.time, "monotonic", lambda: now[0])
    step = backfill.progress()
    for n in range(1, 101):
        now[0] = n / 4
        step(n, 100, REFUSED if n == 50 else Outcome(f"{n}.md", "published"))
    lines = capsys.readouterr().err.splitlines()
    assert [line.split("]")[0] for line in lines] == [
        "[40/100 4.0/s 余 left 0:00:15",
        "[50/100 4.0/s 余 left 0:00:12",
        "[90/100 4.0/s 余 left 0:00:02",
        "[100/100 4.0/s",
    ]
