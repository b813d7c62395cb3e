"""`gongbao source new`: a source file to fill in, with every key that is usually needed."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from fetching.errors import SourceError
from fetching.source import NAME

KINDS = ("list", "feed", "folder")


def new(name: str, kind: str, folder: Path) -> Path:
    """Write `<folder>/<name>.toml`; SourceError for a name that is none, or is taken."""
    path = folder / f"{name}.toml"
    if not NAME.fullmatch(name):
        raise SourceError([f"{name}: write lower-case letters, digits and hyphens: yunhai-gazette"])
    content = files("fetching").joinpath(f"templates/{kind}.toml").read_text(encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as handle:
            handle.write(content)
    except FileExistsError:
        raise SourceError([f"{path}: is there already: choose another name"]) from None
    return path
