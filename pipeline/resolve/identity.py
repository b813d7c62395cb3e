"""An organisation from its official name: its kind by the name's end, its stable id."""

from __future__ import annotations

import re
from hashlib import sha1

from pipeline.ids import slug
from pipeline.model import Organisation, Territory

_KIND_BY_TAIL = (
    ("管理委员会", "government"),
    ("执行委员会", "government"),
    ("人民政府", "government"),
    ("街道办事处", "government"),
)
_DEPARTMENT_TAIL = re.compile(r"(?:局|委|委员会|厅|办|办公室|部|处|队)$")
_INSTITUTION_TAIL = re.compile(r"(?:中心|院|所|站|馆|校|台|社|会|学|基地|园|专班|平台)$")


def kind_of(name: str) -> str:
    for tail, kind in _KIND_BY_TAIL:
        if name.endswith(tail):
            return kind
    return (
        "department" if _DEPARTMENT_TAIL.search(name) else "institution" if _INSTITUTION_TAIL.search(name) else "group"
    )


def national_kind(name: str) -> str:
    if name.startswith(("中共", "中央")):
        return "party"
    if name.endswith(("公司", "银行")) and name != "中国人民银行":
        return "enterprise"
    if name.startswith(("最高人民", "全国人民代表", "中国人民政治协商")):
        return "government"
    if name.endswith(("联合会", "协会", "学会", "总会", "促进委员会", "工会", "文联")):
        return "group"
    return "group" if name.startswith(("中华全国", "中国共产主义")) else "department"


def made(name: str, kind: str, where: Territory, owner: str | None) -> Organisation:
    key = where.code or (slug(where.name) if len(where.name) > 1 else "999999")
    return Organisation(_id(name, key), name, where.level, kind, where.code or None, _id(owner, key) if owner else None)


def _id(name: str, key: str) -> str:
    """`<region_code>:<8 hex digits of the SHA-1 of the name>`: the same name in a region, the same id.

    A place outside GB/T 2260 stands with its name in letters instead of the code, an unknown one as 999999.
    """
    return f"{key}:{sha1(name.encode(), usedforsecurity=False).hexdigest()[:8]}"
