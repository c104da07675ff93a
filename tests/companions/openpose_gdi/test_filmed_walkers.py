"""Synthetic walkers as a 2D detector sees them, with the exact truth of their walk."""

import numpy as np
import pytest

from simgait.companions.openpose_gdi.filmed_walkers import synthetic_windows
from simgait.companions.openpose_gdi.targets import PIPELINE, TARGETS, synthetic_reference
from simgait.gait.known_scores import released_reference

FAMILIES = ("wide-v1", "blazepose-v1")


def test_a_walker_is_labelled_with_its_exact_walk():
    reference = released_reference()  # any will do
    windows = synthetic_windows("validation", 700_000, 3, reference, FAMILIES, cameras=2)
    assert windows.columns.shape[1:] == (124, 24) and np.isfinite(windows.columns).all()
    assert np.isfinite(windows.targets).all()
    assert len(set(windows.people)) == 3 and set(windows.side) == {0, 1}
    assert windows.walk.max() + 1 == 6 and len(set(windows.view)) > 1
    gdi, speed, cadence, knee = windows.targets.T
    assert gdi.min() > 50.0 and gdi.max() < 140.0
    assert speed.min() > 0.05 and speed.max() < 0.6
    assert cadence.min() > 40.0 and cadence.max() < 180.0
    assert knee.min() > -10.0 and knee.max() < 45.0
    # The seed decides.
    again = synthetic_windows("validation", 700_000, 1, reference, FAMILIES, cameras=2)
    np.testing.assert_array_equal(again.columns, windows.columns[: len(again.columns)])


@pytest.mark.slow
def test_the_reference_says_what_made_its_angles():
    reference = synthetic_reference(10, 8)
    assert reference.pipeline == PIPELINE and reference.people == 10
    assert list(TARGETS)[0] == "gdi_points"
