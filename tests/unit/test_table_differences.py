"""What a table of work and the text it repeats must agree in. The bulletin is invented."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import expectations
from pipeline import parse
from pipeline.assemble.table_differences import differences
from pipeline.publish import stage

TEXT = """\
云海市人民政府关于印发云海市水环境提升行动方案的通知

云政〔2031〕7号

各县（市、区）人民政府：

现将《云海市水环境提升行动方案》印发给你们，请认真贯彻执行。

云海市人民政府
2031年3月15日

云海市水环境提升行动方案

一、重点任务

（一）推进清河疏浚。2031年10月底前，完成清河疏浚12公里，整治入河排污口35个。（市水利局牵头，市财政局、市生态环境局配合）

（二）加快管网改造。2032年改造老旧供水管网80公里。（责任单位：市住房和城乡建设局、市城市管理局）

附件

云海市水环境提升任务分工表

| 序号 | 重点任务 | 牵头单位 | 配合单位 | 完成时限 |
|---|---|---|---|---|
| 1 | 完成清河疏浚12公里，整治入河排污口35个 | 市水利局 | 市财政局、市生态环境局 | 2031年10月底前 |
| 2 | 改造老旧供水管网80公里 | 市住房城乡建设局 | 市城市管理局 | 2032年9月底前 |
"""

CASES = [
    ("", "", {}, "row and paragraph agree"),
    (
        "| 市水利局 |",
        "| 市农业农村局 |",
        {"owners": "only in the table: 云海市农业农村局; only in the text: 云海市水利局"},
        "lead",
    ),
    ("| 市财政局、市生态环境局 |", "| 市财政局 |", {"owners": "only in the text: 云海市生态环境局"}, "one left out"),
    (
        "| 市水利局 | 市财政局、市生态环境局 |",
        "| 市财政局 | 市水利局、市生态环境局 |",
        {"owners": "in another role: 云海市财政局、云海市水利局"},
        "who leads",
    ),
    ("| 2031年10月底前 |", "| 2031年11月底前 |", {"due": "2031-11-30 in the table, 2031-10-31 in the text"}, "date"),
    ("排污口35个 |", "排污口53个 |", {"numbers": "整治入河排污口 53 个 in the table, 35 in the text"}, "number"),
    (
        "管网80公里 |",
        "管网8公里 |",
        {"numbers": "改造老旧供水管网 8 公里 in the table, 80 in the text"},
        "another number",
    ),
    (
        "| 2032年9月底前 |",
        "| 2033年9月底前 |",
        {"due": "2033-09-30 in the table, 2032-12-31 in the text"},
        "after the year",
    ),
]


@pytest.mark.parametrize(("old", "new", "expected", "reason"), CASES)
def test_differences(old: str, new: str, expected: dict[str, str], reason: str) -> None:
    assert old in TEXT
    records = parse(TEXT.replace(old, new, 1).encode(), name="a.md").records
    found = differences(records["tasks"])
    assert len(found) == 6
    assert {d["check"]: d["observed"] for d in found if not d["holds"]} == expected, reason
    known = {t["task_id"] for t in records["tasks"]}
    assert all(len(d["ids"]) == 2 and set(d["ids"]) <= known for d in found)


def test_rows_of_tables_are_grounded_and_complete() -> None:
    bulletin = parse(TEXT.encode(), name="a.md")
    rows: list[dict[str, Any]] = [t for t in bulletin.records["tasks"] if t.get("table_id")]
    measures = {m["measure_id"]: m for m in bulletin.records["measures"]}
    bodies = {o["name"] for o in bulletin.records["organisations"]}
    cells = {(c["table_id"], c["row"]) for c in bulletin.records["table_cells"]}
    for row in rows:
        assert (
            bulletin.text.text[row["char_start"] : row["char_end"]]
            == row["quote"]
            == measures[row["measure_id"]]["quote"]
        )
        assert {*row["lead"], *row["support"]} <= bodies
        assert (row["table_id"], row["table_row"]) in cells
    assert [r["repeats_task_id"].rpartition("/")[2] for r in rows] == ["1.1#2", "1.2#1"]
    assert bulletin.tables()["tasks"].num_rows == len(bulletin.records["tasks"])


def test_differences_are_checks(tmp_path: Path) -> None:
    bulletin = parse(TEXT.replace("排污口35个 |", "排污口53个 |").encode(), name="a.md")
    stage(bulletin.tables(), bulletin.text.text, tmp_path)
    found = [c for c in expectations.validate(tmp_path).checks if c["suite"] == "agreement"]
    assert [(c["expectation"], c["severity"]) for c in found if not c["success"]] == [("agreement.numbers", "warning")]
    (broken,) = [c for c in found if not c["success"]]
    assert [i.rpartition("/")[2] for i in broken["unexpected_ids"]] == ["t1#1", "1.1#2"]
    assert broken["observed"] and broken["message"]
