"""Walks that intervals are made from and judged by: synthetic and real people through detectors.

Nobody stands on both sides: intervals are fitted to synthetic walkers of the validation split and
to the real people who may be learned from, and judged by people whom nothing was trained on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from simgait.benchmark.cases import Case, marker_case
from simgait.benchmark.gate_cases import hips_way_m, marker_walks
from simgait.datasets.detector_copies import as_seen_by, at_video_rate
from simgait.datasets.preparation import SHORT_WALKS
from simgait.datasets.restyled_walks import restyled_walker
from simgait.errors import InputError
from simgait.synthetic.detectors.named import DETECTORS
from simgait.synthetic.recording import of_unknown_detector, trial_from_walk
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.synthetic.walkers.walk import walk
from simgait.trials.preparation import prepare
from simgait.types import Recording

MARKERS = "markers"
"""What exact points were seen through."""
WALKERS = "synthetic walkers"
SHORTEST_S, LONGEST_S = 4.0, 9.0
"""Chosen: from two strides of a slow walker to more than the benchmark's 8 s."""
RECORDED_HZ = 30.0
"""As most cameras film."""
SEED = 60_000
"""Chosen: of lengths, cameras and distances; the walkers have seeds of their own."""
Person = tuple[Recording, float]
"""An exact walk and the height (m) of who walks."""


@dataclass(frozen=True)
class Offered:
    """A walk to be tracked.

    Attributes:
        case: the walk and its truth.
        through: the detector that saw it, or `MARKERS`.
        distance_said: simgait is told how far the person walked.
    """

    case: Case
    through: str
    distance_said: bool = False


def validation_walkers(count: int) -> Iterator[Person]:
    """Synthetic walkers of the validation split; every other one is restyled."""
    for index in range(count):
        rng = np.random.default_rng([SEED, index])
        duration_s = float(rng.uniform(SHORTEST_S, LONGEST_S))
        try:
            if index % 2:
                made = restyled_walker("validation", index, duration_s)
            else:
                spec = draw_walker(walker_seed("validation", index))
                truth = walk(spec, duration_s, RECORDED_HZ)
                made = trial_from_walk(truth, monocular=False).recording
        except InputError:
            continue
        assert made.height_m is not None  # of every walker
        yield made, made.height_m


def real_people(data_dir: Path, *, unseen: bool) -> Iterator[Person]:
    """Marker walks of real people whom nothing was trained on, or of the others."""
    return marker_walks(data_dir, unseen=unseen)


def offered(person: Person, number: int, cameras: int) -> Iterator[Offered]:
    """A walk as markers, through every detector, and through one with its distance said.

    A detector is not named to simgait, as nobody names it in a real file. What preparation refuses
    is left out: it gets no number.

    Args:
        person: an exact walk.
        number: of the walk, which sets its cameras.
        cameras: of every detector, whose scales of travel are spread evenly.
    """
    whole, height_m = person
    rng = np.random.default_rng([SEED, number, 1])
    yield from _prepared(whole, whole, height_m, MARKERS)
    for camera in range(cameras):
        shares = (camera + rng.uniform(size=len(DETECTORS))) / cameras
        for detector, share in zip(DETECTORS, shares, strict=True):
            seen = _seen(detector, whole, height_m, SEED + cameras * number + camera, share)
            if seen is not None:
                yield from _prepared(seen, whole, height_m, detector)
    detector = DETECTORS[number % len(DETECTORS)]
    seen = _seen(detector, whole, height_m, SEED + 7919 * (number + 1), rng.uniform())
    if seen is not None and seen.pelvis_travels:
        told = replace(seen, distance_m=float(np.linalg.norm(hips_way_m(at_video_rate(whole)))))
        yield from _prepared(told, whole, height_m, detector, distance_said=True)


def _seen(
    detector: str, whole: Recording, height_m: float, seed: int, share: float
) -> Recording | None:
    try:
        seen = as_seen_by(detector, whole, height_m, seed, travel_share=float(share))
    except InputError:
        return None
    return of_unknown_detector(seen)


def _prepared(
    seen: Recording,
    whole: Recording,
    height_m: float,
    through: str,
    *,
    distance_said: bool = False,
) -> Iterator[Offered]:
    try:
        trials = prepare(seen, SHORT_WALKS, height_m=height_m)
        cases = [marker_case(whole, trial) for trial in trials]
    except InputError:
        return
    for case in cases:
        yield Offered(case, through, distance_said)
