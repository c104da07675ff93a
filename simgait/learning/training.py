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
from simgait.files import append_csv_row, csv_text, write_whole
from simgait.learning.checkpoints import (
    REFINER_FILE,
    FixedStatistics,
    Policy,
    load_policy,
    load_refiner,
    load_tree,
    save_policy,
    save_refiner,
    save_tree,
)
from simgait.learning.config import TrainingConfig
from simgait.learning.initialiser_run import EpisodeStarts
from simgait.learning.ppo import PPO, RunState, strongly_typed
from simgait.learning.refiner_training import train_refiner
from simgait.learning.tracker import track_trials
from simgait.learning.walks import Keypoints, Split, real_walks, synthetic_walks
from simgait.provenance import collect_provenance
from simgait.skeleton.coordinates import JOINTS
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.tracking.clips import ClipBank, build_clips, with_mirror_images
from simgait.tracking.inference import FIRST_ATTEMPT_ONLY
from simgait.types import FittedTrial

RUN_FILE, LOG_FILE = "run.safetensors", "progress.csv"
FIRST_FROM_VALIDATION = 2000  # of the walkers that `data.n_from_validation` lends; none validates
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
        weights = _refiner_stage(config, folder, real, refiner)
    walks = _policy_walks(config, real)
    validation = validation_walks(config)
    assert_disjoint(
        {w.trial.subject_id for w in walks}, {w.trial.subject_id for w in validation}, ()
    )
    clips = refined_clips(walks, weights, config)
    n_real = sum(not walk.trial.subject_id.startswith("synthetic-") for walk in walks)
    return _policy_stage(config, folder, clips, weights, validation, earlier, n_real, log, progress)


def _refiner_stage(
    config: TrainingConfig, folder: Path, real: Path | None, given: Path | None
) -> RefinerWeights:
    path, skeleton = given or folder / REFINER_FILE, config.tracking.body.skeleton
    if path.exists():
        return load_refiner(path, skeleton)
    settings = config.refiner
    train = synthetic_walks("train", 0, settings.n_walkers, seed=1, skeleton=skeleton)
    people = []
    if real is not None and settings.real_share:
        people = real_walks(real, copies=settings.real_copies, seed=3, skeleton=skeleton)
    validation = synthetic_walks("validation", 0, 200, seed=2, skeleton=skeleton)
    rows: list[dict[str, float]] = []
    weights = train_refiner(
        train,
        validation,
        settings,
        lambda step, parts: rows.append({"step": step} | parts),
        real=people,
    )
    log = csv_text(tuple(rows[0]), (row.values() for row in rows))
    write_whole(folder / "refiner_progress.csv", log)
    save_refiner(path, weights)
    return weights


def _policy_walks(config: TrainingConfig, real: Path | None) -> list[FittedTrial]:
    data = config.data
    walks = _some_walks(config, "train", data.first_synthetic, data.n_synthetic, seed=data.seed)
    if data.n_from_validation:
        first = FIRST_FROM_VALIDATION
        walks += _some_walks(config, "validation", first, data.n_from_validation, seed=data.seed)
    if real is not None:
        walks += real_walks(
            real,
            copies=data.real_copies,
            seed=data.seed,
            kind=_kind(config),
            sized_by=data.sized_by,
            skeleton=config.tracking.body.skeleton,
        )
    return walks


def validation_walks(config: TrainingConfig) -> list[FittedTrial]:
    """The walks that choose the best checkpoint."""
    return _some_walks(config, "validation", 1000, config.data.n_validation, seed=2)


def _some_walks(
    config: TrainingConfig, split: Split, first: int, count: int, seed: int
) -> list[FittedTrial]:
    return synthetic_walks(
        split,
        first,
        count,
        seed=seed,
        kind=_kind(config),
        sized_by=config.data.sized_by,
        skeleton=config.tracking.body.skeleton,
    )


def _kind(config: TrainingConfig) -> Keypoints | None:
    return None if config.data.keypoints == "mixture" else config.data.keypoints


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


def _policy_stage(
    config: TrainingConfig,
    folder: Path,
    clips: ClipBank,
    weights: RefinerWeights,
    validation: Sequence[FittedTrial],
    earlier: Policy | None,
    n_real: int,
    log: Log,
    progress: bool,
) -> Path:
    ppo = PPO(config)
    starts = EpisodeStarts(config, folder, None if earlier is None else earlier.initialiser)
    clips = starts.put_into(clips)
    run = ppo.start(clips, jax.random.key(config.ppo.seed))
    best = _Best(np.inf, 0)
    checkpoint = folder / RUN_FILE
    if checkpoint.exists():
        run = load_tree(checkpoint, run)
        starts.resume()
        clips = starts.put_into(clips)
        best = _Best(**json.loads((folder / "best.json").read_text()))
    elif earlier is not None:
        run = _warm(run, earlier)
    size = config.ppo.n_envs * config.ppo.unroll
    total = max(config.ppo.total_steps // size, 1)
    started, first = time.monotonic(), int(run.steps) // size
    bar = tqdm(range(first, total), initial=first, total=total, disable=not progress, unit="it")
    for iteration in bar:
        clips = starts.learn(iteration, run, clips)
        run, metrics = ppo.iterate(run, clips)
        last = iteration + 1 == total
        if iteration % 10 and not last:
            continue
        row = {"steps": int(run.steps), "wall_s": time.monotonic() - started}
        row |= {name: float(value) for name, value in metrics.items()}
        _refuse_nan(row, folder, run)
        if (iteration // 10) % (config.validate_every // 10) == 0 or last:
            scores = validate(as_policy(config, run, weights, starts.params), validation)
            row |= {f"validation_{name}": value for name, value in scores.items()}
            if scores["score"] < best.score:
                best = _Best(scores["score"], int(run.steps))
                save_policy(
                    folder / "policy",
                    config,
                    run.params,
                    run.statistics,
                    weights,
                    {"steps": int(run.steps), "real_walks": n_real, "validation": scores}
                    | {"provenance": collect_provenance({})},
                    starts.params,
                )
        bar.set_postfix(reward=f"{row['reward']:.3f}", angle=f"{row['angle_error_deg']:.2f}")
        _append_row(folder / LOG_FILE, row)
        log(row)
        if iteration % config.checkpoint_every < 10 or last:
            save_tree(checkpoint, run)
            starts.save()
            write_whole(folder / "best.json", json.dumps(dataclasses.asdict(best)))
    return folder / "policy"


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


def validate(policy: Policy, walks: Sequence[FittedTrial]) -> dict[str, float]:
    """Tracks validation walks from frame 0: angle RMSE (°), velocity error (m/s), falls, score."""
    tracked = track_trials(
        policy, [w.trial for w in walks], [w.dims for w in walks], FIRST_ATTEMPT_ONLY
    )
    angle, speed, falls, residual = [], [], [], []
    for one in tracked:
        truth = one.trial.truth
        if truth is None:
            raise ValueError(f"{one.trial.trial_id} has no truth to validate with")
        falls.append(one.rollout.fell)
        keep = one.rollout.alive
        true_pose = one.rollout.skeleton.told(truth.pose, TRIMMED_HUMANOID)
        error = (one.rollout.pose - true_pose)[keep][:, JOINTS]
        angle.append(np.sqrt(np.nanmean(np.square(error))))
        seconds = max(keep.sum() - 1, 1) / one.trial.fps_hz
        travel = one.rollout.pose[keep, 0], truth.pose[keep, 0]
        speed.append(float(np.subtract(*[(t[-1] - t[0]) / seconds for t in travel])))
        norm = np.linalg.norm(one.rollout.residual_force_n, axis=1)
        residual.append(np.sqrt(np.mean(norm**2)) / one.rollout.body_weight_n)
    result = {
        "angle_rmse_deg": float(np.rad2deg(np.mean(angle))),
        "velocity_bias_mps": float(np.mean(speed)),
        "velocity_sd_mps": float(np.std(speed)),
        "fall_fraction": float(np.mean(falls)),
        "residual_force_bw": float(np.mean(residual)),
    }
    velocity_rms = np.sqrt(np.mean(np.square(speed)))
    # One number to choose a checkpoint by: degrees; 5 cm/s, 2 % falls or 2 % BW are worth 1° each.
    result["score"] = float(
        result["angle_rmse_deg"]
        + velocity_rms / 0.05
        + result["fall_fraction"] / 0.02
        + result["residual_force_bw"] / 0.02
    )
    return result


def _append_row(path: Path, row: dict[str, float]) -> None:
    """One line of the log; columns that only some rows have (validation) stay empty."""
    append_csv_row(path, {name: row.get(name, "") for name in ROW_COLUMNS})


ROW_COLUMNS = (
    "steps", "wall_s", "reward", "angle_error_deg", "path_error_m", "residual_force_bw", "fell",
    "strayed", "not_finite", "entropy", "policy_loss", "value_loss", "validation_angle_rmse_deg",
    "validation_velocity_bias_mps", "validation_velocity_sd_mps", "validation_fall_fraction",
    "validation_residual_force_bw", "validation_score",
)  # fmt: skip
