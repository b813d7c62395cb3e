"""The command line: output, exit codes, one clear line for errors."""

from __future__ import annotations

import csv
import io
import json
import sys
from datetime import date
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pyarrow.parquet as pq
import pytest
import records as sample

import pipeline
from flows.report import Outcome, Status
from pipeline import terminal
from pipeline.cli import main
from pipeline.publish import publish, stage, to_tables
from schemas import NAMES

COMMANDS = [
    "ingest",
    "backfill",
    "parse",
    "query",
    "export",
    "show",
    "verify",
    "summary",
    "status",
    "fetch",
    "watch",
    "serve",
    "source",
    "doctor",
    "completion",
]


@pytest.fixture(scope="module")
def curated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("data")
    stage(to_tables(sample.records()), sample.TEXT, root / "staged")
    publish(root / "staged", root / "curated", sample.ISSUE, "99", 2025)
    return root / "curated"


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """`pipeline.parse` gives the sample, whatever it is called with; what it was called with."""
    calls: list[Any] = []

    def parse(source: Any, **options: Any) -> SimpleNamespace:
        calls.append((source, options))
        rows = sample.records()
        return SimpleNamespace(records=rows, tables=lambda: to_tables(rows))

    monkeypatch.setattr(pipeline, "parse", parse, raising=False)
    return calls


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_in_both_languages(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), "--help"])
    text = capsys.readouterr().out
    assert ended.value.code == 0
    assert any("一" <= c <= "鿿" for c in text)
    assert all(word in text for word in (COMMANDS if not command else ["--debug"]))


@pytest.mark.parametrize(
    "arguments", [[], ["nothing"], ["parse"], ["parse", "f", "--format", "xml"], ["parse", "f", "--base", "today"]]
)
def test_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "error" in capsys.readouterr().err


ERRORS = [
    (["parse", "nofile.md"], 2, "nofile.md"),
    (["parse", "."], 2, "gongbao ingest"),
    (["parse", "nofile.md", "--table", "nothing"], 2, "choose from"),
    (["query", "SELECT 1", "--curated", "none"], 2, "gongbao ingest"),
    (["show", "x", "--curated", "none"], 2, "none"),
    (["verify", "--curated", "none"], 2, "none"),
    (["summary", "--curated", "none"], 2, "none"),
]


@pytest.mark.parametrize(("arguments", "code", "words"), ERRORS)
def test_errors_are_one_line(
    arguments: list[str],
    code: int,
    words: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == code
    error = capsys.readouterr().err
    assert words in error
    assert error.startswith("gongbao: ")
    assert error.count("\n") == 1


def test_debug_lets_the_traceback_through(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr(pipeline, "parse", broken, raising=False)
    file = tmp_path / "f.md"
    file.write_text("x")
    assert main(["parse", str(file)]) == 1
    for arguments in (["--debug", "parse", str(file)], ["parse", str(file), "--debug"]):
        with pytest.raises(RuntimeError):
            main(arguments)


def test_parse_refuses_what_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.md").write_bytes(b"")
    assert main(["parse", str(tmp_path / "empty.md")]) == 1
    assert "empty.md" in capsys.readouterr().err


def test_parse_table(parsed: list[Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "f.md"
    file.write_text("x")
    assert main(["parse", str(file), "--base", "2025-03-15"]) == 0
    captured = capsys.readouterr()
    assert parsed == [(str(file), {"base": date(2025, 3, 15)})]
    assert "完成试验河道清淤" in captured.out
    assert max(terminal.width(line) for line in captured.out.splitlines()) <= 80
    assert "tasks 2" in captured.err
    assert "residuals 1" in captured.err


def test_parse_other_formats(
    parsed: list[Any], tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "f.md"
    file.write_text("x")
    assert main(["parse", str(file), "--table", "targets", "--format", "json"]) == 0
    rows = json.loads(capsysbinary.readouterr().out)
    assert [r["low"] for r in rows] == [12.5, 90]
    assert rows[0]["due_on"] == "2026-06-30"
    assert main(["parse", str(file), "--table", "tables", "--format", "json"]) == 0
    capsysbinary.readouterr()
    assert main(["parse", str(file), "--table", "checks", "--format", "json"]) == 0
    assert json.loads(capsysbinary.readouterr().out) == []
    assert main(["parse", str(file), "--format", "csv"]) == 0
    table = list(csv.DictReader(io.StringIO(capsysbinary.readouterr().out.decode())))
    assert table[0]["lead"] == "云海市水利局"
    assert table[1]["due_on"] == ""
    assert main(["parse", str(file), "--format", "parquet"]) == 0
    assert pq.read_table(io.BytesIO(capsysbinary.readouterr().out)).num_rows == 2


def test_parse_reads_standard_input(parsed: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO("公报".encode())))
    assert main(["parse", "-"]) == 0
    assert parsed[0][0] == "公报".encode()


def test_query(curated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "SELECT action, due_on FROM tasks ORDER BY task_id", "--curated", str(curated)]) == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines()[2] == "完成试验河道清淤  2026-06-30"
    assert "2 行" in captured.err
    assert main(["query", "SELECT count(*) AS n FROM tasks", "--curated", str(curated), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == [{"n": 2}]
    assert main(["query", "SELEC", "--curated", str(curated)]) == 2
    assert capsys.readouterr().err.startswith("gongbao: SQL: ")


def test_query_other_formats(curated: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    sql = 'SELECT action, due_on AS "a|b", len(lead) AS n FROM tasks ORDER BY task_id'
    assert main(["query", sql, "--curated", str(curated), "--format", "md"]) == 0
    lines = capsysbinary.readouterr().out.decode().splitlines()
    assert [line.replace(" ", "") for line in lines] == [
        "|action|a\\|b|n|",
        "|----------------|----------|--:|",
        "|完成试验河道清淤|2026-06-30|1|",
        "|检查闸门||1|",
    ]
    assert {terminal.width(line) for line in lines} == {terminal.width(lines[0])}
    twice = "SELECT t.issue_id, m.issue_id FROM tasks AS t JOIN measures AS m USING (measure_id) LIMIT 1"
    assert main(["query", twice, "--curated", str(curated), "--format", "json"]) == 0
    assert list(json.loads(capsysbinary.readouterr().out)[0]) == ["issue_id", "issue_id_2"]
    assert main(["query", twice, "--curated", str(curated), "--format", "parquet"]) == 0
    assert pq.read_table(io.BytesIO(capsysbinary.readouterr().out)).column_names == ["issue_id", "issue_id_2"]


def test_query_takes_its_sql_from_elsewhere(
    curated: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sql = "SELECT count(*) AS n FROM due_list;\n"
    (tmp_path / "q.sql").write_text(sql, encoding="utf-8-sig")
    for arguments in (["-f", str(tmp_path / "q.sql")], ["-"], [], ["-f", "-"]):
        monkeypatch.setattr(sys, "stdin", io.StringIO(sql))
        assert main(["query", *arguments, "--curated", str(curated), "--format", "csv"]) == 0
        assert capsys.readouterr().out == "n\n2\n"
    (tmp_path / "q.sql").write_bytes(b"SELECT '\xb9\xab'")
    for arguments in (
        ["-f", str(tmp_path / "q.sql")],
        ["-f", str(tmp_path / "none.sql")],
        ["SELECT 1", "-f", "x"],
        [" ;"],
    ):
        assert main(["query", *arguments, "--curated", str(curated)]) == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_query_names_what_there_is(curated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "--views"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[2:]] == list(NAMES)
    assert max(map(terminal.width, lines)) <= 80
    assert main(["query", "--views", "targets", "--format", "csv"]) == 0
    assert "due_on,date32,截止日,Due on" in capsys.readouterr().out.splitlines()
    for arguments, words in [
        (["FROM taks"], "did you mean: tasks"),
        (["FROM duelist"], "did you mean: due_list"),
        (["FROM zzzzzz"], "gongbao query --views"),
        (["SELECT actio FROM tasks"], '"action"'),
        (["--views", "target"], "did you mean: targets"),
        (["--views", "--format", "parquet"], "--format"),
    ]:
        assert main(["query", *arguments, "--curated", str(curated)]) == 2
        error = capsys.readouterr().err
        assert words in error and error.count("\n") == 1


def test_show(curated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", f"{sample.ISSUE}/1/1#1", "--curated", str(curated)]) == 0
    assert "⟨12.5公里｜数量⟩" in capsys.readouterr().out
    table = f"{sample.ISSUE}/1/t1"
    assert main(["show", table, "--curated", str(curated)]) == 0
    assert "原文写法" in capsys.readouterr().out, "the cells of the table"
    assert main(["show", f"{table}:0:1", "--curated", str(curated)]) == 0
    assert f"table_cells  {table}:0:1" in capsys.readouterr().out
    assert main(["show", f"{table}:9:9", "--curated", str(curated)]) == 2
    assert main(["show", "nowhere", "--curated", str(curated)]) == 2


def test_verify(curated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--curated", str(curated)]) == 0
    assert "1 期 issues" in capsys.readouterr().out
    stray = curated / "tasks" / "stray.txt"
    stray.write_text("x")
    try:
        assert main(["verify", "--curated", str(curated)]) == 1
        captured = capsys.readouterr()
        assert "stray.txt" in captured.out
        assert captured.err.count("\n") == 1
    finally:
        stray.unlink()


def test_summary(curated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary", "--curated", str(curated), "--on", "2026-01-01"]) == 0
    text = capsys.readouterr().out
    assert "2026-06-30" in text
    assert "no date" in text
    lines = [line for line in text.splitlines() if str(curated) not in line]
    assert max(map(terminal.width, lines)) <= 80
    assert text.count("  gongbao ") == 3


# --- ingest ---------------------------------------------------------------------------


def _outcome(file: str, status: Status, reason: str | None = None, refused_rows: int = 0) -> Outcome:
    return Outcome(file=file, status=status, reason=reason, refused_rows=refused_rows)


@pytest.fixture
def flow(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Stands in for `flows.ingest`, which needs Prefect; its calls."""
    calls: list[Any] = []

    def run(paths: list[Path], **options: Any) -> SimpleNamespace:
        calls.append((paths, options))
        outcomes = [_outcome("a.md", "published"), _outcome("b.md", "refused", "empty file: pass another", 2)]
        for n, outcome in enumerate(outcomes, 1):
            options["progress"](n, 2, outcome)
        return SimpleNamespace(outcomes=outcomes)

    module = ModuleType("flows.ingest")
    module.run = run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "flows.ingest", module)
    return calls


def test_ingest(flow: list[Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in "ab":
        (tmp_path / f"{name}.md").write_text(name)
    assert main(["ingest", str(tmp_path), "--curated", str(tmp_path / "c"), "--raw", str(tmp_path / "r")]) == 1
    captured = capsys.readouterr()
    assert flow[0][1]["raw"] == tmp_path / "r"
    assert flow[0][1]["curated"].is_absolute()
    assert "published 1 · 被拒 refused 1" in captured.out
    assert "gongbao: b.md: empty file" in captured.err
    assert "[2/2] b.md" in captured.err


def test_ingest_of_what_is_published_starts_no_flow(
    flow: list[Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from hashlib import sha256

    file, curated = tmp_path / "a.md", tmp_path / "c"
    file.write_text("a")
    rows = sample.records(sha256(b"a").hexdigest(), pipeline.__version__)
    stage(to_tables(rows), sample.TEXT, tmp_path / "s")
    publish(tmp_path / "s", curated, sample.ISSUE, "99", 2025)
    assert main(["ingest", str(file), "--curated", str(curated)]) == 0
    assert "nothing new" in capsys.readouterr().out
    assert not flow
    main(["ingest", str(file), "--curated", str(curated), "--again"])
    assert len(flow) == 1


def test_ingest_of_an_empty_folder(flow: list[Any], tmp_path: Path) -> None:
    assert main(["ingest", str(tmp_path), "--curated", str(tmp_path / "c")]) == 2


# --- terminal -------------------------------------------------------------------------

WIDTHS = [("abc", 3), ("云海", 4), ("云海a", 5), ("e\u0301", 1), ("", 0), ("（一）", 6), ("～％", 4)]


@pytest.mark.parametrize(("text", "expected"), WIDTHS)
def test_width(text: str, expected: int) -> None:
    assert terminal.width(text) == expected


def test_clip_counts_columns() -> None:
    assert terminal.clip("云海市水利局", 12) == "云海市水利局"
    assert terminal.clip("云海市水利局", 8) == "云海市…"
    assert terminal.width(terminal.clip("a云海市水利局", 8)) <= 8


def test_lists_of_lists_keep_their_parts_apart() -> None:
    assert terminal.shown([["河段"], ["2026年", "长度"]]) == "河段、2026年/长度"


def test_columns_line_up() -> None:
    rows = [{"a": "云海市", "n": 1}, {"a": "x", "n": 100}]
    lines = terminal.render(rows, ["a", "n"], {}).splitlines()
    assert {terminal.width(line) for line in lines} == {11}
    assert lines[2].endswith("  1")


def test_narrow_terminal() -> None:
    rows = [{"task_id": "990100-2025-03/1/1#1", "action": "完成" * 40, "text": "清淤" * 40}]
    lines = terminal.render(rows, ["task_id", "action", "text"], {}, 60).splitlines()
    assert max(map(terminal.width, lines)) <= 60
    assert rows[0]["task_id"] in lines[2]
    assert terminal.render(rows, ["task_id", "action", "text"], {}, 5)


def test_many_columns_stand_below_each_other() -> None:
    row = {f"列{n}": "河道" * 20 if n == 3 else str(n) * 12 for n in range(12)} | {"无": None}
    lines = terminal.render([row, row], list(row), {}).splitlines()
    assert len(lines) == 2 * 13 and all(terminal.width(line) <= 80 for line in lines)
    assert lines[1].split() == ["列0", "0" * 12] and lines[4].endswith("…") and lines[13].startswith("── 2 ")


def test_warnings_of_a_run_are_few_lines(capsys: pytest.CaptureFixture[str]) -> None:
    from pipeline.cli.ingest import warn

    warn([f"云海市人民政府公报：2025年第{n}期缺 missing" for n in range(30)])
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 21 and "10" in lines[-1] and lines[-1].endswith("gongbao status")
