"""The lock check finds what it is there for, and the lock of this checkout passes."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def lock_check() -> ModuleType:
    spec = importlib.util.spec_from_file_location("lock_check", ROOT / ".ci" / "lock_check.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["lock_check"] = module
    spec.loader.exec_module(module)
    return module


PYPROJECT = """
[build-system]
requires = ["tool>=1"]
[project]
dependencies = ["one>=1.2,<2", "Two_b>=3"]
[project.optional-dependencies]
dev = []
ocr = []
[dependency-groups]
access = []
bench = []
build = ["tool>=1"]
"""
GOOD = "one==1.3 \\\n    --hash=sha256:aa\n    # via x\ntwo-b==3.0 ; python_version < '3.12' \\\n    --hash=sha256:bb\n"
BUILD = "tool==1.0 --hash=sha256:cc\n"

CASES = [
    (GOOD, None, "satisfied, comments and continuations are read"),
    (GOOD.replace("one==1.3", "one==2.0"), "one==2.0", "above the bound"),
    (GOOD.replace("one==1.3", "one>=1.3"), "not an exact version", "not pinned"),
    (GOOD.replace("--hash=sha256:bb", ""), "two-b==3.0: no hash", "a pin without a hash"),
    (GOOD.split("two-b")[0], "Two_b: not locked", "a requirement without a pin"),
    ("--index-url https://example.org/simple\n" + GOOD, "requirements.txt", "an address of a registry"),
    (GOOD.replace("# via x", "# from https://example.org"), "an address", "an address in a comment"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), CASES, ids=[c[2] for c in CASES])
def test_check(lock_check: ModuleType, text: str, expected: str | None, reason: str) -> None:
    locks = {"requirements.txt": text, "requirements-dev.txt": GOOD, "requirements-build.txt": BUILD}
    problems = [p for p in lock_check.check(PYPROJECT, locks) if p.startswith("requirements.txt:")]
    assert bool(problems) == (expected is not None), reason
    assert expected is None or any(expected in p for p in problems), reason


def test_locks_agree_on_versions(lock_check: ModuleType) -> None:
    locks = {
        "requirements.txt": GOOD,
        "requirements-dev.txt": GOOD.replace("one==1.3", "one==1.4"),
        "requirements-ocr.txt": GOOD,
        "requirements-build.txt": BUILD,
    }
    disagree = "one: requirements.txt 1.3, requirements-dev.txt 1.4, requirements-ocr.txt 1.3"
    assert lock_check.check(PYPROJECT, locks) == [disagree]


def test_this_lock(lock_check: ModuleType) -> None:
    assert lock_check.main() == 0
