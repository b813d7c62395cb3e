"""Vocabulary and rules as data: one TOML file per subject beside this module.

A rule has an `id` (`<file>.<name>`), a `note` that says in a sentence what it does,
`examples` it must accept and `counter_examples` it must not. `explain` is what
`gongbao show` prints for an id.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(subject: str) -> dict[str, Any]:
    """The parsed content of `<subject>.toml`; FileNotFoundError for no such subject."""
    return tomllib.loads((files(__name__) / f"{subject}.toml").read_text(encoding="utf-8"))


@cache
def subjects() -> tuple[str, ...]:
    """Names of all rule files, sorted."""
    names = (p.name for p in files(__name__).iterdir())
    return tuple(sorted(n.removesuffix(".toml") for n in names if n.endswith(".toml")))


def rules(subject: str) -> list[dict[str, Any]]:
    """The `[[rule]]` entries of a subject, in file order."""
    return list(load(subject).get("rule", []))


@cache
def _by_id() -> dict[str, dict[str, Any]]:
    return {r["id"]: r for s in subjects() for r in rules(s)}


def explain(rule_id: str) -> dict[str, Any] | None:
    """The rule with this id, with its note and examples; null for an unknown id."""
    return _by_id().get(rule_id)
