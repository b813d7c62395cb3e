"""The folder of the site: made beside, then put in place whole."""

from __future__ import annotations

import glob
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pipeline import query
from pipeline.storage import Location, View
from schemas.definition import vocabularies
from website import charts, departments, findings, reading
from website.issue_page import DamagedError, issue_page
from website.overview import Overview, overview
from website.rendering import file_name, page, script

#: Stands in every folder that this makes: no other folder is ever replaced.
MARK = ".gongbao-site"

#: A build this old has died.
_STALE_SECONDS = 24 * 3600

Put = Callable[[str, bytes], None]


class SiteError(Exception):
    """A folder that may not be replaced, or published data that do not agree with each other."""


@dataclass(frozen=True)
class Built:
    """What was written."""

    pages: int
    issues: int
    tasks: int


def build(curated: Location, out: Path) -> Built:
    """Write the site of what is published in `curated` into `out`, all as of one moment: same data, same bytes.

    SiteError where `out` holds something else or rows do not fit their text; OSError where the disk refuses. The
    earlier site stands until the new one is whole.
    """
    out = out.absolute()  # `.` has a name then
    refuse_foreign(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    _clean(out)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as beside:
        new = Path(beside) / "new"

        def once(connection: Any) -> Built:
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir()
            new.chmod(0o755)
            (new / MARK).write_bytes(b"gongbao site\n")
            return _write(connection, View(curated), new)

        built = query.reading(curated, once)
        _swap(new, out, Path(beside) / "old")
    return built


def refuse_foreign(out: Path) -> None:
    """SiteError where `out` is something that this did not make, or where the user stands."""
    if Path.cwd().is_relative_to(out.resolve()):  # it would be gone under the user's feet
        raise SiteError(f"{out}: 是当前文件夹或其上级 is or holds the current folder; 换一个 choose another --out")
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise SiteError(f"{out}: 不是文件夹 is no folder; 换一个 choose another --out")
    if out.is_dir() and any(out.iterdir()) and not (out / MARK).is_file():
        raise SiteError(f"{out}: 不是 gongbao 生成的站点 holds other files; 换一个 choose another --out")


def _clean(out: Path) -> None:
    """Remove what builds that were killed have left beside `out`."""
    for left in out.parent.glob(f".{glob.escape(out.name)}.*"):
        if (left / "new" / MARK).is_file() and time.time() - left.stat().st_mtime > _STALE_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


def _swap(new: Path, out: Path, old: Path) -> None:
    if out.exists():
        out.replace(old)
    try:
        new.replace(out)
    except OSError:
        if old.exists():
            old.replace(out)
        raise


def _write(connection: Any, view: View, folder: Path) -> Built:
    pages = 0

    def put(path: str, content: bytes) -> None:
        nonlocal pages
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        pages += path.endswith(".html")

    _put_assets(put)
    issues = reading.issues(connection)
    tasks = overview(connection, issues)
    _put_lists(put, connection, issues, tasks)
    for name, content in departments.pages(connection, tasks):
        put(f"departments/{name}", content)
    for issue, rows in reading.contents(connection, issues):
        put(f"issues/{file_name(issue['issue_id'])}", _issue_page(view, issue, rows))
    return Built(pages, len(issues), len(tasks.texts))


def _issue_page(view: View, issue: Mapping[str, Any], rows: Mapping[str, list[reading.Row]]) -> bytes:
    issue_id = issue["issue_id"]
    try:
        return issue_page(issue, rows, reading.text_of(view, issue_id))
    except (DamagedError, FileNotFoundError, UnicodeDecodeError) as error:
        hint = "先运行 run: gongbao verify"
        raise SiteError(f"{issue_id}: 正文与记录不符 text and rows do not agree ({error}); {hint}") from error


def _put_assets(put: Put) -> None:
    for asset in sorted((files("website") / "assets").iterdir(), key=lambda p: p.name):
        put(f"assets/{asset.name}", asset.read_bytes())
    put("assets/vega.js", _vega())


@cache
def _vega() -> bytes:
    """Vega, Vega-Lite and Vega-Embed as one classic script; making it takes a second."""
    import vl_convert

    # The bundle names hundreds of things at its top level; a function of its own keeps them apart from ours.
    return f"(function(){{{vl_convert.javascript_bundle('window.vegaEmbed = vegaEmbed;')}\n}})();\n".encode()


def _put_lists(put: Put, connection: Any, issues: list[reading.Row], tasks: Overview) -> None:
    """Pages and data about all issues together."""
    words = {name: vocabularies()[name]["values"] for name in ("role", "modality", "recurrence", "precision")}
    put("data/tasks.js", script("tasks", tasks.content()))
    put("data/texts.js", script("texts", tasks.texts))
    put("data/words.js", script("words", words))
    put("data/series.js", script("series", charts.series(connection, issues)))
    totals = {"issues": len(issues), "tasks": len(tasks.texts), "review": sum(i["review"] for i in issues)}
    put("index.html", page("tasks.html", "", totals=totals, issues=issues))
    put(
        "issues.html",
        page(
            "issues.html",
            "",
            issues=issues,
            gaps=reading.gaps(connection),
            statuses=vocabularies()["continuity_status"],
        ),
    )
    put("departments.html", departments.index(connection, tasks))
    put("deadlines.html", page("deadlines.html", "", **charts.deadlines(connection), vocabularies=vocabularies()))
    put("targets.html", page("targets.html", ""))
    labels = {issue["issue_id"]: issue["label"] for issue in issues}
    put("checks.html", page("checks.html", "", labels=labels, **findings.checks(connection)))
    kinds = vocabularies()["residual_kind"]
    reasons = findings.residuals(connection)
    put("residuals.html", page("residuals.html", "", labels=labels, reasons=reasons, kinds=kinds))
