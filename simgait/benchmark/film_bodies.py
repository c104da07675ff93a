"""The simulated body on the clips of videobench: falls, refusals, speed and steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simgait.benchmark.film_scores import walk_of
from simgait.errors import InputError
from simgait.pipeline import (
    AnalysedWalk,
    PreparedWalk,
    TrackOptions,
    track_and_analyse,
    walks_in_memory,
)
from simgait.recordings.filmed import recording_of_walk
from simgait.recordings.options import ReadOptions
from simgait.synthetic.people.truth import Truth
from simgait.tracking.policies import Policy
from simgait.video.landmarks import LandmarkTrack


@dataclass(frozen=True)
class BodyScore:
    """The report's own numbers of one clip.

    Attributes:
        refused: why nothing could be tracked; "" where it could.
        fell: whether the simulated body fell in any of the clip's straight walks.
        speed_error_mps, step_error_m: of the longest of these; NaN where refused or fallen.
    """

    truth: Truth
    refused: str = ""
    fell: bool = False
    speed_error_mps: float = float("nan")
    step_error_m: float = float("nan")


def score_bodies(
    watched: Sequence[tuple[Truth, tuple[LandmarkTrack, ...], str]], policy: Policy
) -> list[BodyScore]:
    """Send every clip the way that `simgait walk` sends a video, all of them together.

    The field of view and the person's height are told.
    """
    out: list[BodyScore] = []
    walks: list[PreparedWalk] = []
    owners: list[Truth] = []
    for truth, tracks, refused in watched:
        try:
            if refused:
                raise InputError(refused)
            one = straight_walks(truth, tracks)
        except InputError as error:
            out.append(BodyScore(truth, refused=str(error)))
            continue
        walks += one
        owners += [truth] * len(one)
    analysed = track_and_analyse(policy, walks) if walks else []
    of_clip: dict[str, list[AnalysedWalk]] = {}
    for truth, walk in zip(owners, analysed, strict=True):
        of_clip.setdefault(truth.name, []).append(walk)
    truths = {truth.name: truth for truth in owners}
    return out + [_score(truths[name], his) for name, his in of_clip.items()]


def straight_walks(truth: Truth, tracks: tuple[LandmarkTrack, ...]) -> list[PreparedWalk]:
    """The straight walks of a clip.

    Raises:
        InputError: nothing in it can be tracked, and why.
    """
    walk = walk_of(truth, tracks)
    recording = recording_of_walk(walk, ReadOptions(height_m=truth.height_m))
    return walks_in_memory(recording, TrackOptions(height_m=truth.height_m))


def _score(truth: Truth, walks: Sequence[AnalysedWalk]) -> BodyScore:
    if any(walk.tracked.rollout.fell for walk in walks):
        return BodyScore(truth, fell=True)
    longest = max(walks, key=lambda walk: walk.tracked.trial.n_frames)
    numbers = longest.gait.parameters
    return BodyScore(
        truth,
        speed_error_mps=numbers["velocity_mps"]["both"].mean - truth.speed_mps,
        step_error_m=numbers["step_length_m"]["both"].mean - truth.step_length_m,
    )
