"""From a policy to the healthy people that its walks are scored against."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from simgait.benchmark.cases import Case
from simgait.benchmark.score_strides import (
    IMPAIRED,
    scored_walks,
    stacked,
    training_people,
    walkers,
)
from simgait.files import make_output_folder
from simgait.gait.known_scores import FILE, pipeline_of_policy
from simgait.gait.score_reference import build_reference, gait_features
from simgait.gait.score_reference_file import write_reference
from simgait.gait.scores import ScoreReference
from simgait.synthetic.walkers.specification import Pattern
from simgait.tracking.policies import Policy

FIRST_HEALTHY, FIRST_IMPAIRED = 2000, 2100
"""Of the validation split, beyond those that intervals and checkpoints were judged by."""
N_HEALTHY, N_OF_PATTERN = 40, 4
"""Chosen: 40 healthy ones and four of each impairment, so that features are of both."""


def feature_walkers() -> Iterator[Case]:
    """The walkers that gait features are made of: healthy ones, and some of each impairment."""
    healthy: tuple[Pattern, ...] = ("normal",)
    yield from walkers("validation", "exact", healthy * N_HEALTHY, first=FIRST_HEALTHY)
    yield from walkers("validation", "exact", IMPAIRED * N_OF_PATTERN, first=FIRST_IMPAIRED)


def make_reference(
    policy: Policy, data_dir: Path, out: Path, tell: Callable[[str], None] = lambda _: None
) -> ScoreReference:
    """Writes a policy's healthy people into a folder, as means over all of them.

    Synthetic healthy walkers differ too little from each other: against them real healthy people
    score 76 (docs/how-to/scores.md). So mean and spread are those of real healthy people who may be
    learned from, tracked from their markers; the gait features, directions in which walks
    differ, are those of synthetic walkers, healthy and impaired.

    Args:
        policy: that tracks.
        data_dir: of the real marker recordings.
        out: folder; the file appears in it.
        tell: called with a sentence before each part.

    Raises:
        InputError: the folder cannot be written to, or there are too few people.
    """
    tell("synthetic walkers, healthy and impaired")
    walks = scored_walks(policy, feature_walkers(), tell)
    strides, _, _ = stacked(walks, lambda walk: walk.tracked)
    tell("real healthy people")
    people = scored_walks(policy, training_people(data_dir), tell)
    curves, who, sides = stacked(people, lambda walk: walk.tracked)
    count = len(set(who))
    reference = build_reference(
        curves,
        who,
        sides,
        gait_features(strides),
        name=f"simgait's {count} healthy people",
        origin=(
            f"{count} healthy adults and children of the CMU motion capture database and the "
            "McGill Motion Lab sample study, tracked by the policy from their markers; gait "
            "features of synthetic walkers."
        ),
        pipeline=pipeline_of_policy(policy.sha256),
    )
    make_output_folder(out)
    write_reference(out / FILE, reference)
    return reference
