"""The walks of bench-v2: synthetic test walkers through every family of detectors, and garbage.

Walkers stand for walking that no real person here shows with a truth: slow, hemiparetic, in
crouch, children. They are made by the code that training walkers are made by, so that what they
tell is never how right simgait is on people.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from simgait.benchmark.cases import Case, CaseSet, Excluded, marker_case
from simgait.benchmark.scorecard_page import BENCH
from simgait.datasets.detector_copies import as_seen_by
from simgait.datasets.preparation import SHORT_WALKS
from simgait.errors import InputError
from simgait.synthetic.detectors.garbage import GARBAGE, root_relative
from simgait.synthetic.detectors.named import DETECTORS
from simgait.synthetic.recording import of_unknown_detector, trial_from_walk
from simgait.synthetic.walkers.specification import PATTERNS, Pattern, draw_walker, walker_seed
from simgait.synthetic.walkers.walk import walk
from simgait.trials.preparation import prepare
from simgait.types import Recording

FIRST = 4000
"""Index of its first walker of the test split, of whom no other set has any."""
N_WALKERS = 40
WALKERS_S = 6.0
"""Chosen: every subgroup of walkers has some, and all families take six minutes of one core."""
BANDS_MPS = ((0.3, 0.6), (0.6, 0.9), (0.9, 1.3), (1.3, 2.0))
"""Speeds of the walkers, in turn: drawn as people walk, the slow and the fast would be few."""
HEMIPARETIC_OF_EIGHT = (0, 1, 2)
"""Of eight walkers so many are hemiparetic, for the asymmetry, none of the fast; the others'
patterns are drawn."""
FIRST_GARBAGE, N_GARBAGE = 50_000, 8
"""One walker of each pattern, through one family after the other."""
RECORDED_HZ = 30.0
SEED = 90_000
"""Chosen: of cameras and of the share of their scale of travel; no other set draws from there."""


@cache
def chosen_walkers(count: int) -> tuple[tuple[int, Pattern | None], ...]:
    """Index in the test split, and pattern (None is drawn), of the bench's first walkers.

    Each is the next one of the split whose speed lies in the band that it is the turn of.
    """
    chosen: list[tuple[int, Pattern | None]] = []
    index = FIRST
    for number in range(count):
        pattern: Pattern | None = "hemiparetic" if number % 8 in HEMIPARETIC_OF_EIGHT else None
        slowest, fastest = BANDS_MPS[number % len(BANDS_MPS)]
        while not slowest <= draw_walker(walker_seed("test", index), pattern).speed_mps < fastest:
            index += 1
        chosen.append((index, pattern))
        index += 1
    return tuple(chosen)


@cache
def exact_walk(index: int, pattern: Pattern | None, duration_s: float) -> Recording:
    """The exact points of a walker of the test split, which training never draws."""
    spec = draw_walker(walker_seed("test", index), pattern)
    return trial_from_walk(walk(spec, duration_s, RECORDED_HZ), monocular=False).recording


def walker_set(
    detector: str,
    count: int = N_WALKERS,
    duration_s: float = WALKERS_S,
) -> CaseSet:
    """The first walkers of the bench as one family sees them.

    Nobody tells simgait which family it was. Labels say "detector", "pattern" and "camera" (of
    which each walker has one; the scales of travel of all are spread evenly).

    Args:
        detector: label of the family.
        count: of walkers.
        duration_s: of each walk.

    Raises:
        InputError: there is no such detector.
    """
    cases: list[Case] = []
    excluded: list[Excluded] = []
    shares = np.random.default_rng([SEED, count]).permutation((np.arange(count) + 0.5) / count)
    for number, (share, walker) in enumerate(zip(shares, chosen_walkers(count), strict=True)):
        whole = exact_walk(*walker, duration_s)
        labels = {"detector": detector, "keypoints": detector, "camera": "0"}
        try:
            seen = _seen(whole, detector, SEED + number, float(share))
            found = _cases(whole, seen, labels | {"pattern": _pattern(whole)})
        except InputError as error:
            if detector not in DETECTORS:
                raise
            excluded.append(Excluded(whole.recording_id, str(error), keypoints=detector))
            continue
        cases += found
    return CaseSet(f"{BENCH}, {detector}", tuple(cases), tuple(excluded))


def garbage_set(count: int = N_GARBAGE, duration_s: float = WALKERS_S) -> CaseSet:
    """Walkers as no person walks, once centred on the body and once with their path.

    Labels say "kind" (of `GARBAGE`), "path" ("root-relative" or "travels"), "detector". What
    preparation refuses is listed.
    """
    cases: list[Case] = []
    excluded: list[Excluded] = []
    for number in range(count):
        whole = exact_walk(FIRST_GARBAGE + number, PATTERNS[number % len(PATTERNS)], duration_s)
        detector = DETECTORS[number % len(DETECTORS)]
        seed = SEED + 1000 + number
        for kind, path, made in _made(whole, detector, seed):
            labels = {"kind": kind, "path": path, "detector": detector}
            try:
                cases += _cases(whole, made, labels)
            except InputError as error:
                excluded.append(Excluded(f"{whole.recording_id}, {kind}, {path}", str(error), path))
    return CaseSet(f"{BENCH}, garbage", tuple(cases), tuple(excluded))


def _made(whole: Recording, detector: str, seed: int) -> Iterator[tuple[str, str, Recording]]:
    seen = _seen(whole, detector, seed, 0.5)
    for number, (kind, make) in enumerate(GARBAGE.items()):
        made = make(seen, np.random.default_rng([seed, number]))
        if np.array_equal(made.keypoints_m, seen.keypoints_m, equal_nan=True):
            continue  # points of the legs alone have no trunk that could lean
        yield kind, "root-relative", root_relative(made)
        yield kind, "travels", made


def _seen(whole: Recording, detector: str, seed: int, share: float) -> Recording:
    assert whole.height_m is not None  # of every walker
    seen = as_seen_by(detector, whole, whole.height_m, seed, travel_share=share)
    return of_unknown_detector(seen)


def _cases(whole: Recording, seen: Recording, labels: dict[str, str]) -> list[Case]:
    found: Sequence[Case] = [
        marker_case(whole, trial, held_out=True)
        for trial in prepare(seen, SHORT_WALKS, height_m=whole.height_m)
    ]
    return [replace(case, labels=case.labels | labels) for case in found]


def _pattern(whole: Recording) -> str:
    return whole.recording_id.rpartition("-")[2]
