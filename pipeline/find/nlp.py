"""spaCy over jieba tokens: one `Doc` per text, typed spans in `Doc.spans`.

No Chinese spaCy model is installable, so the pipeline is `spacy.blank("zh")` over jieba's
words with the components of this package. Each component leaves a span group named after
it; `span._.value` is the typed value behind a span, its offsets those of the text of the `Doc`.

`parse` takes the same values from `pipeline.find.findings` and makes no `Doc`: its records
stand on the values, and to give each of 15,000 words of an issue an object took longer than
to find what is in them.
"""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from functools import cache
from itertools import accumulate
from typing import Any, Protocol

from pipeline.find.findings import find_all
from pipeline.find.segmenter import segmenter
from pipeline.find.spacy_core import Doc, Language, Span, blank


class _Placed(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class JiebaTokenizer:
    """spaCy tokenizer: jieba's words, nothing dropped, no spaces between tokens."""

    def __init__(self, language: Language) -> None:
        self.vocab = language.vocab
        self.cut = segmenter()[1]

    def __call__(self, text: str) -> Doc:
        words = self.cut(text)
        doc = Doc(self.vocab, words=words, spaces=[False] * len(words))
        # Doc.text joins one object per token anew at each call
        doc.user_data["text"] = text
        doc.user_data["ends"] = list(accumulate(map(len, words)))
        return doc


def _value(span: Span) -> Any:
    return span.doc.user_data[span.label_][span.id]


def leave(doc: Doc, group: str, values: Sequence[_Placed]) -> None:
    """Put values into `doc.spans[group]`, each widened to whole tokens."""
    ends: list[int] = doc.user_data["ends"]
    doc.user_data[group] = values
    doc.spans[group] = [
        Span(doc, bisect_right(ends, v.start), bisect_left(ends, v.end) + 1, label=group, span_id=i)
        for i, v in enumerate(values)
    ]


@Language.component("findings")
def findings(doc: Doc) -> Doc:
    """Span groups `times`, `quantities` and `modality`, each value with what it does in its sentence."""
    data = doc.user_data
    for group, values in find_all(data["text"], data.get("base"), data.get("year"))._asdict().items():
        leave(doc, group, values)
    return doc


@cache
def language() -> Language:
    """The pipeline, built once: tokenizer, times, quantities, modality."""
    if not Span.has_extension("value"):
        Span.set_extension("value", getter=_value)
    nlp = blank("zh")
    nlp.tokenizer = JiebaTokenizer(nlp)
    nlp.max_length = sys.maxsize  # spaCy's limit is for parsers; ours need little memory
    nlp.add_pipe("findings")
    return nlp


def annotate(text: str, base: date | None = None, year: int | None = None) -> Doc:
    """The `Doc` of a text with its span groups.

    `base` is the day from which relative and yearless times are counted, `year` the
    year fixed by a title where there is no day.
    """
    nlp = language()
    doc = nlp.make_doc(text)
    doc.user_data.update(base=base, year=year)
    return nlp(doc)
