"""spaCy over jieba tokens: nothing dropped, typed spans, two engines that agree."""

from __future__ import annotations

from datetime import date
from itertools import accumulate, pairwise
from pathlib import Path

import pytest

from pipeline import parse
from pipeline.find.modality import find_cues
from pipeline.find.nlp import annotate, language
from pipeline.find.segmenter import reference_segmenter, segmenter
from pipeline.model import Quantity, Time
from pipeline.read import read
from pipeline.rules import rules
from pipeline.text import canonical

ROOT = Path(__file__).resolve().parents[2]

TEXT = "2031年10月底前，改造老旧管网36公里，覆盖率力争达到90%以上。（市水务局牵头）"


def test_tokens_keep_every_character() -> None:
    doc = language().make_doc(TEXT)
    assert doc.text == TEXT
    assert all(not token.whitespace_ for token in doc)


def test_spans_are_typed_and_hold_their_values() -> None:
    doc = annotate(TEXT, date(2031, 3, 1))
    assert set(doc.spans) == {"times", "quantities", "modality"}
    (time,) = doc.spans["times"]
    assert isinstance(time._.value, Time) and time._.value.due_on == date(2031, 10, 31)
    numbers = [span._.value for span in doc.spans["quantities"]]
    assert all(isinstance(n, Quantity) for n in numbers)
    assert [(n.printed, n.op) for n in numbers] == [("36公里", "="), ("90%", ">=")]
    for span, value in zip(doc.spans["quantities"], numbers, strict=True):
        assert span.start_char <= value.start and value.end <= span.end_char
        assert TEXT[value.start : value.end] == value.printed


def test_a_time_is_never_also_a_quantity() -> None:
    doc = annotate("自印发之日起30日内报备，保存期限不少于30日。", date(2031, 3, 1))
    assert [s._.value.printed for s in doc.spans["quantities"]] == ["30日"]


def test_importing_our_part_of_spacy_leaves_its_command_line_whole() -> None:
    import spacy.cli

    assert hasattr(spacy.cli, "app")


def words_apart(text: str) -> tuple[int, int]:
    """(words of jieba that rjieba cuts otherwise, words of jieba)."""

    def places(words: list[str]) -> set[tuple[int, str]]:
        out, at = set(), 0
        for word in words:
            out.add((at, word))
            at += len(word)
        return out

    reference = places(reference_segmenter()(text))
    return len(reference - places(segmenter()[1](text))), len(reference)


def test_the_engines_agree_on_a_sentence() -> None:
    assert words_apart(TEXT)[0] == 0


@pytest.mark.skipif(segmenter()[0] != "rjieba", reason="no wheel of rjieba here: jieba is the engine itself")
def test_the_engines_agree_on_the_corpus(shared: Path) -> None:
    apart = whole = 0
    for path in sorted((shared / "corpus").glob("*-*.[mt][dx]*")):
        a, n = words_apart(canonical(read(path)).text)
        apart, whole = apart + a, whole + n
    assert apart <= whole * 0.001, f"{apart} of {whole} words differ"


def test_a_document_may_be_longer_than_spacy_expects() -> None:
    text = "推进。" * 340_000
    assert len(annotate(text).user_data["ends"]) == 680_000


def test_cues_are_the_words_of_the_whole_text() -> None:
    """Only the stretches with a cue are cut into words; the cues are those of the text cut whole."""
    text = (ROOT / "raw" / "yunhai-2025-03.md").read_text("utf-8").replace("\n\n", "") + TEXT
    ends = list(accumulate(map(len, segmenter()[1](text))))
    found = find_cues(text)
    assert len(found) > 10
    assert all(c.end in ends and (c.start == 0 or c.start in ends) for c in found)
    rules_of = {cue: r["id"] for r in rules("modality") for cue in r["cues"]}
    words = [text[a:b] for a, b in pairwise([0, *ends])]
    assert sum(w in rules_of for w in words) >= len(found)


def test_the_docs_of_a_bulletin_hold_what_its_records_stand_on() -> None:
    bulletin = parse(ROOT / "raw" / "yunhai-2025-03.md")
    docs = list(bulletin.docs())
    assert [d.text for d in docs] == [bulletin.text.text[o.start : o.end] for o in bulletin.outline.documents]
    spans = {
        (o.start + s._.value.start, o.start + s._.value.end)
        for d, o in zip(docs, bulletin.outline.documents, strict=True)
        for s in d.spans["quantities"]
    }
    for row in bulletin.records["targets"]:
        assert any(a < row["char_end"] and row["char_start"] < b for a, b in spans), row["printed"]
