"""Networks that learned nothing, with everything around them that a training gives."""

from pathlib import Path
from typing import Any

import jax
import numpy as np

from simgait.companions.openpose_gdi.columns import COLUMNS
from simgait.companions.openpose_gdi.networks import KINDS
from simgait.companions.openpose_gdi.pairs import ASYMMETRY
from simgait.companions.openpose_gdi.targets import TARGETS
from simgait.companions.openpose_gdi.training import Standard, fresh_variables
from simgait.companions.openpose_gdi.weights import N_FEATURES, TrainedNetworks, save_networks
from simgait.estimators.forest import Forest
from simgait.estimators.people import marks
from simgait.estimators.rivals import Ridge
from simgait.gait.known_scores import released_reference

CARD: dict[str, Any] = {
    "name": "openpose_gdi", "released": "lstm", "families": ["wide-v1"], "learned_from": "nobody",
    "people": {"train": marks(["a"]), "calibration": marks(["b"])},
    "half_widths": {kind: dict.fromkeys((*TARGETS, ASYMMETRY), 2.0) for kind in KINDS},
}  # fmt: skip


def untrained(folder: Path, forest: Forest | None = None, **card: Any) -> Path:
    """A folder of networks that say the mean of everybody: all weights are zero."""
    shapes = {kind: jax.eval_shape(lambda kind=kind: fresh_variables(kind, 0)) for kind in KINDS}
    zeros = jax.tree.map(lambda leaf: np.zeros(leaf.shape, np.float32), shapes)
    n, k = len(COLUMNS), len(TARGETS)
    standard = Standard(np.zeros(n), np.ones(n), np.array([90.0, 0.3, 110.0, 6.0]), np.ones(k))
    ridge = Ridge(np.zeros(N_FEATURES), np.ones(N_FEATURES), np.zeros((N_FEATURES, k)), np.ones(k))
    trained = TrainedNetworks(zeros, standard, ridge, released_reference(), forest)
    save_networks(folder, trained, CARD | card, lambda facts: f"{facts['sha256']}\n")
    return folder
