"""How binding a clause is: cues found by spaCy's PhraseMatcher over jieba tokens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from pipeline.find.spacy_core import Doc, Language, PhraseMatcher, Span
from pipeline.rules import rules

GROUP = "modality"
IMPERATIVE = "modality.imperative"


class Cue(NamedTuple):
    """A word of modality; offsets as those of the other values of the `Doc`."""

    start: int
    end: int
    rule: str


@cache
def _by_id() -> dict[str, str]:
    return {r["id"]: r["modality"] for r in rules("modality")}


@cache
def _guards() -> dict[str, tuple[re.Pattern[str] | None, re.Pattern[str] | None]]:
    """For each rule what must not stand right before and right after its cues."""

    def guard(rule: dict[str, Any], key: str, form: str) -> re.Pattern[str] | None:
        return re.compile(form.format(rule[key])) if key in rule else None

    return {r["id"]: (guard(r, "not_before", "(?:{})$"), guard(r, "not_after", "(?:{})")) for r in rules("modality")}


def _stands(text: str, start: int, end: int, rule: str) -> bool:
    """Whether a cue is one in its place: 支持 in 资金支持 is a noun."""
    before, after = _guards()[rule]
    if before and before.search(text[max(0, start - 4) : start]):
        return False
    return not (after and after.match(text, end))


def modality_of(rule: str) -> str:
    """The value of the column `modality` that a rule gives."""
    return _by_id()[rule]


_FIRST = ("modality.forbid", "modality.in_principle", "modality.strive")


def strongest(cues: Sequence[Cue]) -> str:
    """The rule that decides among the cues of a clause, which ascend."""
    found = {c.rule for c in cues}
    for rule in _FIRST:
        if rule in found:
            return rule
    return cues[0].rule if cues else IMPERATIVE


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
        text: str = doc.user_data["text"]
        ends: list[int] = doc.user_data["ends"]
        at: int = doc.user_data["at"]
        cues: list[Cue] = []
        spans: list[Span] = []
        for key, first, last in self.matcher(doc):
            start, end, rule = ends[first - 1] if first else 0, ends[last - 1], self.names[key]
            if not _stands(text, start, end, rule):
                continue
            spans.append(Span(doc, first, last, label=GROUP, span_id=len(cues)))
            cues.append(Cue(start + at, end + at, rule))
        doc.user_data[GROUP] = cues
        doc.spans[GROUP] = spans
        return doc
