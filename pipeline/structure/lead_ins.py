"""The text between a heading and the first of its numbered items: work of its own, or words that lead in."""

from __future__ import annotations

import re

from pipeline.structure.patterns import pattern

_SUBSTANTIAL = 10
_FULL = re.compile("[。；！？\n]")
_ASIDE = re.compile(r"《[^《》]{0,120}》|“[^“”]{0,60}”|[（(〔][^（）()〔〕]{0,60}[）)〕]")


def states_work(text: str) -> bool:
    """Whether a lead-in assigns work: a full sentence with a number, a time or a body that acts.

    Definitions, rosters and what stands in brackets or quotation marks say nothing of
    the kind, nor does a last sentence that only leads in to the items (…：).
    """
    if text[-1:] in ("：", ":"):
        text = text[: text.rfind("。") + 1]
    if len(text) < _SUBSTANTIAL or not _FULL.search(text):
        return False
    sentences = (_ASIDE.sub("", s).strip() for s in _FULL.split(text))
    return any(_assigns(s) for s in sentences)


def _assigns(sentence: str) -> bool:
    if len(sentence) < _SUBSTANTIAL or pattern("lead_in_definition").search(sentence):
        return False
    return not pattern("roster").match(sentence) and pattern("lead_in_work").search(sentence) is not None
