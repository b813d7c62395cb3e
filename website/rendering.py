"""Templates, and data inside pages. Texts are untrusted: everything is escaped, nothing becomes markup or script."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

_IN_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}

_SPANS = {"years": "年", "quarters": "季度", "months": "个月", "weeks": "周", "days": "天"}
_RHYTHM = re.compile(rf"every (\d+) ({'|'.join(_SPANS)})")


def page(template: str, root: str, **values: Any) -> bytes:
    """A page in UTF-8; `root` leads from it to the folder of the site (`` or `../`)."""
    return _environment().get_template(template).render(root=root, **values).encode("utf-8")


def script(name: str, content: Any) -> bytes:
    """A classic script that puts `content` under `GONGBAO_DATA.<name>`: pages from disk may not fetch."""
    # JSON.parse of a string is read several times as fast as the same written as an object.
    text = json_text(content).replace("\\", "\\\\").replace("'", "\\'")
    return f"(window.GONGBAO_DATA=window.GONGBAO_DATA||{{}}).{name}=JSON.parse('{text}');\n".encode()


def json_text(content: Any) -> str:
    """JSON that may stand inside a <script>: no character of it can end the element."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=plain)
    return re.sub("[<>&\u2028\u2029]", lambda m: _IN_SCRIPT[m[0]], text)


def plain(value: Any) -> Any:
    """A value of a record as JSON has it: dates as ISO 8601, decimals as strings without idle noughts."""
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def number(value: Decimal) -> str:
    """12.5 for 12.500000, 120000 for 1.2E+5."""
    return f"{value.normalize():f}"


def file_name(any_id: str) -> str:
    """The name of the page of an issue or body, without folder: characters that some system refuses become -."""
    return re.sub(r"[^\w.-]", "-", any_id, flags=re.ASCII) + ".html"


def fragment(any_id: str) -> str:
    """The part of an address behind # that names a record."""
    return quote(any_id, safe="/~:.-_")


def both(chinese: object, english: object) -> Markup:
    """A text in both languages, of which the reader sees the chosen one."""
    zh = Markup('<span class="zh" lang="zh-CN">{}</span>').format(chinese)
    return zh + Markup('<span class="en" lang="en">{}</span>').format(english)


def words(vocabulary: Mapping[str, Any], value: str | None) -> Markup:
    """What a value of a vocabulary means, in both languages; the value itself where it is not in it."""
    found = vocabulary["values"].get(value)
    if rhythm := _RHYTHM.fullmatch(value or ""):
        found = (f"每{rhythm[1]}{_SPANS[rhythm[2]]}", value)
    return both(*found) if found else escape(value or "")


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("website"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"t": both, "words": words}
    made.filters |= {
        "file": file_name,
        "fragment": fragment,
        "data": lambda content: Markup(json_text(content)),  # noqa: S704
    }
    return made
