"""Made-up people whose angles a made-up system reads wrong in a way that can be put right."""

from pathlib import Path

import numpy as np

from simgait.companions.angle_refiner.config import OptimiserConfig
from simgait.companions.angle_refiner.curves import ANGLES, PERCENT, CurvePairs, joined
from simgait.estimators.companion import Labels

QUICK = OptimiserConfig(steps=50, batch=16, hidden=6)
KNEE, HIP, ANKLE = (
    ANGLES.index(name) for name in ("knee_flexion", "hip_flexion", "ankle_dorsiflexion")
)


def pairs(n_people: int = 12, trials: int = 2, seed: int = 0) -> CurvePairs:
    """Every true angle is a wave of a person's own size; it is told too small, and 8 degrees up."""
    rng = np.random.default_rng(seed)
    wave = np.sin(2.0 * np.pi * PERCENT[:, None] / 100.0 + np.arange(len(ANGLES)))
    parts = []
    for number in range(n_people):
        size = rng.uniform(10.0, 40.0)
        for _ in range(trials):
            true = np.stack([size * wave, (size + 2.0) * wave]) + rng.normal(size=(2, 1, 1))
            told = 0.7 * true + 8.0 + rng.normal(size=true.shape)
            parts.append(
                CurvePairs(told, true, (f"p{number}",) * 2, np.zeros(2, int), np.array([0, 1]))
            )
    return joined(parts)


def table(of: CurvePairs, angles=("hip_flexion", "knee_flexion"), step: int = 5) -> Labels:
    """The pairs as a user's table would hold them."""
    rows = [
        (who, f"t{trial}", ("left", "right")[side], angle, k, row)
        for row, (who, trial, side) in enumerate(zip(of.people, of.trial, of.side, strict=True))
        for angle in angles
        for k in range(0, len(PERCENT), step)
    ]
    text = {
        name: [str(one[k]) for one in rows]
        for k, name in enumerate(("person", "trial", "side", "angle"))
    }

    def values(curves: np.ndarray) -> list[float]:
        return [float(curves[row, k, ANGLES.index(angle)]) for *_, angle, k, row in rows]

    numbers = {
        "percent": [float(PERCENT[k]) for *_, k, _ in rows],
        "estimated_deg": values(of.estimated),
        "true_deg": values(of.true),
    }
    return Labels("pairs.csv", Path(), text, numbers)


def written(labels: Labels, path: Path, rows: int | None = None) -> Path:
    """A table as a file."""
    columns = {**labels.text, **{name: [*map(repr, v)] for name, v in labels.numbers.items()}}
    lines = [",".join(columns)] + [",".join(row) for row in zip(*columns.values(), strict=True)]
    path.write_text("\n".join(lines if rows is None else lines[: rows + 1]), encoding="utf-8")
    return path
