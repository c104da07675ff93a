"""What is kept of a tracked walk to make intervals, or to judge them: errors and conditions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from simgait.benchmark.interval_walks import Offered, Person, offered
from simgait.benchmark.policy_tracker import TrackedWalk, policy_tracker
from simgait.benchmark.score_walks import answers_of
from simgait.benchmark.walk_record import record_walk
from simgait.certainty.conditions import conditions_of
from simgait.files import make_output_folder, write_text
from simgait.gait.joint_measures import RANGED_CURVES
from simgait.provenance import code_sha256
from simgait.text_files import parse_json
from simgait.tracking.policies import Policy
from simgait.trials.quality import assess

TOGETHER = 8
"""Walks of people that are tracked together and kept in one file, each through every detector."""
THIN = 5
"""Of the 101 points of a curve every fifth is kept."""


@dataclass(frozen=True)
class Kept:
    """One tracked walk.

    Attributes:
        person: who walked; nobody is on both sides of a split.
        people: the set of people.
        through: the detector, or markers.
        distance_said: simgait was told how far the person walked.
        conditions: see `certainty.conditions`.
        numbers: parameter -> pool -> (true, estimated, values behind it); NaN unknown.
        curves_deg: curve -> side -> (estimate less truth of its mean at every fifth percent).
        ranges_deg: curve -> side -> (estimate less truth of its range of motion), of those told.
        cycles: side -> full cycles.
        events_ms: kind -> errors.
    """

    person: str
    people: str
    through: str
    distance_said: bool
    conditions: Mapping[str, float]
    numbers: Mapping[str, Mapping[str, tuple[float, float, int]]]
    curves_deg: Mapping[str, Mapping[str, Sequence[float]]]
    ranges_deg: Mapping[str, Mapping[str, float]]
    cycles: Mapping[str, int]
    events_ms: Mapping[str, Sequence[float]]


def kept_records(
    folder: Path,
    name: str,
    people: Iterable[Person],
    policy: Policy,
    *,
    cameras: int,
    tell: Callable[[str], None] = lambda _: None,
) -> list[Kept]:
    """Tracks walks part by part and keeps what came out; parts that are kept are not made again.

    What other walks, another policy or other code of simgait left in the folder is made again.

    Args:
        folder: of the parts; made if it does not exist.
        name: of the set of people.
        people: their exact walks.
        policy: that tracks.
        cameras: of every detector.
        tell: called with a sentence before each part.

    Raises:
        InputError: the folder cannot be written to.
    """
    make_output_folder(folder)
    found: list[Kept] = []
    walks, number = iter(people), 0
    while part := list(islice(walks, TOGETHER)):
        path = folder / f"{name.replace(' ', '-')}-{number:04d}.json"
        facts = {
            "policy": policy.sha256,
            "code": code_sha256(),
            "cameras": cameras,
            "walks": [_mark(w) for w in part],
        }
        records = _read(path, facts)
        if records is None:
            tell(f"{name}: walks {number + 1} to {number + len(part)}")
            shown = [
                one for i, person in enumerate(part) for one in offered(person, number + i, cameras)
            ]
            records = tracked_records(policy, name, shown)
            text = {"facts": facts, "records": [asdict(record) for record in records]}
            write_text(path, json.dumps(text))
        found += records
        number += len(part)
    return found


def _mark(person: Person) -> str:
    recording, height_m = person
    return f"{recording.subject_id} {recording.recording_id} {len(recording.time_s)} {height_m:.3f}"


def _read(path: Path, facts: Mapping[str, Any]) -> list[Kept] | None:
    """A part; None where it is not there or was made of something else."""
    if not path.exists():
        return None
    held = parse_json(path.read_text(encoding="utf-8"), path.name)
    if held["facts"] != facts:
        return None
    return [Kept(**one | {"numbers": _numbers(one["numbers"])}) for one in held["records"]]


def _numbers(held: Mapping[str, Any]) -> dict[str, dict[str, tuple[float, float, int]]]:
    """What JSON holds as lists."""
    return {
        name: {pool: (true, estimated, n) for pool, (true, estimated, n) in pools.items()}
        for name, pools in held.items()
    }


def tracked_records(policy: Policy, people: str, shown: Sequence[Offered]) -> list[Kept]:
    """Tracks walks together; those that the body refuses or falls in are left out."""
    tracker = policy_tracker("simgait", policy, policy.config.name)
    answers = answers_of(tracker, [one.case for one in shown])
    return [
        _kept(people, one, answer)
        for one, answer in zip(shown, answers, strict=True)
        if isinstance(answer, TrackedWalk) and not answer.tracked.rollout.fell
    ]


def _kept(people: str, one: Offered, answer: TrackedWalk) -> Kept:
    case, gait = one.case, answer.gait
    record, quality = record_walk(case, "simgait", answer), assess(case.trial)
    curves: dict[str, dict[str, list[float]]] = {}
    for name, (true_deg, found_deg) in record.curves_deg.items():
        side, _, key = name.partition("_")
        curves.setdefault(key, {})[side] = np.round((found_deg - true_deg)[::THIN], 3).tolist()
    ranges: dict[str, dict[str, float]] = {}
    for name, (true, found) in record.ranges_deg.items():
        side, _, key = name.partition("_")
        if key in RANGED_CURVES and np.isfinite(found - true):
            ranges.setdefault(key, {})[side] = round(found - true, 3)
    return Kept(
        person=case.trial.subject_id,
        people=people,
        through=one.through,
        distance_said=one.distance_said,
        conditions=asdict(
            conditions_of(case.trial, quality.metrics, gait, answer.tracked.fitted.fit_error_m)
        ),
        numbers={
            key: {pool: (*record.means(key, pool), pools[pool].n) for pool in pools}
            for key, pools in gait.parameters.items()
        },
        curves_deg=curves,
        ranges_deg=ranges,
        cycles={side: sum(c.side == side for c in gait.cycles) for side in ("left", "right")},
        events_ms={kind: score.errors_ms for kind, score in record.events.items()},
    )
