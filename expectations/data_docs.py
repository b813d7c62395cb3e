"""Data Docs: the pages of Great Expectations about one issue, to be read from disk, without a network.

The library's pages fetch their styles, scripts and a counted logo from five hosts, and its start page is made
by such a script, so that it stays empty where they do not answer. Here the start page is ours, and the library's
pages of each suite keep their words and lose what would be fetched.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.engine import RUN_TIME

if TYPE_CHECKING:
    from expectations.engine import Engine

_SITE = "issue"
_STYLE = """
body { font: 15px/1.5 system-ui, "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif; color: #222;
       max-width: 72rem; margin: 0 auto; padding: 1rem; }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; }
th, td { border: 1px solid #ddd; padding: .3rem .6rem; text-align: left; vertical-align: top;
         overflow-wrap: break-word; }
th { background: #f3f4f6; }
td.n { text-align: right; }
td.id { overflow-wrap: anywhere; min-width: 12rem; }
.ok, .text-success { color: #15803d; }
.bad, .text-danger { color: #b91c1c; }
.fas { font-style: normal; }
.fa-check-circle::before { content: "✓"; }
.fa-times::before { content: "✗"; }
.alert { background: #f3f4f6; padding: .5rem .8rem; margin: 1rem 0; }
.cooltip .top { display: none; }
"""
_STAMP = "%Y%m%dT%H%M%S.%fZ"  # how the library names the folder of a run
_RUN = "run"
_ROWS = 20  # ids shown of one failed check; the table `checks` has all

#: What the library's pages would fetch, what only works with it, and what differs between two equal runs.
_SCRUB: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"<script\b.*?</script>", re.S), ""),
    (re.compile(r"<link\b[^>]*>"), ""),
    (re.compile(r"<img\b[^>]*>"), ""),
    (re.compile(r"<footer>.*?</footer>", re.S), ""),
    (re.compile(r"<style>.*?</style>", re.S), ""),
    (re.compile(r'<div class="card mb-3">\s*<div[^>]*>\s*<strong>Actions.*?</label>\s*(?:</div>\s*){5}', re.S), ""),
    (re.compile(r'<a data-toggle="collapse"[^>]*>\s*Show more info\.\.\.\s*</a>'), ""),
    (re.compile(r"(collapse-body)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"), r"\1"),
    (re.compile(r" / 1970-01-01T00:00:00Z"), ""),
    (re.compile(r"1970-01-01T00:00:00Z|\b\d{8}T\d{6}\.\d{6}Z"), "curated/runs.jsonl"),
    (re.compile(r"</head>"), f"<style>{_STYLE}</style></head>"),
)  # fmt: skip


def build(engine: Engine, folder: Path, checks: Sequence[Mapping[str, Any]] = ()) -> Path:
    """Write the pages of everything that `engine` validated into `folder`; the start page, which lists `checks`.

    Equal checks give equal pages: when they were made stands in `runs.jsonl` alone.
    """
    shutil.rmtree(folder, ignore_errors=True)
    store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)}
    index = {"class_name": "DefaultSiteIndexBuilder"}
    site = {"class_name": "SiteBuilder", "show_how_to_buttons": False, "store_backend": store}
    engine.context.add_data_docs_site(_SITE, {**site, "site_index_builder": index})
    engine.context.build_data_docs(site_names=[_SITE])
    shutil.rmtree(folder / "static", ignore_errors=True)  # 1.5 MB of fonts and pictures for each issue
    for made in sorted(folder.glob(f"validations/*/*/{RUN_TIME.strftime(_STAMP)}")):
        made.rename(made.with_name(_RUN))
    for page in folder.rglob("*.html"):
        page.write_text(_scrubbed(page.read_text("utf-8")), "utf-8")
    start = folder / "index.html"
    start.write_text(_start(folder, checks), "utf-8")
    return start


def _scrubbed(page: str) -> str:
    for pattern, instead in _SCRUB:
        page = pattern.sub(instead, page)
    return page


def _start(folder: Path, checks: Sequence[Mapping[str, Any]]) -> str:
    issue_id = escape(str(checks[0]["issue_id"])) if checks else ""
    failed = [c for c in checks if not c["success"]]
    suites: dict[str, list[Mapping[str, Any]]] = {}
    for check in checks:
        suites.setdefault(check["suite"], []).append(check)
    lines = [
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="UTF-8">',
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{issue_id}</title>',
        f"<style>{_STYLE}</style></head><body>",
        f"<h1>检验结果 Checks · {issue_id}</h1>",
        f"<p>{len(checks)} 项检验 checks，{len(failed)} 项未通过 failed</p>",
        *_table(("套件 suite", "检验 checks", "未通过 failed", ""), (_suite(folder, n, c) for n, c in suites.items())),
        "<h2>未通过 Failed</h2>" if failed else "",
        *_table(("检验 check", "级别 severity", "所见 observed", "说明 message", "记录 rows"), map(_failure, failed)),
        "</body></html>",
    ]
    return "\n".join(line for line in lines if line) + "\n"


def _table(heads: Sequence[str], rows: Iterable[str]) -> list[str]:
    body = list(rows)
    head = "".join(f"<th>{h}</th>" for h in heads)
    return [f"<table><tr>{head}</tr>", *body, "</table>"] if body else []


def _suite(folder: Path, name: str, checks: Sequence[Mapping[str, Any]]) -> str:
    failed = sum(not c["success"] for c in checks)
    pages = [
        f'<a href="{escape(page.relative_to(folder).as_posix())}">{words}</a>'
        for words, pattern in (
            ("结果 results", f"validations/{name}/*/{_RUN}/*.html"),
            ("规则 expectations", f"expectations/{name}.html"),
        )
        for page in sorted(folder.glob(pattern))
    ]
    mark = f'<span class="bad">✗ {failed}</span>' if failed else '<span class="ok">✓</span>'
    cells = (
        f'<td>{escape(name)}</td><td class="n">{len(checks)}</td><td class="n">{mark}</td><td>{" · ".join(pages)}</td>'
    )
    return f"<tr>{cells}</tr>"


def _failure(check: Mapping[str, Any]) -> str:
    words = (check["expectation"], check["severity"], check["observed"], check["message"])
    cells = "".join(f"<td>{escape(str(w or ''))}</td>" for w in words)
    ids = list(check["unexpected_ids"] or ())
    more = [f"… {len(ids)}"] if len(ids) > _ROWS else []
    return f'<tr>{cells}<td class="id">{escape("、".join(ids[:_ROWS] + more))}</td></tr>'
