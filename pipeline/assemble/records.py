"""Structure and findings → the rows of every table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain

from pipeline import ids
from pipeline.assemble.chapeaux import Chapeaux, under
from pipeline.assemble.confidence import assess
from pipeline.assemble.ground import by_rule, ground
from pipeline.assemble.ledger import Ledger, enter_measure, enter_outside
from pipeline.assemble.responsibilities import Assigned, assigned
from pipeline.assemble.rows import Place, measure_rows
from pipeline.assemble.table_repeats import link
from pipeline.assemble.table_tasks import table_tasks
from pipeline.assemble.tables import sheets, tables
from pipeline.assemble.targets import targets
from pipeline.assemble.tasks import split
from pipeline.assemble.timing import Timeline
from pipeline.assemble.work import Found, Row, bench, find
from pipeline.model import Document, Organisation, Outline, Territory, Text, Time
from pipeline.resolve.organisations import canonical, short_names
from pipeline.resolve.regions import territory_of, territory_of_doc_number
from pipeline.structure import leftovers

NO_TERRITORY = Territory("", "", "city")
Records = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who publishes and when: what ids and relative dates hang on."""

    territory: Territory | None
    base: date | None
    year: int | None


def records(text: Text, outline: Outline, version: str, base: date | None = None) -> Records:
    """The rows of every table of the contract but `checks`; `base` overrides the date of documents."""
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    issuer = _issuer(outline, base)
    issue = _issue_row(text, outline, issuer, version)
    rows["issues"].append(issue)
    ledger = Ledger(text)
    bodies: dict[str, Organisation] = {}
    for document in outline.documents:
        _enter_document(text, document, issue, _document_issuer(document, issuer, base), rows, ledger, bodies)
    link(rows["tasks"], rows["measures"], rows["documents"])
    for start, end, reason in leftovers(text, outline):
        ledger.add("text", reason, start, end)
    for note in text.source.notes:
        ledger.add_note(note)
    rows["organisations"] = [organisation_row(issue["issue_id"], bodies[k]) for k in sorted(bodies)]
    rows["residuals"] = ledger.rows(issue["issue_id"])
    return dict(rows)


def _issuer(outline: Outline, base: date | None) -> Issuer:
    head = outline.masthead
    names = [head.publisher, head.gazette, *(d.issuer for d in outline.documents)]
    numbers = [d.doc_number for d in outline.documents]
    territory = next(filter(None, (territory_of(n) for n in names if n)), None)
    territory = territory or next(filter(None, (territory_of_doc_number(n) for n in numbers if n)), None)
    dates = (d.written_on for d in outline.documents)
    day = base or head.published_on or next(filter(None, dates), None)
    return Issuer(territory, day, head.year or (day.year if day else None))


def _document_issuer(document: Document, issue: Issuer, base: date | None) -> Issuer:
    own = territory_of(document.issuer) if document.issuer else None
    own = own or (territory_of_doc_number(document.doc_number) if document.doc_number else None)
    return Issuer(own or issue.territory, base or document.written_on or issue.base, issue.year)


def _issue_row(text: Text, outline: Outline, issuer: Issuer, version: str) -> Row:
    head, source = outline.masthead, text.source
    territory = issuer.territory
    code = territory.code or None if territory else None  # no code: a place GB/T 2260 does not know
    number = next((d.doc_number for d in outline.documents if d.doc_number), None)
    return {
        "issue_id": ids.issue_id(source.sha256, code, issuer.year, issue_no=head.issue_no, doc_number=number),
        "gazette": head.gazette,
        "publisher": head.publisher or next((d.issuer for d in outline.documents if d.issuer), None),
        "region_code": code,
        "region_name": territory.name or None if territory else None,
        "year": issuer.year,
        "issue_no": head.issue_no,
        "issue_no_last": head.issue_no_last,
        "total_no": head.total_no,
        "total_no_last": head.total_no_last,
        "published_on": head.published_on,
        "source_file": source.name,
        "source_sha256": source.sha256,
        "media_type": source.media_type,
        "pages": source.pages,
        "chars": len(text.text),
        "parser_version": version,
    }


def _enter_document(
    text: Text,
    document: Document,
    issue: Row,
    issuer: Issuer,
    rows: Mapping[str, list[Row]],
    ledger: Ledger,
    bodies: dict[str, Organisation],
) -> None:
    issue_id = issue["issue_id"]
    place = Place(text, issue_id, ids.document_id(issue_id, document.ordinal), issuer.territory)
    found = find(text, document, issuer.base, issuer.year)
    who = assigned(text, document, issuer.territory)
    rows["documents"].append(_document_row(place, document, found, issuer, bodies))
    context = Chapeaux(text.text, document, found)
    for measure in document.measures:
        work = bench(text.text, measure, found, who.of(measure), who.brackets, who.again)
        timeline = Timeline(work, context.times(measure))
        above = context.head(measure)
        numbers = under(work, targets(work, timeline), above)
        parts = split(work, timeline, numbers, above)
        for name, more in measure_rows(place, work, parts, numbers, context.unstated(measure)).items():
            rows[name].extend(more)
        bodies.update((r.organisation.org_id, r.organisation) for r in work.responsibilities)
        enter_measure(ledger, place, work, parts, numbers)
    published = [(r["char_start"], r["char_end"]) for r in rows["deadlines"] if r["char_start"] >= document.start]
    enter_outside(ledger, found, [*((m.start, m.end) for m in document.measures), *published])
    _enter_unresolved(place, who, ledger)
    _enter_tables(place, document, issuer.base, rows, ledger, bodies)


def _enter_unresolved(place: Place, who: Assigned, ledger: Ledger) -> None:
    for start, end, measure in who.unresolved:
        owner = ids.measure_id(place.document_id, measure.key) if measure else None
        ledger.add("organisation", "organisation.unresolved", start, end, owner)


def _enter_tables(
    place: Place,
    document: Document,
    base: date | None,
    rows: Mapping[str, list[Row]],
    ledger: Ledger,
    bodies: dict[str, Organisation],
) -> None:
    read = sheets(document)
    more, cells = tables(place.text, document, place.document_id, place.issue_id, place.territory, read)
    rows["tables"].extend(more)
    rows["table_cells"].extend(cells)
    filled = {c["table_id"] for c in cells}
    ordinal = len(document.measures)
    for row, (annex, sheet) in zip(more, read, strict=True):
        work = table_tasks(place, document, annex, sheet, row["table_id"], ordinal + 1, base)
        if work:
            ordinal += 1
            rows["measures"].append(work.measure)
            assess({"tasks": work.tasks, "targets": (), "responsibilities": (), "deadlines": ()})
            rows["tasks"].extend(work.tasks)
            bodies.update(work.bodies)
            for kind, words in work.unread:
                ledger.add_table(f"{kind}.unresolved", words, kind, row["table_id"])
        elif row["table_id"] not in filled:
            quote = "\n".join("\t".join(r) for r in annex.grid.grid.rows)
            ledger.add_table("table.no_cells", quote)


def _document_row(
    place: Place, document: Document, found: Found, issuer: Issuer, bodies: dict[str, Organisation]
) -> Row:
    body, named = _issuing_body(document, issuer)
    if body:
        bodies[body.org_id] = body
    validity = [t for t in found.times if t.use == "validity"]
    return {
        "document_id": place.document_id,
        "issue_id": place.issue_id,
        "ordinal": document.ordinal,
        "category": document.category,
        "doc_number": document.doc_number,
        "notice_title": document.notice_title,
        "title": document.title,
        "doc_type": document.doc_type,
        "issuer": named,
        "issuer_id": body.org_id if body else None,
        "written_on": document.written_on,
        "effective_on": _first(t.starts_on for t in validity),
        "expires_on": _first(t.due_on for t in validity),
        "addressees": list(document.addressees),
        "attachments": list(document.attachments),
        "cites": [{"title": c.title, "doc_number": c.doc_number} for c in document.cites],
        **ground(place.text, document.head_start, document.head_end),
        "rules": by_rule(chain(document.rules, _validity_rules(validity))),
    }


def _first(days: Iterable[date | None]) -> date | None:
    return next(filter(None, days), None)


def _validity_rules(times: Iterable[Time]) -> Iterable[tuple[str, str]]:
    for time in times:
        if time.starts_on:
            yield "effective_on", time.rule
        if time.due_on:
            yield "expires_on", time.rule


def _issuing_body(document: Document, issuer: Issuer) -> tuple[Organisation | None, str | None]:
    """The body and the name to print: in full where the text has it in short (云海市发改委)."""
    if not document.issuer:
        return None, None
    body, match, _ = canonical(document.issuer, issuer.territory or NO_TERRITORY, document.written_on)
    return body, body.name if match == "alias" and "、" not in document.issuer else document.issuer


def organisation_row(issue_id: str, body: Organisation) -> Row:
    """The row of `organisations`."""
    return {
        "org_id": body.org_id,
        "issue_id": issue_id,
        "name": body.name,
        "short_names": list(short_names(body)),
        "region_code": body.region_code,
        "level": body.level,
        "kind": body.kind,
        "parent_org_id": body.parent_org_id,
    }
