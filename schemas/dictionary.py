"""docs/data-dictionary.md from the definition."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.definition import Column, Table, released, tables, vocabularies, warnings
from schemas.view import View, views

_HEAD = """# 数据字典 Data dictionary

<!-- 由 `python -m schemas` 生成，请改 schemas/ 而非此文件。
Made by `python -m schemas`: change schemas/, not this file. -->

已发布的每张表与每一列。文件位置 Files: `curated/<table>/province=<2>/year=<yyyy>/<issue_id>.parquet`;
`province` 与 `year` 是分区列 are partition columns (`00` 国家 national, `99` 未知 unknown, `0000` 无年份 no year)。
`continuity` 由各期汇总而成，每分区一个文件 is made of all issues, a file for each partition: `…/continuity.parquet`.
没有行的表不写文件；`gongbao query` 与 `curated/views.sql` 中仍有。
A table without rows has no file; `gongbao query` and `curated/views.sql` have it all the same.
`changes` 只在发布的版本中，由前后两个版本比较得出。
`changes` stands in releases only: it is made by comparing one with the one before.

标记 Marks: **主键 key**; *必填 never null*; → 外键 foreign key.
"""

_VIEWS = """由上列各表算出，不占文件；`gongbao query` 可直接查询，其他 DuckDB 在发布文件夹中读入 `views.sql` 后可用。
Made from the tables above, without files of their own: `gongbao query` has them, and any DuckDB that reads `views.sql`
in the published folder.
"""


def data_dictionary() -> str:
    """The whole document, Chinese and English, ending with a line end."""
    parts = [_HEAD, *_contents()]
    for definition in (*tables(), *released()):
        parts += _table(definition)
    parts += ["# 视图 Views", "", _VIEWS]
    for derived in views():
        parts += _table(derived)
    return "\n".join([*parts, *_vocabularies(), *_warnings()]).rstrip() + "\n"


def _contents() -> Iterator[str]:
    yield "| 表 table | 每行 one row is |"
    yield "|---|---|"
    listed: tuple[Table | View, ...] = (*tables(), *released(), *views())
    for t in listed:
        yield f"| [`{t.name}`](#{t.name}) {t.title_zh} | {t.description_zh} {t.description_en} |"
    yield ""


def _table(definition: Table | View) -> Iterator[str]:
    yield f"## {definition.name}"
    yield ""
    yield f"{definition.title_zh} {definition.title_en}. {definition.description_zh} {definition.description_en}"
    yield ""
    for warning in definition.warnings:
        yield f"> ⚠ {warnings()[warning]['zh']} {warnings()[warning]['en']}"
        yield ""
    yield "| 列 column | 类型 type | 含义 meaning |"
    yield "|---|---|---|"
    for column in definition.columns:
        yield f"| {_name(definition, column)} | `{column.type}` | {_meaning(definition, column)} |"
    yield ""


def _name(definition: Table | View, column: Column) -> str:
    name = f"`{column.name}`"
    if isinstance(definition, Table) and column.name in definition.primary_key:
        return f"**{name}**"
    return name if column.nullable else f"*{name}*"


def _meaning(definition: Table | View, column: Column) -> str:
    parts = [f"{column.title_zh} {column.title_en}. {column.description_zh} {column.description_en}"]
    for key in definition.foreign_keys if isinstance(definition, Table) else ():
        if column.name in key.columns:
            parts.append(f"→ `{key.table}.{key.references[key.columns.index(column.name)]}`")
    if column.unit:
        parts.append(f"单位 unit: {column.unit}.")
    if column.vocabulary:
        parts.append(f"取值 values: [{column.vocabulary}](#{column.vocabulary}-values).")
    if column.pattern:
        parts.append(f"形如 form: `{column.pattern.replace('|', chr(92) + '|')}`.")
    if column.minimum is not None or column.maximum is not None:
        low = "" if column.minimum is None else f"{column.minimum} ≤ "
        high = "" if column.maximum is None else f" ≤ {column.maximum}"
        parts.append(f"{low}`{column.name}`{high}.")
    parts += [f"⚠ [{w}](#{w})" for w in column.warnings]
    return " ".join(parts)


def _vocabularies() -> Iterator[str]:
    yield "# 取值 Vocabularies"
    yield ""
    for name, words in vocabularies().items():
        yield f"## {name} values"
        yield ""
        yield "| 值 value | 中文 | English |"
        yield "|---|---|---|"
        for value, (zh, en) in words["values"].items():
            yield f"| `{value}` | {zh} | {en} |"
        yield ""


def _warnings() -> Iterator[str]:
    yield "# 使用提示 Usage warnings"
    yield ""
    for name, words in warnings().items():
        yield f"## {name}"
        yield ""
        yield f"{words['zh']} {words['en']}"
        yield ""
