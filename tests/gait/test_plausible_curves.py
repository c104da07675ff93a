"""Curves that no walking person has, each with its own sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.gait.plausible_curves import check_plausible, unusual_tilt
from simgait.gait.scores import SCORED_ANGLES
from tests.gait.conftest import MadeUp

HIP, KNEE = SCORED_ANGLES.index("hip_flexion"), SCORED_ANGLES.index("knee_flexion")


def turned(row: int) -> Callable[[np.ndarray], None]:
    def change(curve: np.ndarray) -> None:
        curve[row] *= -1.0

    return change


def rolled(*rows: int) -> Callable[[np.ndarray], None]:
    def change(curve: np.ndarray) -> None:
        for row in rows:
            curve[row] = np.roll(curve[row], 25)

    return change


def raised(name: str, by_deg: float) -> Callable[[np.ndarray], None]:
    def change(curve: np.ndarray) -> None:
        curve[SCORED_ANGLES.index(name)] += by_deg

    return change


def exchanged(curve: np.ndarray) -> None:
    curve[[HIP, KNEE]] = curve[[KNEE, HIP]]


def still(curve: np.ndarray) -> None:
    curve[:] = curve.mean(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (turned(KNEE), "knee flexion is negative .*; turn its sign"),
        (turned(HIP), "turn the sign of hip flexion"),
        (rolled(HIP, KNEE), "hip and knee move as half a cycle later"),
        (rolled(KNEE), "left and right knee are exchanged"),
        (raised("foot_progression", 180.0), "foot progression is .* on the mean; count it from"),
        (raised("pelvis_rotation", -180.0), "pelvis rotation is .* direction of progression"),
        (raised("ankle_dorsiflexion", 90.0), "ankle dorsiflexion is .* right angle"),
        (exchanged, "exchange the columns of hip and knee flexion"),
        (still, "hip and knee hardly move"),
    ],
)
def test_what_nobody_walks_is_refused(
    healthy: MadeUp, change: Callable[[np.ndarray], None], said: str
) -> None:
    curve = healthy.curves_deg[:3].mean(axis=0)
    curve[[0, 1, 2, 7, 8]] *= 0.5
    check_plausible(curve, SCORED_ANGLES, "w, left")
    change(curve)
    with pytest.raises(InputError, match=f"^w, left: .*{said}"):
        check_plausible(curve, SCORED_ANGLES, "w, left")


def test_a_pelvis_that_leans_back_is_said() -> None:
    assert unusual_tilt(np.full(51, 12.0), "A, left") == ()
    (said,) = unusual_tilt(np.full(51, -9.6), "A, left")
    assert said.startswith("A, left: the pelvis leans back by 10°")


def test_healthy_hips_and_knees_of_a_laboratory_are_told_apart(data_dir: Path) -> None:
    controls = np.load(data_dir / "gdi_reference" / "gdi_ref.npz")["controls"].T
    for vector in controls:
        curve = vector.reshape(9, 51)
        check_plausible(curve, SCORED_ANGLES, "control")
        assert unusual_tilt(curve[0], "control") == ()
        exchanged(curve)
        with pytest.raises(InputError):
            check_plausible(curve, SCORED_ANGLES, "exchanged")
