"""A tiny consistent set of rows of every table, for an invented city 云海市 (code 990100)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

ISSUE = "990100-2025-03"
LINES = (
    "云海市人民政府关于印发云海市示例行动方案的通知",
    "云政〔2025〕7号",
    "（一）整治试验河道",
    "2026年6月底前，完成试验河道清淤约12.5公里，沿河截污率达到90%以上；每年汛期前检查闸门。（市水利局牵头，市财政局配合）",
    "2025年3月15日",
)
TEXT = "\n".join(LINES) + "\n"


def ground(quote: str, **more: Any) -> dict[str, Any]:
    """Offsets of the first place where `quote` stands in TEXT."""
    start = TEXT.index(quote)
    line = TEXT.count("\n", 0, start) + 1
    return {
        "char_start": start,
        "char_end": start + len(quote),
        "quote": quote,
        "line": line,
        "issue_id": ISSUE,
        **more,
    }


def records(sha256: str = "a" * 64, version: str = "0.0.1") -> dict[str, list[dict[str, Any]]]:
    """Rows of every table but `checks`."""
    document, water, money = f"{ISSUE}/1", "990100:shuiliju", "990100:caizhengju"
    measure = f"{document}/1"
    whole = LINES[2] + "\n" + LINES[3]
    first, second = LINES[3].split("；")[0], "每年汛期前检查闸门"
    goal = {"kind": "goal", "op": ">=", "low": Decimal(90), "high": Decimal(90), "unit": "%"}
    length = {"kind": "goal", "op": "~", "low": Decimal("12.5"), "high": Decimal("12.5"), "unit": "公里"}
    owners = {"lead": ["云海市水利局"], "support": ["云海市财政局"]}
    common = {"measure_id": measure, "document_id": document}
    return {
        "issues": [
            {
                "issue_id": ISSUE,
                "gazette": "云海市人民政府公报",
                "publisher": "云海市人民政府",
                "region_code": "990100",
                "region_name": "云海市",
                "year": 2025,
                "issue_no": 3,
                "published_on": date(2025, 3, 31),
                "source_file": "yunhai.md",
                "source_sha256": sha256,
                "media_type": "text/markdown",
                "chars": len(TEXT),
                "parser_version": version,
            }
        ],
        "documents": [
            ground(
                LINES[0],
                document_id=document,
                ordinal=1,
                doc_number="云政〔2025〕7号",
                title="云海市示例行动方案",
                notice_title=LINES[0],
                doc_type="方案",
                issuer="云海市人民政府",
                written_on=date(2025, 3, 15),
                cites=[{"title": "示例办法", "doc_number": None}],
                rules=[{"field": "doc_number", "rule": "structure.doc_number"}],
            )
        ],
        "measures": [
            ground(
                whole,
                measure_id=measure,
                document_id=document,
                ordinal=1,
                label="（一）",
                path=[],
                title="整治试验河道",
                text=whole,
            )
        ],
        "tasks": [
            ground(
                first,
                task_id=f"{measure}#1",
                ordinal=1,
                action="完成试验河道清淤",
                text=first,
                deadline="2026年6月底前",
                due_on=date(2026, 6, 30),
                due_precision="month",
                target="清淤 ~ 12.5 公里；沿河截污率 ≥ 90 %",
                targets=[
                    {"target_id": f"{measure}#1~1", "indicator": "清淤", "scope": None, **length},
                    {"target_id": f"{measure}#1~2", "indicator": "沿河截污率", "scope": None, **goal},
                ],
                confidence=0.9,
                review=False,
                rules=[{"field": "due_on", "rule": "times.month_end"}],
                **owners,
                **common,
            ),
            ground(
                second,
                task_id=f"{measure}#2",
                ordinal=2,
                action="检查闸门",
                text=second,
                deadline="每年汛期前",
                recurrence="yearly",
                confidence=0.6,
                review=True,
                reasons=["时间不能计算"],
                **owners,
                **common,
            ),
        ],
        "responsibilities": [
            ground(
                printed,
                responsibility_id=f"{measure}~{n}",
                measure_id=measure,
                org_id=org,
                name=name,
                role=role,
                inherited=False,
                printed=printed,
                match="elided",
                rules=[{"field": "role", "rule": f"roles.{role}"}],
            )
            for n, (printed, org, name, role) in enumerate(
                [("市水利局", water, "云海市水利局", "lead"), ("市财政局", money, "云海市财政局", "support")], 1
            )
        ],
        "deadlines": [
            ground(
                "2026年6月底前",
                deadline_id=f"{measure}#1~1",
                task_id=f"{measure}#1",
                measure_id=measure,
                printed="2026年6月底前",
                due_on=date(2026, 6, 30),
                precision="month",
                basis="explicit",
                action="完成试验河道清淤",
            )
        ],
        "targets": [
            ground(
                printed,
                target_id=f"{measure}#1~{n}",
                task_id=f"{measure}#1",
                measure_id=measure,
                indicator=indicator,
                printed=printed,
                due_on=date(2026, 6, 30),
                change="level",
                **number,
            )
            for n, (printed, indicator, number) in enumerate(
                [("12.5公里", "清淤", length), ("90%", "沿河截污率", goal)], 1
            )
        ],
        "tables": [
            {
                "table_id": f"{document}/t1",
                "document_id": document,
                "issue_id": ISSUE,
                "annex_no": 1,
                "title": "试验河道清淤任务表",
                "n_rows": 1,
                "n_cols": 2,
                "header": [["河段"], ["2026年", "长度（公里）"]],
                "status": "ok",
            }
        ],
        "table_cells": [
            {
                "table_id": f"{document}/t1",
                "issue_id": ISSUE,
                "row": 0,
                "col": 1,
                "row_label": "上游",
                "header": ["2026年", "长度（公里）"],
                "indicator": "长度",
                "period": "2026年",
                "unit": "公里",
                "value": Decimal("12.5"),
                "printed": "12.5",
                "is_total": False,
                "suspect": False,
            }
        ],
        "organisations": [
            {"org_id": org, "name": name, "region_code": "990100", "level": "city", "kind": "department"}
            for org, name in [(water, "云海市水利局"), (money, "云海市财政局")]
        ],
        "residuals": [ground("汛期", residual_id=f"{ISSUE}/r1", measure_id=measure, kind="time", reason="no date")],
    }


def renamed(value: Any, issue_id: str) -> Any:
    """Records with another id of the issue, in every key."""
    if isinstance(value, dict):
        return {k: renamed(v, issue_id) for k, v in value.items()}
    if isinstance(value, list):
        return [renamed(v, issue_id) for v in value]
    return value.replace(ISSUE, issue_id) if isinstance(value, str) else value
