"""simgait-bench-v1: the walks on which trackers are compared, all of held-out people.

Synthetic test walkers of eight patterns and the real test subjects, each with exact keypoints and
through monocular-v1 at three camera distances, walking towards the camera and away from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

from simgait.benchmark.cases import (
    Case,
    CaseSet,
    Excluded,
    files_of_test_subjects,
    marker_case,
    synthetic_case,
)
from simgait.datasets.monocular_copies import as_monocular, fully_seen_span
from simgait.datasets.preparation import SHORT_WALKS
from simgait.datasets.splits import SplitError, is_test_subject
from simgait.errors import InputError
from simgait.recordings.read import read_recording
from simgait.synthetic.detectors.monocular_v1 import DISTANCES, Distance, View
from simgait.synthetic.walkers.specification import Pattern
from simgait.trials.preparation import prepare
from simgait.types import Recording

BENCH_VERSION = "simgait-bench-v1"
PATTERNS: tuple[Pattern, ...] = get_args(Pattern)
VIEWS: tuple[View, ...] = ("ahead", "behind")
REAL_COLLECTIONS = ("mcgill_c3d", "cmu_asfamc", "c3d_mixed")
FIRST_WALKER = 10_000
"""Beyond the walkers of the scorecard, so that nothing was chosen by looking at these."""
WALKERS_APART = 100
"""Numbers between the first walkers of two patterns, so that every pattern has its own people."""
WALKERS_PER_PATTERN = 6
WALK_S = 8.0
REAL_SEED = 20_000
"""Chosen: 6 walkers of 8 patterns in 7 conditions are 336 walks, tracked in minutes; 8 s are five
strides and more of a slow walker; the cameras' seeds begin where no other set's do."""


@dataclass(frozen=True)
class Condition:
    """How keypoints come about: exact, or through monocular-v1 from one camera place."""

    view: View | None = None
    distance: Distance | None = None

    @property
    def name(self) -> str:
        """Of the condition: exact, or view and distance."""
        return "exact" if self.view is None else f"{self.view}, {self.distance}"

    @property
    def keypoints(self) -> str:
        """Kind of keypoints, of all camera places alike."""
        return "exact" if self.view is None else "monocular-v1"


CONDITIONS: tuple[Condition, ...] = (
    Condition(),
    *(Condition(view, distance) for view in VIEWS for distance in DISTANCES),
)


def synthetic_bench(
    walkers_per_pattern: int = WALKERS_PER_PATTERN, conditions: Sequence[Condition] = CONDITIONS
) -> CaseSet:
    """Part (a): every pattern, every condition, the same walkers in all conditions."""
    cases: list[Case] = []
    excluded: list[Excluded] = []
    for number, pattern in enumerate(PATTERNS):
        for i in range(walkers_per_pattern):
            index = FIRST_WALKER + WALKERS_APART * number + i
            for condition in conditions:
                name = f"bench walker {index} {pattern}, {condition.name}"
                try:
                    case = synthetic_case(
                        index,
                        "exact" if condition.view is None else "monocular",
                        WALK_S,
                        pattern=pattern,
                        view=condition.view,
                        distance=condition.distance,
                    )
                except InputError as error:
                    excluded.append(Excluded(name, str(error), "synthetic", condition.keypoints))
                    continue
                cases.append(_labelled(case, condition, "synthetic"))
    return CaseSet("synthetic", tuple(cases), tuple(excluded))


def real_bench(
    data_dir: Path,
    collections: Sequence[str] = REAL_COLLECTIONS,
    conditions: Sequence[Condition] = CONDITIONS,
) -> CaseSet:
    """Part (b): the real test subjects, keypoints from their markers.

    Raises:
        InputError: a folder of the shared data is absent.
    """
    cases: list[Case] = []
    excluded: list[Excluded] = []
    for number, (path, collection, subject) in enumerate(
        files_of_test_subjects(data_dir, collections)
    ):
        try:
            recording = replace(read_recording(path), subject_id=f"{collection}-{subject}")
            whole = fully_seen_span(recording)
            height_m = recording.height_m or prepare(recording, SHORT_WALKS)[0].height_m
        except InputError as error:
            excluded.append(Excluded(path.name, str(error), collection))
            continue
        for condition in conditions:
            try:
                for case in _real_cases(whole, condition, height_m, REAL_SEED + number):
                    known = replace(case, held_out=is_test_subject(collection, subject))
                    cases.append(_labelled(known, condition, collection))
            except InputError as error:
                name = f"{path.name}, {condition.name}"
                excluded.append(Excluded(name, str(error), collection, condition.keypoints))
    return CaseSet("real", tuple(cases), tuple(excluded))


def _real_cases(
    whole: Recording, condition: Condition, height_m: float, seed: int
) -> Iterator[Case]:
    seen = whole
    if condition.view is not None:
        seen = as_monocular(
            whole, seed, legs_only=False, view=condition.view, distance=condition.distance
        )
    for trial in prepare(seen, SHORT_WALKS, height_m=height_m):
        yield marker_case(whole, trial)


def _labelled(case: Case, condition: Condition, source: str) -> Case:
    labels = {"condition": condition.name, "keypoints": condition.keypoints, "source": source}
    return replace(case, labels=case.labels | labels)


def refuse_known_people(cases: Sequence[Case]) -> None:
    """Raises SplitError where somebody of the benchmark may have been trained on.

    Who may be trained on is fixed by name and split (`datasets.splits`, `walker_seed`), not by
    what a model card says.
    """
    for case in cases:
        if not case.held_out:
            raise SplitError(
                f"{case.trial.subject_id} is not a test subject: trackers may have learned from "
                "this person, and errors on them say nothing; leave them out."
            )
