from __future__ import annotations

import numpy as np
import pytest

from simgait.gait.curves import side_curve_columns
from simgait.skeleton.coordinates import ANGLES
from simgait.skeleton.default import POSE_NAMES
from simgait.skeleton.sides import SIDES, Side
from simgait.skeleton.signs import clinical_angles_deg


@pytest.mark.parametrize("side", SIDES)
def test_curves_and_angles_of_a_side_agree(side: Side) -> None:
    pose = np.random.default_rng(0).normal(size=(5, len(POSE_NAMES)))
    angles = np.degrees(pose[:, ANGLES])
    clinical = clinical_angles_deg(pose)
    columns = side_curve_columns(side)
    assert {f"{name}_deg" for name in clinical if name.startswith(side)} == set(columns)
    for name, (column, sign) in columns.items():
        np.testing.assert_allclose(sign * angles[:, column], clinical[name.removesuffix("_deg")])
