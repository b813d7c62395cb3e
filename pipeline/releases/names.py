"""Names of releases: versions by number (1.2.0) or by day (2026.11), in their order."""

from __future__ import annotations

import re
from pathlib import Path

from packaging.version import Version

#: In every release; a folder without it is none.
DESCRIPTION = "release.json"
_FORM = re.compile(r"\d{1,8}(?:\.\d{1,8}){1,3}(?:(?:a|b|rc)\d{1,4}|-(?:alpha|beta|rc)\.?\d{1,4})?")


class ReleaseError(ValueError):
    """A release that cannot be made or read; the message is one line."""


def version_of(name: str) -> Version:
    """The version that a name writes; ReleaseError for any other name."""
    if not _FORM.fullmatch(name):
        raise ReleaseError(f"{name}: 不是版本号，请写作 is no version, write 1.2.0, 1.2.0-rc.1 or 2026.11")
    return Version(name)


def is_version(name: str) -> bool:
    """Whether a text may be the name of a release."""
    return _FORM.fullmatch(name) is not None


def releases(folder: Path) -> list[str]:
    """The releases of a folder, earliest version first."""
    if not folder.is_dir():
        return []
    found = [p.name for p in folder.iterdir() if is_version(p.name) and (p / DESCRIPTION).is_file()]
    return sorted(found, key=Version)


def previous(folder: Path, name: str) -> str | None:
    """The release before this version, null for none; ReleaseError where the version has another name already."""
    version, before = version_of(name), None
    for other in releases(folder):
        if other != name and Version(other) == version:
            raise ReleaseError(f"{name}: 同一版本已有 the same version stands in {folder / other}")
        if Version(other) < version:
            before = other
    return before
