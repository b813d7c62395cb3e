"""What the tests of the site publish: a small issue with hostile words, and files without the flow."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import records as sample

from pipeline import parse
from pipeline.publish import publish, stage

#: What a bulletin may hold to break out of a page. 𠀀 is two units of UTF-16 and one code point.
HOSTILE = '</script><!--<script>window.broken=1</script><img src=x onerror="window.broken=1">𠀀𠀀'
_CHECK = {
    "suite": "tasks",
    "expectation": "deadline.says_when",
    "table": "deadlines",
    "severity": "warning",
    "success": False,
    "observed": "1/2",
    "unexpected_ids": [f"{sample.ISSUE}/1/1#2"],
    "message": "期限可以计算 · The deadline can be computed",
}


def publish_file(path: Path, curated: Path, folder: Path) -> str:
    """Parse and publish without the flow; the issue's id."""
    bulletin = parse(path)
    stage(bulletin.tables(), bulletin.text.text, folder)
    publish(folder, curated, bulletin.issue_id, "99", 2025)
    return bulletin.issue_id


def hostile_records() -> tuple[dict[str, list[dict[str, Any]]], str]:
    """The sample's rows with hostile words before the text and in every place that is shown."""
    shift = len(HOSTILE) + 1
    rows = sample.records()
    for row in (row for table in rows.values() for row in table if row.get("char_start") is not None):
        row["char_start"] += shift
        row["char_end"] += shift
    rows["tasks"][1] |= {"action": HOSTILE, "reasons": [HOSTILE], "due_on": date(2026, 1, 31)}
    rows["documents"][0]["title"] = HOSTILE
    rows["issues"][0] |= {"chars": len(sample.TEXT) + shift, "source_file": f"{HOSTILE}.md", "publisher": HOSTILE}
    rows["issues"][0]["source_url"] = "javascript:window.broken=1"
    rows["checks"] = [_CHECK, {**_CHECK, "message": HOSTILE, "unexpected_ids": [HOSTILE]}]
    return rows, f"{HOSTILE}\n{sample.TEXT}"
