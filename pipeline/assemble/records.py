"""Structure and findings → the rows of every table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain

from pipeline import ids
from pipeline.assemble.chapeaux import Chapeaux, under
from pipeline.assemble.ground import by_rule, ground
from pipeline.assemble.ledger import Ledger, enter_measure, enter_outside
from pipeline.assemble.responsibilities import Assigned, assigned
from pipeline.assemble.rows import Place, measure_rows
from pipeline.assemble.tables import tables
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
    for start, end, reason in leftovers(text, outline):
        ledger.add("text", reason, start, end)
    for note in text.source.notes:
        ledger.add_note(note)
    rows["organisations"] = [_organisation_row(issue["issue_id"], bodies[k]) for k in sorted(bodies)]
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
        "total_no": head.total_no,
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
    context = Chapeaux()
    for measure in document.measures:
        work = bench(text.text, measure, found, who.of(measure), who.brackets)
        timeline = Timeline(work, context.times(measure))
        above = context.head(measure)
        numbers = under(work, targets(work, timeline), above)
        parts = split(work, timeline, numbers, above)
        context.enter(work, timeline)
        for name, more in measure_rows(place, work, parts, numbers).items():
            rows[name].extend(more)
        bodies.update((r.organisation.org_id, r.organisation) for r in work.responsibilities)
        enter_measure(ledger, place, work, parts, numbers)
    _enter_rest(place, document, found, who, rows, ledger)


def _enter_rest(
    place: Place, document: Document, found: Found, who: Assigned, rows: Mapping[str, list[Row]], ledger: Ledger
) -> None:
    inside = [(m.start, m.end) for m in document.measures]
    enter_outside(ledger, found, inside)
    for start, end, measure in who.unresolved:
        owner = ids.measure_id(place.document_id, measure.key) if measure else None
        ledger.add("organisation", "organisation.unresolved", start, end, owner)
    more, cells = tables(place.text, document, place.document_id, place.issue_id, place.territory)
    rows["tables"].extend(more)
    rows["table_cells"].extend(cells)
    read = {c["table_id"] for c in cells}
    for row, annex in zip(more, document.tables, strict=True):
        if row["table_id"] not in read:
            quote = "\n".join("\t".join(r) for r in annex.grid.grid.rows)
            ledger.add_table("table.no_cells", quote)


def _document_row(
    place: Place, document: Document, found: Found, issuer: Issuer, bodies: dict[str, Organisation]
) -> Row:
    body = _issuing_body(document, issuer)
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
        "issuer": document.issuer,
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


def _issuing_body(document: Document, issuer: Issuer) -> Organisation | None:
    if not document.issuer:
        return None
    return canonical(document.issuer, issuer.territory or NO_TERRITORY, document.written_on)[0]


def _organisation_row(issue_id: str, body: Organisation) -> Row:
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
