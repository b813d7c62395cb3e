"""Word processing files, as small as they can be, that tests write for themselves."""

from __future__ import annotations

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_SPACES = (
    f'xmlns:w="{W}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_KINDS = ("styles", "numbering", "footnotes", "endnotes", "header", "footer")
_RELATION = '<Relationship Id="r{n}" Type="http://x/relationships/{kind}" Target="{target}"/>'


def docx(body: str, **parts: str) -> bytes:
    """A document with this content of w:body; `styles`, `numbering`, `footnotes` … are the contents of those parts."""
    content = {"[Content_Types].xml": f'<Types><Override ContentType="{_TYPE}"/></Types>'}
    content["_rels/.rels"] = _relations({"officeDocument": "word/document.xml"})
    content["word/document.xml"] = f"<w:document {_SPACES}><w:body>{body}</w:body></w:document>"
    content["word/_rels/document.xml.rels"] = _relations({kind: f"{kind}.xml" for kind in _KINDS if kind in parts})
    content |= {f"word/{kind}.xml": f"<w:{kind} {_SPACES}>{inner}</w:{kind}>" for kind, inner in parts.items()}
    return zipped(content)


def zipped(content: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP file with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return out.getvalue()


def _relations(targets: dict[str, str]) -> str:
    inner = "".join(_RELATION.format(n=n, kind=k, target=t) for n, (k, t) in enumerate(targets.items()))
    return f"<Relationships>{inner}</Relationships>"


def r(text: str, properties: str = "") -> str:
    """A run."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(inner: str, properties: str = "") -> str:
    """A paragraph of plain text or of runs."""
    runs = inner if inner.startswith("<") or not inner else r(inner)
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def item(inner: str, num_id: int, level: int = 0) -> str:
    """An item of a list."""
    return p(inner, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num_id}"/></w:numPr>')


def lvl(n: int, form: str, text: str, more: str = "") -> str:
    """A level of a list."""
    return (
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbering(*levels: str, overrides: dict[int, str] | None = None) -> str:
    """One definition with the list 1, and further lists of it with what they override."""
    lists = {1: "", **(overrides or {})}
    nums = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="0"/>{o}</w:num>' for n, o in lists.items())
    return f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>{nums}'


def tc(inner: str, properties: str = "") -> str:
    """A cell of plain text or of paragraphs."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner if inner.startswith('<') else p(inner)}</w:tc>"


def tbl(*rows: str) -> str:
    """A table of rows, each its cells (and its w:trPr)."""
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"
