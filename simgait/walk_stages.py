"""What travels between the stages of `pipeline`: where a walk is from, ready, analysed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simgait.gait_result import GaitResult
from simgait.recordings.options import NOTHING_SAID, ReadOptions
from simgait.report.trial.opinions import CompanionSays
from simgait.report.trial.twin_walk import TwinWalk
from simgait.report.trial.verdict import Verdict
from simgait.skeleton.dimensions import Dimensions
from simgait.track_options import TrackOptions
from simgait.trials.preparation import PreparationConfig
from simgait.trials.quality import Quality
from simgait.types import Recording, TrackedTrial, Trial


@dataclass(frozen=True)
class Source:
    """Name of a recording's file, its hash, and the options it was read with, for the provenance.

    Of one in memory: its id, and the hash of its keypoints.
    """

    file: str
    sha256: str
    reader: ReadOptions = NOTHING_SAID


@dataclass(frozen=True)
class PreparedWalk:
    """A straight walk ready to be tracked.

    Attributes:
        belt_speed_mps: what the walk's path was made with on a treadmill, given or estimated.
        visit: what it shares with which other walks, for the provenance; None for a walk alone.
        recording: that it is of, where its video is to be written, companions are asked, or force
            plates saw it.
        options: what was said of it.
    """

    trial: Trial
    dims: Dimensions
    quality: Quality
    preparation: PreparationConfig
    source: Source
    belt_speed_mps: float | None = None
    visit: Mapping[str, Any] | None = None
    recording: Recording | None = None
    options: TrackOptions = TrackOptions()


@dataclass(frozen=True)
class AnalysedWalk:
    """A walk that went through all stages.

    Attributes:
        tracked: the trial, the fitted body, the simulated body's walk.
        gait: of the simulated body.
        verdict: whether it may be used.
        truth: gait by what the recording itself knows of the walk, None where it knows nothing.
        opinions: what companions say of it, None where they were not asked.
        twin: what became of its normative twin in the physics, None where nobody asked.
    """

    prepared: PreparedWalk
    tracked: TrackedTrial
    gait: GaitResult
    verdict: Verdict
    truth: GaitResult | None = None
    opinions: tuple[CompanionSays, ...] | None = None
    twin: TwinWalk | None = None
