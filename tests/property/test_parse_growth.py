"""The work of `parse` grows with its input and no faster: four times the text, four times the calls."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from pipeline import parse

SHAPES = {
    "sentences": "加强河道管理，推进堤防建设，到2025年达标率达到80%。市水利局负责落实。\n",
    "measures": "1.加强河道管理，到2025年达标率达到80%。（市水利局牵头，市财政局配合）\n",
    "items": "（1）推进堤防建设，到2025年达标率达到80%，由市水利局牵头。\n",
    "goals": "到2025年，小麦产量达到80万吨，蔬菜产量、水果产量分别达到20万吨、30万吨（2024年1月底前为10万吨）。\n",
}


def _calls(work: Callable[[], object]) -> int:
    """Calls and resumed generators while `work` runs."""
    count = 0

    def seen(*event: object) -> None:
        nonlocal count
        count += event[1] in ("call", "c_call")

    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("line", SHAPES.values(), ids=SHAPES)
def test_grows_with_the_text(line: str) -> None:
    def text(n: int) -> bytes:
        return ("一、主要任务\n（一）加强管理\n" + line * n).encode()

    parse(text(2))  # what is compiled and loaded once
    short, long = (_calls(lambda n=n: parse(text(n))) for n in (40, 160))
    assert long < 4.1 * short
