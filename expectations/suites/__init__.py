"""What must hold, as data: one TOML file per suite beside this module.

A suite has a `table` (the frame it looks at, see `expectations.frames`), and
`[[expectation]]` entries:

* `name`, unique over all suites, the name that refused rows and `checks` carry;
* `type`, an expectation of Great Expectations in snake case, and its `args`;
* `severity`: `error` or `warning`;
* `scope`: `row` (a failure refuses rows) or `issue` (a failure holds the issue back);
* `when`, a pandas query: the rows that are asked at all;
* `zh` and `en`, the meaning in a sentence;
* `holds` and `breaks`, rows that must pass and rows that must fail, tried by a test.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Severity = Literal["error", "warning"]
Scope = Literal["row", "issue"]


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation of a suite, before Great Expectations sees it."""

    suite: str
    name: str
    table: str
    type: str
    args: Mapping[str, Any]
    severity: Severity
    scope: Scope = "row"
    when: str | None = None
    zh: str = ""
    en: str = ""
    holds: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    breaks: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the frame that the expectation reads."""
        listed = self.args.get("column_list", ())
        single = (self.args[k] for k in ("column", "column_A", "column_B") if k in self.args)
        return (*single, *listed)


@cache
def names() -> tuple[str, ...]:
    """Names of all suites kept as files, sorted."""
    return tuple(sorted(p.name.removesuffix(".toml") for p in files(__name__).iterdir() if p.name.endswith(".toml")))


@cache
def load(suite: str) -> tuple[Check, ...]:
    """The checks of `<suite>.toml`, in file order; FileNotFoundError for no such suite."""
    content = tomllib.loads((files(__name__) / f"{suite}.toml").read_text(encoding="utf-8"))
    return tuple(_check(suite, content["table"], entry) for entry in content["expectation"])


def _check(suite: str, table: str, entry: dict[str, Any]) -> Check:
    known = {k: v for k, v in entry.items() if k not in ("holds", "breaks")}
    rows = {k: tuple(entry.get(k, ())) for k in ("holds", "breaks")}
    return Check(**{"suite": suite, "table": table, "args": {}, **known, **rows})
