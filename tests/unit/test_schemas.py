"""The definition of the tables: complete, consistent, and the source of all that is made from it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pyarrow as pa
import pytest

from schemas import (
    DERIVED,
    TABLES,
    VIEWS,
    arrow_schema,
    datapackage,
    structural_expectations,
    table,
    tables,
    view,
    views,
)
from schemas.definition import load, vocabularies, warnings
from schemas.types import Type, parse_type

TYPES = [
    ("string", Type("string"), "a scalar"),
    ("list<string>", Type("list", Type("string")), "a list"),
    ("list<list<string>>", Type("list", Type("list", Type("string"))), "a list of lists"),
    ("struct<a:string,b:decimal>", Type("struct", fields=(("a", Type("string")), ("b", Type("decimal")))), "a struct"),
    (
        "struct<a:list<struct<b:int32,c:bool>>,d:date32>",
        Type(
            "struct",
            fields=(
                ("a", Type("list", Type("struct", fields=(("b", Type("int32")), ("c", Type("bool")))))),
                ("d", Type("date32")),
            ),
        ),
        "commas inside brackets do not split",
    ),
]


@pytest.mark.parametrize(("notation", "expected", "reason"), TYPES, ids=[t[2] for t in TYPES])
def test_type_notation(notation: str, expected: Type, reason: str) -> None:
    assert parse_type(notation) == expected


@pytest.mark.parametrize("notation", ["", "text", "list<>", "list<string", "map<string>", "struct<a>"])
def test_other_notation_is_refused(notation: str) -> None:
    with pytest.raises(ValueError, match="not a column type"):
        parse_type(notation)


@pytest.mark.parametrize("name", (*TABLES, *DERIVED))
def test_definition_is_consistent(name: str) -> None:
    definition = table(name)
    assert len(set(definition.names)) == len(definition.names)
    assert set(definition.primary_key) <= set(definition.names)
    assert set(definition.display) <= set(definition.names)
    assert set(definition.warnings) <= set(warnings())
    for key in definition.foreign_keys:
        assert set(key.columns) <= set(definition.names)
        assert set(key.references) <= set(table(key.table).names)
    for column in definition.columns:
        assert set(column.warnings) <= set(warnings())
        assert column.vocabulary is None or column.vocabulary in vocabularies()
        assert all((column.title_zh, column.title_en, column.description_zh, column.description_en))


def test_every_shared_text_is_used() -> None:
    columns = [c for t in (*tables(), *views()) for c in t.columns]
    assert {c.vocabulary for c in columns} - {None} == set(vocabularies())
    assert {w for c in columns for w in c.warnings} | {w for t in (*tables(), *views()) for w in t.warnings} == set(
        warnings()
    )


def test_grounded_tables_have_all_of_it() -> None:
    for definition in tables():
        if "char_start" in definition.names:
            assert {"char_end", "page", "line", "quote"} <= set(definition.names), definition.name


def test_arrow_schema_describes_its_fields() -> None:
    schema = arrow_schema("targets")
    low = schema.field("low")
    assert low.type == pa.decimal128(24, 6)
    assert low.metadata[b"title_zh"].decode() == "下值"
    assert b"multipliers" in low.metadata[b"warnings"]
    assert not schema.field("target_id").nullable
    assert schema.metadata[b"title_en"] == b"Targets"
    assert arrow_schema("issues").field("received_at").type == pa.timestamp("us", tz="UTC")


def test_arrow_schema_explains_what_its_fields_name() -> None:
    """Who has only a file finds in it what each value means and what to beware of."""
    for name in (*TABLES, *DERIVED):
        schema = arrow_schema(name)
        texts = {key.decode(): value.decode() for key, value in schema.metadata.items()}
        for field in schema:
            own = {key.decode(): value.decode() for key, value in field.metadata.items()}
            for warning in filter(None, own.get("warnings", "").split(",")):
                assert texts[f"warning:{warning}"] == f"{warnings()[warning]['zh']} {warnings()[warning]['en']}"
            if "vocabulary" in own:
                assert f"vocabulary:{own['vocabulary']}" in texts
    role = arrow_schema("responsibilities").field("role").metadata
    assert role[b"values"] == b"lead,support,responsible,implement"
    explained = arrow_schema("responsibilities").metadata[b"vocabulary:role"].decode()
    assert explained.startswith("lead = 牵头 leads; support = ")


@pytest.mark.parametrize("name", VIEWS)
def test_views_are_consistent(name: str) -> None:
    definition = view(name)
    raw = load(f"views/{name}.toml")
    assert set(definition.display) <= set(definition.names)
    assert set(raw.get("like", {})) | set(raw.get("field", {})) | set(raw["required"]) <= set(definition.names)
    assert all((c.title_zh, c.title_en, c.description_zh, c.description_en) for c in definition.columns)
    assert not [other for other in VIEWS if f" {other} " in definition.sql], "each view can be made alone"


def test_unknown_names_are_key_errors() -> None:
    with pytest.raises(KeyError, match="no table"):
        table("nothing")
    with pytest.raises(KeyError, match="no column"):
        table("tasks").column("nothing")


def test_structural_expectations_are_plain_data() -> None:
    found = structural_expectations("responsibilities")
    assert json.loads(json.dumps(found)) == found
    assert {"type": "unique", "columns": ["responsibility_id"], "severity": "error"} in found
    roles = next(e for e in found if e["type"] == "in_set" and e["column"] == "role")
    assert roles["values"] == ["lead", "support", "responsible", "implement"]
    assert sum(e["type"] == "foreign_key" for e in found) == 4
    recurrence = next(e for e in structural_expectations("tasks") if e["type"] == "matches")
    assert recurrence["column"] == "recurrence"


def test_datapackage_has_every_column() -> None:
    package = datapackage()
    assert [r["name"] for r in package["resources"]] == [*TABLES, *DERIVED]
    for resource in package["resources"]:
        assert [f["name"] for f in resource["schema"]["fields"]] == list(table(resource["name"]).names)
    json.dumps(package)


def test_what_the_schemas_read_is_in_the_package() -> None:
    """Each kind of file beside the modules is named in pyproject.toml, or an installation would lack it."""
    root = Path(__file__).parents[2]
    patterns = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"][
        "package-data"
    ]
    files = [p for p in (root / "schemas").rglob("*") if p.is_file() and p.suffix not in (".py", ".pyc")]
    assert [p.name for p in files if f"*{p.suffix}" not in patterns["*"]] == []
