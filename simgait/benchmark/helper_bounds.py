"""What tracking costs under a helper that may do less: one policy, its helper's bounds drawn in.

The policy is not trained again. The moment goes down in proportion to the force, or stays as
learned; the spring and the damper that are part of the helper act within the same bounds. One
attempt only: a second one would have a stronger helper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from simgait.baselines.tracker import Answer, Refusal
from simgait.benchmark.bench_cases import Condition, real_bench, synthetic_bench
from simgait.benchmark.cases import Case, CaseSet
from simgait.benchmark.columns import COLUMNS
from simgait.benchmark.policy_tracker import estimate_of, sized_people
from simgait.benchmark.pooling import over_frames_of_series
from simgait.benchmark.score_walks import records_of
from simgait.benchmark.scorecard_rows import (
    ANGLES,
    FIRST_FALLS,
    RESIDUAL,
    STEP_LENGTH_RMSE,
    STEP_LENGTH_SLOPE,
    VELOCITY_RMSE,
    VELOCITY_SLOPE,
    Measure,
    Walks,
)
from simgait.benchmark.walk_record import WalkRecord
from simgait.body.fit import fit_references
from simgait.body.refiner import refine_references
from simgait.errors import InputError
from simgait.gait.angle_errors import AngleError
from simgait.tracking.inference import AS_LEARNED_ONCE, PhysicsTracker
from simgait.tracking.policies import Policy
from simgait.tracking.track import physics_tracker
from simgait.types import FittedTrial

BOUNDS_PERCENT = (5.0, 4.0, 3.0, 2.0, 1.0, 0.5, 0.0)
"""Of body weight: from the released policy's bound to no helper at all."""
CONDITIONS = (Condition(), Condition("ahead", "middle"))
"""Exact keypoints, and monocular-v1 from one place, towards the camera at 3 to 5.5 m: one of the
benchmark's six, so that it takes minutes."""
WALKERS_PER_PATTERN = 2
KINDS = tuple(dict.fromkeys(condition.keypoints for condition in CONDITIONS))
Tell = Callable[[str], None]


def _upright(walks: Walks) -> Walks:
    """After a fall the last load stands still: no plate is compared with it."""
    return [walk for walk in walks if not walk.fell]


_FORCE = COLUMNS["force_rmse_percent_bw"]
FORCE = Measure(
    _FORCE.key, _FORCE.label, _FORCE.unit, lambda walks: _FORCE.value(_upright(walks)),
    lambda walks: sum(len(walk.plates) for walk in _upright(walks)),
)  # fmt: skip


def _tilt(walk: WalkRecord) -> list[AngleError]:
    """The error of a walk whose truth has the pelvis; else none."""
    found = walk.angles.get("pelvis_tilt")
    return [found] if found is not None and found.n else []


TILT = Measure(
    "pelvis_tilt_rmse_deg", "pelvic tilt RMSE", "°",
    over_frames_of_series(_tilt, "rmse").of_walks,
    lambda walks: sum(bool(_tilt(walk)) for walk in walks),
)  # fmt: skip
"""What the moment at the pelvis holds."""
MEASURES: tuple[Measure, ...] = (
    FIRST_FALLS, VELOCITY_RMSE, VELOCITY_SLOPE, STEP_LENGTH_RMSE, STEP_LENGTH_SLOPE, TILT, *ANGLES,
    RESIDUAL, FORCE,
)  # fmt: skip


POOLED = (
    "RMSE of angles is over all frames of the walks (of hip, knee and ankle of both legs), the "
    "residual's RMS likewise; speed counts once a walk, step length once a walk and side, the "
    "vertical force once a stance."
)
"""What each number of a table is over."""


@dataclass(frozen=True)
class BoundRow:
    """A policy over walks of one kind of keypoints, under one bound.

    Attributes:
        policy: its name.
        keypoints: their kind.
        bound_percent: of the residual force per axis, % of body weight.
        n_walks: that were tracked.
        values: key of a measure -> its value, NaN where it has none.
        counts: key of a measure -> how many numbers that is of.
    """

    policy: str
    keypoints: str
    bound_percent: float
    n_walks: int
    values: Mapping[str, float]
    counts: Mapping[str, int]


def bound_cases(
    data_dir: Path | None, walkers_per_pattern: int = WALKERS_PER_PATTERN
) -> list[CaseSet]:
    """Walks of simgait-bench-v1 in `CONDITIONS`; without recordings its synthetic walkers alone.

    Raises:
        InputError: a folder of the recordings is absent.
    """
    sets = [synthetic_bench(walkers_per_pattern, CONDITIONS)]
    return sets if data_dir is None else [*sets, real_bench(data_dir, conditions=CONDITIONS)]


def helper_bounds(
    policy: Policy, percent: float, *, moment_as_learned: bool = False
) -> tuple[float, float]:
    """Bounds of force (body weights) and moment (body weight × leg) at a percentage for the force.

    Args:
        policy: whose helper it is.
        percent: of body weight, for the force.
        moment_as_learned: the moment keeps its bound; else it goes with the force's.

    Raises:
        InputError: the policy has no helper force that the moment could be in proportion to.
    """
    control = policy.config.tracking.control
    if control.residual_force_bw <= 0.0:
        raise InputError(
            "The policy was trained without a helper force; name a policy that has one."
        )
    force_bw = percent / 100.0
    if moment_as_learned:
        return force_bw, control.residual_moment_bw_leg
    return force_bw, control.residual_moment_bw_leg * force_bw / control.residual_force_bw


def bound_rows(
    policies: Mapping[str, Policy],
    cases: Sequence[Case],
    bounds_percent: Sequence[float] = BOUNDS_PERCENT,
    tell: Tell = lambda text: None,
    *,
    moment_as_learned: bool = False,
) -> Iterator[BoundRow]:
    """Tracks and scores the walks with every policy under every bound.

    Args:
        policies: by name.
        cases: walks, labelled with their kind of keypoints.
        bounds_percent: of body weight, for the force per axis.
        tell: gets a sentence before each pass over the walks.
        moment_as_learned: see `helper_bounds`.

    Raises:
        InputError: see `helper_bounds`.
    """
    for name, policy in policies.items():
        tell(f"{name}: fitting {len(cases)} walks")
        fitted, refused = _fitted(policy, cases)
        tracker = _tracker(policy)
        for percent in bounds_percent:
            tell(f"{name}: {percent:g} % of body weight")
            pair = helper_bounds(policy, percent, moment_as_learned=moment_as_learned)
            bounded = replace(tracker, helper_bounds=pair)
            rollouts = bounded.track(list(fitted.values()))
            answers: dict[int, Answer] = dict(refused)
            for i, rollout in zip(fitted, rollouts, strict=True):
                answers[i] = estimate_of(rollout)
            records = records_of(name, cases, [answers[i] for i in range(len(cases))])
            for kind in KINDS:
                own = [r for r in records if r.case.labels["keypoints"] == kind and not r.refusal]
                if own:
                    yield _row(name, kind, percent, own)


def _fitted(
    policy: Policy, cases: Sequence[Case]
) -> tuple[dict[int, FittedTrial], dict[int, Refusal]]:
    """The bodies fitted to the walks, which are seen without their truth; and the refused ones."""
    people, refused = sized_people(policy, [case.trial for case in cases])
    trials = [replace(cases[i].trial, truth=None) for i in people]
    skeleton = policy.refiner.skeleton
    fits = fit_references(trials, list(people.values()), skeleton=skeleton)
    refined = refine_references(policy.refiner, fits)
    return dict(zip(people, refined, strict=True)), refused


def _tracker(policy: Policy) -> PhysicsTracker:
    config = policy.config.tracking
    # The bounds are given apart: policies that differ in their own alone share a program.
    none = {"residual_force_bw": 0.0, "residual_moment_bw_leg": 0.0}
    config = config.model_copy(update={"control": config.control.model_copy(update=none)})
    return physics_tracker(policy, AS_LEARNED_ONCE, config)


def _row(policy: str, keypoints: str, percent: float, walks: Walks) -> BoundRow:
    values = {measure.key: measure.value(walks) for measure in MEASURES}
    counts = {measure.key: measure.n(walks) for measure in MEASURES}
    return BoundRow(policy, keypoints, percent, len(walks), values, counts)
