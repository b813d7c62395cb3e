"""Numbers with their meaning: the rows of `targets` before they have ids."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.assemble.algebra import Baseline, baseline_of, change_of, form_of, per_of
from pipeline.assemble.clauses import Segment, Sentence
from pipeline.assemble.indicators import Indicator, addressed, each, indicator, pairs
from pipeline.assemble.kinds import Context, kind_of
from pipeline.assemble.pairing import grid, spread, subjects_of
from pipeline.assemble.timing import Timeline
from pipeline.assemble.words import LABEL, listed
from pipeline.assemble.work import Work, within
from pipeline.find.modality import Cue, modality_of, strongest
from pipeline.model import Measure, Quantity, Time

_SOFT = ("modality.strive", "modality.in_principle")
_NEAR = 300  # characters: farther words name no number, and no sentence of a plan is longer in its parts
_JOINED = re.compile(r"^(?:[以之]?[上下内]|左右)?(?:[、和及与至]|以及|或|[，,]?并?且)")
_ALSO = re.compile(r"^(?:、|且|或)(?:每[年月])?$")
_BOTH = 8  # characters from a number to the next that has its noun with it
_LINKED = re.compile(r"(?:以及|、|和|及|与)$")
_ITEM_HEAD = re.compile(
    r"(?:[（(]\d{1,2}[）)]|[①-⑳])\s*([^：:。，；]{2,30})[：:]|([\u4e00-\u9fff]{1,5}(?:[县市区旗州镇乡]|行业))[：:]"
)
_OTHER_HEAD = re.compile(r"[^：:。，；\d]{2,24}+[：:]")


class Target(NamedTuple):
    """A quantity with kind, indicator, scope and the time that governs it."""

    quantity: Quantity
    kind: str
    indicator: str
    scope: str | None
    time: Time | None
    change: str
    form: str
    per: str | None
    baseline: Baseline | None
    modality: str | None
    segment: Segment
    rules: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Run:
    """State while the quantities of one sentence are read from left to right."""

    work: Work
    timeline: Timeline
    sentence: Sentence
    scope: str | None
    under: str
    printed: Sequence[str]  # times of the measure as printed: no part of a name
    times: Sequence[Time]  # of the sentence
    cues: Sequence[Cue]
    last: Indicator | None = None
    previous: Quantity | None = None
    kind: str = ""  # of the previous quantity
    territory: str | None = None  # 全市: holds for the numbers behind it


def targets(work: Work, timeline: Timeline) -> list[Target]:
    """Every quantity of the measure as a target; a number for two years gives two."""
    out: list[Target] = []
    scope: str | None = None
    under, twice = _titles(work.measure), restated(work)
    printed = [*dict.fromkeys(t.printed for t in work.times if t.printed and t.use in ("bound", "baseline"))]
    items = frozenset(i.start for i in work.measure.items)
    paragraph = -1
    for sentence in work.sentences:
        scope = _item_scope(work, sentence) or (scope if _goes_on(work, sentence, paragraph, items) else None)
        paragraph = sentence.paragraph
        inner = [q for q in within(work.quantities, sentence.start, sentence.end) if q.start not in twice]
        if not inner:
            continue
        times, cues = (within(values, sentence.start, sentence.end) for values in (work.times, work.cues))
        run = _Run(work, timeline, sentence, scope, under, printed, times, cues)
        for segment in sentence.segments:
            found = within(inner, segment.start, segment.end)
            if found:
                out.extend(_segment(run, segment, found))
    return out


def restated(work: Work) -> frozenset[int]:
    """Starts of numbers in Chinese characters of a title that its text gives in figures: 培育百家企业：…100家."""
    measure = work.measure
    titled = within(work.quantities, measure.start, measure.start + len(measure.label) + len(measure.title) + 2)
    again = {(q.low, q.unit) for q in work.quantities if q.printed[0].isdecimal()}
    return frozenset(q.start for q in titled if not q.printed[0].isdecimal() and (q.low, q.unit) in again)


def _titles(measure: Measure) -> str:
    """The title of a measure and the headings above it, one a line, without their labels."""
    return "\n".join(LABEL.sub("", t, count=1) if LABEL.match(t) else t for t in (measure.title, *measure.path))


def _item_scope(work: Work, sentence: Sentence) -> str | None:
    """What a sentence begins with before a colon: the head of an item, a place that heads a row."""
    text, start, end = work.text, sentence.start, sentence.start + 40
    if text.find("：", start, end) < 0 and text.find(":", start, end) < 0:
        return None
    match = _ITEM_HEAD.match(text, start, end)
    if match is None or match.group(1):
        return match.group(1) if match else None
    barred = any(listed("indicators", key).ending(match.group(2)) for key in ("no_rows", "no_places"))
    return None if barred else match.group(2)


def _goes_on(work: Work, sentence: Sentence, paragraph: int, items: frozenset[int]) -> bool:
    """Whether what headed the sentence before heads this one too."""
    if sentence.start in items:
        return False
    return sentence.paragraph == paragraph and not _OTHER_HEAD.match(work.text, sentence.start, sentence.start + 26)


def _segment(run: _Run, segment: Segment, found: Sequence[Quantity]) -> list[Target]:
    out: list[Target] = []
    i = 0
    while i < len(found):
        batch = _batch(run.work.text, found, i)
        out.extend(_targets(run, segment, batch))
        i += len(batch)
    return out


def _batch(text: str, found: Sequence[Quantity], i: int) -> list[Quantity]:
    """Quantities of one list: one unit for all, or joined by 、和 with units of their own."""
    batch = [found[i]]
    for q in found[i + 1 :]:
        same = q.group is not None and q.group == batch[-1].group
        between = text[batch[-1].end : q.start]
        if not same and not (len(between) <= 4 and _JOINED.match(between)):
            break
        batch.append(q)
    return batch


def _targets(run: _Run, segment: Segment, batch: list[Quantity]) -> list[Target]:
    before, cue = _before(run, segment, batch[0])
    times = run.timeline.at(batch[0].start)
    when = spread(times, len(batch))
    paired = pairs(before + cue, len(batch)) if len(batch) > 1 else None
    subjects = subjects_of(times, len(batch))
    if subjects and (names := pairs(_without_times(run, before) + cue, subjects)):
        cells = grid(run.work.text, batch, times, subjects)
        paired, when = [names[i] for i, _ in cells], [(t,) for _, t in cells]
    shared = each(before + cue) if len(batch) == 1 and len(when[0]) == 1 else None
    part = _is_part(run, batch)
    out: list[Target] = []
    for k, quantity in enumerate(batch):
        first = k == 0 or quantity.group is not None
        lead = before if first else run.work.text[batch[k - 1].cue_end : quantity.cue_start]
        named = shared or [
            paired[k] if paired else _indicator(run, segment, lead + (cue if first else ""), batch, k, part)
        ]
        context = _context(run, segment, batch, k, lead, times)
        out.extend(_target(run, context, segment, one, time) for one in named for time in when[k])
        run.last, run.previous = named[-1], quantity
    return out


def _before(run: _Run, segment: Segment, quantity: Quantity) -> tuple[str, str]:
    """(words before the number in its segment, comparator before the number)."""
    text, left = run.work.text, max(segment.start, quantity.cue_start - _NEAR)
    previous = run.previous
    if previous is not None and previous.cue_end > left:
        between = text[previous.cue_end : quantity.cue_start]
        if _JOINED.match(between) or len(between) < 2:
            left = previous.cue_end
        elif _LINKED.search(between):  # 50个甲和200个乙: the words between name the first
            left = quantity.cue_start
    opened = max(text.rfind("（", left, quantity.cue_start), text.rfind("(", left, quantity.cue_start))
    if opened >= left and max(text.rfind(c, opened, quantity.cue_start) for c in "）)") < 0:
        left = max(text.rfind(c, opened, quantity.cue_start) for c in "（(，,；;") + 1
    for time in within(run.times, left, quantity.cue_start):
        if time.start - left <= 2:
            left = time.end
    head = _ITEM_HEAD.match(text[left : quantity.cue_start])
    left += head.end() if head else 0
    return text[left : quantity.cue_start], text[quantity.cue_start : quantity.start]


def _is_part(run: _Run, batch: Sequence[Quantity]) -> bool:
    """Whether 其中 makes a list of numbers parts of the number before it."""
    return run.previous is not None and "其中" in run.work.text[run.previous.cue_end : batch[0].cue_start]


def _indicator(run: _Run, segment: Segment, before: str, batch: list[Quantity], k: int, part: bool) -> Indicator:
    q = batch[k]
    end = batch[-1].cue_end if q.group is not None or k == len(batch) - 1 else q.cue_end
    last = min(segment.end, end + _NEAR)
    after = run.work.text[end:last]
    following = within(run.work.quantities, end, end + _BOTH)
    text = run.work.text
    if following and (following[0].start == end or _ALSO.match(text[end : following[0].cue_start])):
        after = text[following[0].cue_end : last]  # 2台35吨电炉: the noun stands behind both
    if after[:1] in ("）", ")") and text[batch[0].cue_start - 1] not in "（(":
        after = ""  # what follows a bracket goes on with the words before it
    found = indicator(_without_times(run, before), after, q, run.last, run.previous, part=part)
    if q.dimension == "money":
        return addressed(found, text[max(run.sentence.start, q.cue_start - _NEAR) : q.cue_start], after, run.last)
    return found


def _without_times(run: _Run, before: str) -> str:
    """Words before a number without the times in them (力争10月底前完成…)."""
    for printed in run.printed:
        before = before.replace(printed, "")
    return before


def _context(run: _Run, segment: Segment, batch: list[Quantity], k: int, lead: str, times: tuple[Time, ...]) -> Context:
    """What stands around the k-th number; members of a list share comparator and surroundings."""
    text, q = run.work.text, batch[k]
    listed = q.group is not None
    first, last = (batch[0], batch[-1]) if listed else (q, q)
    start, end = max(segment.start, first.cue_start - _NEAR), min(segment.end, last.cue_end + _NEAR)
    after = text[last.cue_end : end]
    return Context(
        quantity=q,
        before=text[start : first.cue_start],
        cue=text[first.cue_start : first.start],
        suffix=text[last.end : last.cue_end],
        after=after or text[segment.end : segment.end + 1],
        inside=text[start:end],
        sentence=text[max(run.sentence.start, start - _NEAR) : min(run.sentence.end, end + _NEAR)],
        dated=any(t.use != "validity" for t in times),
        lead=text[max(run.sentence.start, first.cue_start - _NEAR) : first.cue_start],
        ahead=text[last.cue_end : min(run.sentence.end, last.cue_end + _NEAR)],
        under=run.under,
        previous=run.kind,
    )


def _target(run: _Run, context: Context, segment: Segment, named: Indicator, time: Time | None) -> Target:
    q = context.quantity
    kind, rule = kind_of(context)
    run.kind = kind
    rules = [("kind", rule), ("indicator", named.rule), ("quantity", q.rule), *q.rules]
    time = time if kind == "goal" else None
    if named.scope in listed("indicators", "carried").words:
        run.territory = named.scope
    if time is not None:
        rules.append(("due_on", time.rule))
    before = context.before + context.cue
    change = change_of(before)
    baseline = _baseline(run, q, before, change)
    per = per_of(q, before if baseline and baseline.value is not None else _since_previous(run, before))
    rules += [("per", per[1])] if per else []
    rules += [("baseline", baseline.rule)] if baseline else []
    return Target(
        quantity=q,
        kind=kind,
        indicator=named.name,
        scope=named.scope or run.scope or run.territory,
        time=time,
        change=change,
        form=form_of(q, change),
        per=per[0] if per else None,
        baseline=baseline,
        modality=_modality(run, segment),
        segment=segment,
        rules=tuple(rules),
    )


def _since_previous(run: _Run, before: str) -> str:
    """Words before a number back to the number before it: 按每吨100元给予最高5万元 is no 5万元 a ton."""
    return before.rpartition(run.previous.printed)[2] if run.previous is not None else before


def _baseline(run: _Run, quantity: Quantity, before: str, change: str) -> Baseline | None:
    times = within(run.times, run.sentence.start, quantity.start)
    return baseline_of(run.work.text, quantity, before, change, run.previous, times)


def _modality(run: _Run, segment: Segment) -> str | None:
    """How binding a number is; 力争 and 原则上 hold on over the segments behind them that say nothing else."""
    own = within(run.cues, segment.start, segment.end)
    if not own:
        own = within(run.cues, run.sentence.start, segment.start)[-1:]
        own = [c for c in own if c.rule in _SOFT]
    return modality_of(strongest(own))
