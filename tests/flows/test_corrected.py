"""Corrections through the whole job: kept, applied, marked, warned of, and taken back."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from corrected import WORDS, bulletin, exported, line, place
from prefect.testing.utilities import prefect_test_harness

from flows import apart
from flows.ingest import run
from flows.release import release
from pipeline.cli import main
from pipeline.query import query
from pipeline.verify import verify

OTHER = WORDS.replace("清洁河道", "整洁街道").replace("〔2025〕12号", "〔2025〕13号")
HERE = bulletin()
SOURCE_COLUMNS = ("action", "target", "targets", "text")  # of a number that is another one now


@pytest.fixture(scope="module", autouse=True)
def prefect() -> Iterator[None]:
    """One server for the module: it takes ten seconds to start."""
    with prefect_test_harness(server_startup_timeout=None):
        yield
    apart.close()


@pytest.fixture
def place_of_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "yunhai.md").write_text(WORDS)
    (tmp_path / "raw" / "other.md").write_text(OTHER)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rows(sql: str) -> list[dict[str, Any]]:
    found = query(Path("curated"), sql)
    assert found is not None
    return list(found.to_pylist())


def published() -> dict[str, bytes]:
    files = (p for p in Path("curated").rglob("*") if p.is_file())
    return {p.as_posix(): p.read_bytes() for p in files if ".publishing" not in p.parts and p.name != "runs.jsonl"}


def test_corrections_survive(place_of_work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw = Path("raw")
    assert [o.status for o in run([raw], curated=Path("curated").absolute()).outcomes] == ["published", "published"]
    as_parsed = published()
    tasks = HERE.records["tasks"]
    entries = [
        exported(HERE, "edit", "tasks", tasks[2], due_on="2026-09-30"),
        exported(HERE, "wrong", "tasks", tasks[3]),
        exported(HERE, "add", "tasks", place(HERE, "定期巡查闸门"), action="巡查闸门"),
        {**exported(HERE, "confirm", "tasks", tasks[0]), "before": "不在此处"},
    ]
    Path("exported.jsonl").write_text("".join(map(line, entries)) + "no line\n")
    capsys.readouterr()

    # Good lines are kept and applied at once, the bad one is named; the correction without evidence is warned of.
    assert main(["correct", "exported.jsonl"]) == 1
    out = capsys.readouterr()
    assert "exported.jsonl:5: not JSON" in out.err
    assert "新 new 4" in out.out and "已发布 published 1" in out.out
    assert "yunhai.md: 更正未用 not applied" in out.err
    kept = Path("corrections") / f"{HERE.issue_id}.jsonl"
    assert all(json.loads(entry).get("was") for entry in kept.read_text().splitlines() if '"add"' not in entry)

    found = rows("SELECT action, due_on, review, corrected_by FROM tasks WHERE corrected_by IS NOT NULL ORDER BY 2")
    assert [(r["action"][:4], str(r["due_on"])) for r in found] == [("建成截污", "2026-09-30"), ("巡查闸门", "None")]
    left = rows("SELECT reason, quote FROM residuals WHERE reason LIKE 'correction.wrong:%' ORDER BY char_start")
    assert [r["quote"][:7] for r in left] == ["2025年底前", "2025年底前", "98%"]
    checks = rows("SELECT success, observed, message FROM checks WHERE suite = 'corrections' ORDER BY ALL")
    assert [c["success"] for c in checks] == [False, True, True, True]
    assert rows("SELECT * FROM checks WHERE severity = 'error' AND NOT success") == []
    assert verify(Path("curated")).kind is None

    # The same corrections change nothing again; the same bytes with the same corrections give the same bytes.
    corrected = published()
    assert [o.status for o in run([raw], curated=Path("curated").absolute()).outcomes] == ["skipped", "skipped"]
    assert run([raw], curated=Path("curated").absolute(), again=True).exit_code == 0
    assert published() == corrected
    assert main(["correct"]) == 0
    out = capsys.readouterr()
    assert out.out.count("已用 applied") == 3 and out.out.count("未用 not applied") == 1

    # Without the folder nothing is published as if nobody had corrected it; without its lines, as it was parsed.
    (outcome,) = run(
        [raw / "yunhai.md"], curated=Path("curated").absolute(), again=True, corrections=Path("gone")
    ).outcomes
    assert outcome.status == "refused" and "--corrections" in str(outcome.reason)
    assert published() == corrected
    kept.unlink()
    assert [o.status for o in run([raw], curated=Path("curated").absolute()).outcomes] == ["published", "skipped"]
    assert published() == as_parsed


def test_two_releases(place_of_work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One bulletin is corrected, the other printed anew; the second release tells both apart, and is made once."""
    apart.close()
    monkeypatch.setattr(apart, "COMMAND", (sys.executable, str(Path(__file__).with_name("yunhai_worker.py"))))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    raw, curated, out = Path("raw"), Path("curated").absolute(), Path("releases").absolute()
    run([raw], curated=curated)
    assert release("2025.1", curated, out) == out / "2025.1"
    (task,) = rows("SELECT * FROM tasks WHERE issue_id LIKE '%-12' AND due_on = DATE '2026-06-30'")
    assert task["issue_id"].startswith("990100-2025-")
    entry = {**exported(HERE, "edit", "tasks", HERE.records["tasks"][2], due_on="2026-09-30")}
    Path("e.jsonl").write_text(line({**entry, "issue_id": task["issue_id"], "id": task["task_id"]}))
    assert main(["correct", "e.jsonl"]) == 0
    (raw / "other.md").write_text(OTHER.replace("不低于98%", "不低于99%"))
    assert [o.status for o in run([raw], curated=curated).outcomes] == ["published", "skipped"]

    folder = release("2025.2", curated, out)
    changes = rows("SELECT cause, change, field, before, after, issue_id_after FROM changes ORDER BY ALL")
    told = {(c["cause"], c["change"], c["field"]) for c in changes}
    assert told == {("correction", "changed", "due_on"), *(("source", "changed", c) for c in SOURCE_COLUMNS)}
    assert {c["issue_id_after"][-2:] for c in changes if c["cause"] == "source"} == {"13"}
    before = {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}
    assert main(["release", "2025.2"]) == 0
    assert {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()} == before


def test_a_source_that_is_not_at_hand(place_of_work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run([Path("raw/yunhai.md")], curated=Path("curated").absolute())
    shutil.move("raw/yunhai.md", "elsewhere.md")
    Path("e.jsonl").write_text(line(exported(HERE, "confirm", "tasks", HERE.records["tasks"][0])))
    capsys.readouterr()
    assert main(["correct", "e.jsonl"]) == 0
    assert f"{HERE.issue_id}: 原文件不在" in capsys.readouterr().out
    assert rows("SELECT * FROM tasks WHERE corrected_by IS NOT NULL") == []
    again = run([Path("elsewhere.md")], curated=Path("curated").absolute())
    assert [o.status for o in again.outcomes] == ["refused"], "a source of another name wants --again"
    Path("elsewhere.md").rename("raw/yunhai.md")
    once_more = run([Path("raw/yunhai.md")], curated=Path("curated").absolute())
    assert [o.status for o in once_more.outcomes] == ["published"]
    assert len(rows("SELECT * FROM tasks WHERE corrected_by IS NOT NULL")) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["correct", "none.jsonl"], 2, "none.jsonl"),
        (["correct", "empty.jsonl"], 2, "没有更正"),
        (["correct", "bad.jsonl"], 1, "bad.jsonl:1: "),
        (["correct", "good.jsonl", "--issue", "../x"], 2, "--issue"),
        (["correct", "good.jsonl", "--corrections", "raw/yunhai.md"], 1, "raw/yunhai.md"),
    ],
)
def test_wrong_use(
    place_of_work: Path, arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("empty.jsonl").write_text("\n")
    Path("bad.jsonl").write_text("[]\n")
    Path("good.jsonl").write_text(line(exported(HERE, "confirm", "tasks", HERE.records["tasks"][0])))
    assert main(arguments) == code
    err = capsys.readouterr().err
    assert words in err and "Traceback" not in err


def test_nothing_published_yet(place_of_work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("good.jsonl").write_text(line(exported(HERE, "confirm", "tasks", HERE.records["tasks"][0])))
    assert main(["correct", "good.jsonl"]) == 0
    assert "尚未发布" in capsys.readouterr().out
    assert main(["correct", "good.jsonl", "--issue", "990100-2025-06", "--store-only"]) == 0
    assert Path("corrections/990100-2025-06.jsonl").is_file()
    assert main(["correct"]) == 0
