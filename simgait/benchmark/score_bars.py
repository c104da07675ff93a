"""How far the scores of tracked walks follow those of their truth, and how fast scores are."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.benchmark.score_release import feature_walkers
from simgait.benchmark.score_strides import ScoredWalk, scored_walks, stacked, walkers
from simgait.gait.score_reference import build_reference, gait_features, published_reference
from simgait.gait.scores import (
    ScoreReference,
    gait_deviation_index,
    gait_profile_score,
    gait_variable_scores,
    overall_profile_score,
)
from simgait.gait.walk_scores import walk_scores
from simgait.synthetic.walkers.specification import PATTERNS
from simgait.tracking.policies import Policy

FIRST_TEST, N_TEST = 2000, 24
"""Test walkers: three of each pattern."""
N_STRIDES = 10_000
"""Chosen: as many as a large laboratory's archive holds."""
GOLDEN_FOLDER = "gdi_reference"


@dataclass(frozen=True)
class Agreement:
    """A score of tracked walks against that of their truth, a value for each side.

    Attributes:
        what: the score and the keypoints.
        n, people: sides, walkers.
        r: Pearson's correlation.
        rmse, bias: in the score's unit; estimate minus truth.
        slope: of the estimate on the truth.
    """

    what: str
    n: int
    people: int
    r: float
    rmse: float
    bias: float
    slope: float


def agreement(what: str, pairs: Sequence[tuple[float, float]], people: int) -> Agreement:
    """Of scores and their estimates.

    Args:
        what: they are.
        pairs: true and estimated score of each side.
        people: who have them.
    """
    a, b = np.array(pairs).T
    slope = float(np.polyfit(a, b, 1)[0])
    error = b - a
    return Agreement(
        what=what,
        n=len(a),
        people=people,
        r=float(np.corrcoef(a, b)[0, 1]),
        rmse=float(np.sqrt(np.mean(error**2))),
        bias=float(error.mean()),
        slope=slope,
    )


def own_reference(
    healthy: Sequence[ScoredWalk], every: Sequence[ScoredWalk], *, tracked: bool
) -> ScoreReference:
    """Of synthetic healthy walkers, as they were tracked or as they truly walked.

    Args:
        healthy: mean and spread are theirs.
        every: healthy and impaired ones, whose strides make the features.
        tracked: which of the two.

    Raises:
        InputError: fewer than ten walkers were tracked.
    """
    curves, people, sides = stacked(healthy, lambda w: w.tracked if tracked else w.true)
    strides, _, _ = stacked(every, lambda w: w.tracked if tracked else w.true)
    told = "tracked" if tracked else "true"
    return build_reference(
        curves, people, sides, gait_features(strides),
        name=f"synthetic, {told}", origin="Synthetic walkers.", pipeline=told,
    )  # fmt: skip


def tracked_against_truth(
    policy: Policy, tell: Callable[[str], None] = lambda _: None
) -> list[Agreement]:
    """GDI and GPS of tracked test walkers against those of their truth, each by its own reference.

    Args:
        policy: that tracks.
        tell: called with a sentence before each part.

    Raises:
        InputError: too few walkers were tracked.
    """
    tell("walkers of the validation split, for the references")
    every = scored_walks(policy, feature_walkers(), tell)
    healthy = [walk for walk in every if walk.pattern == "normal"]
    truth = own_reference(healthy, every, tracked=False)
    own = own_reference(healthy, every, tracked=True)
    patterns = tuple(PATTERNS[i % len(PATTERNS)] for i in range(N_TEST))
    rows = []
    for kind in ("exact", "monocular"):
        tell(f"test walkers, {kind} keypoints")
        found = scored_walks(policy, walkers("test", kind, patterns, first=FIRST_TEST), tell)
        rows += compared(found, truth, own, f"{kind} keypoints")
    return rows


def compared(
    walks: Sequence[ScoredWalk], truth: ScoreReference, own: ScoreReference, what: str
) -> list[Agreement]:
    """GDI and GPS of each side that has strides in both, by the two references.

    Args:
        walks: tracked.
        truth: reference of true walks.
        own: reference of tracked ones.
        what: the walks are.
    """
    gdi: list[tuple[float, float]] = []
    gps: list[tuple[float, float]] = []
    for walk in walks:
        true, found = walk_scores(walk.true, truth), walk_scores(walk.tracked, own)
        for side in true.sides.keys() & found.sides.keys():
            a, b = true.sides[side], found.sides[side]
            gdi.append((float(a.gdi_points.mean()), float(b.gdi_points.mean())))
            gps.append((float(a.gps_deg.mean()), float(b.gps_deg.mean())))
    people = len({walk.person for walk in walks})
    return [
        agreement(f"{name}, {what}", pairs, people)
        for name, pairs in (("GDI (points)", gdi), ("GPS (°)", gps))
    ]


def seconds_of_scores(reference: ScoreReference, count: int = N_STRIDES) -> float:
    """Seconds for GDI, GPS and profile of so many strides of both sides together.

    Args:
        reference: any.
        count: of strides.
    """
    rng = np.random.default_rng(0)
    strides = reference.mean_curves_deg + rng.normal(0.0, 5.0, (count, 9, 51))
    half = count // 2
    before_s = time.perf_counter()
    gait_deviation_index(strides, reference)
    scores = gait_variable_scores(strides, reference.mean_curves_deg)
    gait_profile_score(scores)
    overall_profile_score(scores[:half], scores[half : 2 * half])
    return time.perf_counter() - before_s


def golden_error(data_dir: Path) -> float | None:
    """Largest relative difference from the published worked examples; None where they are absent.

    Args:
        data_dir: of the shared recordings.
    """
    folder = data_dir / GOLDEN_FOLDER
    if not (folder / "golden.json").is_file():
        return None
    with np.load(folder / "gdi_ref.npz", allow_pickle=False) as held:
        table = {name: held[name] for name in held.files}
    golden = json.loads((folder / "golden.json").read_text(encoding="utf-8"))
    reference = published_reference(
        table["features"], table["controls"], name="published", origin="", pipeline=""
    )
    curves = {name: table[key].reshape(9, 51) for name, key in _SUBJECTS.items()}
    gdi = {name: gait_deviation_index(one, reference) for name, one in curves.items()}
    gvs = {
        name: gait_variable_scores(one, reference.mean_curves_deg) for name, one in curves.items()
    }
    known, profile = golden["gdi"], golden["gps"]
    pairs: list[tuple[Float[np.ndarray, "*N"], object]] = [
        (gdi["worked"], known["addendum_worked_subject"]),
        (gait_deviation_index(_strides(table["controls"]), reference), known["controls_all_166"]),
        (gdi["left"], known["calculator_left"]),
        (gdi["right"], known["calculator_right"]),
        (gait_profile_score(gvs["left"]), profile["gps_left"]),
        (gait_profile_score(gvs["right"]), profile["gps_right"]),
        (
            overall_profile_score(gvs["left"], gvs["right"]),
            profile["gps_overall_15_variables_left_pelvis"],
        ),
    ]
    return max(float(np.max(np.abs(found / np.array(wanted) - 1.0))) for found, wanted in pairs)


_SUBJECTS = {"worked": "worked_subject", "left": "calc_left", "right": "calc_right"}


def _strides(vectors: Float[np.ndarray, "459 N"]) -> Float[np.ndarray, "N 9 51"]:
    return np.ascontiguousarray(vectors.T).reshape(-1, 9, 51)
