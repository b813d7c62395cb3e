"""Printed units: code, dimension and multiplier."""

from __future__ import annotations

import pytest

from pipeline.resolve.units import unit_of

KNOWN = [
    ("%", "%", "%", "share", 1),
    ("％", "%", "%", "share", 1),
    ("个百分点", "百分点", None, "percentage_point", 1),
    ("万元", "元", None, "money", 10000),
    ("亿元", "元", None, "money", 10**8),
    ("（单位：万人）", "人", None, "count", 10000),
    ("单位:公顷", "公顷", "har", "area", 1),
    ("单 位：万 吨", "吨", "t", "mass", 10000),
    ("微克/立方米", "微克/立方米", "ug/m3", "concentration", 1),
    ("μg/m³", "μg/m³", "ug/m3", "concentration", 1),
    ("吨/月·平方公里", "吨/月·平方公里", None, "rate", 1),
    ("万千瓦时", "千瓦时", "kW.h", "energy", 10000),
    ("千瓦", "千瓦", "kW", "power", 1),
    ("元/人·年", "元/人·年", None, "rate", 1),
    ("套（次）", "套（次）", None, "count", 1),
    ("个月", "个月", "mo", "time", 1),
    ("比", "比", "1", "ratio", 1),
]


@pytest.mark.parametrize(("printed", "name", "code", "dimension", "factor"), KNOWN, ids=[k[0] for k in KNOWN])
def test_known(printed: str, name: str, code: str | None, dimension: str, factor: int) -> None:
    unit = unit_of(printed)
    assert unit is not None
    assert tuple(unit) == (name, code, dimension, factor)


@pytest.mark.parametrize(
    "printed", ["", " ", "县区", "指标名称", "5G", "万", "（）", "2024年", "吨/", "/吨", "万" * 500]
)
def test_unknown(printed: str) -> None:
    assert unit_of(printed) is None
