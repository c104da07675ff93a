"""The refiner's stage of a training run: its walks, its training, its files."""

from __future__ import annotations

from pathlib import Path

from simgait.body.refiner import RefinerWeights
from simgait.files import csv_text, write_whole
from simgait.learning.config import TrainingConfig
from simgait.learning.examples import real_examples, synthetic_examples
from simgait.learning.refiner_training import train_refiner
from simgait.tracking.policies import REFINER_FILE, load_refiner, save_refiner

LOG_FILE = "refiner_progress.csv"
N_VALIDATION = 200
"""Walkers of the validation split that choose the best weights; a policy's begin at 1000."""
TRAIN_SEED, VALIDATION_SEED, REAL_SEED = 1, 2, 3
"""Of the walks that are drawn; the released refiner learned from these."""


def refiner_of_run(
    config: TrainingConfig, folder: Path, real: Path | None, given: Path | None = None
) -> RefinerWeights:
    """The refiner that a run uses: the one given, the one in its folder, or a newly trained one.

    Args:
        config: the run.
        folder: of the run; a new refiner and its log are written there.
        real: real recordings, None for synthetic walkers only.
        given: file of a trained refiner.

    Raises:
        InputError: the refiner given is missing or damaged.
    """
    path, skeleton = given or folder / REFINER_FILE, config.tracking.body.skeleton
    if path.exists():
        return load_refiner(path, skeleton)
    settings = config.refiner
    train = synthetic_examples("train", 0, settings.n_walkers, seed=TRAIN_SEED, skeleton=skeleton)
    people = []
    if real is not None and settings.real_share:
        people = real_examples(real, copies=settings.real_copies, seed=REAL_SEED, skeleton=skeleton)
    validation = synthetic_examples(
        "validation", 0, N_VALIDATION, seed=VALIDATION_SEED, skeleton=skeleton
    )
    rows: list[dict[str, float]] = []
    weights = train_refiner(
        train,
        validation,
        settings,
        lambda step, parts: rows.append({"step": step} | parts),
        real=people,
    )
    write_whole(folder / LOG_FILE, csv_text(tuple(rows[0]), (row.values() for row in rows)))
    save_refiner(path, weights)
    return weights
