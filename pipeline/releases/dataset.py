"""A dataset to compare: a release, or what is published now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.published import is_dataset
from pipeline.query import reading
from pipeline.releases.names import DESCRIPTION, ReleaseError, is_version
from pipeline.storage import Location, shown
from schemas import TABLES, table

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

SUMS = "SHA256SUMS"
Row = dict[str, Any]
#: Columns of tasks in which a change is one; others are ids, places, and how sure the program is.
FIELDS = (
    *("action", "condition", "boilerplate", "modality", "lead", "responsible", "support", "implement", "deadline"),
    *("starts_on", "due_on", "due_precision", "recurrence", "target", "targets", "text", "review"),
)
_KEYS = ("task_id", "measure_id", "issue_id", "ordinal", "char_start", "char_end", "quote", "corrected_by")


@dataclass(frozen=True)
class Dataset:
    """What is compared, read when it is asked for. `name` is that of the release, or of the folder."""

    name: str
    folder: Location
    frozen: bool

    def _read(self, sql: str) -> pa.Table:
        """The rows of a query over the tables, as of one moment."""

        def work(connection: duckdb.DuckDBPyConnection) -> pa.Table:
            found: pa.Table = connection.sql(sql).to_arrow_table()
            return found

        if not self.frozen:
            return reading(self.folder, work, views=())
        with _of_release(Path(str(self.folder))) as connection:
            return work(connection)

    @cached_property
    def issues(self) -> dict[str, Row]:
        """Issue → its source and parser."""
        sql = "SELECT issue_id, gazette, publisher, source_file, source_sha256, parser_version FROM issues"
        return {row["issue_id"]: row for row in self._rows(sql)}

    @cached_property
    def withdrawn(self) -> frozenset[tuple[str, str]]:
        """(issue, quote) of rows that a correction took out."""
        sql = "SELECT issue_id, quote FROM residuals WHERE reason LIKE 'correction.wrong:%'"
        return frozenset((row["issue_id"], row["quote"]) for row in self._rows(sql))

    @cached_property
    def _measures(self) -> Mapping[str, tuple[str, str]]:
        """Measure → its title, and a hash of its words."""
        sql = "SELECT measure_id, title, md5(text) AS words FROM measures"
        return {row["measure_id"]: (row["title"] or "", row["words"]) for row in self._rows(sql)}

    @cached_property
    def _tasks(self) -> pa.Table:
        have = set(self._read("SELECT * FROM tasks LIMIT 0").column_names)
        columns = (f'"{c}"' if c in have else f'NULL AS "{c}"' for c in (*_KEYS, *FIELDS))
        return self._read(f"SELECT {', '.join(columns)} FROM tasks")  # noqa: S608

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """Issue → where its tasks stand in the table."""
        places: dict[str, list[int]] = {}
        for at, issue in enumerate(map(str, self._tasks["issue_id"].to_pylist())):
            places.setdefault(issue, []).append(at)
        return places

    def slice_of(self, issue_id: str) -> pa.Table:
        """The tasks of an issue as they are stored."""
        found: pa.Table = self._tasks.take(self._places.get(issue_id, []))
        return found

    def tasks(self, issue_id: str) -> list[Row]:
        """The tasks of an issue, each with title and hash of its measure."""
        rows = self.slice_of(issue_id).to_pylist()
        for row in rows:
            row["measure_title"], row["measure_words"] = self._measures.get(row["measure_id"], ("", ""))
            row["targets"] = [{k: v for k, v in t.items() if k != "target_id"} for t in row["targets"] or ()]
        return list(rows)

    def _rows(self, sql: str) -> Iterator[Row]:
        yield from self._read(sql).to_pylist()


def of_curated(curated: Location, name: str | None = None) -> Dataset:
    """What is published now."""
    return Dataset(name or shown(curated), curated, frozen=False)


def of_release(folder: Path) -> Dataset:
    """A release; ReleaseError where it is none, or its files are not those that were released."""
    if not (folder / DESCRIPTION).is_file():
        raise ReleaseError(f"{folder}: 没有这个版本 no such release")
    damage = next(damaged(folder), None)
    if damage is not None:
        raise ReleaseError(f"{folder}: {damage}: 版本受损 the release is damaged, restore it")
    return Dataset(folder.name, folder, frozen=True)


def opened(name: str, releases: Path, curated: Location) -> Dataset:
    """The dataset that a word of the command line names: a version, `curated`, or a folder of either."""
    if is_version(name) and (releases / name).is_dir():
        return of_release(releases / name)
    if (Path(name) / DESCRIPTION).is_file():
        return of_release(Path(name))
    where = curated if name == "curated" else name
    if is_dataset(where):
        return of_curated(where, "curated" if name == "curated" else None)
    raise ReleaseError(f"{name}: 既非 {releases} 中的版本，也非数据目录 neither a release in {releases} nor a dataset")


def damaged(folder: Path) -> Iterator[str]:
    """What of a release is not as its SHA256SUMS say, a line each."""
    sums = folder / SUMS
    if not sums.is_file():
        yield f"{SUMS}: missing"
        return
    listed = set()
    for line in sums.read_text("utf-8").splitlines():
        digest, _, path = line.partition("  ")
        listed.add(path)
        if not (folder / path).is_file():
            yield f"{path}: missing"
        elif sha256_of(folder / path) != digest:
            yield f"{path}: not as released"
    for extra in sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()):
        if extra not in listed and extra != SUMS:
            yield f"{extra}: not of the release"


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as handle:
        return file_digest(handle, "sha256").hexdigest()


def description(folder: Path) -> Row:
    """What `release.json` of a release says."""
    return dict(json.loads((folder / DESCRIPTION).read_bytes()))


def _of_release(folder: Path) -> duckdb.DuckDBPyConnection:
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    for name in TABLES:
        path = (folder / f"{name}.parquet").as_posix().replace("'", "''")
        for char in "[*?":
            path = path.replace(char, f"[{char}]")
        connection.execute(f"CREATE VIEW \"{name}\" AS SELECT * FROM read_parquet('{path}')")  # noqa: S608
    return connection


def view_of(name: str) -> str:
    """The view of `pipeline.query.connect` that gives a table as it is published."""
    return "organisations_by_issue" if name == "organisations" else name


def select(name: str) -> str:
    """The rows of a table of `pipeline.query.connect`, issue by issue, however the files hold them."""
    columns = ", ".join(f'"{column}"' for column in table(name).names)
    numbered = f'SELECT {columns}, row_number() OVER () AS "place" FROM "{view_of(name)}"'  # noqa: S608
    return f'SELECT {columns} FROM ({numbered}) ORDER BY issue_id, "place"'  # noqa: S608
