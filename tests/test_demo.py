"""The film of the demonstration and its truth; that it is tracked is a matter of `make demo`."""

import numpy as np
import pytest

from simgait.demo import FILM, film_truth
from simgait.resources import resource_dir

MOST_BYTES = 1_000_000


def test_the_film_s_truth_is_a_walk():
    truth = film_truth()
    found = {
        key: truth.gait.parameters[key]["both"].mean for key in ("velocity_mps", "cadence_spm")
    }
    steps = [truth.gait.parameters["step_length_m"][side].mean for side in ("left", "right")]
    assert 1.4 < truth.height_m < 2.0 and 40.0 < truth.field_of_view_deg < 80.0
    # Speed is step length times cadence, by definition.
    assert found["velocity_mps"] == pytest.approx(
        np.mean(steps) * found["cadence_spm"] / 60.0, rel=0.05
    )


def test_the_film_is_small_and_as_long_as_its_truth():
    pytest.importorskip("av")
    from simgait.video.decode import frames, open_clip

    folder = resource_dir("demo")
    assert sum(path.stat().st_size for path in folder.iterdir()) <= MOST_BYTES
    times = [frame.time_s for frame in frames(open_clip(folder / FILM))]
    with np.load(folder / "truth.npz", allow_pickle=False) as file:
        assert len(times) == len(file["time_s"])
        assert times[-1] == pytest.approx(float(file["time_s"][-1]), abs=0.01)
