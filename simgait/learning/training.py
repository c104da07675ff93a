"""A training run from walks to a released policy: refiner first, then PPO, with exact resume."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from tqdm import tqdm

from simgait.body.refiner import RefinerWeights, refine_references
from simgait.datasets.splits import assert_disjoint
from simgait.errors import InputError
from simgait.files import append_csv_row, write_whole
from simgait.learning.config import TrainingConfig
from simgait.learning.initialiser_run import EpisodeStarts
from simgait.learning.ppo import PPO, RunState, strongly_typed
from simgait.learning.refiner_run import refiner_of_run
from simgait.learning.run_examples import policy_examples, validation_examples
from simgait.learning.validation import validate
from simgait.provenance import collect_provenance
from simgait.tracking.clips import ClipBank, build_clips, with_mirror_images
from simgait.tracking.policies import (
    FixedStatistics,
    Policy,
    load_policy,
    save_policy,
)
from simgait.types import FittedTrial
from simgait.weight_files import load_tree, save_tree

RUN_FILE, LOG_FILE = "run.safetensors", "progress.csv"
LOG_EVERY = 10  # iterations; what is validated or kept falls on one of them
ROW_COLUMNS = (
    "steps", "wall_s", "reward", "angle_error_deg", "path_error_m", "residual_force_bw", "fell",
    "strayed", "not_finite", "entropy", "policy_loss", "value_loss", "validation_angle_rmse_deg",
    "validation_velocity_bias_mps", "validation_velocity_sd_mps", "validation_fall_fraction",
    "validation_residual_force_bw", "validation_score",
)  # fmt: skip
Log = Callable[[dict[str, float]], None]


def run_training(
    config: TrainingConfig,
    folder: Path,
    *,
    data_dir: Path | None = None,
    refiner: Path | None = None,
    warm_start: Path | None = None,
    log: Log = lambda values: None,
    progress: bool = True,
) -> Path:
    """Trains a policy, or goes on with the run that `folder` holds.

    Args:
        config: the run.
        folder: checkpoints, log and the best policy so far (`policy/`).
        data_dir: real recordings; without them only synthetic walkers are learned from.
        refiner: weights of a trained refiner, to skip that stage.
        warm_start: folder of a policy with the same networks; its parameters and observation
            statistics are where this run begins, and its refiner is used unless one is given.
        log: called with each row of numbers (W&B, say).
        progress: show a progress bar.

    Returns:
        Folder of the best policy.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made_with = json.dumps(collect_provenance(config.model_dump()), indent=1)
    write_whole(folder / "provenance.json", made_with)
    real = data_dir if config.data.use_real else None
    earlier = load_policy(warm_start) if warm_start is not None else None
    if earlier is not None and refiner is None:
        weights = earlier.refiner
    else:
        weights = refiner_of_run(config, folder, real, refiner)
    walks = policy_examples(config, real)
    validation = validation_examples(config)
    assert_disjoint(
        {w.trial.subject_id for w in walks}, {w.trial.subject_id for w in validation}, ()
    )
    clips = refined_clips(walks, weights, config)
    n_real = sum(not walk.trial.subject_id.startswith("synthetic-") for walk in walks)
    stage = _PolicyRun(config, folder, weights, n_real)
    clips = stage.begin(clips, earlier)
    _policy_stage(stage, clips, validation, log, progress)
    return folder / "policy"


def refined_clips(
    walks: Sequence[FittedTrial], weights: RefinerWeights, config: TrainingConfig
) -> ClipBank:
    """Walks (and their mirror images) as clips that a policy can be trained on."""
    refined = refine_references(weights, walks)
    clips = build_clips(refined, config.tracking.body, frames=config.data.frames)
    return with_mirror_images(clips) if config.data.mirror else clips


@dataclass(frozen=True)
class _Best:
    score: float
    steps: int


class _PolicyRun:
    """PPO's stage of a run: its state, its files, the best policy so far."""

    def __init__(
        self, config: TrainingConfig, folder: Path, weights: RefinerWeights, n_real: int
    ) -> None:
        self.config, self.folder, self.weights, self.n_real = config, folder, weights, n_real
        self.ppo = PPO(config)
        self.best = _Best(np.inf, 0)
        size = config.ppo.n_envs * config.ppo.unroll
        self.total = max(config.ppo.total_steps // size, 1)
        self.done = 0

    def begin(self, clips: ClipBank, earlier: Policy | None) -> ClipBank:
        """Starts, goes on where the folder's run was, or begins with an earlier policy."""
        known = None if earlier is None else earlier.initialiser
        self.starts = EpisodeStarts(self.config, self.folder, known)
        clips = self.starts.put_into(clips)
        self.run = self.ppo.start(clips, jax.random.key(self.config.ppo.seed))
        checkpoint = self.folder / RUN_FILE
        if checkpoint.exists():
            self.run = load_tree(checkpoint, self.run)
            self.starts.resume()
            clips = self.starts.put_into(clips)
            self.best = _Best(**json.loads((self.folder / "best.json").read_text()))
        elif earlier is not None:
            self.run = _warm(self.run, earlier)
        self.done = int(self.run.steps) // (self.config.ppo.n_envs * self.config.ppo.unroll)
        return clips

    def validate(self, examples: Sequence[FittedTrial]) -> dict[str, float]:
        """Scores the policy as it stands, and keeps it where it is the best so far."""
        policy = as_policy(self.config, self.run, self.weights, self.starts.params)
        scores = validate(policy, examples)
        if scores["score"] < self.best.score:
            steps = int(self.run.steps)
            self.best = _Best(scores["score"], steps)
            card = {"steps": steps, "real_walks": self.n_real, "validation": scores}
            save_policy(
                self.folder / "policy",
                self.config,
                self.run.params,
                self.run.statistics,
                self.weights,
                card | {"provenance": collect_provenance({})},
                self.starts.params,
            )
        return {f"validation_{name}": value for name, value in scores.items()}

    def save(self) -> None:
        """Writes all that an exact resume needs."""
        save_tree(self.folder / RUN_FILE, self.run)
        self.starts.save()
        write_whole(self.folder / "best.json", json.dumps(dataclasses.asdict(self.best)))


def _policy_stage(
    stage: _PolicyRun,
    clips: ClipBank,
    validation: Sequence[FittedTrial],
    log: Log,
    progress: bool,
) -> None:
    config, started = stage.config, time.monotonic()
    iterations = range(stage.done, stage.total)
    bar = tqdm(iterations, initial=stage.done, total=stage.total, disable=not progress, unit="it")
    for iteration in bar:
        clips = stage.starts.learn(iteration, stage.run, clips)
        stage.run, metrics = stage.ppo.iterate(stage.run, clips)
        last = iteration + 1 == stage.total
        if iteration % LOG_EVERY and not last:
            continue
        row = {"steps": int(stage.run.steps), "wall_s": time.monotonic() - started}
        row |= {name: float(value) for name, value in metrics.items()}
        _refuse_nan(row, stage.folder, stage.run)
        if (iteration // LOG_EVERY) % max(config.validate_every // LOG_EVERY, 1) == 0 or last:
            row |= stage.validate(validation)
        bar.set_postfix(reward=f"{row['reward']:.3f}", angle=f"{row['angle_error_deg']:.2f}")
        append_csv_row(stage.folder / LOG_FILE, {name: row.get(name, "") for name in ROW_COLUMNS})
        log(row)
        if iteration % config.checkpoint_every < LOG_EVERY or last:
            stage.save()


# A released policy keeps mean and SD of its observations, not their count; this many stand behind
# them when training goes on from it, so that they move slowly but still move.
WARM_COUNT = 2_000_000


def _warm(run: RunState, earlier: Policy) -> RunState:
    if jax.tree.map(jnp.shape, run.params) != jax.tree.map(jnp.shape, earlier.params):
        raise InputError("The policy to start from has other networks than the recipe; change one.")
    statistics = run.statistics.replace(
        mean=earlier.statistics.mean,
        std=earlier.statistics.std,
        summed_variance=jnp.square(earlier.statistics.std) * WARM_COUNT,
        count=run.statistics.count.replace(lo=jnp.full_like(run.statistics.count.lo, WARM_COUNT)),
    )
    return strongly_typed(dataclasses.replace(run, params=earlier.params, statistics=statistics))


def _refuse_nan(row: dict[str, float], folder: Path, run: RunState) -> None:
    bad = sorted(name for name, value in row.items() if not np.isfinite(value))
    if bad:
        save_tree(folder / "not_finite.safetensors", run)
        raise FloatingPointError(
            f"{', '.join(bad)} not finite after {row['steps']} steps; the state is in "
            "not_finite.safetensors, the last good one in the checkpoint"
        )


def as_policy(
    config: TrainingConfig, run: RunState, weights: RefinerWeights, initialiser: Any = None
) -> Policy:
    """The policy of a run as it stands."""
    statistics = FixedStatistics(run.statistics.mean, run.statistics.std)
    return Policy(config, run.params, statistics, weights, {}, "", initialiser)
