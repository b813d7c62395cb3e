"""The command line where it lives: 80 columns, pipes, terminals of other encodings, shells; and gongbao doctor."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from pipeline import terminal
from pipeline.cli import completion, doctor, main
from schemas import NAMES

ROOT = Path(__file__).parents[2]
COMMANDS = [
    "",
    "ingest",
    "parse",
    "query",
    "export",
    "show",
    "verify",
    "summary",
    "status",
    "fetch",
    "source",
    "source check",
    "source new",
    "doctor",
    "completion",
]


def gongbao(*arguments: str, **environment: str) -> list[str]:
    """A command, as words of `env` and Python, for subprocess."""
    given = {"PYTHONPATH": str(ROOT), "PATH": os.environ.get("PATH", ""), **environment}
    words = [f"{name}={value}" for name, value in given.items()]
    return ["env", "-i", *words, sys.executable, "-m", "pipeline.cli", *arguments]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_fits_80_columns(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        main([*command.split(), "--help"])
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if terminal.width(line) > 80] == []
    assert "\x1b" not in "".join(lines)


WRAPPED = [
    ("a bc def", 4, ["a bc", "def"], "at spaces"),
    ("云海市水利局", 6, ["云海市", "水利局"], "between wide characters"),
    ("云海市，水利局", 6, ["云海", "市，水", "利局"], "no line begins with a comma"),
    ("查询 SQL (DuckDB)", 8, ["查询 SQL", "(DuckDB)"], "mixed"),
    ("abcdefgh", 3, ["abc", "def", "gh"], "a word longer than a line"),
    ("", 5, [], "nothing"),
]


@pytest.mark.parametrize(("text", "columns", "expected", "reason"), WRAPPED, ids=[w[3] for w in WRAPPED])
def test_fold(text: str, columns: int, expected: list[str], reason: str) -> None:
    assert terminal.fold(text, columns) == expected, reason


# --- pipes and encodings ---------------------------------------------------------------


@pytest.mark.skipif(shutil.which("env") is None, reason="needs env and pipes of a POSIX system")
@pytest.mark.parametrize("arguments", [["--help"], ["query", "--views"], ["completion", "bash"]], ids=lambda a: a[0])
def test_a_reader_that_goes_is_no_failure(arguments: list[str]) -> None:
    process = subprocess.Popen(gongbao(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    complaint = process.stderr.read()
    assert (process.wait(120), complaint) == (0, b"")


@pytest.mark.skipif(shutil.which("env") is None, reason="needs env of a POSIX system")
def test_output_is_utf_8_where_the_system_knows_only_ascii() -> None:
    plain = {"LANG": "C", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    done = subprocess.run(gongbao("query", "--views", **plain), capture_output=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "到期清单" in done.stdout.decode("utf-8")
    plain["PYTHONIOENCODING"] = "ascii"
    done = subprocess.run(gongbao("query", "--views", **plain), capture_output=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\\u5230\\u671f\\u6e05\\u5355" in done.stdout, "what it cannot write is written so"


# --- completion ------------------------------------------------------------------------


@pytest.mark.parametrize("shell", completion.SHELLS)
def test_completion_knows_the_commands(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(word in script for word in ("ingest", "export", "doctor", "due_list"))


def _completed(script: str, *words: str) -> set[str]:
    """What bash offers for the last of the words."""
    line = " ".join(f"'{word}'" for word in words)
    ask = f"COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _shtab_gongbao; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    done = subprocess.run(
        ["bash", "--norc"], input=f"{script}\n{ask}\n", capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert "syntax error" not in done.stderr
    return {word.strip() for word in done.stdout.splitlines()}


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_completes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "bash"]) == 0
    script = capsys.readouterr().out
    assert {"export"} <= _completed(script, "gongbao", "exp")
    assert {"--format", "--table", "--issue"} <= _completed(script, "gongbao", "export", "--")
    assert _completed(script, "gongbao", "export", "--format", "") >= {"xlsx", "csv", "sqlite"}
    assert _completed(script, "gongbao", "export", "--table", "") >= set(NAMES)


# --- doctor ----------------------------------------------------------------------------


def test_doctor(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("pipeline.read.office._ELSEWHERE", ())
    assert main(["doctor", "--curated", str(tmp_path / "none")]) == 0
    text = capsys.readouterr().out
    assert re.search(r"✓ pyarrow +\d", text) and "✓ 解析 parsing" in text
    assert "– DOC, WPS, RTF" in text and "libreoffice-writer" in text
    assert "– 扫描件 scans" in text and "gongbao[ocr]" in text
    assert "gongbao ingest PATH" in text
    lines = [line for line in text.splitlines() if str(tmp_path) not in line]
    assert max(map(terminal.width, lines)) <= 80 and "\x1b" not in text
    assert not (tmp_path / "none").exists()


def test_doctor_finds_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ["duckdb>=999", "no-such-package>=1", 'only-elsewhere; extra == "ocr"']
    monkeypatch.setattr(metadata, "requires", lambda _: asked)

    def broken() -> None:
        raise ImportError("libgomp.so.1: cannot open shared object file")

    monkeypatch.setattr(doctor, "_parses", broken)
    assert main(["doctor", "--curated", str(tmp_path)]) == 1
    captured = capsys.readouterr()
    assert "✗ duckdb" in captured.out and 'pip install "duckdb>=999"' in " ".join(captured.out.split())
    assert "✗ no-such-package" in captured.out and "未安装" in captured.out
    assert "libgomp" in captured.out
    assert "only-elsewhere" not in captured.out
    assert captured.err.startswith("gongbao: 主要功能不可用") and captured.err.count("\n") == 1


def test_doctor_of_a_folder_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_: str) -> list[str]:
        raise metadata.PackageNotFoundError

    monkeypatch.setattr(metadata, "requires", none)
    assert {row[0] for row in doctor._requirements()} == set(doctor._SHOWN)
