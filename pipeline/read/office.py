"""Documents of word processors: DOCX as it is, older formats through LibreOffice where it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from pipeline.model import Block
from pipeline.read import docx, limits
from pipeline.read.containers import OLE, RTF_MARK, ole_kind, zip_kind
from pipeline.read.errors import ReadError

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOC = "application/msword"
RTF = "application/rtf"

_PROGRAMS = ("soffice", "libreoffice")
_ELSEWHERE = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
)
_MISSING = "needs LibreOffice, which is not installed: install it (soffice), or save the file as .docx and pass that"
_FAILED = "LibreOffice could not convert it: save it as .docx in a word processor and pass that"


def read(content: bytes) -> tuple[str, tuple[Block, ...]]:
    """Media type and blocks; ReadError, with advice, for what is no document or cannot be converted."""
    if content.startswith(b"PK"):
        zip_kind(content)
        return DOCX, docx.read(content)
    media_type, suffix = _older(content)
    return media_type, docx.read(converted(content, suffix))


def _older(content: bytes) -> tuple[str, str]:
    if content.startswith(RTF_MARK):
        return RTF, ".rtf"
    if content.startswith(OLE):
        ole_kind(content)
        return DOC, ".doc"
    return DOC, ".xml"


def converted(content: bytes, suffix: str) -> bytes:
    """The file as DOCX, by LibreOffice without a window, in a profile of its own and within a time limit."""
    program = find_program()
    if program is None:
        raise ReadError(_MISSING)
    # Windows may still hold a file of the profile when the program has ended
    with tempfile.TemporaryDirectory(prefix="gongbao-", ignore_cleanup_errors=True) as folder:
        source, out = Path(folder) / f"source{suffix}", Path(folder) / "out"
        source.write_bytes(content)
        profile = (Path(folder) / "profile").as_uri()
        command = [program, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--nolockcheck"]
        command += ["--convert-to", "docx", "--outdir", str(out), str(source)]
        _run(command)
        made = out / "source.docx"
        if not made.is_file():
            raise ReadError(_FAILED)
        if made.stat().st_size > limits.BYTES:
            raise ReadError("becomes too large when converted: split it and pass the parts")
        return made.read_bytes()


def find_program() -> str | None:
    """LibreOffice's program; null where it is not installed."""
    found = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    return found or next((p for p in _ELSEWHERE if Path(p).is_file()), None)


def _run(command: list[str]) -> None:
    """Run a program to its end, or to that of the time limit; what it started ends with it."""
    try:
        process = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise ReadError(f"LibreOffice does not start ({error.strerror}): {_MISSING.partition(': ')[2]}") from error
    try:
        process.wait(limits.CONVERT_SECONDS)
    except subprocess.TimeoutExpired:
        advice = "save it as .docx in a word processor and pass that"
        raise ReadError(f"LibreOffice took more than {limits.CONVERT_SECONDS} s to convert it: {advice}") from None
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
