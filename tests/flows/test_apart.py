"""The process that parses files: what ends it, what it survives, and that the next file goes on."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows import apart
from flows.apart import Allowance, FaultError, UnreadableError, stage


@pytest.fixture(autouse=True)
def process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(apart, "COMMAND", (sys.executable, str(Path(__file__).with_name("stand_in.py"))))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    yield
    apart.close()


def file(folder: Path, words: str) -> Path:
    path = folder / f"{words.replace(' ', '-')}.md"
    path.write_text(words)
    return path


def test_files_one_after_the_other(tmp_path: Path) -> None:
    """One process serves them; what ends it is said of the file that did, and of no other."""
    allowance = Allowance(seconds=60)
    assert stage(file(tmp_path, "good"), tmp_path / "1", allowance)["year"] == 2025
    assert (tmp_path / "1" / "issues.parquet").is_file()
    first = apart._worker
    with pytest.raises(UnreadableError, match=r"^not a bulletin: pass one$"):
        stage(file(tmp_path, "bad"), tmp_path / "2", allowance)
    with pytest.raises(FaultError, match="KeyError: 'a fault of the parser'") as fault:
        stage(file(tmp_path, "crash"), tmp_path / "3", allowance)
    assert "Traceback" in fault.value.__notes__[0]
    with pytest.raises(FaultError, match="a panic"):
        stage(file(tmp_path, "panic"), tmp_path / "4", allowance)
    assert apart._worker is first
    with pytest.raises(UnreadableError, match=r"ended \(signal 9\)"):
        stage(file(tmp_path, "die"), tmp_path / "5", allowance)
    assert stage(file(tmp_path, "good again"), tmp_path / "6", allowance)["year"] == 2025
    assert apart._worker is not first


def test_a_file_that_takes_too_long(tmp_path: Path) -> None:
    stage(file(tmp_path, "good"), tmp_path / "1", Allowance())
    assert apart._worker is not None
    number = apart._worker.process.pid
    started = time.monotonic()
    with pytest.raises(UnreadableError, match=r"took more than 0\.5 s: split it .* or allow more with --seconds"):
        stage(file(tmp_path, "hang"), tmp_path / "2", Allowance(seconds=0.5))
    assert time.monotonic() - started < 20
    assert apart._worker is None
    if sys.platform != "win32":
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux holds the limit")
def test_a_file_that_takes_too_much(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="needs more than 100 MB of memory: split it"):
        stage(file(tmp_path, "greedy"), tmp_path / "1", Allowance(megabytes=100))
    assert stage(file(tmp_path, "good"), tmp_path / "2", Allowance(megabytes=100))["year"] == 2025


def test_a_process_that_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "COMMAND", (sys.executable, "-c", "raise SystemExit(3)"))
    with pytest.raises(FaultError, match="does not start"):
        stage(file(tmp_path, "good"), tmp_path / "1", Allowance())
