"""A bulletin of an invented city, and the lines that a reviewer exports about its rows."""

from __future__ import annotations

import json
from typing import Any

from pipeline import parse
from pipeline.bulletin import Bulletin
from pipeline.corrections.line import Correction, loads
from pipeline.corrections.match import KEYS
from pipeline.publish import to_tables
from schemas import table as definition

WORDS = """# 云海市人民政府办公室关于印发云海市清洁河道行动方案的通知

云政办〔2025〕12号

各县（市、区）人民政府，市人民政府各部门：

《云海市清洁河道行动方案》已经市政府同意，现予印发。

2025年3月10日

## 云海市清洁河道行动方案

### 一、重点任务

（一）整治河道。2025年、2026年分别完成清淤12公里、15公里。2026年6月底前，建成截污管网30公里，沿河截污率达到90%以上。\
定期巡查闸门。（市水利局牵头，市财政局、生态环境局配合）

（二）保护水源。2025年底前，完成饮用水水源地围网建设，水质达标率不低于98%。（市生态环境局负责）
"""
AT = "2025-06-01T08:00:00Z"


def bulletin(words: str = WORDS) -> Bulletin:
    """The bulletin, parsed."""
    return parse(words.encode(), name="yunhai.md", media_type="text/markdown")


def exported(source: Bulletin, what: str, table: str, row: dict[str, Any], /, **fields: Any) -> dict[str, Any]:
    """What a page exports about a row (of which an `add` needs its place alone)."""
    text, start, end = source.text.text, row["char_start"], row["char_end"]
    return {
        "action": what,
        "table": table,
        "issue_id": source.issue_id,
        "id": None if what == "add" else row[KEYS[table]],
        "char_start": start,
        "char_end": end,
        "quote": text[start:end],
        "before": text[max(0, start - 20) : start],
        "after": text[end : end + 20],
        "evidence": None,
        "fields": fields,
        "note": "复核意见",
        "by": None,
        "at": AT,
    }


def place(source: Bulletin, words: str) -> dict[str, Any]:
    """Where words stand first."""
    start = source.text.text.index(words)
    return {"char_start": start, "char_end": start + len(words)}


def line(entry: dict[str, Any]) -> str:
    """An exported entry as a line."""
    return json.dumps(entry, ensure_ascii=False) + "\n"


def correction(entry: dict[str, Any]) -> Correction:
    """An exported entry as the program reads it."""
    return loads(json.dumps(entry))


def hold(rows: dict[str, list[dict[str, Any]]], source: Bulletin) -> None:
    """What must hold of an issue holds: types, keys, quotes, and numbers as their tasks list them."""
    tables = to_tables(rows)
    for name, content in tables.items():
        for key in definition(name).foreign_keys:
            known = set(zip(*(tables[key.table][c].to_pylist() for c in key.references), strict=True))
            found = set(zip(*(content[c].to_pylist() for c in key.columns), strict=True))
            assert {f for f in found if None not in f} <= known, (name, key)
        if definition(name).primary_key:
            keys = list(zip(*(content[c].to_pylist() for c in definition(name).primary_key), strict=True))
            assert len(keys) == len(set(keys)), name
    text = source.text.text
    for name in ("measures", *KEYS, "residuals"):
        for one in rows[name]:
            if one.get("char_start") is not None:
                assert text[one["char_start"] : one["char_end"]] == one["quote"]
    targets = {t["target_id"]: t for t in rows["targets"]}
    for task in rows["tasks"]:
        for listed in (g for g in task["targets"] if g["target_id"]):
            assert {c: targets[listed["target_id"]][c] for c in listed} == listed
