"""The published descriptor is a data package, and the published rows are what it says: by frictionless."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import records as sample

from pipeline import parse
from pipeline.publish import publish, stage, to_tables
from schemas import DERIVED, TABLES

frictionless = pytest.importorskip("frictionless")
SAMPLE = Path(__file__).parents[2] / "raw" / "yunhai-2025-03.md"


@pytest.fixture(scope="module", params=["invented rows", "the sample bulletin"])
def curated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("data")
    if request.param == "invented rows":
        stage(to_tables(sample.records()), sample.TEXT, root / "staged")
        publish(root / "staged", root / "curated", sample.ISSUE, "99", 2025)
    else:
        bulletin = parse(SAMPLE)
        stage(bulletin.tables(), bulletin.text.text, root / "staged")
        publish(root / "staged", root / "curated", bulletin.issue_id, "99", 2025)
    return root / "curated"


def descriptor(curated: Path) -> dict[str, Any]:
    return dict(json.loads((curated / "datapackage.json").read_bytes()))


def test_the_descriptor_is_valid(curated: Path) -> None:
    package = descriptor(curated)
    assert frictionless.Package.validate_descriptor(package).valid
    for resource in package["resources"]:
        assert list(curated.glob(resource["path"])) or resource["name"] in ("checks", "continuity", "residuals")


def test_the_rows_are_what_it_says(curated: Path) -> None:
    """Types, allowed values, keys and references of every row.

    frictionless reads Parquet through pandas, where a whole number that may be null is a float and a list an array, and
    so finds fault with any such file: it is given the rows as pyarrow reads them.
    """
    package = descriptor(curated)
    for resource in package["resources"]:
        files = sorted(curated.glob(resource.pop("path")))
        del resource["format"], resource["mediatype"]
        rows = [row for file in files for row in pq.ParquetFile(file).read().to_pylist()]
        resource["data"] = rows or [[field["name"] for field in resource["schema"]["fields"]]]
    report = frictionless.Package.from_descriptor(package).validate()
    assert [error.message for task in report.tasks for error in task.errors] == []
    assert report.valid and [task.name for task in report.tasks] == [*TABLES, *DERIVED]


def test_a_wrong_value_would_be_found(curated: Path) -> None:
    package = descriptor(curated)
    resource = next(r for r in package["resources"] if r["name"] == "responsibilities")
    del resource["path"], resource["format"], resource["mediatype"], resource["schema"]["foreignKeys"]
    file = next(curated.glob("responsibilities/*/*/*.parquet"))
    resource["data"] = [{**row, "role": "nobody"} for row in pq.ParquetFile(file).read().to_pylist()]
    assert not frictionless.Resource.from_descriptor(resource).validate().valid
