"""Words by jieba: `rjieba`, the Rust build with the same dictionary; where no wheel of it exists, jieba itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

Cut = Callable[[str], list[str]]


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
