"""Scales say what their lines are."""

from __future__ import annotations

import re

import pytest

from simgait.report import svg


@pytest.mark.parametrize(
    ("span", "shown"),
    [((-5.0, 7.0), ["−5", "−2.5", "0", "2.5", "5"]), ((-20, 60), ["−20", "0", "20", "40", "60"])],
)  # fmt: skip
def test_a_scale_of_halves_is_not_rounded(span: tuple[float, float], shown: list[str]) -> None:
    axes = svg.curve_axes((0, 100), span)
    texts = re.findall(
        r"<text[^>]*text-anchor=\"end\"[^>]*>(.*?)</text>", "".join(svg.cycle_scales(axes, *span))
    )
    assert texts == shown
