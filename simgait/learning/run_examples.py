"""The walks of a run: those that a policy learns from, and those that choose its checkpoint."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from simgait.datasets.detector_mixture import Keypoints
from simgait.datasets.real_recordings import real_files
from simgait.datasets.synthetic_trials import Split
from simgait.errors import InputError
from simgait.learning import seeds
from simgait.learning.config import TrainingConfig
from simgait.learning.examples import real_examples, synthetic_examples
from simgait.learning.kept_walks import WalkStore
from simgait.types import FittedTrial

FIRST_VALIDATION = 1000
"""Index of the first walker of the validation split that chooses checkpoints."""
FIRST_FROM_VALIDATION = 2000
"""Index of the first that `data.n_from_validation` lends to training; none of them validates."""
LEARNED, CHOSEN_BY = "walks to learn from", "walks to choose by"
STAGES = (LEARNED, f"more {LEARNED}", f"real {LEARNED}", CHOSEN_BY)
"""Names of the walks in a store."""


def refuse_no_walks(config: TrainingConfig, real: Path | None) -> None:
    """Refuses a recipe that leaves a policy nothing to learn from, before anything is made.

    Args:
        config: the run.
        real: real recordings, None for synthetic walkers only.

    Raises:
        InputError: there would be no walk.
    """
    data = config.data
    if data.n_synthetic or data.n_from_validation:
        return
    shown = data.real_copies or data.keypoints != "monocular"
    if real is not None and shown and any(real_files(real, test=False)):
        return
    if real is None:
        why = "no real recordings are used (--data, data.use_real)"
    elif shown:
        why = f"{real.name} holds no recordings of training subjects"
    else:
        why = "data.real_copies is 0, and keypoints = 'monocular' shows nothing but copies"
    raise InputError(
        f"data.n_synthetic is 0, and {why}: the policy has no walk to learn from; set "
        "data.n_synthetic above 0, or give real recordings with --data."
    )


def refuse_no_recordings(real: Path | None) -> None:
    """Lets nobody believe that recordings are learned from where a folder has none.

    Args:
        real: real recordings that were given, None where there are none.

    Raises:
        InputError: it holds none that may be learned from.
    """
    if real is None or any(real_files(real, test=False)):
        return
    raise InputError(
        f"{real.absolute().name}: holds no recordings of training subjects, in folders called as "
        "in the shared data; leave --data (or $SIMGAIT_DATA) out to learn from synthetic walkers "
        "alone, or make a set of other recordings with `simgait dataset build` and give it with "
        "--trials."
    )


def policy_examples(
    config: TrainingConfig, real: Path | None, store: WalkStore | None = None
) -> list[FittedTrial]:
    """The walks that a policy learns from; `real` is None for synthetic walkers only.

    Raises:
        InputError: there is none.
    """
    refuse_no_walks(config, real)
    data, synthetic = config.data, partial(_synthetic, config, store)
    found = synthetic(LEARNED, "train", data.first_synthetic, data.n_synthetic, seed=data.seed)
    if data.n_from_validation:
        first, count = FIRST_FROM_VALIDATION, data.n_from_validation
        found += synthetic(f"more {LEARNED}", "validation", first, count, seed=data.seed)
    if real is not None:
        found += real_examples(
            real,
            copies=data.real_copies,
            seed=data.seed,
            kind=_kind(config),
            sized_by=data.sized_by,
            skeleton=config.tracking.body.skeleton,
            store=store,
            name=f"real {LEARNED}",
        )
    if not found:
        raise InputError(
            "None of the walks that the policy is to learn from could be tracked or fitted; raise "
            "data.n_synthetic, or give other recordings with --data."
        )
    return found


def validation_examples(
    config: TrainingConfig, store: WalkStore | None = None
) -> list[FittedTrial]:
    """The walks that choose the best checkpoint."""
    count, name = config.data.n_validation, CHOSEN_BY
    return _synthetic(
        config, store, name, "validation", FIRST_VALIDATION, count, seed=seeds.VALIDATION
    )


def _synthetic(
    config: TrainingConfig,
    store: WalkStore | None,
    name: str,
    split: Split,
    first: int,
    count: int,
    seed: int,
) -> list[FittedTrial]:
    return synthetic_examples(
        split,
        first,
        count,
        seed=seed,
        kind=_kind(config),
        sized_by=config.data.sized_by,
        skeleton=config.tracking.body.skeleton,
        store=store,
        name=name,
    )


def _kind(config: TrainingConfig) -> Keypoints | None:
    return None if config.data.keypoints == "mixture" else config.data.keypoints
