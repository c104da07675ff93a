"""As much of each joint is put right as is wrong; lengths stay the person's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simgait.companions.gengait.blend import BONES, NORMAL_BADNESS, blended, shares_put_right
from simgait.companions.gengait.joints import (
    ANGLE_INDEX,
    JOINTS,
    POINT_INDEX,
    angles_rad,
    withheld_for,
)
from simgait.skeleton.sides import SIDES
from tests.companions.gengait.made_up import walk

KNEE, HIP, ANKLE = (
    ANGLE_INDEX[f"left_{name}"] for name in ("knee_flexion", "thigh_flexion", "ankle_dorsiflexion")
)
LEG = {f"left_{joint}": 1.0 for joint in ("hip", "knee", "ankle")}


def test_what_normal_people_do_is_left_and_more_is_taken_the_further_it_is() -> None:
    # Pelvis, then hip, knee and ankle of left and right.
    shares = shares_put_right(np.array([0.9, 0.4, NORMAL_BADNESS, 1.0, 5.0, np.nan, 0.6]))
    assert list(shares[:3]) == [0.0, 0.0, 0.0] and shares[5] == 0.0
    assert shares[3] == pytest.approx(0.75) and shares[4] == pytest.approx(0.99)
    assert 0.0 < shares[6] < shares[3]
    assert shares_put_right(np.full((2, 7), 1.2))[:, 0] == pytest.approx(1.0)


def test_angles_go_their_share_of_the_way() -> None:
    person, said = walk(0).points, walk(1, "crouch").points
    n = min(len(person), len(said))
    person, said = person[:n], said[:n]
    own, told = angles_rad(person), angles_rad(said)
    shares = LEG | {"left_hip": 0.5, "left_knee": 0.25}
    found = angles_rad(blended(person, said, shares))
    for column, share in ((HIP, 0.5), (KNEE, 0.25), (ANKLE, 1.0)):
        wanted = own[:, column] + share * (told[:, column] - own[:, column])
        assert found[:, column] == pytest.approx(wanted, abs=0.02)
    right = [i for name, i in ANGLE_INDEX.items() if name.startswith("right")]
    assert found[:, right] == pytest.approx(own[:, right])
    knee_alone = angles_rad(blended(person, said, {"left_knee": 1.0}))
    assert knee_alone[:, HIP] == pytest.approx(own[:, HIP])
    # The thigh that is said is not taken: the said shank hangs from the person's.
    shank = own[:, HIP] - (told[:, HIP] - told[:, KNEE])
    assert knee_alone[:, KNEE] == pytest.approx(shank, abs=0.02)
    assert knee_alone[:, ANKLE] == pytest.approx(own[:, ANKLE], abs=0.02)


def test_lengths_stay_the_persons_and_a_pelvis_is_taken_whole() -> None:
    person = walk(0).points
    every: Any = dict.fromkeys(JOINTS, 1.0)
    found = blended(person, 1.3 * person, every)
    for side in SIDES:
        for _, near, far in BONES:
            a, b = (POINT_INDEX[f"{side.capitalize()} {name}"] for name in (near, far))
            length = np.linalg.norm(found[:, b] - found[:, a], axis=-1)
            own = np.median(np.linalg.norm(person[:, b] - person[:, a], axis=-1))
            assert length == pytest.approx(own)
    hips = withheld_for(["pelvis"])
    assert found[:, hips] == pytest.approx(1.3 * person[:, hips])
    assert angles_rad(found)[:, 2] == pytest.approx(angles_rad(person)[:, 2])
    assert blended(person, 1.3 * person, {}) == pytest.approx(person)


def test_a_bone_that_is_not_seen_is_the_said_one() -> None:
    person, said = np.array(walk(0).points), walk(2).points
    n = min(len(person), len(said))
    person, said = person[:n], said[:n]
    person[5:9, POINT_INDEX["Left Ankle"]] = np.nan
    found = angles_rad(blended(person, said, LEG))
    told = angles_rad(said)
    assert np.isfinite(found).all()
    assert found[5:9, KNEE] == pytest.approx(told[5:9, KNEE], abs=0.02)
