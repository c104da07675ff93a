"""Rows of the paper's Table I trained and scored under one budget, so that they can be compared.

A row is a recipe; a budget says how much of it a machine can bear, the same for all rows. What a
budget takes away is in the configuration that is written beside each result.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from simgait.benchmark import scores as scores
from simgait.benchmark.scores import SetScore, WalkScore, score_rollout
from simgait.benchmark.sets import Case, Excluded, synthetic_case
from simgait.benchmark.tables import robust_sigma
from simgait.errors import InputError
from simgait.gait.analyse import analyse_markers
from simgait.learning.checkpoints import Policy
from simgait.learning.config import TrainingConfig
from simgait.learning.tracker import track_trials
from simgait.learning.walks import Keypoints, Split, body_size
from simgait.skeleton.default import BODY_KEYPOINTS
from simgait.skeleton.kinematics import body_keypoints
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.tracking.clips import FRAME_RATE_HZ
from simgait.tracking.inference import FIRST_ATTEMPT_ONLY
from simgait.types import Rollout

ROWS: dict[str, str] = {
    "final": "paper_final.toml",
    "init": "paper_init.toml",
    "base": "paper_base.toml",
    "exp": "paper_exp.toml",
    "noaug": "paper_noaug.toml",
    "future0": "paper_future0.toml",
    "future5": "paper_future5.toml",
    "future10": "paper_future10.toml",
    "small": "paper_small.toml",
    "mocap": "paper_mocap.toml",
    "simgait": "train_default.toml",
}
"""Row -> recipe in `configs/`. "simgait" is the released recipe."""

FIRST_FRAMES = (45, 0)
"""Scores leave out frames before these: as the paper did, and none at all as simgait does."""
FIRST_WALKER: dict[Split, int] = {"validation": 4000, "test": 0}
"""No walker that was learned from or that chose a checkpoint; the test's are the scorecard's."""
SHORTEST_SCORED = 8  # frames


class Budget(BaseModel):
    """Limits on a recipe; None leaves it as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    steps: int | None = Field(None, ge=1, description="environment steps")
    n_envs: int | None = Field(None, ge=1, description="environments in parallel")
    unroll: int | None = Field(None, ge=1, description="steps per environment and iteration")
    epochs: int | None = Field(None, ge=1, description="passes over each batch")
    minibatches: int | None = Field(None, ge=1, description="minibatches per pass")
    max_layers: int | None = Field(None, ge=1, description="hidden layers at the most")
    max_width: int | None = Field(None, ge=1, description="units per hidden layer at the most")
    max_substeps: int | None = Field(None, ge=1, description="physics steps per control step")
    max_walkers: int | None = Field(None, ge=1, description="synthetic walkers to learn from")
    max_copies: int | None = Field(None, ge=0, description="monocular copies of a real walk")
    n_validation: int | None = Field(None, ge=1, description="walkers that choose a checkpoint")
    validate_every: int | None = Field(None, ge=10, description="iterations between validations")
    max_start_batch: int | None = Field(None, ge=1, description="starts per initialiser update")
    max_start_horizon: int | None = Field(None, ge=1, description="steps of its return")
    scored_walkers: int = Field(64, ge=1, description="walkers that the result is scored on")
    scored_s: float = Field(8.0, gt=0, description="length of a scored walk, s")


BUDGETS: dict[str, Budget] = {
    "full": Budget(),
    "cpu-small": Budget(
        steps=2_000_000, n_envs=512, unroll=16, epochs=4, minibatches=8, max_layers=3,
        max_width=256, max_substeps=8, max_walkers=400, max_copies=1, n_validation=24,
        validate_every=60, max_start_batch=32, max_start_horizon=8, scored_walkers=32,
    ),
    "smoke": Budget(
        steps=2048, n_envs=32, unroll=8, epochs=1, minibatches=2, max_layers=2, max_width=32,
        max_substeps=4, max_walkers=4, max_copies=0, n_validation=2, validate_every=1000,
        max_start_batch=4, max_start_horizon=2, scored_walkers=2, scored_s=4.0,
    ),
}  # fmt: skip


def within_budget(
    config: TrainingConfig, budget: Budget, steps: int | None = None
) -> TrainingConfig:
    """The recipe as this budget lets it run.

    Args:
        config: the full-size recipe.
        budget: its limits.
        steps: environment steps, instead of the budget's.
    """

    def lowest(value: int, limit: int | None) -> int:
        return value if limit is None else min(value, limit)

    def layers(widths: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(lowest(w, budget.max_width) for w in widths[: budget.max_layers])

    def given(**values: int | None) -> dict[str, int]:
        return {name: value for name, value in values.items() if value is not None}

    tracking, data, starts = config.tracking, config.data, config.initialiser
    substeps = lowest(tracking.control.substeps, budget.max_substeps)
    body = tracking.body
    if substeps != tracking.control.substeps:
        body = body.model_copy(update={"timestep_s": 1.0 / (FRAME_RATE_HZ * substeps)})
    control = tracking.control.model_copy(update={"substeps": substeps})
    networks = config.networks.model_copy(
        update={
            "policy_layers": layers(config.networks.policy_layers),
            "value_layers": layers(config.networks.value_layers),
        }
    )
    ppo = given(
        total_steps=steps or budget.steps,
        n_envs=budget.n_envs,
        unroll=budget.unroll,
        epochs=budget.epochs,
        minibatches=budget.minibatches,
    )
    walkers = lowest(data.n_synthetic, budget.max_walkers)
    walks = {
        "n_synthetic": walkers,
        # The share that validation walkers have in the full recipe.
        "n_from_validation": data.n_from_validation * walkers // max(data.n_synthetic, 1),
        "real_copies": lowest(data.real_copies, budget.max_copies),
    } | given(n_validation=budget.n_validation)
    start = {
        "batch": lowest(starts.batch, budget.max_start_batch),
        "horizon": lowest(starts.horizon, budget.max_start_horizon),
    }
    return config.model_copy(
        update={
            "tracking": tracking.model_copy(update={"body": body, "control": control}),
            "networks": networks,
            "ppo": config.ppo.model_copy(update=ppo),
            "data": data.model_copy(update=walks),
            "initialiser": starts.model_copy(update=start),
        }
        | given(validate_every=budget.validate_every)
    )


@dataclass(frozen=True)
class ScoredWalks:
    """Walks to score rows on; `late[f]` are the same walks from frame f on.

    All rows are scored on the same people; how their keypoints are seen is the row's own.
    """

    cases: tuple[Case, ...]
    late: dict[int, tuple[Case, ...]]


def scored_walks(
    config: TrainingConfig, split: Split, count: int, duration_s: float
) -> ScoredWalks:
    """Held-out synthetic walkers as a row's policy would be shown them.

    A row that learns from a mixture or from monocular keypoints is scored on all 23 through
    monocular-v1, one that learns from exact keypoints on exact ones.
    """
    kind: Keypoints = "exact" if config.data.keypoints == "exact" else "monocular"
    full: list[Case] = []
    late: dict[int, list[Case]] = {first: [] for first in FIRST_FRAMES}
    for index in range(FIRST_WALKER[split], FIRST_WALKER[split] + count):
        case = synthetic_case(index, kind, duration_s, split=split)
        full.append(case)
        spec = draw_walker(walker_seed(split, index))
        points = np.asarray(body_keypoints(_truth(case), spec.dimensions))
        for first in FIRST_FRAMES:
            late[first].append(_case_from(case, points, first))
    return ScoredWalks(tuple(full), {first: tuple(cases) for first, cases in late.items()})


def _truth(case: Case) -> np.ndarray:
    if case.trial.truth is None:
        raise InputError(f"{case.trial.trial_id} has no truth; it cannot be scored.")
    return case.trial.truth.pose


def _cut(thing: Any, n_frames: int, first: int) -> Any:
    """A dataclass whose arrays over frames (or physics steps) begin at frame `first`."""

    def cut(value: Any) -> Any:
        if not isinstance(value, np.ndarray) or not value.ndim:
            return value
        if len(value) == n_frames:
            return value[first:]
        steps, rest = divmod(len(value), n_frames - 1)
        return value[first * steps :] if steps > 1 and not rest else value

    arrays = {f.name: getattr(thing, f.name) for f in dataclasses.fields(thing)}
    return dataclasses.replace(thing, **{name: cut(value) for name, value in arrays.items()})


def _case_from(case: Case, true_points_m: np.ndarray, first: int) -> Case:
    """The case from frame `first` on; the clock stays the trial's."""
    trial = case.trial
    time_s = trial.time_s[first:]
    if len(time_s) < SHORTEST_SCORED:
        raise InputError(f"{trial.trial_id}: nothing is left to score after {first} frames.")
    events = tuple(e for e in case.events if e.time_s >= time_s[0] - 1e-9)
    gait = analyse_markers(time_s, true_points_m[first:], events, keypoint_names=BODY_KEYPOINTS)
    cut_trial = dataclasses.replace(_cut(trial, trial.n_frames, first), truth=None)
    return dataclasses.replace(
        case, trial=cut_trial, angles_rad=case.angles_rad[first:], gait=gait, events=events
    )


def rollout_from(rollout: Rollout, first: int) -> Rollout:
    """The rollout from frame `first` on; the clock stays the trial's."""
    cut: Rollout = _cut(rollout, len(rollout.time_s), first)
    return cut


def score_policy(policy: Policy, walks: ScoredWalks) -> dict[int, SetScore]:
    """Tracks all walks once, from frame 0, first attempts only; scores by first frame counted.

    A body that falls before the first frame counted has a fall there and nothing else.
    """
    kept, people, excluded = [], [], []
    for i, case in enumerate(walks.cases):
        try:
            people.append(body_size(case.trial, policy.config.data.sized_by))
            kept.append(i)
        except InputError as error:
            excluded.append(Excluded(case.trial.trial_id, str(error)))
    trials = [walks.cases[i].trial for i in kept]
    tracked = track_trials(policy, trials, people, FIRST_ATTEMPT_ONLY) if kept else []
    result = {}
    for first, cases in walks.late.items():
        scored: list[WalkScore] = [
            score_rollout(cases[i], rollout_from(one.rollout, first))
            for i, one in zip(kept, tracked, strict=True)
        ]
        result[first] = SetScore(f"from frame {first}", tuple(scored), tuple(excluded))
    return result


NUMBERS = (
    "velocity_sigma_mps",
    "velocity_rmse_mps",
    "step_length_sigma_m",
    "step_length_rmse_m",
    "step_width_sigma_m",
    "step_width_rmse_m",
    "hip_rmse_deg",
    "hip_debiased_deg",
    "knee_rmse_deg",
    "knee_debiased_deg",
)
"""Columns of Table I, in its order."""


def table_numbers(result: SetScore) -> dict[str, float]:
    """The ten columns of Table I, and what its authors do not print: falls, residual, counts.

    Velocity errors are one per walk, step errors one per walk and side, angle errors over all
    frames of all walks and both sides. NaN where nothing was measured.
    """
    walks: Sequence[WalkScore] = result.walks
    speed = scores.velocity_errors_mps(walks)
    length = scores.step_length_errors_m(walks)
    width = scores.step_width_errors_m(walks)
    numbers = {}
    for name, errors, unit in (
        ("velocity", speed, "mps"), ("step_length", length, "m"), ("step_width", width, "m"),
    ):  # fmt: skip
        numbers[f"{name}_sigma_{unit}"] = robust_sigma(errors)
        numbers[f"{name}_rmse_{unit}"] = scores.root_mean_square(errors)
    for joint in ("hip", "knee"):
        numbers[f"{joint}_rmse_deg"] = scores.angle_rmse_deg(walks, joint)
        numbers[f"{joint}_debiased_deg"] = scores.angle_rmse_deg(walks, joint, debiased=True)
    return numbers | {
        "falls_percent": scores.falls_percent(walks),
        "residual_percent_bw": scores.residual_percent_bw(walks),
        "walks": len(walks),
        "walks_with_cycles": len(speed),
        "excluded": len(result.excluded),
    }
