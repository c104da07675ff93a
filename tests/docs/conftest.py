"""A folder with the files that the documents speak of."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import good_walk, simgait
from tests.cli.test_cli_bad_input import write_joints_c3d
from tests.commands.conftest import noisy, truth_rows, write
from tests.docs.fences import ROOT
from tests.visit_folders import visit_folder

__all__ = ["good_walk", "simgait"]

GOLDEN = ROOT / "tests" / "golden" / "walks"


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, good_walk) -> Path:
    """walk.npz, walk.c3d, session/, visit/, tables of a walkway and of simgait, visits."""
    folder = tmp_path_factory.mktemp("prepared")
    (folder / "session").mkdir()
    (folder / "results").mkdir()
    shutil.copy(GOLDEN / "normal.npz", folder / "walk.npz")
    shutil.copy(GOLDEN / "normal.npz", folder / "session" / "p1.npz")
    shutil.copy(GOLDEN / "child.npz", folder / "session" / "p2.npz")
    (folder / "visit").mkdir()
    for name in ("there", "back"):
        shutil.copy(GOLDEN / "normal.npz", folder / "visit" / f"{name}.npz")
    write_joints_c3d(folder / "walk.c3d", good_walk.points_m)
    rows = truth_rows()
    write(folder / "walkway.csv", rows)
    write(folder / "results" / "summary.csv", noisy(rows))
    speeds_mps = {"before": 0.9, "after": 1.2, "january": 0.9, "april": 1.0, "july": 1.2}
    for name, speed_mps in speeds_mps.items():
        walks = [{("velocity_mps", "both"): (speed_mps, 0.02)}] * 2
        visit_folder(folder / "results" / name, walks)
    return folder


@pytest.fixture
def place(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh copy of it, as the working directory."""
    shutil.copytree(prepared, tmp_path / "place")
    monkeypatch.chdir(tmp_path / "place")
    return tmp_path / "place"


@pytest.fixture
def own_arrays() -> dict[str, np.ndarray]:
    """What the documents call `points` and `confidence`: a reader's own."""
    with np.load(GOLDEN / "legs.npz") as file:
        return {"points": file["keypoints"], "confidence": file["confidence"]}
