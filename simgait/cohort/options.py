"""What a person may say about all recordings of a call, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simgait.errors import InputError
from simgait.trials.preparation import PreparationConfig
from simgait.types import Recording

# Markers are exact, so that a walk of a few steps says something; a detector's noise needs the
# paper's 75 frames.
MIN_FRAMES_MARKERS = 30


@dataclass(frozen=True)
class TrackOptions:
    """What a person says about all recordings of a call.

    Attributes:
        height_m: of the person; None = what each file says.
        reader: options of `recordings.read.read_recording`, None where not given.
        min_frames: shortest walk; None = 75, or 30 for markers.
    """

    height_m: float | None = None
    reader: Mapping[str, Any] = field(default_factory=dict)
    min_frames: int | None = None


def preparation_for(recording: Recording, options: TrackOptions) -> PreparationConfig:
    """The limits of preparation for this kind of recording.

    Raises:
        InputError: fewer frames are asked for than can make a walk.
    """
    frames = options.min_frames
    if frames is None:
        default = PreparationConfig()
        return (
            default.model_copy(update={"min_frames": MIN_FRAMES_MARKERS})
            if recording.scale_is_metric
            else default
        )
    if frames < 10:
        raise InputError(
            f"{recording.recording_id}: {frames} frames are too few for a walk; "
            "give --min-frames 10 or more."
        )
    return PreparationConfig(min_frames=frames)
