"""What must hold, as data: one TOML file per suite beside this module.

A suite has a `table` (the frame it looks at, see `expectations.frames`), and
`[[expectation]]` entries:

* `name`, unique over all suites, the name that refused rows and `checks` carry;
* `type`, an expectation of Great Expectations in snake case, and its `args`;
* `severity`: `error` or `warning`;
* `scope`: `row` (a failure refuses rows) or `issue` (a failure holds the issue back);
* `when`, conditions that must all hold of a row for it to be asked at all: `[column, operator, value]`, where the
  operator is ==, !=, in, `is null` or `is not null`, the last two without a value;
* `zh` and `en`, the meaning in a sentence;
* `holds` and `breaks`, rows that must pass and rows that must fail, tried by a test.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
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
    when: tuple[Sequence[Any], ...] = ()
    zh: str = ""
    en: str = ""
    holds: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    breaks: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the frame that the expectation reads, those of its conditions last."""
        listed = self.args.get("column_list", ())
        single = (self.args[k] for k in ("column", "column_A", "column_B") if k in self.args)
        return (*single, *listed, *(condition[0] for condition in self.when))


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
    lists = {k: tuple(entry.get(k, ())) for k in ("when", "holds", "breaks")}
    return Check(**{"suite": suite, "table": table, "args": {}, **known, **lists})
