"""Numbers with intervals below each other: what lies beyond the picture, and many rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from simgait.report.interval_rows import FURTHEST, MOST_IN_ONE, IntervalRow, interval_rows

ROW = IntervalRow("Cadence", 0.5, -0.5, 1.5, "#000000")
BEYOND = IntervalRow("Speed", -6.25, -7.5, -5.0, "#000000")


def names(drawn: str) -> Sequence[str]:
    return re.findall(r">([A-Z][^<]*)</text>", drawn)


def test_a_middle_beyond_the_picture_is_a_figure() -> None:
    drawn = str(interval_rows([ROW, BEYOND], "two numbers"))
    assert names(drawn) == ["Cadence", "Speed: \u22126.2"]
    # A dot for the one that lies in the picture, arrows for both ends of the other.
    assert drawn.count("<circle") == 1 and drawn.count("<polygon") == 2
    within = replace(BEYOND, middle=-FURTHEST + 0.1)
    assert names(str(interval_rows([within], "one"))) == ["Speed"]


def test_band_and_grid_do_not_cross_a_name() -> None:
    drawn = str(interval_rows([ROW] * 3, "three numbers"))
    baselines = [float(y) for y in re.findall(r'<text[^>]* y="([\d.]+)"[^>]*>Cadence', drawn)]
    tops = [float(y) for y in re.findall(r'<rect[^>]* y="([\d.]+)"', drawn)]
    heights = [float(y) for y in re.findall(r'<rect[^>]* height="([\d.]+)"', drawn)]
    assert len(baselines) == len(tops) == 3
    for baseline, top, height, following in zip(
        baselines, tops, heights, (*baselines[1:], 1e3), strict=True
    ):
        assert baseline + 3.0 < top and top + height < following - 8.0


def test_many_rows_are_two_pictures_of_one_axis() -> None:
    rows = [replace(ROW, label=f"N{place}") for place in range(MOST_IN_ONE + 1)]
    rows[-1] = replace(rows[-1], high=3.0)
    drawn = str(interval_rows(rows, "nine numbers"))
    first, second = re.findall(r"<svg.*?</svg>", drawn)
    assert "nine numbers, 1 of 2" in first and "nine numbers, 2 of 2" in second
    assert [*names(first), *names(second)] == [row.label for row in rows]
    scales = [re.findall(r'text-anchor="middle">([^<]*)<', half) for half in (first, second)]
    assert scales[0] == scales[1]
    assert str(interval_rows(rows[:-1], "eight")).count("<svg") == 1
