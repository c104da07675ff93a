from __future__ import annotations

import numpy as np
import pytest

from simgait.gait.curves import PELVIS_SIGNS, side_curve_columns
from simgait.skeleton.kinematics import ANGLE_NAMES, POSE_NAMES
from simgait.skeleton.sides import SIDES, Side
from simgait.skeleton.signs import SIGNS, clinical_angles_deg


def test_pelvis_signs_are_those_of_the_one_table() -> None:
    """`gait` may not import `body`, so it repeats these signs; they must not part."""
    table = {
        name: {sign.side: float(sign.sign) for sign in SIGNS[name].clinical}
        for name in ANGLE_NAMES
        if name.startswith("pelvis")
    }
    assert table == PELVIS_SIGNS


@pytest.mark.parametrize("side", SIDES)
def test_curves_and_angles_of_a_side_agree(side: Side) -> None:
    pose = np.random.default_rng(0).normal(size=(5, len(POSE_NAMES)))
    angles = np.degrees(pose[:, 3:])
    clinical = clinical_angles_deg(pose)
    columns = side_curve_columns(side)
    assert {f"{name}_deg" for name in clinical if name.startswith(side)} == set(columns)
    for name, (column, sign) in columns.items():
        np.testing.assert_allclose(sign * angles[:, column], clinical[name.removesuffix("_deg")])
