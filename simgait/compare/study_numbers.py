"""Numbers of a whole study: how they spread, which lie apart, how well repeats agree."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from simgait.compare.study_groups import NOT_SAID, Group

OUTLYING = 3.5
"""Of the distance from the median in robust SDs (Iglewicz & Hoaglin 1993, How to Detect and Handle
Outliers)."""
MAD_TO_SD = 1.4826
"""SD of a normal distribution over its median absolute deviation."""
LEAST_WALKS = 10
"""A choice: of fewer nobody knows what is usual."""
NAN = float("nan")


@dataclass(frozen=True)
class StudyWalk:
    """A walk, or a recording that gave none.

    Attributes:
        trial, person, visit, condition: codes of the manifest.
        number: of the walk in its recording; 0 of a recording that gave none.
        outcome: "done", "not usable" or "failed"; reason: why.
        report: page of the walk, "" for none.
        values: column -> number that may be used, in its stored unit.
        labels: further column that walks may be divided by -> the walk's group in it.
    """

    trial: str
    person: str
    visit: str
    condition: str
    number: int
    outcome: str
    reason: str = ""
    report: str = ""
    values: Mapping[str, float] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    def group(self, by: Sequence[str] = ()) -> Group:
        """Whom it is averaged with, where walks are divided by these columns too."""
        labels = tuple(self.labels.get(column, NOT_SAID) for column in by)
        return Group(self.visit, self.condition, labels)


@dataclass(frozen=True)
class Outlier:
    """A walk's number that lies apart; `robust_sds` from the median of all."""

    walk: StudyWalk
    value: float
    robust_sds: float


@dataclass(frozen=True)
class Repeats:
    """How walks of one person, visit and condition differ.

    Attributes:
        sd: within, pooled; NaN without repeats.
        groups: with two walks or more; walks: in these.
    """

    sd: float
    groups: int
    walks: int


@dataclass(frozen=True)
class Subgroup:
    """One group: mean and SD over people, of each the mean of the walks in this group."""

    group: Group
    people: int
    walks: int
    mean: float
    sd: float


def values_of(walks: Sequence[StudyWalk], column: str) -> dict[int, float]:
    """Place of a walk -> its number, of the walks that have one."""
    return {
        place: walk.values[column]
        for place, walk in enumerate(walks)
        if math.isfinite(walk.values.get(column, NAN))
    }


def outliers(walks: Sequence[StudyWalk], column: str) -> list[Outlier]:
    """Walks whose number lies apart from all others, the farthest first."""
    found = values_of(walks, column)
    values = np.array(list(found.values()))
    if len(values) < LEAST_WALKS:
        return []
    middle = float(np.median(values))
    spread = MAD_TO_SD * float(np.median(np.abs(values - middle)))
    if spread == 0.0:
        return []
    apart = [
        Outlier(walks[place], value, (value - middle) / spread) for place, value in found.items()
    ]
    return sorted(
        (one for one in apart if abs(one.robust_sds) > OUTLYING),
        key=lambda one: -abs(one.robust_sds),
    )


def repeats(walks: Sequence[StudyWalk], column: str) -> Repeats:
    """The SD within a person, visit and condition."""
    groups: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for place, value in values_of(walks, column).items():
        walk = walks[place]
        groups[walk.person, walk.visit, walk.condition].append(value)
    several = [np.array(own) for own in groups.values() if len(own) > 1]
    freedom = sum(len(own) - 1 for own in several)
    squares = sum(float(((own - own.mean()) ** 2).sum()) for own in several)
    sd = math.sqrt(squares / freedom) if freedom else NAN
    return Repeats(sd, len(several), sum(map(len, several)))


def subgroups(walks: Sequence[StudyWalk], column: str, by: Sequence[str] = ()) -> list[Subgroup]:
    """Each visit, condition and group of `by`, in this order; everybody counts once in each."""
    people: dict[Group, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for place, value in values_of(walks, column).items():
        people[walks[place].group(by)][walks[place].person].append(value)
    found = []
    for group in sorted(people, key=lambda one: one.order):
        own = people[group]
        means = np.array([np.mean(values) for values in own.values()])
        sd = float(means.std(ddof=1)) if len(means) > 1 else NAN
        n_walks = sum(map(len, own.values()))
        found.append(Subgroup(group, len(means), n_walks, float(means.mean()), sd))
    return found


@dataclass(frozen=True)
class LeftOut:
    """Recordings that are out for one reason; `trials` are their codes, in the manifest's order."""

    outcome: str
    reason: str
    trials: tuple[str, ...]


@dataclass(frozen=True)
class Flow:
    """How many are in and out.

    Attributes:
        recordings, people: in the manifest.
        outcomes: outcome -> recordings.
        walks, people_in: with a number that may be used.
        left_out: who is out and why, the most frequent reason first.
    """

    recordings: int
    people: int
    outcomes: Mapping[str, int]
    walks: int
    people_in: int
    left_out: tuple[LeftOut, ...]


def flow(walks: Sequence[StudyWalk], outcomes: Sequence[str]) -> Flow:
    """Who is in, who is out, and why; `outcomes` from the best to the worst, the first is in."""
    best: dict[str, StudyWalk] = {}
    for walk in walks:
        before = best.setdefault(walk.trial, walk)
        if outcomes.index(walk.outcome) < outcomes.index(before.outcome):
            best[walk.trial] = walk
    counts = Counter(walk.outcome for walk in best.values())
    out: dict[tuple[str, str], list[str]] = defaultdict(list)
    for walk in best.values():
        if walk.outcome != outcomes[0]:
            out[walk.outcome, _without_names(walk)].append(walk.trial)
    left_out = [LeftOut(*reason, tuple(trials)) for reason, trials in out.items()]
    used = [walk for walk in walks if walk.outcome == outcomes[0]]
    return Flow(
        recordings=len(best),
        # A line whose person was refused as a name has no code, and is nobody more.
        people=len({walk.person for walk in best.values() if walk.person}),
        outcomes={outcome: counts[outcome] for outcome in outcomes},
        walks=len(used),
        people_in=len({walk.person for walk in used}),
        left_out=tuple(sorted(left_out, key=lambda one: -len(one.trials))),
    )


def _without_names(walk: StudyWalk) -> str:
    """The reason without the name of the file, so that like ones are counted together."""
    name, colon, rest = walk.reason.partition(": ")
    return rest if colon and " " not in name else walk.reason
