"""Who answers for a measure: brackets, conventions, clauses for all later items, running text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.assemble.established import learn_names, of_section
from pipeline.assemble.naming import COMMITTEE, Context, Rows, Span, enter
from pipeline.assemble.roles import Convention, Named, Reading, convention_of, read
from pipeline.assemble.running_text import from_text
from pipeline.find.brackets import Bracket, later_clauses, responsibility_brackets
from pipeline.model import Document, Match, Measure, Organisation, Responsibility, Role, Territory, Text
from pipeline.resolve.organisations import NOWHERE, canonical, clean
from pipeline.resolve.regions import territory_of_title

_LEADER = re.compile(r"牵头单位|牵头部门")
_SENTENCE_END = re.compile(r"[。\n]")


@dataclass
class Assigned:
    """The responsibilities of a document's measures, by measure ordinal."""

    rows: dict[int, list[Responsibility]] = field(default_factory=dict)
    again: list[Responsibility] = field(default_factory=list)  # a row's body where the text names it once more
    brackets: list[Span] = field(default_factory=list)
    unresolved: list[tuple[int, int, Measure | None]] = field(default_factory=list)

    def of(self, measure: Measure) -> list[Responsibility]:
        """Rows of a measure, in the order of the text, inherited ones last; empty without any."""
        return self.rows.get(measure.ordinal, [])


def responsibilities(text: Text, document: Document, territory: Territory | None) -> dict[int, list[Responsibility]]:
    """Responsibilities of each measure by its ordinal; measures without any have no entry."""
    return assigned(text, document, territory).rows


def bracket_spans(text: Text, measure: Measure) -> list[Span]:
    """Spans of the responsibility brackets of a measure, with their marks, in order."""
    return [(b.start, b.end) for b in responsibility_brackets(text.text, measure.start, measure.end)]


def assigned(text: Text, document: Document, territory: Territory | None) -> Assigned:
    """All that a document says of who is responsible, with the spans that say it and what could not be read."""
    out = Assigned()
    area = territory or titled(document) or NOWHERE
    context = Context(text.text, area, document, {})
    found = [(m, responsibility_brackets(text.text, m.body_start, m.end)) for m in document.measures]
    loose = _loose(text.text, document, found)
    read_of = {b.start: read(text.text, b) for b in (*loose, *(b for _, brackets in found for b in brackets))}
    learn_names(context)
    _learn(context, read_of.values())
    context.convention = _stated_elsewhere(text.text, document, found)
    for measure, brackets in found:
        while loose and loose[0].start < measure.start:
            _hand_on(context, read_of[loose.pop(0).start])
        rows = _of_measure(context, measure, [(b, read_of[b.start]) for b in brackets])
        if rows:
            out.rows[measure.ordinal] = rows
        out.brackets.extend((b.start, b.end) for b in brackets)
        out.unresolved.extend((*span, measure) for b in brackets for span in read_of[b.start].unread)
    out.brackets.sort()
    out.again = sorted(context.again, key=lambda r: r.start)
    return out


def _loose(text: str, document: Document, found: list[tuple[Measure, list[Bracket]]]) -> list[Bracket]:
    """Sentences that give work to all later measures and stand in none (in the text that leads a chapter in)."""
    inside = [(m.start, m.end) for m, _ in found]
    clauses = later_clauses(text, document.start, document.end)
    return [c for c in clauses if not any(a <= c.start < b for a, b in inside)]


def _hand_on(context: Context, reading: Reading) -> None:
    """What a clause gives to all later measures, the present one left out."""
    for named in reading.later:
        org, match, _ = context.resolve(named.printed, named.carried)
        context.later.append((named, org, match))


def titled(document: Document) -> Territory | None:
    """The territory that the titles begin with, for a document whose issuer is not printed."""
    titles = (document.title, document.notice_title)
    found = (territory_of_title(t) for t in titles if t)
    return next((t for t in found if t and t.level != "national"), None)


def _learn(context: Context, readings: Iterable[Reading]) -> None:
    """Committees by their full names and the bodies of all brackets: what short forms in the text refer to."""
    for printed in context.document.addressees:
        for part in re.split(r"[、，,]", clean(printed)):
            if part.endswith(("管委会", COMMITTEE)):
                org = canonical(part, context.area)[0]
                context.committees[org.name] = org
    seen: set[tuple[str, str]] = set()
    for reading in readings:
        for named in (*reading.named, *reading.later):
            if (named.printed, named.carried) in seen:
                continue
            seen.add((named.printed, named.carried))
            org = canonical(named.printed, context.area, context.document.written_on, named.carried)[0]
            context.known.setdefault(org.name, org)
            if org.name.endswith(COMMITTEE) and org.name != clean(named.printed):
                context.committees.setdefault(org.name, org)
    names = list(context.committees)
    for name in names:  # 示范区管理委员会 beside 焦作市城乡一体化示范区管理委员会 is the same
        bare = name.removeprefix(context.area.name)
        if any(other != name and other.endswith(bare) for other in names):
            del context.committees[name]


def _stated_elsewhere(text: str, document: Document, found: list[tuple[Measure, list[Bracket]]]) -> Convention:
    """A convention that the document states outside its brackets (each item's first body leads)."""
    done = document.start
    for mention in _LEADER.finditer(text, document.start, document.end):
        if mention.start() < done:
            continue
        low = max(text.rfind("。", 0, mention.start()), text.rfind("\n", 0, mention.start())) + 1
        high = _SENTENCE_END.search(text, mention.end())
        end = done = high.start() if high else len(text)
        inside = any(b.start < end and low < b.end for _, bs in found for b in bs)
        if not inside and (convention := convention_of(text[low:end])):
            return convention
    return ""


def _of_measure(context: Context, measure: Measure, read_in: list[tuple[Bracket, Reading]]) -> list[Responsibility]:
    rows: Rows = {}
    inherits = list(context.later) if read_in else []
    parts = _parts(context.text, measure.body_start, [bracket for bracket, _ in read_in])
    for (_, reading), part in zip(read_in, parts, strict=True):
        covers = part if len({*parts}) > 1 else None
        for named in _by_convention(context, reading):
            org, match, rule = context.resolve(named.printed, named.carried)
            enter(rows, _row(named, org, match, rule if match != "unknown" else named.rule, covers))
        _hand_on(context, reading)
    from_text(context, measure, [b for b, _ in read_in], rows)
    if not rows and (section := of_section(context, measure)):
        enter(rows, section)
    own = {name for name, _ in rows}
    for named, org, match in inherits:
        if org.name not in own:
            enter(rows, _row(named, org, match, named.rule, None, inherited=True))
    return sorted(rows.values(), key=lambda r: (r.inherited, r.start))


def _parts(text: str, start: int, brackets: list[Bracket]) -> list[Span]:
    """The part of a measure that each bracket closes.

    Brackets with nothing between them (lines 牵头单位：… and 配合单位：… one below the other) close the same.
    """
    parts: list[Span] = []
    for n, bracket in enumerate(brackets):
        before = brackets[n - 1].end if n else start
        if n and not text[before : bracket.start].strip("。；;，,、\n"):
            start = parts[-1][0]
            parts = [(a, bracket.end) if a == start else (a, b) for a, b in parts]
        else:
            start = before
        parts.append((start, bracket.end))
    return parts


def _by_convention(context: Context, reading: Reading) -> list[Named]:
    convention = reading.convention or context.convention
    if reading.lasting:
        context.convention = reading.convention
    if not convention or not all(n.plain for n in reading.named if n.rule != "roles.all_later"):
        return reading.named
    plain = [n for n in reading.named if n.plain]
    return [n._replace(role=_conventional(n, plain, convention)) if n.plain else n for n in reading.named]


def _conventional(named: Named, plain: list[Named], convention: Convention) -> Role:
    leads = named.commas == plain[0].commas if convention == "comma" else named is plain[0]
    return "lead" if leads else "support"


def _row(
    named: Named, org: Organisation, match: Match, rule: str, covers: Span | None, inherited: bool = False
) -> Responsibility:
    return Responsibility(named.start, named.end, org, named.role, named.printed, match, inherited, rule, covers)
