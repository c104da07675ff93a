"""Cases 13 and 14: markers in units and under names that other laboratories use."""

import pytest

from simgait.errors import InputError
from simgait.recordings.read import read_recording
from tests.cases.measured import speed_and_steps

SPEED_STEPS = pytest.approx((1.20, 0.71, 0.61), abs=0.015)


def test_marker_units(run_case):
    folder = run_case("13")
    for name in ("13_metres_called_mm.c3d", "13_metres_called_mm.trc"):
        with pytest.raises(InputError, match=r"the unit m would fit, so state it \(--unit m\)"):
            read_recording(folder / name)
        assert speed_and_steps(read_recording(folder / name, unit="m")) == SPEED_STEPS
    for name, unit, note in (("13_blank", "mm", "no length unit"), ("13_mete", "m", "'mete'")):
        recording = read_recording(folder / f"{name}.c3d")
        assert any(note in said for said in recording.notes)
        assert speed_and_steps(recording) == SPEED_STEPS
        assert speed_and_steps(read_recording(folder / f"{name}.c3d", unit=unit)) == SPEED_STEPS


def test_marker_names(run_case):
    folder = run_case("14")
    for name in ("14_cast.c3d", "14_bts.c3d", "14_opencap.trc", "14_joint_centres.trc"):
        recording = read_recording(folder / name, height_m=1.75)
        speed, left, right = speed_and_steps(recording)
        assert speed == pytest.approx(1.20, abs=0.03), name
        # Without heels a step is measured at the ankles.
        assert left - right == pytest.approx(0.10, abs=0.03), name
