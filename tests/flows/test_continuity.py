"""Continuity over what is published, what waits in raw/ and what sources list; through the flow and by command."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from prefect.testing.utilities import prefect_test_harness

from fetching.source import load
from fetching.state import Known, Link, Listed, State
from flows import apart, ingest
from flows import continuity as module
from flows.continuity import compute, refresh
from pipeline import parse, sidecar, unread
from pipeline.cli import main
from pipeline.ids import province_of
from pipeline.publish import publish, stage, to_tables
from pipeline.query import query
from pipeline.sidecar import Sidecar
from pipeline.terminal import width
from pipeline.verify import verify

GAZETTE = "云海市人民政府公报"
ON = date(2025, 6, 1)
SOURCE = f"""
title = "{GAZETTE}"
division = "000000"
kind = "list"
cadence = "monthly"
pages = ["https://www.yunhai.example/zfgb/index.html"]
[select]
item = "li"
"""


def bulletin(number: str, dated: str, total: str = "", work: str = "一、6月底前，市水利局检查水库5座。") -> bytes:
    head = f"# {GAZETTE}\n\n2025年第{number}期{total}\n\n云海市人民政府\n\n{dated}\n\n"
    title = f"# 云海市人民政府关于做好防汛工作的通知\n\n云海政〔2025〕{number[0]}号\n\n"
    return f"{head}{title}各区人民政府：\n\n{work}\n\n{dated}\n".encode()


def put(folder: Path, name: str, content: bytes, **record: Any) -> Path:
    """A file, with a record where one is given."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    if record:
        moment, digest = datetime(2025, 5, 2, tzinfo=UTC), sha256(content).hexdigest()
        made = Sidecar(record.pop("source", "yunhai"), moment, digest, len(content), **record)
        sidecar.path_of(folder / name).write_bytes(made.dumps())
    return folder / name


class Place:
    """A working folder: raw/, sources/, curated/."""

    def __init__(self, root: Path) -> None:
        self.root, self.raw, self.sources, self.curated = root, root / "raw", root / "sources", root / "curated"
        self.sources.mkdir()
        (self.sources / "yunhai.toml").write_text(SOURCE)

    def publish(self, path: Path) -> str:
        """Publish a file as the flow does, without Prefect and expectations."""
        bulletin = parse(path)
        row, staged = bulletin.records["issues"][0], self.root / "staged" / path.name
        stage(bulletin.tables(), bulletin.text.text, staged)
        publish(staged, self.curated, row["issue_id"], province_of(row["region_code"]), row["year"])
        return str(row["issue_id"])

    def refuse(self, path: Path, reason: str) -> None:
        digest = sha256(path.read_bytes()).hexdigest()
        staged = self.root / "staged" / path.name
        stage(to_tables(unread.records(path, digest, reason)), "", staged)
        publish(staged, self.curated, unread.id_of(digest), "99", None, unread=path.name)

    def rows(self) -> list[dict[str, Any]]:
        made = query(self.curated, "SELECT * FROM continuity ORDER BY year NULLS FIRST, issue_no NULLS LAST")
        assert made is not None
        return list(made.to_pylist())

    def state(self, **items: str) -> None:
        """The state of the source: name of a file by address, and a list with issues 1 to 6."""
        folder = self.raw / "yunhai"
        links = [
            Link(f"https://www.yunhai.example/{n}", f"{GAZETTE}2025年第{n}期", f"2025-0{n}-28") for n in range(1, 7)
        ]
        state = State(module.states._settings(load(self.sources / "yunhai.toml")))
        state.lists["https://www.yunhai.example/zfgb/index.html"] = Listed("etag", None, links, None)
        for address, name in items.items():
            digest = sha256((folder / name).read_bytes()).hexdigest()
            state.items[f"https://www.yunhai.example/{address[1:]}"] = Known("", digest, name)
        state.save(folder)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_every_status(place: Place) -> None:
    raw = place.raw / "yunhai"
    for number in (1, 4):
        put(raw, f"{number}.md", bulletin(str(number), f"2025年{number}月28日"), title="公报")
        place.publish(raw / f"{number}.md")
    put(raw, "2.md", bulletin("2", "2025年2月28日", work="本期无工作安排。"), title="公报")
    place.publish(raw / "2.md")
    damaged = put(raw, "3.pdf", b"%PDF damaged", title=f"{GAZETTE}2025年第3期", listed_on="2025-03-28")
    place.refuse(damaged, "damaged")
    put(raw, "5.md", b"waits", title=f"{GAZETTE} 2025年第5期", listed_on="2025-05-28")
    put(raw, "notice.md", b"waits too", title="关于防汛的通知")
    put(raw / sidecar.EARLIER, "old.md", b"old", title=f"{GAZETTE}2025年第9期")
    place.state(a1="1.md", a2="2.md", a3="3.pdf", a4="4.md", a5="5.md", a7="notice.md")
    told = refresh(place.curated, place.sources, place.raw, ON)
    assert told == [f"{GAZETTE}：2025年第6期缺 missing no. 6 of 2025 · 列表上有 on the list of its source"]
    found = [(r["issue_no"], r["status"], r["basis"], r["file"]) for r in place.rows()]
    assert found == [
        (None, "fetched", "received", "yunhai/notice.md"),
        (1, "parsed", "printed", "1.md"),
        (2, "without_tasks", "printed", "2.md"),
        (3, "unreadable", "listed", "3.pdf"),
        (4, "parsed", "printed", "4.md"),
        (5, "fetched", "listed", "yunhai/5.md"),
        (6, "missing", "listed", "https://www.yunhai.example/6"),
        (7, "expected", "cadence", None),
    ]
    assert {(r["gazette"], r["source"]) for r in place.rows()} == {(GAZETTE, "yunhai")}
    assert next(r["reason"] for r in place.rows() if r["issue_no"] == 3) == "damaged"
    assert next(r["expected_by"] for r in place.rows() if r["issue_no"] == 7) == date(2025, 7, 28)
    # A good file in place of the damaged one: nothing is left of the refusal.
    place.publish(put(place.raw, "again.md", bulletin("3", "2025年3月28日")))
    refresh(place.curated, place.sources, place.raw, ON)
    assert [r["status"] for r in place.rows() if r["issue_no"] == 3] == ["parsed"]
    assert verify(place.curated).kind is None


def test_records_alone_say_as_much_as_the_state(place: Place) -> None:
    raw = place.raw / "yunhai"
    for name, number in (("1.md", 1), ("3.md", 3)):
        dated, title = f"2025年{number}月28日", f"{GAZETTE}2025年第{number}期"
        put(raw, name, bulletin(str(number), dated), title=title, listed_on="2025-05-28")
    place.publish(raw / "1.md")
    alone = compute(place.curated, place.sources, place.raw, ON)
    place.state(a1="1.md", a3="3.md")
    listed = [r for r in compute(place.curated, place.sources, place.raw, ON).rows if r["basis"] != "listed"]
    assert [r for r in alone.rows if r["status"] == "parsed"] == [r for r in listed if r["status"] == "parsed"]
    assert [(r["issue_no"], r["status"]) for r in alone.rows] == [
        (1, "parsed"),
        (2, "missing"),
        (3, "fetched"),
        (4, "expected"),
    ]


def test_the_bytes_depend_on_the_data_and_the_day_alone(place: Place, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    again = Place(other)
    for order, each in (((1, 3, 4), place), ((4, 1, 3), again)):
        for number in order:
            each.publish(put(each.root, f"{number}.md", bulletin(str(number), f"2025年{number}月28日")))
        refresh(each.curated, each.sources, each.raw, ON)
    files = sorted(p.relative_to(place.curated) for p in place.curated.glob("continuity*/**/*.parquet"))
    assert files and all((place.curated / f).read_bytes() == (again.curated / f).read_bytes() for f in files)
    assert (place.curated / "continuity.json").read_bytes() == (again.curated / "continuity.json").read_bytes()
    refresh(place.curated, place.sources, place.raw, date(2030, 1, 1))
    assert verify(place.curated).kind is None, "another day is no damage"


def test_nothing_anywhere(tmp_path: Path) -> None:
    assert refresh(tmp_path / "curated", tmp_path / "none", tmp_path / "none", ON) == []
    assert compute(tmp_path / "curated", tmp_path / "none", tmp_path / "none", ON).rows == []


def test_a_source_file_with_a_fault_is_told(place: Place) -> None:
    (place.sources / "broken.toml").write_text("title = ")
    place.publish(put(place.root, "1.md", bulletin("1", "2025年1月28日")))
    told = refresh(place.curated, place.sources, place.raw, ON)
    assert len(told) == 1 and "broken.toml" in told[0] and "its cadence is left out" in told[0]


def test_what_another_run_publishes_meanwhile_is_seen(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [put(place.root, f"{n}.md", bulletin(str(n), f"2025年{n}月28日")) for n in (1, 2)]
    place.publish(paths[0])
    real, calls = module.publish_derived, []

    def slow(*arguments: Any) -> bool:
        if not calls:
            place.publish(paths[1])
        calls.append(arguments)
        return real(*arguments)

    monkeypatch.setattr(module, "publish_derived", slow)
    refresh(place.curated, place.sources, place.raw, ON)
    assert len(calls) == 2
    assert [r["issue_no"] for r in place.rows() if r["status"] == "parsed"] == [1, 2]


# --- gongbao status -------------------------------------------------------------------


@pytest.fixture
def gap(place: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Issues 1 and 3; the working folder is the place."""
    for number in (1, 3):
        content = bulletin(str(number), f"2025年{number}月28日", f"（总第{54 + number}期）")
        place.publish(put(place.raw / "yunhai", f"{number}.md", content, title="公报"))
    monkeypatch.chdir(place.root)
    return place


def test_status(gap: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--on", "2025-06-20"]) == 1
    out = capsys.readouterr().out
    assert all(width(line) <= 80 for line in out.splitlines())
    line = next(line for line in out.splitlines() if line.startswith(GAZETTE))
    assert line.split() == [GAZETTE, "2025.1–25.3", "2", "0", "0", "0", "1", "2025-03-28", "2025-04-28!"]
    assert "缺期与逾期 Missing and overdue: 2" in out
    assert "2025年第2期缺 missing no. 2 of 2025" in out and "53 days late" in " ".join(out.split())
    assert not (gap.curated / "continuity.json").exists(), "status writes nothing"


def test_status_in_other_forms(gap: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--on", "2025-05-01", "--format", "json"]) == 1
    (entry,) = json.loads(capsys.readouterr().out)
    assert (entry["gazette"], entry["missing_numbers"], entry["expected_by"]) == (GAZETTE, ["2025:2"], "2025-04-28")
    assert main(["status", "--on", "2025-05-01", "--format", "csv"]) == 1
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert row["missing"] == "1" and row["first"] == "2025.1"


def test_status_of_a_whole_gazette_is_0(gap: Place, capsys: pytest.CaptureFixture[str]) -> None:
    gap.publish(put(gap.raw / "yunhai", "2.md", bulletin("2", "2025年2月28日", "（总第56期）"), title="公报"))
    assert main(["status", "--on", "2025-05-01"]) == 0
    assert "Missing" not in capsys.readouterr().out


def test_status_of_nothing_is_wrong_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["status"]) == 2
    assert "gongbao ingest PATH" in capsys.readouterr().err


# --- through the flow -----------------------------------------------------------------


@pytest.fixture(scope="module")
def prefect() -> Iterator[None]:
    with prefect_test_harness(server_startup_timeout=None):
        yield
    apart.close()


def test_a_run_that_finds_a_gap_warns(prefect: None, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in ("1", "3", "4、5"):
        content = bulletin(number, f"2025年{number[0]}月28日")
        put(place.raw / "yunhai", f"{number[0]}.md", content, title=f"{GAZETTE}2025年第{number}期")
    folders: dict[str, Any] = {"curated": place.curated, "raw": place.raw, "sources": place.sources}
    report = ingest.run([place.raw], **folders)
    assert [o.status for o in report.outcomes] == ["published"] * 3
    assert report.exit_code == 0 and report.warnings[0] == f"{GAZETTE}：2025年第2期缺 missing no. 2 of 2025"
    assert len(report.warnings) == 2 and "days late, due by 2025-05-28" in report.warnings[1]
    held = [(r["issue_no"], r["status"]) for r in place.rows()]
    assert held == [(1, "parsed"), (2, "missing"), (3, "parsed"), (4, "parsed"), (5, "parsed"), (6, "overdue")]
    assert verify(place.curated).kind is None
    before = {p: p.read_bytes() for p in place.curated.glob("continuity/**/*.parquet")}
    assert ingest.run([place.raw], **folders).warnings == (), "nothing published, nothing said"
    assert {p: p.read_bytes() for p in place.curated.glob("continuity/**/*.parquet")} == before
    # A fault in making the table is told, and nothing of the run is lost.
    put(place.raw / "yunhai", "2.md", bulletin("2", "2025年2月28日"), title="公报")
    monkeypatch.setattr(module, "compute", lambda *_: 1 / 0)
    report = ingest.run([place.raw], **folders)
    assert [o.status for o in report.published] == ["published"]
    assert len(report.warnings) == 1 and "ZeroDivisionError" in report.warnings[0]
