"""Releases: the same twice, whole or not at all, and what changed between two with its cause and both sides' words."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from corrected import WORDS, bulletin, correction, exported, place

from pipeline.cli import main
from pipeline.corrections import store
from pipeline.corrections.apply import corrected
from pipeline.corrections.line import Correction, renamed
from pipeline.publish import publish, stage, to_tables
from pipeline.query import query
from pipeline.releases import making
from pipeline.releases.changes import changes
from pipeline.releases.dataset import of_curated, of_release, opened
from pipeline.releases.making import release
from pipeline.releases.names import ReleaseError, previous, releases, version_of
from schemas import TABLES, arrow_schema, table

ISSUE, SECOND = "990100-2025-03", "990100-2025-04"
OTHER = WORDS.replace("清洁河道", "整洁街道").replace("30公里", "40公里")


def put(root: Path, words: str, issue: str = ISSUE, *corrections: Correction, version: str | None = None) -> None:
    """Publish a bulletin under an id, as if its city had a code."""
    source = bulletin(words)
    old, sha256 = source.issue_id, source.source.sha256
    rows = {name: [_renamed(row, old, issue) for row in content] for name, content in source.records.items()}
    rows["issues"][0]["source_sha256"] = sha256  # which an id without a code begins
    if version:
        rows["issues"][0]["parser_version"] = version
    shutil.rmtree(root / "corrections", ignore_errors=True)
    store.keep([renamed(c, issue) for c in corrections], root / "corrections")
    rows, digest, notes = corrected(rows, source.text, root / "corrections")
    assert notes == []
    stage(to_tables(rows), source.text.text, root / "staged", digest)
    publish(root / "staged", root / "curated", issue, "99", 2025)


def _renamed(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {k: _renamed(v, old, new) for k, v in value.items()}
    if isinstance(value, list):
        return [_renamed(v, old, new) for v in value]
    return value.replace(old, new) if isinstance(value, str) else value


def task(n: int, action: str, words: str = WORDS, /, **fields: Any) -> Correction:
    source = bulletin(words)
    return correction(exported(source, action, "tasks", source.records["tasks"][n], **fields))


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def told(rows: Iterable[dict[str, Any]]) -> list[tuple[str, str, str | None, str | None, str | None]]:
    return [(r["cause"], r["change"], r["field"], r["before"], r["after"]) for r in rows]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    put(tmp_path, WORDS)
    put(tmp_path, OTHER, SECOND)
    return tmp_path


# --- what is in one -----------------------------------------------------------------------


def test_a_release_is_the_dataset(root: Path) -> None:
    made = release("1.0.0", root / "curated", root / "releases")
    assert (made.existed, made.previous, made.rows["tasks"]) == (False, None, 8)
    for name in TABLES:
        content = pq.ParquetFile(made.folder / f"{name}.parquet").read()
        assert content.schema.equals(arrow_schema(name)), name
        assert content.schema.metadata == arrow_schema(name).metadata, name
        files = sorted((root / "curated").glob(f"{name}/*/*/*.parquet"))
        assert content.to_pylist() == [row for path in files for row in pq.ParquetFile(path).read().to_pylist()], name
    assert (made.folder / "text" / f"{ISSUE}.txt").read_bytes() == (root / f"curated/text/{ISSUE}.txt").read_bytes()
    described = json.loads((made.folder / "release.json").read_text())
    assert (described["version"], described["previous"], described["issues"]) == ("1.0.0", None, 2)
    package = json.loads((made.folder / "datapackage.json").read_text())
    assert all((made.folder / r["path"]).is_file() for r in package["resources"])
    assert "The first release" in (made.folder / "CHANGES.md").read_text()


def test_sha256sum_verifies_it(root: Path) -> None:
    if shutil.which("sha256sum") is None:
        pytest.skip("needs sha256sum")
    folder = release("1.0.0", root / "curated", root / "releases").folder
    checked = subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=folder, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    listed = {line.partition(": ")[0] for line in checked.stdout.splitlines()}
    assert listed == set(bytes_of(folder)) - {"SHA256SUMS"}


def test_made_twice_it_is_the_same(root: Path) -> None:
    first = bytes_of(release("1.0.0", root / "curated", root / "releases").folder)
    again = release("1.0.0", root / "curated", root / "releases")
    assert again.existed and bytes_of(again.folder) == first
    assert bytes_of(release("1.0.0", root / "curated", root / "elsewhere").folder) == first
    put(root, WORDS)  # published once more: other lines in runs.jsonl
    assert release("1.0.0", root / "curated", root / "releases").existed


def test_row_groups_are_of_one_size(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "_GROUP", 3)
    folder = release("1.0.0", root / "curated", root / "releases").folder
    metadata = pq.ParquetFile(folder / "tasks.parquet").metadata
    assert [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)] == [3, 3, 2]


# --- what is refused --------------------------------------------------------------------------


NO_VERSIONS = ("", "1", "v1.0", "latest", "../1.0", "1.0/2", "1.0.0+local", "2026-11-26", "1.0 ", "1.0.dev1", "9" * 60)


@pytest.mark.parametrize("name", NO_VERSIONS)
def test_names_that_are_no_versions(name: str) -> None:
    with pytest.raises(ReleaseError, match="no version"):
        version_of(name)


def test_order_of_versions(tmp_path: Path) -> None:
    for name in ("1.10.0", "1.9.0", "2.0.0-rc.1", "2.0.0", "2026.11", "2026.2"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "release.json").write_text("{}")
    (tmp_path / "3.0.0").mkdir()  # no release
    assert releases(tmp_path) == ["1.9.0", "1.10.0", "2.0.0-rc.1", "2.0.0", "2026.2", "2026.11"]
    assert previous(tmp_path, "2.0.0") == "2.0.0-rc.1"
    assert previous(tmp_path, "1.0.0") is None
    with pytest.raises(ReleaseError, match="same version"):
        previous(tmp_path, "2026.02")


def test_another_release_of_that_name(root: Path) -> None:
    kept = bytes_of(release("1.0.0", root / "curated", root / "releases").folder)
    put(root, OTHER)
    with pytest.raises(ReleaseError, match="other content"):
        release("1.0.0", root / "curated", root / "releases")
    assert bytes_of(root / "releases" / "1.0.0") == kept
    assert [p.name for p in (root / "releases").iterdir()] == ["1.0.0"]


def test_a_damaged_dataset(root: Path) -> None:
    (root / f"curated/text/{ISSUE}.txt").write_text("")
    with pytest.raises(ReleaseError, match="SHA-256"):
        release("1.0.0", root / "curated", root / "releases")
    assert not (root / "releases").exists()


def test_an_earlier_release_that_is_damaged(root: Path) -> None:
    folder = release("1.0.0", root / "curated", root / "releases").folder
    (folder / "tasks.parquet").write_bytes(b"")
    with pytest.raises(ReleaseError, match=r"tasks\.parquet: not as released"):
        release("1.1.0", root / "curated", root / "releases")
    with pytest.raises(ReleaseError, match="other content"):
        release("1.0.0", root / "curated", root / "releases")


def test_a_dataset_that_changes_meanwhile(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = making._write

    def meanwhile(*args: Any) -> Any:
        found = write(*args)
        put(root, WORDS.replace("30公里", "50公里"))
        return found

    monkeypatch.setattr(making, "_write", meanwhile)
    with pytest.raises(ReleaseError, match="changed meanwhile"):
        release("1.0.0", root / "curated", root / "releases")
    assert list((root / "releases").iterdir()) == []


def test_a_disk_that_fails(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making, "_write_texts", full)
    with pytest.raises(OSError, match="No space"):
        release("1.0.0", root / "curated", root / "releases")
    assert list((root / "releases").iterdir()) == []


def test_two_at_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second finds the name taken when it is done; what stands there is the same."""
    exists = Path.exists
    release("1.0.0", root / "curated", root / "releases")
    monkeypatch.setattr(Path, "exists", lambda path, **more: path.name != "1.0.0" and exists(path, **more))
    assert release("1.0.0", root / "curated", root / "releases").existed


# --- what changed ---------------------------------------------------------------------------------


def test_nothing(root: Path) -> None:
    release("1.0.0", root / "curated", root / "releases")
    assert release("1.1.0", root / "curated", root / "releases").changes == []
    assert changes(of_release(root / "releases/1.0.0"), of_curated(root / "curated")) == []


def test_sources_rules_and_corrections_stand_apart(root: Path) -> None:
    """One issue is corrected, one read by other rules, one has other bytes, one is new."""
    third, fourth = "990100-2025-05", "990100-2025-06"
    put(root, WORDS.replace("清洁", "整修"), third)
    release("1.0.0", root / "curated", root / "releases")
    put(root, WORDS, ISSUE, task(2, "edit", due_on="2026-09-30"))
    put(root, OTHER.replace("建成截污", "新建截污"), SECOND)
    put(root, WORDS.replace("清洁", "整修"), third, version="9.9.9")
    _rewrite(root, third)
    put(root, WORDS.replace("清洁", "洁净"), fourth)
    made = release("1.1.0", root / "curated", root / "releases")
    found = told(made.changes)
    assert ("correction", "changed", "due_on", "2026-06-30", "2026-09-30") in found
    assert ("rules", "changed", "action", "完成饮用水水源地围网建设，水质达标率不低于98%", "围网") in found
    (action,) = [f for f in found if f[0] == "source" and f[2] == "action"]
    assert [str(v)[:8] for v in action[3:]] == ["建成截污管网40", "新建截污管网40"]
    assert Counter(f[:2] for f in found)["source", "added"] == 4
    for row in made.changes:
        for side, folder in (("before", "1.0.0"), ("after", "1.1.0")):
            if row[f"quote_{side}"] is not None:
                text = (root / "releases" / folder / "text" / f"{row[f'issue_id_{side}']}.txt").read_text()
                assert text[row[f"char_start_{side}"] : row[f"char_end_{side}"]] == row[f"quote_{side}"]
    words = (made.folder / "CHANGES.md").read_text()
    assert words.index("Changes of the sources") < words.index("Changes of the rules")
    assert "due_on: 2026-06-30 → 2026-09-30" in words and f"`{third} (0.1.0 → 9.9.9)`" in words
    content = pq.ParquetFile(made.folder / "changes.parquet").read()
    assert content.to_pylist() == [{c: r.get(c) for c in content.column_names} for r in made.changes]


def _rewrite(root: Path, issue: str) -> None:
    """The issue as other rules would read it: the action of its last task is shorter."""
    folder = root / "staged"
    content = pq.ParquetFile(folder / "tasks.parquet").read()
    rows = content.to_pylist()
    rows[-1]["action"] = "围网"
    issues = pq.ParquetFile(folder / "issues.parquet").read().to_pylist()
    made = to_tables({"issues": issues, "tasks": rows})
    pq.write_table(made["tasks"], folder / "tasks.parquet")
    publish(folder, root / "curated", issue, "99", 2025)


def test_corrections_that_add_and_withdraw(root: Path) -> None:
    here = bulletin()
    release("1.0.0", root / "curated", root / "releases")
    new = correction(exported(here, "add", "tasks", place(here, "定期巡查闸门"), action="巡查闸门"))
    put(root, WORDS, ISSUE, task(3, "wrong"), new)
    made = release("1.1.0", root / "curated", root / "releases")
    assert told(made.changes) == [
        ("correction", "added", None, None, "巡查闸门"),
        ("correction", "withdrawn", None, "完成饮用水水源地围网建设，水质达标率不低于98%", None),
    ]
    put(root, WORDS)
    back = changes(of_release(made.folder), of_curated(root / "curated"))
    assert [(c, change) for c, change, *_ in told(back)] == [("correction", "added"), ("correction", "withdrawn")]


def test_renumbering_is_no_change(root: Path) -> None:
    """A measure more at the head of the section: all other tasks have other ids, and are the same."""
    release("1.0.0", root / "curated", root / "releases")
    more = "（一）先行一步。2025年5月底前，完成摸底。（市水利局负责）\n\n（二）整治河道。"
    put(root, WORDS.replace("（一）整治河道。", more).replace("（二）保护水源", "（三）保护水源"))
    found = changes(of_release(root / "releases/1.0.0"), of_curated(root / "curated"))
    assert told(found) == [("source", "added", None, None, "完成摸底")]


def test_an_issue_that_is_gone_or_renamed(root: Path) -> None:
    release("1.0.0", root / "curated", root / "releases")
    put(root, OTHER, "990100-2025-09")  # the same bytes under another id
    shutil.rmtree(root / "curated")
    put(root, OTHER, "990100-2025-09")
    found = changes(of_release(root / "releases/1.0.0"), of_curated(root / "curated"))
    assert {(r["cause"], r["change"], r["issue_id_before"]) for r in found} == {("source", "withdrawn", ISSUE)}
    assert len(found) == 4


def test_a_release_without_a_column(root: Path) -> None:
    """A release of an earlier program lacks columns that tasks have got since."""
    folder = release("1.0.0", root / "curated", root / "releases").folder
    tasks = pq.ParquetFile(folder / "tasks.parquet").read().drop_columns(["corrected_by"])
    pq.write_table(tasks, folder / "tasks.parquet")
    (folder / "SHA256SUMS").write_text("".join(making._sums(folder)))
    assert changes(of_release(folder), of_curated(root / "curated")) == []


# --- the command line, and the view ------------------------------------------------------------------


def test_commands(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(root)
    assert main(["release", "1.0.0"]) == 0
    assert "releases/1.0.0: 已制作 made" in capsys.readouterr().out
    put(root, WORDS, ISSUE, task(2, "edit", due_on="2026-09-30"))
    assert main(["release", "1.1.0"]) == 0
    assert "correction: changed 1" in capsys.readouterr().out
    assert main(["diff", "1.0.0", "1.1.0"]) == 0
    out = capsys.readouterr()
    assert "due_on: 2026-06-30 → 2026-09-30" in out.out and "correction changed 1" in out.err
    assert main(["diff", "1.0.0", "curated", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {r["release"] for r in rows} == {"curated"} and rows[0]["quote_before"]
    assert main(["diff", "releases/1.0.0", "1.0.0", "--format", "csv"]) == 0
    assert capsys.readouterr().out.splitlines() == [",".join(table("changes").names)]
    found = query(Path("curated"), "SELECT release, cause, field, after FROM changes WHERE field = 'due_on'")
    assert found is not None and found.to_pylist() == [
        {"release": "1.1.0", "cause": "correction", "field": "due_on", "after": "2026-09-30"}
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["release", "latest"], 2, "no version"),
        (["release", "1.0.0", "--curated", "none"], 2, "gongbao ingest"),
        (["release", "1.0.0", "--out", "file"], 1, "file"),
        (["diff", "1.0.0", "curated"], 2, "1.0.0"),
        (["diff", "curated", "none"], 2, "none"),
    ],
)
def test_wrong_use(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    words: str,
) -> None:
    monkeypatch.chdir(root)
    (root / "file").write_text("")
    assert main(arguments) == code
    err = capsys.readouterr().err
    assert words in err and err.startswith("gongbao: ") and err.count("\n") == 1


def test_the_view_without_releases(root: Path) -> None:
    found = query(root / "curated", "SELECT * FROM changes")
    assert found is not None and found.num_rows == 0
    assert found.column_names == list(table("changes").names)


def test_a_damaged_release_is_an_error_of_who_asks_for_it(root: Path) -> None:
    folder = release("1.0.0", root / "curated", root / "releases").folder
    (folder / "changes.parquet").write_bytes(b"")
    assert query(root / "curated", "SELECT * FROM tasks") is not None
    for columns in ("*", "count(*)"):
        with pytest.raises(duckdb.Error, match=r"changes\.parquet"):
            query(root / "curated", f"SELECT {columns} FROM changes")


def test_opened(root: Path) -> None:
    release("1.0.0", root / "curated", root / "releases")
    assert opened("1.0.0", root / "releases", root / "curated").frozen
    assert not opened("curated", root / "releases", root / "curated").frozen
    assert opened(str(root / "releases/1.0.0"), root / "none", root / "none").name == "1.0.0"
