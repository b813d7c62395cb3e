"""The reliability plot as SVG, the same bytes for the same figures."""

from __future__ import annotations

from math import sqrt
from typing import Any

_LOW, _HIGH = 0.2, 1.0
_SIDE, _LEFT, _TOP = 360, 64, 40
_COLOURS = {"first": "#7a869a", "second": "#c8372d"}


def wilson(right: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """The interval that a share of n cases leaves open (95 %)."""
    share, whole = right / n, 1 + z * z / n
    middle = (share + z * z / (2 * n)) / whole
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / whole
    return max(0.0, middle - half), min(1.0, middle + half)


def reliability_plot(confidence: dict[str, Any]) -> str:
    """Mean confidence against share right, a point for each bin and gold, its area by the number of fields."""
    width, height = _LEFT + _SIDE + 150, _TOP + _SIDE + 56
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="system-ui, sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *_axes(),
    ]
    for group, colour in _COLOURS.items():
        for row in confidence[group]["bins"]:
            if row["n"]:
                lines += _point(row, colour)
    for k, (group, colour) in enumerate(_COLOURS.items()):
        y = _TOP + 12 + 22 * k
        lines.append(f'<circle cx="{_LEFT + _SIDE + 24}" cy="{y}" r="5" fill="{colour}"/>')
        lines.append(_words(_LEFT + _SIDE + 36, y + 4, f"{group} gold"))
    return "\n".join([*lines, "</svg>"]) + "\n"


def _x(value: float) -> float:
    return round(_LEFT + _SIDE * (max(value, _LOW) - _LOW) / (_HIGH - _LOW), 1)


def _y(value: float) -> float:
    return round(_TOP + _SIDE * (_HIGH - max(value, _LOW)) / (_HIGH - _LOW), 1)


def _axes() -> list[str]:
    lines = [_words(_LEFT, 22, "Confidence and share right · 置信度与正确率", 'font-size="14"')]
    foot, middle = _TOP + _SIDE, _TOP + _SIDE // 2
    for tenth in range(round(_LOW * 10), 11):
        x, y = _x(tenth / 10), _y(tenth / 10)
        lines.append(f'<line x1="{_LEFT}" x2="{_LEFT + _SIDE}" y1="{y}" y2="{y}" stroke="#e3e6ea"/>')
        lines.append(_words(_LEFT - 8, y + 4, f"{tenth / 10:.1f}", 'text-anchor="end"'))
        lines.append(_words(x, foot + 18, f"{tenth / 10:.1f}", 'text-anchor="middle"'))
    ends = f'x1="{_LEFT}" y1="{foot}" x2="{_LEFT + _SIDE}" y2="{_TOP}"'
    lines.append(f'<line {ends} stroke="#222222" stroke-dasharray="4 4"/>')
    lines.append(_words(_LEFT + _SIDE // 2, foot + 42, "mean confidence", 'text-anchor="middle"'))
    turned = f'text-anchor="middle" transform="rotate(-90 18 {middle})"'
    return [*lines, _words(18, middle, "share right", turned)]


def _words(x: float, y: float, words: str, more: str = "") -> str:
    return f'<text x="{x}" y="{y}" fill="#333333" {more}>{words}</text>'


def _point(row: dict[str, Any], colour: str) -> list[str]:
    low, high = wilson(row["right"], row["n"])
    x, y = _x(row["confidence"]), _y(row["right"] / row["n"])
    radius = round(3 + min(9.0, sqrt(row["n"]) / 4), 1)
    return [
        f'<line x1="{x}" x2="{x}" y1="{_y(low)}" y2="{_y(high)}" stroke="{colour}" stroke-width="1.5"/>',
        f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{colour}" fill-opacity="0.75"/>',
    ]
