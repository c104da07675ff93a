"""Made-up healthy strides and their reference; the published reference where it is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgait.gait.score_reference import build_reference, gait_features, published_reference
from simgait.gait.scores import ScoreReference
from simgait.skeleton.sides import SIDES

HIP_DEG = (15.0, 22.0, 0.0, 0.0)
KNEE_DEG = (30.0, -8.0, -22.0, 0.0)
"""Mean, cosine, sine and its double: flexed at contact, and in swing."""


@dataclass(frozen=True)
class MadeUp:
    """Strides of made-up people, three of each leg."""

    curves_deg: np.ndarray
    people: Sequence[str]
    sides: Sequence[str]

    def reference(self, **other: str) -> ScoreReference:
        told = {"name": "made up", "origin": "Nobody.", "pipeline": "test"} | other
        features = gait_features(self.curves_deg)
        return build_reference(self.curves_deg, self.people, self.sides, features, **told)


def made_up_strides(count: int = 12) -> MadeUp:
    """Smooth curves that differ between people, between their legs and between strides."""
    rng = np.random.default_rng(7)
    phase = np.linspace(0.0, 2.0 * np.pi, 51)
    waves = np.stack([np.ones(51), np.cos(phase), np.sin(phase), np.cos(2 * phase)])
    usual = rng.normal(10.0, 10.0, (9, 4))
    usual[3], usual[6] = HIP_DEG, KNEE_DEG
    curves: list[np.ndarray] = []
    people: list[str] = []
    sides: list[str] = []
    for person in range(count):
        own = usual + rng.normal(0.0, 4.0, (9, 4))
        for side in SIDES:
            leg = own + rng.normal(0.0, 1.0, (9, 4))
            for _ in range(3):
                curves.append((leg + rng.normal(0.0, 0.5, (9, 4))) @ waves)
                people.append(f"person {person}")
                sides.append(side)
    return MadeUp(np.stack(curves), people, sides)


@pytest.fixture(scope="session")
def healthy() -> MadeUp:
    return made_up_strides()


@pytest.fixture(scope="session")
def reference(healthy: MadeUp) -> ScoreReference:
    return healthy.reference()


class Published:
    """The addendum's features and controls, two worked subjects, and what is known of them."""

    def __init__(self, folder: Path) -> None:
        with np.load(folder / "gdi_ref.npz", allow_pickle=False) as held:
            self.table = {name: held[name] for name in ("features", "controls")}
            self.worked, self.left, self.right = (
                held[name].reshape(9, 51) for name in ("worked_subject", "calc_left", "calc_right")
            )
        self.golden: dict[str, Any] = json.loads((folder / "golden.json").read_text("utf-8"))
        self.reference = published_reference(
            self.table["features"], self.table["controls"],
            name="Gillette 2008", origin="Typically developing children.", pipeline="Plug-in Gait",
        )  # fmt: skip


@pytest.fixture(scope="session")
def published(data_dir: Path) -> Published:
    folder = data_dir / "gdi_reference"
    if not folder.is_dir():
        pytest.skip("the published GDI reference is not in the data folder")
    return Published(folder)
