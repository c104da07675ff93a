"""Case 01: a belt speed that is said and right is the walking speed, whatever was learned."""

import numpy as np
import pytest

from simgait.body.fit import fit_references
from simgait.body.refiner import refine_references
from simgait.jax_setup import configure_jax
from simgait.pipeline import TrackOptions, find_policy, walks_of_file
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.skeleton.kinematics import body_keypoints

configure_jax()

pytestmark = pytest.mark.slow  # a fit of its own is compiled


@pytest.fixture(scope="module")
def goal(run_case):
    """What the body is asked to walk."""
    (file,) = run_case("01").glob("*.npz")
    (walk,) = walks_of_file(file, TrackOptions())
    refiner = find_policy().refiner
    fitted = fit_references([walk.trial], [walk.dims], skeleton=refiner.skeleton)
    (goal,) = refine_references(refiner, fitted)
    return goal


def test_the_body_is_asked_to_walk_at_the_belts_speed(goal):
    way_m = goal.pose[-1, 0] - goal.pose[0, 0]
    assert way_m / goal.trial.time_s[-1] == pytest.approx(1.20, abs=0.01)


def test_its_steps_are_those_of_the_recording(goal):
    seen = goal.trial.keypoints_m
    names = goal.skeleton.keypoints
    points = np.asarray(body_keypoints(goal.pose, goal.dims, goal.skeleton))
    apart = (
        points[:, names.index("Left Ankle"), 0] - points[:, names.index("Right Ankle"), 0],
        seen[:, KEYPOINT_INDEX["Left Ankle"], 0] - seen[:, KEYPOINT_INDEX["Right Ankle"], 0],
    )
    widest = [np.percentile(values, 98) for values in apart]
    # Heels stand where the recording's do; the ankles of the body's foot lie up to 2.5 cm further
    # apart then, because their height and the foot's pitch at contact are the body's own.
    assert widest[0] == pytest.approx(widest[1], abs=0.03)
