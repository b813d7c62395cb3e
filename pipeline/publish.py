"""Records → Arrow tables → the files of an issue, replaced whole.

    curated/<table>/province=<2 digits>/year=<yyyy>/<issue_id>.parquet   tables with rows
    curated/text/<issue_id>.txt                                          canonical text
    curated/manifest/<issue_id>.json                                     SHA-256 of each of these files
    curated/datapackage.json, curated/views.sql, curated/runs.jsonl

`curated` may be a folder or the address of an object store (`pipeline.storage`). All but `runs.jsonl` depends on the
source's bytes, the program's version and the corrections alone.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.merged import encode, take_out
from pipeline.parquet import write_parquet
from pipeline.published import files_of, folder_of, name_of, published, unread
from pipeline.storage import Location, Place, View, place
from schemas import DERIVED, TABLES, arrow_schema, datapackage, table
from schemas.sql import script
from schemas.types import PRECISION, SCALE, Type

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["RecordError", "decimal_value", "publish", "published", "stage", "to_tables", "unread", "write_parquet"]

DESCRIPTOR = "datapackage.json"
VIEWS_SQL = "views.sql"
RUNS = "runs.jsonl"
Record = Mapping[str, Any]
#: File of a staging folder that says which corrections the rows bear.
CORRECTIONS = "corrections.json"
_STEP = Decimal(1).scaleb(-SCALE)
_LIMIT = Decimal(10) ** (PRECISION - SCALE)
_CONTEXT = Context(prec=PRECISION + SCALE, rounding=ROUND_HALF_EVEN)


class RecordError(ValueError):
    """A row that does not fit its table: a fault of the program, not of the bulletin."""


def to_tables(records: Mapping[str, Iterable[Record]]) -> dict[str, pa.Table]:
    """Arrow tables of one issue from rows as dicts: every table of the schema, rows in the order given.

    A column a row lacks is null (lists empty where they may not be null), and
    `issue_id` is that of the issue. RecordError for an unknown table or column, a value of the
    wrong type, or a null where the schema has none.
    """
    unknown = set(records) - set(TABLES)
    if unknown:
        raise RecordError(f"no such table: {', '.join(sorted(unknown))}")
    issues = list(records.get("issues", ()))
    issue_id = issues[0].get("issue_id") if issues else None
    return {name: to_table(name, list(records.get(name, ())), issue_id) for name in TABLES}


def to_table(name: str, rows: Sequence[Record], issue_id: str | None = None) -> pa.Table:
    """One table of TABLES or DERIVED from rows as dicts; `issue_id` is the default of the column of that name."""
    import pyarrow as pa

    definition, schema = table(name), arrow_schema(name)
    _refuse_unknown(name, rows, frozenset(definition.names))
    arrays = []
    for column, field in zip(definition.columns, schema, strict=True):
        default = _default(column.name, column.kind, column.nullable, issue_id)
        values = [row.get(column.name, default) for row in rows]
        if default is not None:
            values = [default if value is None else value for value in values]
        if not column.nullable and None in values:
            raise RecordError(f"{name}.{column.name} is null in row {values.index(None)}")
        try:
            arrays.append(pa.array(_fit(values, column.kind), type=field.type))
        except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
            raise RecordError(f"{name}.{column.name}: {error}") from error
    return pa.Table.from_arrays(arrays, schema=schema)


def _refuse_unknown(name: str, rows: Sequence[Record], known: frozenset[str]) -> None:
    for row in rows:
        if not known.issuperset(row):
            raise RecordError(f"{name} has no column {', '.join(sorted(set(row) - known))}")


def _default(name: str, kind: Type, nullable: bool, issue_id: str | None) -> Any:
    if name == "issue_id":
        return issue_id
    return [] if kind.name == "list" and not nullable else None


def _fit(values: list[Any], kind: Type) -> list[Any]:
    """Values with every decimal at the scale of the column; other types as they are."""
    if kind.name == "decimal":
        return [None if value is None else decimal_value(value) for value in values]
    if _has_decimal(kind):
        return [_fit_nested(value, kind) for value in values]
    return values


def _has_decimal(kind: Type) -> bool:
    inner = [kind.item] if kind.item else [k for _, k in kind.fields]
    return kind.name == "decimal" or any(_has_decimal(k) for k in inner)


def _fit_nested(value: Any, kind: Type) -> Any:
    if value is None:
        return None
    if kind.item is not None:
        return [_fit_nested(element, kind.item) for element in value]
    if kind.fields:
        return {name: _fit_nested(value.get(name), inner) for name, inner in kind.fields}
    return decimal_value(value) if kind.name == "decimal" else value


def decimal_value(value: Decimal | int | float | str) -> Decimal | None:
    """The number at six places after the point; null where decimal128(24, 6) cannot hold it."""
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    if not number.is_finite() or abs(number) >= _LIMIT:
        return None
    rounded = number.quantize(_STEP, context=_CONTEXT)
    return rounded if abs(rounded) < _LIMIT else None


def stage(tables: Mapping[str, pa.Table], text: str, folder: Path, corrections: str | None = None) -> None:
    """Write `<table>.parquet` (empty ones too) and `text.txt` into `folder`, the same bytes for the same tables.

    `corrections` is the digest of those that the rows bear.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in tables.items():
        write_parquet(content, folder / f"{name}.parquet")
    (folder / "text.txt").write_bytes(text.encode("utf-8"))
    (folder / CORRECTIONS).unlink(missing_ok=True)
    if corrections is not None:
        (folder / CORRECTIONS).write_text(json.dumps({"digest": corrections}), encoding="utf-8")


def publish(
    staged: Path,
    curated: Location,
    issue_id: str,
    province: str,
    year: int | None,
    *,
    supersedes: Iterable[str] = (),
    run: Mapping[str, Any] | None = None,
    unread: str | None = None,
) -> dict[str, Any]:
    """Replace the files of an issue by the staged ones, all or none, and return its manifest.

    Tables without rows get no file. Files of the issue in other partitions go, and so do
    all files of the issues in `supersedes` (the same source under an earlier id). `run` is added to the
    line of `runs.jsonl`. `unread` is the name of a file of which only the refusal is published
    (`pipeline.unread`). OSError where the disk refuses: the earlier version then stands.
    """
    folder = folder_of(province, year)
    new: dict[str, Path | bytes] = {
        f"{name}/{folder}/{issue_id}.parquet": staged / f"{name}.parquet"
        for name in TABLES
        if _rows(staged / f"{name}.parquet")
    }
    new[f"text/{issue_id}.txt"] = staged / "text.txt"
    manifest = _manifest(staged, issue_id, province, year, new)
    if unread is not None:
        manifest["unread"] = unread
    new[name_of(issue_id)] = encode(manifest)
    root, ids = place(curated), (issue_id, *supersedes)
    with root.locked(), tempfile.TemporaryDirectory(prefix="gongbao-") as beside:
        view = View(root)
        old = {path for each in ids for path in files_of(view, each)}
        change = take_out(view, ids, Path(beside))
        new |= change.new
        stale = (old | change.stale) - set(new)
        root.replace(issue_id, new | descriptions(root, new, stale), stale)
        _record(root, manifest, run or {})
    return manifest


def _rows(path: Path) -> int:
    import pyarrow.parquet as pq

    return int(pq.read_metadata(path).num_rows) if path.exists() else 0


def _manifest(
    staged: Path, issue_id: str, province: str, year: int | None, new: Mapping[str, Path | bytes]
) -> dict[str, Any]:
    import pyarrow.parquet as pq

    issue = pq.ParquetFile(staged / "issues.parquet").read(columns=["source_sha256", "parser_version"]).to_pylist()[0]
    files = {}
    for path, source in sorted(new.items()):
        assert isinstance(source, Path)
        rows = {"rows": _rows(source)} if path.endswith(".parquet") else {}
        files[path] = {"sha256": sha256(source.read_bytes()).hexdigest(), **rows}
    return {"issue_id": issue_id, **issue, "province": province, "year": year, "files": files, **_corrections(staged)}


def _corrections(staged: Path) -> dict[str, str]:
    """The digest of the corrections that the staged rows bear; nothing where they bear none."""
    path = staged / CORRECTIONS
    return {"corrections": json.loads(path.read_bytes())["digest"]} if path.exists() else {}


def _record(root: Place, manifest: Mapping[str, Any], run: Mapping[str, Any]) -> None:
    """The line of this publication in `runs.jsonl`."""
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "issue_id": manifest["issue_id"],
        "source_sha256": manifest["source_sha256"],
        "parser_version": manifest["parser_version"],
        **run,
    }
    root.append(RUNS, json.dumps(entry, ensure_ascii=False))


def descriptions(root: Place, new: Iterable[str], stale: Iterable[str]) -> dict[str, bytes]:
    """What tells other programs of the tables, where that changes with new and removed files.

    `datapackage.json`, and `views.sql` on the tables with files. They are replaced together with the files: written
    after them, they would stay as they were when a run dies between.
    """
    new, stale = list(new), set(stale)
    names = (*TABLES, *DERIVED)
    there = dict(zip(names, root.each(lambda name: _has_files(root, name, new, stale), names), strict=True))
    made = {DESCRIPTOR: _descriptor(), VIEWS_SQL: script(there.__getitem__).encode("utf-8")}
    return {name: each for name, each in made.items() if not root.exists(name) or root.read(name) != each}


def _has_files(root: Place, name: str, new: Iterable[str], stale: set[str]) -> bool:
    """Whether a table will have files."""
    if any(path.startswith(f"{name}/") for path in new):
        return True
    gone = {path for path in stale if path.startswith(f"{name}/")}
    if root.path is not None and not gone:
        return next((root.path / name).glob("province=*/year=*/*.parquet"), None) is not None
    return bool(set(root.names(name)) - gone) if gone else root.exists(name)


@cache
def _descriptor() -> bytes:
    """The same for every issue."""
    return encode(datapackage())
