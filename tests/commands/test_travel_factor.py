"""`simgait travel-factor`, called in this process on walks seen through a wrong lens."""

from __future__ import annotations

import csv
import json
import math

import numpy as np
import pytest

from simgait.cli import main
from simgait.skeleton.dimensions import LEG_PER_HEIGHT
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.synthetic.walkers.keypoints import exact_keypoints
from simgait.synthetic.walkers.specification import draw_walker
from simgait.synthetic.walkers.walk import walk as synthetic_walk
from simgait.trials.heading import leg_length_m

HIPS = [KEYPOINT_INDEX["Left Hip"], KEYPOINT_INDEX["Right Hip"]]
FARTHER = math.tan(math.radians(35.0)) / math.tan(math.radians(27.5))
"""Of a 70° lens whose detector assumes 55°."""


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """Four walks of four people from 3 m on, whose legs are those of their height; the manifest."""
    folder = tmp_path_factory.mktemp("known")
    rows = []
    for number, seed in enumerate((3, 5, 8, 11)):
        truth = synthetic_walk(draw_walker(seed, "normal"), 4.0)
        points = exact_keypoints(truth.pose, truth.spec.dimensions) + [3.0, 0.0, 0.0]
        by_name = {name: points[:, column] for name, column in KEYPOINT_INDEX.items()}
        legs_m = leg_length_m(by_name.__getitem__)
        points[..., 0] += (FARTHER - 1.0) * points[:, HIPS].mean(axis=1)[:, :1]
        np.save(folder / f"w{number}.npy", points)
        speed = float(np.polyfit(truth.time_s, truth.pose[:, 0], 1)[0])
        rows.append(
            {
                "trial": f"w{number}", "person": f"P{number}", "path": f"w{number}.npy",
                "height_m": legs_m / LEG_PER_HEIGHT, "keypoint_set": "movi-23", "fps_hz": 30,
                "unit": "m", "axes": "z-up", "truth_velocity_mps": speed,
            }
        )  # fmt: skip
    return folder, rows


def manifest(folder, rows, name="known.csv"):
    with (folder / name).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return str(folder / name)


def test_the_factor_of_a_lens_is_found_printed_and_kept(known, tmp_path, capsys):
    out = tmp_path / "camera.json"
    assert main(["travel-factor", manifest(*known), "-o", str(out)]) == 0
    shown, kept = capsys.readouterr().out, json.loads(out.read_text())
    assert kept["factor"] == pytest.approx(1.0 / FARTHER, rel=0.02)
    assert kept["slope"] == pytest.approx(1.0, abs=0.03)
    assert kept["others_rmse_mps"] < 0.05 < kept["others_expected_rmse_mps"]
    assert f"--travel-factor {kept['factor']:.3f}, SD {kept['sd']:.3f}" in shown
    assert "4 walks of 4 people" in shown and "each person by the factor of the others" in shown


def test_too_few_and_lines_that_are_wrong_are_said(known, capsys):
    folder, rows = known
    assert main(["travel-factor", manifest(folder, rows[:2], "few.csv")]) == 1
    assert "at least 4 walks of 3 people, and there are 2 of 2" in capsys.readouterr().err
    wrong = [*rows, rows[0] | {"trial": "w9", "person": "P9", "path": "w9.npy"}]
    assert main(["travel-factor", manifest(folder, wrong, "wrong.csv")]) == 1
    told = capsys.readouterr()
    assert "simgait: line 6: w9.npy: there is no such file" in told.err
    assert "4 walks of 4 people" in told.out
