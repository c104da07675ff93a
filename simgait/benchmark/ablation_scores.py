"""One policy scored as the paper's Table I scores its rows: two first frames, ten columns."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simgait.agreement.errors import robust_sigma_of, root_mean_square
from simgait.baselines.tracker import Answer, Refusal
from simgait.benchmark.cases import Case, synthetic_case
from simgait.benchmark.columns import COLUMNS
from simgait.benchmark.policy_tracker import estimate_of, policy_tracker
from simgait.benchmark.pooling import errors_of
from simgait.benchmark.score_walks import ScoredSet, answers_of, records_of, scored_set
from simgait.benchmark.scorecard_rows import FALLS, RESIDUAL
from simgait.datasets.detector_mixture import Keypoints
from simgait.datasets.synthetic_trials import Split
from simgait.errors import InputError
from simgait.gait.analyse import analyse_markers
from simgait.learning.config import TrainingConfig
from simgait.skeleton.default import BODY_KEYPOINTS
from simgait.skeleton.kinematics import body_keypoints
from simgait.skeleton.sides import SIDES
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.tracking.inference import AS_LEARNED_ONCE
from simgait.tracking.policies import Policy
from simgait.types import Rollout

FIRST_FRAMES = (45, 0)
"""Scores leave out frames before these: as the paper did, and none at all as simgait does."""
FIRST_WALKER: dict[Split, int] = {"validation": 4000, "test": 0}
"""No walker that was learned from or that chose a checkpoint; the test's are the scorecard's."""
SHORTEST_SCORED = 8  # frames


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


def score_policy(policy: Policy, walks: ScoredWalks) -> dict[int, ScoredSet]:
    """Tracks all walks once, from frame 0, first attempts only; scores by first frame counted.

    A body that falls before the first frame counted has a fall there and nothing else.
    """
    name = policy.config.name
    tracker = policy_tracker(name, policy, name, AS_LEARNED_ONCE)
    answers = answers_of(tracker, walks.cases)
    result = {}
    for first, cases in walks.late.items():
        late = [answer_from(answer, first) for answer in answers]
        result[first] = scored_set(f"from frame {first}", records_of(name, cases, late))
    return result


def answer_from(answer: Answer, first: int) -> Answer:
    """A simulated body's walk from frame `first` on.

    Raises:
        InputError: the tracker simulates no body.
    """
    if isinstance(answer, Refusal):
        return answer
    if answer.rollout is None:
        raise InputError("Only a simulated body can be scored from a later frame on.")
    return estimate_of(rollout_from(answer.rollout, first))


def _sigma(parameter: str, sides: Sequence[str]) -> Callable[[ScoredSet], float]:
    return lambda result: robust_sigma_of(errors_of(result.walks, parameter, sides))


def _rmse(parameter: str, sides: Sequence[str]) -> Callable[[ScoredSet], float]:
    return lambda result: root_mean_square(errors_of(result.walks, parameter, sides))


def _column(key: str) -> Callable[[ScoredSet], float]:
    return lambda result: COLUMNS[key].value(result.walks)


@dataclass(frozen=True)
class Column:
    """One column of the ablation's tables.

    Attributes:
        key: in the CSV and JSON files.
        heading: of the page.
        decimals: on the page; counts have none.
    """

    key: str
    heading: str
    decimals: int


@dataclass(frozen=True)
class TableColumn(Column):
    """A column that says how walks were scored.

    Attributes:
        value: of one row's walks; NaN where nothing was measured.
        of_paper: whether the paper's Table I has it.
    """

    value: Callable[[ScoredSet], float]
    of_paper: bool = True


def _pair(
    parameter: str, key: str, label: str, unit: str, sides: Sequence[str]
) -> list[TableColumn]:
    """σ and RMSE of one parameter."""
    return [
        TableColumn(f"{key}_sigma_{unit}", label, 4, _sigma(parameter, sides)),
        TableColumn(f"{key}_rmse_{unit}", "RMSE", 4, _rmse(parameter, sides)),
    ]


COLUMNS_OF_TABLE: tuple[TableColumn, ...] = (
    *_pair("velocity_mps", "velocity", "σ velocity m/s", "mps", ("both",)),
    *_pair("step_length_m", "step_length", "σ step length m", "m", SIDES),
    *_pair("step_width_m", "step_width", "σ step width m", "m", SIDES),
    TableColumn("hip_rmse_deg", "hip °", 2, _column("hip_rmse_deg")),
    TableColumn("hip_debiased_deg", "debiased", 2, _column("hip_debiased_deg")),
    TableColumn("knee_rmse_deg", "knee °", 2, _column("knee_rmse_deg")),
    TableColumn("knee_debiased_deg", "debiased", 2, _column("knee_debiased_deg")),
    TableColumn("falls_percent", "falls %", 1, lambda r: FALLS.value(r.walks), of_paper=False),
    TableColumn(
        "residual_percent_bw", "residual % BW", 1, lambda r: RESIDUAL.value(r.walks), of_paper=False
    ),
    TableColumn("walks", "walks", 0, lambda r: len(r.walks), of_paper=False),
    TableColumn(
        "walks_with_cycles", "with cycles", 0, lambda r: len(errors_of(r.walks, "velocity_mps")),
        of_paper=False,
    ),
    TableColumn("excluded", "refused", 0, lambda r: len(r.excluded), of_paper=False),
)  # fmt: skip
"""The ten columns of Table I in its order, then what its authors do not print.

Velocity errors are one per walk, step errors one per walk and side, angle errors over all frames
of all walks and both sides.
"""
COLUMNS_OF_TRAINING = (
    Column("validation_score", "validation score", 2),
    Column("best_steps", "best at step", 0),
)
"""Of the checkpoint that was chosen; they stand in a row beside its scores."""
PAPER_COLUMNS = tuple(column for column in COLUMNS_OF_TABLE if column.of_paper)


def table_numbers(result: ScoredSet) -> dict[str, float]:
    """Every column of the ablation's table by key; NaN where nothing was measured."""
    return {column.key: column.value(result) for column in COLUMNS_OF_TABLE}
