"""A stand-in policy and a walk to track; the CLI is called in this process."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.synthetic.walkers.keypoints import exact_keypoints
from simgait.synthetic.walkers.specification import draw_walker
from simgait.synthetic.walkers.walk import walk


@dataclass(frozen=True)
class Ran:
    """What a call of `simgait` left behind."""

    code: int
    out: str
    err: str

    def sentences(self) -> dict[str, str]:
        """File name -> its sentence on stderr."""
        return dict(re.findall(r"^simgait: ([^:\n]+): (.*)$", self.err, flags=re.MULTILINE))


@pytest.fixture
def simgait(capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Calls the command line in this process."""
    from simgait.cli import main

    def call(*arguments: object) -> Ran:
        try:
            code = main([str(a) for a in arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = capfd.readouterr()
        return Ran(code, captured.out, captured.err)

    return call


@pytest.fixture(scope="session")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Networks of zeros: the body follows its fitted reference until it falls."""
    import jax

    from simgait.body.refiner import initial_refiner
    from simgait.learning.config import TrainingConfig
    from simgait.tracking.policies import save_policy
    from tests.stand_ins import silent_networks

    config = TrainingConfig(name="stand-in")
    params, statistics = silent_networks(config)
    folder = tmp_path_factory.mktemp("policy") / "stand-in"
    save_policy(
        folder,
        config,
        params,
        statistics,
        initial_refiner(jax.random.key(0), config.tracking.body.skeleton),
        {"steps": 0},
    )
    return folder


@dataclass(frozen=True)
class Walk:
    """A synthetic walk as plain arrays, 30 Hz, z up, 23 keypoints."""

    points_m: np.ndarray
    height_m: float

    def save(self, path: Path, **changes: object) -> Path:
        """Writes simgait's own .npz; a change of None leaves the key out."""
        facts: dict[str, object] = {
            "keypoints": self.points_m, "names": np.array(KEYPOINT_NAMES), "fps_hz": 30.0,
            "unit": "m", "axes": "z-up", "height_m": self.height_m,
        }  # fmt: skip
        facts |= changes
        arrays: dict[str, Any] = {k: np.asarray(v) for k, v in facts.items() if v is not None}
        np.savez(path, **arrays)
        return path


def make_walk(seconds: float = 3.0) -> Walk:
    """A healthy adult under way."""
    spec = draw_walker(4, "normal")
    done = walk(spec, seconds)
    return Walk(exact_keypoints(done.pose, spec.dimensions), spec.height_m)


@pytest.fixture(scope="session")
def good_walk() -> Walk:
    """Three seconds: 91 frames."""
    return make_walk()
