"""How binding a clause is: cues found by spaCy's PhraseMatcher over jieba tokens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from pipeline.find.spacy_core import Doc, Language, PhraseMatcher, Span
from pipeline.rules import rules

GROUP = "modality"
IMPERATIVE = "modality.imperative"


@dataclass(frozen=True, slots=True)
class Cue:
    """A word of modality; offsets into the text of the `Doc`."""

    start: int
    end: int
    rule: str


@cache
def _by_id() -> dict[str, tuple[int, str]]:
    return {r["id"]: (i, r["modality"]) for i, r in enumerate(rules("modality"))}


def modality_of(rule: str) -> str:
    """The value of the column `modality` that a rule gives."""
    return _by_id()[rule][1]


def strongest(cues: Iterable[Cue]) -> str:
    """The rule that decides among the cues of a clause: the first in the file's order."""
    order = _by_id()
    return min((c.rule for c in cues), key=lambda r: order[r][0], default=IMPERATIVE)


def user_words() -> Iterable[tuple[str, int, str]]:
    """Cues of two and more characters as words for jieba's dictionary."""
    return ((c, 2000, "d") for r in rules("modality") for c in r["cues"] if len(c) > 1)


@cache
def _matcher(language: Language) -> PhraseMatcher:
    matcher = PhraseMatcher(language.vocab)
    for rule in rules("modality"):
        phrases = [Doc(language.vocab, words=[c], spaces=[False]) for c in rule["cues"]]
        if phrases:
            matcher.add(rule["id"], phrases)
    return matcher


@Language.factory(GROUP)
class ModalityComponent:
    """Leaves `Doc.spans["modality"]`: one span per cue, `span._.value` is a `Cue`."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.matcher = _matcher(nlp)
        self.names = nlp.vocab.strings

    def __call__(self, doc: Doc) -> Doc:
        ends: list[int] = doc.user_data["ends"]
        cues: list[Cue] = []
        spans: list[Span] = []
        for key, first, last in self.matcher(doc):
            cue = Cue(ends[first - 1] if first else 0, ends[last - 1], self.names[key])
            spans.append(Span(doc, first, last, label=GROUP, span_id=len(cues)))
            cues.append(cue)
        doc.user_data[GROUP] = cues
        doc.spans[GROUP] = spans
        return doc
