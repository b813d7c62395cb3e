"""Many invented tasks, published: what the site is measured and tested with."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.publish import publish, stage, to_tables

_CITIES = ("云海市", "青屿市", "望潮市", "石渡市", "长汀口市")
_BODIES = ("水利局", "财政局", "交通运输局", "农业农村局", "生态环境局", "教育局", "商务局", "民政局")
_WORKS = ("完成河道清淤", "新建公共停车泊位", "改造老旧小区", "建成充电设施", "修复湿地", "培训技能人员")
_UNITS = ("公里", "个", "个", "台", "亩", "人次")
_FIRST = date(2025, 1, 31)


def publish_many(curated: Path, tasks: int, issues: int) -> None:
    """Publish `tasks` invented tasks, the same number in each of `issues`: same arguments, same bytes."""
    each = tasks // issues
    with tempfile.TemporaryDirectory() as folder:
        for number in range(issues):
            records, text = _issue(number, each)
            staged = Path(folder) / str(number)
            stage(to_tables(records), text, staged)
            publish(staged, curated, f"9901{number % 5:02d}-2025-{number:03d}", "99", 2025)


def _issue(number: int, tasks: int) -> tuple[dict[str, list[dict[str, Any]]], str]:
    city, issue = _CITIES[number % 5], f"9901{number % 5:02d}-2025-{number:03d}"
    lines = [_clause(number * tasks + n, city) for n in range(tasks)]
    text = "\n".join(line for line, *_ in lines) + "\n"
    first = {
        "issue_id": issue,
        "gazette": f"{city}人民政府公报",
        "publisher": f"{city}人民政府",
        "region_code": f"9901{number % 5:02d}",
        "region_name": city,
        "year": 2025,
        "issue_no": number,
        "source_file": f"{number}.md",
        "source_sha256": f"{number:064x}",
        "media_type": "text/markdown",
        "chars": len(text),
        "parser_version": "0.0.1",
    }
    whole = {"char_start": 0, "char_end": len(text), "quote": text, "line": 1, "document_id": f"{issue}/1"}
    document = {**whole, "ordinal": 1, "title": f"{city}示例行动方案"}
    measure = {**whole, "measure_id": f"{issue}/1/1", "ordinal": 1, "label": "一、", "title": "示例", "text": text}
    rows = list(_tasks(issue, city, lines))
    return {"issues": [first], "documents": [document], "measures": [measure], "tasks": rows, **_bodies(city)}, text


def _bodies(city: str) -> dict[str, list[dict[str, Any]]]:
    names = [f"{city}{body}" for body in _BODIES]
    rows = [{"org_id": f"990100:{n}{city}", "name": name, "level": "city"} for n, name in enumerate(names)]
    return {"organisations": [{**row, "kind": "department"} for row in rows]}


def _clause(n: int, city: str) -> tuple[str, str, date, int]:
    """A sentence, the action in it, its day and its number; those of one `n` are always the same."""
    due = _FIRST + timedelta(days=n * 37 % 1500)
    amount = 5 + n * 7 % 900
    action = f"{_WORKS[n % 6]}{amount}{_UNITS[n % 6]}"
    return f"{due.year}年{due.month}月{due.day}日前，{city}{action}，编号{n:06d}。", action, due, amount


def _tasks(issue: str, city: str, lines: list[tuple[str, str, date, int]]) -> Iterator[dict[str, Any]]:
    start = 0
    for n, (line, action, due, amount) in enumerate(lines):
        low = Decimal(amount)
        goal = {"target_id": f"{issue}/1/1#{n + 1}~1", "kind": "goal", "indicator": _WORKS[n % 6][2:], "op": "="}
        yield {
            "task_id": f"{issue}/1/1#{n + 1}",
            "measure_id": f"{issue}/1/1",
            "document_id": f"{issue}/1",
            "ordinal": n + 1,
            "action": action,
            "text": line,
            "quote": line,
            "line": n + 1,
            "char_start": start,
            "char_end": start + len(line),
            "lead": [city + _BODIES[n % 8]],
            "support": [city + _BODIES[(n + 3) % 8]],
            "deadline": line.partition("，")[0],
            "due_on": due,
            "due_precision": "day",
            "target": f"{_WORKS[n % 6][2:]} = {amount} {_UNITS[n % 6]}",
            "targets": [{**goal, "low": low, "high": low, "unit": _UNITS[n % 6]}],
            "confidence": 0.5 + n % 50 / 100,
            "review": n % 10 == 0,
            "reasons": ["示例"] if n % 10 == 0 else [],
        }
        start += len(line) + 1
