"""spaCy over jieba tokens: one `Doc` per document, typed spans in `Doc.spans`.

Tokens come from `rjieba`, the Rust build of jieba with the same dictionary; where no
wheel of it exists, from jieba itself. No Chinese spaCy model is installable, so the
pipeline is `spacy.blank("zh")` with the components of this package. Each component
leaves a span group named after it; `span._.value` is the typed value behind a span.

Offsets of values are relative to the text of the `Doc`, or to that of which it is a part (`at`).
"""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache
from itertools import accumulate
from typing import Any, Protocol

from pipeline.find.quantities import scan_quantities
from pipeline.find.spacy_core import Doc, Language, Span, blank
from pipeline.find.times import scan_times
from pipeline.model import Quantity

Cut = Callable[[str], list[str]]


class _Placed(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@cache
def segmenter() -> tuple[str, Cut]:
    """Name and function of the segmentation engine: rjieba, else jieba."""
    try:
        import rjieba
    except ImportError:
        return "jieba", reference_segmenter()
    # The module's own engine: a second one would read the dictionary again (0.2 s).
    for word, frequency, tag in user_words():
        rjieba.add_word(word, frequency, tag)
    return "rjieba", rjieba.cut


@cache
def reference_segmenter() -> Cut:
    """jieba itself, with the same words: the reference that a test holds rjieba to."""
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    engine = jieba.Tokenizer()
    engine.initialize()
    for word, frequency, tag in user_words():
        engine.add_word(word, frequency, tag)
    return lambda text: list(engine.cut(text))


def user_words() -> Iterable[tuple[str, int, str]]:
    """(word, frequency, part of speech) that the vocabulary adds to jieba's dictionary."""
    from pipeline.find import modality
    from pipeline.resolve import organisations
    from pipeline.rules import load

    yield from modality.user_words()
    yield from ((w, 2000, "n") for w in load("indicators")["scope"].split())
    yield from organisations.user_words()


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
    at: int = doc.user_data["at"]
    doc.user_data[group] = values
    doc.spans[group] = [
        Span(doc, bisect_right(ends, v.start - at), bisect_left(ends, v.end - at) + 1, label=group, span_id=i)
        for i, v in enumerate(values)
    ]


@Language.component("times")
def times(doc: Doc) -> Doc:
    """Every time expression, with what it does in its sentence (`Time.use`)."""
    data = doc.user_data
    leave(doc, "times", scan_times(data["text"], data.get("base"), data.get("year"), data["at"]))
    return doc


@Language.component("quantities")
def quantities(doc: Doc) -> Doc:
    """Every number with a unit that is no part of a time."""
    data = doc.user_data
    leave(doc, "quantities", _apart(scan_quantities(data["text"], data["at"]), data.get("times", ())))
    return doc


def _apart(values: Sequence[Quantity], taken: Sequence[_Placed]) -> list[Quantity]:
    starts = [t.start for t in taken]
    kept = []
    for v in values:
        i = bisect_left(starts, v.end) - 1
        if i < 0 or taken[i].end <= v.start:
            kept.append(v)
    return kept


@cache
def language() -> Language:
    """The pipeline, built once: tokenizer, times, quantities, modality."""
    from pipeline.find import modality  # registers its component

    assert modality.GROUP
    if not Span.has_extension("value"):
        Span.set_extension("value", getter=_value)
    nlp = blank("zh")
    nlp.tokenizer = JiebaTokenizer(nlp)
    nlp.max_length = sys.maxsize  # spaCy's limit is for parsers; ours need little memory
    for name in ("times", "quantities", modality.GROUP):
        nlp.add_pipe(name)
    return nlp


def annotate(text: str, base: date | None = None, year: int | None = None, at: int = 0) -> Doc:
    """The `Doc` of a text with its span groups.

    `base` is the day from which relative and yearless times are counted, `year` the
    year fixed by a title where there is no day, `at` where the text begins in the one
    that the offsets of values count in.
    """
    nlp = language()
    doc = nlp.make_doc(text)
    doc.user_data.update(base=base, year=year, at=at)
    return nlp(doc)
