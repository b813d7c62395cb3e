"""Where a measure says who is responsible: brackets, closing lists of bodies, labelled lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pipeline.find.organisations import is_body
from pipeline.resolve.groups import pattern as group_pattern
from pipeline.rules import load

_OPEN, _CLOSE = "（(〔[【〈", "）)〕]】〉"
_MARK = re.compile(r"[（(〔\[【〈）)〕\]】〉\n]")
_SENTENCE_END = "。；;！!？?：:\n \u3000\t"
_FIRST_NAME = re.compile(r"[^、，,；;。\n）)〕\]】]{2,30}")
_CONVENTION = re.compile(r"[，,；;。]\s*(?:[列排]|第一|首位|最前)[^，,；;。]{0,16}牵头(?:单位|部门)")
_NOT_AGAIN = re.compile(r"不再(?:逐一|一一|另行|重复|逐项|单独)?(?:列出|列示|列举|注明|标注)")
_LATER_ITEMS = re.compile(r"(?:[本此][条项款段](?:及|和|、|以及))?(?:以下|下列|后续)")
_BEFORE_LABEL = frozenset(_SENTENCE_END + "*#-·•、．.）)")
_COLON = re.compile("[:：]")
_LONGEST = 900  # characters; no bracket of responsibility is longer, an unclosed one is


@dataclass(frozen=True, slots=True)
class Bracket:
    """`text[start:end]` with its marks; `text[inner_start:inner_end]` is what is read."""

    start: int
    end: int
    inner_start: int
    inner_end: int
    rule: str


@cache
def label_pattern() -> re.Pattern[str]:
    """`责任单位：` and its kin; groups lead, support, responsible, off tell the role."""
    labels = load("roles")["labels"]
    noun = "(?:" + "|".join(labels["nouns"]) + ")"

    def either(role: str, tail: str) -> str:
        return f"(?P<{role}>(?:" + "|".join(sorted(labels[role], key=len, reverse=True)) + f"){tail})"

    roles = "|".join(either(role, noun) for role in ("lead", "support", "responsible"))
    bare = {
        role: "|".join(w for w in labels["bare"] if w in labels[role]) for role in ("lead", "support", "responsible")
    }
    roles += "".join(f"|(?P<bare_{role}>{words})" for role, words in bare.items())
    return re.compile(rf"(?:{roles}|{either('off', '')})\s*(?:[（(][^（）()]{{1,12}}[）)])?\s*[:：]")


@cache
def verb_pattern() -> re.Pattern[str]:
    """A verb of responsibility that ends a clause; the named group is its role."""
    verbs = load("roles")["verbs"]
    roles = (
        f"(?P<{role}>" + "|".join(sorted(verbs[role], key=len, reverse=True)) + ")"
        for role in ("lead", "support", "responsible", "implement")
    )
    by_office = r"(?:按照?|依|依据|依照|根据)(?:各自)?(?:工作)?职[责能](?:和?分工|范围)?(?:共同|分别)?"
    duty = rf"(?:共同|分别|统一|具体|联合|{by_office})"
    return re.compile(rf"(?:要|应)?{duty}?(?:{'|'.join(roles)})(?:相关工作|有关工作|等)?(?=\s*(?:[，,；;。、]|$))")


def role_of(label: re.Match[str]) -> str:
    """lead, support or responsible; empty for a label that names no bodies (完成时限：) or a bare one before none."""
    kind = label.lastgroup or "off"
    if kind.startswith("bare_"):
        first = _FIRST_NAME.match(label.string, label.end())
        return kind.removeprefix("bare_") if first and is_body(first[0].strip()) else ""
    return "" if kind == "off" else kind


def responsibility_brackets(text: str, start: int = 0, end: int | None = None) -> list[Bracket]:
    """Every place in `text[start:end]` that says who is responsible, in order, without overlap.

    Offsets are into `text`. Explanatory brackets (（含氧化锌）) are not among them.
    """
    stop = len(text) if end is None else end
    found = [b for s, e in _pairs(text, start, stop) if (b := _judge(text, s, e, start, stop))]
    taken = [(b.start, b.end) for b in found]
    for line in (*later_clauses(text, start, stop), *_lines(text, start, stop)):
        if not any(a < line.end and line.start < b for a, b in taken):
            found.append(line)
            taken.append((line.start, line.end))
    return sorted(found, key=lambda b: b.start)


def later_clauses(text: str, start: int, stop: int) -> list[Bracket]:
    """Sentences that give bodies work in all later measures (以下…均需…落实，不再列出。), with the full stop."""
    found = []
    for end in _NOT_AGAIN.finditer(text, start, stop):
        low = max(start, 1 + max(text.rfind(mark, start, end.start()) for mark in "。；\n"))
        body = low + len(text[low : end.start()]) - len(text[low : end.start()].lstrip())
        if end.start() - body < _LONGEST and _LATER_ITEMS.match(text, body, end.start()):
            tail = end.end() + text.startswith("。", end.end())
            found.append(Bracket(body, tail, body, end.end(), "roles.clause"))
    return found


def _pairs(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Outermost brackets of any kind, (start, end) with the marks; one unclosed runs to the end of its line."""
    depth, opened = 0, 0
    for mark in _MARK.finditer(text, start, stop):
        char, at = mark[0], mark.start()
        if char in _OPEN:
            opened = at if depth == 0 else opened
            depth += 1
        elif char == "\n":
            if depth and (at - opened > _LONGEST or not label_pattern().match(text, opened + 1)):
                depth = 0
        elif depth:
            depth -= 1
            if depth == 0:
                yield opened, at + 1
    if depth and label_pattern().match(text, opened + 1):
        line = text.find("\n", opened, stop)
        yield opened, stop if line < 0 else line


def _judge(text: str, start: int, end: int, low: int, high: int) -> Bracket | None:
    closed = text[end - 1] in _CLOSE
    inner = (start + 1, end - 1 if closed else end)
    content = text[inner[0] : inner[1]]
    label = label_pattern().match(content.lstrip())
    if label and (role_of(label) or any(map(role_of, label_pattern().finditer(content)))):
        return Bracket(start, end, *inner, "roles.label")
    if _has_verb(content) or _LATER_ITEMS.match(content) and _NOT_AGAIN.search(content):
        return Bracket(start, end, *inner, "roles.verb")
    names = _CONVENTION.split(content)[0]  # bodies, and then how their order is meant
    if (names != content or _closes(text, start, end, low, high)) and _only_bodies(names):
        return Bracket(start, end, *inner, "roles.list")
    return None


def _has_verb(content: str) -> bool:
    """Whether a clause is bodies and then a verb of responsibility: the name right before the verb is a body."""
    for verb in verb_pattern().finditer(content):
        *earlier, clause = re.split(r"[，,；;。]", content[: verb.start()])
        if earlier and any(map(is_body, re.split("、", earlier[-1].strip()))):
            return True
        if clause.endswith(_OTHERS_TAIL) and not is_body(clause):
            clause = _OTHERS.sub("", clause)
        names = [n for n in re.split(r"[、/]|会同|以及", clause.removeprefix("由")) if n.strip()]
        if names and (is_body(names[0]) or is_body(names[-1]) or is_body(clause)):
            return True
    return False


_OTHERS_TAIL = ("等", "部门", "单位", "地区", "各地")
_OTHERS = re.compile(r"等?[^、]{0,6}(?:部门|单位)?(?:及各地区?)?$")


def _closes(text: str, start: int, end: int, low: int, high: int) -> bool:
    """After a full stop or on a line of its own, or right before one; not the second board of a body."""
    before = text[start - 1] if start > low else "\n"
    after = text[end] if end < high else "\n"
    return before in _SENTENCE_END or (after in "。；;\n" and before not in "局委办部厅室会院司")


def _only_bodies(content: str) -> bool:
    whole = group_pattern().sub("各部门", content)  # 各县（市、区） is one
    names = [
        n
        for n in re.split(r"[、，,；;]|(?<=[局委厅部办会])和", re.sub(r"等(?:单位|部门)?$", "", whole.strip()))
        if n.strip()
    ]
    return bool(names) and is_body(names[0]) and sum(map(is_body, names)) >= max(1, len(names) - len(names) // 3)


def _label_before(text: str, low: int, end: int, start: int) -> re.Match[str] | None:
    """The label that begins a sentence at or after `low` and ends with the colon before `end`; null for none."""
    for at in range(low, end - 3):
        label = label_pattern().match(text, at, end) if at == start or text[at - 1] in _BEFORE_LABEL else None
        if label and label.end() == end and role_of(label):
            return label
    return None


def _lines(text: str, start: int, stop: int) -> Iterator[Bracket]:
    """Sentences outside brackets that begin with a label: to the line's end, or to 。 where text runs on after it."""
    last = start
    for colon in _COLON.finditer(text, start, stop):
        label = _label_before(text, max(last, colon.start() - 30), colon.end(), start)
        if label is None:
            continue
        at, last = label.start(), colon.end()
        line = text.find("\n", at, stop)
        line = stop if line < 0 else line
        dot = text.find("。", at, line)
        yield Bracket(at, dot + 1 if 0 <= dot < line - 1 else line, at, dot if dot >= 0 else line, "roles.line")
