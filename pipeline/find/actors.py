"""What a clause makes of the bodies it names: told to act, leading, helping, or only mentioned."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Literal, NamedTuple

from pipeline.rules import load

Part = Literal["", "act", "lead", "support"]

_ENDS = "。；;！!？?：:\n\u3000"
_CLAUSE = re.compile(r"[。；;！!？?：:，,\n\u3000\t）)”（(〔\[ ]")
_LABEL = re.compile(r"[（(]?[\d一二三四五六七八九十]{1,3}[）)．.、]\s*|[一二三四五六七八九十]是")
#: Given the work by a word before: 由, 请, 责成; not 自由, 申请.
_GIVEN = re.compile(r"(?:(?<![理自经缘事任])由|(?<![申邀聘报提呈恳])请|责成)$")
_JOINED = ("会同", "联合", "以及")
#: Words before a subject that leave it the subject of its clause.
_BEFORE_SUBJECT = re.compile(
    r"(?:要求|同时要求|同时|此外|另外|其中|今后|原则上|首先|其次|最后|必要时|届时|具体|对此|凡|并|且|而|如|如果|但)"
    r"|[^，,。；;]{0,14}(?:\d|[每当本次今明上下][年月季]|年|月|日|季度|学期|周|汛|节)[^，,。；;、的]{0,6}(?:前|内|底|末|起|后|年|月|日|季度|期间|上半年|下半年)?"
)
#: A clause that leads up to the subject of the next: a time, a condition, an object.
_LEADS_UP = re.compile(
    r"\s*(?:[（(]?[\d一二三四五六七八九十]{1,3}[）)．.、])?\s*"
    r"(?:到|截至|自|从|在|对|为|按|按照|根据|依据|经|凡|围绕|针对|结合|每年|每月|每季度|\d{4}年|本|除|因|遇|如|当|若|发生|出现)[^，,。；;]{1,60}"
)
_LEVELS_CUT = re.compile(r"[省市县区州旗镇乡]（[省市县区州旗盟镇乡街道、，]{1,8}）$")
_PAST = re.compile(r"近年来|以来|目前|当前|一直|取得了?|现已|已经|过去|长期以来|[多几]年来")
#: Nothing that the clause begins with by which the bodies after it are only encouraged, urged, asked, reported to.
_NOT_TOLD = re.compile(
    r"\s*(?:鼓励|支持|引导|指导|督促|推动|帮助|协调|配合|授权|允许|接受|报|报请|报送|经|向|与|和|从|抄送|通知|邀请|协助|严禁|禁止|防止|对|由于)"
)
_REST = re.compile(
    r"(?:(?:[、和及与或]|以及)(?:各|有关|相关|其他|负有)?(?:类|级)?[^、，,。；;：:（）()的要应须\n]{0,12}?"
    r"(?:单位|部门|机构|企业|学校|院校|团体|组织|公司|协会|医院|平台|社区|村|高校|园区|媒体|院所|集团|商会|监护人|委|局|办|会|中心|院|社|台|所|站|队|校|区|县|市|镇|乡|街道)){1,4}"
)
_OTHERS = re.compile(
    r"^等?(?:[一二三四五六七八九十\d]{1,2}个)?(?:国务院|市|省|县|区)?(?:监管|主管|相关|有关|职能|行政|成员|责任|各)*(?:部门和单位|部门|单位|机关)"
)
_BOARD = re.compile(r"[（(][^（）()\n]{1,16}[）)]")
_GOES_ON = r"(?!(?<=要)[求素点件闻道]|(?<=应)[对急用届约聘]|(?<=需)求|(?<=将)[军领来]|(?<=须)知)"
_NO_PREDICATE = re.compile(
    r"\s*(?:组成|构成|担任|兼任|任|自行|的|之|改|转|向[^，。；]{1,20}(?:转变|过渡)|代表|副|原|$|。)"
)
#: Somebody of the body, not the body: 主要负责人, 分管领导.
_PERSON = re.compile(
    r"(?:党政|主要|分管|相关|有关|各)*(?:负责人|负责同志|领导(?![小干])|领导干部|主任|[秘局市县区镇乡厅处科所站院行部]书?长|书记|主席|同志|工作人员|人员|干部|班子|党组)"
)
#: 本办法由市财政局负责解释: what words mean is no work.
_EXPLAINS = re.compile(r"(?:会同[^，。；]{2,20})?负责(?:具体|政策|最终)?解释(?=[。，；])")
_SEATED = re.compile(r"设在[^，。；]{2,20}[，,](?:具体)?(?:负责|承担)")
_UNCHANGED = re.compile(r"[^，。；]{0,20}(?:不变|由[^，。；]{2,20}(?:担任|兼任))")
#: 市财政局是…的主管部门，负责…: what the body is says that it acts.
_IN_CHARGE = re.compile(
    r"(?:作为|是|为)[^，。；]{2,40}(?:部门|机构|机关|单位)[，,](?:依法|具体|统一|全面)?(?:负责|承担|组织|统筹|指导|监督)"
    r"|(?:是|为)[^，。；]{2,30}(?:责任主体|责任单位|主管部门|主管机关|管理机构)(?=[，。；])"
)
#: 强化市发展改革委牵头抓总作用, 发挥市水利局牵头作用.
_LEADING_PART = re.compile(r"的?(?:总?牵头|牵头抓总|统筹牵头|牵头统筹|牵头协调|牵头引领)(?:作用|职责|职能)")
_PLAYED = re.compile(r"(?:强化|发挥|压实|落实)(?:好)?$")
_RELATIVE = re.compile(r"(?![结根按依对在会统就向给予提])[^，,。；;、]{1,4}的(?![，,])")
_CONDITION = re.compile(r"[^，,。；;\n]{0,40}的(?:话)?[，,；;]")


def _either(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """What may follow a list of bodies, each matched right after it."""
    acting = load("roles")["acting"]
    modal, verbs, leading = _either(acting["modal"]), _either(acting["verbs"]), _either(acting["prepositions"])
    adverb = rf"(?:等)?(?:[，,]\s*)?(?:{_either(acting['adverbs'])}|每[两二三四五六\d]{{1,2}}[年月周]){{0,2}}"
    when = r"(?:(?:自|于|在|从)[^，,。；;\n]{1,24}?[内前起底末]|[^，,。；;\n]{0,3}\d[^，,。；;\n]{0,14}?[内前起底末])?"
    up_to = rf"(?:(?:{leading})[^。；;，,\n：]{{1,44}}?[，,]?|[^，,。；;\n的]{{2,16}}[时后][，,]?){{0,2}}"
    nouns = _either(acting["nouns_after"])
    helps = _either(acting["helps"])
    return {
        "told": re.compile(rf"{adverb}{up_to}(?:并|也|均|都|还)?(?:{modal}){_GOES_ON}"),
        "verb": re.compile(rf"{adverb}{when}(?:{verbs})(?!{nouns}|。)"),
        "grounded": re.compile(
            rf"以[^，。；\n的]{{2,30}}为[^，。；\n]{{1,30}}[，,](?:以[^。；\n]{{4,50}}[，,])?(?:{verbs})(?!{nouns}|。)"
        ),
        "timed": re.compile(
            r"(?:应当?|要|须)?[于在][^，。；\n]{0,24}\d{1,3}个?(?:工作日|日|天|月|小时)(?:之|以)?内[，,]?(?![的不])"
        ),
        "joined": re.compile(rf"(?:与[^，。；\n]{{2,20}})?(?:合作|协作|联动|沟通|衔接|对接)[，,](?:{verbs})"),
        "through": re.compile(rf"{adverb}[对向为把将在就与][^，,。；;\n]{{1,40}}?(?:{_either(acting['done'])})"),
        "lead": re.compile(
            r"(?:等)?(?:要|应|应当|负责|具体|适时|统一|将|须|共同|总|按职责|为主)?牵头(?!企业|单位|部门|人|机构)"
        ),
        "helps": re.compile(
            rf"(?:等)?(?:要|应|应当)?(?:密切|积极|主动|做好|予以|依法|全力)?(?:{helps})(?=[，,。；;\n]|$)"
            r"|(?:等)?(?:要|应|应当|须)?(?:密切|积极|主动|全力|依法)?(?:配合|协助|协同)(?=[^，,。；;\n、])"
        ),
        "jointly": re.compile(r"(?:密切|通力|相互|协同|加强)"),
    }


class Listed(NamedTuple):
    """A list of bodies `text[first:last]`, the last of a `kind`, inside `text[low:high]`."""

    text: str
    first: int
    last: int
    low: int
    high: int
    kind: str
    several: bool = False


def part_of(listed: Listed, plainly: bool = True) -> Part:
    """What the clause makes of a list of bodies; with `plainly` a plain verb of duty makes it act too."""
    opens = _opening(listed.text, listed.first, listed.low)
    after = _after(listed.text, listed.last, listed.high)
    if _LEADING_PART.match(after) and _PLAYED.search(listed.text, listed.low, listed.first):
        return "lead"
    if opens is None or _PERSON.match(after) or _EXPLAINS.match(after):
        return ""
    found = _patterns()
    if found["lead"].match(after):
        return "lead"
    if _CONDITION.match(after) and opens != "given":
        return ""
    if hit := found["helps"].match(after):
        many = (listed.several or listed.kind in ("group", "government")) and found["jointly"].search(hit[0])
        return "act" if many else "support"
    if (hit := found["told"].match(after)) and not _CONDITION.match(after, hit.end()):
        return "act"
    if opens == "given":
        return "" if _NO_PREDICATE.match(after) or _RELATIVE.match(after) else "act"
    return "act" if plainly and _by_itself(listed, after, opens) else ""


def _by_itself(listed: Listed, after: str, opens: str) -> bool:
    """Whether a subject that no modal tells to act acts by a plain verb of duty."""
    if opens == "listed" or listed.kind == "government" and opens != "heads" or _UNCHANGED.match(after):
        return False
    sentence = _sentence(listed.text, listed.first, listed.low)
    if _PAST.search(listed.text, sentence, listed.last) or after.startswith("已"):
        return False
    found = _patterns()
    ways = ("through", "grounded", "timed", "joined", "verb")
    return any(found[way].match(after) for way in ways) or bool(_SEATED.match(after) or _IN_CHARGE.match(after))


def _after(text: str, last: int, high: int) -> str:
    """What follows the list, without the nameless rest of it (等有关部门, 、各企业)."""
    board = _BOARD.match(text, last, high)
    after = text[board.end() if board else last : min(high, last + 120)]
    after = _OTHERS.sub("", after)
    rest = _REST.match(after)
    after = after[rest.end() :] if rest else after
    return re.split(r"[。；;\n]", after, maxsplit=1)[0] + "。"


def _sentence(text: str, at: int, low: int) -> int:
    return max(low, 1 + max(text.rfind(mark, low, at) for mark in _ENDS))


def clause_start(text: str, at: int, low: int) -> int:
    """Where the clause that `at` stands in begins, after its label."""
    start = at
    while start > low and at - start < 60 and not _CLAUSE.match(text[start - 1]):
        start -= 1
    label = _LABEL.match(text, start, at)
    return label.end() if label else start


def _opening(text: str, first: int, low: int) -> str | None:
    """How a list stands in its clause: given (由), heads its sentence, a later clause, listed behind others; null: no
    subject.
    """
    start = clause_start(text, first, low)
    if start == first and _LEVELS_CUT.search(text, max(low, first - 14), first):
        return None  # 落实县（市、区）水利部门的责任: what the body is of stands before the bracket
    before = text[start:first].strip()
    if _GIVEN.search(before):
        return "given"
    if before.endswith(_JOINED):
        return "later"
    if before.endswith("、"):
        return None if _NOT_TOLD.match(before) else "listed"
    if before and not _BEFORE_SUBJECT.fullmatch(before):
        return None
    lead_in = text[_sentence(text, first, low) : start].rstrip("，, ")
    heads = not lead_in.strip() or bool(_LEADS_UP.fullmatch(lead_in)) or bool(_LABEL.fullmatch(lead_in))
    return "heads" if heads else "later"
