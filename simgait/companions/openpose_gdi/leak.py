"""What a split that leaks hides: the same CNN, judged by windows of its own people and by others.

Windows of a walk overlap, and a person's windows are alike. Where windows are dealt out at random,
as in published work on the GDI from video, a network is judged by people whom it knows. Nothing
else in simgait does so: elsewhere such a split is an error.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from simgait.companions.openpose_gdi.config import DataConfig, OptimiserConfig
from simgait.companions.openpose_gdi.evaluation import SYNTHETIC
from simgait.companions.openpose_gdi.filmed_walkers import LabelledWindows, synthetic_windows
from simgait.companions.openpose_gdi.targets import TARGETS, synthetic_reference
from simgait.companions.openpose_gdi.training import Standard, train
from simgait.companions.openpose_gdi.weights import said_by
from simgait.estimators.companion import Evaluation, Say
from simgait.estimators.judged import Judged, judge
from simgait.estimators.people import split_by_person

FIRST, PEOPLE, CAMERAS = 520_000, 150, 2
"""Training walkers that nothing else learns from; about as many as a clinic sees in a year."""
CHOICE = OptimiserConfig(epochs=60, batch=32)
SHARES = {"train": 0.8, "test": 0.2}
"""Of people, or of windows: as the published splits."""
GDI = tuple(TARGETS).index("gdi_points")


def leaking_and_clean(
    say: Say, people: int = PEOPLE, choice: OptimiserConfig = CHOICE
) -> Evaluation:
    """Trains the CNN twice on the same walkers, and judges each by its own split.

    Args:
        say: told how far it is.
        people: how many walkers.
        choice: of the optimiser.
    """
    say(f"{people} walkers")
    windows = synthetic_windows(
        "train", FIRST, people, synthetic_reference(), DataConfig().families, CAMERAS
    )
    by_person = split_by_person(windows.people, SHARES)
    order = np.random.default_rng(0).permutation(len(windows.walk))
    n_test = len(by_person["test"])
    splits = {
        "CNN, windows dealt out at random (leaks)": (order[n_test:], order[:n_test]),
        "CNN, people kept apart": (np.array(by_person["train"]), np.array(by_person["test"])),
    }
    rows = []
    for name, (learned, judged) in splits.items():
        say(f"{name}: {choice.epochs} epochs")
        rows.append(_judged(name, windows, learned, judged, choice))
    return Evaluation(SYNTHETIC, tuple(rows), (
        "a split that leaks is an error wherever simgait trains or judges; this is what it hides",
    ))  # fmt: skip


def _judged(
    name: str,
    windows: LabelledWindows,
    learned: Int[np.ndarray, " L"],
    judged: Int[np.ndarray, " J"],
    choice: OptimiserConfig,
) -> Judged:
    train_part, test_part = windows.rows(learned), windows.rows(judged)
    standard = Standard.of(train_part)
    state = train(train_part, standard, choice, kinds=("cnn",))
    said = said_by("cnn", state.variables["cnn"], standard, test_part.columns)
    target = next(iter(TARGETS.values()))
    return judge(
        name, f"{target.label} of windows", target.unit, test_part.targets[:, GDI], said[:, GDI],
        test_part.people,
    )  # fmt: skip
