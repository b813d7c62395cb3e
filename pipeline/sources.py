"""Which files a table is read from, and how from an object store."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pipeline.merged import is_merged
from pipeline.published import MANIFESTS
from pipeline.storage import View
from pipeline.storage.remote import RemotePlace
from schemas import DERIVED, TABLES, arrow_schema

if TYPE_CHECKING:
    import pyarrow.dataset as ds

_PARTITION = re.compile(r"/province=([^/]+)/year=(\d{4})/[^/]+\.parquet$")

#: Files of a table: as published → where they stand now.
Files = Mapping[str, str]


def files_by_table(view: View) -> dict[str, Files]:
    """The files of each table, sorted: those of issues that have a manifest, and merged ones."""
    # Manifests come last when an issue is published, so those listed first have all their files.
    (manifests,) = view.names(MANIFESTS)
    issues = {PurePosixPath(name).stem for name in manifests}
    listed = view.names(*TABLES, *DERIVED)
    return {
        # Tables made of all issues together have the name of the table in the place of an issue.
        name: {path: view.at(path) for path in paths if _is_published(path, {name} if name in DERIVED else issues)}
        for name, paths in zip((*TABLES, *DERIVED), listed, strict=True)
    }


def _is_published(path: str, issues: set[str]) -> bool:
    return _PARTITION.search(path) is not None and (is_merged(path) or PurePosixPath(path).stem in issues)


def dataset(place: RemotePlace, name: str, files: Files) -> ds.Dataset:
    """A table as an Arrow dataset with the columns `province` and `year`: engines push filters and columns down to it.

    Nothing is read before a query. Files of a partition that a filter excludes are not opened.
    """
    import pyarrow as pa
    import pyarrow.dataset as ds

    form, filesystem = ds.ParquetFileFormat(), place.filesystem()
    schema = arrow_schema(name).remove_metadata()
    for field in (pa.field("province", pa.string()), pa.field("year", pa.int32())):
        schema = schema if field.name in schema.names else schema.append(field)
    fragments = []
    for path, at in files.items():
        found = _PARTITION.search(path)
        assert found is not None
        # Year 0 is the partition of issues that print no year.
        year = ds.field("year")
        in_year = year == pa.scalar(int(found[2]), pa.int32()) if int(found[2]) else year.is_null()
        where = (ds.field("province") == found[1]) & in_year
        fragments.append(form.make_fragment(place.at(at), filesystem, partition_expression=where))
    return ds.FileSystemDataset(fragments, schema, form, filesystem)
