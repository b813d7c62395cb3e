"""Which field of the gold is right, which row answers it, and which rows answer none.

A gold field and a row are put to the referee alone, so that it says which of them
belong together; who takes whom follows its own order.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.quality.texts import GoldText, Row, referee

ATTRIBUTES = ("op", "due", "kind", "indicator")
_KEY = 8  # hex digits: some thousand fields of one text stay apart


@dataclass(frozen=True, slots=True)
class Verdict:
    """A field of the gold (`extra`: a row that the gold does not have), and where its words stand."""

    key: str
    layer: str
    right: bool
    what: str
    where: str
    quote: str
    span: tuple[int, int] | None = None
    extra: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A field of a row that the gold settles."""

    name: str
    row: Row
    right: bool


@dataclass
class Judged:
    """A text with all its verdicts; `labels` are what can be learned from."""

    text: GoldText
    tally: Any
    verdicts: list[Verdict] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    _seen: Counter[str] = field(default_factory=Counter)

    def enter(
        self, layer: str, right: bool, where: Place, what: str, quote: str, *, same: str = "", extra: bool = False
    ) -> None:
        """Adds a verdict; `same` tells it from others of its layer, `what` where it is not given."""
        name = "|".join((self.text.stem, where.path, layer, same or what))
        self._seen[name] += 1
        key = hashlib.sha256(f"{name}|{self._seen[name]}".encode()).hexdigest()[:_KEY]
        self.verdicts.append(Verdict(key, layer, right, what, where.path, quote, where.span, extra))


@dataclass(frozen=True, slots=True)
class Place:
    """A measure of the gold, with the part of the canonical text that answers it."""

    path: str
    span: tuple[int, int] | None


def judge(text: GoldText) -> Judged:
    """Everything the gold says about a text."""
    score, data = referee(), text.data()
    out = Judged(text, score.score(text.gold, data))
    if text.tables:
        out.tally += score.score(text.tables, data)
        _cells(out, data)
    pairs = score.match_documents(text.gold["documents"], data["documents"], score.Tally(), text.stem)
    for gold, row in pairs:
        _document(out, gold, row, data)
    return out


def _document(out: Judged, gold: Row, row: Row | None, data: dict[str, Any]) -> None:
    score, tally = referee(), referee().Tally()
    score.match_documents([gold], [row] if row else [], tally, "")
    title = gold["title"]
    out.enter("documents", tally.tp["documents"] == 1, Place("", None), title, title[:8])
    measures = [m for m in data["measures"] if row and m["document_id"] == row["document_id"]]
    measures.sort(key=lambda m: m.get("ordinal") or 0)
    pairs, extra = score.match_measures(gold["measures"], measures)
    for one, measure in pairs:
        span = (measure["char_start"], measure["char_end"]) if measure else None
        place = Place(" ".join(filter(None, (one.get("parent"), one.get("label"), one["title"]))), span)
        out.enter("measures", measure is not None, place, one["title"], one["title"])
        _measure(out, one, _owned(data, measure), place)
    for measure in extra:
        place = Place(" ".join((measure["label"], measure["title"][:20])), (measure["char_start"], measure["char_end"]))
        out.enter("measures", False, place, measure["title"][:20], measure["title"][:20], extra=True)
        _measure(out, {}, _owned(data, measure), place)


def _owned(data: dict[str, Any], measure: Row | None) -> dict[str, list[Row]]:
    names = ("responsibilities", "deadlines", "targets", "tasks")
    return {t: data[t][measure["measure_id"]] if measure else [] for t in names}


def _measure(out: Judged, gold: Row, rows: dict[str, list[Row]], place: Place) -> None:
    _departments(out, gold.get("departments", []), rows, place)
    _quantities(out, gold.get("quantities", []), rows, place)
    _timings(out, gold.get("timings", []), rows, place)


def _ask(kind: str, item: Row, slot: int, row: Row) -> Any:
    """The referee's tally for one gold field and one row."""
    tally = referee().Tally()
    rows: list[list[Row]] = [[], [], [], []]
    rows[slot] = [row]
    alone = {k: v for k, v in item.items() if k != "optional"}
    referee().score_measure({kind: [alone]}, None, tuple(rows), tally, "")
    return tally


def _take(left: list[Row], answers: Mapping[int, int]) -> Row | None:
    """Removes the row that answers best (the first of equals) from `left`; none where the best is 0."""
    best = max(left, key=lambda row: answers[id(row)], default=None)
    if best is None or answers[id(best)] == 0:
        return None
    left[:] = [row for row in left if row is not best]
    return best


def _departments(out: Judged, items: Sequence[Row], rows: dict[str, list[Row]], place: Place) -> None:
    left = list(rows["responsibilities"])
    for item in items:
        tallies = {id(r): _ask("departments", item, 0, r) for r in left}
        hit = _take(left, {i: t.tp["departments"] + t.tp["departments+role"] for i, t in tallies.items()})
        if item.get("optional"):
            continue
        role = hit is not None and tallies[id(hit)].tp["departments+role"] == 1
        what, quote = f"{item['name']} ({item['role']})", item.get("quote", "")
        out.enter("departments", hit is not None, place, what, quote)
        out.enter("departments+role", role, place, what, quote)
        if hit is not None:
            out.labels.append(Label("owner", hit, role))
    for row in left:
        out.enter("departments", False, place, f"{row['name']} ({row['role']})", row["quote"], extra=True)
        out.labels.append(Label("owner", row, False))
    if not rows["responsibilities"]:
        _nobody(out, [d for d in items if not d.get("optional")], rows["tasks"])


def _nobody(out: Judged, items: Sequence[Row], tasks: Sequence[Row]) -> None:
    """That nobody answers for a task is an answer too: wrong for the tasks that name a body of the gold."""
    quotes = {d.get("quote", "") for d in items}
    wrong = {id(t) for t in tasks if any(q in t["text"] for q in quotes)}
    if quotes and not wrong:  # named in the heading or in a list beside them
        wrong = {id(t) for t in tasks[:1]}
    out.labels += [Label("owner", task, id(task) not in wrong) for task in tasks]


def _quantities(out: Judged, items: Sequence[Row], rows: dict[str, list[Row]], place: Place) -> None:
    left = list(rows["targets"])
    for item in items:
        tallies = {id(r): _ask("quantities", item, 2, r) for r in left}
        hit = _take(left, {i: t.tp["quantities"] * (1 + sum(t.right.values())) for i, t in tallies.items()})
        what = f"{item['quote']} {item['kind']} {item['op']} {item.get('due')} {item['indicator']}"
        same = f"{item['quote']} {item['indicator']} {item.get('scope')}"
        out.enter("quantities", hit is not None, place, what, item["quote"], same=same)
        got = tallies[id(hit)].right if hit is not None else Counter()
        for name in ATTRIBUTES:
            out.enter(name, got[name] == 1, place, what, item["quote"], same=same)
        if hit is not None:
            out.labels.append(Label("value", hit, True))
            out.labels += [Label(name, hit, got[name] == 1) for name in ATTRIBUTES]
    for row in left:
        out.enter("quantities", False, place, f"{row['printed']} {row['kind']}", row["quote"], extra=True)
        out.labels.append(Label("value", row, False))


def _timings(out: Judged, items: Sequence[Row], rows: dict[str, list[Row]], place: Place) -> None:
    tally = referee().Tally()
    referee().score_measure({"timings": items}, None, ([], rows["deadlines"], [], []), tally, "")
    missed, extra = _noted(tally, "-"), _noted(tally, "+")
    quotes = {t["due"]: t.get("quote", "") for t in items if t["due"] and not t.get("optional")}
    for due, quote in quotes.items():
        out.enter("timings", due not in missed, place, due, quote)
    for row in rows["deadlines"]:
        due = referee().day(row["due_on"])
        if due in extra:
            out.enter("timings", False, place, due, row["quote"], extra=True)
        if due:
            out.labels.append(Label("due", row, due not in extra))
    _actions(out, items, rows["tasks"], place)


def _actions(out: Judged, items: Iterable[Row], tasks: Sequence[Row], place: Place) -> None:
    left = list(tasks)
    day = referee().day
    for item in items:
        if not item["due"] or not item.get("action") or item.get("optional"):
            continue
        hit = _take(left, {id(r): _ask("timings", item, 3, r).tp["actions"] for r in left})
        out.enter("actions", hit is not None, place, f"{item['due']} {item['action']}", item.get("quote", ""))
        if hit is not None:
            out.labels.append(Label("action", hit, True))
            continue
        wrong = next((r for r in left if day(r["due_on"]) == item["due"] and r["deadline"] == item.get("quote")), None)
        if wrong is not None:
            out.labels.append(Label("action", wrong, False))


def _noted(tally: Any, sign: str) -> set[str]:
    """Days that the referee notes as missed (-) or as not in the gold (+)."""
    return {m.split()[-1] for m in tally.misses if m.startswith(f"{sign} timings")}


def _cells(out: Judged, data: dict[str, Any]) -> None:
    tally, place = referee().Tally(), Place("annexes", None)
    referee().score_cells(out.text.tables, data["tables"], data["table_cells"], tally)
    missed = Counter(m for m in tally.misses if m.startswith("-"))
    for table in (out.text.tables or {})["tables"]:
        for cell in table["cells"]:
            if cell["value"] is None:
                continue
            what = f"{cell['row']} {cell['header']} {cell['value']}"
            note = f"- {'cells':<16} annex {table.get('annex')} {what}"
            out.enter("cells", missed[note] == 0, place, what, "", same=f"{table.get('annex')} {what}")
            missed[note] -= missed[note] > 0
