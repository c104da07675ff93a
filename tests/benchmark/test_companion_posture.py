"""What is read of a posture is in degrees, and beside the truth."""

from __future__ import annotations

from unittest.mock import create_autospec

import numpy as np
import pytest

from simgait.benchmark import companion_posture
from simgait.benchmark.companion_posture import posture_rows, posture_table, read_posture
from simgait.companions.gdi_net.training import Standard
from simgait.companions.gdi_net.walkers import POSTURE, RenderedWalks
from simgait.companions.gdi_net.weights import TrainedGdiNet


def test_numbers_of_frames_become_mean_angles(monkeypatch):
    n = len(POSTURE)
    numbers = np.zeros((2, 51, 16))
    numbers[0, :, 0], numbers[1, :17, 0] = 1.0, 3.0
    trained = create_autospec(TrainedGdiNet, instance=True)
    trained.standard = Standard(0.0, 1.0, np.full(n + 1, 10.0), np.full(n + 1, 2.0))
    trained.frame = None
    frames = np.zeros((2, 51, 4, 3, 3), np.uint8)
    walks = RenderedWalks(frames, np.zeros((2, 2)), np.zeros((2, 51, n)), ("a", "b"))
    monkeypatch.setattr(companion_posture, "frame_numbers", lambda *_: numbers)
    found = read_posture(trained, walks)
    np.testing.assert_allclose(found[:, 0], [12.0, 12.0])
    np.testing.assert_allclose(found[:, 1:], 10.0)


def test_each_angle_has_its_row_by_near_and_far():
    truth = np.random.default_rng(1).normal(0.0, 5.0, (40, len(POSTURE)))
    rows = posture_rows(truth, truth + 1.0, [f"{i}" for i in range(40)])
    assert [row[0] for row in rows[2:5]] == [
        "pelvis rotation", "far hip flexion", "far hip adduction",
    ]  # fmt: skip
    assert rows[-1][0] == "near ankle dorsiflexion"
    assert {row[1:5] for row in rows} == {("1", "1", "1", "1")}


@pytest.mark.slow
def test_rendered_walkers_are_read(gl):
    table = posture_table(5)
    assert len(table.rows) == len(POSTURE) and table.title.startswith("Mean angles of 5 ")
    rmse = {row[0]: float(row[1]) for row in table.rows}
    assert rmse["near knee flexion"] < 5.0
