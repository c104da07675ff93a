"""Walks for the Gait Transformer: training subjects to learn from, validation walkers to choose by.

No body is fitted: the network needs keypoints and truth only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from simgait.body.fit import measure_dimensions
from simgait.companions.gait_transformer.config import DataConfig
from simgait.companions.gait_transformer.targets import network_targets
from simgait.datasets.detector_mixture import Keypoints, draw_kind
from simgait.datasets.monocular_copies import as_monocular
from simgait.datasets.preparation import SHORT_WALKS
from simgait.datasets.real_recordings import real_recordings
from simgait.datasets.splits import TEST_SUBJECTS, assert_disjoint
from simgait.datasets.synthetic_trials import Split, synthetic_trial
from simgait.errors import InputError
from simgait.estimators.points_in_heights import points_in_heights
from simgait.skeleton.dimensions import Dimensions
from simgait.synthetic.recording import subject_of
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.trials.preparation import prepare
from simgait.types import Recording, Trial

N_TEST_WALKERS = 20_000  # the scorecard's and, from 10 000 on, the benchmark's are among them


@dataclass(frozen=True)
class LabelledWalk:
    """One prepared walk as the network sees it, and what it should say.

    Attributes:
        points: (T, 23, 4) see `estimators.points_in_heights`.
        target, known: (T, 20) see `targets.network_targets`.
    """

    subject_id: str
    height_m: float
    points: Float[np.ndarray, "T 23 4"]
    target: Float[np.ndarray, "T 20"]
    known: Float[np.ndarray, "T 20"]


def labelled(trial: Trial, dims: Dimensions) -> LabelledWalk:
    """A trial with truth, and the true size of the person."""
    target, known = network_targets(trial, dims)
    return LabelledWalk(trial.subject_id, trial.height_m, points_in_heights(trial), target, known)


def synthetic_walks(
    split: Split,
    first: int,
    count: int,
    *,
    seed: int,
    kind: Keypoints | None = None,
    report: Callable[[int], None] = lambda done: None,
) -> list[LabelledWalk]:
    """Walkers `first` .. of a split, 3 to 7 s each; `kind` None draws it from the mixture."""
    rng = np.random.default_rng([seed, first])
    walks = []
    for index in range(first, first + count):
        drawn = draw_kind(rng)
        duration_s = float(rng.uniform(3.0, 7.0))
        try:
            trial = synthetic_trial(split, index, kind or drawn, duration_s)
        except InputError:
            continue
        walks.append(labelled(trial, draw_walker(walker_seed(split, index)).dimensions))
        report(len(walks))
    return walks


def real_walks(data_dir: Path, *, copies: int, seed: int) -> list[LabelledWalk]:
    """The real training subjects as they are, and `copies` times through monocular-v1."""
    rng = np.random.default_rng([seed, 5])
    walks: list[LabelledWalk] = []
    for recording in real_recordings(data_dir, test=False):
        walks += _labelled_copies(recording, copies, rng)
    return walks


def _labelled_copies(
    recording: Recording, copies: int, rng: np.random.Generator
) -> list[LabelledWalk]:
    try:
        exact = [t for t in prepare(recording, SHORT_WALKS) if t.truth is not None]
        # A detector's bones are not the person's: the size comes from the markers, always.
        dims = [measure_dimensions(trial) for trial in exact]
    except InputError:
        return []
    if not exact:
        return []
    walks = [labelled(trial, size) for trial, size in zip(exact, dims, strict=True)]
    for _ in range(copies):
        seen_seed, legs_only = int(rng.integers(2**31)), bool(rng.random() < 0.2)
        try:
            seen = as_monocular(recording, seen_seed, legs_only=legs_only)
            trials = prepare(seen, SHORT_WALKS, height_m=exact[0].height_m)
        except InputError:
            continue
        walks += [labelled(trial, dims[0]) for trial in trials if trial.truth is not None]
    return walks


def check_splits(train: Iterable[LabelledWalk], validation: Iterable[LabelledWalk]) -> None:
    """Nobody is in two of training, validation and test.

    Raises:
        SplitError: somebody is.
    """
    real_test = {f"{folder}-{name}" for folder, names in TEST_SUBJECTS.items() for name in names}
    first = walker_seed("test", 0)
    synthetic_test = {subject_of(first + i) for i in range(N_TEST_WALKERS)}
    assert_disjoint(
        (walk.subject_id for walk in train),
        (walk.subject_id for walk in validation),
        real_test | synthetic_test,
    )


def training_and_validation(
    config: DataConfig,
    data_dir: Path | None,
    report: Callable[[str], None] = lambda line: None,
) -> tuple[list[LabelledWalk], list[LabelledWalk], int]:
    """Everything that a training run needs, checked to share nobody with each other or the test.

    Returns:
        training walks, validation walks, number of real ones among the training walks.
    """
    train = synthetic_walks(
        "train", config.first_synthetic, config.n_synthetic, seed=config.seed,
        report=lambda done: report(f"{done} synthetic walks") if done % 250 == 0 else None,
    )  # fmt: skip
    real = [] if data_dir is None else real_walks(
        data_dir, copies=config.real_copies, seed=config.seed
    )  # fmt: skip
    report(f"{len(real)} real walks")
    half = config.n_validation // 2
    validation = synthetic_walks("validation", 0, half, seed=config.seed, kind="exact")
    validation += synthetic_walks(
        "validation", half, config.n_validation - half, seed=config.seed, kind="monocular"
    )
    check_splits([*train, *real], validation)
    return [*train, *real], validation, len(real)


@dataclass(frozen=True)
class PaddedWalks:
    """Walks as arrays of one shape, zeros past each end.

    Attributes:
        points: (N, T, 23, 4); target, known: (N, T, 20).
        length: (N,) frames of each walk.
        height_m: (N,).
    """

    points: Float[np.ndarray, "N T 23 4"]
    target: Float[np.ndarray, "N T 20"]
    known: Float[np.ndarray, "N T 20"]
    length: Int[np.ndarray, " N"]
    height_m: Float[np.ndarray, " N"]


def pad(walks: Sequence[LabelledWalk], longest: int, least: int) -> PaddedWalks:
    """Stacks walks; longer ones than `longest` are cut into pieces, all hold `least` frames."""
    pieces = [
        (walk, start)
        for walk in walks
        for start in range(0, max(1, len(walk.points) - least // 2), longest)
    ]
    frames = max(least, min(longest, max(len(walk.points) for walk in walks)))

    def stack(name: str) -> np.ndarray:
        first = getattr(walks[0], name)
        out = np.zeros((len(pieces), frames, *first.shape[1:]), np.float32)
        for row, (walk, start) in enumerate(pieces):
            part = getattr(walk, name)[start : start + longest]
            out[row, : len(part)] = part
        return out

    return PaddedWalks(
        stack("points"),
        stack("target"),
        stack("known"),
        np.array([min(len(walk.points) - start, longest) for walk, start in pieces], np.int32),
        np.array([walk.height_m for walk, _ in pieces], np.float32),
    )
