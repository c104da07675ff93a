"""What one camera's detector makes of paths, by walks whose true speed is known.

The factor is the same for all who walk before a camera and detector, but for what each person's
build does to the size of his points. So people count, not walks, and how good the factor is for
somebody else shows where each person in turn has it from the others.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from simgait.errors import InputError
from simgait.limits import TRAVEL_FACTOR
from simgait.trials.preparation import PreparationConfig, prepare
from simgait.trials.speed_witnesses import witnesses_of_path
from simgait.trials.travel_scale import DENIED_SDS
from simgait.trials.visit import WITHIN_CAMERA_SPREAD, factor_of_camera
from simgait.types import Recording, Trial

LEAST_PEOPLE, LEAST_WALKS = 3, 4
"""Chosen: a detector's factors differ by 7 % (SD), so that three people know it within 4 %."""
SPEEDS_APART_MPS = 0.1
"""SD of true speeds below which they tell no slope: chosen, a tenth of usual walking speed."""
ALONG = 0.9
"""Cosine of the angle between a way and the line of sight, from which on it is a way in depth."""


@dataclass(frozen=True)
class KnownWalk:
    """One walk of known speed.

    Attributes:
        name: of the recording.
        person: code of who walks.
        read_mps: speed of the path as recorded, scaled to the height.
        true_mps: as it was measured.
        expected, spread: what is known of detectors says of such a walk without the truth: its
            factor, and SD of its logarithm.
        seen_along: cosine between way and line of sight; NaN unknown.
    """

    name: str
    person: str
    read_mps: float
    true_mps: float
    expected: float
    spread: float
    seen_along: float

    @property
    def factor(self) -> float:
        """What its path is to be multiplied by."""
        return self.true_mps / self.read_mps


@dataclass(frozen=True)
class CameraFactor:
    """What the paths of one camera and detector are multiplied by.

    Attributes:
        factor: for `--travel-factor`.
        sd: of the factor of another person's walk.
        n_people, n_walks: it was made of.
        slope: of the speeds read, so multiplied, on the true ones; NaN where these are alike.
        slope_se: its standard error.
        slowest_mps, fastest_mps: of the true speeds.
        others_bias_mps, others_rmse_mps: errors of each person's speeds by the factor of the
            others; others_rmse_percent of their own speed.
        others_expected_rmse_mps: the same by what is known of detectors, without any truth.
    """

    factor: float
    sd: float
    n_people: int
    n_walks: int
    slope: float
    slope_se: float
    slowest_mps: float
    fastest_mps: float
    others_bias_mps: float
    others_rmse_mps: float
    others_rmse_percent: float
    others_expected_rmse_mps: float


def known_walk(
    recording: Recording,
    person: str,
    true_mps: float | None = None,
    config: PreparationConfig | None = None,
) -> KnownWalk:
    """A walk with its path as recorded, beside its true speed.

    Args:
        recording: with the distance walked, if the speed is not given.
        person: code of who walks.
        true_mps: speed over ground of the straight walking in it.
        config: of the preparation.

    Raises:
        InputError: nothing straight is walked, there is no path of a detector, or speed and path
            cannot belong together.
    """
    where, facts = recording.recording_id, recording.detector_facts
    bare = replace(
        recording, distance_m=None, travel_factor=None,
        detector_facts=None if facts is None else replace(facts, travel=None),
    )  # fmt: skip
    trials = prepare(bare, config)
    if any(not trial.pelvis_path_mask.any() or trial.scale_is_metric for trial in trials):
        raise InputError(
            f"{where}: holds no path that a detector guessed (it is measured, on a belt, or "
            "centred on the body), so that no factor of it can be told; take it out."
        )
    read = [_path_speed_mps(trial) for trial in trials]
    weights = [trial.n_frames for trial in trials]
    read_mps = float(np.average(read, weights=weights))
    if true_mps is None:
        if recording.distance_m is None:
            raise InputError(f"{where}: neither its speed nor the distance walked is known.")
        (first, *_) = prepare(replace(bare, distance_m=recording.distance_m), config)
        true_mps = first.travel_factor * read_mps
    if true_mps / read_mps not in TRAVEL_FACTOR:
        raise InputError(
            f"{where}: {true_mps:.2f} m/s are given for a walk that reads {read_mps:.2f} m/s; "
            "check the speed or distance, in metres, and the height."
        )
    by_detector = [t for t in trials if t.path_basis == "detector"] or trials
    along = [witnesses_of_path(trial).seen_along for trial in trials]
    return KnownWalk(
        where, person, read_mps, true_mps,
        float(np.median([trial.travel_factor for trial in by_detector])),
        float(np.median([trial.travel_spread for trial in by_detector])),
        float(np.median(along)),
    )  # fmt: skip


def _path_speed_mps(trial: Trial) -> float:
    """Of the path as recorded, scaled to the height, along the way."""
    seen = trial.pelvis_path_mask
    return abs(float(np.polyfit(trial.time_s[seen], trial.pelvis_path_m[seen, 0], 1)[0]))


def camera_factor(walks: Sequence[KnownWalk]) -> CameraFactor:
    """What the paths of these walks' camera and detector are multiplied by.

    Raises:
        InputError: there are too few people or walks.
    """
    people = sorted({walk.person for walk in walks})
    if len(people) < LEAST_PEOPLE or len(walks) < LEAST_WALKS:
        raise InputError(
            f"A travel factor needs at least {LEAST_WALKS} walks of {LEAST_PEOPLE} people, and "
            f"there are {len(walks)} of {len(people)}: of fewer nothing tells the camera from who "
            "walks; add walks, or give each one's own distance (--distance)."
        )
    own = {person: _of_person(walks, person) for person in people}
    factor, spread = _of(walks, list(own.values()))
    between = float(np.std(np.log(list(own.values())), ddof=1))
    # What these people show, but no less than is known of one person's walks before one camera.
    sd = factor * max(between * math.sqrt(1.0 + 1.0 / len(own)), spread)
    true = np.array([walk.true_mps for walk in walks])
    read = np.array([walk.read_mps for walk in walks])
    by_others = {person: _of_others(walks, own, person) for person in people}
    off = np.array([by_others[walk.person] for walk in walks]) * read - true
    before = np.array([walk.expected for walk in walks]) * read - true
    slope, slope_se = _slope(true, factor * read)
    return CameraFactor(
        factor, sd, len(people), len(walks), slope, slope_se, float(true.min()), float(true.max()),
        others_bias_mps=float(off.mean()), others_rmse_mps=_rms(off),
        others_rmse_percent=100.0 * _rms(off / true), others_expected_rmse_mps=_rms(before),
    )  # fmt: skip


def _of_others(walks: Sequence[KnownWalk], own: Mapping[str, float], person: str) -> float:
    """Factor of a camera by all people but one."""
    others = [factor for name, factor in own.items() if name != person]
    return _of([walk for walk in walks if walk.person != person], others)[0]


def _of(walks: Sequence[KnownWalk], own: Sequence[float]) -> tuple[float, float]:
    """Factor of a camera by each person's `own`, as a visit's is; SD of its logarithm.

    Where they deny what is known of detectors (a wrong lens), that says nothing about their camera.
    """
    expected = float(np.median([walk.expected for walk in walks]))
    spread = float(np.median([walk.spread for walk in walks]))
    mean = float(np.mean(np.log(own)))
    if abs(mean - math.log(expected)) > DENIED_SDS * spread:
        return math.exp(mean), WITHIN_CAMERA_SPREAD * math.sqrt(1.0 + 1.0 / len(own))
    return factor_of_camera(expected, spread, own)


def _of_person(walks: Sequence[KnownWalk], person: str) -> float:
    """Geometric mean of one person's factors."""
    return math.exp(float(np.mean([math.log(w.factor) for w in walks if w.person == person])))


def _slope(true: np.ndarray, found: np.ndarray) -> tuple[float, float]:
    """Of least squares, found on true, and its standard error; NaN where the true are alike."""
    if len(true) < 3 or float(np.std(true, ddof=1)) < SPEEDS_APART_MPS:
        return math.nan, math.nan
    fit = stats.linregress(true, found)
    return float(fit.slope), float(fit.stderr)


def _rms(values: np.ndarray) -> float:
    return math.sqrt(float(np.mean(values**2)))
