"""What a reading of a case is measured by: speed and steps of its keypoints, without physics."""

from simgait.baselines.raw_keypoints import raw_keypoints_tracker
from simgait.baselines.tracker import WalkEstimate
from simgait.pipeline import preparation_for
from simgait.trials.preparation import prepare
from simgait.types import Recording


def speed_and_steps(recording: Recording) -> tuple[float, float, float]:
    """Velocity (m/s), length of left and right steps (m) of the first walk."""
    trial = prepare(recording, preparation_for(recording, None))[0]
    (answer,) = raw_keypoints_tracker().estimate([trial])
    assert isinstance(answer, WalkEstimate)
    found = answer.gait.parameters
    steps = found["step_length_m"]
    return found["velocity_mps"]["both"].mean, steps["left"].mean, steps["right"].mean
