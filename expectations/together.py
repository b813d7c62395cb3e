"""Several issues in one run of Great Expectations: a run costs seconds whatever the number of rows.

The rows of all parts are asked as one frame, and each answer is cut into one for each part. Where it cannot be (a key
that comes twice, a check that could not be tried), `ApartError` names the parts to be asked alone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from expectations.engine import Engine, Result, of_no_rows
from expectations.frames import flatten
from expectations.suites import Check

if TYPE_CHECKING:
    import pandas as pd

Columns = Mapping[str, list[Any]]

_COUNT = "expect_table_row_count_to_equal"
#: Whether a row fails these depends on the other rows.
_OF_ROWS_TOGETHER = frozenset({"expect_column_values_to_be_unique", "expect_compound_columns_to_be_unique"})
#: These ask the nulls too.
_OF_NULLS = frozenset({"expect_column_values_to_be_null", "expect_column_values_to_not_be_null"})


class ApartError(Exception):
    """Parts that must be asked alone; the others may be asked together again."""

    def __init__(self, parts: Iterable[int]) -> None:
        super().__init__()
        self.parts = frozenset(parts)


def run(engine: Engine, suite: str, checks: Sequence[Check], parts: Sequence[Columns], name: str) -> list[list[Result]]:
    """Results in the order of the checks for each part, as `Engine.run` gives them for the part alone.

    A part is the columns of a frame, plain values, `row_no` counted from 0. ApartError for parts to be asked alone.
    """
    parts = [_read_by(checks, part) for part in parts]
    if len(parts) == 1:
        return [engine.run(suite, checks, flatten(parts[0]), name)]
    asked = [n for n, part in enumerate(parts) if part["row_no"]]
    if not asked:
        return [[of_no_rows(c) for c in checks] for _ in parts]
    if len({tuple(parts[n]) for n in asked}) > 1:
        raise ApartError(range(len(parts)))
    sizes = [len(parts[n]["row_no"]) for n in asked]
    merged = {key: [value for n in asked for value in parts[n][key]] for key in parts[asked[0]]}
    frame = flatten({**merged, "row_no": list(range(sum(sizes)))})
    of_rows = [c for c in checks if c.type != _COUNT]
    answers = {r.check.name: r for r in engine.run(suite, of_rows, frame, name)}
    cut = [_of_size(c, sizes) if c.type == _COUNT else _cut(answers[c.name], frame, sizes, asked) for c in checks]
    found = dict(zip(asked, zip(*cut, strict=True), strict=True)) if cut else {}
    return [list(found.get(n, ())) if n in found else [of_no_rows(c) for c in checks] for n in range(len(parts))]


def _read_by(checks: Sequence[Check], part: Columns) -> Columns:
    """The columns that the checks read: the library copies whole frames."""
    wanted = {"row_no", "row_key", *(column for check in checks for column in check.columns)}
    return {name: values for name, values in part.items() if name in wanted}


def _of_size(check: Check, sizes: Sequence[int]) -> list[Result]:
    return [Result(check, success=size == check.args["value"], observed=str(size)) for size in sizes]


def _cut(result: Result, frame: pd.DataFrame, sizes: Sequence[int], asked: Sequence[int]) -> list[Result]:
    """An answer over all rows as one for each part."""
    if result.trouble or "mostly" in result.check.args:
        raise ApartError(asked)
    starts = [0, *accumulate(sizes)]
    rows: list[list[int]] = [[] for _ in sizes]
    for row in result.rows:
        part = bisect_right(starts, row) - 1
        rows[part].append(row - starts[part])
    if result.rows and result.check.type in _OF_ROWS_TOGETHER:
        raise ApartError(asked[n] for n, failing in enumerate(rows) if failing)
    mask = _asked(result.check, frame)
    totals = [int(mask[a:b].sum()) for a, b in pairwise(starts)]
    if result.observed != _observed(sum(totals), len(result.rows)):
        raise ApartError(asked)  # counted otherwise than the library counts
    return [
        Result(result.check, not failing, tuple(failing), _observed(total, len(failing)))
        for failing, total in zip(rows, totals, strict=True)
    ]


def _observed(asked: int, failing: int) -> str:
    return f"{asked - failing}/{asked}"


def _asked(check: Check, frame: pd.DataFrame) -> Any:
    """Which rows the library counts as asked: those under the condition, and not null where nulls are left out."""
    mask = _under(check, frame)
    if check.type in _OF_NULLS:
        return mask
    pair = [check.args[k] for k in ("column_A", "column_B") if k in check.args]
    columns = pair or list(check.args.get("column_list", ())) or [check.args["column"]]
    given = frame[columns].notna()
    either = check.args.get("ignore_row_if") in ("either_value_is_missing", "any_value_is_missing")
    present = given.all(axis=1) if either else given.any(axis=1)
    return (mask & present).to_numpy()


def _under(check: Check, frame: pd.DataFrame) -> Any:
    import pandas as pd

    mask = pd.Series(True, index=frame.index)
    for name, operator, *value in check.when:
        mask &= _CONDITIONS[operator](frame[name], *value)
    return mask


_CONDITIONS: dict[str, Any] = {
    "==": lambda column, value: (column == value).astype(bool),
    "!=": lambda column, value: (column != value).astype(bool),
    "in": lambda column, values: column.isin(values),
    "is null": lambda column: column.isna(),
    "is not null": lambda column: column.notna(),
}
