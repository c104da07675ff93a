"""What a person says of a recording that is tracked, beside the file itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

from simgait.errors import InputError
from simgait.gait.scores import ScoreReference
from simgait.parameters.norm_rows import NormTable
from simgait.recordings.options import NOTHING_SAID, ReadOptions

LEAST_FRAMES = 10  # as `PreparationConfig.min_frames` allows


@dataclass(frozen=True)
class TrackOptions:
    """What a person says about a recording.

    Attributes:
        height_m: of the person; None = what the file says.
        reader: what else is said about the file; its height stays unsaid.
        min_frames: shortest walk (1/30 s); None = what `preparation_for` says.
        keep_video: write a video with the simulated body on it, where a video was read.
        opinions: ask every companion about the walk.
        twin: ask them, and let the physics walk the normative twin that one of them makes.
        reference: the user's healthy people for its scores (`gait.known_scores.own_reference`).
        norms: the user's normal ranges (`compare.norm_file.own_norms`).
    """

    height_m: float | None = None
    reader: ReadOptions = NOTHING_SAID
    min_frames: int | None = None
    keep_video: bool = False
    opinions: bool = False
    twin: bool = False
    reference: ScoreReference | None = None
    norms: NormTable | None = None

    @property
    def said(self) -> ReadOptions:
        """All that is said, the height with it."""
        return replace(self.reader, height_m=self.height_m)

    @property
    def asks_companions(self) -> bool:
        """Whether companions are asked, whose opinions a twin is made from, too."""
        return self.opinions or self.twin


def check_min_frames(min_frames: int | None, where: str) -> None:
    """A shortest walk in frames that can be one, or None.

    Raises:
        InputError: fewer than can make a walk.
    """
    if min_frames is not None and min_frames < LEAST_FRAMES:
        raise InputError(
            f"{where}: {min_frames} frames are too few for a walk; "
            f"give --min-frames {LEAST_FRAMES} or more."
        )
