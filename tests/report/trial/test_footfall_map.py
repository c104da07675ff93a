from __future__ import annotations

import re

import numpy as np
import pytest

from simgait.report.trial.footfall_map import footfall_map
from simgait.report.trial.measure import Footprint
from simgait.skeleton.sides import SIDES, Side


def footprint(side: Side, heel_m: float) -> Footprint:
    return Footprint(
        side, heel_m, np.array([heel_m, 0.1]), np.array([heel_m + 0.25, 0.1]), 0.7, 0.1
    )


def test_footfall_rows_hold_whole_prints_and_the_last_is_as_long_as_its_content() -> None:
    heels = np.arange(0.0, 6.4, 0.7)
    prints = [footprint(SIDES[i % 2], float(x)) for i, x in enumerate(heels)]
    path = np.column_stack([np.linspace(-0.2, 6.2, 600), np.zeros(600)])
    full, last = footfall_map(prints, path).rows
    spans = [
        [float(m) for m in re.findall(r"from ([\d.−-]+) to ([\d.]+) m", row)[0]]
        for row in (full, last)
    ]
    assert sum(row.count('<path d="M') for row in (full, last)) >= len(prints)
    assert spans[0][0] < heels[0] and spans[1][0] < heels[-2]
    assert spans[1][1] == pytest.approx(heels[-1] + 0.25 + 0.25, abs=0.06)
    widths = [float(re.findall(r'viewBox="0 0 ([\d.]+)', row)[0]) for row in (full, last)]
    shares = [float(re.findall(r"--share:([\d.]+)", row)[0]) for row in (full, last)]
    assert widths[1] / widths[0] == pytest.approx(shares[1], abs=0.002)
    assert shares[0] == 1.0 and shares[1] < 0.5


def test_the_path_enters_a_last_row_that_the_pelvis_never_reaches() -> None:
    prints = [footprint("left", x) for x in (0.0, 3.0, 6.0)]
    path = np.column_stack([np.linspace(0.0, 5.4, 600), np.zeros(600)])
    *_, last = footfall_map(prints, path).rows
    grey = re.findall(r'<path[^>]*stroke="#8a939c"[^>]*>', last)
    assert grey and re.search(r"L[\d.]+", grey[0])
    assert 'opacity="0.2"' in last
