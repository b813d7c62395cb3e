"""Views over the tables: SQL and what its columns mean, `views/<name>.sql` and `views/<name>.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from schemas.definition import DERIVED, TABLES, Column, Table, load, make_column, table

#: In the order of the dictionary. A view uses tables, and no other view: each can be made alone.
VIEWS = ("due_list", "department_load", "target_series", "lead_support_network", "quality")
#: All that a query may name.
NAMES = (*TABLES, *DERIVED, *VIEWS)


@dataclass(frozen=True, slots=True)
class View:
    """A view: what one row is, its columns, and the SELECT over the tables' views that gives them."""

    name: str
    title_zh: str
    title_en: str
    description_zh: str
    description_en: str
    columns: tuple[Column, ...]
    display: tuple[str, ...]  # columns that fit a terminal
    warnings: tuple[str, ...]
    sql: str

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


@cache
def view(name: str) -> View:
    """The definition of a view; KeyError for an unknown name."""
    if name not in VIEWS:
        raise KeyError(f"no view {name!r}; there are {', '.join(VIEWS)}")
    raw = load(f"views/{name}.toml")
    own, like, required = raw.get("field", {}), raw.get("like", {}), frozenset(raw["required"])

    def column(named: str) -> Column:
        if named in like:  # the meaning that the column has in a table
            return table(like[named]).column(named)
        return make_column(named, own.get(named, {}), named not in required)

    return View(
        name=name,
        title_zh=raw["title_zh"],
        title_en=raw["title_en"],
        description_zh=raw["description_zh"],
        description_en=raw["description_en"],
        columns=tuple(column(named) for named in raw["columns"]),
        display=tuple(raw["display"]),
        warnings=tuple(raw.get("warnings", ())),
        sql=files("schemas").joinpath("views", f"{name}.sql").read_text(encoding="utf-8"),
    )


def views() -> tuple[View, ...]:
    """All views in the order of VIEWS."""
    return tuple(view(name) for name in VIEWS)


def definition(name: str) -> Table | View:
    """The definition of a table or view; KeyError for an unknown name."""
    return view(name) if name in VIEWS else table(name)
