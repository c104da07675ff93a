"""Film's levels: no number is surer than a detector's, and each holds for who is left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simgait.benchmark.film_clips import (
    AS_MARKERS_WENT,
    FILMED_PEOPLE,
    film_case,
    recording_path,
    synthetic_walk,
    training_clips,
)
from simgait.benchmark.film_levels import FILM, film_levels, film_table
from simgait.benchmark.interval_records import Kept
from simgait.benchmark.interval_walks import WALKERS
from simgait.benchmark.videobench import LANDMARKS_SUFFIX, SHIPPED, cases, read_tracks
from simgait.certainty.terms import TERMS
from simgait.datasets.splits import is_test_subject
from simgait.errors import InputError
from simgait.synthetic.people.truth import truth_of
from tests.certainty.conditions import GOOD

CADENCE = "cadence_spm, both"
BY_ONE_A_CYCLE = np.eye(len(TERMS))[0]


def filmed(count: int, sd: float, rng: np.random.Generator) -> list[Kept]:
    """Walks whose cadence errs by so much."""
    conditions = {**vars(GOOD), "filmed": 1.0}
    return [
        Kept(
            person=f"{people} {i}", people=people, through=FILM, distance_said=False,
            conditions=conditions,
            numbers={"cadence_spm": {"both": (100.0, 100.0 + sd * rng.normal(), 4)}},
            curves_deg={}, ranges_deg={}, cycles={}, events_ms={},
        )
        for people in (WALKERS, FILMED_PEOPLE)
        for i in range(count)
    ]  # fmt: skip


def test_wider_errors_ask_for_wider_intervals_and_smaller_ones_for_none() -> None:
    rng = np.random.default_rng(4)
    formulas = {"markers": {}, "detector": {CADENCE: (3.0, *[0.0] * (len(TERMS) - 1))}}
    factors = {}
    for sd in (0.1, 20.0, 40.0):
        rows = filmed(30, sd, rng)
        (found,) = film_levels(rows, filmed(30, sd, rng), formulas)
        factors[sd] = found.factor
        assert found.n_people == 60
        assert found.left_out > 80.0 and found.judged > 80.0
        assert CADENCE in film_table([found])
    assert factors[0.1] == 1.0
    assert factors[40.0] == pytest.approx(2.0 * factors[20.0], rel=0.5)


def test_few_people_set_no_level() -> None:
    rows = filmed(3, 1.0, np.random.default_rng(1))
    formulas = {"markers": {}, "detector": {CADENCE: (3.0, *[0.0] * (len(TERMS) - 1))}}
    with pytest.raises(InputError, match="too few"):
        film_levels(rows, rows, formulas)


def test_nobody_whom_anything_is_judged_by_sets_a_level() -> None:
    for _, _, files in AS_MARKERS_WENT:
        for file in files:
            collection = "mcgill_c3d" if file.startswith("HC") else "cmu_asfamc"
            assert not is_test_subject(collection, file.split("/")[0])


def test_recordings_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cmu_asfamc/02/02_01\.amc: not found"):
        recording_path(tmp_path, "02/02_01")


@pytest.mark.slow
def test_the_truth_of_a_clip_is_on_the_clock_of_its_pictures() -> None:
    walk = synthetic_walk(cases()[2])
    tracks, _ = read_tracks(
        SHIPPED / f"{walk.clip.plan.name}{LANDMARKS_SUFFIX}", truth_of(walk.clip)
    )
    case = film_case(walk, tracks)
    true = case.gait.parameters
    assert true["velocity_mps"]["both"].mean == pytest.approx(walk.clip.speed_mps, abs=0.05)
    assert true["step_length_m"]["both"].mean == pytest.approx(walk.clip.step_length_m, abs=0.03)
    assert np.isfinite(case.angles_rad).all()
    assert case.trial.subject_id == walk.exact.subject_id


@pytest.mark.slow
def test_all_the_clips_can_be_drawn_again(data_dir: Path) -> None:
    walks = list(training_clips(data_dir))
    assert len({walk.clip.plan.name for walk in walks}) == 58
    assert len({walk.exact.subject_id for walk in walks if walk.people == FILMED_PEOPLE}) == 13
