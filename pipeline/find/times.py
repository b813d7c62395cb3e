"""Times in the text of a measure or document.

`scan_times` gives every time expression with its use; `find_times` those that bound
work, permit it for a time, or limit validity.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from pipeline.find import time_named as named
from pipeline.find import time_readers as readers
from pipeline.find import time_rhythms as rhythms
from pipeline.find import time_validity as validity
from pipeline.find.time_forms import occurrences
from pipeline.find.time_readers import Context, Draft
from pipeline.find.time_uses import Surroundings, decide
from pipeline.model import Time

Reader = Callable[[re.Match[str], str, Context], list[Draft]]

_READERS: dict[str, Reader] = {
    "point": readers.point,
    "years": readers.years,
    "span_years": readers.span_years,
    "span_dates": readers.span_dates,
    "span_quarters": readers.span_quarters,
    "quarters": readers.quarters,
    "months": readers.months,
    "season": named.season,
    "festival": named.festival,
    "plan": named.plan,
    "decade": named.decade,
    "season_edge": named.season_edge,
    "ahead": named.ahead,
    "over": validity.over,
    "end_of_month": rhythms.end_of_month,
    "each_date": rhythms.each_date,
    "each_quarter": rhythms.each_quarter,
    "each_month": rhythms.each_month,
    "each": rhythms.each,
    "paced": rhythms.paced,
    "within": validity.within,
    "valid_until": validity.valid_until,
    "valid_for": validity.valid_for,
    "effective": validity.effective,
    "from_now": validity.from_now,
}

_PREFIX = re.compile(r"(?:截[至止]到?|(?<![提达降增升减长加提高])到|(?<=[，。；：、\s])至)$")
_SINCE = re.compile(r"[自从]$")
_WIDE = re.compile("[０-９]")
_NARROW = {0xFF10 + i: 0x30 + i for i in range(10)}
_EFFECT = re.compile(r"(?:正式|开始|予以|全面)?(?:施行|实施|执行|生效|试行|实行|启用)")
_KEPT = ("bound", "validity", "permission")


def find_times(text: str, base: date | None = None) -> list[Time]:
    """Times that bound work, ascending.

    `base` is the date of the document: yearless times are read in its year.
    """
    return [t for t in scan_times(text, base) if t.use in _KEPT]


def scan_times(text: str, base: date | None, year: int | None = None, at: int = 0) -> list[Time]:
    """Every time expression in `text`, ascending, each with its use.

    `base` is the date of the document (成文日期); `year` the year its title fixes. Offsets are counted from `at`.
    """
    printed, text = text, text.translate(_NARROW) if _WIDE.search(text) else text
    context = Context(base, year or (base.year if base else None))
    around = Surroundings.of(text, context)
    drafts, end = [], 0
    for form, m in occurrences(text):
        _pass(text, end, m.start(), context)
        end = m.end()
        for draft in _READERS[form.reader](m, form.id, context):
            _finish(draft, around)
            drafts.append(draft)
    return [_time(printed, d, at) for d in _join(drafts, text, context)]


def _pass(text: str, start: int, end: int, c: Context) -> None:
    """Forget at the end of a paragraph; at the end of a sentence all but a schedule's year."""
    if text.find("\n", start, end) >= 0:
        c.said, c.exact, c.recurring, c.since = None, False, None, None
    elif text.find("。", start, end) >= 0:
        c.said, c.recurring, c.since = (c.said if c.exact else None), None, None


def _finish(d: Draft, around: Surroundings) -> None:
    if d.use is None:
        said = _EFFECT.match(around.text, d.end) if d.starts and not d.due else None
        if said and around.text.startswith("的", said.end()):  # 起施行的《条例》: when another document takes effect
            d.use, d.use_rule, d.end = "citation", "times.effective_other", said.end()
        elif said and around.text[d.end - 1] == "起":
            d.use, d.use_rule = "validity", "times.effective_on"
            d.end = said.end()
        else:
            d.use, d.use_rule = decide(d, around)
    if d.use in ("baseline", "condition", "citation", "name") and around.context.said:
        around.context.said, around.context.exact = None, False
    words = _SINCE if d.starts and not d.due else _PREFIX
    if prefix := words.search(around.text[max(0, d.start - 3) : d.start]):
        d.start -= len(prefix[0])


def _join(drafts: list[Draft], text: str, c: Context) -> list[Draft]:
    """Put a day of effect and a length of validity of one sentence together."""
    out: list[Draft] = []
    for d in drafts:
        last = out[-1] if out else None
        if last and _pair(last, d) and not re.search("[。\n]", text[last.end : d.start]):
            effect, length = (last, d) if last.due is None and not last.span else (d, last)
            out[-1] = validity.settle((effect, length), c)
            out[-1].span = None
        else:
            out.append(d)
    return [validity.settle((None, d), c) if d.span else d for d in out]


def _pair(a: Draft, b: Draft) -> bool:
    """One says when a document takes effect, the other how long it is in force."""
    if a.use != "validity" or b.use != "validity":
        return False
    lengths = [d for d in (a, b) if d.span or d.due]
    return len(lengths) == 1 and any(
        d.starts or d.rule == "times.effective_on_issue" for d in (a, b) if d not in lengths
    )


def _time(text: str, d: Draft, at: int) -> Time:
    return Time(
        d.start + at, d.end + at, d.starts, d.due, d.precision, d.recurrence, d.basis, d.use or "bound",
        text[d.start : d.end], d.rule, d.group, d.use_rule,
    )  # fmt: skip
