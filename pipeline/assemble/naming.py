"""What a document has said so far of its bodies, and the rows of one measure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pipeline.assemble.roles import Convention, Named
from pipeline.model import Document, Match, Organisation, Responsibility, Role, Territory
from pipeline.resolve.organisations import canonical, clean

Span = tuple[int, int]
Rows = dict[tuple[str, Role], Responsibility]
Resolved = tuple[Organisation, Match, str]
COMMITTEE = "管理委员会"


@dataclass
class Context:
    """What the document has said so far."""

    text: str
    area: Territory
    document: Document
    committees: dict[str, Organisation]
    convention: Convention = ""
    later: list[tuple[Named, Organisation, Match]] = field(default_factory=list)
    known: dict[str, Organisation] = field(default_factory=dict)  # bodies of brackets by name
    again: list[Responsibility] = field(default_factory=list)  # bodies that a measure tells to act more than once
    aliases: dict[str, str] = field(default_factory=dict)  # short names that the document defines
    short: list[str] = field(default_factory=list)  # those of them that no vocabulary knows as bodies

    _resolved: dict[tuple[str, str], Resolved] = field(default_factory=dict)

    def resolve(self, printed: str, carried: str = "") -> Resolved:
        """The body a name means in this document (CONTRACT: organisations), how it matched, by which rule."""
        key = (printed, carried)
        if key not in self._resolved:
            self._resolved[key] = self._resolve(printed, carried)
        return self._resolved[key]

    def _resolve(self, printed: str, carried: str) -> Resolved:
        whole = self.aliases.get(clean(printed))
        org, match, rule = canonical(whole or printed, self.area, self.document.written_on, carried)
        if whole:
            return org, "alias", "roles.defined"
        if org.name.endswith(COMMITTEE) and org.name not in self.committees:
            short = clean(printed).replace("管委会", COMMITTEE)
            longer = [o for name, o in self.committees.items() if name.endswith(short)]
            if len(longer) == 1:
                return longer[0], "alias", "bodies_groups.committee"
        return org, match, rule


def enter(rows: Rows, row: Responsibility) -> None:
    """One row per body and role; what two brackets cover is joined."""
    key = (row.organisation.name, row.role)
    old = rows.get(key)
    if old is None:
        rows[key] = row
    elif old.covers and row.covers:
        rows[key] = replace(old, covers=(min(old.covers[0], row.covers[0]), max(old.covers[1], row.covers[1])))
