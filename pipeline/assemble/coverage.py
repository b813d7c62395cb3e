"""Omission accounting: which sentences with the cue of a task gave one, and why the others did not.

A cue is a verb of doing beside a number, a time that bounds work, or a body in charge.
Everything is counted on published rows, so that anybody can count it again.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from pipeline.assemble.words import listed
from pipeline.assemble.work import Row, Span

_STOP = re.compile(r"[。；;！？\n]")
_BRACKET = re.compile(r"[\s　]*[（(\[【〔][^（）()]*[）)\]】〕][\s　。]*")


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts over the measures of a bulletin."""

    cued: int  # sentences with the cue of a task
    tasked: int  # of these, with a task
    chars: int  # of all measures
    chars_tasked: int
    missed: Mapping[str, int]  # cued sentences without a task, by the reason of their residual
    residuals: Mapping[str, int]  # all residuals, by reason

    @property
    def share(self) -> float:
        """Of the sentences with a cue, those that gave a task; 1 without any."""
        return self.tasked / self.cued if self.cued else 1.0

    @property
    def share_chars(self) -> float:
        """Of the characters of measures, those inside a task; 1 without any."""
        return self.chars_tasked / self.chars if self.chars else 1.0


def coverage(records: Mapping[str, Sequence[Row]]) -> Coverage:
    """What of a bulletin's measures became tasks."""
    tasks = _by_measure(records.get("tasks", ()))
    kept = [r for r in records.get("responsibilities", ()) if not r.get("inherited")]
    cues = _by_measure(chain(records.get("deadlines", ()), records.get("targets", ()), kept))
    residuals = records.get("residuals", ())
    texts = _by_measure(r for r in residuals if r["kind"] == "text")
    cued = tasked = chars = chars_tasked = 0
    missed: Counter[str] = Counter()
    for measure in records.get("measures", ()):
        key = measure["measure_id"]
        spans = _merged(tasks.get(key, []))
        chars += measure["char_end"] - measure["char_start"]
        chars_tasked += sum(b - a for a, b in spans)
        for start, end in cued_sentences(measure, cues.get(key, [])):
            done = any(a < end and start < b for a, b in spans)
            reason = None if done else _reason(texts.get(key, []), start, end)
            if done or reason:  # else a line of bodies or a date: no words of its own
                cued, tasked = cued + 1, tasked + done
            if reason:
                missed[reason] += 1
    return Coverage(cued, tasked, chars, chars_tasked, missed, Counter(r["reason"] for r in residuals))


def cued_sentences(measure: Row, cues: Sequence[Row]) -> Iterator[Span]:
    """Sentences of a measure with a verb of doing and one of `cues`, rows that ascend by char_start."""
    text, base = measure["text"], measure["char_start"]
    places = sorted(r["char_start"] - base for r in cues)
    at = 0
    for stop in chain((m.start() for m in _STOP.finditer(text)), [len(text)]):
        start, end, at = at, stop, stop + 1
        i = bisect_left(places, start)
        if i < len(places) and places[i] < end and acts(text[start:end]):
            yield base + start, base + end


def acts(sentence: str) -> bool:
    """Whether a verb of doing stands in it, a bracket of bodies apart."""
    return not _BRACKET.fullmatch(sentence) and listed("actions", "verbs").within(sentence, 0, len(sentence))


def _by_measure(rows: Iterable[Row]) -> dict[str, list[Row]]:
    out: dict[str, list[Row]] = {}
    for row in rows:
        out.setdefault(row["measure_id"], []).append(row)
    return out


def _merged(tasks: Sequence[Row]) -> list[Span]:
    out: list[Span] = []
    for start, end in sorted((t["char_start"], t["char_end"]) for t in tasks):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def _reason(residuals: Sequence[Row], start: int, end: int) -> str | None:
    """Why a sentence gave no task: the longest residual in it says so; null where it has none."""
    inside = [(min(r["char_end"], end) - max(r["char_start"], start), r["reason"]) for r in residuals]
    length, reason = max(inside, default=(0, ""))
    return reason if length > 0 else None
