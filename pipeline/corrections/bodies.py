"""The organisation that a reviewer names, with its full official name and its row."""

from __future__ import annotations

from typing import Any

from pipeline.assemble.records import organisation_row
from pipeline.corrections.columns import OWNERS
from pipeline.corrections.draft import Draft
from pipeline.corrections.match import Row
from pipeline.model import Match, Organisation, Territory
from pipeline.resolve.organisations import NOWHERE, canonical
from pipeline.resolve.regions import territory, territory_of


def named(draft: Draft, name: str, measure_id: str) -> Row:
    """`org_id`, `name` and `match` of a body; it gets a row in `organisations` where it has none."""
    known = next((r for r in draft.rows["organisations"] if r["name"] == name), None)
    if known is not None:
        return {"org_id": known["org_id"], "name": known["name"], "match": "exact"}
    body, match = _resolved(draft, name, measure_id)
    known = next((r for r in draft.rows["organisations"] if r["org_id"] == body.org_id), None)
    if known is None:
        rows = [*draft.rows["organisations"], organisation_row(draft.issue_id, body)]
        draft.rows["organisations"] = sorted(rows, key=lambda r: str(r["org_id"]))
    return {"org_id": body.org_id, "name": known["name"] if known else body.name, "match": match}


def full_name(draft: Draft, name: str, measure_id: str) -> str:
    """The full official name; no row is made."""
    if any(r["name"] == name for r in draft.rows["organisations"]):
        return name
    return _resolved(draft, name, measure_id)[0].name


def _resolved(draft: Draft, name: str, measure_id: str) -> tuple[Organisation, Match]:
    document = _document(draft, measure_id)
    body, match, _ = canonical(name, _territory(draft, document), document.get("written_on"))
    return body, match


def tidy(draft: Draft, org_ids: set[Any]) -> None:
    """Drop the rows of these bodies if nothing names them any more."""
    names = {n for t in draft.rows["tasks"] for role in OWNERS for n in t.get(role) or ()}
    held = {r["org_id"] for r in draft.rows["responsibilities"]}
    held |= {d.get("issuer_id") for d in draft.rows.get("documents", ())}
    held |= {o.get("parent_org_id") for o in draft.rows["organisations"]}
    draft.rows["organisations"] = [
        o
        for o in draft.rows["organisations"]
        if o["org_id"] not in org_ids or o["org_id"] in held or o["name"] in names
    ]


def _document(draft: Draft, measure_id: str) -> Row:
    measure = next((m for m in draft.rows.get("measures", ()) if m["measure_id"] == measure_id), {})
    documents = (d for d in draft.rows.get("documents", ()) if d["document_id"] == measure.get("document_id"))
    return next(documents, {})


def _territory(draft: Draft, document: Row) -> Territory:
    issue = draft.rows["issues"][0]
    for name in (document.get("issuer"), issue.get("publisher"), issue.get("gazette")):
        found = territory_of(name) if name else None
        if found:
            return found
    return territory(issue.get("region_code") or "") or NOWHERE
