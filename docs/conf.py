"""The documentation site: `make docs` builds it with Sphinx."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline import __version__  # noqa: E402

project = "gongbao · 公报"
author = "gongbao contributors"
copyright = "gongbao contributors, MIT"  # noqa: A001
version = release = __version__
language = "zh_CN"

extensions = ["myst_parser"]
exclude_patterns = ["notebooks"]
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]
html_theme = "furo"
html_title = "gongbao · 公报"
html_static_path = ["static"]
html_css_files = ["chinese.css"]
html_copy_source = False
html_show_sphinx = False

_OUTSIDE = re.compile(r"\[([^\]]+)\]\(((?:\.\./)+[^)]+)\)")


def _links(app: object, name: str, source: list[str]) -> None:
    """Links to files of the repository that are no pages: the site has only their name."""
    source[0] = _OUTSIDE.sub(lambda m: f"{m[1]} (`{m[2].lstrip('./')}`)", source[0])


def setup(app: object) -> None:
    """Called by Sphinx."""
    app.connect("source-read", _links)  # type: ignore[attr-defined]
