"""One adult's Plug-in Gait cycles, whose GDI and GPS another program published."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simgait.gait.curves import normalise
from simgait.gait.cycles import gait_cycles
from simgait.gait.scores import (
    SCORE_POINTS,
    SCORED_ANGLES,
    gait_deviation_index,
    gait_profile_score,
    gait_variable_scores,
)
from simgait.recordings.markers.model_angles import model_angles
from simgait.types import GaitEvent
from tests.gait.conftest import Published

PUBLISHED = {"left": ((94.8, 92.8), (6.47, 6.81)), "right": ((104.0, 100.6), (5.91, 6.12))}
"""GDI and GPS of two cycles, to the digits given; its curves were interpolated otherwise."""


@pytest.mark.parametrize("side", ["left", "right"])
def test_another_programs_scores_of_a_walk(published: Published, data_dir: Path, side: str) -> None:
    path = data_dir / "gaitalytics_pig_walk" / "walk.npz"
    if not path.is_file():
        pytest.skip("the published walk is not in the data folder")
    with np.load(path, allow_pickle=False) as held:
        angles = held["angles_deg"]
        points = {str(name): angles[:, i] for i, name in enumerate(held["angle_names"])}
        time_s = np.arange(len(angles)) / float(held["rate"])
        kinds = [
            "initial_contact" if "Strike" in str(w) else "foot_off" for w in held["event_label"]
        ]
        events = [
            GaitEvent(float(t), str(s).lower(), kind)  # type: ignore[arg-type]
            for t, s, kind in zip(held["event_time_s"], held["event_side"], kinds, strict=True)
        ]
    course = model_angles(points)[side]  # type: ignore[index]
    table = np.stack([course[name] for name in SCORED_ANGLES], axis=1)
    own = [cycle for cycle in gait_cycles(events)[0] if cycle.side == side]
    strides = np.stack([normalise(time_s, table, cycle, SCORE_POINTS).T for cycle in own])
    gdi, gps = PUBLISHED[side]
    assert np.allclose(gait_deviation_index(strides, published.reference), gdi, atol=0.1)
    scores = gait_variable_scores(strides, published.reference.mean_curves_deg)
    assert np.allclose(gait_profile_score(scores), gps, atol=0.02)
