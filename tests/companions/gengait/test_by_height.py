"""Normal walkers of each height are held against the thresholds and their own band."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from simgait.companions.gengait import by_height
from simgait.companions.gengait.bands import EDGES_M
from simgait.companions.gengait.curves import mean_curves_deg
from simgait.companions.gengait.data import PersonsWalk
from simgait.companions.gengait.judging import OURS, answers_of
from tests.companions.gengait.made_up import small, walk


def test_the_first_walkers_of_each_height_are_drawn_and_nobody_twice() -> None:
    found = by_height.walkers_by_height(5)
    for (least, below), own in zip(pairwise(EDGES_M), found, strict=True):
        assert len(own) == 5 and all(least <= one.height_m < below for one in own)
        assert all(one.pattern == "normal" for one in own)
    assert len({one.seed for own in found for one in own}) == 15
    more = by_height.walkers_by_height(7)
    assert [one.seed for one in more[0][:5]] == [one.seed for one in found[0]]


def test_what_is_told_of_walks_is_what_the_network_says_of_them() -> None:
    mean = np.stack([mean_curves_deg(walk(0))] * 3)
    sd = np.full(mean.shape, 2.0)
    trained = replace(small(), bands=replace(small().bands, mean_deg=mean, sd_deg=sd))
    people = [PersonsWalk(f"p{k}", walk(k), 1.1 + 0.2 * k) for k in range(2)]
    cells = by_height._cells(trained, people, "exact")
    answer = answers_of(trained, [one.walk for one in people])[OURS]
    assert float(cells[0]) == pytest.approx(100.0 * answer.wrong.any(axis=1).mean(), rel=0.01)
    assert float(cells[1]) == pytest.approx(100.0 * answer.wrong.mean(), rel=0.01)
    assert float(cells[2]) == pytest.approx(np.median(answer.badness), rel=0.01)
    # Half are the band's own mean, of the others as much as is within 4° of that.
    near = np.abs(mean_curves_deg(walk(1)) - mean[0]) <= 4.0
    assert float(cells[6]) == pytest.approx(50.0 + 50.0 * near.mean(), rel=0.01)
    assert len(cells) == len(by_height.HEADER) - 3
    assert set(by_height._cells(trained, [], "exact")) == {"–"}
