"""`parse`: a file in, the records of a bulletin out."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import __version__, sidecar
from pipeline.assemble.records import records
from pipeline.model import Outline, Source, Text
from pipeline.read import read
from pipeline.structure import outline
from pipeline.text import canonical

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.find.spacy_core import Doc


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A parsed source: what it prints, how it is built, what it says.

    `records` has one list of rows (dicts by column) per table of the contract.
    """

    source: Source
    text: Text
    outline: Outline
    records: dict[str, list[dict[str, Any]]]

    @property
    def issue_id(self) -> str:
        """The id under which the issue is published."""
        return str(self.records["issues"][0]["issue_id"])

    def tables(self) -> dict[str, pa.Table]:
        """Arrow tables of every table of the contract: what is published, nothing else."""
        from pipeline.publish import to_tables

        return to_tables(self.records)

    def docs(self) -> Iterator[Doc]:
        """A spaCy `Doc` for each document, over jieba's words, with what was found in it as typed spans.

        `doc.spans` has the groups `times`, `quantities` and `modality`, `span._.value` the value behind a span; offsets
        count from the start of the document (`outline.documents`). For displaCy, matchers and training of one's own.
        """
        from pipeline.find.nlp import annotate

        head = self.outline.masthead
        for document in self.outline.documents:
            day = document.written_on or head.published_on
            year = head.year or (day.year if day else None)
            yield annotate(self.text.text[document.start : document.end], day, year)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without the collector of cycles: what is made from a text has none, and to look for them took a twentieth."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def parse(
    source: str | Path | bytes,
    *,
    media_type: str | None = None,
    name: str | None = None,
    base: date | None = None,
) -> Bulletin:
    """Read a bulletin from a path or from bytes.

    `media_type` and `name` help with bytes, which carry neither. `base` replaces the
    documents' own dates when relative times are counted. Where and when a file was fetched
    is taken from the record beside it. ReadError, with one line
    that says what to do, for what cannot be read.
    """
    read_source = read(source, name=name, media_type=media_type)
    with _no_collection():
        text = canonical(read_source)
        structure = outline(text)
        rows = records(text, structure, __version__, base)
    if not isinstance(source, bytes):
        rows["issues"][0] |= sidecar.of_file(Path(source), read_source.sha256)
    return Bulletin(read_source, text, structure, rows)
