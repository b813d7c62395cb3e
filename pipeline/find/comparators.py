"""Words that compare a number: before it (不低于), after it (以上), inside it (余)."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from pipeline.model import Op
from pipeline.rules import load, rules

if TYPE_CHECKING:
    from pipeline.find.figures import Draft

_REACH = 16  # characters that a comparator with its fillers may take
_FAR_REACH = 30
_ROUND = frozenset("百千万亿")
_FAR_HIGHEST = ("money", "share", "percentage_point", "factor")
_PER = "每(?:[百千]?万?[人户家年月日亩吨台辆车班村户床生名]|单位|平方米|立方米|公里|千瓦时){1,3}"
_INCLUSION = re.compile("[（(，、](?P<no>不)?含$")
_GAP = "[^，。；、：,;:\\d\\n“”（）()]"


class Cue(NamedTuple):
    """A comparison: its operator, the rule that found it, and its extent in the text."""

    op: Op
    rule: str
    start: int
    end: int


class _Tables(NamedTuple):
    before: re.Pattern[str]
    verb: re.Pattern[str]
    share: re.Pattern[str]
    after: re.Pattern[str]
    words: dict[str, tuple[Op, str]]  # word -> (op, rule)
    negated: dict[str, tuple[Op, str]]
    infix: tuple[Op, str]
    after_first: frozenset[str]
    before_last: frozenset[str]
    measured_only: frozenset[str]
    bare: dict[str, tuple[Op, str, frozenset[str]]]  # word -> (op, rule, what may not stand before it)


def before(text: str, start: int, dimension: str) -> Cue | None:
    """The comparator that ends at `start`, 最高不超过 as one; also one a few words off (至少保留1年)."""
    t = _tables()
    floor = max(0, start - _REACH)
    near = t.before.search(text[floor:start]) if start and text[start - 1] in t.before_last else None
    if near is not None:
        cue = _cue(near, floor, start)
        return None if cue.op == "~" and dimension == "time" and near["word"] == "近" else _extended(text, cue)
    return _bare(text, start) or _far(text, start, dimension)


def _bare(text: str, start: int) -> Cue | None:
    """过 and 上 compare only round numbers: 过百亿元, 上千家."""
    if not start or text[start : start + 1] not in _ROUND:
        return None
    word = _tables().bare.get(text[start - 1])
    if word is None or text[max(0, start - 2) : start - 1] in word[2]:
        return None
    return Cue(word[0], word[1], start - 1, start)


def _extended(text: str, cue: Cue) -> Cue:
    """最高 or 最多 directly before another comparator belongs to it."""
    floor = max(0, cue.start - 4)
    more = _tables().before.search(text[floor : cue.start])
    return cue if more is None else cue._replace(start=floor + more.start())


def _far(text: str, start: int, dimension: str) -> Cue | None:
    floor = max(0, start - _FAR_REACH)
    window = text[floor:start]
    t = _tables()
    found = t.verb.search(window)
    if found is not None and found["word"] == "最高" and dimension not in _FAR_HIGHEST:
        found = None
    if found is None and dimension == "share":  # 高于平均水平2个百分点 is no comparison with 2
        found = t.share.search(window)
    return None if found is None else _cue(found, floor, start)


def _cue(found: re.Match[str], floor: int, end: int) -> Cue:
    t = _tables()
    op, rule = (t.negated if found["no"] else t.words)[found["word"]]
    return Cue(op, rule, floor + found.start(), end)


def after(text: str, end: int, dimension: str) -> Cue | None:
    """The comparator that begins at `end`: 以上, （含）以上, 左右."""
    t = _tables()
    if text[end : end + 1] not in t.after_first:
        return None
    found = t.after.match(text, end)
    if found is None or (found["word"] in t.measured_only and dimension not in ("time", "length")):
        return None
    op, rule = t.words[found["word"]]
    cue = Cue(op, rule, end, found.end())
    return _settled(cue, excluded=True) if found["no"] else cue


def without_repeats(text: str, drafts: list[Draft]) -> list[Draft]:
    """Without numbers that only say whether a bound is itself meant: 超过50人（含50人） is >= 50 once."""
    kept: list[Draft] = []
    for d in drafts:
        p = kept[-1] if kept else None
        if p is None or not _repeats(text, p, d):
            kept.append(d)
    return kept


def _repeats(text: str, p: Draft, d: Draft) -> bool:
    """Whether `d` repeats a bound of `p` in brackets; settles the comparison of `p` if so."""
    between = text[p.end : d.start] if d.start - p.end < _REACH else ""
    found = _INCLUSION.search(between)
    if found is None or d.low != d.high or d.low not in (p.low, p.high) or d.unit.name != p.unit.name:
        return False
    cue = p.after or p.before
    if cue is not None:
        settled = _settled(cue, excluded=bool(found["no"]))
        if p.after is not None:
            p.after = settled
        else:
            p.before = settled
    return True


def _settled(cue: Cue, *, excluded: bool) -> Cue:
    """The comparison once the text says that its bound is included or excluded."""
    pairs: dict[tuple[Op, bool], tuple[Op, str]] = {
        (">", False): (">=", "comparators.at_least"),
        ("<", False): ("<=", "comparators.at_most"),
        (">=", True): (">", "comparators.more"),
        ("<=", True): ("<", "comparators.less"),
    }
    op, rule = pairs.get((cue.op, excluded), (cue.op, cue.rule))
    return cue._replace(op=op, rule=rule)


def infix(start: int, end: int) -> Cue:
    """余, 多, 来 inside a number."""
    op, rule = _tables().infix
    return Cue(op, rule, start, end)


@cache
def _tables() -> _Tables:
    entries = rules("comparators")
    filler = "|".join([*map(re.escape, load("comparators")["fillers"]["words"]), _PER])
    words, negated = _operators(entries)
    near, share = _alternatives(entries, "before"), _alternatives(entries, "share")
    verb, trailing = _any(entries, "verb"), _any(entries, "after")
    return _Tables(
        before=re.compile(rf"(?:{near})(?:{filler}){{0,2}}[ \u3000]?$"),
        verb=re.compile(rf"(?P<word>{verb}){_GAP}{{1,9}}$(?P<no>(?!))?"),
        share=re.compile(rf"(?:{share})(?:(?(no){_GAP}{{1,20}}|(?!))|[^，。；、：\n]{{1,24}}的)$"),
        after=re.compile(
            rf" ?(?:[（(]含[^（）()\n]{{0,6}}[）)])?(?P<word>{trailing})"
            r"(?P<no>[（(]不(?:包)?含(?:[本该此][数级值]|上限|下限|端点|临界值)?[）)])?"
        ),
        words=words,
        negated=negated,
        infix=next((e["op"], e["id"]) for e in entries if "infix" in e),
        after_first=frozenset(w[0] for e in entries for w in e.get("after", [])) | {"（", "(", " "},
        before_last=_last_characters(entries),
        bare=_bare_words(entries),
        measured_only=frozenset(load("comparators")["fillers"]["measured_only"]),
    )


def _operators(entries: list[dict[str, Any]]) -> tuple[dict[str, tuple[Op, str]], dict[str, tuple[Op, str]]]:
    ops = {e["id"]: cast("Op", e["op"]) for e in entries}
    words = {w: (ops[e["id"]], e["id"]) for e in entries for w in [*e["before"], *e.get("after", [])]}
    negated = {w: (ops[n], n) for e in entries if (n := e.get("negated")) for w in e["before"]}
    return words, negated


def _bare_words(entries: list[dict[str, Any]]) -> dict[str, tuple[Op, str, frozenset[str]]]:
    guards = load("comparators")["fillers"]["not_after"]
    return {w: (cast("Op", e["op"]), e["id"], frozenset(guards.get(w, ""))) for e in entries for w in e.get("bare", [])}


def _alternatives(entries: list[dict[str, Any]], key: str) -> str:
    """(?P<no>不)?(?P<word>超过|…): the negation binds only to words that have one."""
    no = "|".join(sorted(load("comparators")["fillers"]["negations"], key=len, reverse=True))
    guards = load("comparators")["fillers"]["not_after"]
    can = [w for e in entries if "negated" in e for w in e.get(key, [])]
    free = [w for e in entries if "negated" not in e for w in e.get(key, [])]
    plain = "|".join(_guarded(w, guards) for w in sorted([*can, *free], key=len, reverse=True))
    deny = "|".join(sorted(can, key=len, reverse=True))
    return f"(?P<no>{no})?(?P<word>(?(no)(?:{deny})|(?:{plain})))"


def _guarded(word: str, guards: dict[str, str]) -> str:
    return f"(?<![{guards[word]}]){re.escape(word)}" if word in guards else re.escape(word)


def _any(entries: list[dict[str, Any]], key: str) -> str:
    return "|".join(sorted({re.escape(w) for e in entries for w in e.get(key, [])}, key=len, reverse=True))


def _last_characters(entries: list[dict[str, Any]]) -> frozenset[str]:
    fillers = load("comparators")["fillers"]["words"]
    ends = {w[-1] for e in entries for w in e["before"]} | {w[-1] for w in fillers} | set(" \u3000")
    return frozenset(ends | set("人户家年月日亩吨台辆车班村床生位米时"))
