"""Which lines of a source are one paragraph: pages, columns and narrow lines break sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from pipeline import rules

_END = frozenset("。！？；;!?…")
_COLON = frozenset("：:")
_OPEN = "（(《〈“‘「『【〔[｛{"
_CLOSE = "）)》〉”’」』】〕]｝}"
_PAIR = dict(zip(_CLOSE, _OPEN, strict=True))
#: A line that ends with one of these goes on.
_GOES_ON = frozenset("、，,—–-－~～/／+＋%％") | frozenset(_OPEN)
_WORDS_ON = frozenset("和及与或的")
#: A line cannot begin with these.
_NEVER_FIRST = frozenset("、，。；：！？,;:!?/／%％" + _CLOSE.replace("”", ""))
_STOPS = re.compile("[。；！？]")
_TITLE_START = re.compile(r"(?:关于|印发|转发)")
_KEYED = re.compile(r"[^，。；：:]{1,14}[：:].")
_KEY = re.compile(
    "(?:单位|部门|任务|目标|措施|要求|内容|职责|时限|附件|原则|条件|对象|范围|标准|程序|方式|材料|时间|地点|电话|机构|组长|成员|如下)[：:]$"
)
_ARTICLE = re.compile("第[一二三四五六七八九十百0-9]{1,5}条")
_INNER = re.compile("[，、：]")
_DOC_LINE = re.compile(r"[\d一二三四五六七八九十]号$")
_BODY = 24
_SHORT_TITLE = 8


@dataclass(frozen=True, slots=True)
class Layout:
    """How a source sets its lines: `width` of hard-wrapped ones (0: not), blank lines between paragraphs."""

    width: int
    spaced: bool
    quoted: tuple[str, ...] = ()


def layout(lines: list[tuple[str, int]]) -> Layout:
    """Judge the layout from (text, line number) of all lines."""
    sizes = sorted(len(t) for t, _ in lines if len(t) > 8)
    width = 0
    if len(sizes) >= 20:
        top = sizes[int(len(sizes) * 0.9)]
        if 15 <= top <= 60 and sum(top - 4 <= s <= top + 2 for s in sizes) >= 0.4 * len(sizes):
            width = top
    steps = [b[1] - a[1] for a, b in pairwise(lines)]
    spaced = len(steps) >= 4 and sum(s > 1 for s in steps) >= 0.6 * sum(s > 0 for s in steps)
    quoted = tuple(dict.fromkeys(q for t, _ in lines if "《" in t for q in re.findall("《([^《》\n]{8,80})》", t)))
    return Layout(width, spaced, quoted)


@cache
def _label() -> re.Pattern[str]:
    numerals = rules.load("structure")["vocabulary"]["numerals"]
    parts = [r["pattern"] for r in rules.rules("structure") if "rank" in r]
    joined = "|".join(re.sub(r"\?P<\w>", "?:", p).replace("{numerals}", numerals) for p in parts)
    others = r"附(?:件|表|录)|【|抄送|[脚尾]注\d{1,3}：|[（(](?:此件|联系)|目录$|\d{4}年\d{1,2}月\d{1,2}日$"
    return re.compile(f"{joined}|{others}")


def joins(a: str, a_heading: int, b: str, b_heading: int, gap: int, form: Layout) -> bool:
    """Whether line `b` continues line `a`; `gap` is the difference of their line numbers."""
    last = a[-1]
    if last in _END or last in _COLON:
        return False
    if b[0] in _NEVER_FIRST and not (form.spaced and b_heading):
        return True
    if _label().match(b):
        return False
    if _is_open(a):
        return True
    if b_heading:
        return _title_goes_on(a, b, form)
    return _runs_on(a, a_heading, b, gap, form) or _title_goes_on(a, b, form)


def _runs_on(a: str, a_heading: int, b: str, gap: int, form: Layout) -> bool:
    last = a[-1]
    if a_heading and not _STOPS.search(a):
        return False
    if last in "、，,":
        return True
    if b[-1] in _COLON and len(b) < 14 and not _breaks_off(a, b) or _KEYED.match(a) and _KEYED.match(b):
        return False
    if len(a) > 4 and (last in _GOES_ON or last in _WORDS_ON and not _is_label_line(a)):
        return True
    if form.spaced and gap == 1:
        return True
    if form.width:
        return _is_full(a, form.width)
    if _is_quotation(a) and b[0] in "已经业现":
        return True
    if last in _CLOSE and _bracket_is_sentence(a):
        return False
    if _DOC_LINE.search(b) or _DOC_LINE.search(a):
        return False
    return _STOPS.search(a) is not None or len(a) >= _BODY and _INNER.search(a) is not None and not _is_heading(a)


def _breaks_off(a: str, b: str) -> bool:
    """The line above is a sentence that lacks its end: 按照以下程序办理登 / 记手续：, no heading."""
    if _KEY.search(b) or _is_heading(a):
        return False
    return len(a) >= _BODY - 4 and ("，" in a or b.startswith(("应当", "必须", "不得")))


def _is_label_line(a: str) -> bool:
    """A heading: a label and words without a stop or a colon."""
    return "：" not in a and _label().match(a) is not None


def _is_heading(a: str) -> bool:
    """A line with a label, but not of an article, which is a sentence."""
    return _is_label_line(a) and not _ARTICLE.match(a)


def _is_full(a: str, width: int) -> bool:
    return len(a) >= width - 4


def _is_quotation(a: str) -> bool:
    return a[0] == "《" and a[-1] == "》"


def _is_open(a: str) -> bool:
    """A bracket or quotation mark near the end is not closed yet."""
    tail = a[-300:]
    if not any(c in tail for c in "（(《〔“"):
        return False
    for left, right in (("（(", "）)"), ("《", "》"), ("〔", "〕"), ("“", "”")):
        opened = max(tail.rfind(c) for c in left)
        if opened >= 0 and opened > max(tail.rfind(c) for c in right) and "。" not in tail[opened:]:
            return True
    return False


def _bracket_is_sentence(a: str) -> bool:
    """The closing bracket at the end holds a remark of its own (责任单位), after a full stop."""
    depth = 0
    for i in range(len(a) - 1, -1, -1):
        if a[i] in "）)〕":
            depth += 1
        elif a[i] in "（(〔":
            depth -= 1
            if not depth:
                return i == 0 or a[i - 1] in _END
    return True


def _title_goes_on(a: str, b: str, form: Layout) -> bool:
    """A title set on two lines: quoted as a whole elsewhere, or begun with 关于 and not yet ended."""
    if len(a) + len(b) > 90 or _STOPS.search(a) or _STOPS.search(b):
        return False
    if any(q.startswith(a) and q.startswith(a + b) for q in form.quoted):
        return True
    if "，" in a + b or b[-1] in _COLON or _KEYED.match(b):
        return False
    if _TITLE_START.match(b) and len(b) > _SHORT_TITLE and _issuer().fullmatch(a):
        return True
    if _TITLE_START.search(b):
        return False
    types = _doc_types()
    return bool(_TITLE_START.search(a)) and not types.search(a) and bool(types.search(b)) and not _label().match(a)


@cache
def _issuer() -> re.Pattern[str]:
    """The line of the issuer above 关于…: one name of a body, no heading, no signature of several words."""
    ends = "|".join(rules.load("structure")["vocabulary"]["body_ends"])
    return re.compile(rf"(?:#\s*)?[\u4e00-\u9fff]{{2,30}}(?:{ends})")


@cache
def _doc_types() -> re.Pattern[str]:
    types = "|".join(rules.load("structure")["vocabulary"]["doc_types"])
    return re.compile(rf"(?:{types})(?:[（(][^（）()]{{1,20}}[）)]){{0,3}}$")
