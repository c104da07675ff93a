"""Bars of the scores: agreement of pairs, references of walkers, and the published examples."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simgait.benchmark.score_bars import (
    agreement,
    compared,
    golden_error,
    own_reference,
    seconds_of_scores,
)
from simgait.benchmark.score_strides import ScoredWalk, stacked, walkers, whole_strides
from simgait.errors import InputError
from simgait.skeleton.sides import SIDES
from tests.gait.conftest import made_up_strides


def made_walks(offset_deg: float = 0.0) -> list[ScoredWalk]:
    """Twelve people whose tracked angles are all too great by an offset."""
    made = made_up_strides()
    strides = made.curves_deg.reshape(12, 2, 3, 9, 51)
    return [
        ScoredWalk(
            f"person {i}", "normal",
            {side: own[k] + offset_deg for k, side in enumerate(SIDES)},
            {side: own[k] for k, side in enumerate(SIDES)},
        )
        for i, own in enumerate(strides)
    ]  # fmt: skip


def test_agreement_says_what_a_shrunk_estimate_does() -> None:
    true = np.linspace(60.0, 120.0, 20)
    found = agreement("x", list(zip(true, 0.8 * true + 20.0, strict=True)), 10)
    assert found.r == pytest.approx(1.0) and found.slope == pytest.approx(0.8)
    assert found.bias == pytest.approx(np.mean(20.0 - 0.2 * true))
    assert (found.n, found.people) == (20, 10)


def test_an_offset_of_the_pipeline_is_in_its_reference_too() -> None:
    walks = made_walks(offset_deg=7.0)
    truth, own = (own_reference(walks, walks, tracked=t) for t in (False, True))
    gdi, gps = compared(walks, truth, own, "made up")
    assert gps.rmse == pytest.approx(0.0, abs=1e-9)
    # Features of moved curves are others, so that the index is nearly the same.
    assert gdi.r > 0.95 and gdi.n == 24 and gdi.people == 12
    assert abs(compared(walks, truth, truth, "other reference")[0].bias) > 10.0


def test_people_seen_from_one_side_are_left_out() -> None:
    walks = made_walks()
    walks[3] = ScoredWalk("person 3", "normal", {"left": walks[3].tracked["left"]}, {})
    _, people, _ = stacked(walks, lambda walk: walk.tracked)
    assert "person 3" not in people and len(set(people)) == 11
    with pytest.raises(InputError, match="No walk shows whole strides of both sides"):
        stacked(walks[3:4], lambda walk: walk.tracked)


def test_walkers_know_their_true_strides() -> None:
    case = next(iter(walkers("validation", "exact", ("crouch",), first=7)))
    true = whole_strides(case.gait)
    assert set(true) == set(SIDES) and case.labels["pattern"] == "crouch"
    knee = true["left"][:, 6]
    assert knee.min() > 5.0


def test_the_published_examples_are_looked_at_where_they_are(
    data_dir: Path, tmp_path: Path
) -> None:
    assert golden_error(tmp_path) is None
    found = golden_error(data_dir)
    assert found is None or found < 1e-10


def test_the_time_is_that_of_the_strides_asked_for() -> None:
    assert seconds_of_scores(made_up_strides().reference(), 10) > 0.0
