"""Great Expectations: suites as data in, plain results out. Nothing here is imported before it is used."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, reduce
from operator import and_
from typing import TYPE_CHECKING, Any

from expectations.suites import Check

if TYPE_CHECKING:
    import pandas as pd

#: The time of every run, for equal runs to give equal pages; the true one stands in `runs.jsonl`.
RUN_TIME = datetime(1970, 1, 1, tzinfo=UTC)

#: Severity of a check → that of Great Expectations.
_SEVERITY = {"error": "critical", "warning": "warning"}

#: Operators of `when` → methods of the library's columns.
_OPERATORS = {
    "==": "__eq__",
    "!=": "__ne__",
    "in": "is_in",
    "is null": "is_null",
    "is not null": "is_not_null",
}


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one check. `rows` are the values of `row_no` that fail it."""

    check: Check
    success: bool
    rows: tuple[int, ...] = ()
    observed: str | None = None
    trouble: str | None = None  # why it could not be tried


@cache
def _library() -> Any:
    """The library, imported with its usage statistics off unless the user's environment says otherwise."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations

    return great_expectations


def _context() -> Any:
    """An ephemeral context without its site of Data Docs, for which it would leave a folder behind."""
    context = _library().get_context(mode="ephemeral")
    for name, site in list(context.config.data_docs_sites.items()):
        shutil.rmtree(site["store_backend"]["base_directory"], ignore_errors=True)
        context.delete_data_docs_site(name)
    return context


class Engine:
    """An ephemeral context that keeps its results for Data Docs; use one for each issue or batch of issues."""

    def __init__(self) -> None:
        from great_expectations.data_context.types.base import ProgressBarsConfig

        with _quiet():
            self.context = _context()
        self.context.variables.progress_bars = ProgressBarsConfig(globally=False)
        self._source = self.context.data_sources.add_pandas("staged")

    def run(self, suite: str, checks: Sequence[Check], frame: pd.DataFrame, run_name: str) -> list[Result]:
        """Try the checks on a frame with `row_no` and `row_key`; results in the order of the checks."""
        if frame.empty:
            return [of_no_rows(c) for c in checks]
        known = [c for c in checks if set(c.columns) <= set(frame.columns)]
        answered = {}
        if known:
            with _quiet():
                answered = {r.check.name: r for r in self._validate(suite, known, frame, run_name)}
        return [answered.get(c.name) or _without_columns(c, frame) for c in checks]

    def _validate(self, suite: str, checks: Sequence[Check], frame: pd.DataFrame, run_name: str) -> Iterator[Result]:
        gx = _library()
        batch = self._source.add_dataframe_asset(suite).add_batch_definition_whole_dataframe("issue")
        kept = self.context.suites.add(gx.ExpectationSuite(name=suite, expectations=list(map(_expectation, checks))))
        definition = gx.ValidationDefinition(name=suite, data=batch, suite=kept)
        outcome = self.context.validation_definitions.add(definition).run(
            batch_parameters={"dataframe": frame},
            result_format={"result_format": "COMPLETE", "unexpected_index_column_names": ["row_no"]},
            run_id=gx.RunIdentifier(run_name=run_name, run_time=RUN_TIME),
        )
        by_name = {c.name: c for c in checks}
        return (_result(by_name[r.expectation_config.meta["name"]], r) for r in outcome.results)


def _expectation(check: Check) -> Any:
    """The expectation object of a check, its meaning as the notes that Data Docs show."""
    import great_expectations.expectations as catalogue

    name = "".join(part.capitalize() for part in check.type.split("_"))
    kind = getattr(catalogue, name)
    condition = {"row_condition": _condition(check.when)} if check.when else {}
    return kind(
        **check.args,
        **condition,
        severity=_SEVERITY[check.severity],
        meta={"name": check.name},
        notes=f"{check.name}: {check.zh} · {check.en}",
    )


def _condition(parts: Sequence[Sequence[Any]]) -> Any:
    """The conjunction of conditions given as [column, operator, value]."""
    from great_expectations.expectations.row_conditions import Column

    made = []
    for name, operator, *value in parts:
        column = Column(name)
        made.append(getattr(column, _OPERATORS[operator])(*value))
    return reduce(and_, made)


def _result(check: Check, answer: Any) -> Result:
    trouble = _trouble(answer.exception_info)
    if trouble:
        return Result(check, success=False, trouble=trouble)
    found = answer.result.get("unexpected_index_list") or ()
    rows = tuple(sorted({int(entry["row_no"]) for entry in found}))
    return Result(check, bool(answer.success), rows, _observed(answer.result))


def _trouble(info: Mapping[str, Any] | None) -> str | None:
    """The message of an exception; the library nests them by metric where there are several."""
    entries: Iterable[Any] = [info, *(info or {}).values()]
    for entry in entries:
        if isinstance(entry, Mapping) and entry.get("raised_exception"):
            return str(entry.get("exception_message"))
    return None


def _observed(result: Mapping[str, Any]) -> str | None:
    if "observed_value" in result:
        return str(result["observed_value"])
    if "unexpected_count" in result:
        asked = result["element_count"] - (result.get("missing_count") or 0)
        return f"{asked - result['unexpected_count']}/{asked}"
    return None


def of_no_rows(check: Check) -> Result:
    """No row breaks an expectation of rows; one of a count is settled by the count."""
    wanted = check.args.get("value", 0) if check.type == "expect_table_row_count_to_equal" else 0
    return Result(check, success=wanted == 0, observed="0/0")


def _without_columns(check: Check, frame: pd.DataFrame) -> Result:
    missing = sorted(set(check.columns) - set(frame.columns))
    return Result(check, success=False, trouble=f"no column {', '.join(missing)}")


@contextmanager
def _quiet() -> Iterator[None]:
    """The library reports each context and each failed metric on its logger; results carry the same."""
    logger = logging.getLogger("great_expectations")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
