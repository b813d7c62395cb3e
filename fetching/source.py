"""A source: one gazette, or one column of a site, as a TOML file says it."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from fetching import addresses
from fetching.content import KINDS
from fetching.errors import SourceError
from fetching.html import is_selector

NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
#: Where an address has the number of a page of a list.
NUMBER = "{n}"
_VARIABLE = re.compile(r"\$\{([A-Z][A-Z0-9_]{0,60})\}")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Select(_Part):
    """CSS selectors of a list page and of the pages it leads to."""

    item: str | None = None
    title: str | None = None
    date: str | None = None
    next: str | None = None
    attachment: str | None = None

    @field_validator("*")
    @classmethod
    def _valid(cls, value: str | None) -> str | None:
        if value is not None and not is_selector(value):
            raise ValueError(f"no CSS selector: {value!r}")
        return value


class Politeness(_Part):
    """How gently a site is asked."""

    delay: Annotated[float, Field(ge=0, le=3600)] = 1.0
    contact: Annotated[str, Field(max_length=200, pattern=r"^[\x20-\x7e]*$")] = ""
    recheck_days: Annotated[float, Field(ge=0, le=3650)] = 7
    attempts: Annotated[int, Field(ge=1, le=10)] = 4
    backoff: Annotated[float, Field(ge=0, le=600)] = 2.0
    longest_wait: Annotated[float, Field(ge=0, le=3600)] = 120


class Limits(_Part):
    """What a run may take of a source."""

    pages: Annotated[int, Field(ge=1, le=10_000)] = 200
    items: Annotated[int, Field(ge=1, le=100_000)] = 5000
    megabytes: Annotated[float, Field(gt=0, le=1000)] = 100
    list_megabytes: Annotated[float, Field(gt=0, le=100)] = 10
    seconds: Annotated[float, Field(gt=0, le=3600)] = 300
    read_seconds: Annotated[float, Field(gt=0, le=600)] = 30
    run_seconds: Annotated[float, Field(gt=0, le=86_400)] = 3600


class Source(_Part):
    """A source as its file says it; `name` is the file's name without .toml."""

    name: str
    title: Annotated[str, Field(min_length=1, max_length=200)]
    division: Annotated[str, Field(pattern=r"^\d{6}$")]
    kind: Literal["folder", "list", "feed"]
    cadence: Literal["daily", "weekly", "monthly", "quarterly", "yearly", "irregular"]
    folder: str | None = None
    patterns: Annotated[tuple[str, ...], Field(min_length=1, strict=False)] = ("*",)
    pages: Annotated[tuple[str, ...], Field(strict=False)] = ()
    numbered: str | None = None
    numbered_from: Annotated[int, Field(ge=0)] = 1
    hosts: Annotated[tuple[str, ...], Field(strict=False)] = ()
    private: bool = False
    encoding: str | None = None
    take: Literal["page", "attachments", "both"] = "page"
    types: Annotated[tuple[str, ...], Field(min_length=1, strict=False)] = KINDS
    select: Select = Select()
    politeness: Politeness = Politeness()
    limits: Limits = Limits()
    path: Annotated[Path, Field(exclude=True)]

    @field_validator("pages", "numbered")
    @classmethod
    def _addresses(cls, value: Any) -> Any:
        for address in (value,) if isinstance(value, str) else value or ():
            addresses.clean(address.replace(NUMBER, "1"))
        return value

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str | None) -> str | None:
        try:
            "a".encode(value or "utf-8")
        except LookupError:
            raise ValueError(f"unknown encoding {value!r}: write utf-8 or gb18030") from None
        return value

    @field_validator("types")
    @classmethod
    def _known_types(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [kind for kind in value if kind not in KINDS]
        if wrong:
            raise ValueError(f"unknown {', '.join(wrong)}: choose from {', '.join(KINDS)}")
        return value

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        needed = {"folder": ("folder",), "list": ("pages",), "feed": ("pages",)}[self.kind]
        for key in needed:
            if not getattr(self, key):
                raise ValueError(f'{key}: needed where kind = "{self.kind}"')
        if self.kind == "list" and not self.select.item:
            raise ValueError('select.item: needed where kind = "list"')
        if self.take != "page" and self.kind != "folder" and not self.select.attachment:
            raise ValueError(f'select.attachment: needed where take = "{self.take}"')
        if self.numbered and NUMBER not in self.numbered:
            raise ValueError(f"numbered: write {NUMBER} where the number of the page stands")
        if self.folder and not self.root.is_dir():
            raise ValueError(f"folder: no folder {self.folder!r} beside the source file")
        return self

    @cached_property
    def root(self) -> Path:
        """The folder of a source that is one; relative places count from the source file."""
        return (self.path.parent / (self.folder or ".")).resolve()

    @cached_property
    def starts(self) -> tuple[str, ...]:
        """The addresses of the lists or feeds, without credentials."""
        return tuple(addresses.clean(page) for page in self.pages)

    def numbered_page(self, number: int) -> str:
        """The address of a numbered page of the list."""
        return addresses.clean((self.numbered or "").replace(NUMBER, str(number)))

    @cached_property
    def allowed(self) -> frozenset[str]:
        """Hosts (host or host:port) that may be asked: those of the source's own addresses, and `hosts`."""
        own = {addresses.site(page) for page in self.starts}
        own |= {addresses.origin(page)[1] for page in self.starts if addresses.origin(page)[2] in (80, 443)}
        if self.numbered:
            own.add(addresses.site(self.numbered_page(1)))
        return frozenset(own | {host.lower() for host in self.hosts})

    @cached_property
    def logins(self) -> dict[tuple[str, str, int], tuple[str, str]]:
        """User name and password by origin, from the addresses of the source."""
        found = ((page, addresses.userinfo(page)) for page in (*self.pages, *filter(None, [self.numbered])))
        return {addresses.origin(page): login for page, login in found if login}


def load(path: Path) -> Source:
    """The source in a file; SourceError names each fault, the place in the file first."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SourceError([f"{path}: no such file: gongbao source new NAME makes one"]) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourceError([f"{path}: cannot be read: {error}"]) from None
    if not NAME.fullmatch(path.stem):
        raise SourceError([f"{path}: name the file in lower-case letters, digits and hyphens: yunhai-gazette.toml"])
    reserved = [f"{path}: {key}: unknown key" for key in ("path", "name") if key in values]
    if reserved:
        raise SourceError([f"{fault}: the name of a source is that of its file" for fault in reserved])
    try:
        return Source(**{**_filled(values, path), "name": path.stem, "path": path.absolute()})
    except ValidationError as error:
        raise SourceError([f"{path}: {_fault(each)}" for each in error.errors()]) from None


def _filled(values: dict[str, Any], path: Path) -> dict[str, Any]:
    """${NAME} in addresses replaced from the environment, so that no password stands in the file."""

    def fill(text: Any) -> Any:
        if not isinstance(text, str):
            return text
        missing = [name for name in _VARIABLE.findall(text) if name not in os.environ]
        if missing:
            raise SourceError([f"{path}: environment variable {missing[0]} is not set"])
        return _VARIABLE.sub(lambda m: os.environ[m[1]], text)

    filled = dict(values)
    if isinstance(values.get("pages"), list):
        filled["pages"] = [fill(page) for page in values["pages"]]
    if "numbered" in values:
        filled["numbered"] = fill(values["numbered"])
    return filled


_WORDS = {
    "missing": "missing: add it",
    "string_type": "write a string in quotes",
    "int_type": "write a whole number",
    "float_type": "write a number",
    "bool_type": "write true or false",
    "tuple_type": 'write a list: ["…"]',
}


def _fault(error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return f"{place}: unknown key{_meant(error['loc'])}"
    words = _WORDS.get(error["type"]) or str(error["msg"]).removeprefix("Value error, ")
    if error["loc"] == ("division",):
        words = "write the six digits of GB/T 2260 in quotes, 000000 for national bodies"
    return addresses.masked(f"{place}: {words}" if place else words)


def _meant(place: tuple[Any, ...]) -> str:
    parts: dict[str, type[BaseModel]] = {"select": Select, "politeness": Politeness, "limits": Limits}
    part = parts.get(str(place[0]), Source)
    near = difflib.get_close_matches(str(place[-1]), [n for n in part.model_fields if n not in ("name", "path")], 1)
    return f", did you mean {near[0]}?" if near else ""
