"""doctor: what is installed, what is missing for which format, and how to get it."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
from collections.abc import Callable
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from pipeline import __version__
from pipeline.cli.arguments import Commands, add_curated, command
from pipeline.cli.errors import InputError, reaching
from pipeline.storage import Location, is_remote, shown, steadily
from pipeline.terminal import WIDTH, columns_of, fold, pad, wants_colour, width

#: What the work rests on, shown with versions; the rest of the requirements is named only where it is not as asked for.
_SHOWN = ("pyarrow", "duckdb", "pandas", "prefect", "great-expectations", "spacy", "lxml", "pdfplumber", "xlsxwriter")
_MARKS = {"ok": ("✓", "\x1b[32m"), "missing": ("–", "\x1b[33m"), "wrong": ("✗", "\x1b[31m")}
_LABEL = 26
_MB = 1024 * 1024


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """The parser of `doctor`."""
    words = "检查安装：有什么、缺什么、怎样补 what is installed, what is missing, how to get it"
    made = command(commands, common, "doctor", words)
    add_curated(made)
    made.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the findings; 1 where the main job cannot work."""
    wrong = [*_programs(), *_works()]
    _formats()
    _place(arguments.curated)
    if wrong:
        raise InputError(f"主要功能不可用 the main job does not work: {'; '.join(wrong)}")
    print("\n主要功能可用 The main job works: gongbao ingest PATH")
    return 0


def _line(kind: str, label: str, words: str) -> None:
    mark, colour = _MARKS[kind]
    sign = f"{colour}{mark}\x1b[0m" if wants_colour(sys.stdout) else mark
    if width(label) >= _LABEL:  # a long path: what is to be said of it stands below
        print(f"  {sign} {label}")
        sign, label = " ", ""
    first, *more = fold(words, min(columns_of(sys.stdout), WIDTH) - _LABEL - 4) or [""]
    print(f"  {sign} {pad(label, _LABEL)}{first}".rstrip())
    for each in more:
        print(" " * (_LABEL + 4) + each)


def _programs() -> list[str]:
    """The versions of Python and of the packages; those that are not as asked for."""
    print(f"gongbao {__version__}\n")
    wrong = []
    python = sys.version_info[:2]
    good = (3, 11) <= python < (3, 15)
    system = f"{platform.python_version()} ({platform.system()} {platform.machine()})"
    _line("ok" if good else "wrong", "Python", system if good else f"{system}; 需要 needs 3.11 to 3.14")
    if not good:
        wrong.append("Python")
    for name, found, asked, fits in _requirements():
        if not fits:
            wrong.append(name)
            have = found or "未安装 not installed"
            _line("wrong", name, f'{have}; 需要 needs: make install, or pip install "{name}{asked}"')
        elif name in _SHOWN:
            _line("ok", name, found or "")
    return wrong


def _requirements() -> list[tuple[str, str | None, str, bool]]:
    """Each package that gongbao asks for here: name, version found, versions asked for, whether it fits."""
    from packaging.requirements import Requirement

    try:
        asked = [Requirement(line) for line in metadata.requires("gongbao") or ()]
    except metadata.PackageNotFoundError:  # run from a folder, not installed
        asked = [Requirement(name) for name in _SHOWN]
    rows = []
    for each in asked:
        if each.marker is None or each.marker.evaluate({"extra": ""}):
            found = _version(each.name)
            fits = found is not None and each.specifier.contains(found, prereleases=True)
            rows.append((each.name, found, str(each.specifier), fits))
    return sorted(rows)


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _works() -> list[str]:
    """The way through the library, once, on a sentence: what does not work."""
    found = []
    for label, step in (("解析 parsing", _parses), ("表与查询 tables, queries", _queries)):
        try:
            step()
            _line("ok", label, "试过 tried")
        except Exception as error:
            words = " ".join(str(error).split()) or type(error).__name__
            _line("wrong", label, words)
            found.append(label)
    return found


def _parses() -> None:
    import pipeline

    pipeline.parse("云海市人民政府公报\n2026年6月底前，完成清淤12公里。".encode(), media_type="text/plain").tables()


def _queries() -> None:
    import duckdb
    import pyarrow as pa

    from pipeline.publish import write_parquet

    write_parquet(pa.table({"n": [1]}), pa.BufferOutputStream())
    if duckdb.connect().sql("SELECT 1").fetchall() != [(1,)]:
        raise RuntimeError("DuckDB gives a wrong answer")


def _formats() -> None:
    """What each format and each further task needs."""
    from pipeline.read import ocr
    from pipeline.read.office import find_program

    print("\n格式与用途 Formats and uses")
    _line("ok", "Markdown, TXT, HTML", "有 there")
    _line("ok", "PDF, DOCX", "有 there")
    office = find_program()
    how = "LibreOffice: apt install libreoffice-writer, brew install --cask libreoffice"
    _choice("DOC, WPS, RTF", office is not None, office or "", how)
    _choice("扫描件 scans", ocr.available(), "gongbao[ocr]", 'make install-ocr, pip install "gongbao[ocr]" (280 MB)')
    dask = find_spec("prefect_dask") is not None
    _choice("集群 clusters", dask, "gongbao[dask]", 'pip install "gongbao[dask]"')
    for label, package in (
        ("导出 export xlsx", "xlsxwriter"),
        ("网站 site", "vl_convert"),
        ("补全 completion", "shtab"),
    ):
        _choice(label, find_spec(package) is not None, "有 there", "make install")


def _choice(label: str, there: bool, words: str, how: str) -> None:
    _line("ok" if there else "missing", label, words if there else f"未安装 not installed: {how}")


def _place(curated: Location) -> None:
    """Room, memory, the terminal, and what is published."""
    print("\n环境 Surroundings")
    folder = Path() if is_remote(curated) else Path(str(curated)).absolute()
    here = next(p for p in (folder.absolute(), *folder.absolute().parents) if p.exists())
    free = shutil.disk_usage(here).free / _MB
    _line("ok" if free > 500 else "missing", "磁盘余量 free disk", f"{free:,.0f} MB")
    memory = _memory()
    if memory:
        _line("ok" if memory > 4000 else "missing", "内存 memory", f"{memory:,.0f} MB (建议 better 4,000)")
    colour = "有颜色 colours" if wants_colour(sys.stdout) else "无颜色 no colours"
    _line("ok", "终端 terminal", f"{sys.stdout.encoding}, {columns_of(sys.stdout)} 列 columns, {colour}")
    _dataset(curated, None if is_remote(curated) else folder)


def _dataset(curated: Location, folder: Path | None) -> None:
    """How much is published; of an object store only how many issues, to list all of it takes long."""
    from pipeline.published import is_dataset, manifests

    with reaching(curated):
        if not is_dataset(curated):
            _line("missing", shown(curated), "尚无已发布的数据 nothing published yet: gongbao ingest PATH")
            return
        words = f"{len(steadily(curated, manifests))} 期 issues"
    if folder is not None:
        files = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
        words += f" · {len(files):,} 个文件 files · {sum(files) / _MB:,.1f} MB"
    _line("ok", shown(curated), words)


def _memory() -> float | None:
    names: dict[str, int] = getattr(os, "sysconf_names", {})
    sysconf: Callable[[str], int] | None = getattr(os, "sysconf", None)
    if sysconf is None or not {"SC_PAGE_SIZE", "SC_PHYS_PAGES"} <= set(names):
        return None
    return sysconf("SC_PAGE_SIZE") * sysconf("SC_PHYS_PAGES") / _MB
