"""bench-v2's walks: whose they are, what is said of them, and that garbage is garbage."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.benchmark.cases import CaseSet
from simgait.benchmark.walker_bench import CHILD_M
from simgait.benchmark.walker_cases import (
    N_WALKERS,
    chosen_walkers,
    exact_walk,
    garbage_set,
    walker_set,
)
from simgait.errors import InputError
from simgait.findings import EVERYTHING, Code
from simgait.synthetic.detectors.garbage import GARBAGE
from simgait.synthetic.detectors.named import DETECTORS
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.trials.quality import assess

SHORT_S = 4.0


@pytest.fixture(scope="module")
def garbage() -> CaseSet:
    """Of one walker through the first family, which shows all points, in every kind."""
    return garbage_set(1, SHORT_S)


def test_walkers_are_of_the_test_split_and_no_family_is_named() -> None:
    made = walker_set("metrabs-17-v1", 2, SHORT_S)
    first = walker_seed("test", 0)
    for case in made.cases:
        assert case.held_out and case.labels["detector"] == "metrabs-17-v1"
        assert int(case.trial.subject_id.rpartition("-")[2]) >= first
        assert case.trial.error_model == ""
        assert not case.trial.scale_is_metric
        assert case.gait.parameters["velocity_mps"]["both"].mean > 0.2
    assert made.cases[0].labels["pattern"] == "hemiparetic"
    again = walker_set("metrabs-17-v1", 2, SHORT_S)
    first_m, again_m = (one.cases[0].trial.keypoints_m for one in (made, again))
    assert np.array_equal(first_m, again_m, equal_nan=True)


def test_walkers_are_spread_over_speeds_and_enough_are_hemiparetic() -> None:
    chosen = chosen_walkers(N_WALKERS)
    assert len({index for index, _ in chosen}) == N_WALKERS
    assert chosen[:8] == chosen_walkers(8)
    walkers = [draw_walker(walker_seed("test", index), pattern) for index, pattern in chosen]
    speeds_mps = np.array([one.speed_mps for one in walkers])
    assert (speeds_mps < 0.6).sum() == (speeds_mps >= 1.3).sum() == N_WALKERS // 4
    assert sum(one.pattern == "hemiparetic" for one in walkers) >= 15
    assert sum(one.height_m < CHILD_M for one in walkers) >= 8


def test_an_unknown_family_is_a_sentence() -> None:
    with pytest.raises(InputError, match="There is no detector 'kinect'"):
        walker_set("kinect", 1, SHORT_S)


def test_garbage_of_every_kind_is_made_with_a_path_and_without(garbage: CaseSet) -> None:
    made = {(case.labels["kind"], case.labels["path"]) for case in garbage.cases}
    assert made == {(kind, path) for kind in GARBAGE for path in ("root-relative", "travels")}
    assert garbage.cases[0].labels["detector"] == DETECTORS[0]
    travels = {case.labels["path"]: case.trial.path_binds for case in garbage.cases}
    assert travels == {"root-relative": False, "travels": True}


def test_garbage_that_stays_in_place_is_named_as_what_it_is(garbage: CaseSet) -> None:
    named = dict(
        zip(
            GARBAGE,
            (Code.KNEES_STAY_BENT, Code.TRUNK_LEANS_BACK, Code.LEG_LENGTH_VARIES,
             Code.SWING_UNSEEN, Code.SWING_UNSEEN),
            strict=True,
        )
    )  # fmt: skip
    for case in garbage.cases:
        if case.labels["path"] == "travels":
            continue
        found = {finding.code: finding for finding in assess(case.trial).findings}
        assert found[named[case.labels["kind"]]].touches == EVERYTHING


def test_a_walker_keeps_its_exact_walk() -> None:
    assert exact_walk(50_000, "normal", SHORT_S) is exact_walk(50_000, "normal", SHORT_S)
    assert exact_walk(50_000, "normal", SHORT_S).scale_is_metric
