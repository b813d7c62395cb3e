"""Fails when a lock does not satisfy pyproject.toml: python .ci/lock_check.py.

Pure: reads files only. Each requirement has a pin that satisfies it, each pin has a hash,
no line names an address, and all locks pin the same version of a package.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
ADDRESS = re.compile(r"://|^\s*(?:-i|-f|--(?:index|extra-index|find-links)\S*)(?:\s|=|$)| @ ")


@dataclass(frozen=True)
class Pin:
    """A line `name==version ; marker` of a lock with the number of its hashes."""

    name: str
    version: str
    marker: str
    hashes: int


def pins(text: str) -> Iterator[Pin]:
    """The pins of a lock in file order; ValueError for a requirement without an exact version."""
    for entry in text.replace("\\\n", " ").splitlines():
        line = entry.split(" #")[0].strip()
        if not line or line.startswith("#"):
            continue
        spec, *hashes = re.split(r"\s+--hash=sha256:", line)
        requirement = Requirement(spec)
        version = re.fullmatch(r"==([^,*]+)", str(requirement.specifier))
        if version is None:
            raise ValueError(f"{spec}: not an exact version")
        yield Pin(canonicalize_name(requirement.name), version[1], str(requirement.marker or ""), len(hashes))


def wanted(pyproject: str) -> dict[str, list[Requirement]]:
    """Lock file -> requirements that pyproject.toml (its text) lays on it."""
    data = tomllib.loads(pyproject)
    run = data["project"]["dependencies"]
    groups = data["dependency-groups"]
    lists = {
        "requirements.txt": run,
        "requirements-dev.txt": run + data["project"]["optional-dependencies"]["dev"],
        "requirements-ocr.txt": run + data["project"]["optional-dependencies"]["ocr"],
        "requirements-access.txt": groups["access"],
        "requirements-bench.txt": groups["bench"],
        "requirements-build.txt": groups["build"] + data["build-system"]["requires"],
    }
    return {lock: [Requirement(r) for r in requirements] for lock, requirements in lists.items()}


def unmet(requirements: list[Requirement], locked: list[Pin]) -> Iterator[str]:
    """One line for each requirement without a pin, or with a pin outside its bounds."""
    for requirement in requirements:
        found = [p for p in locked if p.name == canonicalize_name(requirement.name)]
        if not found:
            yield f"{requirement.name}: not locked"
        for pin in found:
            if not requirement.specifier.contains(pin.version, prereleases=True):
                yield f"{pin.name}=={pin.version}: pyproject.toml asks for {requirement.specifier}"


def check(pyproject: str, locks: dict[str, str]) -> list[str]:
    """What is wrong, one line each, given the texts of pyproject.toml and of each lock by name."""
    problems: list[str] = []
    versions: dict[tuple[str, str], dict[str, str]] = {}
    for lock, requirements in wanted(pyproject).items():
        text = locks.get(lock, "")
        try:
            locked = list(pins(text))
        except ValueError as error:
            problems.append(f"{lock}: {error}")
            continue
        problems += [f"{lock}: {line}" for line in unmet(requirements, locked)]
        problems += [f"{lock}: {p.name}=={p.version}: no hash" for p in locked if not p.hashes]
        problems += [f"{lock}: an address: {line.strip()}" for line in text.splitlines() if ADDRESS.search(line)]
        for pin in locked:
            versions.setdefault((pin.name, pin.marker), {})[lock] = pin.version
    for (name, _), by_lock in sorted(versions.items()):
        if len(set(by_lock.values())) > 1:
            problems.append(f"{name}: {', '.join(f'{lock} {version}' for lock, version in by_lock.items())}")
    return problems


def main() -> int:
    """Check the files of this checkout; 1 when something is wrong."""
    locks = {path.name: path.read_text(encoding="utf-8") for path in ROOT.glob("requirements*.txt")}
    problems = check((ROOT / "pyproject.toml").read_text(encoding="utf-8"), locks)
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        print("The lock does not satisfy pyproject.toml; `make lock` makes it anew.", file=sys.stderr)
        return 1
    print("lock: ok")
    return 0


if __name__ == "__main__":
    sys.exit(main())
