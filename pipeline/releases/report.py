"""CHANGES.md of a release, for people: what changed and where it comes from, with both sides' words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from pipeline.releases.changes import CAUSES, CHANGES, pairs
from pipeline.releases.dataset import Dataset, Row

_MOST = 200  # tasks that are told of under one heading; changes.parquet has all
_LONG = 120  # characters of a value or quote
_TITLES = {
    "source": "来源的变化 Changes of the sources",
    "rules": "规则的变化 Changes of the rules",
    "correction": "人工更正 Corrections",
}
_NOTES = {
    "source": "新增、撤下的期号，或来源文件的内容改了。Issues that are new or gone, or whose bytes changed.",
    "rules": "同样的字节，由另一版程序解析。The same bytes, read by another version of the program.",
    "correction": "由人复核后更正、确认。Put right or confirmed by a reviewer.",
}
_WORDS = {"added": "增加 added", "changed": "改动 changed", "withdrawn": "撤下 withdrawn"}


def report(before: Dataset | None, after: Dataset, rows: Sequence[Row], counts: dict[str, int]) -> str:
    """The whole text; `counts` are rows by table."""
    lines = [f"# {after.name}", ""]
    lines += [f"{len(after.issues)} 期 issues · {counts['tasks']} 项任务 tasks · {counts['targets']} 个数 targets", ""]
    if before is None:
        return "\n".join([*lines, "首个版本，无可比较。The first release: there is nothing to compare it with.", ""])
    lines += [f"与 {before.name} 相比 Compared with {before.name}.", "", *_counts(rows), ""]
    lines += _issues(before, after)
    for cause in CAUSES:
        mine = [row for row in rows if row["cause"] == cause]
        if mine:
            lines += [f"## {_TITLES[cause]}", "", _NOTES[cause], "", *_tasks(mine)]
    return "\n".join(lines).rstrip() + "\n"


def tasks_by(rows: Sequence[Row]) -> Counter[tuple[str, str]]:
    """How many tasks changed, by cause and change: several columns of one task count once."""
    return Counter((cause, change) for cause, change, *_ in {_key(row) for row in rows})


def _key(row: Row) -> tuple[str, str, str, str]:
    return row["cause"], row["change"], row["task_id_before"] or "", row["task_id_after"] or ""


def _counts(rows: Sequence[Row]) -> Iterator[str]:
    found = tasks_by(rows)
    yield "| 任务 tasks | " + " | ".join(_WORDS[change] for change in CHANGES) + " |"
    yield "|---" + "|--:" * len(CHANGES) + "|"
    for cause in CAUSES:
        yield f"| {_TITLES[cause]} | " + " | ".join(str(found[cause, change]) for change in CHANGES) + " |"


def _issues(before: Dataset, after: Dataset) -> list[str]:
    """Issues that are new, gone, of other bytes, or read by another program."""
    kinds: dict[str, list[str]] = {
        "新增 new": [],
        "撤下 gone": [],
        "内容改动 other bytes": [],
        "重新解析 read anew": [],
    }
    for a, b in pairs(before, after):
        old, new = before.issues.get(a or ""), after.issues.get(b or "")
        if old is None or new is None:
            kinds["撤下 gone" if new is None else "新增 new"].append(str(a or b))
        elif old["source_sha256"] != new["source_sha256"]:
            kinds["内容改动 other bytes"].append(str(b))
        elif old["parser_version"] != new["parser_version"]:
            kinds["重新解析 read anew"].append(f"{b} ({old['parser_version']} → {new['parser_version']})")
    lines = [f"* {kind}: {len(ids)}: {_listed(ids)}" for kind, ids in kinds.items() if ids]
    return ["## 期号 Issues", "", *lines, ""] if lines else []


def _listed(ids: Sequence[str]) -> str:
    more = f" … {len(ids) - _MOST}" if len(ids) > _MOST else ""
    return ", ".join(f"`{i}`" for i in ids[:_MOST]) + more


def _tasks(rows: Sequence[Row]) -> Iterator[str]:
    groups = _by_task(rows)
    for group in groups[:_MOST]:
        yield f"* {_WORDS[group[0]['change']]} `{_name(group[0])}`"
        yield from (f"  * {line}" for line in _details(group))
    if len(groups) > _MOST:
        yield f"* … {len(groups) - _MOST}: `changes.parquet`"
    yield ""


def blocks(rows: Sequence[Row]) -> Iterator[str]:
    """The changes for a terminal: a line for each task, under it what changed and the words of both sides."""
    for group in _by_task(rows):
        yield f"{group[0]['cause']}  {_WORDS[group[0]['change']]}  {_name(group[0])}"
        yield from (f"    {line}" for line in _details(group))


def _by_task(rows: Sequence[Row]) -> list[list[Row]]:
    return [list(group) for _, group in groupby(rows, _key)]


def _name(row: Row) -> str:
    before, after = row["task_id_before"], row["task_id_after"]
    return f"{before} → {after}" if before and after and before != after else str(after or before)


def _details(group: Sequence[Row]) -> Iterator[str]:
    yield from map(_column, group)
    one = group[0]
    for side in ("before", "after"):
        quote = one[f"quote_{side}"]
        if quote is not None and (side == "before" or quote != one["quote_before"]):
            yield f"「{_clip(quote)}」 {one[f'issue_id_{side}']} {one[f'char_start_{side}']}–{one[f'char_end_{side}']}"


def _column(row: Row) -> str:
    """A change of a column in a line; of a task added or withdrawn its action."""
    if row["field"] is None:
        return _clip(row["before"] or row["after"])
    return f"{row['field']}: {_clip(row['before'])} → {_clip(row['after'])}"


def _clip(text: str | None) -> str:
    if text is None:
        return "∅"
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONG else flat[: _LONG - 1] + "…"
