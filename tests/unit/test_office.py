"""Which files of word processors are read, converted or refused, and with which advice."""

from __future__ import annotations

import shutil
import struct
import sys
import time
import zipfile
from pathlib import Path

import pytest
from docx_files import docx, p, zipped

from pipeline.model import Line
from pipeline.read import ReadError, limits, office, read
from pipeline.read.containers import OLE

_RTF = rb"{\rtf1\ansi {\b \u20113?\u28023?}\par}"
_FREE = 0xFFFFFFFF


def ole(*streams: str, inside: tuple[str, ...] = ()) -> bytes:
    """An OLE file whose directory has these streams; those of `inside` in a storage of its own."""
    count = 1 + len(streams) + bool(inside) + len(inside)
    entries = [_entry("Root Entry", child=1)]
    entries += [_entry(s, right=n + 1 if n < len(streams) + bool(inside) else _FREE) for n, s in enumerate(streams, 1)]
    if inside:
        entries.append(_entry("ObjectPool", child=len(entries) + 1))
        entries += [_entry(s, right=n + 1 if n < count - 1 else _FREE) for n, s in enumerate(inside, len(entries))]
    sectors = -(-count // 4)
    table = [n + 1 for n in range(1, sectors)] + [0xFFFFFFFE]
    fat = struct.pack("<128I", 0xFFFFFFFD, *table, *[_FREE] * (127 - len(table)))
    head = bytearray(OLE.ljust(512, b"\x00"))
    head[30:32], head[48:52] = struct.pack("<H", 9), struct.pack("<I", 1)
    head[76:512] = struct.pack("<109I", 0, *[_FREE] * 108)
    return bytes(head) + fat + b"".join(entries).ljust(512 * sectors, b"\x00")


def _entry(name: str, right: int = _FREE, child: int = _FREE) -> bytes:
    words = name.encode("utf-16-le") + b"\x00\x00"
    places = struct.pack("<H2xIII", len(words), _FREE, right, child)
    return (words.ljust(64, b"\x00") + places).ljust(128, b"\x00")


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (zipped({"xl/workbook.xml": "", "[Content_Types].xml": "x.spreadsheetml.sheet.main+xml"}), "a workbook"),
        (zipped({"[Content_Types].xml": "x.presentationml.presentation.main+xml"}), "a presentation"),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}), "OpenDocument"),
        (zipped({"mimetype": "application/epub+zip", "META-INF/container.xml": "<x/>"}), "an e-book"),
        (zipped({"META-INF/MANIFEST.MF": ""}), "a program"),
        (zipped({"OFD.xml": "<x/>", "Doc_0/Document.xml": ""}), "OFD is not read: save it as PDF"),
        (zipped({"a.txt": "甲", "b.docx": ""}), "a ZIP archive: unpack it"),
        (zipped({}), "a ZIP archive: unpack it"),
        (docx(p("正文"))[:-30], "damaged or cut off"),
        (ole("Workbook"), "a workbook"),
        (ole("PowerPoint Document"), "a presentation"),
        (ole("EncryptionInfo", "EncryptedPackage"), "locked by a password"),
        (ole("Workbook", inside=("WordDocument",)), "a workbook"),
        (ole("CONTENTS", "MatOST"), "a file of Works"),
        (ole("Catalog"), "no document of a word processor"),
        (OLE + b"\xff" * 9000, "no document of a word processor"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", "a web archive"),
        (b"Rar!\x1a\x07\x00", "compressed"),
    ],
)
def test_other_files_are_refused_with_advice(content: bytes, advice: str) -> None:
    with pytest.raises(ReadError, match=advice) as error:
        read(content, name="x.docx")
    message = str(error.value)
    assert message.startswith("x.docx: ") and "\n" not in message
    assert ": " in message.removeprefix("x.docx: "), "says what to do"


def test_a_locked_document() -> None:
    content = bytearray(docx(p("正文")))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(signature, at + 1)) >= 0:
            content[at + flags] |= 1
    with pytest.raises(ReadError, match="locked by a password"):
        read(bytes(content))


# --- LibreOffice, for which a script stands in --------------------------------------------


def program(folder: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    """Puts a `soffice` on the path: Python code that has `out` (what to write) and `arguments`."""
    if sys.platform == "win32":
        pytest.skip("a script of this kind does not run on Windows")
    script = folder / "soffice"
    head = "import pathlib, sys, time\narguments = sys.argv[1:]\n"
    head += "out = pathlib.Path(arguments[arguments.index('--outdir') + 1]) / 'source.docx'\n"
    script.write_text(f"#!{sys.executable}\n{head}{body}\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


@pytest.mark.parametrize(
    ("content", "media_type", "suffix"),
    [
        (ole("WordDocument", "1Table", inside=("Workbook",)), office.DOC, ".doc"),
        (_RTF, office.RTF, ".rtf"),
        (b'<?xml version="1.0"?><w xmlns="http://schemas.microsoft.com/office/word/2003/wordml"/>', office.DOC, ".xml"),
    ],
)
def test_older_documents_are_converted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, media_type: str, suffix: str
) -> None:
    made, seen = tmp_path / "made.docx", tmp_path / "seen"
    made.write_bytes(docx(p("正文")))
    body = f"out.parent.mkdir()\nout.write_bytes(pathlib.Path({str(made)!r}).read_bytes())\n"
    body += f"pathlib.Path({str(seen)!r}).write_text('\\n'.join(arguments))"
    program(tmp_path, monkeypatch, body)
    source = read(content, name="x.doc")
    assert (source.media_type, source.blocks) == (media_type, (Line("正文", 1),))
    arguments = seen.read_text().splitlines()
    assert "--headless" in arguments and arguments[-1].endswith(suffix)
    profile = next(a for a in arguments if a.startswith("-env:UserInstallation=file:"))
    assert "gongbao-" in profile, "a profile of its own, so that an open LibreOffice is left alone"
    assert not Path(arguments[-1]).parent.exists(), "nothing stays behind"


@pytest.mark.parametrize(("body", "advice"), [("", "could not convert"), ("sys.exit(1)", "could not convert")])
def test_a_conversion_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, advice: str) -> None:
    program(tmp_path, monkeypatch, body)
    with pytest.raises(ReadError, match=advice):
        read(_RTF)


def test_a_conversion_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, monkeypatch, "time.sleep(60)")
    monkeypatch.setattr(limits, "CONVERT_SECONDS", 0.5)
    started = time.monotonic()
    with pytest.raises(ReadError, match=r"took more than 0\.5 s"):
        read(_RTF)
    assert time.monotonic() - started < 10


def test_without_libreoffice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(office, "_ELSEWHERE", ())
    with pytest.raises(ReadError, match=r"needs LibreOffice, which is not installed: install it"):
        read(ole("WordDocument"), name="x.doc")


@pytest.mark.skipif(not (shutil.which("soffice") or shutil.which("libreoffice")), reason="needs LibreOffice")
def test_with_libreoffice() -> None:
    (line,) = read(_RTF).blocks
    assert isinstance(line, Line) and line.text == "云海".replace("云", chr(20113)).replace("海", chr(28023))


def test_a_bomb_of_many_layers_is_never_unpacked() -> None:
    inner = zipped({"0": b"\x00" * 5_000_000})
    started = time.monotonic()
    with pytest.raises(ReadError):
        read(zipped({str(n): inner for n in range(200)}, method=zipfile.ZIP_STORED))
    assert time.monotonic() - started < 2
