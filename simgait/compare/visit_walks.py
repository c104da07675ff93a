"""What the reports of a visit's walks say, as values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from simgait.recordings.person_facts import NOBODY, PersonFacts

Pooled = tuple[str, str]
"""A parameter's key, and whose: left, right or both."""
Curves = Mapping[str, tuple[Float[np.ndarray, " 101"], float]]
"""Name ("left_knee_flexion") -> mean over the cycles (deg), half of its 90 % interval."""


@dataclass(frozen=True)
class KnownNorm:
    """Where healthy people lie, in the stored unit, who they are, and where that is written."""

    low: float
    high: float
    whose: str
    source: str = ""


@dataclass(frozen=True)
class NumberFacts:
    """What a report says of a number beside its value.

    Attributes:
        level: "use", "rough" or "single"; "" unknown.
        n: values behind it; 0 unknown.
        reference: healthy people whom a score was made with, "" of all other numbers.
    """

    level: str = ""
    n: int = 0
    reference: str = ""


@dataclass(frozen=True)
class WalkFacts:
    """What is known of a walk beside its numbers.

    Attributes:
        recorded_on: date, "" where the file does not say it.
        height_m: of the person; NaN unknown.
        said: of the person, where the walk was tracked.
        tracked_with: SHA-256 of the recordings of the visit in whose light it was tracked.
        verdict: "use_all", "use_some" or "use_none"; "" unknown.
        findings: code and sentence of each, the gravest first.
    """

    recorded_on: str = ""
    height_m: float = float("nan")
    said: PersonFacts = NOBODY
    tracked_with: tuple[str, ...] = ()
    verdict: str = ""
    findings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class LeftOut:
    """A recording of the folder that gave no walk: its name, what it is called ("failed"), why."""

    name: str
    verdict: str
    why: str


@dataclass(frozen=True)
class JointPeak:
    """A joint peak or range of a walk: mean, half of its 90 % interval (deg; NaN unknown)."""

    mean_deg: float
    half_width_deg: float
    may_be_used: bool


@dataclass(frozen=True)
class WalkNumbers:
    """What the report of one walk says.

    Attributes:
        folder: of its results.
        numbers: what may be used -> mean and half of its 90 % interval (NaN unknown), stored units.
        denied: what was measured and may not be used.
        curves: those that may be used.
        norms: parameter -> range that its numbers are compared with.
        facts: of the numbers that may be used.
        no_norms: parameter -> why its numbers are compared with nobody, where a reason is known.
        about: the walk.
        without_zero: curves that have an unknown zero and may be used where it cancels, with the
            half-width that is left then.
        peaks: joint measures of every curve, whether they may be used or not; none of walks that
            an older simgait tracked.
    """

    folder: str
    numbers: Mapping[Pooled, tuple[float, float]]
    denied: frozenset[Pooled]
    curves: Curves
    norms: Mapping[str, KnownNorm] = field(default_factory=dict)
    facts: Mapping[Pooled, NumberFacts] = field(default_factory=dict)
    no_norms: Mapping[str, str] = field(default_factory=dict)
    about: WalkFacts = WalkFacts()
    without_zero: Curves = field(default_factory=dict)
    peaks: Mapping[Pooled, JointPeak] = field(default_factory=dict)


@dataclass(frozen=True)
class VisitWalks:
    """The walks of one person on one day.

    Attributes:
        name: of the folder, for sentences on the screen; pages do not show it.
        person: code of who walked; "" where nobody said it.
        recorded_on: date, "" where the files do not say it or differ.
        recordings: SHA-256 of the files that they are from.
        policy_sha256: of the policy that tracked them.
        code_sha256: of simgait then.
        reference_sha256: of the user's healthy people of their scores; "" of the policy's own.
        height_m: of the person; NaN where the walks differ.
        height_is_stated: somebody gave it for every walk; else legs told it.
        is_rescaled: some walk's positions were scaled to that height, as a detector's are.
        formats: of the files that they are from ("c3d", "npz").
        mass_kg: of the person, as the user said it for every walk; NaN where nobody did.
        failed: recordings of the folder that gave no walk, whosever they are.
        left_out: these and standing trials, one by one.
        points: how a detector's points are defined, of all walks alike; "" where that is not known.
        is_without_zero: the curves of its walks are those where an unknown zero cancels.
    """

    name: str
    person: str
    recorded_on: str
    recordings: frozenset[str]
    policy_sha256: str
    code_sha256: str
    reference_sha256: str
    height_m: float
    height_is_stated: bool
    is_rescaled: bool
    formats: frozenset[str]
    failed: int
    walks: tuple[WalkNumbers, ...]
    left_out: tuple[LeftOut, ...] = ()
    mass_kg: float = math.nan
    points: str = ""
    is_without_zero: bool = False
